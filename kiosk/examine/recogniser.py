"""Whether words can be made out of sound: the library, the model, and every phrase of the script."""

from pathlib import Path

from kiosk.examine.finding import Finding, care, ok
from petition.script.book import STEPS
from petition.script.phrases import COMMANDS, NUMBERS
from voice.grammar import DIGITS
from voice.models import find_model, has_fixed_words, is_demonstration, try_model

NAMED = 5
"""So many phrases are named; one is mostly enough to see what is wrong with a model."""


def recogniser(name: str, directory: Path) -> list[Finding]:
    """Try the model that is listened with, in a process of its own."""
    part = "recogniser"
    path = find_model(name, directory)
    if path is None:
        return [
            care(
                part,
                "没有听写模型：能录音，听不懂口令。请运行 kiosk model install，或者看看配置里的 voice.model。",
                "no recognition model: sound is recorded, but spoken commands are not understood. Run kiosk model "
                "install, or look at voice.model in the configuration.",
            )
        ]
    phrases = spoken_phrases()
    trial = try_model(path, phrases)
    if not trial.library:
        return [
            care(
                part,
                "听写组件 vosk 装不上来：请重新运行 ./run。录音照常。",
                "the recognition library vosk does not load: run ./run again. Recording works without.",
            )
        ]
    if not trial.loads:
        return [
            care(
                part,
                f"模型 {path.name} 读不出来：请重新安装。录音照常。",
                f"the model {path.name} does not load: install it again. Recording works without.",
            )
        ]
    return [_kind(part, path), phrases_heard(phrases, trial.unheard)]


def spoken_phrases() -> tuple[str, ...]:
    """Return everything that the script listens for, each once."""
    choices = (phrase for step in STEPS.values() for choice in step.choices for phrase in choice.phrases)
    commands = (phrase for words in COMMANDS for phrase in words.phrases)
    numbers = (phrase for spoken in NUMBERS for phrase in spoken)
    return tuple(dict.fromkeys([*choices, *commands, *numbers, *DIGITS]))


def _kind(part: str, path: Path) -> Finding:
    if is_demonstration(path):
        return care(
            part,
            "用的是演示语音模型：只认得这里的口令和少数词，是用合成声音练的，不适合正式服务。请安装正式模型。",
            "the demonstration voice is in use: it knows this script's words and few others, learnt from synthesized "
            "speech. It is not made for residents: install a real model (docs/operators.md).",
        )
    if has_fixed_words(path):
        return care(
            part,
            f"模型 {path.name} 的词表是固定的：口令会听得差些。",
            f"the model {path.name} has a fixed graph: commands are told apart less surely than with a dynamic one.",
        )
    return ok(part, f"听写模型 {path.name} 能用。", f"the model {path.name} loads.")


def phrases_heard(phrases: tuple[str, ...], unheard: tuple[str, ...]) -> Finding:
    """Say how many phrases a model can't be told to listen for, and which for example."""
    part = "phrases"
    if not unheard:
        return ok(part, f"{len(phrases)} 句口令都听得懂。", f"all {len(phrases)} phrases can be listened for.")
    named = "、".join(unheard[:NAMED])
    return care(
        part,
        f"{len(phrases)} 句口令里有 {len(unheard)} 句，模型里没有这些词：{named}。按键不受影响。",
        f"{len(unheard)} of {len(phrases)} phrases can't be listened for, the model lacks their words: {named}. "
        "They can still be pressed and keyed.",
    )
