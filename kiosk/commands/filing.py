"""`kiosk file`: files a petition without a screen."""

import argparse
import re
import sys
import uuid
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.commands import line
from kiosk.commands.state import with_store
from kiosk.configuration import Configuration
from kiosk.printable import printable
from petition.errors import Fault, FaultCode
from petition.model import (
    AttachmentKind,
    Authority,
    Catalogue,
    Draft,
    Language,
    OnBehalf,
    Place,
    Relation,
    TextSource,
)
from petition.phone import phone_number
from petition.receipt import Receipt, Role

if TYPE_CHECKING:
    from offline_queue.store import Store

STDIN = "-"
NAME_CHARACTERS = 200
"""What the platform takes of a name or a relation."""
NAMED = 10
"""So many of what is allowed are named in a complaint; a catalogue may have thousands."""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", anywhere: argparse.ArgumentParser) -> None:
    """Add these commands to the line."""
    file = commands.add_parser("file", parents=[anywhere], help="file a petition; prints its receipt as JSON")
    file.add_argument("--text", default="", metavar="T", help="what it is about; - reads it from standard input")
    file.add_argument(
        "--audio", type=Path, action="append", default=[], metavar="F", help="a sound, carried unchanged; repeatable"
    )
    file.add_argument(
        "--picture", type=Path, action="append", default=[], metavar="F", help="a picture, made anew; up to six"
    )
    file.add_argument("--phone", default="", metavar="P", help="where to call back; without it it is anonymous")
    file.add_argument("--kind", default="", metavar="K", help=f"one of {', '.join(kinds())}")
    file.add_argument("--category", default="", metavar="C", help="an id of the platform's catalogue")
    file.add_argument("--place", metavar="P", help="an id or name of the catalogue, or free words; else this community")
    file.add_argument(
        "--language", default=Language.SIMPLIFIED, metavar="L", help=f"of the receipt: {', '.join(Language)}"
    )
    behalf = file.add_argument_group("for somebody else")
    behalf.add_argument("--for", dest="principal", default="", metavar="NAME", help="whose matter it is")
    behalf.add_argument(
        "--relation",
        default="",
        metavar="R",
        help=f"who they are to the one who files: {', '.join(Relation)}, or other words",
    )
    behalf.add_argument(
        "--consent",
        type=Path,
        metavar="F",
        help="a sound in which they say that they agree: the evidence",
    )
    behalf.add_argument("--agent", "--by", dest="agent", default="", metavar="NAME", help="who files")
    file.set_defaults(run=file_petition)


def kinds() -> tuple[str, ...]:
    """Return the ids of the kinds of petitions, as the script offers them."""
    from petition.script.book import STEPS
    from petition.steps import Act

    return tuple(choice.value for choice in STEPS["kind"].choices if choice.act is Act.SET_KIND)


def file_petition(asked: argparse.Namespace, configuration: Configuration) -> int:
    """File a petition; the network is not asked."""
    from kiosk.pictures.files import read_pictures
    from kiosk.sound_files import look_at
    from offline_queue.protocol import MAX_TEXT_CHARACTERS

    text = line.words("--text", _text(asked.text), MAX_TEXT_CHARACTERS)
    if not text and not asked.audio:
        raise Fault(FaultCode.BAD_INPUT, "there is nothing to file: give --text, or a sound with --audio")
    place = None if asked.place is None else line.words("--place", asked.place, MAX_TEXT_CHARACTERS)
    on_behalf = _on_behalf(asked)
    whole = Draft(
        petition_id=str(uuid.uuid4()),  # one, even when damage is met and work begins again: it is filed once
        text=text,
        text_source=TextSource.TYPED if text else TextSource.NONE,
        kind=_one_of("--kind", asked.kind, ("", *kinds())),
        phone=_phone(asked.phone),
        on_behalf=on_behalf,
        language=Language(_one_of("--language", asked.language, tuple(Language))),
    )
    sounds = [(look_at(path, option="--audio"), AttachmentKind.AUDIO_FILE) for path in asked.audio]
    if on_behalf is not None:
        sounds.append((look_at(asked.consent, option="--consent"), AttachmentKind.CONSENT))
    pictures = read_pictures(asked.picture, option="--picture")

    def file(store: "Store") -> dict[str, Any]:
        catalogue = store.catalogue()
        draft = replace(
            whole,
            category=_category(asked.category, catalogue),
            place=_place(place, catalogue),
        )
        try:
            attachments = tuple(
                store.add_file(draft.petition_id, sound.path, kind, sound.media_type, seconds=sound.seconds)
                for sound, kind in sounds
            ) + tuple(
                store.add_file(draft.petition_id, picture, AttachmentKind.PICTURE, "image/jpeg") for picture in pictures
            )
            agreed = tuple(each.id for each in attachments if each.kind is AttachmentKind.CONSENT)
            receipt = store.file(
                replace(draft, attachments=attachments, on_behalf=on_behalf and replace(on_behalf, evidence=agreed))
            )
        except Fault:
            store.drop()
            raise
        told = _told(receipt)
        if on_behalf is not None:
            told["agent"] = _told(store.receipt(receipt.number, Role.AGENT))
        return told

    return _hand_over(with_store(configuration, file))


