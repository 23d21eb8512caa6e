"""The part of Cedar that is decided here says what Cedar says, errors included."""

import re
from random import Random

import cedarpy
import pytest

from bioloom.ledger.codes.policies.deciding import policies_of
from bioloom.ledger.codes.policies.reading import PolicyAmiss
from tests.ledger.codes.policies.cedar_texts import policy, request, told_entities, told_request

# 200 sets of 6 policies, each asked 50 times.
SETS, ASKED = 200, 50


@pytest.mark.parametrize("seed", range(4))
def test_ten_thousand_requests_are_decided_as_cedar_decides_them(seed: int) -> None:
    chance = Random(seed)
    allowed = 0
    for _ in range(SETS // 4):
        text = "".join(policy(chance, number) for number in range(6))
        here, requests = policies_of(text), [request(chance) for _ in range(ASKED)]

        verdicts = [here.decide(one) for one in requests]

        names = {f"policy{number}": one.name for number, one in enumerate(here.all)}
        told = cedarpy.is_authorized_batch(
            [told_request(one) for one in requests], text, told_entities()
        )
        for verdict, theirs in zip(verdicts, told, strict=True):
            reasons = {names[reason] for reason in theirs.diagnostics.reasons}
            errors = {
                names[name]
                for error in theirs.diagnostics.errors
                for name in re.findall("while evaluating policy `(policy[0-9]+)`", error)
            }
            assert verdict.is_allowed == theirs.allowed, text
            assert set(verdict.policies) == reasons, text
            assert set(verdict.erring) == errors, text
            allowed += verdict.is_allowed
    assert allowed > 100


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "no policy stands"),
        ("permit (principal, action, resource)", "';' is expected"),
        ("permit (principal, action);", "',' is expected"),
        ("allow (principal, action, resource);", "'permit' or 'forbid' is expected"),
        ('permit (principal, action == Agent::"a", resource);', "no type of an action"),
        ("permit (principal == ?principal, action, resource);", "type of an entity is expected"),
        ("permit (principal, action, resource) when { 1 < 2 < 3 };", "'}' is expected"),
        ("permit (principal, action, resource) when { 9223372036854775808 > 1 };", "too large"),
        ("permit (principal, action, resource) when { {a: 1} == context };", "'{' stands"),
        ('permit (principal, action, resource) when { ip("1.1.1.1") };', "'::' is expected"),
        ('permit (principal, action, resource) when { "\\u{41}" == "A" };', "escapes what"),
        ("permit (principal, action, resource) when { context has a.b };", "along a path"),
        ("permit (principal, action, resource) when { [context] == 1 };", "']' stands"),
        ("permit (principal, action, resource) when { context.f(1) };", "not a method"),
        ("permit (principal, action, resource) when { !!!!!true };", "more than 4 signs"),
        ("permit (principal, action, resource) when { $ };", "means nothing"),
        ('@id("a") permit (principal, action, resource);' * 2, "two policies are called 'a'"),
        (f"permit (principal, action, resource) when {{ {'(' * 50}", "nested too deeply"),
        (" " * 60_000, "more than 50000 characters"),
    ],
)
def test_what_is_outside_of_it_is_refused_with_its_line(text: str, found: str) -> None:
    with pytest.raises(PolicyAmiss, match=r"In line 1, column \d+ of the") as refused:
        policies_of(text)

    assert found in refused.value.what


def test_a_text_of_any_beginning_is_a_policy_or_refused() -> None:
    chance = Random(9)
    whole = "".join(policy(chance, number) for number in range(20))

    refused = 0
    for _ in range(300):
        cut = whole[chance.randrange(len(whole)) :][: chance.randrange(200)]
        try:
            policies_of(cut)
        except PolicyAmiss:
            refused += 1

    assert refused > 200
