"""The room that prints receipts, with a real store and both kinds of printers: each number is told once, and truly."""

import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from gateway import admin
from gateway.serve import Served
from kiosk.configuration import Configuration, load_configuration
from kiosk.printing.count import FILE, any_open, slips_printed
from kiosk.printing.device import Device, Ended, Told
from kiosk.printing.escpos import EscposPrinter
from kiosk.printing.kept import kept_slip
from kiosk.printing.room import PrintRoom
from kiosk.slip import slip_of
from kiosk.storekeeper import Storekeeper
from offline_queue.enrolment import enrol
from offline_queue.store import Store, open_store
from petition.errors import Fault, FaultCode
from petition.events import ReceiptPrinted
from petition.model import Draft, Language, OnBehalf
from petition.ports import PrinterChanged, PrinterState, PrintOutcome
from petition.receipt import Role, receipt_number
from petition.slip import PaperReceipt
from tests.kiosk.conftest import served
from tests.kiosk.events_box import WAIT_SECONDS, Box
from tests.printing.benches import Bench, Impatient, bench, in_turns, mostly_on
from tests.printing.cups_queue import QUEUE, PrivateCups
from tests.printing.receipt_printer import ReceiptPrinter
from tests.printing.slips import page_dots, shows_dots, shows_words
from ui.receipt_page import Paper

__all__ = ["bench", "served"]

ROOT = Path(__file__).parents[2]
NOT_WELL = {PrinterState.PAPER_OUT: "cups", PrinterState.COVER_OPEN: "escpos", PrinterState.OFFLINE: "cups"}
PRINTED, NOT_PRINTED, UNKNOWN = PrintOutcome.PRINTED, PrintOutcome.NOT_PRINTED, PrintOutcome.UNKNOWN


class PrintingBox(Box):
    """The main thread's letterbox, which also remembers what was told of every receipt."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[ReceiptPrinted] = []

    def post(self, event: object) -> None:
        if isinstance(event, ReceiptPrinted):
            self.told.append(event)
        super().post(event)

    def ended(self, number: str) -> tuple[PrintOutcome, PrinterState]:
        """Wait until it is told what became of a number."""
        event = self.wait(ReceiptPrinted, lambda told: told.number == number)
        return event.outcome, event.state

    def numbers(self) -> list[str]:
        return [told.number for told in self.told]


class Kiosk:
    """An enrolled kiosk's state, its store's thread, and receipts to be printed."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.box = PrintingBox()
        self.keeper = Storekeeper(self._open, self.box.post, filed=lambda: None)
        self.keeper.launch()

    def _open(self) -> Store:
        return open_store(self.directory)

    def file(self, **given: object) -> str:
        """File a petition and return its number."""
        with self._open() as store:
            draft = Draft(petition_id=str(uuid.uuid4()), text="楼道灯不亮", **given)  # type: ignore[arg-type]
            return store.file(draft).number

    def slip(self, number: str, *, again: int = 0, role: Role = Role.OWN, large: bool = False) -> PaperReceipt:
        """Return what should stand on paper."""
        with self._open() as store:
            kept = kept_slip(store, number, role)
        now = datetime.now().astimezone()
        return slip_of(kept.receipt, kept.catalogue, hotline="12345", arrived=False, now=now, again=again, large=large)

    @contextmanager
    def busy(self) -> Iterator[None]:
        """The store does nothing as long as the block runs."""
        go_on = threading.Event()

        def wait(_store: object) -> None:
            go_on.wait(WAIT_SECONDS)

        self.keeper.ask(wait)
        yield
        go_on.set()

    @contextmanager
    def room(self, device: Device | None, configuration: Configuration | None = None) -> Iterator[PrintRoom]:
        """A room that prints, as long as the block runs."""
        room = PrintRoom(configuration or Configuration(), self.directory, self.keeper, self.box.post, device=device)
        room.launch()
        try:
            yield room
        finally:
            room.shut_down()


@pytest.fixture
def kiosk(tmp_path: Path, served: Served) -> Iterator[Kiosk]:
    directory = tmp_path / "state"
    with open_store(directory) as store:
        enrol(store, served.url, admin.make_enrolment_code(served.platform, kiosk_name="一号机"))
    kiosk = Kiosk(directory)
    yield kiosk
    kiosk.keeper.shut_down()


# --- what comes out --------------------------------------------------------------------------------------------------


