"""What a file's bytes say that it is: a kind of picture, whole, and which way up. Anything may stand in them.

Only the process that decodes looks at this; it never raises.
"""

from collections.abc import Iterator

JPEG, PNG, WEBP, BMP, GIF = "mjpeg", "png", "webp", "bmp", "gif"
"""The kinds, by the name of what decodes them."""
UPRIGHT = 1
"""The orientation (EXIF, 1 … 8) of a picture whose first row is its top."""

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_ORIENTATION_TAG = 0x0112
_SHORT = 3
_MOST_FIELDS = 500
_SEGMENTS_MAX = 500
_ALONE = {0x01, *range(0xD0, 0xD9)}
"""Marks of JPEG that no length follows."""
_START_OF_SCAN, _END, _APP1 = 0xDA, 0xD9, 0xE1


def kind_of(data: bytes) -> str:
    """Return the kind of picture that these bytes are, "" for none that is taken here; names don't count."""
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(_PNG_SIGNATURE):
        return PNG
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return WEBP
    if data.startswith(b"BM"):
        return BMP
    if data.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    return ""


def whole(data: bytes) -> bool:
    """Tell whether a picture has its end. Decoders fill what is missing with grey, and a resident's proof with it."""
    match kind_of(data):
        case "mjpeg":
            scan = next((at for mark, at, _ in _segments(data) if mark == _START_OF_SCAN), None)
            # Inside a scan 0xFF is followed by 0 or a restart: the first end mark after it is the picture's own.
            return scan is not None and data.find(bytes((0xFF, _END)), scan) >= 0
        case "png":
            return any(name == b"IEND" for name, _ in _png_chunks(data))
        case "webp":
            return int.from_bytes(data[4:8], "little") + 8 <= len(data)
        case "bmp":
            return int.from_bytes(data[2:6], "little") <= len(data)
        case "gif":
            return _gif_ends(data)
        case _:
            return False


def orientation(data: bytes) -> int:
    """Return how a picture was held, as EXIF says it (1 … 8); 1 where nothing sensible is said."""
    match kind_of(data):
        case "mjpeg":
            found = (body[6:] for mark, _, body in _segments(data) if mark == _APP1 and body.startswith(b"Exif\0\0"))
        case "png":
            found = (body for name, body in _png_chunks(data) if name == b"eXIf")
        case "webp":
            found = (body.removeprefix(b"Exif\0\0") for name, body in _riff_chunks(data) if name == b"EXIF")
        case _:
            return UPRIGHT
    return _orientation_of(next(iter(found), b""))


def _orientation_of(tiff: bytes) -> int:
    if tiff[:2] not in (b"II", b"MM"):
        return UPRIGHT

    def number(at: int, length: int) -> int:
        return int.from_bytes(tiff[at : at + length], "little" if tiff[:1] == b"I" else "big")

    first = number(4, 4)
    for n in range(min(number(first, 2), _MOST_FIELDS)):
        at = first + 2 + 12 * n
        if number(at, 2) == _ORIENTATION_TAG and number(at + 2, 2) == _SHORT:
            told = number(at + 8, 2)
            return told if 1 <= told <= 8 else UPRIGHT
    return UPRIGHT


def _segments(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield (mark, place, body) of what comes before a JPEG's first scan, that included."""
    at = 2
    for _ in range(_SEGMENTS_MAX):
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        if data[at : at + 1] != b"\xff" or at + 2 > len(data):
            return
        mark = data[at + 1]
        if mark in _ALONE:
            at += 2
            continue
        length = int.from_bytes(data[at + 2 : at + 4])
        yield mark, at, data[at + 4 : at + 2 + length]
        if mark in (_START_OF_SCAN, _END) or length < 2:
            return
        at += 2 + length


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield (name, body) of a PNG's chunks that are there whole."""
    at = len(_PNG_SIGNATURE)
    while at + 12 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4])
        if end > len(data):
            return
        yield data[at + 4 : at + 8], data[at + 8 : end - 4]
        at = end


def _gif_ends(data: bytes) -> bool:
    """Tell whether a GIF's first picture is there to its last block."""
    at = 13 + _colours_bytes(data[10:11])
    while data[at : at + 1] == b"!":  # something beside the picture
        at = _after_blocks(data, at + 2)
    if data[at : at + 1] != b",":
        return False
    return _after_blocks(data, at + 11 + _colours_bytes(data[at + 9 : at + 10])) <= len(data)


def _colours_bytes(flags: bytes) -> int:
    return 3 << ((flags[0] & 7) + 1) if flags and flags[0] & 0x80 else 0


def _after_blocks(data: bytes, at: int) -> int:
    while at < len(data) and data[at]:
        at += 1 + data[at]
    return at + 1


def _riff_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield (name, body) of a WebP's chunks that are there whole."""
    at = 12
    while at + 8 <= len(data):
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + length
        if end > len(data):
            return
        yield data[at : at + 4], data[at + 8 : end]
        at = end + length % 2
