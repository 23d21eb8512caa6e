"""W3C PROV: the line of a lot as entities (lots), activities (processes, events) and agents.

Written as PROV-JSON and as PROV-N. Names are the record's own, under `urn:bioloom:`.

Source:
    W3C (2013), PROV-DM and PROV-N; PROV-JSON, W3C member submission (2013).
"""
