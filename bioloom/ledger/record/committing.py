"""Committing: what many writers submit at once becomes one transaction, and one wait for the disk.

A disk confirms some hundreds or thousands of writes a second, however small they are. Submissions
that come while it is busy are therefore taken together by the next transaction. Each is still
judged by itself, and each learns what became of it once that is durable.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import groupby
from typing import Any

import msgspec

from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.outcomes import Outcome
from bioloom.ledger.record.sealing import Sealing
from bioloom.ledger.stores.protocol import StoreFailed
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

MOST_WAITING = 10_000
# So that a transaction stays short for whoever waits for the next one, or for the file.
MOST_TOGETHER = 1_000


class TooManyWaiting(Refusal):
    """More is submitted than the disk keeps up with."""

    def __init__(self, *, waiting: int) -> None:
        self.waiting = waiting
        super().__init__(
            what=f"{waiting} drafts wait to be recorded already.",
            why="More would wait longer than anybody should be kept waiting.",
            remedy="Submit the same again in a moment; nothing of it was recorded.",
        )


class CommitterClosed(Refusal):
    """Something was submitted to a city that is being closed."""

    def __init__(self) -> None:
        super().__init__(
            what="The city is being closed.",
            why="What was submitted before is still recorded; nothing new is taken.",
            remedy="Submit the same again once the city is open.",
        )


class _Submission(msgspec.Struct, kw_only=True):
    """Drafts of one writer, and where their writer waits for what becomes of them."""

    drafts: Sequence[Draft[Any]]
    whole: bool
    correct: bool
    answer: "Future[list[Outcome]]"
    # Its transaction failed with others in it, and it is to be tried without them.
    alone: bool = False


class Committer:
    """Records what any number of threads and tasks submit, as few transactions as possible."""

    def __init__(
        self,
        journal: Journal,
        *,
        clock: Callable[[], Instant],
        most_waiting: int = MOST_WAITING,
        most_together: int = MOST_TOGETHER,
    ) -> None:
        """Stand ready; the one thread that writes starts with the first submission.

        Args:
            journal: Where to record.
            clock: What time it is.
            most_waiting: Beyond so many waiting drafts, submissions are refused.
            most_together: At most so many drafts share a transaction, or one submission's.
        """
        self._journal, self._clock = journal, clock
        self._most_waiting, self._most_together = most_waiting, most_together
        self._lock = threading.Lock()
        self._waiting: deque[_Submission] = deque()
        self._waiting_drafts = 0
        # Only the thread that writes looks at it.
        self._taken: list[_Submission] = []
        self._is_writing, self._is_closed = False, False
        self._pen = ThreadPoolExecutor(1, thread_name_prefix="committer")

    def submit(
        self, drafts: Sequence[Draft[Any]], *, whole: bool = True, correct: bool = False
    ) -> "Future[list[Outcome]]":
        """Offer drafts to the record, and go on.

        Args:
            drafts: What a room decided.
            whole: Whether all are recorded or none; otherwise each is judged by itself.
            correct: See `Journal.append`.

        Returns:
            What became of each draft, once it is durable; of a whole, up to the first that was
            turned away. A Refusal instead if the store failed. Tasks wait for it with
            `asyncio.wrap_future`.

        Raises:
            TooManyWaiting: If the disk does not keep up.
            CommitterClosed: If the city is being closed.
        """
        answer: Future[list[Outcome]] = Future()
        answer.set_running_or_notify_cancel()  # Nobody can take back what may be durable already.
        submission = _Submission(drafts=drafts, whole=whole, correct=correct, answer=answer)
        with self._lock:
            if self._is_closed:
                raise CommitterClosed
            if self._waiting and self._waiting_drafts + len(drafts) > self._most_waiting:
                raise TooManyWaiting(waiting=self._waiting_drafts)
            self._waiting.append(submission)
            self._waiting_drafts += len(drafts)
            if not self._is_writing:
                self._is_writing = True
                self._write_next()
        return answer

    def commit(
        self, drafts: Sequence[Draft[Any]], *, whole: bool = True, correct: bool = False
    ) -> list[Outcome]:
        """Offer drafts to the record, and wait until what becomes of them is durable.

        Args and Raises: See `submit`; StoreFailed too, if the store fails.
        """
        return self.submit(drafts, whole=whole, correct=correct).result()

    def close(self) -> None:
        """Take nothing more, finish what was taken, and let go of the thread."""
        with self._lock:
            self._is_closed = True
            unanswered = [submission.answer for submission in (*self._waiting, *self._taken)]
        wait(unanswered)
        self._pen.shutdown()

    def _write_next(self) -> None:
        self._pen.submit(self._write).add_done_callback(self._tell)

    def _write(self) -> list[list[Outcome]]:
        """One transaction of what waits now; what became of each submission in it."""
        with self._lock:
            self._taken = list(self._take())
        store, recorded_at = self._journal.store, self._clock()
        outcomes: list[list[Outcome]] = []
        with store.writing():
            for correct, alike in groupby(self._taken, key=lambda taken: taken.correct):
                sealing = self._journal.sealing(recorded_at=recorded_at, correct=correct)
                outcomes += _sealed(sealing, list(alike))
        return outcomes

    def _take(self) -> Iterator[_Submission]:
        """Submissions for the next transaction, in order: some, or the one that is tried alone."""
        drafts = 0
        while self._waiting:
            following = self._waiting[0]
            drafts += len(following.drafts)
            is_first = drafts == len(following.drafts)
            if not is_first and (following.alone or drafts > self._most_together):
                return
            self._waiting_drafts -= len(following.drafts)
            yield self._waiting.popleft()
            if following.alone:
                return

    def _tell(self, written: "Future[list[list[Outcome]]]") -> None:
        """Answer those whose transaction ended, and begin the next if anybody waits."""
        failure, taken = written.exception(), self._taken
        if failure is None:
            for submission, outcomes in zip(taken, written.result(), strict=True):
                submission.answer.set_result(outcomes)
        elif len(taken) == 1 or isinstance(failure, StoreFailed):
            for submission in taken:
                submission.answer.set_exception(failure)
        else:
            self._try_each_alone(taken)
        with self._lock:
            self._taken = []
            if self._waiting:
                self._write_next()
            else:
                self._is_writing = False

    def _try_each_alone(self, taken: list[_Submission]) -> None:
        # One of them cannot be judged at all. The others must not suffer for it.
        with self._lock:
            for submission in reversed(taken):
                submission.alone = True
                self._waiting.appendleft(submission)
                self._waiting_drafts += len(submission.drafts)


def _sealed(sealing: Sealing, alike: list[_Submission]) -> Iterator[list[Outcome]]:
    """What becomes of some submissions. Where no draft depends on another, all are read at once."""
    for is_whole, some in groupby(alike, key=lambda one: one.whole and len(one.drafts) > 1):
        submissions = list(some)
        if is_whole:
            yield from (sealing.take_whole(submission.drafts) for submission in submissions)
            continue
        drafts = [draft for submission in submissions for draft in submission.drafts]
        outcomes = iter(sealing.take(drafts))
        yield from ([next(outcomes) for _ in submission.drafts] for submission in submissions)