def test_a_receipt_is_printed_once_told_once_and_counted(kiosk: Kiosk, bench: Bench) -> None:
    number = kiosk.file()
    with kiosk.room(bench.device) as room:
        assert kiosk.box.wait(PrinterChanged).state is PrinterState.READY, "it looks by itself when it begins"
        room.print_receipts((number, number))
        assert kiosk.box.ended(number) == (PRINTED, PrinterState.READY)
        room.look()
        assert kiosk.box.wait(PrinterChanged).state is PrinterState.READY
    assert kiosk.box.numbers() == [number]
    assert bench.papers() == 1
    assert bench.shows(kiosk.slip(number))
    assert slips_printed(kiosk.directory) == {number: 1}
    assert not any_open(kiosk.directory)


@in_turns("language", {Language.SIMPLIFIED: "cups", Language.TRADITIONAL: "escpos", Language.ENGLISH: "cups"})
def test_a_slip_speaks_the_language_of_its_receipt(kiosk: Kiosk, bench: Bench, language: Language) -> None:
    number = kiosk.file(language=language)
    with kiosk.room(bench.device) as room:
        room.print_receipts((number,))
        assert kiosk.box.ended(number)[0] is PRINTED
    assert bench.shows(kiosk.slip(number))


@mostly_on("cups")
def test_what_is_printed_again_is_marked_with_its_count(kiosk: Kiosk, bench: Bench) -> None:
    number = kiosk.file()
    with kiosk.room(bench.device) as room:
        for again in range(3):
            room.print_receipts((number,))
            assert kiosk.box.ended(number)[0] is PRINTED
            assert bench.shows(kiosk.slip(number, again=again))
    assert slips_printed(kiosk.directory) == {number: 3}


def test_large_print_as_configured(kiosk: Kiosk, receipt_printer: ReceiptPrinter, address: str, tmp_path: Path) -> None:
    written = tmp_path / "kiosk.toml"
    written.write_text(
        f'[printer]\nkind = "escpos"\naddress = "{address}"\npaper = "58mm"\nlarge_print = true\n', "utf-8"
    )
    number = kiosk.file()
    with kiosk.room(None, load_configuration(written)) as room:
        room.print_receipts((number,))
        assert kiosk.box.ended(number)[0] is PRINTED
    assert shows_dots(receipt_printer.slips[0], kiosk.slip(number, large=True), Paper.ROLL_58)


@mostly_on("cups")
def test_numbers_pressed_again_while_they_wait_come_out_once(kiosk: Kiosk, bench: Bench) -> None:
    first, second = kiosk.file(), kiosk.file()
    with kiosk.room(bench.device) as room:
        with kiosk.busy():
            room.print_receipts((first, second))
            room.print_receipts((second, first))
        assert kiosk.box.ended(first)[0] is PRINTED
        assert kiosk.box.ended(second)[0] is PRINTED
        room.print_receipts((first,))
        assert kiosk.box.ended(first)[0] is PRINTED, "after it was told it may be asked for anew"
    assert kiosk.box.numbers() == [first, second, first]
    assert bench.papers() == 3


def test_a_press_while_it_waits_for_paper_is_not_a_second_slip(kiosk: Kiosk, cups: PrivateCups, tmp_path: Path) -> None:
    cups.make_it("media-empty-error")
    number = kiosk.file()
    with kiosk.room(None, on_cups(tmp_path)) as room:
        room.print_receipts((number,))
        kiosk.box.wait(PrinterChanged, lambda told: told.state is PrinterState.PAPER_OUT)
        room.print_receipts((number,))
        cups.make_it("")
        assert kiosk.box.ended(number) == (PRINTED, PrinterState.READY)
    assert kiosk.box.numbers() == [number]
    assert len(cups.printed()) == 1
    assert shows_words(cups.printed()[0], kiosk.slip(number)), "it is the first one, whenever the paper came"


# --- two slips of one receipt ----------------------------------------------------------------------------------------


BEHALF = OnBehalf(principal="王秀英", relation="母子", agent="李强")


@mostly_on("cups")
def test_both_slips_of_a_receipt_come_out_and_are_told_together(kiosk: Kiosk, bench: Bench) -> None:
    number = kiosk.file(on_behalf=BEHALF)
    with kiosk.room(bench.device) as room:
        room.print_receipts((number,))
        assert kiosk.box.ended(number) == (PRINTED, PrinterState.READY)
    assert kiosk.box.numbers() == [number]
    assert bench.papers() == 2
    assert bench.shows(kiosk.slip(number, role=Role.AGENT))
    assert slips_printed(kiosk.directory) == {number: 2}


