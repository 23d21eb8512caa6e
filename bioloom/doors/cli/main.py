"""The command `bioloom`: which commands there are, and what the exit code says.

0: done. 1: found wanting, such as rejected rows or a record that does not verify. 2: refused.
70: Bioloom has a bug. A traceback is shown only where BIOLOOM_DEBUG is set.
"""

import os
import sys
from importlib.metadata import version

from cyclopts import App
from cyclopts.exceptions import CycloptsError
from rich.markup import escape

from bioloom.doors.cli.assembly.main import assembly, ballot, board
from bioloom.doors.cli.printing import REFUSED, err, print_refusal
from bioloom.vocabulary.refusal import Refusal

_BUG = 70
_INTERRUPTED = 130

app = App(
    name="bioloom",
    help="From a city's real records to a fair, explained plan of where every material goes.",
    version=version("bioloom"),
    help_epilogue=(
        "Begin with: bioloom init DIR, then bioloom import DIR FILE..., bioloom plan DIR. "
        "Whoever can read DIR can read all of its record; --as says in whose name a command acts."
    ),
)
# Named by their place and loaded when called, so that each command starts fast.
app.command("bioloom.doors.cli.founding:init", name="init")
app.command("bioloom.doors.cli.importing:import_", name="import")
app.command("bioloom.doors.cli.exporting:export", name="export")
app.command("bioloom.doors.cli.recording:record", name="record")
app.command("bioloom.doors.cli.undoing:take_back", name="take-back")
app.command("bioloom.doors.cli.regrouping:combine", name="combine")
app.command("bioloom.doors.cli.regrouping:separate", name="separate")
app.command("bioloom.doors.cli.planning:plan", name="plan")
app.command("bioloom.doors.cli.serving:serve", name="serve")
app.command("bioloom.doors.cli.looping:loop", name="loop")
app.command("bioloom.doors.cli.playing:play", name="play")
app.command("bioloom.doors.cli.reading:lots", name="lots")
app.command("bioloom.doors.cli.reading:trace", name="trace")
app.command("bioloom.doors.cli.reading:verify", name="verify")
app.command("bioloom.doors.cli.totals:totals", name="totals")
app.command("bioloom.doors.cli.estimates:estimates", name="estimates")
app.command("bioloom.doors.cli.conserving:conserved", name="conserved")
app.command("bioloom.doors.cli.keeping:backup", name="backup")
app.command("bioloom.doors.cli.keeping:restore", name="restore")
app.command("bioloom.doors.cli.keeping:rebuild", name="rebuild")
app.command("bioloom.doors.cli.proofs.proving:head", name="head")
app.command("bioloom.doors.cli.proofs.proving:prove", name="prove")
app.command("bioloom.doors.cli.proofs.proving:witness", name="witness")
app.command("bioloom.doors.cli.proofs.checking:check", name="check")
app.command("bioloom.doors.cli.proofs.checking:cosign", name="cosign")
keys = App(name="keys", help="The key that signs a city's heads, and keys for witnesses.")
keys.command("bioloom.doors.cli.proofs.keys:show", name="show")
keys.command("bioloom.doors.cli.proofs.keys:make", name="make")
keys.command("bioloom.doors.cli.proofs.keys:rotate", name="rotate")
keys.command("bioloom.doors.cli.proofs.keys:withdraw", name="withdraw")
keys.command("bioloom.doors.cli.proofs.keys:witness", name="witness")
app.command(keys)
circuits = App(name="circuits", help="Plans: proposals, what stands in their way, and revisions.")
circuits.command("bioloom.doors.cli.planning:proposals", name="plans")
circuits.command("bioloom.doors.cli.planning:adopt", name="adopt")
circuits.command("bioloom.doors.cli.circuits.cascading:cascade", name="cascade")
circuits.command("bioloom.doors.cli.circuits.forecasting:forecast", name="forecast")
circuits.command("bioloom.doors.cli.circuits.disrupting:disrupt", name="disrupt")
circuits.command("bioloom.doors.cli.circuits.disrupting:restore", name="restore")
circuits.command("bioloom.doors.cli.circuits.disrupting:disruptions", name="disruptions")
circuits.command("bioloom.doors.cli.circuits.replanning:replan_", name="replan")
circuits.command("bioloom.doors.cli.circuits.replanning:moves", name="moves")
circuits.command("bioloom.doors.cli.circuits.replanning:accept", name="accept")
circuits.command("bioloom.doors.cli.circuits.replanning:veto", name="veto")
circuits.command("bioloom.doors.cli.circuits.replanning:lift", name="lift")
circuits.command("bioloom.doors.cli.circuits.siting:siting", name="siting")
circuits.command("bioloom.doors.cli.circuits.why:ask", name="why")
circuits.command("bioloom.doors.cli.circuits.rounds:show_fleet", name="fleet")
circuits.command("bioloom.doors.cli.circuits.rounds:rounds", name="rounds")
circuits.command("bioloom.doors.cli.circuits.rounds:drive", name="drive")
orders = App(name="orders", help="Work that is given out, taken on by teams, and confirmed.")
orders.command("bioloom.doors.cli.circuits.orders:list_", name="list")
orders.command("bioloom.doors.cli.circuits.orders:issue", name="issue")
orders.command("bioloom.doors.cli.circuits.orders:take", name="take")
orders.command("bioloom.doors.cli.circuits.orders:deliver", name="deliver")
orders.command("bioloom.doors.cli.circuits.orders:give_back", name="return")
orders.command("bioloom.doors.cli.circuits.orders:close", name="close")
orders.command("bioloom.doors.cli.circuits.orders:withdraw", name="withdraw")
circuits.command(orders)
circuits.command("bioloom.doors.cli.circuits.fairness:fairness", name="fairness")
app.command(circuits)
app.command(assembly)
codes = App(name="codes", help="Codes: the rules of the city as data, which its plans keep.")
codes.command("bioloom.doors.cli.codes:enact", name="enact")
codes.command("bioloom.doors.cli.codes:list_", name="list")
codes.command("bioloom.doors.cli.codes:show", name="show")
codes.command("bioloom.doors.cli.codes:repeal", name="repeal")
codes.command("bioloom.doors.cli.codes:drafts", name="drafts")
codes.command("bioloom.doors.cli.trying:try_", name="try")
app.command(codes)
contracts = App(name="contracts", help="What is agreed, until when, and what may be reclaimed.")
contracts.command("bioloom.doors.cli.contracts:list_", name="list")
contracts.command("bioloom.doors.cli.contracts:show", name="show")
contracts.command("bioloom.doors.cli.contracts:due", name="due")
app.command(contracts)
custody = App(name="custody", help="What is claimed of where lots came from: ISO 22095.")
custody.command("bioloom.doors.cli.custody:show", name="show")
app.command(custody)
formats = App(name="format", help="Documents of other systems: check, hash and replay them.")
formats.command("bioloom.doors.cli.formats:check", name="check")
formats.command("bioloom.doors.cli.formats:hash_events", name="hash")
formats.command("bioloom.doors.cli.formats:replay", name="replay")
formats.command("bioloom.doors.cli.wastes:waste_code", name="waste-code")
app.command(formats)
receipts = App(name="receipts", help="Receipts of waste: which are to be reported, and by when.")
receipts.command("bioloom.doors.cli.receipts:due", name="due")
receipts.command("bioloom.doors.cli.receipts:reported", name="reported")
app.command(receipts)
recipes = App(name="recipes", help="Open recipes: publish one with its date, and see what it made.")
recipes.command("bioloom.doors.cli.recipes:publish", name="publish")
recipes.command("bioloom.doors.cli.recipes:list_", name="list")
recipes.command("bioloom.doors.cli.recipes:show", name="show")
app.command(recipes)
people = App(name="people", help="People: who is who, who may do what, and how they come in.")
people.command("bioloom.doors.cli.people.listing:list_", name="list")
people.command("bioloom.doors.cli.people.letting_in:invite", name="invite")
people.command("bioloom.doors.cli.people.letting_in:link", name="link")
people.command("bioloom.doors.cli.people.letting_in:token", name="token")
people.command("bioloom.doors.cli.people.letting_in:revoke", name="revoke")
people.command("bioloom.doors.cli.people.letting_in:forget", name="forget")
people.command("bioloom.doors.cli.people.deciding:grant", name="grant")
people.command("bioloom.doors.cli.people.deciding:withdraw", name="withdraw")
people.command("bioloom.doors.cli.people.deciding:join", name="join")
people.command("bioloom.doors.cli.people.deciding:accept", name="accept")
people.command("bioloom.doors.cli.people.deciding:leave", name="leave")
people.command("bioloom.doors.cli.people.deciding:declare", name="declare")
people.command("bioloom.doors.cli.people.keys:rotate_key", name="rotate-key")
people.command("bioloom.doors.cli.people.keys:withdraw_key", name="withdraw-key")
app.command(people)
covenants = App(name="covenants", help="What a commons has bound, and who lets go of it.")
covenants.command("bioloom.doors.cli.covenants:template", name="template")
covenants.command("bioloom.doors.cli.covenants:enact", name="enact")
covenants.command("bioloom.doors.cli.covenants:list_", name="list")
covenants.command("bioloom.doors.cli.covenants:show", name="show")
covenants.command("bioloom.doors.cli.covenants:message", name="message")
covenants.command("bioloom.doors.cli.covenants:sign_decision", name="sign")
covenants.command("bioloom.doors.cli.covenants:release", name="release")
covenants.command("bioloom.doors.cli.covenants:end", name="end")
covenants.command("bioloom.doors.cli.covenants:drafts", name="drafts")
covenants.command("bioloom.doors.cli.covenants:refusals", name="refusals")
covenants.command("bioloom.doors.cli.covenants:away", name="away")
app.command(covenants)
pledges = App(name="pledges", help="What a street undertakes for a season, by people's own word.")
pledges.command("bioloom.doors.cli.people.pledges:make", name="make")
pledges.command("bioloom.doors.cli.people.pledges:join", name="join")
pledges.command("bioloom.doors.cli.people.pledges:renew", name="renew")
pledges.command("bioloom.doors.cli.people.pledges:leave", name="leave")
pledges.command("bioloom.doors.cli.people.pledges:list_", name="list")
pledges.command("bioloom.doors.cli.people.pledges:show", name="show")
app.command(pledges)
_GROUPS = {
    "assembly": assembly,
    "covenants": covenants,
    "keys": keys,
    "assembly ballot": ballot,
    "assembly board": board,
    "circuits": circuits,
    "codes": codes,
    "circuits orders": orders,
    "contracts": contracts,
    "custody": custody,
    "format": formats,
    "receipts": receipts,
    "people": people,
    "recipes": recipes,
    "pledges": pledges,
}
app.register_install_completion_command(name="--install-completion")


