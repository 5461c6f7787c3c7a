"""The child process that builds librime's tables: `python -m kiosk.typing.build SHARED PART PARENT`.

PARENT is the process that wants them; when it ends, nobody would take them, and the building ends too.
"""

import os
import sys
from pathlib import Path

from kiosk.typing.tables import build_here
from voice.child import settle

if __name__ == "__main__":
    settle(int(sys.argv[3]))
    os.nice(10)  # the kiosk is starting meanwhile
    done = build_here(Path(sys.argv[1]), Path(sys.argv[2]))
    sys.stdout.flush()
    # librime's own goodbye is skipped: what it built is on disk, and a crash on the way out would say it is not.
    os._exit(0 if done else 1)
