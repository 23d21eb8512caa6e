"""Crossing: only our own names are served, and only our own pages send forms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.doors.web.guards.crossing import Address, UrlUnusable, read_address

PUBLIC = read_address("https://commons.example/")


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:80", "[::1]:8000"])
def test_this_machine_is_served_under_its_own_names(host: str) -> None:
    assert Address().is_ours(host)
    assert PUBLIC.is_ours(host)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example:8000",
        "",
        "[::1",
        "@",
        "2x",
    ],
)
def test_a_name_that_could_be_made_to_point_here_is_not_served(host: str) -> None:
    assert not Address().is_ours(host)
    assert not PUBLIC.is_ours(host)


@given(host=st.text(max_size=40))
def test_any_text_as_a_host_gets_an_answer(host: str) -> None:
    assert Address().is_ours(host) in (True, False)
    assert not Address().is_same_origin(host=host, origin="https://e.example", fetched_from=None)


def test_a_public_name_is_served_where_it_is_told() -> None:
    assert PUBLIC.is_ours("commons.example")
    assert PUBLIC.is_secure
    assert not PUBLIC.is_ours("commons.example.evil.example")
    assert not read_address("http://127.0.0.1:8000").is_secure


@pytest.mark.parametrize(
    ("origin", "fetched_from", "ours"),
    [
        ("https://commons.example", "same-origin", True),
        ("https://commons.example", None, True),
        (None, "same-origin", True),
        (None, None, True),
        ("https://evil.example", None, False),
        ("https://commons.example", "cross-site", False),
        (None, "cross-site", False),
        (None, "same-site", False),
        ("null", None, False),
        ("http://[", None, False),
    ],
)
def test_a_form_comes_from_our_own_pages(
    origin: str | None, fetched_from: str | None, ours: bool
) -> None:
    found = PUBLIC.is_same_origin(host="inner:8000", origin=origin, fetched_from=fetched_from)

    assert found == ours


@pytest.mark.parametrize(
    "url", ["commons.example", "ftp://a.b", "https://a.b/c", "https://", "http://[", "http://a:b"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(UrlUnusable, match="not the address"):
        read_address(url)
