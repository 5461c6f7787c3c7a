"""`kiosk model`: the recognition models of this machine."""

import argparse
import hashlib
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Self

from kiosk.commands.line import DONE, folder, show, show_json, tell
from kiosk.configuration import Configuration, models_directory
from petition.errors import Fault, FaultCode

if TYPE_CHECKING:
    from voice.models import Trial

MEGABYTE = 2**20
BAR = 30


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", anywhere: argparse.ArgumentParser) -> None:
    """Add these commands to the line."""
    model = commands.add_parser("model", help="what words are made out of sound with")
    actions = model.add_subparsers(dest="action", metavar="ACTION", required=True)
    install = actions.add_parser("install", parents=[anywhere], help="install a Vosk model from a zip archive")
    install.add_argument("source", metavar="FILE_OR_URL", help="the archive, a file or an http(s) address")
    install.add_argument("--sha256", metavar="H", default="", help="what its bytes must sum up to")
    install.set_defaults(run=install_model)
    listing = actions.add_parser("list", parents=[anywhere], help="which models there are, and which is listened with")
    listing.add_argument("--json", action="store_true", help="for programs")
    listing.set_defaults(run=list_models)


def install_model(asked: argparse.Namespace, configuration: Configuration) -> int:
    """Fetch, check, unpack and try a model; keep it only when it loads."""
    from kiosk.model_archive import discard, keep, sweep, unpack
    from offline_queue.files import locked, private_folder
    from voice.models import try_model

    wanted = asked.sha256.strip().lower()
    if wanted and not re.fullmatch(r"[0-9a-f]{64}", wanted):
        raise Fault(FaultCode.BAD_INPUT, "--sha256 has 64 digits and letters from a to f")
    directory = private_folder(models_directory(configuration))
    _tell_when_busy(directory)
    with locked(directory):
        sweep(directory)
        archive, passing = _archive(asked.source, wanted, directory, configuration)
        try:
            found = _sum(archive)
            if wanted and found != wanted:
                raise Fault(FaultCode.BAD_INPUT, f"this is another file than the one you mean: its SHA-256 is {found}")
            with _Bar("unpacking") as bar:
                unpacked = unpack(archive, directory, name=Path(asked.source).stem, progress=bar)
        finally:
            if passing:
                archive.unlink(missing_ok=True)
        try:
            _require_loading(try_model(unpacked))
            place = keep(unpacked)
        except BaseException:  # Ctrl-C, too: a large model takes minutes to try
            discard(unpacked)
            raise
    show(f"{place.name} is installed; its archive's SHA-256 is {found}.")
    if configuration.voice.model:
        show(f"The configuration names another: voice.model is {configuration.voice.model}.")
    else:
        show("The kiosk listens with it from its next start on.")
    return DONE


def list_models(asked: argparse.Namespace, configuration: Configuration) -> int:
    """Say which models there are, the one installed last first, the demonstration voice at the end."""
    from kiosk.model_archive import restore
    from voice.models import DEMONSTRATION, find_model, installed_models, looks_like_model

    directory = models_directory(configuration)
    restore(directory)
    used = find_model(configuration.voice.model, directory)
    there = [*installed_models(directory), *([DEMONSTRATION] if looks_like_model(DEMONSTRATION) else [])]
    if used is not None and used not in there:
        there.insert(0, used)
    models = [
        {
            "name": path.name,
            "path": str(path),
            "megabytes": round(_size(path) / MEGABYTE, 1),
            "in_use": path == used,
            "demonstration": path == DEMONSTRATION,
        }
        for path in there
    ]
    if asked.json:
        show_json(models)
        return DONE
    for model in models:
        notes = "  demonstration voice: not made for residents" if model["demonstration"] else ""
        show(f"{'*' if model['in_use'] else ' '} {model['name']}  {model['megabytes']} MB{notes}")
    if used is None:
        show("No model is listened with: see voice.model in the configuration, and kiosk model install.")
    return DONE


def _tell_when_busy(directory: Path) -> None:
    from offline_queue.files import locked

    try:
        with locked(directory, wait=False):
            pass
    except BlockingIOError:
        tell("another model is being installed: this one comes after it")


def _require_loading(trial: "Trial") -> None:
    if not trial.library:
        raise Fault(FaultCode.RECOGNISER_MISSING, "the recognition library vosk does not load: run ./run again")
    if not trial.loads:
        raise Fault(FaultCode.BAD_INPUT, "this model does not load: it is damaged, or made for something else")


def _archive(source: str, sha256: str, directory: Path, configuration: Configuration) -> tuple[Path, bool]:
    """Return the archive as a file here, and whether it was fetched and is ours to take away again."""
    from kiosk.download import download

    if "://" in source:
        if not sha256:
            tell("without --sha256 nobody can tell whether this is the right file: ask for the sum, too")
        with _Bar("fetching") as bar:
            return download(source, directory, proxy=configuration.platform.proxy, progress=bar), True
    path = folder(source)
    if not path.is_file():
        raise Fault(FaultCode.BAD_INPUT, "there is no such file; an address begins with https://")
    return path, False


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _size(path: Path) -> int:
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


class _Bar:
    """A line on a terminal that says how far it is; nothing anywhere else."""

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._shown = -1
        self._on = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._on and self._shown >= 0:
            sys.stderr.write("\n")

    def __call__(self, done: int, whole: int) -> None:
        percent = 100 * done // whole if whole else done // MEGABYTE
        if not self._on or percent == self._shown:
            return
        self._shown = percent
        filled = BAR * done // whole if whole else 0
        far = f"{'#' * filled}{'.' * (BAR - filled)} {percent} %" if whole else f"{percent} MB"
        sys.stderr.write(f"\r{self._doing}  {far} ")
        sys.stderr.flush()
