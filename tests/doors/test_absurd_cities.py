"""Bad input in one place: each is planned with what it cannot serve, or refused by its row."""

import json
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.doors.absurd_city import MONTH, SITES, TONS, Absurd, Answer, ward

DONE, WANTING, REFUSED = 0, 1, 2
TONNE_MG = 10**9
OFFERED_MG = {"1": 90 * TONNE_MG, "2": 60 * TONNE_MG}
ENDLESS = "x" * 100_000


@pytest.fixture
def city(tmp_path: Path) -> Absurd:
    return Absurd(tmp_path)


def plan_of(city: Absurd) -> dict[str, Any]:
    """The city's plan, which closes to the milligram and proves itself."""
    answer = city.asks("plan", *MONTH, "--json")
    assert answer.code == DONE, answer
    made: dict[str, Any] = answer.json()
    lots = [json.loads(line) for line in city.asks("lots", "--json").out.splitlines()]
    told_mg = sum(part["mass_mg"] for part in made["flows"] + made["unmet"])
    assert told_mg == sum(lot["mass_mg"] for lot in lots)
    assert made["certificate"]["checked"] is True
    return made


def unmet_mg(made: dict[str, Any]) -> dict[str, int]:
    """What is not placed, by material."""
    found = Counter[str]()
    for part in made["unmet"]:
        found[part["material"]] += part["mass_mg"]
    return dict(found)


def rejected(answer: Answer) -> dict[int, str]:
    """The column of each line that came back."""
    assert answer.code == WANTING, answer
    [file] = answer.json()["files"]
    found = {one["line"]: one["column"] for one in file["findings"] if one["nature"] == "rejected"}
    assert file["rejected"] == len(found)
    return found


@pytest.mark.parametrize(
    ("sites", "left"),
    [
        ((), {"organics": 100, "paper": 50}),
        (SITES[:1], {"paper": 50}),
        (
            ("yard,50.51,10.51,organics,0", "mill,50.49,10.52,paper,-0"),
            {"organics": 100, "paper": 50},
        ),
        (("yard,50.51,10.51,organics,1", "mill,-50.49,-170,paper,5"), {"organics": 69}),
        (
            ("yard,50.51,10.51,unheard_of,10", "mill,50.49,10.52,paper,1"),
            {"organics": 100, "paper": 19},
        ),
    ],
    ids=["no sites", "cut off from any", "no capacity", "at the antipodes", "of no known class"],
)
def test_what_a_plan_cannot_serve_it_lists(
    city: Absurd, sites: tuple[str, ...], left: dict[str, int]
) -> None:
    city.has(sites=sites)

    made = plan_of(city)

    assert unmet_mg(made) == {material: tonnes * TONNE_MG for material, tonnes in left.items()}
    for district, share in made["service"].items():
        assert share == 1 or f"{district}" in made["reasons"]
    assert all(made["reasons"][district] for district in OFFERED_MG)


def test_a_site_is_refused_by_its_line_and_its_cell(city: Absurd) -> None:
    answers = city.has(
        sites=(
            *SITES,
            "a,50.5,10.5,,10",
            "b,50.5,10.5,paper,-5",
            "c,50.5,10.5,paper,NaN",
            "d,50.5,10.5,paper,1e308",
            f"e,50.5,10.5,paper,{'9' * 500}",
            "f,950.5,10.5,paper,1",
            "g,50.5,,paper,1",
            "yard,50.6,10.6,paper,3",
            ",50.5,10.5,paper,1",
            f"{ENDLESS},50.5,10.5,paper,1",
        )
    )

    assert rejected(answers[1]) == {
        4: "TAKES",
        **dict.fromkeys((5, 6, 7, 8), "DAILY"),
        9: "LAT + LON",
        10: "LON",
        **dict.fromkeys((11, 12, 13), "SITE"),
    }
    assert unmet_mg(plan_of(city)) == {}