def _hand_over(told: dict[str, Any]) -> int:
    """Show the receipt. Where nobody can read it, say that the petition is filed: else somebody files it again."""
    try:
        line.show_json(told)
        sys.stdout.flush()
    except OSError:
        line.let_go_of_output()
        said = line.tell(
            f"it IS filed, don't file it again: its number is {told['number']}. Its receipt could not be written "
            f"to standard output; for the slip: kiosk receipt {told['number']} --pdf F"
        )
        return line.DONE if said else line.MISSING
    return line.DONE


def _told(receipt: Receipt) -> dict[str, Any]:
    return {
        "number": receipt.number,
        "query_code": receipt.query_code,
        "tag": receipt.tag,
        "url": receipt.url,
        "made_at": line.utc(receipt.made_at),
    }


def _text(given: str) -> str:
    text = sys.stdin.buffer.read().decode("utf-8", "surrogateescape") if given == STDIN else given
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Fault(FaultCode.BAD_INPUT, "--text is not UTF-8: save it as UTF-8, or set LANG=C.UTF-8") from None
    return text


def _on_behalf(asked: argparse.Namespace) -> OnBehalf | None:
    principal = line.words("--for", asked.principal, NAME_CHARACTERS)
    relation = line.words("--relation", asked.relation, NAME_CHARACTERS)
    agent = line.words("--agent", asked.agent, NAME_CHARACTERS)
    given = {"--for": principal, "--relation": relation, "--consent": asked.consent}
    if not any(given.values()):
        if agent:
            raise Fault(FaultCode.BAD_INPUT, "--agent is for filing for somebody else: say for whom with --for")
        return None
    if missing := [option for option, value in given.items() if not value]:
        raise Fault(FaultCode.BAD_INPUT, f"to file for somebody else, add {' and '.join(missing)}")
    return OnBehalf(principal=principal, relation=relation, agent=agent, authority=Authority.SPOKEN)


def _phone(given: str) -> str:
    if not given:
        return ""
    number = phone_number(given)
    if number is None:
        raise Fault(FaultCode.BAD_INPUT, "--phone is no telephone number: give 11 digits, or area code and number")
    return number


def _one_of(option: str, given: str, allowed: tuple[str, ...]) -> str:
    if given not in allowed:
        named = [printable(each) for each in allowed if each]
        more = ", …" if len(named) > NAMED else ""
        raise Fault(FaultCode.BAD_INPUT, f"{option} is one of {', '.join(named[:NAMED])}{more}")
    return given


def _category(given: str, catalogue: Catalogue) -> str:
    known = tuple(category.id for category in catalogue.categories)
    if not known and re.fullmatch(r"[a-z0-9_-]{1,64}", given):
        return given  # nothing to hold it against yet: the platform will
    return _one_of("--category", given, ("", *known))


def _place(given: str | None, catalogue: Catalogue) -> Place:
    if given is None:
        return catalogue.home_place
    for place in catalogue.places:
        if given == place.id or given in dict(place.names).values():
            return Place(text=place.name(Language.SIMPLIFIED), code=place.id)
    return Place(text=given)
