"""One volunteer files for ten people, one after the other: nothing of one is in what another sees, hears, or sends.

The kiosk runs as it does in the hall, in processes of its own: window, keyboard, badge, voice, microphone, camera, stick,
store and line are the real ones, and so is the platform. What is typed is drawn by chance for every run and goes to the
kiosk through a pipe. Two people are filed for in every run of the tests, ten in the long one.
"""

import hashlib
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gateway import admin, audit, desk, people
from gateway.catalogue import publish_catalogue
from gateway.database import AuditEntry
from gateway.desk import Opened, Tab
from gateway.people import Added
from gateway.platform import Platform
from gateway.serve import Served, running
from gateway.settings import Settings
from kiosk.pictures.decode_child import decoded
from offline_queue import protocol
from offline_queue.catalogue import as_model
from offline_queue.protocol import Catalogue, PersonRole
from offline_queue.store import open_store
from petition.danger import danger_in
from petition.identity import check_sign
from petition.model import AttachmentKind, Authority, Relation, Sensitive
from petition.receipt import Role
from petition.suggesting import suggestions
from tests.kiosk.marker_search import (
    Needle,
    Needles,
    Samples,
    needles_of_bytes,
    needles_of_letters,
    needles_of_samples,
    needles_of_text,
)
from tests.kiosk.marker_words import WORDS, Said, spoken, stretches_of
from tests.kiosk.picture_support import jpeg_file
from tests.kiosk.test_marker import Visited, read_by_a_screen_reader, visited
from voice.likeness import correlation
from voice.opus import decode
from voice.virtual_sound import MICROPHONE_RATE

pytestmark = pytest.mark.xdist_group("sound")

NAME = "诸葛青云"
MATTERS = ("电梯", "路灯", "漏水", "垃圾", "停车", "狗叫", "暖气", "食堂", "医院", "树木", "围墙")
"""What each of them comes for: the platform's examples know every one of these."""
COLOURS = {0: (10, 190, 180), 1: (200, 20, 200), 6: (130, 210, 20)}
"""Of the pictures, by whose they are: no page of the kiosk has any of these."""
SOURCES = {0: "stick", 1: "camera", 6: "stick"}
SPOKEN = (0, 5)
"""Who agrees in their own voice; the others press that they do."""
CAMERA = "lavfi:color=c=0x{:02x}{:02x}{:02x}:size=640x480:rate=15,noise=alls=6:allf=t".format(*COLOURS[1])
GRAIN = 6
"""By so much the parts of a colour differ from place to place, or there would be nothing in the picture to look for."""
ALIKE, UNLIKE = 0.9, 0.3
NEAR = 8
FEWEST_BYTES = 14
"""A slice of a picture with fewer different ones is a stretch in one colour, which may stand anywhere."""


@dataclass(slots=True, kw_only=True)
class Principal:
    """Somebody who is filed for: what is typed and said for them, and what came of it."""

    place: int
    text: Said
    name: Said
    phone: str
    own_phone: str
    id_number: str
    sound: Samples | None
    written: str = ""
    """What the keys became."""
    called: str = ""
    number: str = ""
    chosen: str = ""
    entries: list[str] = field(default_factory=list)

    def keys(self, colours: list[tuple[int, int, int]]) -> dict[str, object]:
        """What the volunteer has to press."""
        return {
            "letters": self.text.letters,
            "hanzi": len(self.text.text),
            "name": self.name.letters,
            "name_hanzi": len(self.name.text),
            "phone": self.phone,
            "own_phone": self.own_phone,
            "id_number": self.id_number,
            "spoken": self.sound is not None,
            "picture": SOURCES.get(self.place, ""),
            "choose": self.place,
            "colours": colours,
        }

    def marks(self) -> dict[str, str]:
        """What nobody else may see or hear, by what it is."""
        stretches = {f"words {place}": text for place, text in enumerate(sorted(stretches_of(self.written)))}
        numbers = {"phone": self.phone, "own phone": self.own_phone, "card": self.id_number, "receipt": self.number}
        keys = {"keys": self.text.letters, "keys of the name": self.name.letters, "name": self.called}
        return {what: mark for what, mark in (stretches | numbers | keys).items() if mark}

    def found_in(self, texts: list[str]) -> set[str]:
        """Which of these marks stand in any of some texts, however they are spaced."""
        plain = "\n".join(re.sub(r"\s", "", text) for text in texts)
        return {what for what, mark in self.marks().items() if mark in plain}

    def needles(self) -> list[Needle]:
        """What to look for in files; where receipts are kept their numbers are."""
        return [
            *needles_of_text({*stretches_of(self.written), self.called} - {""}),
            *needles_of_letters({self.text.letters, self.name.letters}, "keys"),
            *needles_of_letters({self.phone, self.own_phone, self.id_number}, "digits"),
            *(needles_of_samples(self.sound) if self.sound is not None else ()),
        ]


