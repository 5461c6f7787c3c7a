"""The gateway's command line: `python -m gateway` runs it, `python -m gateway admin …` looks after it.

`python -m gateway people …` says who may file for several people at the kiosks.

Exit code 0 done, 2 bad usage or input (one line: what and how to mend), 3 something is missing or unusable.
"""

import argparse
import itertools
import json
import logging
import resource
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from gateway import admin, desk, people
from gateway.app import create_app
from gateway.badges import check_badge_file, write_badge
from gateway.catalogue import catalogue_version
from gateway.platform import Platform, open_platform
from gateway.refusal import Refusal
from gateway.reviews import Outcome, ReviewForm
from gateway.serve import serve
from gateway.settings import Settings
from gateway.staff import OPERATOR
from offline_queue.protocol import KeyUse, PersonEntry, PersonRole
from petition.errors import Fault, FaultCode
from petition.model import Stage
from petition.receipt import in_fours

DONE, BAD_INPUT, MISSING = 0, 2, 3


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code."""
    asked = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s", stream=sys.stderr)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    # A core of this process would hold opened petitions.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    settings = Settings(directory=asked.directory)
    try:
        if asked.command == "admin":
            return _admin(asked, settings)
        if asked.command == "people":
            return _people(asked, settings)
        return _serve(asked, settings)
    except Fault as fault:
        print(fault, file=sys.stderr)
        return BAD_INPUT if fault.code in (FaultCode.BAD_INPUT, FaultCode.BAD_CONFIGURATION) else MISSING
    except Refusal as refusal:
        print(f"{refusal.code.value}: {refusal.detail}", file=sys.stderr)
        return BAD_INPUT
    except ValueError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m gateway", description="The reference central platform.")
    parser.add_argument("--directory", type=Path, default=Path("gateway-data"), help="database, keys, attachments")
    parser.add_argument("--json", action="store_true", help="answers and the start-up line as JSON")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8600, help="0 takes a free one")
    parser.add_argument("--public-host", default="", help="host in receipt QR codes, as phones reach it")
    parser.add_argument("--tls-in-front", action="store_true", help="browsers come by HTTPS: secure cookies only")
    parser.add_argument("--trusted-proxy", action="store_true", help="believe the last X-Forwarded-For")
    parser.add_argument("--demo", action="store_true", help="seed an account and an enrolment code, and say so")
    parser.add_argument(
        "--until-stdin-closes", action="store_true", help="stop with the program that started it, however it ends"
    )
    _webhook_options(parser)
    commands = parser.add_subparsers(dest="command")
    tasks = commands.add_parser("admin", help="look after a platform").add_subparsers(dest="task", required=True)
    tasks.add_parser("init", help="make keys and database; print the root fingerprint")
    code = tasks.add_parser("code", help="a one-time code to enrol a kiosk")
    code.add_argument("--kiosk", required=True, help="the kiosk's name, as residents see it")
    code.add_argument("--place", default="", help="a place id of the catalogue")
    account = tasks.add_parser("staff", help="add an account, or renew its password")
    account.add_argument("account")
    account.add_argument("--name", default="")
    account.add_argument("--password-file", type=Path, help="else a random password is made and printed")
    tasks.add_parser("list", help="every petition, nothing anybody said")
    opened = tasks.add_parser("open", help="unseal one petition into a directory; it is written down")
    opened.add_argument("number")
    opened.add_argument("--out", type=Path, required=True)
    step = tasks.add_parser("step", help="set how far a petition is; what is not given stays")
    step.add_argument("number")
    step.add_argument("--stage", choices=[stage.value for stage in Stage])
    step.add_argument("--responsible")
    step.add_argument("--expected", type=date.fromisoformat, help="a date, 2027-03-31")
    step.add_argument("--reply")
    tasks.add_parser("calls", help="calls that ring, and those of the last day")
    answer = tasks.add_parser("answer", help="say for somebody that they are coming")
    answer.add_argument("call")
    answer.add_argument("--as", dest="account", required=True, help="whose name the kiosk tells")
    tasks.add_parser("reviews", help="second looks that are open")
    review = tasks.add_parser("close-review", help="close a second look; a fresh reply moves the step on")
    review.add_argument("number")
    review.add_argument("--outcome", choices=[outcome.value for outcome in Outcome], required=True)
    review.add_argument("--reply", default="")
    review.add_argument("--note", default="", help="for colleagues")
    review.add_argument("--as", dest="account", default=OPERATOR)
    later = tasks.add_parser("later", help="unseal what was said later to one petition; it is written down")
    later.add_argument("number")
    key = tasks.add_parser("new-key", help="renew a key; the old one goes on opening what it sealed")
    key.add_argument("use", choices=[use.value for use in KeyUse])
    tasks.add_parser("after-restore", help="after a restore from a backup: ask the kiosks for what is gone")
    tasks.add_parser("openapi", help="print the description of the API")
    _people_commands(commands.add_parser("people", help="who may file for several people at the kiosks"))
    return parser


def _people_commands(parser: argparse.ArgumentParser) -> None:
    tasks = parser.add_subparsers(dest="task", required=True)
    added = tasks.add_parser("add", help="put somebody on the list: number, badge and PIN are told once")
    added.add_argument("name", metavar="NAME", help="as the kiosk greets them")
    added.add_argument(
        "--role", choices=[role.value for role in PersonRole], required=True, help="staff open the staff desk, too"
    )
    added.add_argument("--days", type=int, default=people.DAYS_USUAL, help="to the end of the day in so many days")
    added.add_argument("--pin", action="store_true", help="make a PIN as well, for where there is no scanner")
    added.add_argument(
        "--petitions", type=int, default=people.PETITIONS_USUAL, help="so many before they sign in anew (1 to 1000)"
    )
    added.add_argument("--badge", type=Path, metavar="FILE", help="the badge's QR code, as .png, .svg or .pdf")
    tasks.add_parser("list", help="who is on the list")
    removed = tasks.add_parser("remove", help="take somebody off the list")
    removed.add_argument("id", metavar="ID", help="their number")
    renewed = tasks.add_parser("renew", help="let somebody stay longer; badge and PIN stay the same")
    renewed.add_argument("id", metavar="ID")
    renewed.add_argument("--days", type=int, default=people.DAYS_USUAL)


def _webhook_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--staff-url", default="", help="where staff reach /staff/calls, for the webhook's link")
    parser.add_argument("--webhook-url", default="", help="where calls are passed on to")
    parser.add_argument("--webhook-secret-file", type=Path, help="one line: what the messages are signed with")
    parser.add_argument(
        "--webhook-body", default="plain", metavar="TEMPLATE", help="plain, wecom, dingtalk, or a file of your own"
    )
    parser.add_argument(
        "--webhook-sign", default="", choices=["header", "dingtalk"], help="else what suits the template"
    )
    parser.add_argument(
        "--webhook-also", action="append", default=[], choices=["answered", "over"], help="besides new calls"
    )


def _serve(asked: argparse.Namespace, settings: Settings) -> int:
    settings = replace(
        settings,
        host=asked.host,
        port=asked.port,
        public_host=asked.public_host,
        tls_in_front=asked.tls_in_front,
        trusted_proxy=asked.trusted_proxy,
        demo=asked.demo,
        staff_url=asked.staff_url,
        webhook_url=asked.webhook_url,
        webhook_secret=_line_in(asked.webhook_secret_file) if asked.webhook_secret_file else "",
        webhook_body=asked.webhook_body,
        webhook_sign=asked.webhook_sign,
        webhook_also=tuple(asked.webhook_also),
    )

    def say_where(platform: Platform, url: str) -> None:
        facts = {"url": url, "staff_url": f"{url}/staff", "root_fingerprint": admin.root_fingerprint(platform)}
        if asked.demo:
            access = admin.seed_demo(platform)
            facts |= {
                "account": access.account,
                "password": access.password,
                "enrolment_code": access.enrolment_code,
                "volunteer": access.volunteer,
            }
        _print(facts, as_json=asked.json)

    stop_when = threading.Event() if asked.until_stdin_closes else None
    if stop_when is not None:
        threading.Thread(target=_wait_for_stdin, args=(stop_when,), daemon=True).start()
    serve(settings, started=say_where, stop_when=stop_when)
    return DONE


def _wait_for_stdin(stop_when: threading.Event) -> None:
    while sys.stdin.buffer.read(4096):
        pass
    stop_when.set()


def _admin(asked: argparse.Namespace, settings: Settings) -> int:
    if asked.task == "openapi":
        with tempfile.TemporaryDirectory() as nowhere:
            app = create_app(Settings(directory=Path(nowhere)))
            print(json.dumps(app.openapi(), ensure_ascii=False, indent=2, sort_keys=True))
            app.state.platform.close()
        return DONE
    return _answer(asked, settings, _do, {"list": _table, "calls": _calls_table})


def _people(asked: argparse.Namespace, settings: Settings) -> int:
    return _answer(asked, settings, _do_with_people, {"list": _people_table})


def _answer(
    asked: argparse.Namespace,
    settings: Settings,
    do: Callable[[argparse.Namespace, Platform], Mapping[str, object]],
    tables: Mapping[str, Callable[[Mapping[str, object]], str]],
) -> int:
    """Do what is asked with the open platform, and print what came of it; people get a table where there is one."""
    platform = open_platform(settings)
    try:
        facts = do(asked, platform)
    finally:
        platform.close()
    if asked.task in tables and not asked.json:
        print(tables[asked.task](facts))
    else:
        _print(facts, as_json=asked.json)
    return DONE


def _do_with_people(asked: argparse.Namespace, platform: Platform) -> Mapping[str, object]:
    match asked.task:
        case "add":
            if asked.badge is not None:
                check_badge_file(asked.badge)
            added = people.add_person(
                platform,
                name=asked.name,
                role=PersonRole(asked.role),
                days=asked.days,
                pin=asked.pin,
                petitions=asked.petitions,
            )
            facts = {
                "id": added.entry.id,
                "name": added.entry.name,
                "role": added.entry.role.value,
                "until": _day(platform, added.entry.not_after),
                "badge": added.badge,
            }
            if added.pin:
                facts["pin"] = added.pin
            if asked.badge is not None:
                try:
                    write_badge(asked.badge, added.badge)
                except Fault:
                    people.remove_person(platform, added.entry.id)
                    raise
                facts["written"] = str(asked.badge)
        case "remove":
            people.remove_person(platform, asked.id)
            facts = {"removed": asked.id}
        case "renew":
            until = people.renew_person(platform, asked.id, days=asked.days)
            facts = {"id": asked.id, "until": _day(platform, until)}
        case _:
            return {entry.id: _person(platform, entry) for entry in people.listed_people(platform)}
    return {**facts, "catalogue_version": catalogue_version(platform)}


def _person(platform: Platform, entry: PersonEntry) -> dict[str, object]:
    return {
        "name": entry.name,
        "role": entry.role.value,
        "until": _day(platform, entry.not_after),
        "over": platform.clock() > entry.not_after,
        "has_pin": bool(entry.pin_verifier),
        "petitions": entry.petitions,
    }


def _day(platform: Platform, moment: datetime) -> str:
    return moment.astimezone(platform.time_zone).date().isoformat()


def _people_table(listed: Mapping[str, Any]) -> str:
    """Return people as lines for people, a head above them."""
    if not listed:
        return "Nobody may file for several people yet: people add NAME --role volunteer"
    lines = [f"{'id':4}  {'role':9}  {'until':10}  {'':4}  {'PIN':3}  name"]
    for id_, person in listed.items():
        over, pin = "over" if person["over"] else "", "yes" if person["has_pin"] else "no"
        lines.append(f"{id_:4}  {person['role']:9}  {person['until']:10}  {over:4}  {pin:3}  {person['name']}")
    return "\n".join(lines)


def _do(asked: argparse.Namespace, platform: Platform) -> Mapping[str, object]:
    match asked.task:
        case "init":
            return {"root_fingerprint": admin.root_fingerprint(platform)}
        case "code":
            return {
                "enrolment_code": admin.make_enrolment_code(platform, kiosk_name=asked.kiosk, place=asked.place),
                "valid_hours": platform.settings.enrolment_code_hours,
            }
        case "staff":
            given = _line_in(asked.password_file) if asked.password_file else ""
            password = admin.put_staff(platform, account=asked.account, name=asked.name, password=given)
            return {"account": asked.account, "password": "as given" if given else password}
        case "list":
            return {
                each.number: {
                    "id": each.id,
                    "received_at": each.received_at.isoformat(),
                    "kiosk": each.kiosk,
                    "stage": each.stage,
                    "attachments": each.files_expected,
                    "complete": each.files_here == each.files_expected,
                    "urged": each.urged,
                    "withdrawn": each.withdrawn,
                    "news": each.news,
                    "review": each.review,
                }
                for each in _all_petitions(platform)
            }
        case "open":
            return {"written": str(admin.export_petition(platform, asked.number, asked.out))}
        case "step":
            form = admin.with_changes(
                admin.step_of(platform, asked.number),
                stage=asked.stage,
                responsible=asked.responsible,
                expected=asked.expected,
                reply=asked.reply,
            )
            admin.set_step(platform, asked.number, form)
            return {"number": asked.number, "stage": form.stage}
        case "calls" | "answer" | "reviews" | "close-review" | "later":
            return _do_at_the_desk(asked, platform)
        case "new-key":
            renewed = admin.renew_key(platform, KeyUse(asked.use))
            return {"key_id": renewed.current(KeyUse(asked.use)).id, "version": renewed.version}
        case _:
            return {"asked_for_again": admin.after_restore(platform)}


def _do_at_the_desk(asked: argparse.Namespace, platform: Platform) -> Mapping[str, object]:
    """Do what is else done on the staff pages."""
    match asked.task:
        case "calls":
            return admin.waiting_calls(platform)
        case "answer":
            return {"answered_by": admin.answer_call(platform, asked.call, account=asked.account)}
        case "reviews":
            return admin.open_reviews(platform)
        case "close-review":
            form_ = ReviewForm(outcome=Outcome(asked.outcome), reply=asked.reply, note=asked.note)
            admin.close_review(platform, asked.number, form_, account=asked.account)
            return {"number": asked.number, "outcome": asked.outcome}
        case _:
            return {str(each["id"]): each for each in admin.said_later(platform, asked.number)}


def _all_petitions(platform: Platform) -> Iterator[desk.Listed]:
    for page in itertools.count():
        listed, more = desk.list_petitions(platform, desk.Tab.ALL, page=page)
        yield from listed
        if not more:
            return


def _table(listed: Mapping[str, Any]) -> str:
    """Return petitions as lines for people, a head above them; numbers as they are printed."""
    if not listed:
        return "No petition is here yet."
    lines = [f"{'number':14}  {'received (UTC)':16}  {'stage':8}  {'attachments':11}  kiosk"]
    for number, petition in listed.items():
        attachments = f"{petition['attachments']}{'' if petition['complete'] else ', not all'}"
        received = petition["received_at"][:16].replace("T", " ")
        stage = petition["stage"] or "new"
        lines.append(f"{in_fours(number):14}  {received:16}  {stage:8}  {attachments:11}  {petition['kiosk']}")
    return "\n".join(lines)


def _calls_table(listed: Mapping[str, Any]) -> str:
    """Return calls as lines for people, a head above them."""
    if not listed:
        return "Nobody has called in the last day."
    lines = [f"{'id':36}  {'since (UTC)':16}  {'reason':7}  {'webhook':7}  answered by, kiosk"]
    for id_, call in listed.items():
        since = call["since"][:16].replace("T", " ")
        who = call["answered_by"] or ("over" if call["over"] else "RINGS")
        lines.append(f"{id_:36}  {since:16}  {call['reason']:7}  {call['webhook'] or '-':7}  {who}, {call['kiosk']}")
    return "\n".join(lines)


def _line_in(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        raise Fault(FaultCode.BAD_INPUT, f"{path} cannot be read") from None


def _print(facts: Mapping[str, object], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(facts, ensure_ascii=False), flush=True)
        return
    for name, value in facts.items():
        print(f"{name.replace('_', ' ')}: {value}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
