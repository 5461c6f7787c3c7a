"""A queue of the printing system: any printer that CUPS knows, on this machine or another.

A job's life here:
    it is announced, without the slip     → it has a number by which it can be withdrawn, whatever comes
    the slip follows                      → the queue prints it, or waits for paper
    it is looked at until it has ended; after PATIENCE_SECONDS, or when the kiosk leaves, it is withdrawn
    it is purged: nothing of it stays in the spool, nor in the list of jobs

A kiosk that ended in the middle leaves its job behind; the next one withdraws and purges it, as soon as CUPS answers.

A printer that does not answer may be told by nothing but a job that goes on and on. Hence the patience.
"""

import getpass
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote

from kiosk.printing.device import Ended, Told
from kiosk.printing.ipp import Answer, Attribute, Attributes, Group, Kind, Operation, Unanswered, ask
from petition.ports import PrinterState, PrintOutcome
from petition.slip import PaperReceipt
from ui.receipt_page import Paper, pdf

TITLE = "receipt"
"""What the list of jobs shows, here and on the printer's own screen: nothing of whose it is."""
PATIENCE_SECONDS = 60.0
"""Long enough to put in paper."""
WITHDRAWING_SECONDS = 10.0
LOOK_SECONDS = 0.25

_CANCELLED, _ABORTED, _COMPLETED = 7, 8, 9
_ENDED = {_CANCELLED, _ABORTED, _COMPLETED}
_PRINTER_STOPPED = 5
_NOT_FOUND = 0x0406

_REASONS = (
    (PrinterState.COVER_OPEN, ("cover-open", "door-open", "interlock-open")),
    (PrinterState.PAPER_OUT, ("media-empty", "media-needed", "input-tray-missing")),
    (PrinterState.OFFLINE, ("offline", "connecting-to-device", "timed-out", "shutdown", "paused", "stopped")),
    (PrinterState.PAPER_LOW, ("media-low",)),
)
_HARMLESS = ("none", "cups-waiting-for-job-completed", "spool-area-full-report", "cups-remote")
_LOUD = "-error"


def state_of(reasons: Iterable[str], *, stopped: bool = False) -> PrinterState:
    """Return the worst of printer-state-reasons in our words; `stopped` is what printer-state says."""
    said = [reason for reason in reasons if not reason.startswith(_HARMLESS)]
    for state, beginnings in _REASONS:
        if any(reason.startswith(beginnings) for reason in said):
            return state
    if stopped:
        return PrinterState.OFFLINE
    return PrinterState.UNKNOWN if any(reason.endswith(_LOUD) for reason in said) else PrinterState.READY


def queues() -> tuple[str, ...] | None:
    """Return the names of the queues there are, None when no printing system answers."""
    try:
        answer = ask(Operation.LIST_PRINTERS, "/", (_user(), (Kind.KEYWORD, "requested-attributes", "printer-name")))
    except Unanswered:
        return None
    names = (attributes.get("printer-name", [""])[0] for attributes in answer.each(Group.PRINTER))
    return tuple(sorted(str(name) for name in names if name))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """A job and its printer at one moment."""

    job: int
    """job-state; 0 when the list of jobs knows it no more."""
    begun: bool
    """Whether it was ever at the printer."""
    printer: PrinterState


