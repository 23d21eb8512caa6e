"""All that `bioloom assembly` can do, with where it stands; a command is read when it is called."""

from cyclopts import App

_HERE = "bioloom.doors.cli.assembly"
_COMMANDS = {
    "map": "mapping:map_",
    "count": "counting:count",
    "check": "checking:check",
    "unheard": "hearing:unheard",
    # Who decides together.
    "declare": "founding:declare",
    "list": "founding:list_",
    "show": "founding:show",
    "mandate": "founding:mandate",
    "lay-down": "founding:lay_down",
    # What is asked for and proposed.
    "petition": "proposing:petition",
    "sign": "proposing:sign",
    "propose": "proposing:propose",
    "revise": "proposing:revise",
    "invite": "proposing:invite",
    "accept": "proposing:accept",
    "object": "proposing:object_",
    "answer": "proposing:answer",
    "settle": "proposing:settle",
    "proposal": "proposing:proposal",
    # What is said.
    "open": "talking:open_",
    "close": "talking:close",
    "say": "talking:say",
    "vote": "talking:vote",
    "take-off": "talking:take_off",
    "appeal": "talking:appeal",
    "judge": "talking:judge",
    "talk": "talking:talk",
    # What is decided, and follows.
    "count-hands": "deciding:count_hands",
    "decide": "deciding:decide",
    "promise": "deciding:promise",
    "pay": "deciding:pay",
    "campaign": "deciding:campaign",
    "task": "deciding:task",
    "take": "deciding:take",
    "done": "deciding:done",
}

assembly = App(name="assembly", help="What is decided together, and who is heard.")
for name, place in _COMMANDS.items():
    assembly.command(f"{_HERE}.{place}", name=name)

ballot = App(name="ballot", help="Ballots: one person, one ballot, secret and checkable.")
for _name, _place in {
    "open": "holding:open_",
    "close": "holding:close",
    "paper": "holding:paper",
    "papers": "holding:papers",
    "tally": "holding:tally",
    "list": "voting:list_",
    "show": "voting:show",
    "draw": "voting:draw",
    "cast": "voting:cast",
    "exchange": "voting:exchange",
    "receipt": "voting:receipt",
}.items():
    ballot.command(f"{_HERE}.ballots.{_place}", name=_name)
assembly.command(ballot)
board = App(name="board", help="A ballot put up for everybody, and checked by anybody.")
board.command(f"{_HERE}.ballots.boards:export", name="export")
board.command(f"{_HERE}.ballots.boards:check", name="check")
assembly.command(board)
