"""`kiosk doctor` and `kiosk script`: what helps people look after a kiosk."""

import argparse
from dataclasses import asdict

from kiosk.commands.line import DONE, MISSING, show, show_json
from kiosk.configuration import Configuration
from petition.errors import Fault, FaultCode


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", anywhere: argparse.ArgumentParser) -> None:
    """Add these commands to the line."""
    doctor = commands.add_parser("doctor", parents=[anywhere], help="try every device and part, and say what to do")
    doctor.add_argument("--json", action="store_true", help="for programs")
    doctor.set_defaults(run=examine_kiosk)
    script = commands.add_parser("script", parents=[anywhere], help="print the handbook: every step and every word")
    script.add_argument("--markdown", action="store_true", required=True, help="as Markdown")
    script.add_argument("--language", action="append", default=[], metavar="L", help="only these; repeatable")
    script.set_defaults(run=print_script)


def examine_kiosk(asked: argparse.Namespace, configuration: Configuration) -> int:
    """Examine every part."""
    from kiosk.doctor import can_serve, examinations, examine
    from kiosk.examine.finding import Condition

    found = examine(examinations(configuration))
    serves = can_serve(found)
    if asked.json:
        show_json({"can_serve": serves, "findings": [asdict(finding) for finding in found]})
    else:
        marks = {Condition.OK: "好  ok     ", Condition.CARE: "看  care   ", Condition.MISSING: "缺  missing"}
        for finding in found:
            show(f"{marks[finding.condition]}  {finding.part}", f"    {finding.chinese}", f"    {finding.english}")
        show("", "可以服务。 The kiosk can serve." if serves else "还不能服务：先补上缺的。 The kiosk can't serve yet.")
    return DONE if serves else MISSING


def print_script(asked: argparse.Namespace, configuration: Configuration) -> int:  # noqa: ARG001 - every command takes it
    """Print the handbook."""
    from assets.words import LANGUAGES, load_translations
    from petition.handbook import handbook

    if any(language not in LANGUAGES for language in asked.language):
        raise Fault(FaultCode.BAD_INPUT, f"--language is one of {', '.join(LANGUAGES)}")
    show(handbook({language: load_translations(language) for language in asked.language or LANGUAGES}).rstrip("\n"))
    return DONE
