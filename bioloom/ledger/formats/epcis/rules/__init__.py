"""The rules of EPCIS 2.0, by its text: what a document, an event and a value must be."""
