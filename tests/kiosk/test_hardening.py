"""What is in memory stays out of files."""

import os
import signal

from kiosk import hardening


def test_a_hardened_process_leaves_no_core_and_says_so() -> None:
    child = os.fork()
    if child == 0:
        if not hardening.harden() or not hardening.is_hardened():
            os._exit(1)
        os.abort()
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGABRT
    assert not os.WCOREDUMP(status)
