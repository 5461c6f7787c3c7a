"""What import-linter can't say of the floors; the contracts themselves stand in pyproject.toml."""

import os
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("petition", "ui", "voice", "offline_queue", "kiosk", "gateway", "assets")


def modules_after(statement: str, home: Path) -> set[str]:
    """Return the names of all modules that a fresh Python has loaded after a statement."""
    script = f"import sys\n{statement}\nprint('\\n', *sys.modules)"
    environment = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines()[-1].split())


def test_petition_rests_on_the_standard_library_and_phonenumbers_alone() -> None:
    graph = grimp.build_graph("petition", include_external_packages=True, cache_dir=None)
    outside = {
        imported.split(".")[0]
        for module in graph.modules
        if module.split(".")[0] == "petition"
        for imported in graph.find_modules_directly_imported_by(module)
    }
    assert outside - {"petition", "phonenumbers"} - sys.stdlib_module_names == set()


def test_packages_are_empty_themselves() -> None:
    full = [path for room in ROOMS for path in (ROOT / room).rglob("__init__.py") if path.read_text()]
    assert full == []


@pytest.mark.parametrize("module", ["offline_queue.protocol", "offline_queue.sealing"])
def test_what_the_gateway_shares_with_the_queue_loads_neither_database_nor_http_client(
    module: str, tmp_path: Path
) -> None:
    assert modules_after(f"import {module}", tmp_path) & {"sqlcipher3", "requests"} == set()


@pytest.mark.parametrize(
    "command",
    [
        ["--help"],
        ["file", "--text", "楼道灯坏了"],
        ["queue", "list"],
        ["sync", "--once"],
        ["status", "102300012392", "0" * 20],
        ["script", "--markdown"],
    ],
    ids=" ".join,
)
def test_commands_without_a_screen_load_no_qt(command: list[str], tmp_path: Path) -> None:
    statement = f"from kiosk.cli import main\ntry: main({command!r})\nexcept SystemExit: pass"
    loaded = modules_after(statement, tmp_path)
    assert "kiosk.cli" in loaded
    assert {name for name in loaded if name.startswith(("PySide6", "shiboken6", "ui."))} == set()
