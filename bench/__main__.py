"""`python -m bench [ROOM …] [--model DIR]`: every figure of the design's section 8 that is measured here, in tables.

Timings depend on the machine; the ratios are of one run, ours and the floor in turns. Exit code 1: a bar is broken.
"""

import argparse
import importlib
import sys
from pathlib import Path

from bench.row import Row, table

ROOMS = ("start", "voice", "hearing", "command", "queue")


def main(arguments: list[str]) -> int:
    """Measure the rooms asked for, all without any; print the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help=f"{', '.join(ROOMS)}; all of them without any")
    parser.add_argument("--model", type=Path, help="measure the hearing of this Vosk model, not of the demonstration's")
    asked = parser.parse_args(arguments)
    rooms = [room.removesuffix("_rows") for room in asked.rooms]
    if not set(rooms) <= set(ROOMS):
        parser.error(f"there are {', '.join(ROOMS)}")
    measured: list[Row] = []
    held = True
    for room in rooms or ROOMS:
        module = importlib.import_module(f"bench.{room}_rows")
        if room == "hearing":
            report = module.report(asked.model)
            print(report.text, end="\n\n")
            held = report.held
            measured += module.rows(asked.model)
        else:
            measured += module.rows()
    print(table(measured))
    return 0 if held and all(row.held for row in measured) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
