"""EPCIS over the web: documents are captured, and events asked for, by the REST binding of 2.0."""
