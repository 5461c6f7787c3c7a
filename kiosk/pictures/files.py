"""Picture files that are named on the command line: made anew like any other, or refused in one line."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.files import open_file
from kiosk.pictures.decoding import KEPT_BOX, MOST_PICTURES, Decoder
from petition.errors import Fault, FaultCode

if TYPE_CHECKING:  # the first screen is shown before these are loaded
    from kiosk.pictures.pixels import Pixels

FILE_BYTES = 30_000_000
_PIECE_BYTES = 1 << 18


def read_pictures(paths: Sequence[Path], *, option: str) -> tuple[bytes, ...]:
    """Return JPEGs of some pictures; raises Fault(BAD_INPUT) for too many, or one that is none.

    `option` is what they were given with, for the complaint; a file's name may tell too much.
    """
    if len(paths) > MOST_PICTURES:
        raise Fault(FaultCode.BAD_INPUT, f"no more than {MOST_PICTURES} pictures go with a petition: give fewer")
    if not paths:
        return ()
    from kiosk.pictures.pixels import jpeg

    decoder = Decoder()
    return tuple(jpeg(_decoded(decoder, path, option)) for path in paths)


def _decoded(decoder: Decoder, path: Path, option: str) -> "Pixels":
    try:
        file, length = open_file(path)
    except OSError:
        raise Fault(FaultCode.BAD_INPUT, f"{option} names a file that can't be read: look at its path") from None
    with file:
        if length > FILE_BYTES:
            raise Fault(FaultCode.BAD_INPUT, f"{option} is larger than {FILE_BYTES // 10**6} MB: give a smaller one")

        def pieces() -> Iterator[bytes]:
            while piece := file.read(_PIECE_BYTES):
                yield piece

        try:
            return decoder.decode(pieces, KEPT_BOX)
        except Fault:
            raise Fault(
                FaultCode.BAD_INPUT,
                f"{option} is no whole picture that can be taken: give JPEG, PNG, WebP, BMP or GIF, copied anew",
            ) from None
