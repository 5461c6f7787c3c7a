"""What a petition is, from the first word said to the step it has reached: plain frozen values."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Language(StrEnum):
    """Languages of screens and slips; Simplified Chinese is the source, the others are translations."""

    SIMPLIFIED = "zh_Hans"
    TRADITIONAL = "zh_Hant"
    ENGLISH = "en"


class SpokenLanguage(StrEnum):
    """Languages of the voice: a setting of its own, because Cantonese goes with either script."""

    MANDARIN = "cmn"
    CANTONESE = "yue"
    ENGLISH = "en"


class TextSource(StrEnum):
    """Where a petition's text came from."""

    NONE = "none"
    TYPED = "typed"
    RECOGNISED = "recognised"
    """A machine made it out of the sound, and nobody has looked it over."""
    CONFIRMED = "confirmed"
    """A machine made it out of the sound; it was read to the resident, or by them, before they sent it."""


class AttachmentKind(StrEnum):
    """What an attachment is evidence of."""

    RECORDING = "recording"
    AUDIO_FILE = "audio-file"
    PICTURE = "picture"
    CONSENT = "consent"
    """The person a petition is filed for, agreeing in their own voice; or an agent's spoken promise that they agree."""
    PAPER = "paper"
    """A picture of a paper that the person signed."""
    SIGNATURE = "signature"
    """A picture of a name written with a finger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it is about: free words, and a code of the catalogue where one was chosen."""

    text: str = ""
    code: str = ""


class LaterKind(StrEnum):
    """What can be said later with a receipt in hand."""

    RATING = "rating"
    SUPPLEMENT = "supplement"
    """补充情况: more about the same matter."""
    URGE = "urge"
    """催一催: it is later than was said."""
    WITHDRAW = "withdraw"
    """撤回: it is not wanted any more."""
    REVOKE = "revoke-authority"
    """收回授权: whoever filed it for them may do nothing with it any more."""


class Danger(StrEnum):
    """What somebody's words sound like when they cannot wait."""

    FIRE = "fire"
    """着火, 煤气: 119."""
    MEDICAL = "medical"
    """摔倒, 喘不过气: 120."""
    CRIME = "crime"
    """打人, 抢劫: 110."""
    SELF = "self"
    """不想活了: somebody to be with them."""
    UNNAMED = "danger"
    """Somebody says that there is danger, and not which."""


class CallStanding(StrEnum):
    """How far a call for a person has got."""

    BEGUN = "begun"
    """Nobody knows yet whether it gets through."""
    RINGING = "ringing"
    """It rings where people are."""
    ANSWERED = "answered"
    """Somebody said that they are coming."""
    UNREACHABLE = "unreachable"
    """The line is down: only the bell here is heard."""


class WaitingFor(StrEnum):
    """Why something is not with the platform yet."""

    LINE = "line"
    """The platform was not reached."""
    TURN = "turn"
    """It is being sent, or comes next."""
    PERSON = "person"
    """The platform refused it again and again: somebody must look into it."""


class Part(StrEnum):
    """The parts of a kiosk that its staff can do something about."""

    LINE = "line"
    PRINTER = "printer"
    MICROPHONE = "microphone"
    HEARING = "hearing"
    SPEECH = "speech"
    SCANNER = "scanner"
    DISK = "disk"
    CLOCK = "clock"
    KEY = "key"


class Condition(StrEnum):
    """How a part is, and by that what is to be done."""

    WELL = "well"
    ABSENT = "absent"
    """There is none: nothing is wrong."""
    POOR = "poor"
    """It works, and will not for long or not for everything: paper low, disk nearly full, key in a file."""
    DOWN = "down"
    PAPER_OUT = "paper-out"
    COVER_OPEN = "cover-open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A sound or picture that belongs to a draft; its bytes lie sealed in the store under its id."""

    id: str
    """A UUID."""
    kind: AttachmentKind
    media_type: str
    seconds: float = 0.0
    """Length of a sound, 0 for pictures."""


class Relation(StrEnum):
    """Who somebody is to the person that they file for; other words come from the command line."""

    PARENT = "parent"
    """The person filed for is their mother, father or another of the old."""
    SPOUSE = "spouse"
    CHILD = "child"
    NEIGHBOUR = "neighbour"
    RELATIVE = "relative"
    OTHER = "other"
    """Nobody of these: a cousin, a colleague, whoever helps."""
    VOLUNTEER = "volunteer"
    """The one who files is a volunteer."""
    STAFF = "staff"
    """The one who files works there."""


