"""Policies: permit and forbid as Cedar text, in a documented part of Cedar that is decided here.

What is outside of that part is refused when a Code is tried or enacted, never read in another way:
templates, records written out, sets of anything but literals, extension functions (decimal, ip,
datetime), `has` along a path, slots, and actions in groups. Everything else means what it means to
Cedar, errors included: a policy whose condition errs counts as not satisfied.

Source: Cedar policy language reference, https://docs.cedarpolicy.com/policies/syntax-grammar.html
"""
