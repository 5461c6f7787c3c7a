"""The reader of identity cards: asked how it is; no card is read."""

import termios
import threading

import serial

from kiosk.cards.frames import DONE, NOT_AUTHORISED
from kiosk.cards.reader import ANSWER_SECONDS, CardLine
from kiosk.configuration import Card
from kiosk.examine.finding import Finding, care, ok
from kiosk.examine.lines import shut_line

PART = "card"


def card_reader(card: Card, *, answer_seconds: float = ANSWER_SECONDS) -> Finding:
    """Ask the reader that is configured how it is; where there is none, nobody misses it."""
    device = card.port
    if not device:
        return ok(PART, "没有配身份证阅读器，号码用手按。", "no card reader is configured: numbers are keyed in.")
    state = None
    try:
        with CardLine(card, threading.Event(), answer_seconds) as line:
            state = line.state()
    except TimeoutError:
        return care(
            PART,
            f"身份证阅读器 {device} 没有回答：请检查电源、接线和配置里的 card.baud。号码还可以按。",
            f"the card reader at {device} gives no answer: look at its power, its cable and at card.baud in the "
            "configuration. Numbers can still be keyed.",
        )
    except serial.SerialException as error:
        if found := shut_line(PART, error, f"身份证阅读器 {device}", f"the card reader at {device}"):
            return found
    except (OSError, ValueError, termios.error):
        pass
    return _told(device, state)


def _told(device: str, state: int | None) -> Finding:
    match state:
        case None:
            return care(
                PART,
                f"找不到身份证阅读器 {device}：请检查接线和配置里的 card.port。号码还可以按。",
                f"no card reader at {device}: look at its cable and at card.port in the configuration. "
                "Numbers can still be keyed.",
            )
        case int() if state == DONE:
            return ok(PART, f"身份证阅读器 {device} 好着。", f"the card reader at {device} is well.")
        case int() if state == NOT_AUTHORISED:
            return care(
                PART,
                f"身份证阅读器 {device} 还没有授权，读不了卡：请找卖它的人。号码还可以按。",
                f"the card reader at {device} has not been authorised and reads nothing: ask who sold it. "
                "Numbers can still be keyed.",
            )
        case _:
            return care(
                PART,
                f"身份证阅读器 {device} 自己说不行（{state:02X}）：请拔下来，过一会儿再插；再不行就换。号码还可以按。",
                f"the card reader at {device} says that it is not well ({state:02X}): pull it out, wait a moment and "
                "plug it in again; should that not help, it wants replacing. Numbers can still be keyed.",
            )
