"""`kiosk desk …`: who may open the staff desk, what it shows, and what was done there."""

import argparse
import sys
from getpass import getpass
from typing import TYPE_CHECKING, Any

from kiosk.commands import log
from kiosk.commands.line import DONE, show, show_json, utc, words
from kiosk.commands.state import with_store
from kiosk.configuration import Configuration, state_directory
from kiosk.printable import printable
from petition.errors import Fault, FaultCode
from petition.receipt import in_fours

if TYPE_CHECKING:
    from kiosk.desk import Parts
    from offline_queue.desk_pins import Holder
    from petition.model import Desk

LINE_CHARACTERS_MAX = 200


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", anywhere: argparse.ArgumentParser) -> None:
    """Add these commands to the line."""
    desk = commands.add_parser(
        "desk", parents=[anywhere], help="the staff desk: PINs, what it shows, what was done there"
    )
    tasks = desk.add_subparsers(dest="task", metavar="TASK", required=True)
    added = tasks.add_parser(
        "add", parents=[anywhere], help="give somebody a PIN: asked for twice, or one line of standard input"
    )
    added.add_argument("name", metavar="NAME", help="whose it is")
    added.set_defaults(run=add_pin)
    removed = tasks.add_parser("remove", parents=[anywhere], help="take somebody's PIN away")
    removed.add_argument("name", metavar="NAME")
    removed.set_defaults(run=remove_pin)
    listed = tasks.add_parser("list", parents=[anywhere], help="who has a PIN")
    listed.set_defaults(run=list_pins)
    unlocked = tasks.add_parser("unlock", parents=[anywhere], help="let PINs be tried again after too many wrong ones")
    unlocked.set_defaults(run=unlock)
    shown = tasks.add_parser("show", parents=[anywhere], help="what the staff desk shows")
    shown.set_defaults(run=show_desk)
    logged = tasks.add_parser("log", parents=[anywhere], help="who opened it, printed and sent again, the newest first")
    logged.set_defaults(run=show_log)
    for task in (added, listed, shown, logged):
        task.add_argument("--json", action="store_true", help="for programs")


def add_pin(asked: argparse.Namespace, configuration: Configuration) -> int:
    """Give somebody a PIN."""
    from petition.pins import weakness

    name = _name(asked.name)
    pin = _asked_for() if sys.stdin is not None and sys.stdin.isatty() else _read()
    if why := weakness(pin):
        raise Fault(FaultCode.BAD_INPUT, why)
    id_ = with_store(configuration, lambda store: store.add_desk_pin(name, pin))
    if asked.json:
        show_json({"id": id_, "name": name})
    else:
        show(f"{printable(name)} can open the staff desk now.")
    return DONE


def remove_pin(asked: argparse.Namespace, configuration: Configuration) -> int:
    """Take somebody's PIN away."""
    name = _name(asked.name)
    if not with_store(configuration, lambda store: store.remove_desk_pin(name)):
        raise Fault(FaultCode.BAD_INPUT, "nobody of that name has a PIN: see kiosk desk list")
    show(f"{printable(name)} can't open the staff desk any more.")
    return DONE


def list_pins(asked: argparse.Namespace, configuration: Configuration) -> int:
    """List who has a PIN; programs get those who had one, too, for the log names them."""
    holders = with_store(configuration, lambda store: store.desk_holders())
    if asked.json:
        show_json([_holder(holder) for holder in holders])
        return DONE
    present = [holder for holder in holders if holder.removed_at is None]
    if not present:
        show("Nobody has a PIN: nobody can open the staff desk. To give one: kiosk desk add NAME")
    else:
        show(*(f"{holder.added_at.astimezone():%Y-%m-%d}  {printable(holder.name)}" for holder in present))
    return DONE


