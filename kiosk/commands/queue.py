"""`kiosk queue …`: what waits to be sent, and getting it out of a machine by hand."""

import argparse
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.commands.line import DONE, folder, show, show_json, utc
from kiosk.commands.state import with_store
from kiosk.configuration import Configuration, state_directory
from kiosk.printable import printable
from petition.errors import Fault, FaultCode
from petition.receipt import in_fours

if TYPE_CHECKING:
    from offline_queue.folder import Rescued
    from offline_queue.outbox import Item
    from offline_queue.store import Store


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", anywhere: argparse.ArgumentParser) -> None:
    """Add these commands to the line."""
    queue = commands.add_parser("queue", parents=[anywhere], help="what waits to be sent")
    tasks = queue.add_subparsers(dest="task", metavar="TASK", required=True)
    listed = tasks.add_parser("list", parents=[anywhere], help="what waits, oldest first, and why")
    listed.add_argument("--all", action="store_true", help="what was delivered lately, too")
    listed.set_defaults(run=list_queue)
    shown = tasks.add_parser("show", parents=[anywhere], help="everything this kiosk knows of one petition or event")
    shown.add_argument("which", metavar="NUMBER_OR_ID")
    shown.set_defaults(run=show_item)
    retried = tasks.add_parser("retry", parents=[anywhere], help="let what was parked be tried again")
    retried.add_argument("which", metavar="NUMBER_OR_ID", nargs="?", default="", help="without it: all")
    retried.set_defaults(run=retry)
    exported = tasks.add_parser("export", parents=[anywhere], help="copy what waits, sealed, to a folder or USB stick")
    exported.add_argument("folder", type=folder, metavar="DIR")
    exported.set_defaults(run=export)
    imported = tasks.add_parser("import", parents=[anywhere], help="take what another kiosk exported, to send it here")
    imported.add_argument("folder", type=folder, metavar="DIR")
    imported.set_defaults(run=import_)
    rescued = tasks.add_parser("rescue", parents=[anywhere], help="read the queue of any disk, without any key")
    rescued.add_argument("folder", type=folder, metavar="DIR", help="a state directory, an outbox folder or an export")
    rescued.set_defaults(run=rescue)
    for task in (listed, shown, retried, exported, imported, rescued):
        task.add_argument("--json", action="store_true", help="for programs")


def list_queue(asked: argparse.Namespace, configuration: Configuration) -> int:
    """List what waits."""
    items = with_store(configuration, lambda store: store.list() if asked.all else store.waiting())
    if asked.json:
        show_json([_told(item) for item in items])
    elif not items:
        show("Nothing waits to be sent." if not asked.all else "Nothing was filed here lately.")
    else:
        show(*(_row(item) for item in items))
    return DONE


def show_item(asked: argparse.Namespace, configuration: Configuration) -> int:
    """Show one petition with what was said about it later."""

    def find(store: "Store") -> list[dict[str, Any]]:
        found = store.items_of(_key(asked.which)) or tuple(filter(None, (store.item(asked.which.strip()),)))
        return [{**_told(item), **_more(item), "attachments": _uploads(store, item)} for item in found]

    found = with_store(configuration, find)
    if not found:
        raise _unknown()
    if asked.json:
        show_json(found)
    else:
        for item in found:
            show(*(f"{name.replace('_', ' '):14} {_said(value)}" for name, value in item.items()), "")
    return DONE


def retry(asked: argparse.Namespace, configuration: Configuration) -> int:
    """Let parked things be tried again."""
    count = with_store(configuration, lambda store: store.retry(_key(asked.which)))
    if asked.which and not count:
        raise _unknown()
    _count(asked, "retried", count, f"{count} will be tried again.")
    return DONE