def drawn(chance: random.Random, count: int) -> list[Principal]:
    """Return as many people, no two of whom have anything in common."""
    phones = [f"139{number:08d}" for number in chance.sample(range(10**8), 2 * count)]
    rest = [word for word in WORDS if word not in MATTERS]
    chance.shuffle(rest)
    names, others = rest[: 2 * count], rest[2 * count :]
    agreements = chance.sample(WORDS, 3 * len(SPOKEN))
    return [
        Principal(
            place=place,
            text=harmless(chance, MATTERS[place], others),
            name=Said((names[2 * place], names[2 * place + 1])),
            phone=phones[place],
            own_phone=phones[count + place],
            id_number=id_number(chance, place),
            sound=spoken("".join(agreements[SPOKEN.index(place) :: len(SPOKEN)])) if place in SPOKEN else None,
        )
        for place in range(count)
    ]


def harmless(chance: random.Random, matter: str, words: list[str]) -> Said:
    """Draw words around a matter, for which nobody need be called; every stretch of them has the matter in it."""
    while True:
        drawn = chance.sample(words, 4)
        said = Said((*drawn[:2], matter, *drawn[2:]))
        if danger_in(said.text) is None:
            return said


def id_number(chance: random.Random, place: int) -> str:
    """Return the number of a card, of which every other ends in a cross."""
    while True:
        digits = f"1101051940{chance.randrange(1, 13):02d}{chance.randrange(1, 29):02d}{chance.randrange(1000):03d}"
        sign = check_sign(digits)
        if (sign == "X") == bool(place % 2):
            return digits + sign


@dataclass(slots=True, kw_only=True)
class Look:
    """What was found at one moment."""

    at: str
    place: int
    """Whose turn it was."""
    screen: dict[int, set[str]]
    """Which marks of each were in the window, by whose they are."""
    screen_reader: dict[int, set[str]] | None
    """The same as AT-SPI tells it."""
    said: dict[int, set[str]]
    """Which were said since the moment before."""
    colours: list[int]


@dataclass(slots=True, kw_only=True)
class Filed:
    """A whole session of a volunteer, and what was found."""

    served: Served
    volunteer: Added
    state: Path
    left: Principal
    """Who was begun for when the volunteer went away."""
    everybody: list[Principal] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    """On which step each of them left the kiosk."""
    files: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    """Where anything of anybody was found, by moment: files, their names, environments, arguments."""
    fresh: list[list[list[str]]] = field(default_factory=list)
    """What stood on the pages on which nothing was given yet, by whose turn it was."""
    signed_in: bool | None = None
    """Whether anybody was afterwards."""

    @property
    def platform(self) -> Platform:
        return self.served.platform

    def look(self, kiosk: Visited, told: dict[str, Any], place: int, *, reader: bool = False) -> None:
        """Note what is there to see and hear."""
        known = [*self.everybody, self.left]
        texts = read_by_a_screen_reader(kiosk.environment) if reader else None
        self.looks.append(
            Look(
                at=told["at"],
                place=place,
                screen={one.place: one.found_in(told["seen"]) for one in known},
                screen_reader=None if texts is None else {one.place: one.found_in(texts) for one in known},
                said={one.place: one.found_in(told["said"]) for one in known},
                colours=[list(COLOURS)[seen] for seen in told["colours"]],
            )
        )

    def search(self, kiosk: Visited, at: str, *needles: Needle) -> None:
        """Look for all of everybody in every file."""
        known = [*self.everybody, self.left]
        wanted = [needle for one in known if one.written for needle in one.needles()]
        self.files[at] = kiosk.found(Needles([*wanted, *needles]))

    def opened(self, one: Principal) -> Opened:
        """Return somebody's petition as the platform has it."""
        (petition_id,) = desk.find_by_number(self.platform, one.number)
        return desk.open_petition(self.platform, petition_id, account="wang", clear=True)

    def attached(self, opened: Opened, kind: AttachmentKind) -> list[bytes]:
        """Return the plain bytes of what is attached of a kind."""
        parts = [part for part in opened.attachments if part.kind is kind]
        return [desk.open_attachment(self.platform, opened.envelope.id, part.id, account="wang")[1] for part in parts]


