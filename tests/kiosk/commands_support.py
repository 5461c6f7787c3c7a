"""What the tests of the commands share: running one as the entry point does, and sounds to file."""

import json
import math
import struct
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kiosk.cli import answer

MARKER = "三号楼二单元的楼道灯坏了三个月没有人修"
"""A resident's words; no complaint may repeat them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command gave back."""

    code: int
    out: str
    error: str

    @property
    def json(self) -> Any:  # noqa: ANN401
        return json.loads(self.out)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLine:
    """Runs commands on one configuration."""

    config: Path
    state: Path
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str | Path) -> Answer:
        self.capsys.readouterr()
        code = answer([*map(str, arguments), "--config", str(self.config)])
        out, error = self.capsys.readouterr()
        return Answer(code=code, out=out, error=error)

    def file(self, *arguments: str | Path, text: str = MARKER) -> dict[str, Any]:
        """File a petition and return its receipt."""
        done = self("file", "--text", text, *arguments)
        assert done.code == 0, done.error
        receipt: dict[str, Any] = done.json
        return receipt

    def waiting(self) -> list[dict[str, Any]]:
        """What waits to be sent."""
        listed: list[dict[str, Any]] = self("queue", "list", "--json").json
        return listed


def one_plain_line(complaint: str) -> bool:
    """Whether an error is one line for people that quotes nobody."""
    return complaint.count("\n") == 1 and "Traceback" not in complaint and MARKER not in complaint


def a_sound(path: Path, *, seconds: float = 0.5, hertz: float = 440.0) -> Path:
    """Write a WAV file and return its path."""
    rate = 16_000
    samples = (round(9000 * math.sin(2 * math.pi * hertz * i / rate)) for i in range(round(rate * seconds)))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return path
