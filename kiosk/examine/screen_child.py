"""Loads Qt and says what it finds, as JSON: run as a process of its own, because a library that is missing ends it."""

import json
import sys

from PySide6 import __version__
from PySide6.QtGui import QFontDatabase, QGuiApplication

from ui.look import tokens


def main() -> None:
    """Print Qt's version and which of the fonts that screens are drawn with are missing."""
    _application = QGuiApplication(["kiosk", "-platform", "offscreen"])
    installed = set(QFontDatabase.families())
    wanted = set(tokens()["font"]["families"].values())
    sys.stdout.write(json.dumps({"qt": __version__, "missing_fonts": sorted(wanted - installed)}))


if __name__ == "__main__":
    main()