@pytest.fixture(
    scope="module",
    params=[pytest.param(2, id="two"), pytest.param(10, id="ten", marks=[pytest.mark.slow, pytest.mark.timeout(900)])],
)
def filed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filed]:
    """A volunteer who has filed for so many people, signed in again, and gone away."""
    folder, count = tmp_path_factory.mktemp("principals"), request.param
    chance = random.Random()  # noqa: S311 (words, not keys)
    with running(Settings(directory=folder / "gateway", port=0)) as served, visited(folder, "principals") as kiosk:
        volunteer = people.add_person(served.platform, name=NAME, role=PersonRole.VOLUNTEER, petitions=count)
        stick = folder / "stick"
        stick.mkdir()
        assert kiosk.wait()["at"] == "enrol"
        code = admin.make_enrolment_code(served.platform, kiosk_name="一号机", place="xingfu")
        kiosk.answer(url=served.url, code=code, badge=volunteer.badge, camera=CAMERA, stick=str(stick))
        *everybody, left = drawn(chance, count + 1)
        result = Filed(served=served, volunteer=volunteer, state=kiosk.state / "kiosk", left=left)
        for one in everybody:
            file_for(kiosk, result, one, stick)
        kiosk.until("next")
        kiosk.answer(next=None)
        go_away(kiosk, result)
        yield result


def go_away(kiosk: Visited, result: Filed) -> None:
    """Sign in again, begin for one more, and be gone."""
    kiosk.until("last")
    kiosk.answer(next=result.left.keys(list(COLOURS.values())))
    told = kiosk.until("half-way")
    result.left.written = told["text"]
    result.look(kiosk, told, result.left.place)
    kiosk.answer()
    told = kiosk.until("timed-out")
    result.look(kiosk, told, result.left.place, reader=True)
    kiosk.answer()
    told = kiosk.until("afterwards")
    result.signed_in = told["signed_in"]
    result.look(kiosk, told, result.left.place)
    result.search(kiosk, "afterwards", *(needle for one in result.everybody for needle in attachments_of(result, one)))
    kiosk.answer()
    kiosk.until("ended")
    kiosk.answer()


def attachments_of(result: Filed, one: Principal) -> Iterator[Needle]:
    """Yield what to look for of somebody's sounds and pictures as they are at the platform, opened."""
    opened = result.opened(one)
    for kind in (AttachmentKind.CONSENT, AttachmentKind.PICTURE):
        for plain in result.attached(opened, kind):
            needles = [n for n in needles_of_bytes(plain, kind) if len(set(n.raw)) >= FEWEST_BYTES]
            assert needles
            yield from needles


