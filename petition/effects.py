"""What is to be done: frozen, in the imperative, carried out by the session in the order given."""

from dataclasses import dataclass

from petition.model import Draft, Rating
from petition.saying import Saying


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Say this, instead of whatever is being said; `petition.derive.utterance` puts it into words."""

    saying: Saying


@dataclass(frozen=True, slots=True, kw_only=True)
class StopSpeech:
    """Be silent at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TuneSpeech:
    """Speak at this rate (0.5 … 2.0) and volume (0 … 1) from now on."""

    rate: float
    volume: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewSpeech:
    """A visit is over: have a new voice, so that what the old one remembers of the last words is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayEarcon:
    """Play one of the short sounds."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareMicrophone:
    """Open the microphone so that recording can begin without losing a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRecording:
    """Record under this id until told to stop."""

    petition_id: str
    recording_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRecording:
    """End the recording; RecordingEnded follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseMicrophone:
    """Let go of the microphone: nobody listens any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayRecordings:
    """Play these recordings of the draft one after the other."""

    recording_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepDraft:
    """Replace the encrypted copy of the draft."""

    draft: Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePetition:
    """Seal and store the petition; PetitionFiled or FilingFailed follows."""

    draft: Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepRating:
    """Seal and store a rating; RatingKept or RatingFailed follows."""

    rating: Rating


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """Ask how far a petition is; exactly one of tag and code is given. ProgressFound or LookUpFailed follows."""

    number: str
    tag: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTimer:
    """Post TimerElapsed(name) after so many seconds; setting it again starts it over."""

    name: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelTimer:
    """Forget a timer."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wipe:
    """Forget the visit: draft, recordings not filed, widgets, clipboard, typing engine; VisitBegan follows."""


Effect = (
    Say
    | StopSpeech
    | TuneSpeech
    | RenewSpeech
    | PlayEarcon
    | PrepareMicrophone
    | StartRecording
    | StopRecording
    | CloseMicrophone
    | PlayRecordings
    | KeepDraft
    | FilePetition
    | KeepRating
    | LookUp
    | SetTimer
    | CancelTimer
    | Wipe
)
