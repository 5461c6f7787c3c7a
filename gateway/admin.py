"""What an operator does at the gateway's own machine: accounts, enrolment codes, keys, and opening one by hand."""

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from gateway import calls, desk, keys, kiosks, people, restoring, reviews, staff, webhook
from gateway.desk import StepForm
from gateway.keys import PlatformKeys
from gateway.kiosks import block_owner
from gateway.petitions import petition_of_number
from gateway.platform import Platform
from gateway.reviews import ReviewForm
from gateway.staff import OPERATOR
from offline_queue import protocol, sealing
from offline_queue.protocol import KeyUse, PersonRole
from petition.errors import Fault, FaultCode

DEMO_ACCOUNT = "demo"
DEMO_NAME = "王芳"
DEMO_VOLUNTEER = "李强"
DEMO_KIOSK = "幸福社区服务中心 1 号机"
PASSWORD_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # noqa: S105 - what passwords are made of
ENDINGS = {"audio/ogg": ".ogg", "audio/wav": ".wav", "image/jpeg": ".jpg", "image/png": ".png"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccess:
    """How to get into a demo platform."""

    account: str
    password: str
    enrolment_code: str
    volunteer: str
    """Number and PIN of a volunteer, as one row of digits: what is keyed to sign in at the kiosk."""


def root_fingerprint(platform: Platform) -> str:
    """Return the root key's fingerprint as installers see it, in groups of four."""
    return sealing.grouped(sealing.fingerprint(platform.keys.root.public))


def make_enrolment_code(platform: Platform, *, kiosk_name: str, place: str = "") -> str:
    """Return a one-time code for a new kiosk at a place of the catalogue; the root fingerprint is in it."""
    return kiosks.make_enrolment_code(platform, kiosk_name=kiosk_name, place=place, by=OPERATOR)


def put_staff(platform: Platform, *, account: str, name: str, password: str = "") -> str:
    """Create an account or renew its password; return the password, a random one when none is given.

    Raises ValueError for an empty account name or a password that is not 10 to 200 characters long.
    """
    password = password or random_password()
    staff.put_staff(platform.database, account=account, name=name or account, password=password, now=platform.clock())
    return password


def random_password() -> str:
    """Return a password a person can read off a screen: four groups of four, about 80 bits."""
    return "-".join("".join(secrets.choice(PASSWORD_ALPHABET) for _ in range(4)) for _ in range(4))


def seed_demo(platform: Platform) -> DemoAccess:
    """Give a demo platform its account and a volunteer (the same at every start) and a fresh enrolment code."""

    def staff_password() -> str:
        return put_staff(platform, account=DEMO_ACCOUNT, name=DEMO_NAME)

    def volunteer_code() -> str:
        added = people.add_person(
            platform, name=DEMO_VOLUNTEER, role=PersonRole.VOLUNTEER, days=people.DAYS_MAX, pin=True
        )
        return added.entry.id + added.pin

    password = _remembered(platform, "demo-password", staff_password)
    volunteer = _remembered(platform, "demo-volunteer", volunteer_code)
    code = make_enrolment_code(platform, kiosk_name=DEMO_KIOSK, place="xingfu")
    return DemoAccess(account=DEMO_ACCOUNT, password=password, enrolment_code=code, volunteer=volunteer)


def _remembered(platform: Platform, name: str, make: Callable[[], str]) -> str:
    """Return what a demo told at its first start, made then."""
    place = platform.settings.directory / name
    if place.exists():
        return place.read_text(encoding="ascii")
    made = make()
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(made)
    return made


def set_step(platform: Platform, number: str, form: StepForm, *, account: str = OPERATOR) -> None:
    """Set how far the petition under a receipt number is."""
    desk.set_step(platform, _one(platform, number), form, account=account, seen=None)


def step_of(platform: Platform, number: str) -> StepForm:
    """Return how far the petition under a receipt number is, as staff set it."""
    opened = desk.open_petition(platform, _one(platform, number), account=OPERATOR)
    return StepForm(
        stage=opened.listed.stage,
        responsible=opened.progress.responsible,
        expected=opened.progress.expected,
        reply=opened.progress.reply,
    )


def export_petition(platform: Platform, number: str, directory: Path) -> Path:
    """Unseal a petition into a directory, readable by its owner only: petition.json and its sounds and pictures.

    What was said later stands in later.json, its sounds beside it. It is written down as read by the operator.
    Raises Fault(RECEIPT_UNKNOWN or SEALED_BYTES_DAMAGED).
    """
    opened = desk.open_petition(platform, _one(platform, number), account=OPERATOR)
    if opened.content is None:
        raise sealing.damaged()
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    for part in opened.attachments:
        if part.here:
            media_type, plain = desk.open_attachment(platform, opened.listed.id, part.id, account=OPERATOR)
            ending = ENDINGS.get(media_type.partition(";")[0].strip(), ".bin")
            _write_private(directory / f"{part.id}{ending}", plain)
    for event in opened.events:
        for position, sound in enumerate(event.content.sounds if event.content else ()):
            ending = ENDINGS.get(sound.media_type.partition(";")[0].strip(), ".bin")
            _write_private(directory / f"{event.id}-{position}{ending}", sealing.from_base64(sound.sound))
    if opened.events:
        later = json.dumps(said_later(platform, number), ensure_ascii=False, indent=1)
        _write_private(directory / "later.json", later.encode())
    written = directory / "petition.json"
    _write_private(written, protocol.write(opened.content))
    return written


def waiting_calls(platform: Platform) -> dict[str, dict[str, object]]:
    """Return the calls that ring and those of the last day, by id."""
    shown = [*calls.waiting_calls(platform), *calls.calls_of_the_day(platform)]
    with platform.database.reading() as rows:
        return {
            call.id: {
                "kiosk": call.kiosk,
                "reason": call.reason.value,
                "since": call.since.isoformat(),
                "rings": call.rings,
                "answered_by": call.answered_by,
                "over": call.over_at is not None,
                "webhook": webhook.standing(rows, call.id),
            }
            for call in shown
        }


def answer_call(platform: Platform, call_id: str, *, account: str) -> str:
    """Say for somebody that they are coming; return who is. Raises ValueError for an unknown account."""
    name = staff.name_of(platform.database, account)
    return calls.answer_call(platform, call_id, account=account, name=name)


def open_reviews(platform: Platform) -> dict[str, dict[str, object]]:
    """Return the second looks that are open, by receipt number, the one waiting longest first."""
    return {
        review.number: {"kiosk": review.kiosk, "opened_at": review.opened_at.isoformat()}
        for review in reviews.open_reviews(platform)
    }


def close_review(platform: Platform, number: str, form: ReviewForm, *, account: str = OPERATOR) -> None:
    """Close the second look of the petition under a receipt number."""
    if account != OPERATOR:
        staff.name_of(platform.database, account)
    reviews.close_review(platform, _one(platform, number), form, account=account, seen=None)


def said_later(platform: Platform, number: str) -> list[dict[str, object]]:
    """Unseal what was said later to the petition under a receipt number; it is written down as read."""
    opened = desk.open_petition(platform, _one(platform, number), account=OPERATOR)
    return [
        {
            "id": event.id,
            "kind": event.kind,
            "made_at": event.made_at.isoformat(),
            "opens": event.content is not None,
            "level": event.content.level if event.content else "",
            "review": event.content is not None and event.content.review,
            "words": event.content.words if event.content else "",
            "sounds": [sound.milliseconds for sound in event.content.sounds] if event.content else [],
            "replaced": event.replaced,
        }
        for event in opened.events
    ]


def renew_key(platform: Platform, use: KeyUse) -> PlatformKeys:
    """Make a new key for one use; kiosks learn of it with the catalogue, the old one goes on opening old petitions.

    A running gateway uses it after its next start.
    """
    renewed = keys.with_new_key(platform.keys, use, platform.clock())
    keys.write_platform_keys(platform.settings.keys_path, renewed)
    return renewed


def after_restore(platform: Platform) -> int:
    """After the database came back from a backup: ask the kiosks for what is gone; return how many things."""
    return restoring.ask_again(platform)


def with_changes(form: StepForm, **changes: object) -> StepForm:
    """Return a form with those fields changed that are given (not None)."""
    return replace(form, **{name: value for name, value in changes.items() if value is not None})  # type: ignore[arg-type]  # as asked


def _one(platform: Platform, number: str) -> str:
    number = number.replace(" ", "")
    with platform.database.reading() as rows:
        leased = block_owner(rows, number) is not None
        owners = petition_of_number(rows, number)
    # What another kiosk filed under a leased number is told by its id alone, also while its owner's is on its way.
    found = desk.find_by_number(platform, number) if not leased else [owners.id] if owners is not None else []
    if not found:
        raise Fault(FaultCode.RECEIPT_UNKNOWN, "no petition of this number is here")
    return found[0]


def _write_private(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
