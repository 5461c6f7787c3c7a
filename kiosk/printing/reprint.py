"""One slip, printed for somebody who waits at the command line."""

import queue

from kiosk.printing.device import Device
from kiosk.printing.worker import PrintingThread
from petition.ports import PrintEnded
from petition.slip import PaperReceipt

JOB = "reprint"


def print_and_wait(device: Device, slip: PaperReceipt) -> PrintEnded:
    """Print a slip and return what became of it; who is interrupted meanwhile withdraws it."""
    posted: queue.SimpleQueue[object] = queue.SimpleQueue()
    printer = PrintingThread(device, posted.put)
    try:
        printer.print_slip(slip, JOB)
        while not isinstance(event := posted.get(), PrintEnded):
            pass
        return event
    finally:
        printer.close()
