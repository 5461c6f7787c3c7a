"""What gets installed: requirements/ and pyproject.toml."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = ("build", "run", "test")


def lock(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text()


def versions(text: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^\s\\]+)", text, flags=re.MULTILINE))


def declared(*groups: list[str]) -> list[Requirement]:
    requirements = [Requirement(line) for group in groups for line in group]
    # The metadata names PySide6 whole, the locks install it without its add-ons.
    return [Requirement(str(requirement).replace("pyside6", "pyside6-essentials", 1)) for requirement in requirements]


@pytest.mark.parametrize("name", LOCKS)
def test_locks_name_no_address_and_no_folder(name: str) -> None:
    assert re.findall(r"://|--index|--extra|--find-links|--trusted|(?<![\w.])/[a-z]+/", lock(name)) == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_hashes(name: str) -> None:
    entries = re.split(r"^(?=[a-z0-9])", lock(name), flags=re.MULTILINE)[1:]
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert len(entries) == len(versions(lock(name)))


def test_the_locks_hold_what_the_metadata_declares() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    run, test = versions(lock("run")), versions(lock("test"))
    for found, requirements in (
        (run, declared(PROJECT["project"]["dependencies"], extras["gateway"])),
        (test, declared(extras["dev"])),
    ):
        for requirement in requirements:
            assert requirement.specifier.contains(found[canonicalize_name(requirement.name)]), requirement


def test_tests_run_on_the_versions_the_kiosk_runs_on() -> None:
    assert versions(lock("run")).items() <= versions(lock("test")).items()


def test_the_add_ons_of_pyside6_stay_out() -> None:
    assert {name for name in versions(lock("test")) if name.startswith("pyside6")} == {"pyside6-essentials"}


def test_every_rule_that_is_switched_off_says_why() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    section = text[text.index("[tool.ruff.lint]") : text.index("[tool.ruff.lint.mccabe]")]
    rules = [line for line in section.splitlines() if re.match(r'\s+"[A-Z]+[0-9]*",|"[^"]+" = \["', line)]
    assert rules
    assert [line for line in rules if not re.search(r"#\s+\S", line)] == []


def test_the_page_of_licences_is_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "licences", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_tests_of_one_group_run_one_after_the_other(tmp_path: Path) -> None:
    (tmp_path / "test_group.py").write_text(
        "import os, pytest\n"
        "@pytest.mark.xdist_group('one')\n"
        "@pytest.mark.parametrize('number', range(20))\n"
        "def test_it(number): open('workers', 'a').write(os.environ['PYTEST_XDIST_WORKER'] + '\\n')\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup", "-p", "no:cacheprovider", "."]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    assert len(set((tmp_path / "workers").read_text().split())) == 1