class Authority(StrEnum):
    """What shows that the person agrees that somebody files for them."""

    NONE = ""
    SPOKEN = "spoken"
    """Their own voice is recorded, and they were understood to agree, or pressed 「我同意」."""
    PRESSED = "pressed"
    """They read it or had it read to them, and pressed 「我愿意」; no voice is recorded."""
    PAPER = "paper"
    """They are not there: a paper with their signature was photographed."""
    DECLARED = "declared"
    """They are not there: who files promised that they agree, signed with a finger or spoken."""


class Scope(StrEnum):
    """What an agent may do besides filing; rating, withdrawing and revoking are always the person's own."""

    FILING = "filing"
    FOLLOW_UP = "follow-up"
    """Look it up, add to it, urge it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnBehalf:
    """Who is filed for, by whom, and with what authority (proxy submission)."""

    principal: str = ""
    """Their name as it was written; "" where only their voice says it."""
    principal_phone: str = ""
    """E.164, or ""."""
    relation: str
    """A `Relation`, or words of the command line."""
    agent: str = ""
    agent_phone: str = ""
    """E.164, or ""."""
    agent_id: str = ""
    """Of who signed in as a volunteer or as staff: their id in the platform's list."""
    authority: Authority = Authority.NONE
    evidence: tuple[str, ...] = ()
    """Ids of the attachments that show it."""
    scope: tuple[Scope, ...] = (Scope.FILING, Scope.FOLLOW_UP)
    days: int = 180
    """It ends when the matter is closed, and after so many days at the latest."""
    words_version: str = ""
    """Version of the sentences that were shown and spoken before they agreed."""


class Sensitive(StrEnum):
    """What is given only after a sentence and a yes of its own."""

    ID_NUMBER = "id-number"
    PICTURE = "picture"
    SIGNATURE = "signature"
    AGENT_DATA = "agent-data"
    """The name and telephone number of who files for somebody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """An answer to one of those sentences."""

    about: Sensitive
    given: bool
    words_version: str
    """Of the sentence: a fingerprint of the words that stood there (12 hexadecimal digits)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """A volunteer or somebody of the staff who has signed in to file for several people."""

    id: str
    """Their number in the platform's list: 4 digits."""
    name: str
    staff: bool = False
    petitions: int = 20
    """So many they may file before they sign in anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFile:
    """A picture on a stick, as it is offered."""

    id: str
    """The room's own; neither its name nor its folder is in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regarding:
    """What the words of a draft are about, where they are no petition of their own."""

    kind: LaterKind
    number: str
    tag: str
    level: str = ""
    review: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a resident has given so far. Replaced, never changed; gone when the visit ends without 「提交」."""

    petition_id: str
    """A UUID, made when the visit begins."""
    text: str = ""
    text_source: TextSource = TextSource.NONE
    typed: str = ""
    """Those of the words that were typed before others were joined to them out of sound: 「重新说」 leaves them."""
    attachments: tuple[Attachment, ...] = ()
    kind: str = ""
    """An id of the catalogue's kinds, or "" for not said."""
    category: str = ""
    """An id of the catalogue's categories, or "" for 不知道."""
    place: Place = field(default_factory=Place)
    phone: str = ""
    """E.164, or "" for anonymous."""
    name: str = ""
    """As they wrote it, or "" for anonymous."""
    id_number: str = ""
    """As it stands on their card, 15 or 18 signs, or "" for not given."""
    on_behalf: OnBehalf | None = None
    consents: tuple[Consent, ...] = ()
    language: Language = Language.SIMPLIFIED
    notice_version: str = ""
    """Version of the privacy notice that was shown and spoken."""
    regarding: Regarding | None = None
    """What it adds to; None for a petition of its own."""

    @property
    def recordings(self) -> tuple[Attachment, ...]:
        """The resident's own sound, in the order it was spoken."""
        return tuple(a for a in self.attachments if a.kind is AttachmentKind.RECORDING)

    @property
    def pictures(self) -> tuple[Attachment, ...]:
        """The pictures of what it is about, in the order they were taken."""
        return tuple(a for a in self.attachments if a.kind is AttachmentKind.PICTURE)

    @property
    def wordless(self) -> bool:
        """Whether it has not been said or written yet what it is about."""
        return not self.text.strip() and not self.recordings

    @property
    def spoken_seconds(self) -> float:
        """Length of the resident's own sound."""
        return sum(a.seconds for a in self.recordings)

    @property
    def empty(self) -> bool:
        """Whether nothing has been said or written yet."""
        return not self.text.strip() and not self.attachments


