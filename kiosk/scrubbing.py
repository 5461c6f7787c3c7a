"""Memory that is given back is overwritten at once: what a resident said does not wait there to be read or swapped out.

The C library can do that (glibc, `malloc.perturb`), but only from a program's first moment, and only for what Python
gets from it directly. So the program starts itself over, once, with both asked for; its children inherit it.
`docs/decisions/0009-memory-after-a-visit.md` has what it costs and what it leaves.

Loads nothing: it comes before everything.
"""

import os
import sys

ALLOCATOR = ("PYTHONMALLOC", "malloc")
"""Python's own small objects are given back to the C library like everybody's."""
TUNABLES = "GLIBC_TUNABLES"
OVERWRITING = "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0"
"""Freed bytes become 165; no thread keeps a cache of its own, whose entries would stay as they were."""


def overwrites_freed_memory() -> bool:
    """Tell whether this process overwrites what it gives back."""
    return os.environ.get(ALLOCATOR[0]) == ALLOCATOR[1] and OVERWRITING in os.environ.get(TUNABLES, "")


def overwrite_freed_memory() -> None:
    """Start this program over so that it does, unless it does so already or the C library can't.

    Call it before anything is loaded or opened: everything but the open standard streams begins anew.
    """
    if overwrites_freed_memory() or not _has_glibc():
        return
    before = os.environ.get(TUNABLES)
    os.environ[TUNABLES] = f"{before}:{OVERWRITING}" if before else OVERWRITING
    os.environ[ALLOCATOR[0]] = ALLOCATOR[1]
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 (itself, with its own arguments)


def _has_glibc() -> bool:
    try:
        return (os.confstr("CS_GNU_LIBC_VERSION") or "").startswith("glibc")
    except (AttributeError, ValueError, OSError):
        return False
