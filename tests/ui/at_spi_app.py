"""A kiosk window for a screen reader to look at: the review, after sending the receipt, and that beneath the curtain.

From the welcome screen one comes to where a PIN is keyed, before a camera, while somebody is called.

Run by `at_spi_walk.py`.
"""

import sys
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtWidgets import QApplication

from petition.events import ChoicePressed, CommandGiven
from petition.screen import Curtain
from petition.steps import Command
from tests.ui.screens import shown
from ui.look import Glass
from ui.window import KioskWindow

PIN = replace(
    shown("progress_number"), digits="4826", groups=(), masked=True, title="请按密码", alarm=True, camera="摄像头开着"
)
COVERED = Curtain(text="屏幕遮住了，我念给您听。", label="打开屏幕", icon="eye")


def main() -> int:
    application = QApplication([])
    application.setApplicationName("petition-kiosk")

    def post(event: object) -> None:
        match event:
            case ChoicePressed(choice_id="send"):
                window.show_screen(shown("receipt"))
            case ChoicePressed(choice_id="aloud"):
                made = shown("review")
                window.show_screen(replace(made, caption=replace(made.caption, text="我念给您听。")))
            case ChoicePressed(choice_id="read"):
                window.show_screen(replace(shown("receipt"), curtain=COVERED))
            case ChoicePressed(choice_id="progress"):
                window.show_screen(PIN)
            case CommandGiven(command=Command.SHOW_SCREEN):
                window.show_screen(shown("welcome"))

    window = KioskWindow(post, Glass(), now=lambda: datetime(2026, 3, 6, 9, 41, tzinfo=UTC), reduced_motion=True)
    window.show_screen(shown("review"))
    window.show()
    window.activateWindow()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
