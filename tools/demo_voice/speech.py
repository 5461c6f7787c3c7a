"""Speech made by espeak-ng, in many voices, with the moment at which each of its phones begins.

espeak-ng is loaded as a library, without its phones there would be nothing to train with. It can crash on odd pairs of
voice and text: whoever makes a lot of speech does so in processes of their own.
"""

import ctypes
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tools.demo_voice.sound import RATE, resampled

LIBRARY = "libespeak-ng.so.1"
MANDARIN = "cmn-latn-pinyin"
FOREIGN = ("en", "de", "es", "ru")
SILENCE = "SIL"

# fmt: off
TRAINED = (
    "", "Alex", "Alicia", "Andrea", "Andy", "AnxiousAndy", "Denis", "Diogo", "Gene", "Gene2", "Henrique", "Hugo",
    "Jacky", "Lee", "Marco", "Mario", "Michael", "Mike", "Nguyen", "RicishayMax", "RicishayMax2", "RicishayMax3",
    "Storm", "Tweaky", "anika", "announcer", "antonio", "belinda", "benjamin", "caleb", "david", "ed", "edward",
    "edward2", "f1", "f2", "f3", "f5", "grandma", "gustave", "iven", "iven2", "iven3", "iven4", "john", "kaukovalta",
    "klatt", "klatt2", "klatt4", "klatt5", "klatt6", "m1", "m2", "m3", "m4", "m6", "m7", "marcelo", "michel", "miguel",
    "norbert", "pablo", "pedro", "quincy", "robert", "sandro", "steph", "steph2", "steph3", "travis", "victor", "zac",
)
"""espeak-ng's variants that teach; the robots and whisperers among its voices are nobody's neighbours."""
HELD_OUT = (
    "f4", "m5", "m8", "Annie", "linda", "adam", "boris", "klatt3", "shelby", "max", "aunty", "paul",
)
"""Variants that never teach: they score the voice, here, in the tests and in the bench."""
# fmt: on


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A phone of espeak-ng, without its tone, and the sample it begins at."""

    start: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How something is said."""

    variant: str = ""
    voice: str = MANDARIN
    words_per_minute: int = 165
    pitch: int = 50
    """0 to 99, as is `range`."""
    range: int = 50
    stretch: float = 1.0
    """The sound is played so many times faster, which also makes a smaller head."""


class Espeak:
    """espeak-ng in this process. Raises RuntimeError where it can't be started."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(LIBRARY)
        synchronous, phone_events = 2, 1
        self.rate = int(self._library.espeak_Initialize(synchronous, 0, None, phone_events))
        """Samples a second, as espeak-ng makes them."""
        if self.rate <= 0:
            raise RuntimeError("espeak-ng does not start")
        self._receive = _CALLBACK(self._take)
        self._library.espeak_Synth.argtypes = _SYNTH_ARGUMENTS
        self._pieces: list[npt.NDArray[np.int16]] = []
        self._phones: list[Phone] = []

    def say(self, text: str, manner: Manner) -> tuple[npt.NDArray[np.float64], tuple[Phone, ...]]:
        """Return the samples at 16 kHz, and the phones; pauses are phones named SIL. KeyError: no such voice."""
        self._pieces, self._phones = [], []
        voice = f"{manner.voice}+{manner.variant}" if manner.variant else manner.voice
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise KeyError(voice)
        for parameter, value in enumerate((manner.words_per_minute, 100, manner.pitch, manner.range), start=1):
            self._library.espeak_SetParameter(parameter, value, 0)
        self._library.espeak_SetSynthCallback(self._receive)  # each time: whoever else speaks here has their own
        spelled = text.encode() + b"\0"
        utf8 = 1
        self._library.espeak_Synth(spelled, len(spelled), 0, utf8, 0, utf8, None, None)
        if not self._pieces:
            return np.zeros(0), ()
        faster = self.rate * manner.stretch
        samples = resampled(np.concatenate(self._pieces).astype(np.float64), faster, RATE)
        phones = (Phone(start=int(phone.start * RATE / faster), name=phone.name) for phone in _joined(self._phones))
        return samples, tuple(phones)

    def _take(self, samples: Any, count: int, events: Any) -> int:  # noqa: ANN401 - pointers of C
        if samples and count > 0:
            self._pieces.append(np.ctypeslib.as_array(samples, (count,)).copy())
        place = 0
        while events[place].type != _END:
            if events[place].type == _PHONEME:
                name = events[place].id.string.decode("utf-8", "replace")
                self._phones.append(Phone(start=events[place].sample, name=name))
            place += 1
        return 0


def _joined(phones: list[Phone]) -> list[Phone]:
    """Give the closure of a stop to the stop, call every pause SIL, drop tones and stress."""
    found: list[Phone] = []
    closure: int | None = None
    for phone in phones:
        start = phone.start if closure is None else closure
        if phone.name == "_|":
            closure = start
            continue
        silent = phone.name in ("", "(en)", "(cmn)") or phone.name.startswith("_")
        found.append(Phone(start=start, name=SILENCE if silent else re.sub(r"[0-9']", "", phone.name)))
        closure = None
    return found


# --- the library's own shapes -----------------------------------------------------------------------------------------

_END, _PHONEME = 0, 7


class _Id(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    )


_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))
_SYNTH_ARGUMENTS = (
    ctypes.c_char_p,
    ctypes.c_size_t,
    ctypes.c_uint,
    ctypes.c_int,
    ctypes.c_uint,
    ctypes.c_uint,
    ctypes.c_void_p,
    ctypes.c_void_p,
)
