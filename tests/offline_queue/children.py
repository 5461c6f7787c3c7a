"""Something that is to die, or to be limited, in a child of its own."""

import faulthandler
import os
import warnings
from collections.abc import Callable

Say = Callable[[str], None]


def in_a_child(work: Callable[[Say], object]) -> tuple[int, str]:
    """Run something in a forked child; return its exit status (negative: the signal) and the last thing it said."""
    read, write = os.pipe()
    with warnings.catch_warnings():
        # Other tests may have left a thread that waits on a socket; this child does nothing that such a thread holds.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        faulthandler.disable()
        os.close(read)
        send, status = os.write, 1

        def say(told: str) -> None:
            send(write, f"{told}\n".encode())

        try:
            work(say)
            status = 0
        finally:
            os._exit(status)
    os.close(write)
    with os.fdopen(read) as pipe:
        told = pipe.read().splitlines()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), told[-1] if told else ""
