"""A reader of resident cards: asked, it tells a card's name and number once, and nothing else, whatever comes over its line."""

import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import reduce
from operator import xor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.cards.card_text import Person, person
from kiosk.cards.frames import MOST_BYTES, Answer, Frames, framed
from kiosk.cards.reader import CardLine, CardReader
from kiosk.configuration import Card, Configuration, load_configuration
from kiosk.doctor import examinations, examine
from kiosk.examine.cards import card_reader
from kiosk.examine.finding import Condition
from petition.errors import Fault
from petition.events import CardRead
from tests.kiosk.card_reader import (
    ADDRESS,
    BIRTH,
    FIND,
    ISSUER,
    PREAMBLE,
    READ,
    SELECT,
    STATE,
    FakeReader,
    Laid,
    answer,
    made_up,
)
from tests.kiosk.events_box import WAIT_SECONDS, Box

WANG = Laid()
LI = Laid(name="李大海", number=made_up("35020319380228010"))
WANGS = CardRead(name=WANG.name, id_number=WANG.number)
LIS = CardRead(name=LI.name, id_number=LI.number)


def taken(data: bytes, piece: int = 0) -> Person | int | None:
    """What becomes of bytes that come in pieces: whose card they are, a state without data, None without a frame."""
    frames, found = Frames(), None
    for at in range(0, len(data), piece or len(data) or 1):
        part = data[at : at + (piece or len(data))]
        while part and found is None:
            room = frames.space()[: len(part)]
            room[:] = part[: len(room)]
            part = part[len(room) :]
            found = frames.take(len(room))
    return None if found is None else person(found.data) or found.state


# --- bytes ------------------------------------------------------------------------------------------------------------


def test_commands_are_framed_as_the_standard_says() -> None:
    assert framed(b"\x20\x01") == bytes.fromhex("AAAAAA9669 0003 20 01 22")
    assert framed(b"\x30\x01") == bytes.fromhex("AAAAAA9669 0003 30 01 32")
    assert framed(b"\x11\xff") == bytes.fromhex("AAAAAA9669 0003 11 FF ED")


@given(st.binary(max_size=60), st.integers(0, 80))
def test_a_card_is_read_whatever_came_before_and_in_whatever_pieces(garbage: bytes, piece: int) -> None:
    garbage = garbage.replace(PREAMBLE, b"")
    assert taken(garbage + answer(0x90, WANG.data()), piece) == Person(name=WANG.name, number=WANG.number)


@given(st.lists(st.one_of(st.binary(max_size=40), st.just(PREAMBLE), st.just(PREAMBLE[:3]), st.just(answer(0x80)[:9]))))
def test_no_bytes_break_the_frames_and_there_is_always_room(pieces: list[bytes]) -> None:
    frames = Frames()
    for piece in pieces:
        for byte in piece:
            frames.space()[0] = byte
            if frames.take(1) is not None:
                frames.wipe()
    assert len(frames.space()) > MOST_BYTES // 2


@pytest.mark.parametrize("length", [0, 1, 2, 3, 1289, 0x7FFF, 0xFFFF])
def test_a_length_that_no_answer_has_is_passed_over(length: int) -> None:
    assert taken(PREAMBLE + length.to_bytes(2, "big") + answer(0x9F)) == 0x9F


@given(st.integers(5, 1290), st.integers(1, 255))
def test_a_frame_in_which_a_byte_changed_tells_nobody(at: int, change: int) -> None:
    whole = bytearray(answer(0x90, WANG.data()))
    whole[at] ^= change
    assert not isinstance(taken(bytes(whole)), Person)


def test_what_was_received_is_overwritten() -> None:
    frames = Frames()
    data = b"\xaa\xaa" + answer(0x90, WANG.data())
    frames.space()[: len(data)] = data
    found = frames.take(len(data))
    assert isinstance(found, Answer)
    assert WANG.number.encode("utf-16-le") in bytes(found.data)
    frames.wipe()
    assert bytes(frames.space()) == bytes(MOST_BYTES)
    assert not any(found.data)


def test_what_is_moved_to_the_front_leaves_nothing_behind() -> None:
    frames = Frames()
    card = answer(0x90, WANG.data())
    data = b"x" * 500 + card[:-1]
    frames.space()[: len(data)] = data
    assert frames.take(len(data)) is None
    assert not any(frames.space())


