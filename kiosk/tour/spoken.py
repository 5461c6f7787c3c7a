"""The words that are really spoken during the tour: synthesized once, played into the virtual microphone."""

import subprocess
import tempfile
import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

from petition.errors import Fault, FaultCode
from voice.pronunciation import segments
from voice.virtual_sound import MICROPHONE_RATE

WORDS_A_MINUTE = 165
SECONDS = 60
PAUSE_SECONDS = 0.4
SENTENCE_PAUSE_SECONDS = 0.6
"""Besides the rests around each: long enough to end a sentence, too short to be asked whether that was all."""
VARIANTS = ("linda", "max")
"""Two of the clearer voices that the demonstration voice never learnt from; the bench tells how it hears the others."""


def speech(text: str, *, variant: str = "", words_a_minute: int = WORDS_A_MINUTE) -> npt.NDArray[np.int16]:
    """Return a sentence spoken in Mandarin: int16 mono at the virtual microphone's rate.

    `variant` is one of espeak-ng's, which makes another person of its voice. Raises
    Fault(SPEECH_ENGINE_MISSING) when espeak-ng is not installed.
    """
    pieces: list[npt.NDArray[np.int16]] = []
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "speech.wav"
        for segment in segments(text, "cmn"):
            command = [
                "espeak-ng",
                "-v",
                f"{segment.voice}+{variant}" if variant else segment.voice,
                "-s",
                str(words_a_minute),
                "-w",
                str(sound),
                "--",
                segment.text,
            ]
            try:
                subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
            except (OSError, subprocess.SubprocessError):
                raise Fault(FaultCode.SPEECH_ENGINE_MISSING, "Install espeak-ng.") from None
            pieces.append(_read(sound))
    rest = np.zeros(round(PAUSE_SECONDS * MICROPHONE_RATE), dtype=np.int16)
    return np.concatenate([rest, *pieces, rest])


def sentences(*said: str, variant: str = "", words_a_minute: int = WORDS_A_MINUTE) -> npt.NDArray[np.int16]:
    """Return sentences as `speech` does, with pauses between them that a listener takes for full stops."""
    rest = np.zeros(round(SENTENCE_PAUSE_SECONDS * MICROPHONE_RATE), dtype=np.int16)
    voices = [speech(sentence, variant=variant, words_a_minute=words_a_minute) for sentence in said]
    return np.concatenate([piece for voice in voices for piece in (voice, rest)][:-1])


def _read(path: Path) -> npt.NDArray[np.int16]:
    """Return a WAV file's samples at the microphone's rate."""
    with wave.open(str(path)) as file:
        rate = file.getframerate()
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)
    places = np.arange(0, len(samples), rate / MICROPHONE_RATE)
    return np.interp(places, np.arange(len(samples)), samples).astype(np.int16)
