"""Recognition models: what one looks like, where the one to listen with lies, and trying whether it loads.

Nothing here reads a model into this process: a bad one ends it. Trying happens in a child (`voice.model_child`).

A model is a folder as Vosk has it since 2020:

    am/final.mdl
    conf/mfcc.conf
    graph/HCLr.fst and graph/Gr.fst     or graph/HCLG.fst, whose words are fixed: it can't be told to expect only these
"""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

DEMONSTRATION = Path(__file__).parents[1] / "assets" / "voice" / "demo"
"""Our own model, trained from synthesized speech: it shows and tests recognition and is not made for residents."""
DEMONSTRATION_NAME = "demo"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}")
"""What an installed model may be called."""
TRIAL_SECONDS = 300
"""A large model on a slow disk."""


def looks_like_model(path: Path) -> bool:
    """Tell whether a folder has what a Vosk model must have; whether it loads is for `try_model` to say."""
    graph = path / "graph"
    decodes = has_fixed_words(path) or ((graph / "HCLr.fst").is_file() and (graph / "Gr.fst").is_file())
    return decodes and (path / "am" / "final.mdl").is_file() and (path / "conf" / "mfcc.conf").is_file()


def has_fixed_words(path: Path) -> bool:
    """Tell whether a model always listens for everything it knows: commands are then told apart less surely."""
    return (path / "graph" / "HCLG.fst").is_file()


def is_demonstration(path: Path) -> bool:
    """Tell whether a model is the demonstration voice."""
    return path.resolve() == DEMONSTRATION.resolve()


def installed_models(directory: Path) -> tuple[Path, ...]:
    """Return the models in a folder of models, the one that was installed last first."""
    try:
        found = [path for path in directory.iterdir() if NAME.fullmatch(path.name) and looks_like_model(path)]
    except OSError:
        return ()
    return tuple(sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True))


def find_model(name: str, directory: Path) -> Path | None:
    """Return the model to listen with, None where there is none of this name.

    `name` is a whole path, or the name of a model installed in `directory`, or `demo` for the demonstration voice; an
    empty one means the model installed last, else the demonstration voice.
    """
    if not name:
        wanted = next(iter(installed_models(directory)), DEMONSTRATION)
    elif Path(name).is_absolute():
        wanted = Path(name)
    else:
        wanted = directory / name
        if name == DEMONSTRATION_NAME and not wanted.exists():
            wanted = DEMONSTRATION
    return wanted if looks_like_model(wanted) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of loading a model and listening with it for a moment."""

    library: bool
    """Whether the recognition library is there at all."""
    loads: bool
    unheard: tuple[str, ...] = ()
    """Phrases that can't be listened for: the model lacks one of their words."""


def try_model(path: Path, phrases: Sequence[str] = ()) -> Trial:
    """Load a model in a process of its own, which a bad one may end, and ask it for these phrases."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "voice.model_child", str(path)],
            input=json.dumps(phrases).encode(),
            capture_output=True,
            timeout=TRIAL_SECONDS,
            check=False,
            cwd=Path(__file__).parents[1],
        )
        told = json.loads(done.stdout)
        return Trial(library=told["library"], loads=told["loads"], unheard=tuple(told["unheard"]))
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError, TypeError):
        return Trial(library=True, loads=False)
