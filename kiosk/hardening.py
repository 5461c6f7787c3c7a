"""Keeping what is in memory out of files: no core dumps, no debugger of the same user."""

import contextlib
import ctypes
import resource
import sys

_PR_GET_DUMPABLE = 3
_PR_SET_DUMPABLE = 4


def harden() -> bool:
    """Forbid core dumps and attaching debuggers to this process, and tell whether both worked.

    Call it first, before anything is read. Child processes inherit the limit of core dumps but not the second: they
    call this themselves. Elsewhere than on Linux only what the system knows is done.
    """
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    return is_hardened()


def is_hardened() -> bool:
    """Tell whether this process leaves no core dump and can't be read by others of the same user."""
    if resource.getrlimit(resource.RLIMIT_CORE)[0] != 0:
        return False
    return sys.platform != "linux" or bool(ctypes.CDLL(None).prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0) == 0)
