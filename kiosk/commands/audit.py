"""`kiosk audit`: measures every screen against the table of reach, and writes the conformance report."""

import argparse

from kiosk.commands.line import BUG, DONE, folder, show
from kiosk.configuration import Configuration


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", anywhere: argparse.ArgumentParser) -> None:
    """Add this command to the line."""
    audit = commands.add_parser("audit", parents=[anywhere], help="measure every screen, and report what was measured")
    which = audit.add_mutually_exclusive_group(required=True)
    which.add_argument("--out", type=folder, metavar="DIR", help="put report.html, report.json and pictures there")
    which.add_argument("--self-test", action="store_true", help="plant faults, and see that each is found")
    audit.add_argument("--quick", action="store_true", help="any two choices together, instead of all with all")
    audit.set_defaults(run=measure)


def measure(asked: argparse.Namespace, configuration: Configuration) -> int:  # noqa: ARG001 - every command takes it
    """Measure; exit with 0 when nothing measured fails, with 1 and a line for each row that does."""
    if asked.self_test:
        from kiosk.audit.planted import self_test

        missed = 0
        for name, found in self_test():
            show(f"{'found ' if found else 'MISSED'}  {name}")
            missed += not found
        return BUG if missed else DONE
    from kiosk.audit.report import prepare, write

    prepare(asked.out)
    from kiosk.audit.run import audit

    done = audit(quick=asked.quick)
    failing = write(asked.out, done)
    show(f"{done.screens} screens in {done.ways} ways, {done.sampled} of them by their pixels, {done.seconds:.0f} s")
    show(*failing)
    show(f"{asked.out / 'report.html'}: {len(failing)} rows fail. No resident was tested.")
    return BUG if failing else DONE
