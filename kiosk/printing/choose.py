"""From the configuration to the printer it names."""

from kiosk.configuration import Printer
from kiosk.printing.cups import CupsPrinter
from kiosk.printing.device import Device
from kiosk.printing.escpos import EscposPrinter
from ui.receipt_page import Paper


def device_of(configured: Printer, paper: Paper | None = None) -> Device | None:
    """Return the printer that is configured, None when there is none; `paper` is what is in it just now."""
    paper = paper or Paper(configured.paper)
    match configured.kind:
        case "cups":
            return CupsPrinter(configured.queue, paper)
        case "escpos":
            return EscposPrinter(configured.address or configured.device, paper, baud=configured.baud)
    return None
