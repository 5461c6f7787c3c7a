"""`kiosk receipt NUMBER --print`, the count of what was printed, and what the doctor says of the printer."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
import zxingcpp

from kiosk.configuration import Printer, load_configuration
from kiosk.examine.finding import Condition
from kiosk.examine.printer import printer
from kiosk.printing.count import FILE, KEPT, any_open, close_all, count_print, slips_printed, take_back
from petition.errors import Fault
from petition.receipt import Role
from tests.kiosk.commands_support import MARKER, CommandLine, a_sound, one_plain_line
from tests.kiosk.conftest import enrolled, kiosk, served
from tests.printing.cups_queue import QUEUE, PrivateCups
from tests.printing.receipt_printer import ReceiptPrinter

__all__ = ["enrolled", "kiosk", "served"]

NUMBER, TODAY = "102300012392", date(2026, 11, 22)


def configure(kiosk: CommandLine, **printer: str) -> None:
    lines = "".join(f'{key} = "{value}"\n' for key, value in printer.items())
    kiosk.config.write_text(f'[kiosk]\nstate_directory = "{kiosk.state}"\n[printer]\n{lines}', "utf-8")


def journal_of(kiosk: CommandLine) -> list[dict[str, object]]:
    return [json.loads(line) for line in (kiosk.state / "journal/kiosk.jsonl").read_text("utf-8").splitlines()]


def page_points(pdf: Path) -> tuple[float, float]:
    """How wide and high a PDF's page is."""
    (box,) = re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", pdf.read_bytes())
    return float(box[0]), float(box[1])


# --- the command -----------------------------------------------------------------------------------------------------


def test_a_slip_is_printed_and_the_next_one_is_marked_with_its_count(
    enrolled: CommandLine, receipt_printer: ReceiptPrinter, address: str
) -> None:
    configure(enrolled, kind="escpos", address=address, paper="58mm")
    number = enrolled.file()["number"]
    first = enrolled("receipt", number, "--print")
    assert (first.code, first.out, first.error) == (0, "打好了。 It is printed.\n", "")
    second = enrolled("receipt", number, "--print", "--paper", "80mm")
    assert (second.code, second.out) == (0, "打好了。这是补打第1次。 It is printed. It is marked 补打, number 1.\n")
    assert [slip.shape[1] for slip in receipt_printer.slips] == [384, 576]
    third = enrolled("receipt", number, "--print", "--paper", "80mm")
    assert "补打第2次" in third.out
    assert not np.array_equal(receipt_printer.slips[1], receipt_printer.slips[2])
    printed = [{**line, "at": ""} for line in journal_of(enrolled)]
    assert printed == [
        {"at": "", "event": "receipt-printed", "number": number, "count": count, "code": "printed"}
        for count in (1, 2, 3)
    ]


def test_both_slips_of_a_proxy_are_printed_and_each_is_counted_for_itself(
    enrolled: CommandLine, receipt_printer: ReceiptPrinter, address: str, tmp_path: Path
) -> None:
    configure(enrolled, kind="escpos", address=address)
    consent = a_sound(tmp_path / "consent.wav")
    filed = enrolled.file("--for", "李秀英", "--relation", "parent", "--consent", consent)
    number, tags = filed["number"], (filed["tag"], filed["agent"]["tag"])
    assert enrolled("receipt", number, "--print", "--agent").out == "打好了。 It is printed.\n"
    both = enrolled("receipt", number, "--print")
    assert (both.code, both.out) == (
        0,
        "打好了。 It is printed.\n打好了。这是补打第1次。 It is printed. It is marked 补打, number 1.\n",
    )
    codes = [zxingcpp.read_barcodes(np.ascontiguousarray((1 - slip) * np.uint8(255))) for slip in receipt_printer.slips]
    assert [code[0].text[-20:] for code in codes] == [tags[1], *tags]
    assert slips_printed(enrolled.state) == {number: 3}


def test_when_the_first_slip_of_a_proxy_does_not_come_out_the_second_is_not_begun(
    enrolled: CommandLine, receipt_printer: ReceiptPrinter, address: str, tmp_path: Path
) -> None:
    configure(enrolled, kind="escpos", address=address)
    consent = a_sound(tmp_path / "consent.wav")
    number = enrolled.file("--for", "李秀英", "--relation", "parent", "--consent", consent)["number"]
    receipt_printer.paper = "out"
    done = enrolled("receipt", number, "--print")
    assert (done.code, done.out, one_plain_line(done.error)) == (3, "", True)
    assert slips_printed(enrolled.state) == {}
    receipt_printer.paper = "full"
    assert enrolled("receipt", number, "--print").out == "打好了。 It is printed.\n" * 2


