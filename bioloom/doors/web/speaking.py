"""Languages: the texts of the pages, and how each language writes its numbers and dates."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from importlib import resources

import msgspec

from bioloom.vocabulary.amounts import PIECE, BaseUnit, for_people
from bioloom.vocabulary.quantities import MG_PER_TONNE

FALLBACK = "en"


class Language(msgspec.Struct, frozen=True, kw_only=True):
    """One language's catalogue. Texts are plain: markup in a name stays a name."""

    code: str
    texts: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """The text of a key with its values put in."""
        assert key in self.texts, f"no text '{key}' in {self.code}.toml"
        return self.texts[key].format(**values)

    def tonnes(self, mass_mg: int) -> str:
        """A mass in metric tonnes, to three digits or to whole tonnes, whichever is finer.

        Example:
            >>> speak("en").tonnes(1_010_785_237_308_000), speak("en").tonnes(12_345_000_000)
            ('1,010,785', '12.3')
        """
        if 0 < mass_mg < MG_PER_TONNE // 1000:
            return f"< {self.number(Decimal('0.001'))}"
        mass_t = Decimal(mass_mg) / MG_PER_TONNE
        places = 0 if mass_t == 0 else max(0, min(3, 2 - mass_t.adjusted()))
        return self.number(mass_t.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN))

    def amount(self, units: int, base: BaseUnit) -> str:
        """An amount in the unit in which people would say it.

        Example:
            >>> speak("en").amount(2_345_000, BaseUnit("mg"))
            '2.34 kg'
        """
        number, unit = for_people(units, base)
        if base == PIECE:
            unit = self.say("number.piece" if units == 1 else "number.pieces")
        return f"{self.number(number)} {unit}"

    def percent(self, share: float) -> str:
        """A share of 1 in percent; nothing short of everything is ever shown as 100.

        Example:
            >>> speak("en").percent(0.62345), speak("en").percent(0.99999)
            ('62.3%', '99.9%')
        """
        if share in (0, 1):
            return self.say("number.percent", number=f"{share * 100:.0f}")
        shown = min(max(round(Decimal(share) * 100, 1), Decimal("0.1")), Decimal("99.9"))
        return self.say("number.percent", number=self.number(shown))

    def number(self, value: Decimal | int) -> str:
        """A number with this language's signs."""
        signs = {",": self.texts["number.thousands"], ".": self.texts["number.decimal"]}
        return "".join(signs.get(sign, sign) for sign in f"{value:,}")

    def tenths(self, value: float) -> str:
        """A number with one digit after the point.

        Example:
            >>> speak("es").tenths(2.345)
            '2,3'
        """
        return self.number(Decimal(value).quantize(Decimal("0.1")))

    def figure(self, value: float | Decimal) -> str:
        """A number of at least 0, to three digits or to a whole one, whichever is finer.

        Example:
            >>> speak("en").figure(8.7164), speak("en").figure(12345.6), speak("es").figure(0.5)
            ('8.72', '12,346', '0,5')
        """
        exact = Decimal(value)
        places = 0 if exact == 0 else max(0, 2 - exact.adjusted())
        rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
        return self.number(Decimal(f"{rounded.normalize():f}"))

    def day(self, day: date) -> str:
        """A date with the month's name."""
        return self.say("date.day", day=day.day, month=self._month(day), year=day.year)

    def day_of(self, iso: str) -> str:
        """A date written like 2022-11-01, with the month's name."""
        return self.day(date.fromisoformat(iso))

    def as_reported(self, reported: str, unit: str) -> str:
        """A figure and its unit as somebody stated them; what is counted, in words.

        Example:
            >>> speak("en").as_reported("29", "piece"), speak("en").as_reported("2", "short_ton")
            ('29 pieces', '2 short ton')
        """
        counted = f"number.{unit}" if reported == "1" else f"number.{unit}s"
        unit = self.texts.get(counted, unit)
        return f"{reported} {unit.replace('_', ' ')}"

    def span(self, first: date, last: date) -> str:
        """A period: a whole calendar month by its name, any other by its two ends."""
        next_month = date.fromordinal(last.toordinal() + 1)
        if first.day == 1 and next_month.day == 1 and 28 <= (next_month - first).days <= 31:
            return self.say("date.month", month=self._month(first), year=first.year)
        if first == last:
            return self.day(first)
        return self.say("date.span", first=self.day(first), last=self.day(last))

    def _month(self, day: date) -> str:
        return self.texts[f"month.{day.month}"]


@cache
def speak(code: str) -> Language:
    """The language of a code that has a catalogue."""
    text = resources.files("bioloom.doors.web").joinpath("catalogue", f"{code}.toml").read_text()
    return Language(code=code, texts=dict(_flat(tomllib.loads(text))))


@cache
def spoken() -> tuple[str, ...]:
    """The codes of all languages that have a catalogue."""
    folder = resources.files("bioloom.doors.web").joinpath("catalogue")
    names = sorted(file.name for file in folder.iterdir())
    return tuple(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def choose(asked: str | None, accepted: str, offered: Sequence[str]) -> Language:
    """The language to answer in.

    Args:
        asked: What the address asks for, if anything.
        accepted: The browser's Accept-Language header.
        offered: The city's languages, the first of them its own.

    Example:
        >>> choose(None, "fr;q=0.9, es-MX;q=0.8, en;q=0.1", ["en", "es"]).code
        'es'
    """
    known = [code for code in offered if code in spoken()] or [FALLBACK]
    for code in [asked or "", *_preferred(accepted)]:
        short = code.split("-")[0].lower()
        if short in known:
            return speak(short)
    return speak(known[0])


def _preferred(accepted: str) -> list[str]:
    ranked: list[tuple[float, str]] = []
    for part in accepted.split(","):
        code, _, weight = part.strip().partition(";q=")
        try:
            ranked.append((float(weight or 1), code))
        except ValueError:
            continue  # A header that says nothing readable has no wish.
    return [code for weight, code in sorted(ranked, key=lambda pair: -pair[0]) if weight > 0]


def _flat(table: Mapping[str, object], path: str = "") -> list[tuple[str, str]]:
    flat: list[tuple[str, str]] = []
    for name, value in table.items():
        flat += (
            _flat(value, f"{path}{name}.")
            if isinstance(value, dict)
            else [(f"{path}{name}", str(value))]
        )
    return flat