class NotUnderstood(Refusal):
    """A command line that is none of Bioloom's."""

    def __init__(self, *, what: str, command: str = "") -> None:
        super().__init__(
            what=what,
            why="Guessing what was meant could record what was not.",
            remedy=f"See `bioloom {command} --help`, with an example."
            if command
            else "See `bioloom --help`, or `bioloom COMMAND --help` with an example.",
        )


def run(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    sys.exit(main(sys.argv[1:] if arguments is None else arguments))


def _load_what_is_listed(arguments: list[str]) -> None:
    """Load the commands that a help page will list, so that each stands there with its sentence."""
    words = [word for word in arguments if word not in app.help_flags]
    if not words:
        app.resolved_commands()
    elif group := _GROUPS.get(" ".join(words)):
        group.resolved_commands()


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    _load_what_is_listed(arguments)
    try:
        code = app(arguments, exit_on_error=False, print_error=False, result_action="return_value")
        sys.stdout.flush()
    except Refusal as refusal:
        print_refusal(refusal, as_json="--json" in arguments)
        return REFUSED
    except (CycloptsError, UnicodeEncodeError) as misread:
        print_refusal(_misread(misread), as_json="--json" in arguments)
        return REFUSED
    except BrokenPipeError:
        # Whoever read the output has seen enough; do not complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as bug:
        if os.environ.get("BIOLOOM_DEBUG"):
            raise
        err().print(f"[bold red]Bioloom has a bug:[/] {escape(repr(bug))}", soft_wrap=True)
        err().print(
            "  What was acknowledged is safe. Set BIOLOOM_DEBUG=1 to see where it happened."
        )
        return _BUG
    return code if isinstance(code, int) else 0


def _misread(error: Exception) -> NotUnderstood:
    if isinstance(error, CycloptsError):
        what = str(error)
        if what.endswith("into date."):
            what += " A day is written like 2026-01-31."
        return NotUnderstood(what=what, command=" ".join(error.command_chain or ()))
    return NotUnderstood(what="An argument is not UTF-8 text.")


if __name__ == "__main__":
    run()