def file_for(kiosk: Visited, result: Filed, one: Principal, stick: Path) -> None:
    """File for somebody, and look into everything meanwhile and afterwards."""
    source = SOURCES.get(one.place)
    if source == "stick":
        grain = np.random.default_rng().integers(-GRAIN, GRAIN + 1, (240, 320, 1))
        (stick / "IMG_0001.jpg").write_bytes(jpeg_file((grain + COLOURS[one.place]).astype(np.uint8)))
    kiosk.until("next")
    result.everybody.append(one)
    kiosk.answer(next=one.keys(list(COLOURS.values())))
    sounds = [] if one.sound is None else [one.sound]
    if source:
        result.look(kiosk, kiosk.until("picture", *sounds), one.place)
        kiosk.answer()
        sounds = []
    told = kiosk.until("reviewed", *sounds)
    one.written, one.called = told["text"], told["name"]
    one.entries, one.chosen = told["entries"], told["chosen"]
    result.fresh.append(told["fresh"])
    result.look(kiosk, told, one.place, reader=True)
    kiosk.answer()
    told = kiosk.until("filed")
    one.number = told["number"]
    result.look(kiosk, told, one.place)
    kiosk.answer()
    for picture in stick.iterdir():
        picture.unlink()
    told = kiosk.until("between")
    result.steps.append(told["step"])
    result.look(kiosk, told, one.place, reader=True)
    result.search(kiosk, f"after {one.place}")
    kiosk.answer()


# --- on the screen, in the ear, on the disk ---------------------------------------------------------------------------


def test_no_widget_shown_or_hidden_and_nothing_said_has_anything_of_another(filed: Filed) -> None:
    for look in filed.looks:
        own = {look.place}
        assert {place for place, what in look.screen.items() if what} <= own, look.at
        assert {place for place, what in look.said.items() if what} <= own, look.at
        assert set(look.colours) <= own, look.at
        assert not look.said[look.place] & {"name", "phone", "own phone", "card"}, "not even to themselves"


def test_a_screen_reader_reads_nothing_of_another(filed: Filed) -> None:
    read = [look for look in filed.looks if look.screen_reader is not None]
    if not read:
        pytest.skip("gir1.2-atspi-2.0 is not installed")
    for look in read:
        assert look.screen_reader is not None
        assert {place for place, what in look.screen_reader.items() if what} <= {look.place}, look.at
        assert (look.at == "reviewed") == bool(look.screen_reader[look.place]), look.at


def test_the_search_finds_what_is_there(filed: Filed) -> None:
    words = {"words 0", "words 1", "words 2"}
    for look in filed.looks:
        if look.at == "reviewed":
            assert words <= look.screen[look.place]
            assert words <= look.said[look.place], "they had it read to them"
        if look.at == "filed":
            assert "receipt" in look.screen[look.place]
        if look.at == "half-way":
            assert words <= look.screen[look.place]
    pictures = {look.place: look.colours for look in filed.looks if look.at == "picture"}
    assert pictures == {one.place: [one.place] for one in filed.everybody if one.place in SOURCES}


def test_once_somebody_has_left_nothing_of_them_is_in_the_window(filed: Filed) -> None:
    for look in filed.looks:
        if look.at in {"between", "timed-out", "afterwards"}:
            assert look.screen == {place: set() for place in look.screen}, look.at
            assert look.colours == []


def test_a_page_on_which_nothing_was_given_yet_is_the_same_for_everybody(filed: Filed) -> None:
    first = filed.fresh[0]
    for pages in filed.fresh[1:]:
        assert pages == first


def test_no_file_log_argument_or_environment_has_anything_of_anybody(filed: Filed) -> None:
    assert filed.files == {at: {} for at in filed.files}
    assert list(filed.files)[-1] == "afterwards"


def test_the_categories_stand_in_the_order_of_the_persons_own_words(filed: Filed) -> None:
    body = publish_catalogue(filed.platform, place="").chain.message.body
    catalogue = as_model(protocol.read(Catalogue, body))
    ids = [category.id for category in catalogue.categories]
    for one in filed.everybody:
        likely = suggestions(one.written, catalogue)
        assert likely
        assert one.entries == [*likely, *(id_ for id_ in ids if id_ not in likely)][: len(one.entries)]
    assert len({tuple(one.entries) for one in filed.everybody}) > 1


# --- at the platform --------------------------------------------------------------------------------------------------


