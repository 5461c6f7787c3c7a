"""Fixtures of the queue: a platform's keys, a clock that stands still, an enrolled store on a real disk."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from offline_queue.store import Store, open_store
from tests.offline_queue.platform import Clock, Kernel, PlatformKeys, an_identity

MACHINE = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def kernel() -> Kernel:
    return Kernel()


@pytest.fixture
def platform() -> PlatformKeys:
    return PlatformKeys()


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def reopened(state: Path, clock: Clock, kernel: Kernel) -> Iterator[Callable[[], Store]]:
    """Open the state again, the way another run of the program does."""
    opened: list[Store] = []

    def reopen() -> Store:
        opened.append(open_store(state, clock=clock, machine=lambda: MACHINE, ran=kernel))
        return opened[-1]

    yield reopen
    for store in opened:
        store.close()


@pytest.fixture
def store(reopened: Callable[[], Store], platform: PlatformKeys) -> Store:
    """An enrolled kiosk's store."""
    made = reopened()
    made.become(an_identity(platform))
    return made
