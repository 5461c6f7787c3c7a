"""What a step of the script is made of. The steps themselves stand in `petition/script/`.

A step says its words, choices and phrases once, in Simplified Chinese. The screen, the speech, the voice grammar, the keys,
the screen reader's tree and the printed handbook are derived from it.
"""

from dataclasses import dataclass
from enum import StrEnum

RETURN = "@return"
"""Back to the step an overlay lies over; what was written there is still there."""
STAY = "@stay"
"""Stay on this step and say how it turned out."""
COMPOSE = "@compose"
"""To the step on which what has been given so far was given: speaking or typing."""
REVIEW = "@review"
"""To the review that fits what has been given: text typed, text made out of sound, or sound alone."""
RECEIPT = "@receipt"
"""To the receipt that fits the line: delivered at once, or kept until the line is back."""
RATED = "@rated"
"""To what follows a rating: an offer to look into it again for who is not content, else room for a few words."""
PROGRESS = "@progress"
"""Back to how far the petition is, as it was told."""
BEFORE = "@before"
"""To where another petition was begun: the receipt of the last one, while nothing else is given yet; else the welcome."""

PICTURE = "@picture"
"""To the next thing about pictures: whether they may go along, where they come from, or the camera."""
PROXY = "@proxy"
"""To filing for somebody else: for whom, or for the next one where somebody is signed in for it."""
CONSENT = "@consent"
"""To where the person is asked whether they agree."""
PAPER = "@paper"
"""To the picture of a signed paper, over the question whether it may be taken."""
SIGN = "@sign"
"""To the promise of who files, over the question whether their signature may be kept."""
AGREED = "@agreed"
"""To the petition of somebody who agrees that it is filed for them."""
NAMED = "@named"
"""To whose name or number is wanted next; back to the names, or on to the petition, where none is."""
BEFORE_NAME = "@before-name"
"""To where the name of somebody else was asked for."""
IDENTITY = "@identity"
"""To the identity card's number, over the question whether it may be kept."""
AGENT_NAME = "@agent-name"
"""To the name of who files, over the question whether it may be kept."""

CALL = "@call"
"""To what tells how far the call for a person is."""

WELCOME = "welcome"
ENDED = "session_ended"


class Journey(StrEnum):
    """What somebody came for; named on the screen's first line and in 「我在哪」."""

    SHARED = "shared"
    REPORT_VOICE = "report_voice"
    REPORT_TYPING = "report_typing"
    PROGRESS = "progress"
    RATING = "rating"
    PROXY = "proxy"
    CALL_STAFF = "call_staff"
    FAULT = "fault"
    STAFF = "staff"


class Input(StrEnum):
    """What a step takes besides its choices."""

    NOTHING = "nothing"
    CHOICE = "choice"
    SPEECH = "speech"
    TEXT = "text"
    DIGITS = "digits"
    SIGNATURE = "signature"
    """What a finger draws, besides the answers."""
    KEYS = "keys"
    """Any key, to be told what it is for; it does nothing else."""


class Layout(StrEnum):
    """How the parts of a step stand on the paper. One view renders them all."""

    WELCOME = "welcome"
    """One large tile and a column of others."""
    LIST = "list"
    """A question, a line under it, and its answers one below the other or in two columns."""
    SHEET = "sheet"
    """Words to read on a sheet at the left, answers at the right."""
    RECORD = "record"
    """The sheet that fills while somebody speaks: time and level."""
    TYPE = "type"
    """A text and the keyboard."""
    DIGITS = "digits"
    """A number being keyed, and the number pad."""
    RECEIPT = "receipt"
    """Number, query code, QR code, the seal 收到."""
    PROGRESS = "progress"
    """The five stages and who is responsible."""
    MESSAGE = "message"
    """One picture and a few words: a fault, a call, an end."""
    CAMERA = "camera"
    """What the camera sees, as large as it gets, and the answers at the right: the first of them is the shutter."""
    PICTURE = "picture"
    """A picture that was taken, and the answers at the right."""
    PICTURES = "pictures"
    """Pictures as answers, six at most, and the other answers below."""
    SIGN = "sign"
    """Words to read, a frame to write one's name in with a finger, and the answers."""
    COUNTDOWN = "countdown"
    """Seconds that run out, with the way to stop them."""


class Privacy(StrEnum):
    """What the loudspeaker may say on a step."""

    OPEN = "open"
    PRIVATE = "private"
    """The resident's own words: aloud only when they chose so."""
    MASKED = "masked"
    """Numbers and names: never over the loudspeaker."""