@mostly_on("escpos")
def test_of_two_slips_the_one_that_waits_already_comes_out_once_and_the_other_all_the_same(
    kiosk: Kiosk, bench: Bench
) -> None:
    number = kiosk.file(on_behalf=BEHALF)
    with kiosk.room(bench.device) as room:
        with kiosk.busy():
            room.print_receipts((number,), Role.AGENT)
            room.print_receipts((number,))
            room.print_receipts((number,))
        assert kiosk.box.ended(number)[0] is PRINTED
        assert kiosk.box.ended(number)[0] is PRINTED
    assert kiosk.box.numbers() == [number, number], "once for whoever asked for one, once for whoever asked for both"
    assert bench.papers() == 2
    assert bench.shows(kiosk.slip(number))
    assert slips_printed(kiosk.directory) == {number: 2}


@mostly_on("escpos")
def test_printed_again_each_of_the_two_is_marked(kiosk: Kiosk, bench: Bench) -> None:
    number = kiosk.file(on_behalf=BEHALF)
    with kiosk.room(bench.device) as room:
        for _ in range(2):
            room.print_receipts((number,))
            assert kiosk.box.ended(number)[0] is PRINTED
    assert bench.papers() == 4
    assert bench.shows(kiosk.slip(number, role=Role.AGENT, again=1))
    assert slips_printed(kiosk.directory) == {number: 4}


class AndThen:
    """A printer to which something happens after its first slip."""

    def __init__(self, device: Device, happens: Callable[[], None]) -> None:
        self._device, self._happens = device, happens

    def state(self) -> PrinterState:
        return self._device.state()

    def print_slip(self, slip: PaperReceipt, told: Told, leaving: threading.Event) -> Ended:
        ended = self._device.print_slip(slip, told, leaving)
        self._happens()
        return ended

    def withdraw_leftovers(self) -> None:
        self._device.withdraw_leftovers()


def test_when_only_the_first_of_two_came_out_somebody_has_to_look(kiosk: Kiosk, bench: Bench) -> None:
    number = kiosk.file(on_behalf=BEHALF)
    spoilt = AndThen(Impatient(bench.device), lambda: bench.make_it(PrinterState.PAPER_OUT))
    with kiosk.room(spoilt) as room:
        room.print_receipts((number,))
        assert kiosk.box.ended(number) == (UNKNOWN, PrinterState.PAPER_OUT)
    assert kiosk.box.numbers() == [number]
    assert bench.shows(kiosk.slip(number))


def test_the_second_of_two_is_not_begun_when_the_first_did_not_come_out(kiosk: Kiosk, bench: Bench) -> None:
    number = kiosk.file(on_behalf=BEHALF)
    bench.make_it(PrinterState.PAPER_OUT)
    with kiosk.room(Impatient(bench.device, times=1)) as room:
        room.print_receipts((number,))
        assert kiosk.box.ended(number) == (bench.stopped_in_its_tracks, PrinterState.PAPER_OUT)
        bench.make_it(PrinterState.READY)
        room.print_receipts((number,))
        assert kiosk.box.ended(number) == (PRINTED, PrinterState.READY)
    assert bench.papers() == 2


# --- a printer that is not well --------------------------------------------------------------------------------------


@in_turns("state", NOT_WELL)
def test_what_keeps_it_from_printing_is_told_and_mended_it_prints_what_is_asked_for_again(
    kiosk: Kiosk, bench: Bench, state: PrinterState
) -> None:
    number = kiosk.file()
    bench.make_it(state)
    with kiosk.room(Impatient(bench.device, times=1)) as room:
        room.print_receipts((number,))
        kiosk.box.wait(PrinterChanged, lambda told: told.state is state)
        assert kiosk.box.ended(number) == (bench.stopped_in_its_tracks, state)
        assert bench.papers() == 0
        bench.make_it(PrinterState.READY)
        room.look()
        kiosk.box.wait(PrinterChanged)  # a queue says how its printer was in the last job
        room.print_receipts((number,))
        assert kiosk.box.ended(number) == (PRINTED, PrinterState.READY)
    assert kiosk.box.numbers() == [number, number]
    assert bench.papers() == 1
    again = 0 if bench.stopped_in_its_tracks is NOT_PRINTED else 1
    assert bench.shows(kiosk.slip(number, again=again)), "补打 where the first one may have come out, else not"
    assert slips_printed(kiosk.directory) == {number: again + 1}


