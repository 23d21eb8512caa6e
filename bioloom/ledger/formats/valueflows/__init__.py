"""Valueflows 1.0 as linked data (YAML, JSON): graphs read into events, and replayed in the ledger.

A resource of Valueflows is what one agent has of one lot: the lot is what its tracking identifier
names, or the resource itself where it has none. Rights are its accountingQuantity, custody is its
onhandQuantity. No context is fetched; prefixes are those that a document declares.
"""
