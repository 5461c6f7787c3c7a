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


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it is about: free words, and a code of the catalogue where one was chosen."""

    text: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A sound or picture that belongs to a draft; its bytes lie sealed in the store under its id."""

    id: str
    """A UUID."""
    kind: AttachmentKind
    media_type: str
    seconds: float = 0.0
    """Length of a sound, 0 for pictures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnBehalf:
    """Who is filed for, by whom, and with what authority (proxy submission)."""

    principal: str
    relation: str
    agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a resident has given so far. Replaced, never changed; gone when the visit ends without 「提交」."""

    petition_id: str
    """A UUID, made when the visit begins."""
    text: str = ""
    text_source: TextSource = TextSource.NONE
    attachments: tuple[Attachment, ...] = ()
    kind: str = ""
    """An id of the catalogue's kinds, or "" for not said."""
    category: str = ""
    """An id of the catalogue's categories, or "" for 不知道."""
    place: Place = field(default_factory=Place)
    phone: str = ""
    """E.164, or "" for anonymous."""
    on_behalf: OnBehalf | None = None
    language: Language = Language.SIMPLIFIED
    notice_version: str = ""
    """Version of the privacy notice that was shown and spoken."""

    @property
    def recordings(self) -> tuple[Attachment, ...]:
        """The resident's own sound, in the order it was spoken."""
        return tuple(a for a in self.attachments if a.kind is AttachmentKind.RECORDING)

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
    on_its_way: bool = False
    """The number is genuine, the petition itself has not arrived yet."""
    from_kiosk: str = ""
    """The kiosk's name, told while it is on its way."""
    steps: tuple[ProgressStep, ...] = ()
    responsible: str = ""
    expected: date | None = None
    reply: str = ""
    as_of: datetime | None = None
    """When the platform said so, UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """How the holder of a receipt finds what was done; of several for one petition the last counts."""

    number: str
    """12 digits."""
    tag: str
    """20 digits: the receipt's, which proves who rates."""
    level: str
    """An id of the catalogue's levels."""
    review: bool = False
    """Whether somebody else is to look into it again."""
    words: str = ""


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
