"""What a Pabulib file may do wrong; every refusal names the line."""

from bioloom.vocabulary.refusal import Refusal


class NotPabulib(Refusal):
    """A file that cannot be read as Pabulib's format says. `line` counts from 1."""

    def __init__(self, *, line: int, what: str, remedy: str) -> None:
        self.line = line
        super().__init__(
            what=f"Line {line}: {what}",
            why="Ballots are counted as they stand, or not at all.",
            remedy=remedy,
        )