def test_a_figure_is_refused_by_its_line_and_its_cell(city: Absurd) -> None:
    answers = city.has(
        tons=(
            *TONS,
            "2022-11,1,-5,1",
            "2022-11,2,NaN,1",
            "2022-12,1,1e308,1",
            f"2022-12,2,{'9' * 500},1",
            "2022-13,1,1,1",
            "2022-09,nowhere,1,1",
            "2022-10,1,61,30",
            f"2022-08,1,{ENDLESS},1",
            "2022-07,1",
        )
    )

    found = rejected(answers[2])
    assert [found[line] for line in (4, 5, 6, 7, 11)] == ["ORGANICS"] * 5
    assert (found[8], found[9], found[10]) == ("MONTH", "WARD", "ORGANICS")
    assert set(found) == set(range(4, 13))
    assert unmet_mg(plan_of(city)) == {}


def test_a_district_without_an_outline_or_said_twice_is_refused_with_its_figures(
    city: Absurd,
) -> None:
    wards = [
        ward("1"),
        ward("2", geometry=None),
        ward("1", 0.2),
        ward("4", geometry={"type": "Polygon", "coordinates": [[[1e308, 1], [2, 2], [1e308, 1]]]}),
        ward("5", properties={"WARD": "5", "NEED": -1}),
        ward("6", properties={"WARD": "6", "NEED": 1e308}),
        ward(None),
        ward(ENDLESS),
    ]

    answers = city.has(wards=wards)

    columns = {2: "geometry", 3: "WARD", 4: "geometry", 5: "NEED", 6: "NEED", 7: "WARD", 8: "WARD"}
    assert rejected(answers[0]) == columns
    # Nothing is planned for nobody: the figures of a district that is not there come back, too.
    assert rejected(answers[2]) == {3: "WARD"}
    assert sum(part["mass_mg"] for part in plan_of(city)["flows"]) == OFFERED_MG["1"]


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("tons.csv", "", "has no header row"),
        ("sites.csv", "\n\n", "has no header row"),
        ("wards.geojson", "", "cannot be read"),
        ("wards.geojson", '{"type": "FeatureCollection", "features": []}', "has no features"),
        ("wards.geojson", '{"type": "Point", "coordinates": [10, 50]}', "cannot be read"),
        ("other.csv", "a,b\n1,2\n", "No mapping knows"),
        ("tons.csv", "\x00", "not text"),
    ],
)
def test_a_file_that_says_nothing_is_refused_by_its_name(
    city: Absurd, name: str, text: str, what: str
) -> None:
    answer = city.takes_in(name, text)

    assert what in answer.refusal
    assert name in answer.refusal
    assert answer.json()["refused"]["what"]


def test_days_on_which_nothing_was_offered_have_a_plan_of_nothing(city: Absurd) -> None:
    city.has()

    made = city.asks("plan", "--from", "2019-01-01", "--to", "2019-01-31", "--json").json()

    assert (made["flows"], made["unmet"]) == ([], [])
    assert set(made["reasons"].values()) == {"It offered nothing in this period."}
    assert (
        "ends before it begins"
        in city.asks("plan", "--from", "2022-10-31", "--to", "2022-10-01").refusal
    )


def test_an_empty_city_has_nothing_to_plan(city: Absurd) -> None:
    for words in (("plan",), ("circuits", "replan"), ("circuits", "fairness")):
        answer = city.asks(*words, "--json")
        assert answer.json()["refused"]["kind"] == "NothingToPlan", words
        assert "nothing to plan" in answer.refusal


