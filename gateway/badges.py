"""A badge's QR code as a file to be printed: PNG, SVG or PDF; the file's name says which."""

import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import qrcode

from petition.errors import Fault, FaultCode

MODULE_PIXELS = 12
MODULE_MILLIMETRES = 1.0
POINTS = 72 / 25.4
QUIET_ZONE = 4

Modules = list[list[bool]]
"""Rows of a QR code, True for black, the quiet zone around it."""


def write_badge(path: Path, badge: str) -> None:
    """Write a badge's QR code into a new file that only its owner can read.

    Raises Fault(BAD_INPUT) for another ending, for a file that is there already, and where none can be written.
    """
    check_badge_file(path)
    content = DRAWN[path.suffix.lower()](_modules(badge))
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError as error:
        raise Fault(FaultCode.BAD_INPUT, f"{path} can't be written: {error.strerror}") from None


def check_badge_file(path: Path) -> None:
    """Raise Fault(BAD_INPUT) where `write_badge` would, as far as that can be known."""
    if path.suffix.lower() not in DRAWN:
        raise Fault(FaultCode.BAD_INPUT, f"a badge's file ends in one of {', '.join(DRAWN)}")
    if path.exists():
        raise Fault(FaultCode.BAD_INPUT, f"{path} is there already: name another file")
    if not os.access(path.parent, os.W_OK):
        raise Fault(FaultCode.BAD_INPUT, f"{path.parent} is no folder that can be written to")


def _modules(badge: str) -> Modules:
    """Return the code; a quarter of it may be scratched away on a badge that is carried about."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_Q, border=QUIET_ZONE)
    code.add_data(badge)
    code.make(fit=True)
    return [[bool(dark) for dark in row] for row in code.get_matrix()]


def _png(modules: Modules) -> bytes:
    side = len(modules) * MODULE_PIXELS
    lines = bytearray()
    for row in modules:
        line = b"".join((b"\x00" if dark else b"\xff") * MODULE_PIXELS for dark in row)
        lines += (b"\x00" + line) * MODULE_PIXELS
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)  # eight bits of grey
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(lines), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def _svg(modules: Modules) -> bytes:
    side = len(modules)
    black = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(modules) for x, dark in enumerate(row) if dark)
    size = side * MODULE_MILLIMETRES
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}mm" height="{size}mm" viewBox="0 0 {side} {side}"'
        f' shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{black}"/></svg>\n'
    ).encode("ascii")


def _pdf(modules: Modules) -> bytes:
    side = len(modules)
    scale = MODULE_MILLIMETRES * POINTS
    black = " ".join(
        f"{x} {side - 1 - y} 1 1 re" for y, row in enumerate(modules) for x, dark in enumerate(row) if dark
    )
    drawing = f"{scale:.4f} 0 0 {scale:.4f} 0 0 cm {black} f".encode("ascii")
    box = f"{side * scale:.3f}"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {box} {box}] /Resources << >> /Contents 4 0 R >>".encode("ascii"),
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawing), drawing),
    ]
    written, places = bytearray(b"%PDF-1.4\n"), []
    for number, object_ in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, object_)
    table = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(written)


DRAWN: dict[str, Callable[[Modules], bytes]] = {".png": _png, ".svg": _svg, ".pdf": _pdf}