def unlock(asked: argparse.Namespace, configuration: Configuration) -> int:  # noqa: ARG001 - every command takes it
    """Let PINs be tried again at once."""
    with_store(configuration, lambda store: store.unlock_desk())
    show("PINs can be tried again.")
    return DONE


def show_desk(asked: argparse.Namespace, configuration: Configuration) -> int:
    """Show what the staff desk shows, except for ears and voice, which only the running kiosk knows of."""
    from kiosk.desk import desk

    parts, up = _parts(configuration), _line_up(configuration)
    told = with_store(
        configuration,
        lambda store: desk(store, state_directory(configuration), configuration, parts=parts, line_up=up),
    )
    if asked.json:
        show_json(_told(told))
        return DONE
    show(*(f"{part.value:10} {condition.value}" for part, condition in told.parts))
    show(
        f"{told.waits} waiting to be sent",
        *(
            f"  {in_fours(each.number)}  {each.since.astimezone():%Y-%m-%d %H:%M}  {each.why.value}"
            for each in told.waiting
        ),
    )
    show(
        f"{len(told.receipts)} receipts can be printed again",
        *(
            f"  {in_fours(each.number)}  {each.made_at.astimezone():%Y-%m-%d %H:%M}  printed {each.printed} times"
            for each in told.receipts
        ),
    )
    return DONE


def show_log(asked: argparse.Namespace, configuration: Configuration) -> int:
    """Show who did what at the staff desk."""
    none = "Nothing has been done at the staff desk yet."
    return log.show_log(asked, configuration, lambda store: store.desk_log(log.LINES), none=none)


def _name(typed: str) -> str:
    from offline_queue.desk_pins import NAME_CHARACTERS_MAX

    name = words("NAME", typed, NAME_CHARACTERS_MAX)
    if not name:
        raise Fault(FaultCode.BAD_INPUT, "NAME is whose PIN it is, like 王师傅")
    return name


def _asked_for() -> str:
    """Ask for a PIN on the terminal, twice, without showing it."""
    try:
        pin = getpass("PIN (6 digits): ")
        if getpass("The same again: ") != pin:
            raise Fault(FaultCode.BAD_INPUT, "those were two different PINs: try again")
    except EOFError:
        raise Fault(FaultCode.BAD_INPUT, "no PIN was typed: nothing was changed") from None
    return pin


def _read() -> str:
    """Return the first line of standard input."""
    line = "" if sys.stdin is None else sys.stdin.readline(LINE_CHARACTERS_MAX).strip()
    if not line:
        raise Fault(FaultCode.BAD_INPUT, "no PIN came: type it on the terminal, or give it as a line of standard input")
    return line


def _parts(configuration: Configuration) -> "Parts":
    from kiosk.desk import Parts

    if not configuration.printer.kind:
        return Parts()
    from kiosk.printing.choose import device_of

    device = device_of(configuration.printer)
    return Parts(printer=device.state() if device is not None else None)


def _line_up(configuration: Configuration) -> bool:
    """Ask the platform whether it answers, as the examination of the whole kiosk does."""
    from kiosk.examine.finding import Condition
    from kiosk.examine.state import platform

    known = with_store(configuration, lambda store: store.identity())
    return known is not None and platform(configuration, known).condition is Condition.OK


def _holder(holder: "Holder") -> dict[str, Any]:
    return {
        "id": holder.id,
        "name": holder.name,
        "added_at": utc(holder.added_at),
        "removed_at": utc(holder.removed_at) if holder.removed_at else None,
    }


def _told(desk: "Desk") -> dict[str, Any]:
    return {
        "receipts": [
            {"number": each.number, "made_at": utc(each.made_at), "category": each.category, "printed": each.printed}
            for each in desk.receipts
        ],
        "waiting": [
            {"number": each.number, "since": utc(each.since), "why": each.why.value, "parked": each.parked}
            for each in desk.waiting
        ],
        "waits": desk.waits,
        "parts": {part.value: condition.value for part, condition in desk.parts},
    }
