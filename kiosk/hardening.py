"""What a process that holds residents' words does first: leave no core dump, let no other process look in."""

import ctypes
import sys

_PR_SET_DUMPABLE = 4


def harden() -> None:
    """Switch core dumps and the looking-in of other processes off (Linux); children begin with the first again."""
    if not sys.platform.startswith("linux"):
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