class Act(StrEnum):
    """What choosing does besides leading somewhere; `Choice.value` is its argument."""

    BEGIN_RECORDING = "begin-recording"
    FINISH_RECORDING = "finish-recording"
    PLAY_BACK = "play-back"
    READ_ALOUD = "read-aloud"
    READ_NUMBER = "read-number"
    READ_CODE = "read-code"
    BEGIN_AGAIN = "begin-again"
    RING = "ring"
    SUBMIT = "submit"
    FINISH = "finish"
    SET_HUSH = "set-hush"
    SET_SIZE = "set-size"
    SET_THEME = "set-theme"
    SET_REACH = "set-reach"
    DRAW_CURTAIN = "draw-curtain"
    SET_LANGUAGE = "set-language"
    SET_KIND = "set-kind"
    SET_CATEGORY = "set-category"
    SET_PLACE = "set-place"
    CONFIRM_TEXT = "confirm-text"
    CONFIRM_DIGITS = "confirm-digits"
    CLEAR_DIGITS = "clear-digits"
    DROP_PHONE = "drop-phone"
    COME_TO_RATE = "come-to-rate"
    SET_LEVEL = "set-level"
    RATE = "rate"
    REVIEW = "review"
    NEXT_PAGE = "next-page"
    NEXT_SENTENCE = "next-sentence"
    PREVIOUS_SENTENCE = "previous-sentence"
    LOOK_UP = "look-up"
    LOUDER = "louder"
    QUIETER = "quieter"
    FASTER = "faster"
    SLOWER = "slower"
    MEND_LAST = "mend-last"
    MEANT = "meant"
    NOT_MEANT = "not-meant"
    ALARM = "alarm"
    NO_DANGER = "no-danger"
    END_CALL = "end-call"
    CALL_AGAIN = "call-again"
    RING_HERE = "ring-here"
    PRINT = "print"
    SUPPLEMENT = "supplement"
    SPEAK_COMMENT = "speak-comment"
    URGE = "urge"
    WITHDRAW = "withdraw"
    REVOKE = "revoke"
    KEEP_AGAIN = "keep-again"
    PICK_RECEIPT = "pick-receipt"
    PRINT_PICKED = "print-picked"
    LOOK_AGAIN = "look-again"
    SEND_AGAIN = "send-again"
    RESUME_DRAFT = "resume-draft"
    DISCARD_DRAFT = "discard-draft"
    CLOSE_DESK = "close-desk"
    SHUTTER = "shutter"
    USE_PICTURE = "use-picture"
    DROP_PICTURE = "drop-picture"
    DROP_PICTURES = "drop-pictures"
    PICK_PICTURE = "pick-picture"
    SKIP_CAMERA = "skip-camera"
    CONSENT = "consent"
    DECLINE = "decline"
    SET_RELATION = "set-relation"
    BEGIN_CONSENT = "begin-consent"
    PLAY_CONSENT = "play-consent"
    AGREE = "agree"
    REFUSE = "refuse"
    ASK_CONSENT_AGAIN = "ask-consent-again"
    STEP_ASIDE = "step-aside"
    KEEP_SIGNATURE = "keep-signature"
    ERASE_SIGNATURE = "erase-signature"
    DROP_NAME = "drop-name"
    ADD_X = "add-x"
    DROP_ID = "drop-id"
    BEGIN_FOR = "begin-for"
    DROP_DRAFT = "drop-draft"
    SUBMIT_ANYWAY = "submit-anyway"


class When(StrEnum):
    """When a choice is offered; a choice without one always is."""

    DRAFT_BEGUN = "draft-begun"
    REPLY_THERE = "reply-there"
    MORE_PAGES = "more-pages"
    MORE_SENTENCES = "more-sentences"
    EARLIER_SENTENCES = "earlier-sentences"
    HEARS_WORDS = "hears-words"
    SOUND_THERE = "sound-there"
    RATEABLE = "rateable"
    SAYABLE = "sayable"
    OWN_SLIP = "own-slip"
    AGENT_SLIP = "agent-slip"
    LOOKED_UP = "looked-up"
    OVERDUE = "overdue"
    A_PETITION = "a-petition"
    PRINTS = "prints"
    PICKED = "picked"
    INTERRUPTED = "interrupted"
    MICROPHONE_THERE = "microphone-there"
    TAKES_PICTURES = "takes-pictures"
    PICTURES_THERE = "pictures-there"
    ROOM_FOR_SOUND = "room-for-sound"
    ROOM_FOR_PICTURES = "room-for-pictures"
    CAN_SHOOT = "can-shoot"
    CAN_BRING = "can-bring"
    SIGNED = "signed"
    FOR_ONESELF = "for-oneself"
    FOR_ANOTHER = "for-another"
    BY_FAMILY = "by-family"
    MAY_STEP_ASIDE = "may-step-aside"
    FILED_FOR_ONESELF = "filed-for-oneself"


