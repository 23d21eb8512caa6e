"""Telling: the record's events as EPCIS documents, in JSON and in both editions of XML."""
