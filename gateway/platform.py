"""One open platform: its settings, keys, database and clock, handed to every function that serves a request."""

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

from gateway import keys
from gateway.database import Database
from gateway.keys import PlatformKeys
from gateway.limits import Lookers, Slots
from gateway.settings import Settings
from petition.errors import Fault, FaultCode

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the time, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """What is held open while the gateway runs."""

    settings: Settings
    keys: PlatformKeys
    database: Database
    clock: Clock
    phone_pages: Lookers
    enrolments: Lookers
    sign_ins: Lookers
    writes: Slots
    outbox_changed: threading.Event = field(default_factory=threading.Event)
    """Set when the webhook may have something to pass on."""

    @property
    def time_zone(self) -> timezone:
        """The zone whose days and hours people are told."""
        return timezone(timedelta(hours=self.settings.utc_offset_hours))

    def close(self) -> None:
        """Close the database."""
        self.database.close()


def open_platform(settings: Settings, clock: Clock = utc_now) -> Platform:
    """Open the platform in a directory, making directory, keys and database on the first day.

    Raises Fault(STATE_DIRECTORY_UNUSABLE) when the directory cannot be used, or when there is a database but no key
    file: new keys would make every petition in it unreadable for good.
    """
    try:
        settings.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        settings.files_path.mkdir(exist_ok=True, mode=0o700)
        if not os.access(settings.directory, os.W_OK):
            raise PermissionError
    except OSError:
        raise Fault(
            FaultCode.STATE_DIRECTORY_UNUSABLE, f"{settings.directory} is not a directory that can be written to"
        ) from None
    if not settings.keys_path.exists():
        if settings.database_path.exists():
            raise Fault(
                FaultCode.STATE_DIRECTORY_UNUSABLE,
                f"{settings.database_path.name} is here, but its key file {settings.keys_path.name} is not; restore it",
            )
        keys.write_platform_keys(settings.keys_path, keys.new_platform_keys(clock()))
    return Platform(
        settings=settings,
        keys=keys.read_platform_keys(settings.keys_path),
        database=Database(settings.database_path),
        clock=clock,
        phone_pages=Lookers(per_minute=settings.phone_pages_per_minute),
        enrolments=Lookers(per_minute=settings.enrolments_per_minute),
        sign_ins=Lookers(per_minute=settings.sign_ins_per_minute),
        writes=Slots(per_second=settings.writes_per_second, burst=settings.writes_burst),
    )
