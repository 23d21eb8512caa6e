"""Deliberating: statements that people agree or disagree with, moderated in the open.

Reads and writes DeliberationOpened, DeliberationClosed, StatementMade, StatementVoted,
StatementModerated, ModerationAppealed and AppealDecided.
"""
