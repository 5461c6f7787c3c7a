"""Everything a visit is at one moment: a frozen value, replaced by every event."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from petition.effects import LookUp
from petition.identity import CLOCK_SHOWS_AT_LEAST
from petition.model import (
    Agent,
    Attachment,
    AttachmentKind,
    Call,
    Catalogue,
    Danger,
    Desk,
    Draft,
    Language,
    Later,
    LaterKind,
    PictureFile,
    Progress,
    SpokenLanguage,
)
from petition.ports import PrinterState
from petition.receipt import Receipt, Role
from petition.saying import Saying
from petition.steps import WELCOME

SIZES = ("normal", "large", "larger", "largest")
THEMES = ("light", "dark", "medium", "low")
REACHES = ("usual", "low", "left")
"""Where what can be pressed stands: as everywhere, in the lower half of the screen, or at its left."""
RATES = (0.5, 0.65, 0.8, 1.0, 1.25, 1.6, 2.0)
"""Seven rates of speech, 1.0 in the middle."""
VOLUMES = (0.1, 0.2, 0.35, 0.6, 1.0)
"""Steps of 5 to 6 dB."""


class Hush(StrEnum):
    """What somebody chose because others can hear."""

    ALOUD = "aloud"
    QUIET = "quiet"
    SILENT = "silent"


class Recorder(StrEnum):
    """What the microphone is doing for us."""

    OFF = "off"
    ON = "on"
    CLOSING = "closing"


class Busy(StrEnum):
    """What somebody is waiting for."""

    FILING = "filing"
    ASKING = "asking"
    OPENING = "opening"
    """The staff desk, whose PIN is being looked at."""
    TAKING = "taking"
    """A picture or a signature, which is being kept."""
    SIGNING_IN = "signing-in"
    """Somebody who files for several people, whose badge or code is being looked at."""


class Loudness(StrEnum):
    """How loud the voice in a recording is."""

    UNHEARD = "unheard"
    LOW = "low"
    GOOD = "good"
    LOUD = "loud"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """How somebody wants to see and hear; back to the operator's after each visit."""

    size: str = "larger"
    theme: str = "light"
    reach: str = "usual"
    curtain: bool = False
    """Whether nothing is shown, for who listens and wants nobody to read along."""
    language: Language = Language.SIMPLIFIED
    spoken: SpokenLanguage = SpokenLanguage.MANDARIN
    rate: float = 1.0
    volume: float = 0.6
    hush: Hush = Hush.ALOUD


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """Whom to phone where it cannot wait."""

    fire: str = "119"
    medical: str = "120"
    crime: str = "110"
    care: str = "12356"
    """Somebody to talk to, for who despairs: the national line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the operator decides; read from the configuration."""

    preferences: Preferences = field(default_factory=Preferences)
    idle_seconds: float = 180
    """2 to 5 minutes of nothing lead to the warning."""
    warning_seconds: int = 30
    """At least 20."""
    pause_seconds: float = 3
    """A pause this long in a petition brings 「说完了吗？」 (2 to 8)."""
    ending_seconds: float = 6
    """So much more silence ends it."""
    unheard_seconds: float = 20
    """So long without a voice ends a recording."""
    part_seconds: int = 600
    """A recording goes on in another part after this, if anybody showed in the meantime that they are there."""
    hotline: str = "12345"
    listen_when_idle: bool = False
    """Whether the welcome screen listens before anybody has touched anything."""
    emergency: Emergency = field(default_factory=Emergency)
    residents_print: bool = False
    """Whether residents have their slips printed themselves, or ask somebody."""
    camera: bool = False
    """Whether a camera looks for slips where one is asked for."""
    stick: bool = False
    """Whether pictures may be brought on a stick."""
    cards: bool = False
    """Whether there is a reader for identity cards."""
    salt: bytes = b""
    """Random, made anew by every start: what is remembered of what was filed tells nothing without it."""
    screen_reader: bool = False
    """Whether another program says what stands on the screen, so that nothing is said here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One visit at one moment."""

    rules: Rules = field(default_factory=Rules)
    catalogue: Catalogue = field(default_factory=Catalogue)
    today: date = CLOCK_SHOWS_AT_LEAST
    step: str = WELCOME
    covered: tuple[str, ...] = ()
    """Steps that overlays lie over, the lowest first."""
    draft: Draft = field(default_factory=lambda: Draft(petition_id=""))
    preferences: Preferences = field(default_factory=Preferences)
    saying: Saying = field(default_factory=Saying)
    speaking: bool = False
    playing: bool = False
    help_shown: bool = False
    busy: Busy | None = None
    line_up: bool = False
    """Whether the platform answered when it was last asked. Nobody asked yet: no more is promised than on a bad line."""
    microphone: bool = True
    room_for_sound: bool = True
    """Whether it was something else than a full disk that took the microphone away, where there is none."""
    speech: bool = True
    hearing: bool = False
    """Whether words can be made out of sound. Nobody said so yet: nobody is told to speak to what may not hear."""
    demonstration: bool = False
    """Whether it is the demonstration voice that makes them."""

    headphones: bool = False
    """Whether only the resident hears what is said."""
    hushed: bool = False
    """Whether headphones were pulled out: nothing is said until something is asked for, for all would hear it now."""
    keyed: bool = False
    """Whether any of the digits that stand here were keyed: those are never said where others hear."""

    begun: bool = False
    """Whether somebody has touched, keyed or said anything since there are ears: from then on they may be open."""
    heard_out: bool = True
    """Whether what the step says has been said, or was stopped by the resident: before that nothing is sent by voice."""
    attentive: bool = False
    """Whether an answer is awaited: something was said or pressed not long ago."""
    feeling: bool = False
    """Whether somebody finds their way by keys or by a sliding finger: what they write is said to them."""
    tried_key: str = ""
    """The key that was tried last, where keys are tried."""
    tries_of_key: int = 0
    """So often in a row."""
    misses: int = 0
    """So often in a row something was said that was not understood."""
    meant: str = ""
    """The phrase that is being asked back, on the step beneath."""

    recorder: Recorder = Recorder.OFF
    recording_id: str = ""
    recording_kind: AttachmentKind = AttachmentKind.RECORDING
    """What the running recording is evidence of: of what it is about, or that somebody agrees."""
    agreed: bool = False
    """Whether 「我同意」 was pressed while that was being said."""
    recordings_made: int = 0
    recording_seconds: int = 0
    loudness: Loudness = Loudness.UNHEARD
    asked_whether_done: bool = False
    present: bool = False
    """Whether anybody touched or keyed anything since the running part of a recording began."""
    replacing: bool = False
    """Whether the new recording takes the place of the earlier ones once a voice is in it."""
    mending: bool = False
    """Whether the new recording's words take the place of the last sentence once there are any."""
    live_text: str = ""
    """What the running recording's words are so far."""
    live_settled: int = 0
    """So many of its characters won't change any more."""
    read_back: bool = False
    """Whether words a machine made were read to the resident to their end, or by them where nothing is said aloud."""
    continuing: bool = False
    """Whether another part begins as soon as this one is closed."""
    late_ids: frozenset[str] = frozenset()
    """Recordings of this draft that did not say in time that they are closed: they join it when they do."""
    submitting: bool = False
    """Whether 「提交」 waits for a recording to be closed."""

    place_text: str = ""
    name_text: str = ""
    principal_text: str = ""
    agent_text: str = ""
    """Names that are being written: their own, the person's that is filed for, that of who files."""
    principal_digits: str = ""
    agent_digits: str = ""
    id_digits: str = ""
    """As on the card: 15 or 18 signs, the last of which may be X."""
    filed_for_another: bool = False
    """Whether the receipt that is shown is of a petition for somebody else."""
    said: tuple[tuple[str, frozenset[int]], ...] = ()
    """(whose it was, what it was about as `likeness.fingerprint`) of what was filed in this visit, or by who is signed in."""

    lens: bool = False
    """Whether there is a camera that pictures can be taken with."""
    stick: bool = False
    files: tuple[PictureFile, ...] = ()
    """What is on the stick."""
    shutter: int = 0
    """So many seconds until the picture is taken; 0 for none."""
    picture_id: str = ""
    """Under which a picture was asked for last."""
    pictures_made: int = 0
    picture: Attachment | None = None
    """The one that is being looked at, and is no part of the petition yet."""
    strokes: tuple[tuple[tuple[int, int], ...], ...] = ()
    """A signature, as far as it is drawn."""

    agent: Agent | None = None
    """Who is signed in to file for several people."""
    agent_filed: int = 0
    """For so many they did."""
    agent_code: str = ""
    sign_in_minutes: int = 0
    sign_in_refused: str = "sign_in_again"
    """The phrase that says why nobody is signed in."""
    phone_digits: str = ""
    number_digits: str = ""
    code_digits: str = ""
    page: int = 0
    receipt: Receipt | None = None
    look_up: LookUp | None = None
    progress: Progress | None = None
    tag: str = ""
    """Of the slip that was shown, where something can be said with it here."""
    role: Role = Role.OWN
    """Whose slip that was: with an agent's, nothing is rated, withdrawn or taken back."""
    from_cache: bool = False
    """Whether how far it is was told from what is known here."""
    coming_to_rate: bool = False
    """Whether somebody wants to rate what is being looked up."""
    level: str = ""
    comment: str = ""
    reviewed: bool = False
    """Whether somebody else is to look into it again."""
    later: Later | None = None
    """What is being stored."""
    reply_sentence: int = 0
    tries_left: int = 0
    said_later: frozenset[LaterKind] = frozenset()
    """What was said about the petition that is shown, since it was looked up."""

    call: Call | None = None
    calls_made: int = 0
    """By this kiosk since it was started: news of an earlier call is nobody's."""
    call_news: bool = False
    """Whether who called has yet to be told how far it is."""
    bell: bool = False
    """Whether it rings here."""
    dangers: frozenset[Danger] = frozenset()
    """What was offered already in this visit: who said that there is none is not asked again."""

    printer: PrinterState | None = None
    """None where there is none."""
    printing: frozenset[str] = frozenset()
    """The receipts whose slips are being printed."""
    printed: frozenset[str] = frozenset()
    """Those of this visit that were."""

    desk: Desk | None = None
    """What the staff desk shows, while it is open."""
    pin_digits: str = ""
    desk_digits: str = ""
    desk_page: int = 0
    """Of the receipts there; what the visit shows stays on its own page."""
    picked: tuple[str, ...] = ()
    """The receipts that staff chose to print."""
    locked_minutes: int = 0
    pin_tries_left: int = 0
    seconds_left: int = 0

    @property
    def silent(self) -> bool:
        """Whether nothing is said, because others would hear it, or something else says it."""
        return self.rules.screen_reader or (self.preferences.hush is Hush.SILENT and not self.headphones)

    @property
    def read_by_eye(self) -> bool:
        """Whether nothing is said aloud, so that what stands there is read by who stands before it."""
        return not self.hushed and (self.silent or not self.speech)

    @property
    def voice_volume(self) -> float:
        """The volume after hushing, 0 … 1; in headphones nothing need be hushed."""
        volume = self.preferences.volume
        if self.headphones:
            return volume
        return {Hush.ALOUD: volume, Hush.QUIET: min(volume, VOLUMES[1]), Hush.SILENT: 0.0}[self.preferences.hush]
