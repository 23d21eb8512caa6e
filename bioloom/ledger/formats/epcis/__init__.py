"""EPCIS 2.0: visibility events of supply chains, read from JSON and XML, judged, and recorded.

Contexts are pinned here by content (`terms.py`) and never fetched. An event is known by its hash
(`hashing.py`), so that the same event from two parties is one.
"""
