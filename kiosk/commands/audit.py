"""`kiosk audit`: measures every screen against the table of reach, and writes the conformance report."""

import argparse
from datetime import datetime

from kiosk.commands.line import BUG, DONE, folder, show
from kiosk.configuration import Configuration


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", anywhere: argparse.ArgumentParser) -> None:
    """Add this command to the line."""
    audit = commands.add_parser("audit", parents=[anywhere], help="measure every screen, and report what was measured")
    which = audit.add_mutually_exclusive_group(required=True)
    which.add_argument("--out", type=folder, metavar="DIR", help="put report.html, report.json and pictures there")
    which.add_argument("--self-test", action="store_true", help="plant faults, and see that each is found")
    audit.add_argument("--quick", action="store_true", help="any two choices together, instead of all with all")
    audit.add_argument("--commit", default="", metavar="NAME", help="say in the report of which commit it tells")
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
    from kiosk.audit.exceptions import exceptions
    from kiosk.audit.judgement import report
    from kiosk.audit.report import HTML, prepare, write
    from kiosk.audit.run import audit

    prepare(asked.out)
    excepted = exceptions()
    done = audit(quick=asked.quick)
    made = report(done, excepted, made_on=datetime.now().astimezone().date(), commit=asked.commit)
    write(asked.out, made)
    show(f"{done.screens} screens in {done.ways} ways, {done.sampled} of them by their pixels, {done.seconds:.0f} s")
    show(*made.failing)
    show(f"{asked.out / HTML}: {len(made.failing)} fail of {len(made.rows)} rows. No resident was tested.")
    return BUG if made.failing else DONE
