"""Pixels, and what is made of them: smaller ones, turned ones, files without a word about who took them when and where.

Pixels are rows of red, green, blue: an array of (height, width, 3) bytes.
"""

from fractions import Fraction
from typing import cast

import av
import numpy as np
from av.codec.context import Flags
from av.video.reformatter import Interpolation

from petition.errors import Fault, FaultCode
from petition.ports import Frame

Pixels = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]

PICTURE_BYTES = 700 * 1024
"""What a picture may come to when it is sent."""
_QUALITIES = (2, 3, 4, 5, 7, 9, 12, 16, 20)
"""Quantisers of JPEG, best first. At the last one a page of print can still be read."""
_LEAST_PX = 64


def fitting(width: int, height: int, box: tuple[int, int]) -> tuple[int, int]:
    """Return the size, at least 1 × 1, of a picture that is made to fit into a box; it is never made larger."""
    scale = min(1.0, box[0] / width, box[1] / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def fitted(pixels: Pixels, box: tuple[int, int]) -> Pixels:
    """Return a picture small enough for a box."""
    height, width = pixels.shape[:2]
    size = fitting(width, height, box)
    if size == (width, height):
        return pixels
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
    return rgb(frame, size)


def rgb(frame: av.VideoFrame, size: tuple[int, int]) -> Pixels:
    """Return a frame's pixels in a size; what can be seen through stands on white."""
    seen_through = frame.format.has_palette or any(part.is_alpha for part in frame.format.components)
    smaller = frame.reformat(*size, format="rgba" if seen_through else "rgb24", interpolation=Interpolation.AREA)
    pixels: Pixels = smaller.to_ndarray().astype(np.uint8, copy=False)
    if not seen_through:
        return pixels
    alpha = pixels[..., 3:].astype(np.uint16)
    return ((pixels[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)


def turned(pixels: Pixels, orientation: int) -> Pixels:
    """Return a picture the way up it was seen; `orientation` is EXIF's, 1 … 8."""
    match orientation:
        case 2:
            pixels = pixels[:, ::-1]
        case 3:
            pixels = pixels[::-1, ::-1]
        case 4:
            pixels = pixels[::-1]
        case 5:
            pixels = pixels.transpose(1, 0, 2)
        case 6:
            pixels = pixels.transpose(1, 0, 2)[:, ::-1]
        case 7:
            pixels = pixels.transpose(1, 0, 2)[::-1, ::-1]
        case 8:
            pixels = pixels.transpose(1, 0, 2)[::-1]
        case _:
            pass
    return np.ascontiguousarray(pixels)


def frame_of(pixels: Pixels, box: tuple[int, int]) -> Frame:
    """Return a picture as it is shown."""
    shown = fitted(pixels, box)
    return Frame(width_px=shown.shape[1], height_px=shown.shape[0], rgb=shown.tobytes())


def jpeg(pixels: Pixels, most_bytes: int = PICTURE_BYTES) -> bytes:
    """Return a picture as a JPEG that is no larger than so much: coarser if need be, then smaller.

    Nothing stands in it but the picture. Raises Fault(BAD_INPUT) for one that does not get so small.
    """
    while True:
        height, width = pixels.shape[:2]
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24").reformat(
            format="yuvj420p", dst_colorspace="ITU601", dst_color_range="JPEG"
        )
        for quality in _QUALITIES:
            encoded = _encoded("mjpeg", frame, quality)
            if len(encoded) <= most_bytes:
                return encoded
        if max(height, width) < _LEAST_PX:
            raise Fault(FaultCode.BAD_INPUT, "the picture can't be made small enough to be sent")
        pixels = fitted(pixels, (width * 3 // 4, height * 3 // 4))


def png(grey: Pixels) -> bytes:
    """Return rows of grey as a PNG."""
    return _encoded("png", av.VideoFrame.from_ndarray(grey, format="gray"), 0)


def _encoded(codec: str, frame: av.VideoFrame, quality: int) -> bytes:
    encoder = cast("av.VideoCodecContext", av.CodecContext.create(codec, "w"))
    encoder.width, encoder.height, encoder.pix_fmt = frame.width, frame.height, frame.format.name
    encoder.time_base = Fraction(1, 1)
    encoder.thread_count = 1
    encoder.flags |= Flags.bitexact  # else it signs with its own name and version
    if quality:
        encoder.qmin = encoder.qmax = quality
    frame.pts = 0
    return b"".join(bytes(packet) for part in (frame, None) for packet in encoder.encode(part))