def test_every_petition_at_the_platform_is_that_of_its_own_person(filed: Filed) -> None:
    listed, more = desk.list_petitions(filed.platform, Tab.ALL)
    assert not more
    assert {one.number for one in listed} == {one.number for one in filed.everybody}
    for one in filed.everybody:
        opened = filed.opened(one)
        content = opened.content
        assert content is not None
        assert (content.number, content.text, content.category) == (one.number, one.written, one.chosen)
        assert (content.phone, content.id_number, content.name) == (f"+86{one.own_phone}", one.id_number, "")
        behalf = content.on_behalf
        assert behalf is not None
        assert (behalf.principal, behalf.principal_phone) == (one.called, f"+86{one.phone}")
        agent = filed.volunteer.entry
        assert (behalf.relation, behalf.agent, behalf.agent_id) == (Relation.VOLUNTEER, agent.name, agent.id)
        assert content.roles == (Role.OWN, Role.AGENT)
        given = {consent.about: consent.given for consent in content.consents}
        pictured = {Sensitive.PICTURE: True} if one.place in SOURCES else {}
        assert given == {Sensitive.ID_NUMBER: True, **pictured}


def test_every_sound_and_picture_at_the_platform_is_that_of_its_own_person(filed: Filed) -> None:
    sounds = {one.place: one.sound for one in filed.everybody if one.sound is not None}
    for one in filed.everybody:
        opened = filed.opened(one)
        assert opened.content is not None
        assert opened.content.on_behalf is not None
        consents = [part.id for part in opened.attachments if part.kind is AttachmentKind.CONSENT]
        pictures = [part.id for part in opened.attachments if part.kind is AttachmentKind.PICTURE]
        assert len(opened.attachments) == len(consents) + len(pictures)
        assert (len(consents), len(pictures)) == (one.place in sounds, one.place in SOURCES)
        assert opened.content.on_behalf.evidence == tuple(consents)
        assert opened.content.on_behalf.authority is (Authority.SPOKEN if consents else Authority.PRESSED)
        digests = {part.id: part.sha256 for part in opened.content.attachments}
        for id_ in (*consents, *pictures):
            plain = desk.open_attachment(filed.platform, opened.envelope.id, id_, account="wang")[1]
            assert hashlib.sha256(plain).hexdigest() == digests[id_]
        for encoded in filed.attached(opened, AttachmentKind.CONSENT):
            heard = np.concatenate(list(decode(encoded, MICROPHONE_RATE)))
            alike = {place: correlation(sound, heard) for place, sound in sounds.items()}
            assert alike.pop(one.place) >= ALIKE
            assert all(other < UNLIKE for other in alike.values())
        for picture in filed.attached(opened, AttachmentKind.PICTURE):
            pixels = decoded(picture, (4096, 4096))
            assert pixels is not None
            assert np.abs(pixels.mean(axis=(0, 1)) - COLOURS[one.place]).max() <= NEAR


def test_what_the_platform_writes_down_names_nobody(filed: Filed) -> None:
    with filed.platform.database.reading() as rows:
        assert audit.first_broken(rows) is None
        entries = [f"{entry.account} {entry.deed} {entry.detail}" for entry in rows.query(AuditEntry)]
    assert entries
    assert {one.place: one.found_in(entries) for one in filed.everybody if one.found_in(entries)} == {}


# --- the volunteer ----------------------------------------------------------------------------------------------------


def test_the_log_has_every_number_once_and_who_filed_it(filed: Filed) -> None:
    id_, count = filed.volunteer.entry.id, len(filed.everybody)
    with open_store(filed.state) as store:
        log = [(entry.event.value, entry.subject) for entry in reversed(store.people_log(1000))]
        assert store.audit_unbroken()
    assert log == [
        ("agent-signed-in", id_),
        *(("agent-filed", f"{id_} {one.number}") for one in filed.everybody),
        ("agent-signed-out", f"{id_} {count}"),
        ("agent-signed-in", id_),
        ("agent-signed-out", f"{id_} 0"),
    ]


def test_after_as_many_as_was_agreed_and_when_nobody_answers_the_volunteer_is_signed_out(filed: Filed) -> None:
    assert filed.volunteer.entry.petitions == len(filed.everybody)
    assert filed.steps == [*["agent_ready"] * (len(filed.everybody) - 1), "agent_signed_out"]
    assert filed.signed_in is False
