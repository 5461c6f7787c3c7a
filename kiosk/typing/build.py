"""The child process that builds librime's tables: `python -m kiosk.typing.build SHARED PART`."""

import os
import sys
from pathlib import Path

from kiosk.typing.tables import build_here

if __name__ == "__main__":
    os.nice(10)  # the kiosk is starting meanwhile
    done = build_here(Path(sys.argv[1]), Path(sys.argv[2]))
    sys.stdout.flush()
    # librime's own goodbye is skipped: what it built is on disk, and a crash on the way out would say it is not.
    os._exit(0 if done else 1)