# --- what is written on a card ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("card", "name", "number"),
    [
        (WANG, "王小明", WANG.number),
        (
            Laid(name="阿卜杜拉・买买提江", number=made_up("65312119520304001")),
            "阿卜杜拉·买买提江",
            None,
        ),
        (Laid(name="𠮷小兰", number="11010519491231002X"), "𠮷小兰", "11010519491231002X"),
        (Laid(name="陈阿妹", number=made_up("81000019500505001"), kind="J"), "陈阿妹", made_up("81000019500505001")),
        (Laid(name="", latin="SILVA, MARIA", number=made_up("93104419810503001"), kind="Y"), "SILVA, MARIA", None),
        (Laid(name="马丽亚", latin="SILVA, MARIA", number=made_up("93104419810503001"), kind="Y"), "马丽亚", None),
        (Laid(name="马丽亚", latin="SILVA, MARIA", kind="I"), "马丽亚", ""),
        (Laid(name="", latin="SILVA, MARIA", kind="I"), "SILVA, MARIA", ""),
        (Laid(name="", number=WANG.number), "", WANG.number),
        (Laid(name="12345", number=WANG.number), "", WANG.number),
        (Laid(name="王小明", number="110105194912310021"), "王小明", ""),
        (Laid(name="王小明", number="1101051949123100"), "王小明", ""),
    ],
)
def test_of_every_kind_of_card_the_name_and_the_number_are_taken(card: Laid, name: str, number: str | None) -> None:
    found = person(memoryview(card.data()))
    assert found == Person(name=name, number=card.number if number is None else number)


def test_a_card_that_says_nothing_is_nobodys() -> None:
    assert person(memoryview(Laid(name="", number="").data())) is None
    assert person(memoryview(Laid(name="#", number="none").data())) is None


def test_nothing_else_of_a_card_can_be_found_in_what_is_taken() -> None:
    found = person(memoryview(WANG.data()))
    assert found is not None
    assert not {ADDRESS, BIRTH, ISSUER, "长期"} & {found.name, found.number}
    assert repr(found) == "Person()"  # not in a traceback either


@given(st.binary(max_size=1400))
def test_no_data_breaks_the_reading(data: bytes) -> None:
    person(memoryview(data))


@given(st.binary(min_size=256, max_size=256))
def test_no_text_breaks_the_reading(text: bytes) -> None:
    found = person(memoryview(b"\x01\x00\x04\x00" + text + bytes(1024)))
    assert found is None or found.name or found.number


@pytest.mark.parametrize("lengths", ["0000 0400", "00FF 0400", "0101 0400", "FFFF 0400", "0100 FFFF", "0100 0401"])
def test_lengths_that_no_card_has_are_not_believed(lengths: str) -> None:
    assert person(memoryview(bytes.fromhex(lengths) + WANG.data()[4:])) is None
    assert person(memoryview(WANG.data()[:259])) is None


# --- a reader ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[FakeReader]:
    fake = FakeReader(tmp_path / "ttyUSB0")
    yield fake
    fake.pull_out()


@contextmanager
def reading(place: Path, box: Box, *, answer_seconds: float = WAIT_SECONDS) -> Iterator[CardReader]:
    """A reader at a place that no configuration could name: a test's folder is no device."""
    card = Card.model_construct(port=str(place), baud=115_200)
    configuration = Configuration.model_construct(card=card)
    reader = CardReader(
        configuration, box.post, answer_seconds=answer_seconds, poll_seconds=0.001, look_again_seconds=0.01
    )
    reader.launch()
    try:
        yield reader
    finally:
        reader.shut_down()
        assert not reader._thread.is_alive()


@pytest.mark.parametrize("finds_again", [False, True])
def test_asked_it_tells_a_card_once_however_long_it_lies_there(fake: FakeReader, box: Box, finds_again: bool) -> None:
    fake.finds_again = finds_again
    with reading(fake.place, box) as reader:
        reader.ask()
        fake.wait_for(FIND, 3)
        assert box.events == []
        fake.card = WANG
        assert box.wait(CardRead) == WANGS
        fake.wait_for(FIND, 5)
        fake.card = None
        fake.wait_for(FIND, 5)
        fake.card = WANG  # laid anew, and still the same
        fake.wait_for(READ)
        fake.wait_for(FIND, 5)
        assert box.events == []


