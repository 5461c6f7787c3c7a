"""A CUPS queue: what comes out of it can be read, nothing stays in the spool, and its states are told in our words."""

import getpass
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.words import load_translations
from kiosk.printing import ipp
from kiosk.printing.cups import TITLE, CupsPrinter, queues, state_of
from kiosk.printing.device import Ended
from kiosk.printing.ipp import Group, Kind, Operation, decode, encode
from kiosk.printing.worker import PrintingThread
from petition.derive import Context
from petition.model import Language
from petition.ports import PrinterState, PrintOutcome
from petition.slip import PaperReceipt, paper_receipt
from tests.printing.cups_queue import CUPSD, NOBODY_THERE, QUEUE, STOPPED, PrivateCups, private_cups
from tests.printing.slips import SLIP, Posted, read_back, words_of
from tests.samples import NOON, catalogue, receipt
from ui.receipt_page import PARTED_BY, Paper


def untold(state: PrinterState) -> None:
    """Nobody wants to know."""


def printed_by(printer: CupsPrinter, slip: PaperReceipt = SLIP) -> Ended:
    return printer.print_slip(slip, untold, threading.Event())


# --- what comes out --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("large", [False, True], ids=["usual", "large"])
@pytest.mark.parametrize("language", Language)
def test_the_pdf_that_comes_out_has_every_word_and_a_code_that_can_be_read_and_no_word_more(
    cups: PrivateCups, tmp_path: Path, language: Language, large: bool
) -> None:
    made = replace(receipt(), language=language, category="id-0", clock_trusted=False)
    context = Context(translate=load_translations(language, strict=True), now=NOON)
    slip = paper_receipt(made, catalogue(language), context, hotline="12345", arrived=False, again=1, large=large)
    for paper in Paper:
        assert printed_by(CupsPrinter(QUEUE, paper), slip).outcome is PrintOutcome.PRINTED
        pdf = tmp_path / "printed.pdf"
        pdf.write_bytes(cups.printed()[-1])
        text, code = read_back(pdf)
        assert code == slip.url
        for words in sorted(words_of(slip), key=len, reverse=True):
            assert words in text
            text = text.replace(words, "", 1)
        assert set(text) <= set(PARTED_BY + slip.seal)


def test_nothing_stays_in_the_spool_nor_in_the_list_of_jobs(cups: PrivateCups) -> None:
    printed_by(CupsPrinter(QUEUE, Paper.A4))
    cups.make_it("media-empty-error")
    printed_by(CupsPrinter(QUEUE, Paper.A4, patience_seconds=0))
    assert cups.spooled() == []


def test_whose_slip_it_is_stands_neither_in_the_jobs_title_nor_in_its_documents_name(cups: PrivateCups) -> None:
    cups.make_it("media-empty-error")
    posted = Posted()
    printer = PrintingThread(CupsPrinter(QUEUE, Paper.A4), posted)
    printer.print_slip(SLIP, "secret")
    posted.until(PrinterState.PAPER_OUT)
    user = (Kind.NAME, "requesting-user-name", "somebody")
    job = ipp.ask(Operation.GET_JOB, f"/printers/{QUEUE}", ((Kind.INTEGER, "job-id", 1), user)).one(Group.JOB)
    printer.close()
    assert job["job-state"] == [5]
    assert job.get("job-name", [TITLE]) == [TITLE]  # CUPS tells it to the job's owner only
    assert not any("1023" in str(value) or "secret" in str(value) for values in job.values() for value in values)


