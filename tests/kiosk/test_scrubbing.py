"""What is given back to the C library is overwritten at once, once a program has asked for it."""

import os
import subprocess
import sys
from pathlib import Path

from kiosk.scrubbing import ALLOCATOR, OVERWRITING
from voice.supervisor import environment

ROOT = Path(__file__).parents[2]
PROGRAM = """
import os, sys
from kiosk.scrubbing import overwrite_freed_memory, overwrites_freed_memory
before = overwrites_freed_memory()
overwrite_freed_memory()
print(before, overwrites_freed_memory(), sys.argv[1:], os.environ["GLIBC_TUNABLES"])
"""


def started(**own: str) -> str:
    known = {name: value for name, value in os.environ.items() if name not in {"PYTHONMALLOC", "GLIBC_TUNABLES"}}
    command = [sys.executable, "-c", PROGRAM, "two words", "--flag"]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**known, "PYTHONPATH": str(ROOT), **own}
    )
    return done.stdout.strip()


def test_a_program_starts_itself_over_once_with_its_own_arguments() -> None:
    assert started() == f"True True ['two words', '--flag'] {OVERWRITING}"


def test_what_the_operator_set_stays() -> None:
    assert started(GLIBC_TUNABLES="glibc.malloc.arena_max=2").endswith(f"glibc.malloc.arena_max=2:{OVERWRITING}")


def test_run_asks_for_it_so_that_nothing_is_started_over() -> None:
    script = (ROOT / "run").read_text(encoding="utf-8")
    assert f"{'='.join(ALLOCATOR)}\n" in script
    assert f'{OVERWRITING}"\n' in script


def test_the_voice_and_the_ears_inherit_it() -> None:
    inherited = {"PYTHONMALLOC": "malloc", "GLIBC_TUNABLES": OVERWRITING}
    assert environment({**inherited, "SECRET": "no"}) == inherited
