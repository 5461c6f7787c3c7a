"""Every journey, said once: what is done on it, whoever does it and with what, and what must come of it.

A move never says how: six means carry it out, each in its own way. What a move leads to is what is waited for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from petition.model import LaterKind
from petition.offer import ENTRY
from petition.script.report import STEPS as REPORT
from petition.steps import ENDED, Command

LETTERS = "loushui"
SENTENCE = "楼道灯坏了好几天了"
WORDS = "漏水"
"""What the letters become with the space key."""
PHONE = "13800138000"
PHONE_KEPT = "+8613800138000"
REVIEWS = tuple(step.id for step in REPORT if step.id.startswith("review"))
RECEIPTS = ("receipt", "receipt_offline")
FIRE_LETTERS = "zhaohuo"
FIRE_WORDS = "着火"
PIN = "482913"
"""Of somebody who works there."""
NAME_LETTERS = "liu"
NAME = "刘"
"""What the letters become with the space key."""
ID_DIGITS, ID_NUMBER = "11010519491231002", "11010519491231002X"
"""A number as cards have them, whose last sign is no digit."""
PROMISE = "本人托我来反映这件事"
HANDS = frozenset({"touch", "pad"})
"""Means that stand for all that have no voice where a journey is long."""


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

    words: str = SENTENCE
    """What who is heard by their words says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Write one's name with a finger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linger:
    """Do nothing, for longer than the kiosk waits."""


class Elsewhere(Enum):
    """What happens meanwhile where the resident is not, whoever does it."""

    ANSWER = "answer"
    """Somebody at the platform says that they are coming."""
    CUT = "cut"
    """The line breaks."""
    MEND = "mend"
    """The line is good again."""


