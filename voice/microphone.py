"""A microphone, open: blocks of samples, with the time they came, into a queue.

PortAudio looks for devices once, when sounddevice is loaded: that happens when one is asked for, not before.
"""

import queue
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

RATE = 16_000
BLOCK_SAMPLES = 480
LATENCY_SECONDS = 0.2
"""Room for a busy machine: less loses samples, and a recording does not mind."""

Samples = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """Samples that follow each other, and when the last of them came, in seconds of the monotonic clock."""

    samples: Samples
    came_at: float

    def since(self, moment: float) -> Samples:
        """Return those samples that came after a moment."""
        return self.samples[max(0, len(self.samples) - round((self.came_at - moment) * RATE)) :]


class Microphone:
    """Puts a Block into `blocks` every 30 ms from here on; a device that goes away just gives no more.

    Raises sounddevice.PortAudioError or ValueError when there is no such device, OSError without libportaudio2.
    """

    def __init__(self, device: str | None, blocks: "queue.SimpleQueue[Any]") -> None:
        import sounddevice  # noqa: PLC0415 - see above

        self._blocks = blocks
        self._stream = sounddevice.InputStream(
            samplerate=RATE,
            channels=1,
            dtype="int16",
            blocksize=BLOCK_SAMPLES,
            device=device,
            latency=LATENCY_SECONDS,
            callback=self._take,
        )
        self._stream.start()

    def close(self) -> None:
        """Let go of the device."""
        self._stream.abort()
        self._stream.close()

    def _take(self, samples: Samples, _frames: int, _when: Any, _status: Any) -> None:  # noqa: ANN401 - PortAudio structs
        # When a device says these were made is off by up to 0.6 s on PulseAudio; that they just came is certain.
        self._blocks.put(Block(samples=samples[:, 0].copy(), came_at=time.monotonic()))


def missing(device: str | None) -> bool:
    """Tell whether there is no such microphone, without opening one."""
    try:
        import sounddevice  # noqa: PLC0415 - see above

        sounddevice.query_devices(device, kind="input")
    except Exception:  # noqa: BLE001 - whatever PortAudio says, there is nothing to hear with
        return True
    return False