def test_a_printer_that_cannot_be_reached_is_told_as_that(kiosk: Kiosk, bench: Bench) -> None:
    number = kiosk.file()
    with kiosk.room(bench.unreachable) as room:
        room.print_receipts((number,))
        kiosk.box.wait(PrinterChanged, lambda told: told.state is PrinterState.OFFLINE)
        assert kiosk.box.ended(number) == (bench.stopped_in_its_tracks, PrinterState.OFFLINE)
    assert kiosk.box.numbers() == [number]


@pytest.mark.parametrize(
    ("happens", "state"),
    [
        ("line-cut", PrinterState.OFFLINE),
        ("paper-out", PrinterState.PAPER_OUT),
        *(
            pytest.param(happens, state, marks=pytest.mark.slow)
            for happens, state in (("silent", PrinterState.OFFLINE), ("cover-open", PrinterState.COVER_OPEN))
        ),
    ],
)
def test_half_a_slip_is_cut_off_before_the_next_which_is_marked(
    kiosk: Kiosk, receipt_printer: ReceiptPrinter, address: str, happens: str, state: PrinterState
) -> None:
    first, second = kiosk.file(), kiosk.file()
    receipt_printer.breaks_after, receipt_printer.then = 3, happens
    with kiosk.room(EscposPrinter(address, Paper.ROLL_80, stalled_seconds=0)) as room:
        room.print_receipts((first,))
        assert kiosk.box.ended(first) == (UNKNOWN, state)
        receipt_printer.paper, receipt_printer.cover_open, receipt_printer.silent = "full", False, False
        room.print_receipts((second, first))
        assert kiosk.box.ended(second) == (PRINTED, PrinterState.READY)
        assert kiosk.box.ended(first) == (PRINTED, PrinterState.READY)
    half, whole, again = receipt_printer.slips
    page = page_dots(kiosk.slip(first), Paper.ROLL_80)
    assert (half != page[: half.shape[0]]).mean() < 0.001
    assert half.shape[0] < page.shape[0]
    assert shows_dots(whole, kiosk.slip(second), Paper.ROLL_80), "nothing of the first one stands on it"
    assert shows_dots(again, kiosk.slip(first, again=1), Paper.ROLL_80)


def test_of_two_in_a_row_the_second_is_printed_though_the_first_failed(kiosk: Kiosk, bench: Bench) -> None:
    first, second = kiosk.file(), kiosk.file()
    bench.make_it(PrinterState.COVER_OPEN)
    mended = AndThen(Impatient(bench.device, times=1), lambda: bench.make_it(PrinterState.READY))
    with kiosk.room(mended) as room:
        room.print_receipts((first, second))
        assert kiosk.box.ended(first) == (bench.stopped_in_its_tracks, PrinterState.COVER_OPEN)
        assert kiosk.box.ended(second) == (PRINTED, PrinterState.READY)
    assert kiosk.box.numbers() == [first, second]
    assert bench.papers() == 1
    assert bench.shows(kiosk.slip(second))


# --- what is not there -----------------------------------------------------------------------------------------------


def test_without_a_printer_every_number_is_told_and_nothing_is_counted(kiosk: Kiosk) -> None:
    first, second = kiosk.file(), kiosk.file()
    with kiosk.room(None) as room:
        room.look()
        room.print_receipts((first, second, first))
        assert kiosk.box.ended(first) == (NOT_PRINTED, PrinterState.OFFLINE)
        assert kiosk.box.ended(second) == (NOT_PRINTED, PrinterState.OFFLINE)
    assert kiosk.box.numbers() == [first, second]
    assert slips_printed(kiosk.directory) == {}


def test_a_receipt_that_is_not_known_is_told_and_the_next_is_printed(kiosk: Kiosk, bench: Bench) -> None:
    unknown, known = receipt_number("99999", 7), kiosk.file()
    with kiosk.room(bench.device) as room:
        room.print_receipts((unknown, known))
        assert kiosk.box.ended(unknown)[0] is NOT_PRINTED
        assert kiosk.box.ended(known)[0] is PRINTED
    assert kiosk.box.numbers() == [unknown, known]
    assert bench.papers() == 1


def test_what_cannot_be_counted_is_not_printed(kiosk: Kiosk, bench: Bench) -> None:
    number = kiosk.file()
    (kiosk.directory / FILE).mkdir()
    with kiosk.room(bench.device) as room:
        room.print_receipts((number,))
        assert kiosk.box.ended(number)[0] is NOT_PRINTED
        (kiosk.directory / FILE).rmdir()
        room.print_receipts((number,))
        assert kiosk.box.ended(number)[0] is PRINTED
    assert bench.papers() == 1


