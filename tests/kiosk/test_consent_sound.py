"""What somebody says to agree is, at the platform, the very sound that went into the microphone: bytes and waveform.

Everything on its way is real: microphone, recorder, Opus, sealing, store, line, gateway. Opus at 24 kbit/s leaves the
waveform of these voices at 0.95 and more, so it is compared as it is, without any filter.
"""

import hashlib
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
import pytest

from gateway import desk, uploads
from gateway.database import Attachment as Upload
from gateway.desk import Tab
from gateway.serve import Served
from kiosk.tour.spoken import VARIANTS, sentences
from offline_queue import folder
from offline_queue.store import OUTBOX
from petition.events import RecordingEnded, RecordingStarted, SpeechHeard
from petition.model import Attachment, AttachmentKind, Authority
from petition.receipt import Receipt
from tests.kiosk.commands_support import CommandLine
from tests.kiosk.relay import Line, Relay
from tests.kiosk.visitor import HEARD, Visitor, visiting
from tests.virtual_sound import virtual_sound
from voice.likeness import correlation
from voice.opus import decode
from voice.virtual_sound import MICROPHONE_RATE, VirtualSound

__all__ = ["virtual_sound"]

pytestmark = pytest.mark.xdist_group("sound")

Samples = npt.NDArray[np.int16]

ALIKE = 0.9
UNLIKE = 0.3
"""Below this is another sentence of the same voice."""
AGREEMENT = "我同意由女儿替我办。"
MATTER = "楼道里的灯坏了。"
NEVER_SAID = "我同意由儿子替我办。"
"""Nearly the same words of the same voice."""


def spoken(sentence: str) -> Samples:
    return sentences(sentence, variant=VARIANTS[0])


def likeness(sound: bytes, said: Samples) -> float:
    """Return how much a recording, as the platform opened it, is of what was said: 0 … 1."""
    return correlation(said, np.concatenate(list(decode(sound, MICROPHONE_RATE))))


@dataclass(frozen=True, slots=True, kw_only=True)
class AtKiosk:
    """What the kiosk knew of a recording before it was sent."""

    plain_sha256: str
    sealed_sha256: str
    length: int
    """Of the sealed bytes."""


def speak(visitor: Visitor, sound: VirtualSound, choice: str, said: Samples, ends: str) -> Attachment:
    """Press what begins a recording, say something, press what ends it; return what was recorded."""
    before = len(visitor.all(RecordingStarted)), len(visitor.all(RecordingEnded)), len(visitor.all(SpeechHeard))
    visitor.press(choice)
    visitor.wait_for(RecordingStarted, times=before[0] + 1)
    sound.speak(said.tobytes())
    visitor.wait_for(SpeechHeard, times=before[2] + 1)
    visitor.press(ends)
    (recorded,) = visitor.wait_for(RecordingEnded, times=before[1] + 1).attachments
    return recorded


def file(visitor: Visitor, sound: VirtualSound, agreement: Samples, matter: Samples) -> tuple[Receipt, dict[str, str]]:
    """File for a mother who agrees in her own voice; return the receipt, and digests of the plain sounds by id."""
    visitor.press("proxy", "proxy_relation")
    visitor.press("parent", "proxy_consent")
    consent = speak(visitor, sound, "speak", agreement, "agree")
    visitor.wait_for_step("describe")
    said = speak(visitor, sound, "start", matter, "done")
    visitor.wait_for_step("review_recording")
    store = visitor.rooms.storekeeper
    plain = {one.id: hashlib.sha256(store.read_recording(one.id)).hexdigest() for one in (consent, said)}
    return visitor.send(), plain


def kept(enrolled: CommandLine, petition_id: str, plain: dict[str, str]) -> dict[str, AtKiosk]:
    """Return what lies in the kiosk's queue of these sounds, by id."""
    found = {}
    for id_, plain_sha256 in plain.items():
        length, digest = folder.digest_of_file(folder.attachment_path(enrolled.state / OUTBOX, petition_id, id_))
        found[id_] = AtKiosk(plain_sha256=plain_sha256, sealed_sha256=digest, length=length)
    return found


def sealed_at_platform(served: Served, petition_id: str) -> dict[str, bytes]:
    """Return the sealed bytes that the platform keeps, by id."""
    with served.platform.database.reading() as rows:
        uploaded = rows.query(Upload).filter(Upload.petition_id == petition_id).all()
        return {one.attachment_id: uploads.file_path(served.platform, one.file_id).read_bytes() for one in uploaded}


def delivered(served: Served, number: str) -> bool:
    listed, _ = desk.list_petitions(served.platform, Tab.ALL, digits=number)
    return any(one.files_here == one.files_expected == 2 for one in listed)


def test_who_agrees_in_their_own_voice_is_heard_at_the_platform_as_they_spoke(
    enrolled: CommandLine, served: Served, relay: Relay, virtual_sound: VirtualSound
) -> None:
    agreement, matter, never_said = spoken(AGREEMENT), spoken(MATTER), spoken(NEVER_SAID)
    with visiting(enrolled.state, url=relay.url, voice=HEARD) as visitor:
        visitor.wait(lambda: bool(visitor.state.catalogue.categories), "catalogue")
        visitor.wait(lambda: visitor.state.microphone, "microphone")
        relay.become(Line.GONE)  # so that what is sealed can be looked at where it waits
        receipt, plain = file(visitor, virtual_sound, agreement, matter)
        (waiting,) = enrolled.waiting()
        at_kiosk = kept(enrolled, waiting["id"], plain)
        relay.become(Line.GOOD)
        visitor.rooms.line.hurry()
        visitor.wait(lambda: delivered(served, receipt.number), "delivery")

    (petition_id,) = desk.find_by_number(served.platform, receipt.number)
    opened = desk.open_petition(served.platform, petition_id, account="wang")
    assert opened.content is not None
    assert opened.content.on_behalf is not None
    kinds = {part.id: part.kind for part in opened.content.attachments}
    (consent,) = opened.content.on_behalf.evidence
    assert opened.content.on_behalf.authority is Authority.SPOKEN
    assert kinds.pop(consent) is AttachmentKind.CONSENT
    ((said, kind),) = kinds.items()
    assert kind is AttachmentKind.RECORDING

    sealed = sealed_at_platform(served, petition_id)
    sounds = {id_: desk.open_attachment(served.platform, petition_id, id_, account="wang") for id_ in at_kiosk}
    assert {media_type for media_type, _ in sounds.values()} == {"audio/ogg"}
    for part, described in zip(opened.envelope.attachments, opened.content.attachments, strict=True):
        here = at_kiosk[part.id]
        assert (part.length, part.sha256) == (here.length, here.sealed_sha256)
        assert hashlib.sha256(sealed[part.id]).hexdigest() == here.sealed_sha256
        assert (described.id, described.sha256) == (part.id, here.plain_sha256)
        assert hashlib.sha256(sounds[part.id][1]).hexdigest() == here.plain_sha256

    voices = {consent: agreement, said: matter}
    alike = {pair: likeness(sounds[pair[0]][1], voices[pair[1]]) for pair in product(voices, voices)}
    assert min(alike[consent, consent], alike[said, said]) >= ALIKE
    assert max(alike[consent, said], alike[said, consent]) < UNLIKE
    assert likeness(sounds[consent][1], never_said) < ALIKE
