"""Reading Pabulib: every field is kept, and what breaks the format is refused with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.assembly.budgets.posing import Ballot, Kind
from bioloom.assembly.pabulib.amounts import is_amount, minor_units, per_unit, written
from bioloom.assembly.pabulib.collapsing import poll_of
from bioloom.assembly.pabulib.reading import read
from bioloom.assembly.pabulib.refusing import NotPabulib
from tests.assembly.pabulib.files import APPROVAL, with_line


def test_a_file_is_read_with_all_its_fields() -> None:
    election = read(APPROVAL.encode())

    assert election.meta["country"] == "Verdiva"
    assert election.identifiers == ("a", "b", "c")
    assert election.of_projects("name")[0] == 'Trees; and "benches"'
    assert election.votes.column("district") == ["North", "South", "North", "South"]


def test_decimals_become_whole_minor_units() -> None:
    poll = poll_of(read(APPROVAL.encode()))

    assert (poll.budget, poll.costs, poll.per_unit) == (10005, (6000, 4005, 500), 10)


def test_ballots_alike_are_held_once_and_an_empty_one_counts() -> None:
    poll = poll_of(read(APPROVAL.encode()))

    assert poll.ballots == (Ballot((0, 1), (1, 1)), Ballot((2,), (1,)), Ballot((), ()))
    assert (poll.cast, poll.voters) == ((0, 0, 1, 2), [2, 1, 1])


def test_a_file_from_windows_is_read_like_any() -> None:
    content = b"\xef\xbb\xbf" + APPROVAL.replace("\n", "\r\n").encode()

    assert read(content) == read(APPROVAL.encode())


def test_points_belong_to_their_projects_in_whatever_order() -> None:
    lines = APPROVAL.replace("approval", "cumulative").split("VOTES")[0]
    votes = "VOTES\nvoter_id;vote;points\n1;b,a;1,2\n2;a, b;2,1\n3;c;3\n"

    poll = poll_of(read((lines + votes).encode()))

    assert poll.kind is Kind.CUMULATIVE
    assert poll.ballots == (Ballot((0, 1), (2, 1)), Ballot((2,), (3,)))


def test_an_ordinal_ballot_keeps_its_order() -> None:
    poll = poll_of(read(APPROVAL.replace("approval", "ordinal").encode()))

    assert poll.ballots[:2] == (Ballot((0, 1), (1, 1)), Ballot((1, 0), (1, 1)))


@pytest.mark.parametrize(
    ("line", "text", "says"),
    [
        (5, "budget;a lot", "Line 5: 'a lot' under budget is no amount"),
        (5, "budget;-10", "Line 5: '-10' under budget is no amount"),
        (5, "country;Verdiva", "Line 5: 'country' is told twice"),
        (6, "vote_type;shouting", "Line 6: 'shouting' is no kind of ballot"),
        (6, "edition;3", "META tells no 'vote_type'"),
        (8, "PROJEKTY", "ends without a section PROJECTS"),
        (9, "project_id;price", "Line 9: There is no column 'cost'"),
        (11, "b;1,234;2;A ramp;access", "Line 11: '1,234' under cost is no amount"),
        (12, "a;50;1;Chess;play", "Line 12: 'a' stands twice"),
        (12, "c;50;1;Chess; play; too", "Line 12: 6 fields stand under 5 columns"),
        (14, "voter_id;votes;age;district", "Line 14: There is no column 'vote'"),
        (16, "1;b,a;51;South", "Line 16: Voter '1' votes a second time"),
        (17, "3;c", "Line 17: 2 fields stand under 4 columns"),
        (17, "3;d;;North", "Line 17: 'd' is no project"),
        (17, "3;c,a,c;;North", "Line 17: A project stands twice"),
    ],
)
def test_what_breaks_the_format_is_refused_with_its_line(line: int, text: str, says: str) -> None:
    with pytest.raises(NotPabulib, match=says) as refusal:
        poll_of(read(with_line(line, text)))

    assert refusal.value.line >= line or "ends without" in says or "tells no" in says


@pytest.mark.parametrize("points", ["1", "1,x", "1,-2", "1,2,3", ""])
def test_points_that_fit_no_project_are_refused(points: str) -> None:
    lines = APPROVAL.replace("approval", "cumulative").split("VOTES")[0]
    content = f"{lines}VOTES\nvoter_id;vote;points\n1;a,b;{points}\n".encode()

    with pytest.raises(NotPabulib, match="Line 15: The points do not match"):
        poll_of(read(content))


def test_points_are_needed_where_people_gave_points() -> None:
    with pytest.raises(NotPabulib, match="Line 14: There is no column 'points'"):
        read(APPROVAL.replace("approval", "scoring").encode())


def test_another_encoding_is_refused_with_its_line() -> None:
    with pytest.raises(NotPabulib, match="Line 4: This is no UTF-8"):
        read(APPROVAL.encode().replace(b"country", b"pa\xeds"))


def test_sections_in_another_order_are_refused() -> None:
    head, _, rest = APPROVAL.partition("PROJECTS")
    projects, _, votes = rest.partition("VOTES")

    with pytest.raises(NotPabulib, match="order META, PROJECTS, VOTES"):
        read(f"{head}VOTES{votes}PROJECTS{projects}".encode())


@given(
    content=st.binary(max_size=300)
    | st.text(alphabet='METAPROJCSV;\n",12abkey', max_size=300).map(str.encode)
)
def test_no_bytes_at_all_do_more_than_be_refused(content: bytes) -> None:
    with pytest.raises(NotPabulib, match="Line"):
        read(content)


@given(line=st.integers(1, 18), text=st.text(alphabet='ab;,"123\t x', max_size=20))
def test_a_broken_line_is_read_or_refused(line: int, text: str) -> None:
    told = ""
    try:
        voters = len(poll_of(read(with_line(line, text))).cast)
    except NotPabulib as refusal:
        voters, told = 0, refusal.what

    assert voters in (3, 4) or told.startswith("Line ")


@given(amount=st.integers(0, 10**9), per=st.sampled_from([1, 10, 100]))
def test_an_amount_written_is_the_amount_read(amount: int, per: int) -> None:
    text = written(amount, per)

    assert is_amount(text)
    assert minor_units(text, per) == amount
    assert per % per_unit([text]) == 0
