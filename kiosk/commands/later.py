"""`kiosk rate`, `supplement`, `urge` and `withdraw`: what the holder of a receipt says later, without a screen."""

import argparse
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.commands import line
from kiosk.commands.state import with_store
from kiosk.configuration import Configuration
from petition.errors import Fault, FaultCode
from petition.model import AttachmentKind, Later, LaterKind
from petition.receipt import TAG_DIGITS

if TYPE_CHECKING:
    from kiosk.sound_files import SoundFile
    from offline_queue.store import Store

RATE = 16_000
"""Samples a second a sound is made smaller with: as the kiosk records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sound:
    """A sound small enough to travel inside an event."""

    source: Path | bytes
    media_type: str
    seconds: float


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", anywhere: argparse.ArgumentParser) -> None:
    """Add these commands to the line."""

    def command(name: str, told: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, parents=[anywhere], help=told)
        made.add_argument("number", metavar="NUMBER", help="12 digits")
        made.add_argument("tag", metavar="TAG", help="the tag's 20 digits: the last of the QR code")
        return made

    rate = command("rate", "rate what was done about a petition; may be changed")
    rate.add_argument("level", metavar="LEVEL", help="an id of the platform's catalogue, such as good")
    rate.add_argument("--comment", default="", metavar="T", help="anything to add")
    rate.add_argument("--review", action="store_true", help="have somebody else look into it again")
    supplement = command("supplement", "add to a petition that is filed")
    supplement.add_argument("--text", default="", metavar="T", help="what there is to add")
    urge = command("urge", "say that a petition is waited for")
    withdraw = command("withdraw", "say that a petition is not wanted any more")
    for spoken in (rate, supplement):
        spoken.add_argument(
            "--audio", type=Path, action="append", default=[], metavar="F", help="the same in a voice; repeatable"
        )
    runs = ((rate, rate_petition), (supplement, supplement_petition), (urge, urge_petition))
    for parser, run in (*runs, (withdraw, withdraw_petition)):
        parser.add_argument("--json", action="store_true", help="for programs")
        parser.set_defaults(run=run)


def rate_petition(asked: argparse.Namespace, configuration: Configuration) -> int:
    """Queue a rating, sealed; the network is not asked. Of two for one petition the later counts."""
    from offline_queue.protocol import MAX_TEXT_CHARACTERS

    later = replace(
        _later(LaterKind.RATING, asked),
        level=asked.level,
        review=asked.review,
        words=line.words("--comment", asked.comment, MAX_TEXT_CHARACTERS),
    )

    def check(store: "Store") -> None:
        levels = [level.id for level in store.catalogue().rating_levels]
        if not levels:
            raise Fault(FaultCode.BAD_INPUT, "the platform's levels are not known here yet: kiosk sync --once")
        if asked.level not in levels:
            raise Fault(FaultCode.BAD_INPUT, f"LEVEL is one of {', '.join(levels)}")

    return _queue("The rating", later, asked, configuration, check)


def supplement_petition(asked: argparse.Namespace, configuration: Configuration) -> int:
    """Queue words and sounds about a petition that is filed, sealed; the network is not asked."""
    from offline_queue.protocol import MAX_TEXT_CHARACTERS

    words = line.words("--text", asked.text, MAX_TEXT_CHARACTERS)
    if not words and not asked.audio:
        raise Fault(FaultCode.BAD_INPUT, "there is nothing to add: give --text, or a sound with --audio")
    return _queue("What there is to add", _later(LaterKind.SUPPLEMENT, asked, words), asked, configuration)


def urge_petition(asked: argparse.Namespace, configuration: Configuration) -> int:
    """Queue that a petition is waited for; the network is not asked."""
    return _queue("The reminder", _later(LaterKind.URGE, asked), asked, configuration)


def withdraw_petition(asked: argparse.Namespace, configuration: Configuration) -> int:
    """Queue that a petition is not wanted any more; the network is not asked."""
    return _queue("The withdrawal", _later(LaterKind.WITHDRAW, asked), asked, configuration)


def _later(kind: LaterKind, asked: argparse.Namespace, words: str = "") -> Later:
    number, tag = line.receipt_number(asked.number), line.tag_or_code(asked.tag)
    if len(tag) != TAG_DIGITS:
        raise Fault(FaultCode.BAD_INPUT, f"a {kind} needs the tag's 20 digits, from the QR code on the slip")
    return Later(kind=kind, number=number, tag=tag, words=words)


def _queue(
    what: str,
    later: Later,
    asked: argparse.Namespace,
    configuration: Configuration,
    check: "Callable[[Store], None]" = lambda _store: None,
) -> int:
    sounds = [_small(path) for path in getattr(asked, "audio", ())]

    def queue(store: "Store") -> str:
        check(store)
        draft_id = str(uuid.uuid4())
        try:
            recordings = tuple(
                store.add_file(
                    draft_id, sound.source, AttachmentKind.AUDIO_FILE, sound.media_type, seconds=sound.seconds
                )
                for sound in sounds
            )
            return store.say_later(replace(later, recordings=recordings))
        finally:
            if sounds:
                store.drop()

    event_id = with_store(configuration, queue)
    if asked.json:
        line.show_json({"id": event_id, "number": later.number})
    else:
        line.show(f"{what} is kept here, sealed, and is sent with the next sync.")
    return line.DONE


def _small(path: Path) -> _Sound:
    """Return a sound unchanged where it fits into an event, else encoded as the kiosk records; raises Fault."""
    from kiosk.sound_files import look_at
    from offline_queue.filing import MAX_SOUND_BYTES

    found = look_at(path, option="--audio")
    if path.stat().st_size <= MAX_SOUND_BYTES:
        return _Sound(source=found.path, media_type=found.media_type, seconds=found.seconds)
    return _encoded(found, MAX_SOUND_BYTES)


def _encoded(found: "SoundFile", most_bytes: int) -> _Sound:
    from offline_queue.recording import RECORDING_MEDIA_TYPE
    from voice.opus import Encoder, decode

    encoder, pages = Encoder(RATE), bytearray()
    try:
        for samples in decode(found.path.read_bytes(), RATE):
            pages += encoder.encode(samples)
            if len(pages) > most_bytes:
                break
    except ValueError:
        raise Fault(FaultCode.BAD_INPUT, "--audio holds no sound that can be played: record it again") from None
    pages += encoder.finish()
    if len(pages) > most_bytes:
        raise Fault(FaultCode.BAD_INPUT, "--audio is too long for this: give three minutes at most, or several sounds")
    return _Sound(source=bytes(pages), media_type=RECORDING_MEDIA_TYPE, seconds=encoder.seconds)
