"""Sound to Ogg/Opus pages and back. Pages come out every 0.2 s, so that a crash costs no more than that."""

import io
from collections.abc import Iterator

import av
import numpy as np
import numpy.typing as npt

BITS_A_SECOND = 24_000
PAGE_MICROSECONDS = 200_000

Samples = npt.NDArray[np.int16]


class _Pages(io.RawIOBase):
    """A file that can only be written to; it keeps what was written until it is taken."""

    def __init__(self) -> None:
        super().__init__()
        self._bytes = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # a RawIOBase takes any buffer, PyAV gives bytes
        self._bytes += data
        return len(data)

    def take(self) -> bytes:
        taken = bytes(self._bytes)
        self._bytes.clear()
        return taken


class Encoder:
    """Encodes int16 mono samples at `rate` hertz; what encode and finish return, joined, is a whole Ogg/Opus file."""

    def __init__(self, rate: int) -> None:
        self._pages = _Pages()
        self._rate = rate
        self._container = av.open(
            self._pages,
            "w",
            format="ogg",
            options={"page_duration": str(PAGE_MICROSECONDS), "flush_packets": "1"},
        )
        self._stream = self._container.add_stream("libopus", rate=rate, options={"application": "voip"})
        self._stream.bit_rate = BITS_A_SECOND
        self._stream.layout = "mono"
        self._samples = 0

    @property
    def seconds(self) -> float:
        """How much was encoded."""
        return self._samples / self._rate

    def encode(self, samples: Samples) -> bytes:
        """Take more sound, return the whole pages that are ready, often none."""
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = self._rate
        frame.pts = self._samples
        self._samples += len(samples)
        self._container.mux(self._stream.encode(frame))
        return self._pages.take()

    def finish(self) -> bytes:
        """Return the last pages; nothing can be encoded after."""
        self._container.mux(self._stream.encode(None))
        self._container.close()
        return self._pages.take()


def decode(sound: bytes, rate: int) -> Iterator[Samples]:
    """Yield the samples of any sound FFmpeg knows, mono at `rate` hertz. Raises ValueError where it is none."""
    try:
        with av.open(io.BytesIO(sound), "r") as container:
            resampler = av.AudioResampler(format="s16", layout="mono", rate=rate)
            for frame in container.decode(audio=0):
                for piece in resampler.resample(frame):
                    yield piece.to_ndarray().reshape(-1).astype(np.int16, copy=False)
            for piece in resampler.resample(None):
                yield piece.to_ndarray().reshape(-1).astype(np.int16, copy=False)
    except (av.FFmpegError, IndexError) as problem:
        raise ValueError("not a sound") from problem
