"""Long tables of ways to show a screen: a telling part of them in every run, the rest in the long one."""

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any

import pytest


def a_tenth_of(*lists: Iterable[Any], every: int = 10) -> list[Any]:
    """Return all combinations as parameters, all but about one in `every` marked slow.

    Each value of each list is in some that is not. Raises ValueError when `every` is too much for that.
    """
    values = [list(one) for one in lists]
    kept: list[Sequence[int]] = []
    parameters = []
    for places in product(*(range(len(one)) for one in values)):
        combined = [one[at] for one, at in zip(values, places, strict=True)]
        often = sum(at * weight for weight, at in enumerate(places, 1)) % every == 0
        kept += [places] if often else []
        flat = [inner for one in combined for inner in (one if isinstance(one, tuple) else (one,))]
        parameters.append(pytest.param(*flat, marks=() if often else pytest.mark.slow))
    for which, one in enumerate(values):
        if {places[which] for places in kept} != set(range(len(one))):
            raise ValueError(f"not every one of {one} is in the short run")
    return parameters
