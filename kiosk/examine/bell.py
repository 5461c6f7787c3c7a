"""The relay of a bell or a lamp: its line is opened, and nothing rings."""

import serial

from kiosk.bell import open_relay
from kiosk.configuration import Bell
from kiosk.examine.finding import Finding, care, ok
from kiosk.examine.lines import shut_line

PART = "bell"


def bell(configured: Bell) -> list[Finding]:
    """Examine the relay, where there is to be one. These boards answer nothing: that it is there is all one learns."""
    device = configured.relay
    if not device:
        return []
    try:
        open_relay(device).close()
    except serial.SerialException as error:
        if found := shut_line(PART, error, f"铃的继电器 {device}", f"the bell's relay at {device}"):
            return [found]
    except (OSError, ValueError):
        pass
    else:
        return [
            ok(
                PART,
                f"铃的继电器 {device} 打得开；响不响，请叫一次工作人员试试。",
                f"the bell's relay at {device} opens; whether it rings, a call for staff will show.",
            )
        ]
    return [
        care(
            PART,
            f"找不到铃的继电器 {device}：请检查接线和配置里的 bell.relay。叫人时机器自己会响。",
            f"no relay for the bell at {device}: look at its cable and at bell.relay in the configuration. "
            "A call is heard from the kiosk itself.",
        )
    ]