def test_another_card_is_told_too(fake: FakeReader, box: Box) -> None:
    with reading(fake.place, box) as reader:
        reader.ask()
        for card, told in ((WANG, WANGS), (LI, LIS)):
            fake.card = card
            assert box.wait(CardRead) == told
            fake.card = None
            fake.wait_for(FIND, 3)


def test_who_asks_anew_is_told_the_card_that_lies_there(fake: FakeReader, box: Box) -> None:
    fake.card = WANG
    with reading(fake.place, box) as reader:
        for _ in range(3):
            reader.ask()
            assert box.wait(CardRead) == WANGS
            reader.stop()


def test_not_asked_it_says_nothing_opens_nothing_and_tells_nobody(fake: FakeReader, box: Box) -> None:
    fake.card = WANG
    with reading(fake.place, box) as reader:
        with reading(fake.place, box) as other:  # that nothing is open is what another can open
            other.ask()
            assert box.wait(CardRead) == WANGS
        reader.ask()
        assert box.wait(CardRead) == WANGS
        reader.stop()
        fake.wait_for(FIND)
        fake.card = LI
    assert box.events == []
    assert READ not in fake.heard


def test_a_card_that_is_read_while_it_is_told_to_stop_is_told_to_nobody(fake: FakeReader, box: Box) -> None:
    stopped, reads = threading.Event(), threading.Event()

    def wait(command: bytes, right: bytes) -> bytes:
        if command == READ:
            reads.set()
            assert stopped.wait(WAIT_SECONDS)
        return right

    fake.card, fake.says = WANG, wait
    with reading(fake.place, box) as reader:
        reader.ask()
        assert reads.wait(WAIT_SECONDS)
        reader.stop()
        fake.card = LI
        reader.ask()  # somebody else, by now
        stopped.set()
        assert box.wait(CardRead) == LIS


def test_a_reader_that_was_pulled_out_is_found_again(fake: FakeReader, box: Box) -> None:
    with reading(fake.place, box) as reader:
        reader.ask()
        for card, told in ((WANG, WANGS), (LI, LIS)):
            fake.card = card
            assert box.wait(CardRead) == told
            fake.pull_out()
            while reader.there.is_set():
                os.sched_yield()
            fake.card = None
            fake.plug_in()
            assert reader.there.wait(WAIT_SECONDS)


def test_one_that_comes_later_is_found(fake: FakeReader, box: Box) -> None:
    fake.pull_out()
    with reading(fake.place, box) as reader:
        reader.ask()
        fake.plug_in()
        fake.card = WANG
        assert box.wait(CardRead) == WANGS


def test_a_reader_that_gives_no_answer_is_opened_anew_until_it_does(fake: FakeReader, box: Box) -> None:
    silent = threading.Event()
    fake.card = WANG
    fake.says = lambda _, right: b"" if not silent.is_set() else right
    with reading(fake.place, box, answer_seconds=0.02) as reader:
        reader.ask()
        fake.wait_for(FIND, 2)
        assert not reader.there.is_set()
        assert box.events == []
        silent.set()
        assert box.wait(CardRead) == WANGS


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda right: right[:-1], id="cut off"),
        pytest.param(lambda right: right[:-1] + bytes([right[-1] ^ 1]), id="a wrong check"),
        pytest.param(lambda _: PREAMBLE + b"\xff\xff" + bytes(3000), id="a length without end"),
        pytest.param(lambda _: bytes(range(256)) * 40, id="noise"),
        pytest.param(lambda _: answer(0x41), id="lifted too soon"),
        pytest.param(lambda _: answer(0x90), id="nothing in it"),
        pytest.param(lambda _: answer(0x90, WANG.data()[:300]), id="too little in it"),
        pytest.param(lambda _: answer(0x90, b"\x01\x00\x04\x00" + b"\x00\xd8" * 640), id="no text"),
    ],
)
def test_an_answer_that_is_none_costs_one_more_try(fake: FakeReader, box: Box, spoil: Callable[[bytes], bytes]) -> None:
    again = threading.Event()

    def says(command: bytes, right: bytes) -> bytes:
        if command == READ and not again.is_set():
            again.set()
            return spoil(right)
        return right

    fake.card, fake.says = WANG, says
    with reading(fake.place, box, answer_seconds=0.3) as reader:
        reader.ask()
        assert box.wait(CardRead) == WANGS
    assert again.is_set()


