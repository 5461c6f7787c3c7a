"""How a text is read: which espeak-ng voice gets which part of it, spelled how, and where each word stood.

espeak-ng 1.51 reads hanzi as English letters in its Mandarin voice, so Mandarin goes to `cmn-latn-pinyin` as
tone-numbered pinyin. pypinyin's dictionary knows most words; `pronunciation.tsv` holds those where it is wrong for us
(重听 is chóng tīng). espeak-ng changes a third tone before another third tone by itself; 一 and 不 are changed here.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import groupby

from voice import voices

MANDARIN, CANTONESE, ENGLISH = voices.MANDARIN, voices.CANTONESE, voices.ENGLISH

VOICES = {
    "cmn": MANDARIN,
    "zh": MANDARIN,
    "zh_Hans": MANDARIN,
    "zh_Hant": MANDARIN,
    "yue": CANTONESE,
    "en": ENGLISH,
}
"""Spoken languages, and screen languages in the voice they are usually heard in."""

DIGITS = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
MAGNITUDES = frozenset("百千万亿")
NUMERALS = frozenset("零〇一二三四五六七八九十两幺点第") | MAGNITUDES
NAMED_BY_NUMBER = frozenset("月日号楼")
"""一 before these is a name, it does not count: its tone stays."""

PAUSES = {
    **dict.fromkeys("，、,", ","),
    **dict.fromkeys("。．", "."),
    **dict.fromkeys("！!", "!"),
    **dict.fromkeys("？?", "?"),
    **dict.fromkeys("；;", ";"),
    **dict.fromkeys("：:", ":"),
    **dict.fromkeys("—…", ","),
}
CLOSING = ".,!?;:\"')]，。！？；：」』）"
"""Marks that stand after a word without being part of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a word stands, in characters: in what the voice is given, and in the text as it was written."""

    at: int
    start: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A piece of a sentence that one voice reads."""

    voice: str
    """The usual one of its language, for which it is spelled."""
    text: str
    words: tuple[Place, ...]
    """In the order of `at`."""

    def place(self, position: int) -> Place | None:
        """Return the word that the voice reads at a position in `text`."""
        found = None
        for word in self.words:
            if word.at > position:
                break
            found = word
        return found


def segments(text: str, language: str) -> tuple[Segment, ...]:
    """Cut a sentence into what each voice reads. Raises KeyError for a language there is no voice for."""
    voice = VOICES[language]
    if voice == CANTONESE:
        # This voice knows hanzi of both scripts, digits, and hands Latin letters to the English one by itself.
        return _nonempty(_verbatim(CANTONESE, text, 0, by_character=True))
    pieces: list[Segment] = []
    for voice_of_run, run in groupby(_voiced(text, voice), key=lambda pair: pair[0]):
        places = [place for _, place in run]
        piece, start = text[places[0] : places[-1] + 1], places[0]
        pieces.append(_mandarin(piece, start) if voice_of_run == MANDARIN else _verbatim(ENGLISH, piece, start))
    return _nonempty(*pieces)


def _nonempty(*pieces: Segment) -> tuple[Segment, ...]:
    return tuple(piece for piece in pieces if piece.words)


def _voiced(text: str, own: str) -> list[tuple[str, int]]:
    """Say of every character which voice reads it: letters decide, what is neither stays with what stands before."""
    voiced: list[tuple[str, int]] = []
    now = own
    for place, character in enumerate(text):
        if is_hanzi(character):
            now = MANDARIN
        elif character.isalpha():
            now = ENGLISH
        elif character in DIGITS:
            now = own
        voiced.append((now, place))
    return voiced


def is_hanzi(character: str) -> bool:
    """Tell whether a character is a Chinese one."""
    return character == "〇" or unicodedata.name(character, "").startswith(
        ("CJK UNIFIED IDEOGRAPH", "CJK COMPATIBILITY IDEOGRAPH")
    )


