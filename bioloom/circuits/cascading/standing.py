"""Standing: a city as it is on one day, for as many hours as it is followed."""

from dataclasses import replace
from datetime import date

import msgspec

from bioloom.circuits.codes.trying import Rulebook
from bioloom.ledger.codes.standing import Version
from bioloom.ledger.declared import Declared
from bioloom.ledger.disruptions.disrupted import Disrupted
from bioloom.vocabulary.entries.codes import ShareGuaranteed
from bioloom.vocabulary.periods import Period


def as_on(declared: Declared, day: date, period: Period) -> Declared:
    """The city with the disruptions that are in force on a day as those of all days of a period.

    Vetoes stand on any day until they are lifted.
    """
    known = declared.disruptions
    on_the_day = {
        name: Disrupted(
            reported=msgspec.structs.replace(
                one.reported, first_day=period.first, last_day=period.last
            )
        )
        for name, one in known.reported.items()
        if one.is_on(day)
    }
    return replace(declared, disruptions=replace(known, reported=on_the_day))


def by_the_hour(codes: Rulebook) -> Rulebook:
    """The Codes as a single hour can keep them: without guarantees.

    A guarantee is of what is offered in a whole period, so an hour neither keeps nor breaks it.
    """
    return replace(codes, versions=[_without_guarantees(one) for one in codes.versions])


def _without_guarantees(version: Version) -> Version:
    rules = tuple(rule for rule in version.terms.rules if not isinstance(rule, ShareGuaranteed))
    return replace(version, terms=msgspec.structs.replace(version.terms, rules=rules))
