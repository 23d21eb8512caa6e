"""GS1 keys: EPC URIs and Digital Links of one thing have one canonical spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.ledger.formats.epcis.keys import canonical_key, check_digit

HERE = "https://id.gs1.org/"


@pytest.mark.parametrize(
    ("uri", "canonical"),
    [
        ("urn:epc:id:sgtin:4012345.012345.12", "01/04012345123456/21/12"),
        ("urn:epc:id:sgln:4012345.00011.0", "414/4012345000115"),
        ("urn:epc:id:sgln:4012345.00011.987", "414/4012345000115/254/987"),
        ("urn:epc:id:itip:4012345.012345.01.02.999", "8006/040123451234560102/21/999"),
        ("urn:epc:id:cpi:4012345.ABC.123", "8010/4012345ABC/8011/123"),
        ("urn:epc:idpat:sgtin:4012345.066666.*", "01/04012345666663"),
        ("urn:epc:id:sgtin:4012345.012345.a!b", "01/04012345123456/21/a%21b"),
        ("https://id.gs1.de/01/4012345999990/21/XYZ-1234", "01/04012345999990/21/XYZ-1234"),
        ("http://example.org/gtin/04012345999990/lot/L1/ser/7#x", "01/04012345999990/21/7"),
        ("https://example.org/01/04012345999990/22/2A/10/L1", "01/04012345999990/10/L1"),
    ],
)
def test_spellings_of_a_key_become_one(uri: str, canonical: str) -> None:
    assert canonical_key(uri) == HERE + canonical


@pytest.mark.parametrize(
    "uri",
    [
        "urn:epc:id:sgtin:4012345.0123456.12",
        "urn:epc:id:sscc:4012345.1",
        "urn:epc:id:sgtin:4012345.01234é.12",
        "https://example.org/01/notagtin/21/7",
        "https://example.org/po/12345678",
        "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8",
        "",
    ],
)
def test_what_is_no_gs1_key_stays_as_it_is(uri: str) -> None:
    assert canonical_key(uri) == uri


@given(
    uri=st.text(max_size=60) | st.from_regex(r"urn:epc:(id|idpat):[a-z]+:[0-9.*]+", fullmatch=True)
)
def test_a_canonical_key_is_canonical(uri: str) -> None:
    assert canonical_key(canonical_key(uri)) == canonical_key(uri)


@given(digits=st.text("0123456789", min_size=7, max_size=17))
def test_a_check_digit_makes_the_weighted_sum_a_multiple_of_ten(digits: str) -> None:
    whole = digits + check_digit(digits)
    weights = [1 if at % 2 == 0 else 3 for at in range(len(whole))]
    total = sum(int(sign) * weight for sign, weight in zip(reversed(whole), weights, strict=True))
    assert total % 10 == 0
