"""What a serial line that does not open has to say, whatever is at its end."""

import errno

import serial

from kiosk.examine.finding import Finding, care, ok


def shut_line(part: str, error: serial.SerialException, chinese: str, english: str) -> Finding | None:
    """Return what keeps it from being opened, None where it is not there; the words name what is at its end."""
    if error.errno in (errno.EACCES, errno.EPERM):
        return care(
            part,
            f"{chinese} 不让打开：请把这个用户加进 dialout 组。",
            f"{english} may not be opened: add this user to the group dialout.",
        )
    if error.errno in (errno.EAGAIN, errno.EBUSY):
        return ok(part, f"{chinese} 有程序在用。", f"{english} is in use.")
    return None
