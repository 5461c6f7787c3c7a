"""`python -m bench [ROOM …]`: every figure of the design's section 8 that is measured here, as one table.

Timings depend on the machine; the ratios are of one run, ours and the floor in turns. Exit code 1: a bar is broken.
"""

import importlib
import sys

from bench.row import Row, table

ROOMS = ("start_rows", "voice_rows", "queue_rows")


def main(asked: list[str]) -> int:
    """Measure the rooms asked for, all without any; print the table."""
    if not set(asked) <= set(ROOMS):
        print(f"python -m bench [{'] ['.join(ROOMS)}]", file=sys.stderr)
        return 2
    measured: list[Row] = []
    for room in asked or ROOMS:
        measured += importlib.import_module(f"bench.{room}").rows()
    print(table(measured))
    return 0 if all(row.held for row in measured) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
