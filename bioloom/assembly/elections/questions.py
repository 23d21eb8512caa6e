"""Questions: by majority, and by consent."""

from collections.abc import Sequence

from bioloom.assembly.elections.counted import Alike, Counted, votes_of
from bioloom.vocabulary.entries.ballots import OptionId

YES, NO = OptionId("yes"), OptionId("no")
CONSENT, ASIDE, OBJECT = OptionId("consent"), OptionId("aside"), OptionId("object")


def majority(ballots: Sequence[Alike], *, over_per_mille: int) -> Counted:
    """Yes wins if more than the declared share of those who said yes or no said yes.

    An equal number is no majority: what is stays as it is, so there is no tie to be broken.

    Example:
        >>> majority([((YES,), 3), ((NO,), 3), ((), 4)], over_per_mille=500).winners
        ('no',)
        >>> majority([((YES,), 2), ((NO,), 1)], over_per_mille=666).winners
        ('yes',)
    """
    votes = votes_of([YES, NO], ballots)
    is_so = votes[YES] * 1000 > (votes[YES] + votes[NO]) * over_per_mille
    return Counted(winners=(YES if is_so else NO,), counts=votes)


def consent(ballots: Sequence[Alike]) -> Counted:
    """Carried if somebody consents and nobody objects; who stands aside hinders nothing.

    Example:
        >>> consent([((CONSENT,), 9), ((ASIDE,), 2)]).winners
        ('consent',)
        >>> consent([((CONSENT,), 9), ((OBJECT,), 1)]).winners
        ('object',)
    """
    votes = votes_of([CONSENT, ASIDE, OBJECT], ballots)
    is_so = votes[OBJECT] == 0 and votes[CONSENT] > 0
    return Counted(winners=(CONSENT if is_so else OBJECT,), counts=votes)
