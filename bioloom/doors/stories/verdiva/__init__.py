"""Verdiva: a made-up city on a made-up bay, its people, and one year of all they discard.

Every figure in it is generated. The same seed gives the same record, byte for byte; what each place
and process stands for is told in `docs/stories/verdiva.md`.
"""
