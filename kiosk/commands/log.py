"""Who did what, as the audit log has it: for people, and for programs."""

import argparse
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from kiosk.commands.line import DONE, show, show_json, utc
from kiosk.commands.state import with_store
from kiosk.configuration import Configuration
from kiosk.printable import printable
from petition.receipt import in_fours, is_receipt_number

if TYPE_CHECKING:
    from offline_queue.audit import Entry
    from offline_queue.store import Store

LINES = 200


def show_log(
    asked: argparse.Namespace,
    configuration: Configuration,
    about: "Callable[[Store], Iterable[Entry]]",
    *,
    none: str,
    numbered: bool = False,
) -> int:
    """Show what `about` reads of the log, `none` where that is nothing; `numbered`: with people's numbers."""
    lines = with_store(configuration, lambda store: _named(store, about(store)))
    if asked.json:
        show_json([{**line, "at": utc(line["at"])} for line in lines])
    elif not lines:
        show(none)
    else:
        for line in lines:
            who = [f"{line['id']:4}"] * numbered + [printable(line["name"])]
            when, what = f"{line['at'].astimezone():%Y-%m-%d %H:%M}", f"{line['event']:16}"
            show("  ".join((when, what, *who, in_fours(line["number"]) or line["filed"])).rstrip())
    return DONE


def _named(store: "Store", entries: "Iterable[Entry]") -> list[dict[str, Any]]:
    """Return each line with its parts: whose it was, and the receipt's number, or how many they filed."""
    names = {person.id: person.name for person in store.people().entries}
    names |= {holder.id: holder.name for holder in store.desk_holders()}
    found = []
    for entry in entries:
        id_, _, rest = entry.subject.partition(" ")
        number = rest if is_receipt_number(rest) else ""
        found.append(
            {
                "at": entry.at,
                "event": entry.event.value,
                "id": id_,
                "name": names.get(id_, ""),
                "number": number,
                "filed": "" if number else rest,
            }
        )
    return found