def test_what_was_left_in_the_queue_is_withdrawn_as_soon_as_somebody_answers_and_nothing_else(
    cups: PrivateCups, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = (Kind.NAME, "requesting-user-name", getpass.getuser())
    path = f"/printers/{QUEUE}"
    for title in (TITLE, "letter", TITLE):
        assert ipp.ask(Operation.CREATE_JOB, path, (user, (Kind.NAME, "job-name", title))).done
    printer = CupsPrinter(QUEUE, Paper.A4)
    printer.state()
    assert titles(path, user) == [TITLE, "letter", TITLE], "who merely looks withdraws nothing"
    monkeypatch.setenv("CUPS_SERVER", "127.0.0.1:9")
    printer.withdraw_leftovers()
    assert printer.state() is PrinterState.OFFLINE
    monkeypatch.setenv("CUPS_SERVER", cups.server)
    assert printer.state() is PrinterState.READY
    assert titles(path, user) == ["letter"]


def titles(path: str, user: ipp.Attribute) -> list[str]:
    """What the jobs of a queue are called, in order."""
    wanted = (Kind.KEYWORD, "requested-attributes", ("job-id", "job-name"))
    jobs = ipp.ask(Operation.GET_JOBS, path, (user, (Kind.KEYWORD, "which-jobs", "all"), wanted)).each(Group.JOB)
    return [str(job["job-name"][0]) for job in sorted(jobs, key=lambda job: int(job["job-id"][0]))]


# --- paper that ends, printers that stop ------------------------------------------------------------------------------


def test_a_slip_that_waited_for_paper_comes_out_once(cups: PrivateCups) -> None:
    cups.make_it("media-empty-error")
    posted = Posted()
    printer = PrintingThread(CupsPrinter(QUEUE, Paper.A4), posted)
    printer.print_slip(SLIP, "waits")
    posted.until(PrinterState.PAPER_OUT)
    cups.make_it("")
    ended = posted.until_ended()
    printer.close()
    assert (ended.outcome, ended.state) == (PrintOutcome.PRINTED, PrinterState.READY)
    assert len(cups.printed()) == 1


def test_patience_ends_and_then_the_slip_is_withdrawn(cups: PrivateCups) -> None:
    cups.make_it("media-empty-error")
    assert printed_by(CupsPrinter(QUEUE, Paper.A4, patience_seconds=0.5)).outcome is not PrintOutcome.PRINTED
    cups.make_it("")
    assert printed_by(CupsPrinter(QUEUE, Paper.A4)).outcome is PrintOutcome.PRINTED
    assert len(cups.printed()) == 1


def test_a_queue_that_somebody_stopped_has_surely_printed_nothing(cups: PrivateCups) -> None:
    stopped = CupsPrinter(STOPPED, Paper.A4, patience_seconds=0.5)
    assert stopped.state() is PrinterState.OFFLINE
    assert printed_by(stopped) == Ended(outcome=PrintOutcome.NOT_PRINTED, state=PrinterState.OFFLINE)


def test_a_printer_that_does_not_answer_is_given_up_though_cups_says_nothing_against_it(cups: PrivateCups) -> None:
    ended = printed_by(CupsPrinter(NOBODY_THERE, Paper.A4, patience_seconds=1))
    assert ended.state is PrinterState.OFFLINE
    assert ended.outcome is not PrintOutcome.PRINTED
    assert cups.spooled() == []


def test_a_queue_there_is_none_of_and_a_cups_that_is_not_there(
    cups: PrivateCups, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nothing = Ended(outcome=PrintOutcome.NOT_PRINTED, state=PrinterState.OFFLINE)
    assert queues() == (NOBODY_THERE, QUEUE, STOPPED)
    assert printed_by(CupsPrinter("none", Paper.A4)) == nothing
    for nowhere in (str(tmp_path / "none.sock"), "127.0.0.1:9"):
        monkeypatch.setenv("CUPS_SERVER", nowhere)
        assert queues() is None
        assert printed_by(CupsPrinter(QUEUE, Paper.A4)) == nothing


def test_where_no_list_of_jobs_is_kept_nobody_knows_whether_it_was_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    if not CUPSD.exists():
        pytest.skip("there is no CUPS here: install cups-daemon")
    with private_cups(history="No") as forgetful:
        monkeypatch.setenv("CUPS_SERVER", forgetful.server)
        assert printed_by(CupsPrinter(QUEUE, Paper.A4)).outcome is PrintOutcome.UNKNOWN
        assert len(forgetful.printed()) == 1


# --- reasons ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reasons", "state"),
    [
        (["none"], PrinterState.READY),
        ([], PrinterState.READY),
        (["media-low-warning"], PrinterState.PAPER_LOW),
        (["media-low-warning", "media-empty-error"], PrinterState.PAPER_OUT),
        (["media-needed"], PrinterState.PAPER_OUT),
        (["media-empty-error", "cover-open-error"], PrinterState.COVER_OPEN),
        (["door-open-report"], PrinterState.COVER_OPEN),
        (["connecting-to-device"], PrinterState.OFFLINE),
        (["offline-report"], PrinterState.OFFLINE),
        (["toner-low-warning"], PrinterState.READY),
        (["media-jam-error"], PrinterState.UNKNOWN),
    ],
)
def test_the_worst_reason_counts(reasons: list[str], state: PrinterState) -> None:
    assert state_of(reasons) is state


# --- the protocol -----------------------------------------------------------------------------------------------------


def test_what_is_encoded_is_decoded() -> None:
    said = encode(
        Operation.GET_JOB,
        ((Kind.INTEGER, "job-id", -7), (Kind.BOOLEAN, "last-document", True), (Kind.KEYWORD, "wanted", ("a", "乙"))),
        ((Kind.NAME, "title", "回执"),),
    )
    answer = decode(said)
    assert answer.one(Group.OPERATION)["job-id"] == [-7]
    assert answer.one(Group.OPERATION)["last-document"] == [True]
    assert answer.one(Group.OPERATION)["wanted"] == ["a", "乙"]
    assert answer.one(Group.JOB) == {"title": ["回执"]}


@given(message=st.binary(max_size=200), cut=st.integers(min_value=0, max_value=100))
def test_no_answer_at_all_does_more_than_be_refused(message: bytes, cut: int) -> None:
    whole = encode(Operation.GET_JOB, ((Kind.KEYWORD, "wanted", ("a", "b")),))
    for said in (message, whole[:cut], whole[:cut] + message):
        try:
            decode(said)
        except ValueError:
            continue


def test_a_slip_without_a_code_is_printed_too(cups: PrivateCups) -> None:
    bare = replace(SLIP, url="", code="", code_label="")
    ended = CupsPrinter(QUEUE, Paper.ROLL_58).print_slip(bare, untold, threading.Event())
    assert ended.outcome is PrintOutcome.PRINTED