def test_what_was_not_printed_is_said_in_one_line_and_does_not_count(
    enrolled: CommandLine, receipt_printer: ReceiptPrinter, address: str
) -> None:
    configure(enrolled, kind="escpos", address=address)
    number = enrolled.file()["number"]
    receipt_printer.paper = "out"
    done = enrolled("receipt", number, "--print")
    assert (done.code, done.out, one_plain_line(done.error)) == (3, "", True)
    assert "没纸了：请装纸" in done.error
    assert "out of paper: put some in. [not-printed]" in done.error
    receipt_printer.paper = "full"
    assert enrolled("receipt", number, "--print").out == "打好了。 It is printed.\n"


def test_what_may_have_come_out_counts(enrolled: CommandLine, receipt_printer: ReceiptPrinter, address: str) -> None:
    configure(enrolled, kind="escpos", address=address)
    number = enrolled.file()["number"]
    receipt_printer.breaks_after, receipt_printer.then = 2, "line-cut"
    done = enrolled("receipt", number, "--print")
    assert (done.code, one_plain_line(done.error)) == (3, True)
    assert "[printed-or-not]" in done.error
    assert "补打第1次" in enrolled("receipt", number, "--print").out
    half, whole = receipt_printer.slips
    assert half.shape[0] == 2 * 128
    assert whole.shape[0] > half.shape[0], "the half that stood in the printer was cut off"
    (code,) = zxingcpp.read_barcodes(np.ascontiguousarray((1 - whole) * np.uint8(255)))
    assert number in code.text


def test_a_slip_is_printed_on_a_cups_queue(enrolled: CommandLine, cups: PrivateCups) -> None:
    configure(enrolled, kind="cups", queue=QUEUE, paper="A4")
    assert enrolled("receipt", enrolled.file()["number"], "--print").code == 0
    assert len(cups.printed()) == 1
    assert MARKER.encode() not in cups.printed()[0]


def test_a_slip_is_printed_large_when_that_is_asked_for_or_configured(
    enrolled: CommandLine, receipt_printer: ReceiptPrinter, address: str, tmp_path: Path
) -> None:
    configure(enrolled, kind="escpos", address=address)
    number = enrolled.file()["number"]
    assert enrolled("receipt", number, "--print").code == 0
    assert enrolled("receipt", number, "--print", "--large").code == 0
    with enrolled.config.open("a", encoding="utf-8") as written:
        written.write("large_print = true\n")
    assert enrolled("receipt", number, "--print").code == 0
    usual, asked, configured = receipt_printer.slips
    assert usual.shape[0] * 1.5 < asked.shape[0] == configured.shape[0]
    for size, options in (("usual", ()), ("large", ("--large",))):
        assert enrolled("receipt", number, "--pdf", tmp_path / f"{size}.pdf", "--paper", "80mm", *options).code == 0
    boxes = {size: page_points(tmp_path / f"{size}.pdf") for size in ("usual", "large")}
    assert boxes["usual"][0] == boxes["large"][0]
    assert boxes["usual"][1] * 1.5 < boxes["large"][1]


def test_how_often_slips_were_printed_is_known_by_number(tmp_path: Path) -> None:
    assert slips_printed(tmp_path) == {}
    for number, role in ((NUMBER, Role.OWN), (NUMBER, Role.OWN), (NUMBER, Role.AGENT), ("102300012489", Role.OWN)):
        count_print(tmp_path, number, role, TODAY)
    take_back(tmp_path, "102300012489", Role.OWN, TODAY)
    assert slips_printed(tmp_path) == {NUMBER: 3}


def test_a_slip_is_open_until_it_came_out_or_surely_did_not(tmp_path: Path) -> None:
    assert not any_open(tmp_path)
    count_print(tmp_path, NUMBER, Role.OWN, TODAY)
    assert any_open(tmp_path)
    take_back(tmp_path, NUMBER, Role.OWN, TODAY)
    assert not any_open(tmp_path)
    count_print(tmp_path, NUMBER, Role.OWN, TODAY)
    count_print(tmp_path, "102300012489", Role.OWN, TODAY)
    close_all(tmp_path, TODAY)
    assert not any_open(tmp_path)
    assert slips_printed(tmp_path) == {NUMBER: 1, "102300012489": 1}


def test_without_a_printer_in_the_configuration_it_says_where_to_write_one(enrolled: CommandLine) -> None:
    done = enrolled("receipt", enrolled.file()["number"], "--print")
    assert (done.code, one_plain_line(done.error)) == (2, True)
    assert "[printer]" in done.error


# --- the count -------------------------------------------------------------------------------------------------------


def test_each_slip_of_a_petition_has_a_count_of_its_own(tmp_path: Path) -> None:
    assert [count_print(tmp_path, NUMBER, Role.OWN, TODAY) for _ in range(3)] == [0, 1, 2]
    assert count_print(tmp_path, NUMBER, Role.AGENT, TODAY) == 0
    take_back(tmp_path, NUMBER, Role.OWN, TODAY)
    assert count_print(tmp_path, NUMBER, Role.OWN, TODAY) == 2
    take_back(tmp_path, "102300012489", Role.OWN, TODAY)


