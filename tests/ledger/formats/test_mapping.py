"""Mappings: strict enough that a slip of the hand is named, and never half understood."""

import pytest

from bioloom.ledger.formats.mapping import (
    MappingUnreadable,
    TonsMapping,
    needed_columns,
    read_mapping,
)
from bioloom.vocabulary.quantities import UnitUnknown

TONS = """
kind = "tons"
source = "verdiva"
district = "WARD"
[period]
at = "MONTH"
[[amounts]]
columns = ["TONS"]
material = "STREAM"
unit = { value = "t" }
"""


def test_a_mapping_names_every_column_it_reads() -> None:
    mapping = read_mapping(TONS.encode(), name="verdiva")

    assert isinstance(mapping, TonsMapping)
    assert needed_columns(mapping) == ("WARD", "MONTH", "STREAM", "TONS")


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        ('at = "MONTH"', 'att = "MONTH"', "unknown field `att`.*Did you mean 'at'"),
        ('district = "WARD"', 'distrct = "WARD"', "Did you mean 'district'"),
        ('kind = "tons"', 'kind = "tonnes"', "Invalid value 'tonnes'"),
        ('source = "verdiva"', 'source = "Ver:diva"', "regex"),
        ('district = "WARD"', "", "missing required field `district`"),
        ('at = "MONTH"', 'first = "FROM"', "either `at`, or both"),
        ('at = "MONTH"', "", "either `at`, or both"),
        ('columns = ["TONS"]', 'columns = ["TONS", "TONS"]', "'TONS' would be counted twice"),
        ('district = "WARD"', "district = { join = '-' }", "either `columns` or `value`"),
        ("[period]", '[file]\nencoding = "latin-0"\n[period]', "not a known encoding"),
        ("[period]", '[numbers]\ndecimal = ","\nthousands = ","\n[period]', "the same sign"),
        ("[period]", "[file]\ndelimiter = '\"'\n[period]", "cannot be the delimiter"),
        ("[period]", "[period", "cannot be read"),
        ("[period]", f"a = {'1' * 5_000}\n[period]", "cannot be read"),
        ("[period]", f"a = {'[' * 5_000}\n[period]", "cannot be read"),
    ],
)
def test_a_mapping_that_cannot_be_followed_is_refused(was: str, becomes: str, fault: str) -> None:
    assert was in TONS

    with pytest.raises(MappingUnreadable, match=fault):
        read_mapping(TONS.replace(was, becomes).encode(), name="verdiva")


def test_a_unit_that_is_not_in_the_table_is_refused_before_any_row_is_read() -> None:
    with pytest.raises(UnitUnknown, match="'ton' is not a unit"):
        read_mapping(TONS.replace('"t"', '"ton"').encode(), name="verdiva")


def test_a_material_stated_by_two_amounts_is_refused() -> None:
    amount = '[[amounts]]\ncolumns = ["{}"]\nmaterial = {{ value = "x" }}\nunit = "U"\n'
    text = TONS[: TONS.index("[[amounts]]")] + amount.format("A") + amount.format("B")

    with pytest.raises(MappingUnreadable, match="two \\[\\[amounts\\]\\] are of one material"):
        read_mapping(text.encode(), name="verdiva")
