"""Capturing documents of other systems: EPCIS and Valueflows, each of their events once."""
