"""`kiosk enrol`, `kiosk sync`, `kiosk status`: everything that asks the platform."""

import argparse
import signal
import sys
import threading
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from kiosk.commands.line import BAD_INPUT, DONE, MISSING, receipt_number, show, show_json, tag_or_code, tell, utc
from kiosk.commands.state import with_store
from kiosk.configuration import Configuration, state_directory
from kiosk.printable import printable
from petition.errors import Fault, FaultCode
from petition.receipt import in_fours

if TYPE_CHECKING:
    from offline_queue.store import Store
    from offline_queue.sync import SyncReport
    from petition.model import Progress


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", anywhere: argparse.ArgumentParser) -> None:
    """Add these commands to the line."""
    enrol = commands.add_parser("enrol", parents=[anywhere], help="make this machine a kiosk of a platform")
    enrol.add_argument("url", metavar="URL", help="the platform's address")
    enrol.add_argument("code", metavar="CODE", help="24 letters and digits, from the platform's operators")
    enrol.add_argument("--yes", action="store_true", help="the fingerprint was compared: don't ask")
    enrol.set_defaults(run=enrol_kiosk)
    sync = commands.add_parser("sync", parents=[anywhere], help="send what waits; without --once, until it is stopped")
    sync.add_argument("--once", action="store_true", help="try everything once, then say what became of it")
    sync.set_defaults(run=send)
    status = commands.add_parser("status", parents=[anywhere], help="how far a petition is")
    status.add_argument("number", metavar="NUMBER", help="12 digits")
    status.add_argument("tag", metavar="TAG", help="the tag's 20 digits or the query code's 6")
    status.set_defaults(run=tell_status)
    for command in (enrol, sync, status):
        command.add_argument("--json", action="store_true", help="for programs")


def enrol_kiosk(asked: argparse.Namespace, configuration: Configuration) -> int:
    """Compare the fingerprint with the installer, then enrol."""
    from kiosk.connection import software
    from offline_queue import sealing
    from offline_queue.client import platform_url
    from offline_queue.enrolment import enrol
    from offline_queue.protocol import split_enrolment_code

    platform_url(asked.url)
    ways = configuration.platform
    _, fingerprint = split_enrolment_code(asked.code)
    if not asked.yes and not _confirmed(sealing.grouped(fingerprint)):
        tell("not enrolled: the fingerprint was not confirmed")
        return BAD_INPUT
    who = with_store(
        configuration,
        lambda store: enrol(
            store, asked.url, asked.code, software=software(), ca_bundle=ways.ca_bundle, proxy=ways.proxy
        ),
    )
    if asked.json:
        show_json({"kiosk_id": who.kiosk_id, "name": who.kiosk_name, "fingerprint": fingerprint, "url": who.url})
    else:
        show(f"This machine is now {printable(who.kiosk_name)} ({who.kiosk_id}) of {who.url}.")
    return DONE


def _confirmed(fingerprint: str) -> bool:
    """Ask the installer whether the fingerprint is the platform's own."""
    if not sys.stdin.isatty():
        raise Fault(
            FaultCode.BAD_INPUT,
            f"compare the fingerprint {fingerprint} with the one the platform's operators see, then add --yes",
        )
    tell(f"The fingerprint of the platform's root key must be: {fingerprint}")
    sys.stderr.write("Is it the one the platform's operators see? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes", "是", "对"}


def send(asked: argparse.Namespace, configuration: Configuration) -> int:
    """Send what waits."""
    return _send_once(asked, configuration) if asked.once else _send_on(asked, configuration)


def _send_once(asked: argparse.Namespace, configuration: Configuration) -> int:
    from kiosk.connection import open_client
    from offline_queue.sync import sync_once

    def work(store: "Store") -> "SyncReport":
        identity = store.enrolled()
        store.check()  # what a power cut left half done is finished first
        with open_client(configuration.platform, identity) as client:
            return sync_once(store, client)

    report = with_store(configuration, work)
    _show_report(asked, report)
    if report.unreachable:
        tell(f"{_UNREACHABLE.get(report.unreachable, _NOBODY)}; what waits is safe here [{report.unreachable}]")
        return MISSING
    if report.refused:
        tell(f"the platform refused {len(report.refused)}, which stay here: see kiosk queue list [platform-refused]")
    codes = [code for _, code in report.kept]
    for code in sorted(set(codes)):
        tell(f"{codes.count(code)} can't be read whole from this disk and stay here: see kiosk queue list [{code}]")
    return MISSING if report.refused or report.kept else DONE


_NOBODY = "the platform can't be reached: look at the network"
_UNREACHABLE = {
    "not-the-platform": "something else answers at the platform's address: sign in to the network or look at its proxy",
    "certificate": "the platform's certificate is not valid: look at this machine's clock, or set platform.ca_bundle",
    "busy": "the platform is busy: it will be tried again",
    "token-unknown": "the platform doesn't know this kiosk any more: enrol it again",
}