def test_garbage_around_answers_is_passed_over(fake: FakeReader, box: Box) -> None:
    fake.card = WANG
    fake.says = lambda _, right: b"\xaa\xaa\xff" + right + b"\x00garbage"
    with reading(fake.place, box) as reader:
        reader.ask()
        assert box.wait(CardRead) == WANGS


def test_the_line_keeps_nothing_of_a_card(fake: FakeReader) -> None:
    fake.card = WANG
    with CardLine(Card.model_construct(port=str(fake.place), baud=115_200), threading.Event(), WAIT_SECONDS) as line:
        assert line.finds()
        assert line.read() == Person(name=WANG.name, number=WANG.number)
        assert not any(line._frames._bytes)


@pytest.mark.parametrize("what", ["nothing", "a file", "a folder"])
def test_what_is_no_reader_keeps_nothing_from_going_on(tmp_path: Path, box: Box, what: str) -> None:
    if what == "a file":
        (tmp_path / "device").write_bytes(b"")
    if what == "a folder":
        (tmp_path / "device").mkdir()
    with reading(tmp_path / "device", box) as reader:
        reader.ask()
        reader.stop()
    assert box.events == []


def test_where_none_is_configured_everything_is_taken_and_nothing_happens(box: Box) -> None:
    reader = CardReader(Configuration(), box.post)
    reader.launch()
    reader.ask()
    assert not reader._thread.is_alive()
    reader.stop()
    reader.shut_down()
    never = CardReader(Configuration(card=Card(port="/dev/ttyUSB9")), box.post)
    never.ask()
    never.shut_down()
    assert box.events == []


def test_the_kiosk_ends_while_a_reader_keeps_it_waiting(fake: FakeReader, box: Box) -> None:
    fake.says = lambda _, __: b""
    with reading(fake.place, box) as reader:
        reader.ask()
        fake.wait_for(FIND)


# --- the configuration and the doctor ---------------------------------------------------------------------------------


def test_the_configuration_names_the_port(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text('[card]\nport = "/dev/ttyUSB0"\nbaud = 9600\n', "utf-8")
    assert load_configuration(path).card == Card(port="/dev/ttyUSB0", baud=9600)
    path.write_text('[card]\nport = "COM3"\nbaud = 1\n', "utf-8")
    with pytest.raises(Fault) as met:
        load_configuration(path)
    assert "card.port must be a device" in met.value.remedy
    assert "card.baud must be one of 9600" in met.value.remedy


def test_the_doctor_says_of_a_reader_whether_it_is_well_and_reads_no_card(fake: FakeReader) -> None:
    fake.card = WANG
    found = card_reader(Card(port=fake.device))
    assert (found.part, found.condition) == ("card", Condition.OK)
    fake.wait_for(STATE)
    assert {FIND, SELECT, READ}.isdisjoint(fake.heard)
    for state, said in ((0x66, "not been authorised"), (0x60, "(60)")):
        fake.well = state
        found = card_reader(Card(port=fake.device))
        assert (found.condition, said in found.english) == (Condition.CARE, True)


def test_the_doctor_says_when_it_gives_no_answer_is_in_use_or_missing(fake: FakeReader) -> None:
    fake.says = lambda _, __: b""
    silent = card_reader(Card(port=fake.device), answer_seconds=0.05)
    assert (silent.condition, "gives no answer" in silent.english) == (Condition.CARE, True)
    fcntl.flock(fake._near, fcntl.LOCK_EX)
    used = card_reader(Card(port=fake.device))
    assert (used.condition, "in use" in used.english) == (Condition.OK, True)
    gone = card_reader(Card(port="/dev/serial/by-id/none"))
    assert (gone.condition, "card.port" in gone.english) == (Condition.CARE, True)
    assert card_reader(Card(port="/dev/null")).condition is Condition.CARE


def test_where_no_reader_is_configured_the_doctor_misses_none() -> None:
    (found,) = examine({"card": examinations(Configuration())["card"]})
    assert (found.condition, "keyed in" in found.english) == (Condition.OK, True)


def test_the_fake_frames_as_the_standard_says() -> None:
    assert answer(0x9F, b"\0\0\0\0") == bytes.fromhex("AAAAAA9669 0008 00009F 00000000 97")
    assert len(answer(0x90, WANG.data())) == 1295
    assert reduce(xor, answer(0x90, WANG.data())[5:]) == 0