def test_on_a_disk_without_room_for_the_store_it_is_told(kiosk: Kiosk, bench: Bench) -> None:
    number = kiosk.file()

    def no_room() -> Store:
        raise Fault(FaultCode.DISK_FULL)

    keeper = Storekeeper(no_room, kiosk.box.post, filed=lambda: None)
    keeper.launch()
    room = PrintRoom(Configuration(), kiosk.directory, keeper, kiosk.box.post, device=bench.device)
    room.launch()
    room.print_receipts((number,))
    assert kiosk.box.ended(number)[0] is NOT_PRINTED
    room.shut_down()
    keeper.shut_down()
    assert bench.papers() == 0


# --- leaving, and being killed ---------------------------------------------------------------------------------------


def test_who_leaves_tells_of_every_number_once(kiosk: Kiosk, bench: Bench) -> None:
    numbers = tuple(kiosk.file() for _ in range(3))
    bench.make_it(PrinterState.PAPER_OUT)
    with kiosk.room(bench.device) as room:
        room.print_receipts(numbers)
        kiosk.box.wait(PrinterChanged, lambda told: told.state is PrinterState.PAPER_OUT)
    room.print_receipts(numbers[:1])
    assert sorted(kiosk.box.numbers()) == sorted([*numbers, numbers[0]])
    assert PRINTED not in {told.outcome for told in kiosk.box.told}
    assert kiosk.box.told[-1].outcome is NOT_PRINTED
    bench.make_it(PrinterState.READY)
    assert bench.papers() == 0
    assert slips_printed(kiosk.directory).get(numbers[2], 0) == 0


def on_cups(folder: Path) -> Configuration:
    written = folder / "kiosk.toml"
    written.write_text(f'[printer]\nkind = "cups"\nqueue = "{QUEUE}"\npaper = "A4"\n', "utf-8")
    return load_configuration(written)


@contextmanager
def killed_later(kiosk: Kiosk, written: Path, number: str) -> Iterator[None]:
    """Another kiosk's process begins to print; it is killed when the block ends."""
    command = [sys.executable, "-m", "tests.printing.killed_child", str(written), str(kiosk.directory), number]
    child = subprocess.Popen(command, cwd=ROOT)
    try:
        yield
    finally:
        child.kill()
        child.wait()


def wait_until(there: Callable[[], bool]) -> None:
    for _ in range(round(WAIT_SECONDS / 0.05)):
        if there():
            return
        threading.Event().wait(0.05)
    raise AssertionError("it did not come")


def test_what_a_killed_kiosk_left_half_printed_is_cut_off_and_its_receipt_is_marked(
    kiosk: Kiosk, receipt_printer: ReceiptPrinter, address: str, tmp_path: Path
) -> None:
    number, other = kiosk.file(), kiosk.file()
    written = tmp_path / "kiosk.toml"
    written.write_text(f'[printer]\nkind = "escpos"\naddress = "{address}"\n', "utf-8")
    receipt_printer.breaks_after, receipt_printer.then = 3, "silent"
    with killed_later(kiosk, written, number):
        wait_until(lambda: receipt_printer.parts == 3)
    receipt_printer.silent = False
    assert any_open(kiosk.directory)
    with kiosk.room(None, load_configuration(written)) as room:
        room.print_receipts((other, number))
        assert kiosk.box.ended(other) == (PRINTED, PrinterState.READY)
        assert kiosk.box.ended(number) == (PRINTED, PrinterState.READY)
    half, whole, again = receipt_printer.slips
    assert half.shape[0] == 3 * 128
    assert shows_dots(whole, kiosk.slip(other), Paper.ROLL_80)
    assert shows_dots(again, kiosk.slip(number, again=1), Paper.ROLL_80)
    assert np.count_nonzero(half) > 0
    assert not any_open(kiosk.directory)


def test_what_a_killed_kiosk_left_in_the_queue_does_not_come_out(
    kiosk: Kiosk, cups: PrivateCups, tmp_path: Path
) -> None:
    number = kiosk.file()
    configuration = on_cups(tmp_path)
    cups.make_it("media-empty-error")
    with killed_later(kiosk, tmp_path / "kiosk.toml", number):
        wait_until(lambda: any(name.startswith("d") for name in cups.spooled()))
    with kiosk.room(None, configuration) as room:
        wait_until(lambda: cups.spooled() == [])
        cups.make_it("")
        room.print_receipts((number,))
        assert kiosk.box.ended(number) == (PRINTED, PrinterState.READY)
    assert len(cups.printed()) == 1, "not the one that was left behind"
    assert shows_words(cups.printed()[0], kiosk.slip(number, again=1))
    assert cups.spooled() == []