QUESTIONS: list[tuple[tuple[str, ...], str]] = [
    (("replan", "--down", "nowhere"), "no site 'nowhere'"),
    (("replan", "--cut", "yard=-5"), "'yard=-5' is no NAME=PERMILLE"),
    (("replan", "--cut", "yard=NaN"), "'yard=NaN' is no NAME=PERMILLE"),
    (("replan", "--surge", "1=1e308"), "'1=1e308' is no NAME=PERMILLE"),
    (("replan", "--propose"), "No plan is in force"),
    (("replan", "--blockade", "nobody"), "no agent 'nobody'"),
    (("why", "--lot", "nothing"), "Lot 'nothing' is not in the record"),
    (("why", "--district", "nowhere"), "no district 'nowhere'"),
    (("why", "--site", "nowhere"), "no site 'nowhere'"),
    (("why",), "one lot, one district or one site"),
    (("why", "--district", "1", "--what-if", "room=yard:1e308"), "1e308 t is no mass"),
    (("why", "--district", "1", "--what-if", "room=yard:NaN"), "NaN t is no mass"),
    (("why", "--district", "1", "--what-if", "offer=1/organics:-0"), "-0 t is no mass"),
    (("why", "--site", ENDLESS), "There is no site 'xxx"),
    (("cascade", "--down", "nowhere"), "no site 'nowhere'"),
    (("cascade", "--hours", "0"), "0 hours"),
    (("cascade", "--tolerance", "nan"), "--tolerance nan"),
    (("cascade", "--more", "inf"), "--more inf"),
    (("cascade", "--tries", "-1"), "--tries -1"),
    (("fairness", "--gini", "nan"), "nan is no Gini coefficient"),
    (("forecast", "--months", "0"), "0 months"),
    (("forecast",), "12 months"),
    (("rounds",), "No plan is in force yet"),
    (("rounds", "--seconds", "nan"), "--seconds nan makes no sense"),
    (("rounds", "--iterations", "-1"), "--iterations -1 makes no sense"),
    (("rounds", "--seed", "-1"), "--seed -1 makes no sense"),
    (("rounds", "--detour", "1e308"), "A detour of 1e+308 makes no sense"),
    (("drive", "nothing"), "no rounds 'nothing'"),
    (("adopt", "nothing"), "No plan 'nothing'"),
    (("accept", ENDLESS), "No plan 'xxx"),
]


def test_what_cannot_be_asked_is_refused_in_words_and_writes_nothing(city: Absurd) -> None:
    city.has()
    before = city.asks("verify", "--json").json()

    for words, what in QUESTIONS:
        answer = city.asks("circuits", *words, "--json")
        assert what in answer.refusal, (words, answer)
        told = answer.json()["refused"]
        assert all(told[part] for part in ("kind", "what", "why", "remedy")), words
        # What somebody wrote is named, and not repeated at length.
        assert len(answer.refusal) < 1_500, words

    assert city.asks("verify", "--json").json() == before


def test_an_outage_that_cannot_be_is_refused(city: Absurd) -> None:
    city.has()
    said = ("--from", "2022-10-09", "--reason", "Flooded", "--json")

    for words, what in (
        (("--kind", "site_down", "--site", "nowhere"), "no site 'nowhere'"),
        (("--kind", "site_down"), "needs a site"),
        (("--kind", "capacity_cut", "--site", "yard", "--per-mille", "-5"), "from 0 to 999"),
        (("--kind", "surge", "--area", "nowhere", "--per-mille", "2000"), "'nowhere'"),
        (("--kind", "site_down", "--site", "yard", "--to", "2022-10-01"), "before it begins"),
    ):
        assert what in city.asks("circuits", "disrupt", "storm", *words, *said).refusal
    assert city.asks("circuits", "disruptions", "--json").json()["disruptions"] == []


def test_codes_that_contradict_each_other_are_named_and_never_left_out_in_silence(
    city: Absurd, tmp_path: Path
) -> None:
    city.has()
    rules = {
        "all": 'rule = "share_guaranteed"\ngroup = "organics"\nper_mille = 1000',
        "none": 'rule = "banned"\ngroups = ["organics"]\nsites = ["yard"]',
    }
    for name, rule in rules.items():
        (tmp_path / f"{name}.toml").write_text(
            f'code = "{name}"\ntitle = "t"\nrationale = "r"\nfirst_day = 2022-01-01\n'
            f"[[rules]]\n{rule}\n"
        )
        assert city.asks("codes", "enact", str(tmp_path / f"{name}.toml")).code == DONE

    for words in (("plan",), ("circuits", "replan"), ("circuits", "why", "--district", "1")):
        refusal = city.asks(*words).refusal
        assert "'all' rule 1 and 'none' rule 1 cannot be kept together" in refusal
        assert "could guarantee 0 %" in refusal
    assert unmet_mg(city.asks("plan", "--without-code", "none", "--json").json()) == {}


