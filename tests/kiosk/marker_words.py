"""What is said and typed in the visits of `test_marker.py`: drawn by chance for every run, and written to no file."""

import random
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pypinyin import lazy_pinyin

from tests.kiosk.marker_search import (
    Needle,
    Samples,
    needles_of_letters,
    needles_of_samples,
    needles_of_text,
    needles_of_word_numbers,
    needles_of_words,
)
from voice.models import DEMONSTRATION
from voice.pronunciation import segments
from voice.recogniser import Recogniser
from voice.virtual_sound import MICROPHONE_RATE

ROOT = Path(__file__).parents[2]
ROOMS = ("assets", "docs", "gateway", "kiosk", "offline_queue", "petition", "tools", "ui", "voice")
SPEAKER_RATE = 22_050
WORDS = (
    *("电梯", "楼道", "路灯", "水管", "暖气", "停车", "垃圾", "噪音", "树木", "围墙", "广场", "小区", "门口", "邻居"),
    *("昨天", "晚上", "下午", "老人", "孩子", "医院", "学校", "公园", "车站", "商店", "食堂", "阳台", "窗户", "屋顶"),
    *("狗叫", "漏水", "停电", "堵车", "种花", "修理", "搬家", "买菜", "散步", "吵架", "下雨", "生病", "看病", "洗澡"),
)
"""Two syllables each; six of them in a row stand nowhere by chance, and three hardly ever."""
SENTENCE = ("where", "what", "wish")
"""Of what the demonstration voice has learnt to make out: parts of a sentence, in their order."""
WINDOW_WORDS = 4
WINDOW_HANZI = 6
FEWEST_WINDOWS = 3


@dataclass(frozen=True, slots=True)
class Said:
    """Words to be spoken or typed in a visit."""

    words: tuple[str, ...]

    @property
    def text(self) -> str:
        return "".join(self.words)

    @property
    def letters(self) -> str:
        """The keys that type it."""
        return "".join(lazy_pinyin(list(self.words)))


def draw(chance: random.Random, count: int = 4) -> Said:
    return Said(tuple(chance.sample(WORDS, count)))


def spoken(text: str) -> Samples:
    """Return words as sound at the microphone's rate: espeak-ng gets them and gives it through pipes."""
    (segment,) = segments(text, "cmn")
    command = ["espeak-ng", "-v", segment.voice, "-s", "165", "--stdin", "--stdout"]
    told = subprocess.run(command, input=segment.text.encode(), check=True, capture_output=True).stdout
    samples = np.frombuffer(told[44:], dtype="<i2")
    places = np.arange(0, len(samples) - 1, SPEAKER_RATE / MICROPHONE_RATE)
    return np.asarray(np.interp(places, np.arange(len(samples)), samples), dtype=np.int16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is typed in a visit."""

    on_screen: Said
    on_keyboard: Said
    phone: str

    def keys(self) -> dict[str, str]:
        """What the visitor has to press."""
        return {"on_screen": self.on_screen.letters, "on_keyboard": self.on_keyboard.letters, "phone": self.phone}

    def halves(self) -> dict[str, str]:
        """What one has to press who types but on a keyboard of their own."""
        return {"on_keyboard": self.on_keyboard.letters}

    def needles(self, text: str) -> list[Needle]:
        """What to look for: the keys, and in every spelling what they became."""
        letters = {self.on_screen.letters, self.on_keyboard.letters, self.phone}
        return [*needles_of_text(stretches_of(text)), *needles_of_letters(letters, "keys")]


def draw_given(chance: random.Random) -> Given:
    return Given(on_screen=draw(chance), on_keyboard=draw(chance), phone=f"139{chance.randrange(10**8):08d}")


def stretches_of(text: str) -> set[str]:
    """The beginning, the middle and the end of what was typed."""
    half = len(text) // 2
    return {text[:6], text[half - 3 : half + 3], text[-6:]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dictated:
    """A sentence to be spoken into a recording, of which the demonstration voice makes words."""

    sound: Samples
    windows: tuple[tuple[str, ...], ...]
    """Words in a row, as the recogniser gives them, wherever such a row stands in none of our files."""

    def needles(self) -> list[Needle]:
        """What to look for: in every spelling the words, and the sound."""
        numbers = lexicon()
        return [
            *needles_of_text("".join(window) for window in self.windows),
            *(needle for window in self.windows for needle in needles_of_words(window)),
            *(n for window in self.windows for n in needles_of_word_numbers([numbers[word] for word in window])),
            *needles_of_samples(self.sound),
        ]

    def made_out(self, text: str) -> bool:
        """Whether words of it stand in a text."""
        return any("".join(window) in text for window in self.windows)


def draw_dictated(chance: random.Random, count: int) -> list[Dictated]:
    """Return sentences that the demonstration voice makes out, none of which stands in our files."""
    recogniser = Recogniser(DEMONSTRATION, MICROPHONE_RATE)
    parts = tomllib.loads((ROOT / "tools/demo_voice/talk.toml").read_text("utf-8"))
    files, found = ours(), list[Dictated]()
    while len(found) < count:
        sound = spoken("".join(chance.choice(parts[part]) for part in SENTENCE))
        stretch = recogniser.dictation()
        stretch.feed(sound)
        windows = tuple(row for row in windows_of(stretch.finish().split()) if "".join(row) not in files)
        if len(windows) >= FEWEST_WINDOWS:
            found.append(Dictated(sound=sound, windows=windows))
    return found


def windows_of(words: list[str]) -> list[tuple[str, ...]]:
    """Return rows of words that are long enough to stand nowhere by chance, one from each word on."""
    rows = []
    for start in range(len(words)):
        for end in range(start + WINDOW_WORDS, len(words) + 1):
            if len("".join(words[start:end])) >= WINDOW_HANZI:
                rows.append(tuple(words[start:end]))
                break
    return rows


def lexicon() -> dict[str, int]:
    """Return the demonstration voice's words with their numbers."""
    rows = (DEMONSTRATION / "graph/words.txt").read_text("utf-8").splitlines()
    return {word: int(number) for word, number in map(str.split, rows)}


def ours() -> str:
    """Return what stands in our files."""
    files = (path for room in ROOMS for path in (ROOT / room).rglob("*") if path.is_file())
    return "\n".join(path.read_text("utf-8", errors="ignore") for path in files if "__pycache__" not in path.parts)
