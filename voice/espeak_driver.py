"""A driver for pyttsx3 that synthesizes to memory with espeak-ng.

The driver that pyttsx3 brings plays through `aplay` inside espeak's callback: it can't be stopped, and its words come
before their sound. This one hands over samples, 5 ms of work for a second of speech, and leaves playing to others.
Importing this module makes the driver known to pyttsx3 as "kiosk"; it needs libespeak-ng and raises without it.
"""

import ctypes
import sys
from typing import Any

from pyttsx3.drivers import _espeak

SYNCHRONOUS = 2
"""espeak_AUDIO_OUTPUT: the callback gets the samples, and Synth returns when all are made."""
DO_NOT_EXIT = 0x8000
"""Without it espeak-ng ends the process when it does not find its data."""
CHUNK_MILLISECONDS = 200


class EspeakDriver:
    """What pyttsx3 asks of a driver; notifies "synthesized" with samples (bytes, int16 mono) and words.

    Words are (sample, character, length) as espeak-ng tells them, characters from 0.
    """

    def __init__(self, proxy: Any) -> None:  # noqa: ANN401 - pyttsx3 has no types
        rate = _espeak.Initialize(SYNCHRONOUS, CHUNK_MILLISECONDS, None, DO_NOT_EXIT)
        if rate <= 0:
            raise RuntimeError("espeak-ng has no data")
        self.rate = int(rate)
        self._proxy = proxy
        self._samples: list[bytes] = []
        self._words: list[tuple[int, int, int]] = []

    def _take(self, wave: Any, count: int, events: Any) -> int:  # noqa: ANN401 - ctypes pointers
        if wave and count > 0:
            self._samples.append(ctypes.string_at(wave, count * 2))
        for event in events:
            if event.type == _espeak.EVENT_LIST_TERMINATED:
                break
            # espeak-ng marks pauses as words of no length.
            if event.type == _espeak.EVENT_WORD and event.length > 0:
                self._words.append((event.sample, event.text_position - 1, event.length))
        return 0

    def say(self, text: str) -> None:
        """Synthesize a whole text and notify what came out."""
        self._samples, self._words = [], []
        _espeak.SetSynthCallback(self._take)  # each time: the library is the whole process's, and tells one only
        _espeak.Synth(text.encode(), flags=_espeak.ENDPAUSE | _espeak.CHARS_UTF8)
        self._proxy.notify("synthesized", samples=b"".join(self._samples), words=self._words)

    def setProperty(self, name: str, value: object) -> None:  # noqa: N802 - pyttsx3's name
        """Set voice (an espeak-ng name), rate (words a minute) or volume (0 to 1)."""
        match name, value:
            case "voice", str():
                if _espeak.SetVoiceByName(value.encode()) != _espeak.EE_OK:
                    raise ValueError("no such voice")
            case "rate", int() | float():
                _espeak.SetParameter(_espeak.RATE, int(value), 0)
            case "volume", int() | float():
                _espeak.SetParameter(_espeak.VOLUME, int(value * 100), 0)
            case _:
                raise KeyError(name)

    def getProperty(self, name: str) -> object:  # noqa: N802 - pyttsx3's name
        """Return "sample_rate" (hertz), "voices" (names and languages, each with its identifier) or "variants"."""
        match name:
            case "sample_rate":
                return self.rate
            case "voices":
                return _voices()
            case "variants":
                wanted = _espeak.VOICE()
                wanted.languages = b"variant"
                listed = _espeak.ListVoices(ctypes.byref(wanted))
                return frozenset(each.identifier.decode().rpartition("/")[2] for each in listed)
            case _:
                raise KeyError(name)

    def startLoop(self) -> None:  # noqa: N802 - pyttsx3's name
        """Work off what is queued; the queue ends itself."""
        self._proxy.setBusy(False)

    def endLoop(self) -> None:  # noqa: N802 - pyttsx3's name
        """Nothing runs between utterances."""

    def stop(self) -> None:
        """Nothing sounds here."""

    def destroy(self) -> None:
        """espeak-ng lives as long as its process."""


def _voices() -> dict[str, str]:
    """Return what voices are called: by file, and by language where no file is called so."""
    by_file: dict[str, str] = {}
    by_language: dict[str, str] = {}
    for each in _espeak.ListVoices(None):
        identifier = each.identifier.decode()
        by_file.setdefault(identifier.rpartition("/")[2].lower(), identifier)
        if each.languages:  # a byte of priority, and the first of its languages
            by_language.setdefault(each.languages[1:].decode().lower(), identifier)
    return by_language | by_file


def buildDriver(proxy: Any) -> EspeakDriver:  # noqa: N802, ANN401 - the function pyttsx3 looks for in a driver's module
    """Return the driver."""
    return EspeakDriver(proxy)


sys.modules["pyttsx3.drivers.kiosk"] = sys.modules[__name__]