@pytest.mark.parametrize(
    ("rule", "what"),
    [
        ('rule = "share_guaranteed"\ngroup = "organics"\nper_mille = -1', "-1 per mille"),
        ('rule = "share_guaranteed"\ngroup = "nothing"\nper_mille = 5', "'nothing'"),
        ('rule = "distance_limited"\nlimit_m = nan', "cannot be read as a Code"),
        (f'rule = "distance_limited"\nlimit_m = {"9" * 30}', "longer than any way on earth"),
        ('rule = "banned"\nsites = ["nowhere"]', "'nowhere'"),
        ('rule = "unheard_of"', "'unheard_of'"),
    ],
)
def test_a_code_that_means_nothing_is_refused(
    city: Absurd, tmp_path: Path, rule: str, what: str
) -> None:
    city.has()
    file = tmp_path / "code.toml"
    file.write_text(
        f'code = "c"\ntitle = "t"\nrationale = "r"\nfirst_day = 2022-01-01\n[[rules]]\n{rule}\n'
    )

    assert what in city.asks("codes", "enact", str(file)).refusal


POINT = {"type": "Point", "coordinates": [10.5, 50.5]}


@pytest.mark.parametrize(
    ("properties", "geometry", "where"),
    [
        ({"name": "x", "accepts": [], "capacity_t_per_day": 5}, POINT, "properties.accepts"),
        ({"name": "x", "accepts": ["nothing"], "capacity_t_per_day": 5}, POINT, "accepts"),
        ({"name": "x", "accepts": ["paper"], "capacity_t_per_day": 0}, POINT, "capacity_t_per_day"),
        ({"name": "x", "accepts": ["paper"], "capacity_t_per_day": 1e308}, POINT, "capacity"),
        ({"accepts": ["paper"], "capacity_t_per_day": 5}, POINT, "`name`"),
        ({"name": "x", "accepts": ["paper"], "capacity_t_per_day": 5}, None, "geometry"),
        (
            {"name": "x", "accepts": ["paper"], "capacity_t_per_day": 5},
            {"type": "Point", "coordinates": [1000.5, 50.5]},
            "geometry",
        ),
    ],
)
def test_a_proposed_site_is_refused_by_the_path_in_its_map(
    city: Absurd,
    tmp_path: Path,
    properties: dict[str, Any],
    geometry: dict[str, Any] | None,
    where: str,
) -> None:
    city.has()
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    file = tmp_path / "proposed.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))

    refusal = city.asks("circuits", "siting", str(file)).refusal

    assert "features[0]" in refusal
    assert where in refusal


CELLS = st.one_of(
    st.integers(0, 10**6).map(str),
    st.sampled_from(
        ["", "-", "-0", "-1", "0", "NaN", "inf", "1e308", "0x10", "9" * 400, "0.0000000001", "1,5"]
    ),
    st.text(st.characters(exclude_characters='",\r\n', exclude_categories=["Cs"]), max_size=5),
)
SITE_ROWS = st.tuples(
    st.sampled_from(["yard", "mill", "a", ""]),
    st.sampled_from(["50.5", "-91", "", "50"]),
    st.sampled_from(["10.5", "181", "10"]),
    st.sampled_from(["organics", "paper", "organics/paper", "", "/"]),
    CELLS,
).map(",".join)
TON_ROWS = st.tuples(
    st.sampled_from(["2022-10", "2022-10", "2022-13"]),
    st.sampled_from(["1", "2", "3"]),
    CELLS,
    CELLS,
).map(",".join)


@settings(max_examples=20, deadline=None)
@given(sites=st.lists(SITE_ROWS, max_size=4), tons=st.lists(TON_ROWS, max_size=4))
def test_any_city_is_planned_to_the_milligram_or_refused(sites: list[str], tons: list[str]) -> None:
    with TemporaryDirectory() as folder:
        city = Absurd(Path(folder))

        answers = city.has(sites=sites, tons=tons)

        for answer, rows in zip(answers[1:], (sites, tons), strict=True):
            [file] = answer.json()["files"]
            assert file["rows"] == len(rows)
            told = {one["line"] for one in file["findings"]}
            assert file["rejected"] <= len(told) <= len(rows)
        if city.asks("lots", "--json").out.strip():
            made = plan_of(city)
            planned_mg = sum(part["mass_mg"] for part in made["flows"] + made["unmet"])
            assert planned_mg == sum(file["mass_mg"].values())
        else:
            assert "nothing to plan" in city.asks("plan").refusal
