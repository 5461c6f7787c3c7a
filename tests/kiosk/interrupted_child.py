"""A visit that ends as a power cut would end it.

    python -m tests.kiosk.interrupted_child DIRECTORY URL MOMENT

MOMENT is `typing` (something is typed and kept), `sending` (提交 was pressed, the store is at work) or `filed` (there is
a receipt, nobody has seen it). The number of a receipt goes to standard output; then the process kills itself.
"""

import os
import signal
import sys
from pathlib import Path

from petition.events import ChoicePressed, PetitionFiled
from tests.kiosk.visitor import LETTERS, visiting


def die() -> None:
    """End at once, as without power."""
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    directory, url, moment = sys.argv[1:]
    with visiting(Path(directory), url=url) as visitor:

        def watch(event: object) -> None:
            if isinstance(event, PetitionFiled) and moment == "filed":
                os.write(1, event.receipt.number.encode())
                die()
            if event == ChoicePressed(choice_id="send") and moment == "sending":
                die()

        visitor.app.watchers.append(watch)
        visitor.settle()
        if moment == "typing":
            visitor.press("type", "type_text")
            visitor.key(LETTERS + " ")
            visitor.wait_for_store()
            die()
        visitor.write()
        visitor.wait_for_store()
        visitor.send()


if __name__ == "__main__":
    main()
