"""What reads the code of a slip: each that is configured is opened, nothing is read."""

import serial

from kiosk.configuration import Scanner
from kiosk.examine.finding import Finding, care, ok
from kiosk.examine.lines import shut_line
from kiosk.examine.seeing import see
from kiosk.scanning.camera import camera_command
from kiosk.scanning.serial_scanner import open_serial


def scanners(scanner: Scanner) -> list[Finding]:
    """Examine the scanner that types, as it is set, and those with a device of their own."""
    found = [_keyboard(scanner)]
    if scanner.device:
        found.append(serial_line(scanner.device, scanner.baud))
    if scanner.camera:
        found.append(camera(scanner.camera))
    return found


def _keyboard(scanner: Scanner) -> Finding:
    part = "scanner-keyboard"
    if scanner.keyboard:
        return ok(part, "像键盘一样打字的扫码枪认得出来。", "a scanner that types like a keyboard is told from typing.")
    return care(
        part,
        "像键盘一样打字的扫码枪不认：它扫的码会打进正在写的字里（配置里的 scanner.keyboard）。",
        "a scanner that types like a keyboard is not told from typing: what it scans gets into what is being written "
        "(scanner.keyboard in the configuration).",
    )


def serial_line(device: str, baud: int) -> Finding:
    """Open a serial scanner and close it again."""
    part = "scanner-serial"
    try:
        open_serial(device, baud).close()
    except serial.SerialException as error:
        if found := shut_line(part, error, f"扫码枪 {device}", f"the scanner at {device}"):
            return found
    except (OSError, ValueError):
        pass
    else:
        return ok(part, f"扫码枪 {device} 打得开。", f"the scanner at {device} opens.")
    return care(
        part,
        f"找不到扫码枪 {device}：请检查接线和配置里的 scanner.device。号码还可以按。",
        f"no scanner at {device}: look at its cable and at scanner.device in the configuration. "
        "Numbers can still be keyed.",
    )


def camera(device: str) -> Finding:
    """See one picture, in a process of its own, and throw it away."""
    part = "scanner-camera"
    if see(camera_command(device)) == 0:
        return ok(part, f"摄像头 {device} 看得见。", f"the camera {device} sees.")
    return care(
        part,
        f"摄像头 {device} 打不开，也可能别的程序正在用：请检查接线、video 组和配置里的 scanner.camera。号码还可以按。",
        f"the camera {device} does not open, or another program uses it: look at its cable, the group video, and "
        "scanner.camera in the configuration. Numbers can still be keyed.",
    )
