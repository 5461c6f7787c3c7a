"""tools/setup on machines made of stand-ins: what it says when it can't go on, and what it does the second time."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BASICS = (
    "sh",
    "cat",
    "cut",
    "dirname",
    "flock",
    "grep",
    "mkdir",
    "paste",
    "readlink",
    "rm",
    "sed",
    "sha256sum",
    "tail",
    "touch",
    "tr",
    "wc",
)

DPKG_QUERY = """
case "$*" in *--show*) [ -e "$HOME/has-packages" ] && sed 's/^/installed /' "$HOME/has-packages" || exit 0 ;; esac
"""
APT_GET = """
echo "apt-get $*" >>"$HOME/deeds"
[ ! -e "$HOME/no-network" ] || exit 100
case "$1" in install) printf '%s\\n' $* | grep '^lib' >>"$HOME/has-packages" ;; esac
"""
# Stands in for a Python, and for the one in .venv it makes.
PYTHON = """
case "$1 $2" in
    "-m venv") mkdir -p "$3/bin" "$3/lib/python3/site-packages" && cp "$0" "$3/bin/python" ;;
    "-m pip")
        for last; do :; done
        echo "pip ${last##*/}" >>"$HOME/deeds"
        [ ! -e "$HOME/no-index" ] || exit 1
        ;;
