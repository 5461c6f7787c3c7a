"""The printer: whether it is there and how it is; the queues of the printing system where none is configured."""

import re
from pathlib import Path

from kiosk.configuration import Printer
from kiosk.examine.finding import Finding, care, ok
from kiosk.examine.machine import CUPS
from petition.ports import PrinterState

PART = "printer"
LISTED = 6
"""So many queues are named."""


def printer(configured: Printer, cups: Path = CUPS) -> Finding:
    """Look at the printer of the configuration; `cups` is where that of CUPS lies."""
    from kiosk.printing.choose import device_of
    from kiosk.printing.words import STATES

    device = device_of(configured)
    if device is None:
        return _none_configured()
    if configured.kind == "cups" and (absent := _no_queue(configured.queue)):
        return absent
    if configured.kind == "cups" and _forgets_jobs(cups):
        return care(
            PART,
            "打印系统不记打印过的任务，打好没有没法知道：请在 cupsd.conf 里写上 PreserveJobHistory 3600。",
            "CUPS forgets jobs at once, so nobody knows whether they were printed: write PreserveJobHistory 3600 into "
            "cupsd.conf.",
        )
    state = device.state()
    chinese, english = STATES[state]
    return (ok if state is PrinterState.READY else care)(PART, chinese, english)


def _none_configured() -> Finding:
    from kiosk.printing.cups import queues
    from kiosk.printing.words import NOT_CONFIGURED

    found = queues()
    chinese, english = NOT_CONFIGURED
    if found:
        named = ", ".join(found[:LISTED]) + (" …" if len(found) > LISTED else "")
        return care(PART, f"{chinese}CUPS 有这些队列：{named}。", f"{english} CUPS has these queues: {named}.")
    return ok(PART, f"不打印：{chinese}", f"nothing is printed: {english}")


def _no_queue(name: str) -> Finding | None:
    """Return what is the matter with a queue's name, None when there is such a queue."""
    from kiosk.printing.cups import queues

    found = queues()
    if found is None:
        return care(
            PART,
            "打印系统 CUPS 没有回应：请安装并启动它（apt install cups）。",
            "CUPS does not answer: install and start it (apt install cups).",
        )
    if name in found:
        return None
    named = ", ".join(found[:LISTED]) or "-"
    return care(
        PART,
        f"CUPS 没有 {name} 这个队列，有的是：{named}。请看配置里的 printer.queue。",
        f"CUPS has no queue {name}, it has: {named}. Look at printer.queue in the configuration.",
    )


def _forgets_jobs(configuration: Path) -> bool:
    """Tell whether CUPS keeps no list of jobs, as far as its configuration may be read."""
    try:
        text = configuration.read_text("utf-8", "replace")
    except OSError:
        return False
    said = re.findall(r"^[ \t]*PreserveJobHistory[ \t]+(\S+)", text, re.IGNORECASE | re.MULTILINE)
    return bool(said) and said[-1].lower() in {"no", "off", "false", "0"}
