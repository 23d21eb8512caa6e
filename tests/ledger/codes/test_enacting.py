"""Enacting a Code: by a steward of the city, of what the city has, and never changed afterwards."""

from datetime import date
from typing import Any

import msgspec
import pytest

from bioloom.ledger.codes.enacting import (
    CodeAmiss,
    CodeNamesUnknown,
    enact_code,
    repeal_code,
)
from bioloom.ledger.codes.reading import codes_of
from bioloom.ledger.codes.standing import CodeUnknown
from bioloom.ledger.declared import Declared
from bioloom.ledger.people.deciding import Deed
from bioloom.ledger.people.people import people_of
from bioloom.ledger.people.permitting import NotPermitted
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.outcomes import Refused
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.codes import (
    Banned,
    CodeEnacted,
    CodeId,
    CodeRepealed,
    DistanceLimited,
    Prioritised,
    Rule,
    ShareGuaranteed,
)
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId
from tests.circuits.cities import add_district, add_material, add_site
from tests.ledger.people.town import BEN, ZARA, draft, noon, record, town

NEAR = DistanceLimited(limit_m=10_000)


def code(*rules: Rule, **changes: Any) -> CodeEnacted:  # noqa: ANN401  Any field.
    body = CodeEnacted(
        code=CodeId("near"),
        version=1,
        title="Near",
        rationale="Lorries are loud.",
        rules=rules,
        first_day=date(2024, 1, 1),
    )
    return msgspec.structs.replace(body, **changes)


def city() -> Declared:
    declared = Declared()
    add_district(declared, "north")
    add_material(declared, "peel", group="organics")
    add_site(declared, "heap", "organics")
    return declared


def deed(journal: Journal, by: AgentId = ZARA) -> Deed:
    return Deed(by=by, people=people_of(journal), at=noon(1))


def test_a_steward_enacts_a_code_and_repeals_it() -> None:
    journal = town()
    record(journal, [enact_code(code(NEAR), city(), deed=deed(journal))])
    ending = CodeRepealed(code=CodeId("near"), last_day=date(2024, 1, 9), reason="It is done.")
    record(journal, [repeal_code(ending, codes_of(journal), deed=deed(journal))])

    (version,) = codes_of(journal).versions("near")

    assert (version.terms, version.repealed) == (code(NEAR), ending)


def test_nobody_else_enacts_or_repeals() -> None:
    journal = town()
    with pytest.raises(NotPermitted, match="may not enact code"):
        enact_code(code(NEAR), city(), deed=deed(journal, BEN))
    record(journal, [enact_code(code(NEAR), city(), deed=deed(journal))])
    ending = CodeRepealed(code=CodeId("near"), last_day=date(2024, 1, 9), reason="No.")
    with pytest.raises(NotPermitted, match="may not enact code"):
        repeal_code(ending, codes_of(journal), deed=deed(journal, BEN))


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (code(), "no rule"),
        (code(NEAR, title=" "), "no short title"),
        (code(NEAR, rationale=""), "no rationale"),
        (code(NEAR, last_day=date(2023, 1, 1)), "ends before it begins"),
        (code(NEAR, emergency=True), "until 2024-01-03 at the latest"),
        (code(NEAR, emergency=True, last_day=date(2024, 1, 4)), "until 2024-01-03 at the latest"),
        (code(NEAR, supersedes=(CodeId("near"),)), "supersedes itself"),
        (code(DistanceLimited(limit_m=-1)), "below zero"),
        (code(ShareGuaranteed(group=GroupId("organics"), per_mille=0)), "0 per mille"),
        (code(ShareGuaranteed(group=GroupId("organics"), per_mille=1001)), "1001 per mille"),
        (code(Banned(materials=(MaterialId("peel"),))), "no site, process or area"),
        (code(Prioritised()), "one of the two"),
    ],
)
def test_what_means_nothing_is_refused_before_and_in_the_record(
    body: CodeEnacted, found: str
) -> None:
    journal = town()
    with pytest.raises(CodeAmiss, match=found):
        enact_code(body, city(), deed=deed(journal))
    with pytest.raises(CodeAmiss, match=found):
        record(journal, [draft(body)])


@pytest.mark.parametrize(
    ("rule", "word"),
    [
        (ShareGuaranteed(group=GroupId("glass"), per_mille=500), "group 'glass'"),
        (Banned(sites=(SiteId("tip"),)), "site 'tip'"),
        (Banned(processes=("burning",)), "process 'burning'"),
        (Banned(areas=("lagoon",)), "area 'lagoon'"),
        (Banned(materials=(MaterialId("bones"),), sites=(SiteId("heap"),)), "material 'bones'"),
        (Prioritised(districts=(DistrictId("south"),)), "district 'south'"),
        (DistanceLimited(limit_m=1, groups=(GroupId("glass"),)), "group 'glass'"),
    ],
)
def test_a_rule_about_what_the_city_has_not_is_refused(rule: Rule, word: str) -> None:
    with pytest.raises(CodeNamesUnknown, match=word):
        enact_code(code(rule), city(), deed=deed(town()))


def test_versions_follow_each_other_and_none_is_changed_afterwards() -> None:
    journal = town()
    first = draft(code(NEAR), key="code:near:1")
    record(journal, [first])
    with pytest.raises(CodeAmiss, match="next version is 2, not 3"):
        record(journal, [draft(code(NEAR, version=3))])
    softer = code(DistanceLimited(limit_m=99_000))
    changed = msgspec.structs.replace(first, body=softer)
    (outcome,) = journal.append([changed], recorded_at=noon(1), correct=True)
    assert isinstance(outcome, Refused)
    assert "not changed afterwards" in outcome.refusal.what
    assert codes_of(journal).versions("near")[0].terms == code(NEAR)


def test_a_code_that_supersedes_what_nobody_enacted_is_refused_with_those_that_are_known() -> None:
    journal = town()
    record(journal, [draft(code(NEAR))])
    nothing = code(NEAR, code=CodeId("far"), supersedes=(CodeId("naer"),))

    with pytest.raises(CodeNamesUnknown, match="the Code 'naer'") as refused:
        record(journal, [draft(nothing)])

    assert refused.value.remedy == "Name one of: near."
    meant = code(NEAR, code=CodeId("far"), supersedes=(CodeId("near"),))
    record(journal, [draft(meant)])
    assert codes_of(journal).versions("far")[0].terms == meant


def test_what_was_never_enacted_cannot_be_repealed() -> None:
    ending = CodeRepealed(code=CodeId("near"), last_day=date(2024, 1, 9), reason="No.")
    with pytest.raises(CodeUnknown, match="no Code 'near'"):
        repeal_code(ending, codes_of(town()), deed=deed(town()))
    with pytest.raises(CodeUnknown, match="no Code 'near'"):
        record(town(), [draft(ending)])
