"""What a slip is made of, out of the store. Nothing here needs fonts or pictures."""

from dataclasses import dataclass

from offline_queue.outbox import WAITING, Item
from offline_queue.protocol import Type
from offline_queue.store import Store
from petition.model import Catalogue
from petition.receipt import Receipt, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSlip:
    """One slip of a receipt that this kiosk made."""

    receipt: Receipt
    catalogue: Catalogue
    arrived: bool
    """Whether the platform has the petition."""


def kept_slip(store: Store, number: str, role: Role) -> KeptSlip:
    """Return what a slip is made of; raises Fault as `Store.receipt` does."""
    receipt = store.receipt(number, role)
    waits = any(item.state in WAITING for item in _petitions(store, number))
    return KeptSlip(receipt=receipt, catalogue=store.catalogue(), arrived=not waits)


def kept_slips(store: Store, number: str) -> tuple[KeptSlip, ...]:
    """Return every slip of a receipt: the person's own, and the agent's where somebody filed for them."""
    roles = next((filed.roles for filed in _petitions(store, number)), (Role.OWN.value,))
    return tuple(kept_slip(store, number, Role(role)) for role in roles)


def _petitions(store: Store, number: str) -> list[Item]:
    """Return what was filed under a number, what was filed here first."""
    return sorted(
        (item for item in store.items_of(number) if item.type is Type.PETITION), key=lambda item: not item.own
    )