Act = Choose | Ask | Write | Enter | Speak | Sign | Linger | Elsewhere


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
class Either:
    """Stands for moves that are others for who can write than for who can't."""

    written: tuple[Move, ...]
    spoken: tuple[Move, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the platform must have about a petition that was there before."""

    about: str
    """Which one, as receipts are named."""
    events: tuple[tuple[LaterKind, str], ...]
    """Kinds and levels, in order. The last one carries what was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """From the welcome screen to the end of what somebody came for."""

    id: str
    name: str
    """For the table of docs/means.md."""
    parts: tuple[Move | Either, ...]
    files: bool = False
    """Whether what was given is filed at the end; else nothing may be."""
    said: Said | None = None
    by_ear: bool = False
    """Whether it takes a microphone, by whatever means."""
    slow: bool = False
    """Whether only ./test --all makes it: what is in it that others have not is its sound, and speaking takes long."""
    always: frozenset[str] | None = None
    """The means by which every run makes it, where the others only do in the long one; None for whatever has no voice."""

    def moves(self, *, writes: bool) -> list[Move]:
        """Return its moves for somebody who can write, or can't."""
        return [move for part in self.parts for move in _moves(part, writes=writes)]


def _moves(part: Move | Either, *, writes: bool) -> Iterator[Move]:
    match part:
        case Either(written=written, spoken=spoken):
            yield from written if writes else spoken
        case Move():
            yield part


def _choose(choice_id: str, *to: str, keeps: bool = False, **shows: object) -> Move:
    return Move(act=Choose(choice_id=choice_id), to=to, shows=tuple(shows.items()), keeps=keeps)


def _ask(command: Command, *to: str, **shows: object) -> Move:
    return Move(act=Ask(command=command), to=to, shows=tuple(shows.items()))


def _elsewhere(what: Elsewhere, *to: str, **shows: object) -> Move:
    return Move(act=what, to=to, shows=tuple(shows.items()))


def _look_up(receipt: str) -> tuple[Move, ...]:
    """Ask how far the petition of a receipt is."""
    return (
        _choose("progress", "progress_number"),
        Move(act=Enter(field="number_digits", digits=f"{{{receipt}_number}}"), to=("progress_code",)),
        Move(act=Enter(field="code_digits", digits=f"{{{receipt}_code}}"), to=("progress_result",)),
    )


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
GIVEN = Either(written=WRITTEN, spoken=SPOKEN)
"""From the welcome screen to the review of a petition: written by who can write, else spoken."""
IN_DANGER = Either(
    written=(
        _choose("type", "type_text"),
        Move(act=Write(letters=FIRE_LETTERS), to=("danger_fire",), shows=(("text", FIRE_WORDS), ("called", True))),
        _choose("safe", "type_text", called=False, keeps=True),
        _choose("done", "review", keeps=True),
    ),
    spoken=(
        *SPOKEN,
        _ask(Command.FIRE, "danger_fire", called=True),
        _choose("safe", *REVIEWS, called=False, keeps=True),
    ),
)
MORE = Either(
    written=(
        _choose("type", "type_text"),
        Move(act=Write(letters=LETTERS), shows=(("text", WORDS),)),
        _choose("done", "review", text=WORDS),
    ),
    spoken=(
        _choose("start", "recording"),
        Move(act=Speak(), to=REVIEWS, shows=(("recordings", 1),)),
    ),
)
SEND = _choose("send", *RECEIPTS)
FOR_A_PARENT = (_choose("proxy", "proxy_relation"), _choose("parent", "proxy_consent", relation="parent"))
AGREED_ALOUD = Either(
    written=(
        _choose("speak", "consent_recording"),
        Move(act=Speak(), to=("consent_check",)),
        _choose("agree", "describe", authority="spoken"),
    ),
    spoken=(
        _choose("speak", "consent_recording"),
        _choose("agree", "describe", authority="spoken"),
    ),
)
"""Somebody agrees: in words that are understood, or in a voice, and by pressing that they do."""
AGREED_BY_HAND = (_choose("cannot", "proxy_sign"), _choose("agree", "describe", authority="pressed"))
FOR_WHO_IS_ABSENT = (*FOR_A_PARENT, _choose("absent", "proxy_absent"), _choose("promise", "signature_consent"))
WHOSE_NAME = (
    Either(
        written=(
            Move(act=Write(letters=NAME_LETTERS), shows=(("principal_text", NAME),)),
            _choose("done", "proxy_phone", principal=NAME),
        ),
        spoken=(_choose("skip", "proxy_phone", principal=""),),
    ),
    Move(act=Enter(field="principal_digits", digits=PHONE), shows=(("principal_digits", PHONE),)),
    _choose("done", "agent_consent", principal_phone=PHONE_KEPT),
    _choose("no", "describe"),
)
"""The name and number of who is absent; the other keeps their own to themselves."""
TO_DETAILS = Either(
    written=(_choose("details", "details"),), spoken=(_choose("change", "change"), _choose("details", "details"))
)
"""From the review; that of words that were heard has no room for it."""
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
            GIVEN,
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
            Move(act=Enter(field="number_digits", digits="{filed_number}"), to=("progress_code",)),
            Move(
                act=Enter(field="code_digits", digits="{filed_code}"),
                to=("progress_result",),
                shows=(("stage", "replied"),),
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
            *_look_up("rated"),
            _choose("rate", "rating"),
            _choose(f"{ENTRY}good", "rating_confirm"),
            _choose("yes", "rating_comment"),
            _choose("no", "rating_done"),
            _choose("finish", ENDED),
        ),
        said=Said(about="rated", events=((LaterKind.RATING, "good"),)),
    ),
    Journey(
        id="rate_aloud",
        name="rate it, and say why",
        parts=(
            *_look_up("rated_aloud"),
            _choose("rate", "rating"),
            _choose(f"{ENTRY}good", "rating_confirm"),
            _choose("yes", "rating_comment"),
            _choose("speak", "recording"),
            Move(act=Speak(), to=REVIEWS, shows=(("recordings", 1),)),
            _choose("send", "rating_done"),
            _choose("finish", ENDED),
        ),
        said=Said(about="rated_aloud", events=((LaterKind.RATING, "good"), (LaterKind.RATING, "good"))),
        by_ear=True,
        slow=True,
    ),
    Journey(
        id="supplement",
        name="add what was forgotten",
        slow=True,
        parts=(
            *_look_up("supplemented"),
            _choose("say", "progress_say"),
            _choose("more", "supplement"),
            MORE,
            _choose("send", "supplement_done"),
            _choose("finish", ENDED),
        ),
        said=Said(about="supplemented", events=((LaterKind.SUPPLEMENT, ""),)),
    ),
    Journey(
        id="late",
        name="urge what is late, then withdraw it, asked twice",
        parts=(
            *_look_up("late"),
            _choose("say", "progress_say"),
            _choose("urge", "urge_done"),
            _choose("look", "progress_result"),
            _choose("say", "progress_say"),
            _choose("withdraw", "withdraw_ask"),
            _choose("withdraw", "withdraw_sure"),
            _choose("withdraw", "withdraw_done"),
            _choose("finish", ENDED),
        ),
        said=Said(about="late", events=((LaterKind.URGE, ""), (LaterKind.WITHDRAW, ""))),
    ),
    Journey(
        id="print",
        name="have a slip printed",
        parts=(GIVEN, SEND, _choose("print", slips=1), *GO_BY_THE_WAY_OUT),
        files=True,
    ),
    Journey(
        id="call",
        name="call staff, and go on",
        parts=(
            GIVEN,
            _ask(Command.CALL_STAFF, "call_staff"),
            _choose("ring"),
            _choose("resume", *REVIEWS, keeps=True),
            *GIVE_UP,
        ),
    ),
    Journey(
        id="answered",
        name="call staff, and be told who comes",
        parts=(
            GIVEN,
            _ask(Command.CALL_STAFF, "call_staff", rings=True),
            _elsewhere(Elsewhere.ANSWER, "call_answered"),
            _choose("here", *REVIEWS, called=False, keeps=True),
            *GIVE_UP,
        ),
    ),
    Journey(
        id="bell",
        name="call staff while the line is cut: a bell rings here",
        slow=True,
        parts=(
            GIVEN,
            _elsewhere(Elsewhere.CUT, line=False),
            _ask(Command.CALL_STAFF, "call_local_bell", bell=True),
            _choose("cancel", "call_cancelled", bell=False),
            _choose("resume", *REVIEWS, keeps=True),
            _elsewhere(Elsewhere.MEND, line=True),
            *GIVE_UP,
        ),
    ),
    Journey(
        id="danger",
        name="tell of danger, and that there is none now",
        parts=(IN_DANGER, *GIVE_UP),
    ),
    Journey(
        id="person",
        name="find no words, and have a person called who writes them",
        parts=(
            _choose("type", "type_text"),
            _choose("done", "type_empty"),
            _choose("person", "call_staff", called=True),
            _choose("resume", "type_empty"),
            _ask(Command.FINISH, ENDED, called=False),
        ),
    ),
    Journey(
        id="agree",
        name="file for a parent who is there and says that they agree",
        parts=(*FOR_A_PARENT, AGREED_ALOUD, MORE, SEND, *GO_BY_THE_WAY_OUT),
        files=True,
        by_ear=True,
        always=HANDS,
    ),
    Journey(
        id="agree_silently",
        name="file for a parent who does not speak, and presses that they agree",
        parts=(*FOR_A_PARENT, *AGREED_BY_HAND, MORE, SEND, *GO_BY_THE_WAY_OUT),
        files=True,
        always=HANDS,
    ),
    Journey(
        id="promise",
        name="file for somebody who is absent: a spoken promise, their name and number",
        parts=(
            *FOR_WHO_IS_ABSENT,
            _choose("no", "declare_recording"),
            Move(act=Speak(words=PROMISE), to=("proxy_name",), shows=(("authority", "declared"), ("evidence", 1))),
            *WHOSE_NAME,
            MORE,
            SEND,
            *GO_BY_THE_WAY_OUT,
        ),
        files=True,
        by_ear=True,
        always=frozenset({"pad"}),
    ),
    Journey(
        id="sign",
        name="file for somebody who is absent: a promise signed with a finger",
        parts=(
            *FOR_WHO_IS_ABSENT,
            _choose("yes", "proxy_declare"),
            Move(act=Sign(), shows=(("strokes", 1),)),
            _choose("done", "proxy_name", authority="declared", evidence=1),
            *WHOSE_NAME,
            MORE,
            SEND,
            *GO_BY_THE_WAY_OUT,
        ),
        files=True,
    ),
    Journey(
        id="picture",
        name="send a picture along that the camera takes",
        parts=(
            GIVEN,
            TO_DETAILS,
            _choose("picture", "picture_consent"),
            _choose("yes", "picture_source"),
            _choose("camera", "picture_camera"),
            _choose("shutter", "picture_check"),
            _choose("use", *REVIEWS, pictures=1),
            SEND,
            *GO_BY_THE_WAY_OUT,
        ),
        files=True,
        always=HANDS,
    ),
    Journey(
        id="name",
        name="leave a name and the number of an identity card",
        parts=(
            GIVEN,
            TO_DETAILS,
            _choose("who", "who"),
            _choose("name", "own_name"),
            Either(
                written=(
                    Move(act=Write(letters=NAME_LETTERS), shows=(("name_text", NAME),)),
                    _choose("done", "who", name=NAME),
                ),
                spoken=(_choose("skip", "who", name=""),),
            ),
            _choose("id", "id_consent"),
            _choose("yes", "id_number"),
            Move(act=Enter(field="id_digits", digits=ID_DIGITS), shows=(("id_digits", ID_DIGITS),)),
            _choose("x", id_digits=ID_NUMBER),
            _choose("done", "who", id_number=ID_NUMBER),
            _choose("done", *REVIEWS),
            SEND,
            *GO_BY_THE_WAY_OUT,
        ),
        files=True,
        always=HANDS,
    ),
    Journey(
        id="volunteer",
        name="as a volunteer, sign in by number and PIN, file for somebody who is there, and sign out",
        parts=(
            _choose("proxy", "proxy_relation"),
            _choose("volunteer", "agent_sign_in"),
            _choose("pin", "agent_pin"),
            Move(act=Enter(field="agent_code", digits="{volunteer_code}")),
            _choose("done", "agent_ready", agent_code="", signed_in=True),
            _choose("begin", "proxy_consent", relation="volunteer"),
            *AGREED_BY_HAND,
            MORE,
            SEND,
            _choose("finish", "agent_ready", relation="", text=""),
            _choose("out", "agent_signed_out", signed_in=False),
        ),
        files=True,
        always=HANDS,
    ),
    Journey(
        id="revoke",
        name="with one's own slip, end that somebody acts for one",
        parts=(
            *_look_up("represented"),
            _choose("say", "progress_say"),
            _choose("revoke", "authority_end"),
            _choose("revoke", "authority_ended"),
            _choose("finish", ENDED),
        ),
        said=Said(about="represented", events=((LaterKind.REVOKE, ""),)),
        always=HANDS,
    ),
    Journey(
        id="settings",
        name="change size, voice, colours and language, and go on",
        parts=(
            GIVEN,
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
            GIVEN,
            _ask(Command.FINISH, "confirm_leave"),
            _choose("stay", *REVIEWS, keeps=True),
            *GIVE_UP,
        ),
    ),
    Journey(
        id="idle",
        name="answer 「您还在吗？」, and go on",
        parts=(
            GIVEN,
            Move(act=Linger(), to=("idle_warning",)),
            _choose("here", *REVIEWS, keeps=True),
            *GIVE_UP,
        ),
    ),
    Journey(
        id="desk",
        name="as staff, open the desk and print a slip of before; the visit below is kept",
        parts=(
            GIVEN,
            _ask(Command.SETTINGS, "settings"),
            _choose("desk", "staff_pin"),
            Move(act=Enter(field="pin_digits", digits=PIN), shows=(("pin_digits", PIN),)),
            _choose("done", "staff_home", pin_digits=""),
            _choose("receipts", "staff_receipts"),
            _choose("number", "staff_number"),
            Move(act=Enter(field="desk_digits", digits="{filed_number}"), to=("staff_receipts",)),
            _choose("print", slips=1),
            _choose("desk", "staff_home"),
            _choose("close", *REVIEWS, keeps=True),
            *GIVE_UP,
        ),
    ),
)
