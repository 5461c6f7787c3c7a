"""Types a word with the input method and says why it can't, as JSON: a process of its own, because librime is native.

python -m kiosk.examine.keyboard_child CACHE
"""

import json
import sys
from pathlib import Path

from kiosk.typing_engine import find_fault, has_strokes


def main() -> None:
    """Print what a person can do about it, or nothing when all is well, and whether there are strokes."""
    cache = Path(sys.argv[1])
    fault = find_fault(cache=cache)
    remedy = (fault.remedy or fault.code.value) if fault else ""
    sys.stdout.write(json.dumps({"remedy": remedy, "strokes": fault is None and has_strokes(cache=cache)}))


if __name__ == "__main__":
    main()
