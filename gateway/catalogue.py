"""What the platform tells its kiosks: categories, places, contacts, privacy words, people; signed, in rising versions.

The operator's words are one JSON file, `catalogue.json` in the gateway's directory; without it the demo's is used.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from pydantic import Field

from gateway.database import Fact
from gateway.people import listed_people
from gateway.platform import Platform
from offline_queue import protocol, sealing
from offline_queue.protocol import Entry, PersonEntry, Translations, Type
from petition.errors import Fault, FaultCode

FACT = "catalogue"
VALID = timedelta(days=365)
RENEW = timedelta(days=90)
"""Published anew, under a new version, when it is older than this: a kiosk that is online never holds a stale one."""


class PublishedCatalogue(protocol.Catalogue):
    """The protocol's catalogue, and what this platform adds to it; a kiosk ignores what it does not know."""

    kinds: tuple[Entry, ...] = ()
    consent: dict[str, Any] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A signed catalogue and the name of this version of it."""

    chain: protocol.Chain
    etag: str


def publish_catalogue(platform: Platform, *, place: str) -> Published:
    """Return the catalogue for kiosks at a place, signed; raises Fault(BAD_CONFIGURATION) when the file is wrong."""
    source, people = read_source(platform), listed_people(platform)
    version, made_at = _version_of(platform, source, people)
    words = _fill(source)
    try:
        catalogue = PublishedCatalogue(
            version=version,
            made_at=made_at,
            not_before=made_at,
            not_after=made_at + VALID,
            categories=tuple(Entry(**entry) for entry in words["categories"]),
            places=tuple(Entry(**entry) for entry in words["places"]),
            home_place=place or words["home_place"],
            contact=words["contact"],
            notice_version=words["privacy_notice"]["version"],
            notice=words["privacy_notice"]["longer"],
            keep_time=words["privacy_notice"]["keep_time"],
            kinds=tuple(Entry(**entry) for entry in words["kinds"]),
            rating_levels=tuple(Entry(**entry) for entry in words["rating_levels"]),
            consent=words["consent"],
            people=people,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _wrong(type(error).__name__) from None
    etag = f'"{version}-{platform.keys.version}-{hashlib.sha256(place.encode()).hexdigest()[:8]}"'
    return Published(chain=platform.keys.publish(Type.CATALOGUE, catalogue), etag=etag)


def names(platform: Platform, list_: str, language: str) -> dict[str, str]:
    """Return the names of one of the lists (kinds, categories, places, rating_levels) in a language, by id."""
    return {
        entry["id"]: entry["names"].get(language) or next(iter(entry["names"].values()))
        for entry in read_source(platform).get(list_, [])
    }


def hotline(platform: Platform) -> str:
    """Return the number people may phone."""
    return str(read_source(platform).get("hotline", ""))


def read_source(platform: Platform) -> dict[str, Any]:
    """Return the catalogue as the operator wrote it."""
    path = platform.settings.catalogue_path
    try:
        raw = path.read_bytes() if path.exists() else files("gateway").joinpath("demo_catalogue.json").read_bytes()
        source = json.loads(raw)
    except (OSError, ValueError):
        raise _wrong("not readable as JSON") from None
    if not isinstance(source, dict):
        raise _wrong("not a JSON object")
    return source


def _fill(source: dict[str, Any]) -> dict[str, Any]:
    """Put the operator's own values where the words say {hotline} and {keep_time}."""
    notice = source.get("privacy_notice", {})
    keep_time: Translations = notice.get("keep_time", {})
    number = str(source.get("hotline", ""))
    longer = {
        language: words.replace("{hotline}", number).replace("{keep_time}", keep_time.get(language, ""))
        for language, words in notice.get("longer", {}).items()
    }
    return {**source, "privacy_notice": {**notice, "longer": longer}}


def catalogue_version(platform: Platform) -> int:
    """Return the version of what is published now; what has changed since the last one makes a new one."""
    return _version_of(platform, read_source(platform), listed_people(platform))[0]


def _version_of(platform: Platform, source: dict[str, Any], people: tuple[PersonEntry, ...]) -> tuple[int, datetime]:
    """Return the version and date of these words and people, counting up when they are new or their date is old."""
    told = [source, [protocol.body_of(person) for person in people]]
    digest = hashlib.sha256(sealing.canonical_json(told)).hexdigest()
    now = platform.clock().replace(microsecond=0)
    with platform.database.reading() as rows:
        fact = rows.get(Fact, FACT)
    if fact is not None:
        known = json.loads(fact.value)
        made_at = datetime.fromisoformat(known["made_at"])
        if known["digest"] == digest and now - made_at < RENEW:
            return int(known["version"]), made_at
    with platform.database.writing() as rows:
        fact = rows.get(Fact, FACT)
        # Seconds since 1970 rather than a count: a platform restored from a backup must not go back.
        version = max(int(now.timestamp()), 0 if fact is None else json.loads(fact.value)["version"] + 1)
        value = json.dumps({"version": version, "made_at": now.isoformat(), "digest": digest})
        if fact is None:
            rows.add(Fact(name=FACT, value=value))
        else:
            fact.value = value
    return version, now


def _wrong(what: str) -> Fault:
    return Fault(FaultCode.BAD_CONFIGURATION, f"the catalogue file is wrong: {what}")