def _send_on(asked: argparse.Namespace, configuration: Configuration) -> int:
    """Send until SIGINT or SIGTERM; a line for every pass that did something."""
    from kiosk.connection import open_client, software
    from offline_queue.store import open_store
    from offline_queue.sync import Doors, Pacing, SyncReport, SyncWorker

    def check(store: "Store") -> None:
        store.enrolled()
        store.check()

    with_store(configuration, check)
    last: list[SyncReport] = []

    def report(now: SyncReport) -> None:
        if last != [now]:
            last[:] = [now]
            _show_report(asked, now)
            sys.stdout.flush()

    directory = state_directory(configuration)
    worker = SyncWorker(
        Doors(
            open_store=lambda: open_store(directory),
            open_client=lambda identity: open_client(configuration.platform, identity),
            report=report,
            software=software(),
        ),
        pacing=Pacing(spread_seconds=configuration.platform.spread_seconds),
    )
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    worker.start()
    stopped.wait()
    worker.stop()
    return DONE


def _show_report(asked: argparse.Namespace, report: "SyncReport") -> None:
    if asked.json:
        show_json(asdict(report))
        return
    if report.fault == "sync-broke":
        tell("this should not happen: sending broke off, loses nothing, and is tried again [sync-broke]")
        return
    if report.fault:
        tell(f"this machine's own store can't be used, and is tried again: see kiosk doctor [{report.fault}]")
        return
    words = [f"{len(report.delivered)} delivered", f"{report.waiting} waiting", f"{report.parked} parked"]
    if report.refused:
        words.append(f"{len(report.refused)} refused ({', '.join(sorted({reason for _, reason in report.refused}))})")
    if report.kept:
        words.append(f"{len(report.kept)} not readable here ({', '.join(sorted({code for _, code in report.kept}))})")
    show(", ".join(words) + ".")


def tell_status(asked: argparse.Namespace, configuration: Configuration) -> int:
    """Ask the platform how far a petition is; without it, say what is known here and how old that is."""
    from kiosk.connection import open_client
    from kiosk.inquiry import Found, NotFound, inquire

    number, proof = receipt_number(asked.number), tag_or_code(asked.tag)

    def ask(store: "Store") -> Found | NotFound:
        with open_client(configuration.platform, store.enrolled()) as client:
            return inquire(store, client, number, proof)

    match with_store(configuration, ask):
        case NotFound(code=code, tries_left=tries_left):
            raise Fault(code, _NOT_FOUND.get(code, "").format(tries_left=tries_left))
        case Found(progress=progress, from_cache=from_cache):
            if asked.json:
                show_json({**_told(progress), "from_cache": from_cache})
            else:
                show(*_lines(progress, from_cache=from_cache))
    return DONE


_NOT_FOUND = {
    FaultCode.PLATFORM_UNREACHABLE: "the platform can't be reached, and nothing is known here: look at the network",
    FaultCode.RECEIPT_OF_ANOTHER_KIOSK: "another kiosk made this receipt: it can be asked for once the network is back",
    FaultCode.RECEIPT_UNKNOWN: "the platform knows no such receipt: compare the digits with the slip",
    FaultCode.TOO_MANY_WRONG_CODES: "too many wrong codes: the QR code's tag still works, the code tomorrow",
    FaultCode.WRONG_CODE: "the code does not fit the number: compare both with the slip (tries left: {tries_left})",
}


def _told(progress: "Progress") -> dict[str, Any]:
    return {
        "number": progress.number,
        "on_its_way": progress.on_its_way,
        "from_kiosk": progress.from_kiosk,
        "withdrawn": progress.withdrawn.isoformat() if progress.withdrawn else None,
        "steps": [
            {"stage": s.stage.value, "state": s.state.value, "on": s.on.isoformat() if s.on else None}
            for s in progress.steps
        ],
        "responsible": progress.responsible,
        "expected": progress.expected.isoformat() if progress.expected else None,
        "reply": progress.reply,
        "as_of": utc(progress.as_of) if progress.as_of else None,
    }


def _lines(progress: "Progress", *, from_cache: bool) -> list[str]:
    from petition.model import StageState
    from petition.script.phrases import PHRASES, STAGE_STATES, STAGES

    lines = [in_fours(progress.number)]
    if progress.withdrawn:
        lines.append(f"{PHRASES['withdrawn_plain']}  {progress.withdrawn.isoformat()}")
    elif progress.on_its_way:
        lines.append(
            f"已登记，还在送来的路上{f'（{printable(progress.from_kiosk)}）' if progress.from_kiosk else ''}。"
        )
    elif all(s.state is StageState.NEXT for s in progress.steps):
        lines.append(f"{PHRASES['received_plain']}。")
    else:
        lines += [
            f"{STAGES[s.stage][0]}  {STAGE_STATES[s.state]}{f'  {s.on.isoformat()}' if s.on else ''}"
            for s in progress.steps
        ]
    if progress.responsible and not progress.withdrawn:
        lines.append(f"负责：{printable(progress.responsible)}")
    if progress.expected and not progress.withdrawn:
        lines.append(f"预计：{progress.expected.isoformat()}")
    if progress.reply:
        paragraphs = filter(None, map(printable, progress.reply.splitlines()))
        lines.append("答复：" + "\n      ".join(paragraphs))
    if from_cache and progress.as_of:
        lines.append(f"（连不上平台；这是 {progress.as_of.astimezone():%Y-%m-%d %H:%M} 的情况。）")
    return lines
