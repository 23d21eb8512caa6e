"""Giving by hand: what a form on a phone says becomes a draft for the record.

Forms give lots, hand them on, take them in at a site, and correct what was said amiss. Everything
here is told the time and who asks; `doors/web/routes/hands/` knows forms, pages and sessions.
"""