esac
"""


class Machine:
    """A folder with a checkout and with stand-ins for every program that tools/setup starts."""

    def __init__(self, folder: Path) -> None:
        self.home = folder
        self.bin = folder / "bin"
        self.root = folder / "checkout"
        (self.root / "tools").mkdir(parents=True)
        (self.root / "requirements").mkdir()
        self.bin.mkdir()
        shutil.copy(ROOT / "tools" / "setup", self.root / "tools")
        (self.root / "tools" / "packages").write_text(
            "run libone what for\nrun newtwo|libtwo\ntest libthree\ntest libfour?\n"
        )
        (self.root / "pyproject.toml").write_text("[project]\n")
        for lock in ("build", "run", "test"):
            (self.root / "requirements" / f"{lock}.txt").write_text(f"{lock}==1\n")
        for program in BASICS:
            (self.bin / program).symlink_to(shutil.which(program) or program)
        self.put("dpkg-query", DPKG_QUERY)
        self.put("dpkg", "")
        self.put("env", 'while [ "${1#*=}" != "$1" ]; do shift; done; "$@"')
        self.put("apt-cache", 'case "$3" in lib[otf]*) echo "$3" ;; esac')
        self.put("apt-get", APT_GET)
        self.put("id", "echo 0")
        self.put("python", PYTHON)
        (self.bin / "cp").symlink_to(shutil.which("cp") or "cp")

    def put(self, name: str, script: str) -> None:
        path = self.bin / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def set_up(self, level: str = "run", *, as_somebody_else: bool = False) -> subprocess.CompletedProcess[str]:
        """Run set_up; environment and PATH hold nothing of the real machine. Somebody else may not write here."""
        environment = {
            "PATH": str(self.bin),
            "HOME": str(self.home),
            "PYTHON": str(self.bin / "python"),
            "DISPLAY": ":0",
            "root": str(self.root),
        }
        script = f'set -eu; . "$root/tools/setup"; set_up {level}; echo "${{LC_ALL:-}}"'
        command = [str(self.bin / "sh"), "-c", script]
        if as_somebody_else:
            self.allow(writing=False)
            if os.geteuid() == 0:  # without its capabilities, root may do no more than the rights say
                command = [shutil.which("setpriv") or "setpriv", "--bounding-set=-all", "--inh-caps=-all", *command]
        try:
            return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        finally:
            self.allow(writing=True)

    def allow(self, *, writing: bool) -> None:
        """Let the checkout be written to, or not."""
        for path in (self.root, *self.root.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | 0o200 if writing else path.stat().st_mode & ~0o222)

    def deeds(self) -> list[str]:
        """Return what has been started since the last call: package managers with their arguments."""
        path = self.home / "deeds"
        lines = path.read_text().splitlines() if path.exists() else []
        path.write_text("")
        return lines


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_bare_machine_gets_everything_once_and_nothing_twice(machine: Machine) -> None:
    first = machine.set_up()
    assert first.returncode == 0, first.stderr
    update, install, *pip = machine.deeds()
    assert update.startswith("apt-get update")
    assert install.endswith(" libone libtwo")
    assert pip == ["pip build.txt", "pip run.txt", "pip checkout"]
    assert "once" in first.stderr

    second = machine.set_up()
    assert (second.returncode, second.stderr, machine.deeds()) == (0, "", [])


def test_a_machine_without_a_locale_speaks_utf_8_afterwards(machine: Machine) -> None:
    assert machine.set_up().stdout == "C.UTF-8\n"


def test_the_tests_build_on_what_the_kiosk_has(machine: Machine) -> None:
    machine.set_up("run")
    machine.deeds()
    machine.set_up("test")
    _, install, *pip = machine.deeds()
    assert install.endswith(" libthree libfour")
    assert pip == ["pip test.txt", "pip checkout"]
    machine.set_up("run")
    assert machine.deeds() == []


def test_what_can_be_done_without_is_asked_for_only_once(machine: Machine) -> None:
    machine.put("apt-cache", 'case "$3" in libone|libtwo|libthree) echo "$3" ;; esac')
    machine.set_up("test")
    assert "libfour" not in " ".join(machine.deeds())
    machine.set_up("test")
    assert machine.deeds() == []


def test_a_changed_lock_makes_the_private_python_anew(machine: Machine) -> None:
    machine.set_up()
    machine.deeds()
    (machine.root / "requirements" / "run.txt").write_text("run==2\n")
    left_over = machine.root / ".venv" / "left-over"
    left_over.touch()
    machine.set_up()
    assert machine.deeds() == ["pip build.txt", "pip run.txt", "pip checkout"]
    assert not left_over.exists()


def test_a_set_up_that_was_cut_off_starts_clean(machine: Machine) -> None:
    (machine.home / "no-index").touch()
    cut_off = machine.set_up()
    assert cut_off.returncode == 3
    assert "Is there a network?" in cut_off.stderr
    half_installed = machine.root / ".venv" / "half-installed"
    half_installed.touch()
    (machine.home / "no-index").unlink()

    assert machine.set_up().returncode == 0
    assert not half_installed.exists()
    machine.deeds()
    assert machine.set_up().returncode == 0
    assert machine.deeds() == []


def test_without_a_network_one_sentence_says_so(machine: Machine) -> None:
    (machine.home / "no-network").touch()
    done = machine.set_up()
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1].startswith("The system packages could not be installed. Is there a network?")


def test_without_sudo_one_sentence_says_what_root_has_to_do(machine: Machine) -> None:
    machine.put("id", "echo 1000")
    done = machine.set_up()
    assert done.returncode == 3
    assert done.stderr == (
        "System packages are missing and there is no sudo here: "
        "as root, run: apt-get install --no-install-recommends libone libtwo\n"
    )


def test_another_distribution_is_told_what_to_do(machine: Machine) -> None:
    (machine.bin / "apt-get").unlink()
    done = machine.set_up()
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "KIOSK_APT=no" in done.stderr


def test_who_may_not_write_here_runs_what_another_set_up(machine: Machine) -> None:
    assert machine.set_up().returncode == 0
    machine.deeds()
    done = machine.set_up(as_somebody_else=True)
    assert (done.returncode, done.stderr, machine.deeds()) == (0, "", [])


def test_who_may_not_write_here_is_told_who_has_to_set_up(machine: Machine) -> None:
    never = machine.set_up(as_somebody_else=True)
    machine.set_up()
    (machine.root / "requirements" / "run.txt").write_text("run==2\n")
    no_more = machine.set_up(as_somebody_else=True)
    for done in (never, no_more):
        assert done.returncode == 3
        assert done.stderr.count("\n") == 1
        assert f"(the administrator) has to run {machine.root}/run --help once" in done.stderr
