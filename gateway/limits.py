"""How often somebody may ask, kept in memory: a token bucket for each address, and one queue of slots for all."""

import math
import threading
from collections import OrderedDict
from datetime import datetime

ADDRESSES_MAX = 10_000


class Lookers:
    """A token bucket for each address: `per_minute` looks at once, refilled evenly."""

    def __init__(self, *, per_minute: int) -> None:
        self._per_second = per_minute / 60
        self._most = float(per_minute)
        self._buckets: OrderedDict[str, tuple[float, datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def wait_seconds(self, address: str, now: datetime) -> int:
        """Count one look; return 0 when it is within bounds, else the seconds to wait."""
        with self._lock:
            left, at = self._buckets.pop(address, (self._most, now))
            left = min(self._most, left + max(0.0, (now - at).total_seconds()) * self._per_second)
            wait = 0 if left >= 1 else math.ceil((1 - left) / self._per_second)
            self._buckets[address] = (left if wait else left - 1, now)
            # The oldest address is forgotten first: memory stays bounded whoever asks.
            while len(self._buckets) > ADDRESSES_MAX:
                self._buckets.popitem(last=False)
        return wait


class Slots:
    """Hands out moments when a kiosk may come back, so that a herd after an outage arrives evenly."""

    def __init__(self, *, per_second: float, burst: int) -> None:
        self._seconds_each = 1 / per_second
        self._burst_seconds = burst / per_second
        self._next_free = 0.0
        self._promised = 0.0
        self._lock = threading.Lock()

    def wait_seconds(self, now: datetime) -> int:
        """Take one slot; return 0 when it is now, else in how many seconds a slot was set aside for this kiosk."""
        moment = now.timestamp()
        with self._lock:
            free = max(self._next_free, moment - self._burst_seconds)
            if free <= moment:
                self._next_free = free + self._seconds_each
                return 0
            # The place in the line is promised, not taken: whoever comes back then takes a slot like everybody.
            self._promised = max(self._promised, free, moment) + self._seconds_each
            return max(1, math.ceil(self._promised - moment))
