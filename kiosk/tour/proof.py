"""What a tour proves, in figures that anyone can compute again from the files it leaves behind."""

import hashlib
import json
import sys
import wave
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from petition.errors import Fault, FaultCode
from petition.receipt import is_receipt_number
from voice import opus
from voice.likeness import correlation
from voice.virtual_sound import MICROPHONE_RATE

FACTS = "facts.json"
SPOKEN = "spoken.wav"
UNSEALED = "unsealed.ogg"
ALIKE = 0.8
"""Opus at 24 kbit/s leaves a voice at 0.9 and more; another sound stays below 0.2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What happened, with times in UTC."""

    number: str
    petition_id_at_kiosk: str
    petition_id_at_platform: str
    spoken_sha256: str
    unsealed_sha256: str
    correlation: float
    platform_stopped_at: str
    filed_at: str
    platform_started_at: str
    delivered_at: str
    typed_text_sha256: str
    typed_number: str
    progress_stage: str


def write_wav(path: Path, samples: npt.NDArray[np.int16]) -> None:
    """Write mono samples at the virtual microphone's rate."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(MICROPHONE_RATE)
        file.writeframes(samples.tobytes())


def read_wav(path: Path) -> npt.NDArray[np.int16]:
    """Return what `write_wav` wrote."""
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)


def decode(sound: bytes) -> npt.NDArray[np.int16]:
    """Return any encoded sound as mono samples at the virtual microphone's rate; raises ValueError for no sound."""
    return np.concatenate([np.zeros(0, dtype=np.int16), *opus.decode(sound, MICROPHONE_RATE)])


def sha256(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_facts(out: Path, facts: Facts) -> None:
    """Write the facts beside the files they are about."""
    (out / FACTS).write_text(json.dumps(asdict(facts), indent=2) + "\n", "utf-8")


def problems(out: Path) -> list[str]:
    """Compute a tour's facts again and return what does not hold; raises Fault(BAD_INPUT) where there is no tour."""
    try:
        facts = Facts(**json.loads((out / FACTS).read_text("utf-8")))
        spoken, unsealed = sha256(out / SPOKEN), sha256(out / UNSEALED)
        alike = correlation(read_wav(out / SPOKEN), decode((out / UNSEALED).read_bytes()))
    except (OSError, ValueError, TypeError) as error:
        raise Fault(FaultCode.BAD_INPUT, f"{out} holds no finished tour: run kiosk tour --out {out}.") from error
    checks = {
        "the sound played in has another hash": facts.spoken_sha256 == spoken,
        "the unsealed sound has another hash": facts.unsealed_sha256 == unsealed,
        f"what the platform unsealed is not what was spoken (correlation {alike:.3f})": alike >= ALIKE,
        f"the correlation was written down as {facts.correlation:.3f} and is {alike:.3f}": abs(
            alike - facts.correlation
        )
        < 0.001,
        "the ids at both ends differ": facts.petition_id_at_kiosk == facts.petition_id_at_platform,
        "the receipt number has a wrong check": is_receipt_number(facts.number)
        and is_receipt_number(facts.typed_number),
        "it was not filed while the platform was stopped": facts.platform_stopped_at
        < facts.filed_at
        < facts.platform_started_at
        < facts.delivered_at,
    }
    return [what for what, holds in checks.items() if not holds]


def verify(out: Path) -> int:
    """Compute a tour's facts again, say what does not hold, and return the exit code."""
    found = problems(out)
    for problem in found:
        sys.stderr.write(f"{problem}\n")
    if not found:
        sys.stdout.write(f"{out}: everything holds.\n")
    return 1 if found else 0
