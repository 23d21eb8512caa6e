"""Roles as data: what each lets its holder do. What stands in no row here is denied."""

from typing import Literal, get_args

from bioloom.vocabulary.entries.people import Role

Act = Literal[
    # Lots and events.
    "give_lot",  # Record a lot as somebody's: its owner and its holder are both bound.
    "take_in",  # Record a lot that arrives at one's own gate, owned by a commons or organisation.
    "correct_entry",
    "correct_own",  # Correct what one has recorded oneself.
    "transfer_rights",
    "transfer_custody",
    "record_event",  # What happens to one's own: produce, consume, raise, lower, use, work …
    "open_process",
    "close_process",
    "promise",  # Undertake something, or owe it: commitments and claims.
    "publish_recipe",  # In one's own name, for anybody to use.
    "declare_custody",  # What came in with one's own lots, and by which model it may be claimed.
    "enact_covenant",  # Bind what a commons and all who belong to it own.
    # Deciding together.
    "declare_assembly",
    "give_mandate",  # The first ones; further ones are given by decisions of the assembly.
    # The city.
    "import",
    "declare",  # Places, materials and kinds of process.
    "declare_agent",
    "declare_city_key",
    "propose_plan",
    "adopt_plan",
    "enact_code",  # And repeal one: what all plans keep.
    "report_disruption",  # Of one's own site, or of the city's roads and areas.
    "veto_move",
    "dispatch",  # Send vehicles on rounds, and give out work.
    "take_work",  # Take a work order on, bring it, or give it back.
    "hold_ballot",  # Open, close and tally what the people of a commons vote on.
    # People.
    "begin_membership",
    "end_membership",
    "accept_membership",  # One's own word: see `People.speaks_for`.
    "invite",
    "grant_role",
    "withdraw_role",
    "declare_key",
    "withdraw_key",
    "read_records",  # See records that are not public.
    "see_people",  # See who belongs where, and what they are called.
    "issue_link",  # Make a sign-in link for somebody: who has it is that person.
    "issue_token",
    "forget",
]
ACTS: frozenset[Act] = frozenset(get_args(Act))

_MEMBER: frozenset[Act] = frozenset(("give_lot", "correct_own", "read_records", "take_work"))
_OPERATOR: frozenset[Act] = frozenset(
    (
        "take_in",
        "correct_own",
        "transfer_custody",
        "record_event",
        "open_process",
        "close_process",
        "promise",
        "report_disruption",
        "read_records",
        "take_work",
    )
)
_STEWARD: frozenset[Act] = (
    _MEMBER
    | _OPERATOR
    | frozenset[Act](
        (
            "correct_entry",
            "transfer_rights",
            "declare_custody",
            "enact_covenant",
            "declare_assembly",
            "give_mandate",
            "hold_ballot",
            "begin_membership",
            "end_membership",
            "invite",
            "grant_role",
            "withdraw_role",
            "see_people",
        )
    )
)

# For the commons or organisation that is the role's scope; members need no grant of theirs.
IN_SCOPE: dict[Role, frozenset[Act]] = {
    "member": _MEMBER,
    "operator": _OPERATOR,
    "steward": _STEWARD,
}
# A steward of the whole city, for the city itself and for every commons and organisation in it.
# Taking work on is a team's own word: nobody gives it in their place.
CITY_STEWARD: frozenset[Act] = (_STEWARD - {"take_work"}) | frozenset[Act](
    (
        "import",
        "declare",
        "declare_agent",
        "declare_city_key",
        "propose_plan",
        "adopt_plan",
        "enact_code",
        "veto_move",
        "dispatch",
        "withdraw_key",
        "issue_link",
        "issue_token",
        "forget",
    )
)
# A role for the whole city: its operator runs the circuits. Members are so of something.
IN_THE_CITY: dict[Role, frozenset[Act]] = {
    "member": frozenset(),
    "operator": frozenset(("propose_plan", "report_disruption", "dispatch")),
    "steward": CITY_STEWARD,
}
# The same steward, for a person or a household: their lots and records stay theirs.
FOR_THE_PRIVATE: frozenset[Act] = frozenset(
    ("correct_own", "end_membership", "withdraw_role", "withdraw_key", "issue_link", "forget")
)
# Until a household has its first member, nobody else could let one in.
FOR_AN_EMPTY_HOUSEHOLD: frozenset[Act] = frozenset(("begin_membership", "invite"))
# The members of a household, for it. What somebody else has weighed they cannot rewrite.
IN_A_HOUSEHOLD: frozenset[Act] = _STEWARD - {
    "take_in",
    "correct_entry",
    "declare_assembly",
    "give_mandate",
    "grant_role",
    "withdraw_role",
    "take_work",
}
# Anybody, for themselves.
FOR_ONESELF: frozenset[Act] = (
    _MEMBER
    | _OPERATOR
    | frozenset[Act](
        (
            "transfer_rights",
            "declare_custody",
            "publish_recipe",
            "end_membership",
            "withdraw_role",
            "see_people",
            "declare_key",
            "withdraw_key",
            "issue_link",
            "issue_token",
            "forget",
        )
    )
)