class CupsPrinter:
    """A queue, as a Device."""

    def __init__(self, queue: str, paper: Paper, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        """Print on this queue, whose paper is `paper`."""
        self._path = f"/printers/{quote(queue)}"
        self._paper = paper
        self._patience_seconds = patience_seconds
        self._leftovers = False

    def exists(self) -> bool | None:
        """Tell whether there is this queue, None when no printing system answers."""
        try:
            return self._ask_printer().status != _NOT_FOUND
        except Unanswered:
            return None

    def state(self) -> PrinterState:
        """Return how the queue says its printer is: as it was in its last job, for most printers."""
        try:
            self._purge_leftovers()
            answer = self._ask_printer()
        except Unanswered:
            return PrinterState.OFFLINE
        return _printer_state(answer.one(Group.PRINTER)) if answer.done else PrinterState.OFFLINE

    def print_slip(self, slip: PaperReceipt, told: Told, leaving: threading.Event) -> Ended:
        """Print a slip once."""
        page = pdf(slip, self._paper)
        try:
            self._purge_leftovers()
            job = self._announce()
        except Unanswered:
            job = 0  # a job without a document prints nothing, whether it was made or not
        if not job:
            return Ended(outcome=PrintOutcome.NOT_PRINTED, state=self._unwilling())
        try:
            sent = self._send(job, page)
        except Unanswered:
            sent = False
        try:
            return self._watch(job, told, leaving, patient=sent)
        finally:
            self._purge(job)

    def withdraw_leftovers(self) -> None:
        """Withdraw and purge what a kiosk left behind that ended in the middle; later, when nobody answers now."""
        self._leftovers = True
        with suppress(Unanswered):
            self._purge_leftovers()

    def _purge_leftovers(self) -> None:
        """Purge every slip of ours in the queue: just now none is being printed. Raises Unanswered."""
        if not self._leftovers:
            return
        mine: tuple[Attribute, ...] = ((Kind.BOOLEAN, "my-jobs", True), (Kind.KEYWORD, "which-jobs", "all"))
        wanted = (Kind.KEYWORD, "requested-attributes", ("job-id", "job-name"))
        answer = ask(Operation.GET_JOBS, self._path, (_user(), *mine, wanted))
        self._leftovers = False
        for found in answer.each(Group.JOB):
            number = found.get("job-id", [0])[0]
            if found.get("job-name", [""])[0] == TITLE and isinstance(number, int):
                self._purge(number)

    def _unwilling(self) -> PrinterState:
        """Return why a queue takes no job: one that says it is ready does not take jobs."""
        state = self.state()
        return PrinterState.OFFLINE if state is PrinterState.READY else state

    def _announce(self) -> int:
        scaling: Attribute = (Kind.KEYWORD, "print-scaling", "none")  # a code's modules are whole dots
        letter: Attribute = (Kind.KEYWORD, "media", "iso_a4_210x297mm")
        answer = ask(
            Operation.CREATE_JOB,
            self._path,
            (_user(), (Kind.NAME, "job-name", TITLE)),
            job=(scaling, letter) if self._paper is Paper.A4 else (scaling,),
        )
        number = answer.one(Group.JOB).get("job-id", [0])[0]
        return number if answer.done and isinstance(number, int) else 0

    def _send(self, job: int, page: bytes) -> bool:
        kind = (Kind.MEDIA_TYPE, "document-format", "application/pdf")
        last = (Kind.BOOLEAN, "last-document", True)
        return ask(Operation.SEND_DOCUMENT, self._path, (_job(job), _user(), kind, last), document=page).done

    def _watch(self, job: int, told: Told, leaving: threading.Event, *, patient: bool) -> Ended:
        """Look at a job until it has ended, or withdraw it."""
        end = time.monotonic() + (self._patience_seconds if patient else 0)
        state = PrinterState.UNKNOWN
        while True:
            with suppress(Unanswered):  # a printing system that is being restarted
                look = self._look(job)
                if look.job in _ENDED or not look.job:
                    return Ended(outcome=_outcome(look), state=look.printer)
                state = look.printer
                told(state)
            if leaving.is_set() or time.monotonic() >= end:
                return self._withdraw(job, state)
            leaving.wait(LOOK_SECONDS)

    def _withdraw(self, job: int, state: PrinterState) -> Ended:
        """Take a job back; `state` is why: a queue that is well while nothing comes out has a printer that is not."""
        if state in (PrinterState.READY, PrinterState.PAPER_LOW):
            state = PrinterState.OFFLINE
        end = time.monotonic() + WITHDRAWING_SECONDS
        while time.monotonic() < end:
            with suppress(Unanswered):
                ask(Operation.CANCEL_JOB, self._path, (_job(job), _user()))
                look = self._look(job)
                if look.job in _ENDED or not look.job:
                    return Ended(outcome=_outcome(look), state=state)
            time.sleep(LOOK_SECONDS)
        return Ended(outcome=PrintOutcome.UNKNOWN, state=state)

    def _look(self, job: int) -> _Look:
        wanted = (Kind.KEYWORD, "requested-attributes", ("job-state", "time-at-processing"))
        found = ask(Operation.GET_JOB, self._path, (_job(job), _user(), wanted)).one(Group.JOB)
        state = found.get("job-state", [0])[0]
        printer = _printer_state(self._ask_printer().one(Group.PRINTER))
        begun = isinstance(found.get("time-at-processing", [None])[0], int)
        return _Look(job=state if isinstance(state, int) else 0, begun=begun, printer=printer)

    def _purge(self, job: int) -> None:
        """Have a job forgotten; one that was withdrawn just now is still being written down."""
        end = time.monotonic() + WITHDRAWING_SECONDS
        while time.monotonic() < end:
            with suppress(Unanswered):  # the next question may be answered: the slip must not stay in the spool
                ask(Operation.CANCEL_JOB, self._path, (_job(job), _user(), (Kind.BOOLEAN, "purge-job", True)))
                if ask(Operation.GET_JOB, self._path, (_job(job), _user())).status == _NOT_FOUND:
                    return
            time.sleep(LOOK_SECONDS)
        self._leftovers = True

    def _ask_printer(self) -> Answer:
        wanted = ("printer-state", "printer-state-reasons", "printer-is-accepting-jobs")
        return ask(Operation.GET_PRINTER, self._path, (_user(), (Kind.KEYWORD, "requested-attributes", wanted)))


def _outcome(look: _Look) -> PrintOutcome:
    if look.job == _COMPLETED:
        return PrintOutcome.PRINTED
    # A list of jobs that keeps none (PreserveJobHistory No) tells how none of them ended.
    return PrintOutcome.UNKNOWN if look.begun or not look.job else PrintOutcome.NOT_PRINTED


def _printer_state(attributes: Attributes) -> PrinterState:
    reasons = (str(reason) for reason in attributes.get("printer-state-reasons", []))
    stopped = attributes.get("printer-state", [0])[0] == _PRINTER_STOPPED
    refuses = attributes.get("printer-is-accepting-jobs", [True])[0] is False
    return state_of(reasons, stopped=stopped or refuses)


def _user() -> Attribute:
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a user that this machine has no name for
        name = "kiosk"
    return (Kind.NAME, "requesting-user-name", name)


def _job(number: int) -> Attribute:
    return (Kind.INTEGER, "job-id", number)
