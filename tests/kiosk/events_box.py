"""The main thread's letterbox, for tests: events from any thread, waited for without sleeping."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")
WAIT_SECONDS = 30.0


@dataclass(slots=True)
class Box:
    """Takes events as `post` does and gives them to a test that waits for one."""

    events: list[object] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def post(self, event: object) -> None:
        """Take an event, from any thread."""
        with self.changed:
            self.events.append(event)
            self.changed.notify_all()

    def wait(self, kind: type[T], fits: Callable[[T], bool] = lambda _: True) -> T:
        """Return the first event of a kind that fits, taking it and all before it out of the box."""
        with self.changed:
            found: list[int] = []

            def there() -> bool:
                found[:] = [n for n, e in enumerate(self.events) if isinstance(e, kind) and fits(e)]
                return bool(found)

            if not self.changed.wait_for(there, WAIT_SECONDS):
                raise AssertionError(f"no {kind.__name__} came; there were {[type(e).__name__ for e in self.events]}")
            event = self.events[found[0]]
            del self.events[: found[0] + 1]
            assert isinstance(event, kind)
            return event
