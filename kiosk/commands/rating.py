"""`kiosk rate`: says how the holder of a receipt finds what was done about it."""

import argparse
from typing import TYPE_CHECKING

from kiosk.commands import line
from kiosk.commands.state import with_store
from kiosk.configuration import Configuration
from petition.errors import Fault, FaultCode
from petition.model import Later, LaterKind
from petition.receipt import TAG_DIGITS

if TYPE_CHECKING:
    from offline_queue.store import Store


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", anywhere: argparse.ArgumentParser) -> None:
    """Add this command to the line."""
    rate = commands.add_parser("rate", parents=[anywhere], help="rate what was done about a petition; may be changed")
    rate.add_argument("number", metavar="NUMBER", help="12 digits")
    rate.add_argument("tag", metavar="TAG", help="the tag's 20 digits: the last of the QR code")
    rate.add_argument("level", metavar="LEVEL", help="an id of the platform's catalogue, such as good")
    rate.add_argument("--comment", default="", metavar="T", help="anything to add")
    rate.add_argument("--review", action="store_true", help="have somebody else look into it again")
    rate.add_argument("--json", action="store_true", help="for programs")
    rate.set_defaults(run=rate_petition)


def rate_petition(asked: argparse.Namespace, configuration: Configuration) -> int:
    """Queue a rating, sealed; the network is not asked. Of two for one petition the later counts."""
    from offline_queue.protocol import MAX_TEXT_CHARACTERS

    number, tag = line.receipt_number(asked.number), line.tag_or_code(asked.tag)
    if len(tag) != TAG_DIGITS:
        raise Fault(FaultCode.BAD_INPUT, "a rating needs the tag's 20 digits, from the QR code on the slip")
    comment = line.words("--comment", asked.comment, MAX_TEXT_CHARACTERS)

    def rate(store: "Store") -> str:
        levels = [level.id for level in store.catalogue().rating_levels]
        if not levels:
            raise Fault(FaultCode.BAD_INPUT, "the platform's levels are not known here yet: kiosk sync --once")
        if asked.level not in levels:
            raise Fault(FaultCode.BAD_INPUT, f"LEVEL is one of {', '.join(levels)}")
        return store.say_later(
            Later(kind=LaterKind.RATING, number=number, tag=tag, level=asked.level, review=asked.review, words=comment)
        )

    event_id = with_store(configuration, rate)
    if asked.json:
        line.show_json({"id": event_id, "number": number})
    else:
        line.show("The rating is kept here, sealed, and is sent with the next sync.")
    return line.DONE