def export(asked: argparse.Namespace, configuration: Configuration) -> int:
    """Copy what waits to a folder; a state directory of another machine can be exported, too."""
    try:
        count = with_store(configuration, lambda store: store.export(asked.folder))
    except Fault as fault:
        if fault.code is not FaultCode.STATE_OF_ANOTHER_MACHINE:
            raise
        from offline_queue.folder import copy_queue
        from offline_queue.store import OUTBOX

        count = copy_queue(state_directory(configuration) / OUTBOX, asked.folder)
    _count(
        asked, "exported", count, f"{count} copied, sealed; they stay in the queue here until the platform has them."
    )
    return DONE


def import_(asked: argparse.Namespace, configuration: Configuration) -> int:
    """Take the queue of a folder into this kiosk's."""
    damaged = [found for found in _rescued(asked.folder) if not found.whole]
    count = with_store(configuration, lambda store: store.import_(asked.folder))
    if asked.json:
        show_json({"imported": count, "damaged": [found.path.name for found in damaged]})
    else:
        show(
            f"{count} new here; the next sync sends them.",
            *(f"damaged: {printable(found.path.name)}" for found in damaged),
        )
    return DONE


def rescue(asked: argparse.Namespace, configuration: Configuration) -> int:  # noqa: ARG001 - every command takes it
    """Say what a folder of sealed files holds; to send it, `kiosk queue import` it at any kiosk."""
    found = _rescued(asked.folder)
    if asked.json:
        show_json([_rescue_told(each) for each in found])
        return DONE
    for each in found:
        about = f"{in_fours(each.sealed.number)}  {_day(each.sealed.made_at)}" if each.sealed else ""
        state = "whole" if each.whole else "attachments missing" if each.sealed else "damaged"
        show(f"{state:20} {about or printable(each.path.name)}")
    show(f"{sum(each.whole for each in found)} of {len(found)} whole. To send them: kiosk queue import DIR")
    return DONE


def _rescued(folder_: Path) -> "list[Rescued]":
    from offline_queue.folder import rescue as read

    return read(folder_)


def _rescue_told(found: "Rescued") -> dict[str, Any]:
    sealed = found.sealed
    return {
        "file": found.path.name,
        "whole": found.whole,
        "missing": list(found.missing),
        "id": sealed.id if sealed else None,
        "type": sealed.type.value if sealed else None,
        "number": sealed.number if sealed else None,
        "made_at": utc(sealed.made_at) if sealed else None,
    }


def _key(which: str) -> str:
    """Return a number without the spaces it is printed with; an id as it is."""
    return which.replace(" ", "").strip()


def _told(item: "Item") -> dict[str, Any]:
    return {
        "id": item.id,
        "type": item.type.value,
        "number": item.number,
        "made_at": utc(item.made_at),
        "state": item.state.value,
        "since": utc(item.since),
        "reason": item.reason,
        "attempts": item.attempts,
    }


def _more(item: "Item") -> dict[str, Any]:
    return {
        "refusals": item.refusals,
        "digest": item.digest,
        "kind": item.kind,
        "category": item.category,
        "filed_here": item.own,
        "roles": list(item.roles),
    }


def _uploads(store: "Store", item: "Item") -> list[dict[str, Any]]:
    return [{"id": u.id, "length": u.length, "sha256": u.sha256, "sent": u.offset} for u in store.uploads(item.id)]


def _row(item: "Item") -> str:
    why = f"  ({printable(item.reason)}, tried {item.attempts} times)" if item.reason else ""
    return f"{in_fours(item.number)}  {_day(item.made_at)}  {item.type.value:8}  {item.state.value}{why}"


def _said(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_said, value)) or "none"
    if isinstance(value, dict):
        return " ".join(f"{name}={_said(inner)}" for name, inner in value.items())
    return printable(str(value))


def _count(asked: argparse.Namespace, name: str, count: int, words: str) -> None:
    if asked.json:
        show_json({name: count})
    else:
        show(words)


def _day(time: datetime) -> str:
    return f"{time.astimezone():%Y-%m-%d %H:%M}"


def _unknown() -> Fault:
    return Fault(FaultCode.BAD_INPUT, "this kiosk remembers nothing of that number or id: see kiosk queue list --all")
