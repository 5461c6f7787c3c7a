"""The platform's catalogue and keys, accepted with a signature chaining to the root, and never older than before."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from offline_queue import protocol
from offline_queue.identity import Identity, load_sealed, save_sealed
from offline_queue.keys import LocalKey
from offline_queue.protocol import Chain, Entry, Type
from petition import model
from petition.errors import Fault, FaultCode
from petition.model import Language

CATALOGUE = "catalogue.sealed"
MOST_LEVELS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The catalogue this kiosk holds and the ETag it came with."""

    etag: str
    catalogue: protocol.Catalogue


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    etag: str
    catalogue: protocol.Catalogue


def load(directory: Path, key: LocalKey) -> Held | None:
    """Return the held catalogue, None when there is none or it can't be read any more (it will be fetched again)."""
    try:
        plain = load_sealed(directory / CATALOGUE, key)
        kept = _File.model_validate_json(plain) if plain is not None else None
    except (Fault, ValidationError):
        return None
    if kept is None:
        return None
    # What an earlier version of this software kept may lack what it did not know: then all of it is fetched again.
    whole = kept.catalogue.model_fields_set == set(protocol.Catalogue.model_fields)
    return Held(etag=kept.etag if whole else "", catalogue=kept.catalogue)


def save(directory: Path, key: LocalKey, held: Held) -> None:
    """Keep a catalogue; raises Fault(DISK_FULL or STATE_DIRECTORY_UNUSABLE)."""
    plain = _File(etag=held.etag, catalogue=held.catalogue)
    save_sealed(directory / CATALOGUE, key, plain.model_dump_json().encode())


def accepted_keys(
    identity: Identity, chain: Chain, type_: Type, now: datetime | None
) -> tuple[Identity, dict[str, object]]:
    """Return the identity with the chain's keys, and the chain's verified body.

    `now` is None when the clock is not to be trusted: then the keys' dates are not compared.
    Raises Fault(SIGNATURE_INVALID, SUITE_UNKNOWN or BAD_INPUT), and Fault(PLATFORM_NOT_OURS) for older keys.
    """
    opened = protocol.open_chain(chain, identity.root_public_key, type_, now)
    if opened.keys.version < identity.keys.version:
        raise _older("list of keys")
    if opened.keys.version > identity.keys.version:
        identity = replace(identity, keys=opened.keys)
    return identity, opened.body


def accepted_catalogue(body: dict[str, object], before: Held | None, now: datetime | None) -> protocol.Catalogue:
    """Return a verified body as the catalogue to use from now on.

    `now` is None when the clock is not to be trusted: then its dates are not compared. Raises Fault(BAD_INPUT), and
    Fault(PLATFORM_NOT_OURS) for an older version or one that is not valid now.
    """
    found = protocol.read(protocol.Catalogue, body)
    if before is not None and found.version < before.catalogue.version:
        raise _older("catalogue")
    if now is not None and not found.not_before - protocol.EARLY <= now <= found.not_after:
        raise Fault(FaultCode.PLATFORM_NOT_OURS, "the platform sent a catalogue that is not valid now")
    return found


def _older(what: str) -> Fault:
    return Fault(FaultCode.PLATFORM_NOT_OURS, f"the platform sent an older {what} than the one it sent before")


def as_model(catalogue: protocol.Catalogue) -> model.Catalogue:
    """Return the catalogue as the rest of the house knows it."""
    places = tuple(_named(entry) for entry in catalogue.places)
    home = next((place for place in places if place.id == catalogue.home_place), None)
    return model.Catalogue(
        version=catalogue.version,
        categories=tuple(_named(entry) for entry in catalogue.categories),
        places=places,
        home_place=model.Place(text=home.name("zh_Hans"), code=home.id) if home else model.Place(),
        contact=catalogue.contact,
        notice_version=catalogue.notice_version,
        notice=_source_first(catalogue.notice),
        keep_time=_source_first(catalogue.keep_time),
        rating_levels=_levels(catalogue.rating_levels),
    )


def _levels(levels: tuple[Entry, ...]) -> tuple[model.Named, ...]:
    """Return the levels of a rating; none where they don't fit on one screen or can't be told apart."""
    usable = len(levels) <= MOST_LEVELS and len({level.id for level in levels}) == len(levels)
    return tuple(_named(level) for level in levels) if usable else ()


def _named(entry: Entry) -> model.Named:
    return model.Named(id=entry.id, names=_source_first(entry.names), examples=entry.examples)


def _source_first(words: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Return (language, words) pairs, the source language first: it is the fallback."""
    return tuple(sorted(words.items(), key=lambda pair: pair[0] != Language.SIMPLIFIED))
