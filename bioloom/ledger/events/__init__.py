"""Economic events: what each may do, what it moves, and how processes, promises and claims close.

The action table in `vocabulary/entries/actions.py` says what an action does; `moving.py` makes legs
of it; `judging.py` holds every event against the record before it is sealed.
"""
