"""`kiosk people …`: who may file for several people here, as the platform says, and what they did."""

import argparse

from kiosk.commands import log
from kiosk.commands.line import DONE, show, show_json, utc
from kiosk.commands.state import with_store
from kiosk.configuration import Configuration
from kiosk.printable import printable


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", anywhere: argparse.ArgumentParser) -> None:
    """Add these commands to the line."""
    people = commands.add_parser(
        "people", parents=[anywhere], help="volunteers and staff who file for several people: who, and what they did"
    )
    tasks = people.add_subparsers(dest="task", metavar="TASK", required=True)
    listed = tasks.add_parser("list", parents=[anywhere], help="who may sign in, as the platform last said")
    listed.set_defaults(run=list_people)
    logged = tasks.add_parser("log", parents=[anywhere], help="who signed in and filed what, the newest first")
    logged.set_defaults(run=show_log)
    unlocked = tasks.add_parser("unlock", parents=[anywhere], help="let codes be tried again after too many wrong ones")
    unlocked.set_defaults(run=unlock)
    for task in (listed, logged):
        task.add_argument("--json", action="store_true", help="for programs")


def list_people(asked: argparse.Namespace, configuration: Configuration) -> int:
    """List who may sign in; nothing of badges and PINs."""
    people = with_store(configuration, lambda store: store.people())
    if asked.json:
        show_json(
            [
                {
                    "id": entry.id,
                    "name": entry.name,
                    "role": entry.role.value,
                    "until": utc(entry.not_after),
                    "over": people.expired(entry),
                    "has_pin": bool(entry.pin_verifier),
                    "petitions": entry.petitions,
                }
                for entry in people.entries
            ]
        )
    elif not people.entries:
        show("Nobody may sign in here. The platform's operator says who may: python -m gateway people add")
    else:
        show(
            *(
                f"{entry.id}  {entry.role.value:9}  {entry.not_after.astimezone():%Y-%m-%d}"
                f"  {'over' if people.expired(entry) else '':4}  {printable(entry.name)}"
                for entry in people.entries
            )
        )
    return DONE


def show_log(asked: argparse.Namespace, configuration: Configuration) -> int:
    """Show who signed in and filed what; for whom, the platform knows."""
    none = "Nobody has signed in here yet."
    return log.show_log(asked, configuration, lambda store: store.people_log(log.LINES), none=none, numbered=True)


def unlock(asked: argparse.Namespace, configuration: Configuration) -> int:  # noqa: ARG001 - every command takes it
    """Let codes be tried again at once."""
    with_store(configuration, lambda store: store.unlock_sign_in())
    show("Codes can be tried again.")
    return DONE
