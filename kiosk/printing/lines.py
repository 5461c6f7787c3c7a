"""The ways to a receipt printer: python-escpos with time limits, one byte at a time."""

import os
import shutil
import socket
from contextlib import suppress

import usb.core
import usb.util
from escpos import capabilities
from escpos.escpos import Escpos
from escpos.exceptions import Error
from escpos.printer import Network, Serial, Usb

PORT = 9100
ANSWER_SECONDS = 1.0
SENDING_SECONDS = 10.0
"""A printer that is printing takes nothing for a while; one that takes nothing for so long has stopped."""

if "ESCPOS_CAPABILITIES_PICKLE_DIR" not in os.environ:
    shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)  # else every start leaves a folder in /tmp

CANNOT_OPEN = (Error, OSError, ValueError, AssertionError)
"""What python-escpos and pyusb raise when there is no such printer, or no library for it."""


class _Network(Network):  # type: ignore[misc]  # it has no types
    """In the network."""

    def open(self, raise_not_found: bool = True) -> None:  # noqa: ARG002, FBT001, FBT002 - python-escpos has it so
        # Its own way knows no IPv6, and leaves a socket behind where nobody answers.
        self.device = socket.create_connection((self.host, self.port), self.timeout)

    def _raw(self, msg: bytes) -> None:
        self.device.settimeout(SENDING_SECONDS)
        self.device.sendall(msg)

    def _read(self) -> bytes:
        self.device.settimeout(ANSWER_SECONDS)
        with suppress(TimeoutError):
            if not (heard := self.device.recv(1)):
                raise ConnectionError
            return bytes(heard)
        return b""


class _Serial(Serial):  # type: ignore[misc]  # it has no types
    """On a serial line."""

    def open(self, raise_not_found: bool = True) -> None:  # noqa: FBT001, FBT002 - python-escpos has it so
        super().open(raise_not_found)
        self.device.write_timeout = SENDING_SECONDS

    def _raw(self, msg: bytes) -> None:
        self.device.write(msg)
        self.device.flush()  # the line is slow: what is asked next is answered when this has gone out

    def _read(self) -> bytes:
        return bytes(self.device.read(1))  # who asks for more waits for it


class _Usb(Usb):  # type: ignore[misc]  # it has no types
    """On USB."""

    def open(self, raise_not_found: bool = True) -> None:  # noqa: FBT001, FBT002 - python-escpos has it so
        super().open(raise_not_found)
        for endpoint in self.device.get_active_configuration()[(0, 0)]:
            if usb.util.endpoint_direction(endpoint.bEndpointAddress) == usb.util.ENDPOINT_IN:
                self.in_ep = endpoint.bEndpointAddress
            else:
                self.out_ep = endpoint.bEndpointAddress

    def _read(self) -> bytes:
        with suppress(usb.core.USBTimeoutError):
            return bytes(self.device.read(self.in_ep, 16, round(ANSWER_SECONDS * 1000))[:1])
        return b""


def line_to(where: str, baud: int, dots: int) -> Escpos:
    """Return the way to a printer of so many dots across, not open yet."""
    line = _line_to(where, baud)
    line.profile.profile_data = {**line.profile.profile_data, "media": {"width": {"pixels": str(dots)}}}
    return line


def _line_to(where: str, baud: int) -> Escpos:
    if where.startswith("usb:"):
        _, vendor, product = where.split(":")
        return _Usb(int(vendor, 16), int(product, 16), timeout=round(SENDING_SECONDS * 1000))
    if where.startswith("/dev/"):
        return _Serial(where, baud, timeout=ANSWER_SECONDS)
    host, colon, port = where.rpartition(":")
    return _Network(host, int(port), timeout=ANSWER_SECONDS) if colon else _Network(where, PORT, timeout=ANSWER_SECONDS)
