"""One picture of a camera, seen in a process of its own, and thrown away."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from voice.supervisor import environment

SEEING_SECONDS = 30.0
"""A camera may take seconds until its first picture, and a slow machine some more to load what decodes it."""
LATE = 1


def see(command: Sequence[str]) -> int:
    """Return what the process that looks leaves with: 0 when it saw, LATE when it saw nothing for too long."""
    try:
        return subprocess.run(
            [*command, "--once"],
            capture_output=True,
            timeout=SEEING_SECONDS,
            check=False,
            cwd=Path(__file__).parents[2],
            env=environment(dict(os.environ)),
        ).returncode
    except subprocess.TimeoutExpired:
        return LATE