class Stage(StrEnum):
    """The closed loop: 受理 — 办理 — 反馈 — 评价 — 改进."""

    ACCEPTED = "accepted"
    HANDLING = "handling"
    REPLIED = "replied"
    RATED = "rated"
    IMPROVED = "improved"


class StageState(StrEnum):
    """How far a stage is."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressStep:
    """One stage of the loop and when it was reached."""

    stage: Stage
    state: StageState
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a petition is, as the platform told it."""

    number: str
    """12 digits."""
    agent_slip: bool = False
    """Whether somebody filed it for its person, and their slip is good for something still; told to the person only."""
    on_its_way: bool = False
    """The number is genuine, the petition itself has not arrived yet."""
    from_kiosk: str = ""
    """The kiosk's name, told while it is on its way."""
    withdrawn: date | None = None
    """The day it was taken back; None while it is wanted."""
    steps: tuple[ProgressStep, ...] = ()
    responsible: str = ""
    expected: date | None = None
    reply: str = ""
    as_of: datetime | None = None
    """When the platform said so, UTC."""
    overdue: bool = False
    """Whether the day is over for which a reply was promised that is not there yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """What the holder of a receipt says later; of several ratings of one petition the last counts."""

    kind: LaterKind
    number: str
    """12 digits."""
    tag: str
    """20 digits: the receipt's, which proves whose words these are."""
    level: str = ""
    """Of a rating: an id of the catalogue's levels."""
    review: bool = False
    """Whether somebody else is to look into it again."""
    words: str = ""
    recordings: tuple[Attachment, ...] = ()
    """The same and more in the resident's own voice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call for a person, as far as it has got."""

    number: int
    """The how manieth of this kiosk since it was started."""
    reason: Danger | None = None
    """None: nobody is in danger, as far as was said."""
    standing: CallStanding = CallStanding.BEGUN
    by: str = ""
    """Who answered, as the platform calls them: 王师傅."""
    unanswered: bool = False
    """Whether it has rung for long."""
    wanted_before: bool = False
    """Whether a person was wanted before there was danger: who says that there is none may still wait for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptReceipt:
    """A receipt that can be printed again, as the staff desk lists it."""

    number: str
    """12 digits."""
    made_at: datetime
    category: str = ""
    printed: int = 0
    """So many slips of it were printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something that is not with the platform yet."""

    number: str
    """12 digits: the receipt's."""
    since: datetime
    why: WaitingFor
    parked: bool = False
    """Whether it was refused so often that it waits for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the staff desk tells: nothing that a resident said."""

    receipts: tuple[KeptReceipt, ...] = ()
    """The newest first, at most 200."""
    waiting: tuple[Waiting, ...] = ()
    """The oldest first, at most 50."""
    waits: int = 0
    """How many there are of them altogether."""
    parts: tuple[tuple[Part, Condition], ...] = ()
    """How each part of the machine is."""
    interrupted: datetime | None = None
    """When what a power cut or a crash broke off was kept last; None where nothing was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An entry of the catalogue with its name in every language it was given in."""

    id: str
    names: tuple[tuple[str, str], ...]
    """(language, name) pairs; the first is the fallback."""
    examples: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """Return the name in a language, else the first one."""
        return dict(self.names).get(language, self.names[0][1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What the platform tells its kiosks, verified against the root key before it comes here."""

    version: int = 0
    categories: tuple[Named, ...] = ()
    places: tuple[Named, ...] = ()
    """Communities and buildings; `id` is the code."""
    home_place: Place = field(default_factory=Place)
    """The centre's own community: where a petition is about when nothing else is said."""
    contact: str = ""
    """Whom to call, as printed on the receipt."""
    notice_version: str = ""
    notice: tuple[tuple[str, str], ...] = ()
    """(language, the operator's own words) of the long privacy notice."""
    rating_levels: tuple[Named, ...] = ()
    """How somebody may find what was done, best first; empty where the platform takes no ratings from here."""
    keep_time: tuple[tuple[str, str], ...] = ()