class Field(StrEnum):
    """What a text or digit step fills in, with its shape."""

    TEXT = "text"
    PLACE = "place"
    PHONE = "phone"
    NUMBER = "number"
    CODE = "code"
    COMMENT = "comment"
    PIN = "pin"
    DESK_NUMBER = "desk-number"
    NAME = "name"
    PRINCIPAL_NAME = "principal-name"
    PRINCIPAL_PHONE = "principal-phone"
    AGENT_NAME = "agent-name"
    AGENT_PHONE = "agent-phone"
    ID_NUMBER = "id-number"
    AGENT_CODE = "agent-code"
    """Number and PIN of who signs in to file for several people."""


class Source(StrEnum):
    """Lists from the platform's catalogue that become choices of a step."""

    CATEGORIES = "categories"
    PLACES = "places"
    LEVELS = "levels"
    RECEIPTS = "receipts"
    """Not the catalogue's: the staff desk's."""
    PICTURES = "pictures"
    """Nor these: those of a stick."""


class Command(StrEnum):
    """What can be asked for everywhere."""

    BACK = "back"
    HOME = "home"
    REPEAT = "repeat"
    HELP = "help"
    WHERE_AM_I = "where_am_i"
    STOP_SPEECH = "stop_speech"
    LOUDER = "louder"
    QUIETER = "quieter"
    FASTER = "faster"
    SLOWER = "slower"
    TEXT_LARGER = "text_larger"
    TEXT_SMALLER = "text_smaller"
    SHOW_SCREEN = "show_screen"
    SETTINGS = "settings"
    LANGUAGE = "language"
    FINISH = "finish"
    CALL_STAFF = "call_staff"
    FIRE = "fire"
    MEDICAL = "medical"
    CRIME = "crime"
    DESPAIR = "despair"
    DANGER = "danger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer: pressed, said, or keyed by its place on the screen."""

    id: str
    label: str
    to: str
    """A step's id, or one of the targets above."""
    say: str = ""
    """What people would say, separated by `|`; the label itself can always be said."""
    note: str = ""
    """A quiet second line."""
    icon: str = ""
    act: Act | None = None
    value: str = ""
    primary: bool = False
    when: When | None = None

    @property
    def phrases(self) -> tuple[str, ...]:
        """What can be said for it in Mandarin: label first, no marks, no doubles."""
        said = (self.label, *self.say.split("|"))
        plain = (phrase.strip().translate(_MARKS) for phrase in said)
        return tuple(dict.fromkeys(p for p in plain if p and "{" not in p))


_MARKS = str.maketrans("", "", "，。、！？；：「」“” ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One question on one screen, with everything that can answer it."""

    id: str
    journey: Journey
    layout: Layout
    title: str
    body: str = ""
    spoken: str = ""
    """What the ear gets where it differs; else the title, then the body."""
    help: str
    takes: Input = Input.CHOICE
    choices: tuple[Choice, ...] = ()
    source: Source | None = None
    """Choices of the catalogue that stand before `choices`."""
    back: str = WELCOME
    overlay: bool = False
    """Whether it lies over another step, which is kept as it is."""
    icon: str = ""
    privacy: Privacy = Privacy.OPEN
    writes: Field | None = None
    """What TEXT and DIGITS steps fill in."""
    leaving: str = ""
    """The step that asks once more before somebody leaves from here; "" where leaving loses nothing of its own."""
    read_choices: bool = True
    """Whether the answers are read after the words; where the words name them, only when asked again."""
    may_idle: bool = True
    """Whether nothing happening leads to 「您还在吗」."""
    leaves_after_seconds: int = 0
    """For ends: how long it stands before the welcome screen comes back; 0 = for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandWords:
    """How a command that works everywhere is written and said."""

    command: Command
    label: str
    say: str
    icon: str = ""

    @property
    def phrases(self) -> tuple[str, ...]:
        """What can be said for it in Mandarin."""
        plain = (phrase.strip().translate(_MARKS) for phrase in (self.label, *self.say.split("|")))
        return tuple(dict.fromkeys(p for p in plain if p))
