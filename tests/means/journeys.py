"""Every journey, said once: what is done on it, whoever does it and with what, and what must come of it.

A move never says how: six means carry it out, each in its own way. What a move leads to is what is waited for.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from petition.offer import ENTRY
from petition.script.report import STEPS as REPORT
from petition.steps import ENDED, WELCOME, Command

LETTERS = "loushui"
WORDS = "漏水"
"""What the letters become with the space key."""
PHONE = "13800138000"
PHONE_KEPT = "+8613800138000"
REVIEWS = tuple(step.id for step in REPORT if step.id.startswith("review"))
RECEIPTS = ("receipt", "receipt_offline")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """Take one of the answers."""

    choice_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Ask for what can be asked for everywhere."""

    command: Command


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """Type these letters, and take the first words that they may become."""

    letters: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Enter:
    """Give a number, digit by digit."""

    field: str
    """Of the visit, where the digits gather."""
    digits: str
    """Or, in braces, which ones of a receipt that was given before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speak:
    """Say something into the recording that has been asked for, and that it was all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linger:
    """Do nothing, for longer than the kiosk waits."""


Act = Choose | Ask | Write | Enter | Speak | Linger


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One act, and what is there when it has been carried out."""

    act: Act
    to: tuple[str, ...] = ()
    """The steps that it may lead to; () leaves the step alone."""
    shows: tuple[tuple[str, object], ...] = ()
    """What a note of the visit (see `kiosk_child.note`) says then."""
    keeps: bool = False
    """Whether what was given before is still there, whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Stands for the moves from the welcome screen to the review of a petition: written by who can write, else spoken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """From the welcome screen to the end of what somebody came for."""

    id: str
    name: str
    """For the table of docs/means.md."""
    parts: tuple[Move | Given, ...]
    files: bool = False
    """Whether what was given is filed at the end; else nothing may be."""
    rates: str = ""
    """The level that the platform must have at the end, for the petition that is there to be rated."""
    by_ear: bool = False
    """Whether it takes a microphone, by whatever means."""

    def moves(self, *, writes: bool) -> list[Move]:
        """Return its moves for somebody who can write, or can't."""
        return [move for part in self.parts for move in _moves(part, writes=writes)]


def _moves(part: Move | Given, *, writes: bool) -> Iterator[Move]:
    match part:
        case Given():
            yield from WRITTEN if writes else SPOKEN
        case Move():
            yield part


def _choose(choice_id: str, *to: str, keeps: bool = False, **shows: object) -> Move:
    return Move(act=Choose(choice_id=choice_id), to=to, shows=tuple(shows.items()), keeps=keeps)


def _ask(command: Command, *to: str) -> Move:
    return Move(act=Ask(command=command), to=to)


WRITTEN = (
    _choose("type", "type_text"),
    Move(act=Write(letters=LETTERS), shows=(("text", WORDS),)),
    _choose("done", "review", text=WORDS),
)
SPOKEN = (
    _choose("report", "describe"),
    _choose("start", "recording"),
    Move(act=Speak(), to=REVIEWS, shows=(("recordings", 1),)),
)
SEND = _choose("send", *RECEIPTS)
GO = _choose("finish", ENDED)
GO_BY_THE_WAY_OUT = (_ask(Command.FINISH, "receipt_leave"), _choose("finish", ENDED))
GIVE_UP = (_ask(Command.FINISH, "confirm_leave"), _choose("clear", ENDED, text="", recordings=0))

JOURNEYS = (
    Journey(
        id="speak",
        name="say a petition and send it",
        parts=(*SPOKEN, SEND, GO),
        files=True,
        by_ear=True,
    ),
    Journey(id="type", name="type a petition and send it", parts=(*WRITTEN, SEND, GO), files=True),
    Journey(
        id="phone",
        name="leave a telephone number with it",
        parts=(
            Given(),
            _choose("phone", "contact_phone"),
            Move(act=Enter(field="phone_digits", digits=PHONE), shows=(("phone_digits", PHONE),)),
            _choose("done", "contact_confirm", phone=PHONE_KEPT),
            SEND,
            *GO_BY_THE_WAY_OUT,
        ),
        files=True,
    ),
    Journey(
        id="progress",
        name="ask how far a petition is",
        parts=(
            _choose("progress", "progress_number"),
            Move(act=Enter(field="number_digits", digits="{number}"), to=("progress_code",)),
            Move(
                act=Enter(field="code_digits", digits="{code}"), to=("progress_result",), shows=(("stage", "replied"),)
            ),
            _choose("reply", "progress_reply"),
            _choose("ok", "progress_result"),
            _choose("finish", ENDED),
        ),
    ),
    Journey(
        id="rate",
        name="rate how it was done",
        parts=(
            _choose("progress", "progress_number"),
            Move(act=Enter(field="number_digits", digits="{rated_number}"), to=("progress_code",)),
            Move(act=Enter(field="code_digits", digits="{rated_code}"), to=("progress_result",)),
            _choose("rate", "rating"),
            _choose(f"{ENTRY}good", "rating_confirm"),
            _choose("yes", "rating_comment"),
            _choose("no", "rating_done"),
            _choose("finish", ENDED),
        ),
        rates="good",
    ),
    Journey(
        id="call",
        name="call staff, and go on",
        parts=(
            Given(),
            _ask(Command.CALL_STAFF, "call_staff"),
            _choose("ring"),
            _choose("resume", *REVIEWS, keeps=True),
            *GIVE_UP,
        ),
    ),
    Journey(
        id="person",
        name="be led to a person by what the kiosk can't do yet",
        parts=(
            _choose("proxy", "ask_person"),
            _choose("person", "call_staff"),
            _choose("resume", "ask_person"),
            _choose("home", WELCOME),
        ),
    ),
    Journey(
        id="settings",
        name="change size, voice, colours and language, and go on",
        parts=(
            Given(),
            _ask(Command.SETTINGS, "settings"),
            _choose("text", "settings_text"),
            _choose("largest", size="largest"),
            _choose("done", "settings"),
            _choose("voice", "settings_voice"),
            _choose("slower", rate=1.6),
            _choose("done", "settings"),
            _choose("colour", "settings_colour"),
            _choose("dark", theme="dark"),
            _choose("done", "settings"),
            _choose("language", "settings_language"),
            _choose("traditional", language="zh_Hant"),
            _choose("done", "settings"),
            _choose("done", *REVIEWS, keeps=True),
            *GIVE_UP,
        ),
    ),
    Journey(
        id="leave",
        name="think twice about leaving, then leave",
        parts=(
            Given(),
            _ask(Command.FINISH, "confirm_leave"),
            _choose("stay", *REVIEWS, keeps=True),
            *GIVE_UP,
        ),
    ),
    Journey(
        id="idle",
        name="answer 「您还在吗？」, and go on",
        parts=(
            Given(),
            Move(act=Linger(), to=("idle_warning",)),
            _choose("here", *REVIEWS, keeps=True),
            *GIVE_UP,
        ),
    ),
)