def test_counts_are_kept_as_long_as_slips_can_be_made_again(tmp_path: Path) -> None:
    count_print(tmp_path, NUMBER, Role.OWN, TODAY)
    count_print(tmp_path, "102300012489", Role.OWN, TODAY + KEPT)
    assert list(json.loads((tmp_path / FILE).read_bytes())) == ["102300012489 own"]
    assert timedelta(days=31) < KEPT


@pytest.mark.parametrize("damage", [b"", b"[]", b"{", b"\xff", b'{"1": 2}', b'{"1": {"count": "x", "at": "x"}}'])
def test_a_damaged_count_keeps_nobody_from_printing(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / FILE).write_bytes(damage)
    assert count_print(tmp_path, NUMBER, Role.OWN, TODAY) == 0
    assert count_print(tmp_path, NUMBER, Role.OWN, TODAY) == 1


# --- the configuration -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('kind = "lpt"', "printer.kind must be one of , cups, escpos"),
        ('kind = "cups"', 'printer needs queue with kind = "cups"'),
        ('kind = "escpos"', 'printer needs either address or device with kind = "escpos"'),
        ('kind = "escpos"\naddress = "a"\ndevice = "/dev/ttyS0"', "printer needs either address or device"),
        ('kind = "escpos"\naddress = "a"\npaper = "A4"', "that is a roll"),
        ('queue = "a b"', "printer.queue must be the name of a queue"),
        ('queue = "../x"', "printer.queue must be the name of a queue"),
        ('address = "http://a"', "printer.address must be a name or an address"),
        ('address = "a:b"', "printer.address must be a name or an address"),
        ('address = "me@a"', "printer.address must be a name or an address"),
        ('device = "COM1"', "printer.device must be a serial line"),
        ("baud = 1", "printer.baud must be one of"),
        ('paper = "A5"', "printer.paper must be one of"),
    ],
)
def test_a_printer_that_cannot_be_is_refused_by_its_key(tmp_path: Path, written: str, said: str) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text(f"[printer]\n{written}\n", "utf-8")
    with pytest.raises(Fault) as refused:
        load_configuration(path)
    assert said in refused.value.remedy


@pytest.mark.parametrize(
    "written",
    [
        'kind = "cups"\nqueue = "Brother-HL"\npaper = "A4"',
        'kind = "escpos"\naddress = "192.168.1.50"',
        'kind = "escpos"\naddress = "printer.local:9101"\npaper = "58mm"',
        'kind = "escpos"\ndevice = "/dev/ttyUSB0"\nbaud = 38400',
        'kind = "escpos"\ndevice = "usb:04b8:0e28"',
    ],
)
def test_every_kind_of_printer_can_be_configured(tmp_path: Path, written: str) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text(f"[printer]\n{written}\n", "utf-8")
    assert load_configuration(path).printer.kind in {"cups", "escpos"}


# --- the doctor ------------------------------------------------------------------------------------------------------


def test_the_doctor_says_how_a_receipt_printer_is(receipt_printer: ReceiptPrinter, address: str) -> None:
    configured = Printer(kind="escpos", address=address)
    assert printer(configured).condition is Condition.OK
    looks: dict[str, Callable[[], None]] = {
        "will end soon": lambda: setattr(receipt_printer, "paper", "low"),
        "out of paper": lambda: setattr(receipt_printer, "paper", "out"),
        "cover is open": lambda: setattr(receipt_printer, "cover_open", True),
        "does not answer": lambda: setattr(receipt_printer, "silent", True),
    }
    for said, happens in looks.items():
        happens()
        found = printer(configured)
        assert (found.condition, said in found.english) == (Condition.CARE, True)


def test_the_doctor_lists_queues_where_none_is_configured_or_a_wrong_one(
    cups: PrivateCups, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert QUEUE in printer(Printer()).english
    assert printer(Printer(kind="cups", queue=QUEUE), tmp_path / "none").condition is Condition.OK
    wrong = printer(Printer(kind="cups", queue="none"))
    assert (wrong.condition, QUEUE in wrong.english) == (Condition.CARE, True)
    (tmp_path / "cupsd.conf").write_text("PreserveJobFiles No\nPreserveJobHistory No\n", "utf-8")
    forgetful = printer(Printer(kind="cups", queue=QUEUE), tmp_path / "cupsd.conf")
    assert (forgetful.condition, "PreserveJobHistory 3600" in forgetful.english) == (Condition.CARE, True)
    monkeypatch.setenv("CUPS_SERVER", "127.0.0.1:9")
    assert printer(Printer()).condition is Condition.OK, "who prints nothing needs no printer"
    gone = printer(Printer(kind="cups", queue=QUEUE))
    assert (gone.condition, "CUPS does not answer" in gone.english) == (Condition.CARE, True)
