"""The base of every refusal. Bioloom raises one of its kinds, or it has a bug."""

import re
from typing import Self

# What somebody wrote is named, not repeated: hashes, keys and paths are shorter than this.
_ENDLESS = re.compile(r"\S{300,}")
_SHOWN = 80


class Refusal(Exception):  # noqa: N818  A refusal is an answer, not an error.
    """A request that Bioloom understood and will not carry out.

    A word of hundreds of letters is shortened wherever it is repeated.

    Args:
        what: What happened, as one sentence with its numbers.
        why: Why it matters or which rule it breaks.
        remedy: What the person can do next.
    """

    def __init__(self, *, what: str, why: str, remedy: str) -> None:
        self.what, self.why, self.remedy = map(_shortened, (what, why, remedy))
        super().__init__(f"{self.what} {self.why} {self.remedy}")

    def of_file(self, name: str) -> Self:
        """The same refusal, naming the file it is about, for whoever handed in several."""
        if name not in self.what:
            self.what = f"'{name}': {self.what}"
            self.args = (f"{self.what} {self.why} {self.remedy}",)
        return self


def _shortened(text: str) -> str:
    """The text, with no word in it longer than can be read.

    Example:
        >>> len(_shortened("'" + "9" * 100_000 + "'"))
        81
    """
    return _ENDLESS.sub(lambda word: word[0][:_SHOWN] + "…", text)
