"""The base of every refusal. Bioloom raises one of its kinds, or it has a bug."""

from typing import Self


class Refusal(Exception):  # noqa: N818  A refusal is an answer, not an error.
    """A request that Bioloom understood and will not carry out.

    Args:
        what: What happened, as one sentence with its numbers.
        why: Why it matters or which rule it breaks.
        remedy: What the person can do next.
    """

    def __init__(self, *, what: str, why: str, remedy: str) -> None:
        super().__init__(f"{what} {why} {remedy}")
        self.what, self.why, self.remedy = what, why, remedy

    def of_file(self, name: str) -> Self:
        """The same refusal, naming the file it is about, for whoever handed in several."""
        if name not in self.what:
            self.what = f"'{name}': {self.what}"
            self.args = (f"{self.what} {self.why} {self.remedy}",)
        return self
