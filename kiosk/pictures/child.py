"""The processes that pictures come from: each with two pipes, a little of our environment, and one thread for sums."""

import os
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from voice.supervisor import environment


def begin(command: Sequence[str]) -> "subprocess.Popen[bytes] | None":
    """Begin a process; None where there is no memory for it, or there are too many."""
    with suppress(OSError):
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd=Path(__file__).parents[2],
            env={**environment(dict(os.environ)), "OPENBLAS_NUM_THREADS": "1"},
        )
    return None
