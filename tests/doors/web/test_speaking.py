"""Speaking: every language says the same things, and no figure is rounded into a lie."""

from collections.abc import Mapping
from datetime import date
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.doors.web.speaking import choose, speak, spoken
from bioloom.vocabulary.quantities import LARGEST_MG, MG_PER_TONNE
from bioloom.vocabulary.stamps import MEANINGS


def placeholders(texts: Mapping[str, str]) -> dict[str, set[str]]:
    return {key: {name for _, name, *_ in Formatter().parse(text) if name}
            for key, text in texts.items()}  # fmt: skip


@pytest.mark.parametrize("code", sorted(spoken()))
def test_every_language_has_the_same_texts_with_the_same_placeholders(code: str) -> None:
    assert placeholders(speak(code).texts) == placeholders(speak("en").texts)


def test_the_catalogue_means_by_a_stamp_what_the_record_means() -> None:
    for stamp, meaning in MEANINGS.items():
        assert speak("en").say(f"meaning.{stamp}") == meaning


@given(share=st.floats(min_value=0, max_value=1))
def test_only_everything_is_shown_as_everything_and_only_nothing_as_nothing(share: float) -> None:
    shown = speak("en").percent(share)

    assert (shown == "100%") == (share == 1)
    assert (shown == "0%") == (share == 0)


@given(mass_mg=st.integers(min_value=0, max_value=LARGEST_MG))
def test_tonnes_are_right_to_three_digits_or_to_whole_tonnes(mass_mg: int) -> None:
    shown = speak("en").tonnes(mass_mg)

    if shown.startswith("<"):
        assert 0 < mass_mg < MG_PER_TONNE // 1000
        return
    error_mg = abs(round(float(shown.replace(",", "")) * MG_PER_TONNE) - mass_mg)
    assert error_mg <= max(mass_mg / 200, MG_PER_TONNE / 2000 + 1)


def test_spanish_writes_its_own_signs() -> None:
    assert speak("es").tonnes(1_010_785_237_308_000) == "1\u202f010\u202f785"
    assert speak("es").percent(0.62345) == "62,3\u00a0%"
    assert speak("es").span(date(2022, 11, 1), date(2022, 11, 30)) == "noviembre de 2022"


def test_only_a_whole_month_is_called_by_its_name() -> None:
    english = speak("en")

    assert english.span(date(2024, 2, 1), date(2024, 2, 29)) == "February 2024"
    assert (
        english.span(date(2023, 2, 1), date(2023, 2, 27)) == "1 February 2023 to 27 February 2023"
    )
    assert english.span(date(2023, 1, 1), date(2023, 2, 28)) == "1 January 2023 to 28 February 2023"
    assert english.span(date(2023, 1, 1), date(2023, 1, 1)) == "1 January 2023"


@pytest.mark.parametrize(
    ("asked", "accepted", "offered", "chosen"),
    [
        (None, "", ["es", "en"], "es"),
        (None, "fr, es;q=0.3, en;q=0.2", ["en", "es"], "es"),
        (None, "es;q=0", ["en", "es"], "en"),
        (None, "es;q=nonsense", ["en", "es"], "en"),
        ("es", "en", ["en", "es"], "es"),
        ("../../etc", "", ["en"], "en"),
        (None, "es", ["xx"], "en"),
    ],
)
def test_the_language_is_one_the_city_offers(
    asked: str | None, accepted: str, offered: list[str], chosen: str
) -> None:
    assert choose(asked, accepted, offered).code == chosen
