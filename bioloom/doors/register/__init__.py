"""The register: names, texts, credentials and sessions. Unlike the record, it can forget.

It proves who somebody is. What they may do stands in the record: see `ledger/people/permitting.py`.
"""