def _verbatim(voice: str, text: str, start: int, *, by_character: bool = False) -> Segment:
    words: list[Place] = []
    at = 0
    while at < len(text):
        end = at + 1
        if text[at].isalnum():
            single = by_character and is_hanzi(text[at])
            while not single and end < len(text) and not text[end].isspace() and not is_hanzi(text[end]):
                end += 1
            words.append(Place(at=at, start=start + at, length=len(text[at:end].rstrip(CLOSING))))
        at = end
    return Segment(voice=voice, text=text, words=tuple(words))


# --- Mandarin ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    start: int
    hanzi: str
    syllables: tuple[str, ...]
    pause: str = ""


@cache
def overrides() -> dict[str, tuple[str, ...]]:
    """Return how our own words are read, and teach pypinyin's segmenter that they are words."""
    from pypinyin import load_phrases_dict  # noqa: PLC0415 - takes 0.2 s to load, not for a kiosk's main thread
    from pypinyin.contrib.tone_convert import tone3_to_tone  # noqa: PLC0415 - as above

    table: dict[str, tuple[str, ...]] = {}
    for line in resources.files("voice").joinpath("pronunciation.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            word, pinyin, *_ = line.split("\t")
            table[word] = tuple(pinyin.split())
    load_phrases_dict({word: [[tone3_to_tone(each)] for each in read] for word, read in table.items() if len(word) > 1})
    return table


def _mandarin(text: str, start: int) -> Segment:
    readings = _readings(text)
    spelled: list[str] = []
    words: list[Place] = []
    at = 0
    for index, reading in enumerate(readings):
        if reading.pause:
            if spelled and not spelled[-1].rstrip().endswith((",", ".", "!", "?", ";", ":")):
                spelled[-1] = spelled[-1].rstrip() + reading.pause + " "
                at = sum(map(len, spelled))
            continue
        syllables = _changed(readings, index)
        if syllables:
            words.append(Place(at=at, start=start + reading.start, length=len(reading.hanzi)))
            spelled.append(" ".join(syllables) + " ")
            at += len(spelled[-1])
    return Segment(voice=MANDARIN, text="".join(spelled).rstrip(), words=tuple(words))


def _readings(text: str) -> list[_Reading]:
    """Cut into words, each with its syllables, and pauses."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - as in overrides
    from pypinyin.seg import mmseg  # noqa: PLC0415 - as in overrides

    own = overrides()
    found: list[_Reading] = []
    spoken = "".join(DIGITS.get(character, character) for character in text)
    for hanzi, run in groupby(enumerate(spoken), key=lambda pair: is_hanzi(pair[1])):
        places = list(run)
        first = places[0][0]
        if not hanzi:
            found.extend(
                _Reading(start=place, hanzi="", syllables=(), pause=PAUSES[character])
                for place, character in places
                if character in PAUSES
            )
            continue
        for word in mmseg.seg.cut("".join(character for _, character in places)):
            read = own.get(word) or tuple(
                lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True, errors="ignore", v_to_u=False)
            )
            found.append(_Reading(start=first, hanzi=word, syllables=read))
            first += len(word)
    return found


def _changed(readings: list[_Reading], index: int) -> tuple[str, ...]:
    """Change the tone of a lone 一 or 不 by what follows; inside words the dictionary has done it."""
    reading = readings[index]
    following = readings[index + 1] if index + 1 < len(readings) else None
    if reading.hanzi not in ("一", "不") or following is None or not following.syllables:
        return reading.syllables
    falling = following.syllables[0].endswith("4")
    if reading.hanzi == "不":
        return ("bu2",) if falling else reading.syllables
    before = readings[index - 1].hanzi[-1:] if index else ""
    after = following.hanzi[0]
    if before in NUMERALS or after in NUMERALS - MAGNITUDES or after in NAMED_BY_NUMBER:
        return reading.syllables
    return ("yi2",) if falling else ("yi4",)
