"""What is in memory stays out of files."""

import os
import signal

from kiosk import hardening
from tests.offline_queue.children import Say, in_a_child


def abort_hardened(say: Say) -> None:
    say(str((hardening.is_hardened(), hardening.harden(), hardening.is_hardened())))
    os.abort()


def test_a_hardened_process_says_so_and_dies_without_a_core() -> None:
    status, told = in_a_child(abort_hardened)
    assert status == -signal.SIGABRT
    assert told.endswith("True, True)")
