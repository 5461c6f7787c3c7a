"""Types a word with the input method and says why it can't, as JSON: a process of its own, because librime is native.

python -m kiosk.examine.keyboard_child CACHE
"""

import json
import sys
from pathlib import Path

from kiosk.typing_engine import PACKAGES_OF, find_fault, find_missing


def main() -> None:
    """Print what a person can do about it, or nothing when all is well, and what ways of writing lack a package."""
    cache = Path(sys.argv[1])
    fault = find_fault(cache=cache)
    remedy = (fault.remedy or fault.code.value) if fault else ""
    missing = find_missing(cache=cache) if fault is None else ()
    sys.stdout.write(json.dumps({"remedy": remedy, "missing": {way: PACKAGES_OF[way] for way in missing}}))


if __name__ == "__main__":
    main()
