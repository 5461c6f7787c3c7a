"""The words of the neighbourhood, line by line."""

from collections import Counter
from pathlib import Path

from pypinyin import Style, pinyin

from kiosk.typing import tables

ROWS = [
    line.split("\t")
    for line in Path(tables.__file__).with_name("kiosk_pinyin.dict.yaml").read_text(encoding="utf-8").splitlines()
    if "\t" in line
]


def test_every_word_has_its_pinyin_and_its_weight() -> None:
    assert len(ROWS) > 1500
    assert all(len(row) == 3 for row in ROWS)
    assert [word for word, code, _weight in ROWS if len(word) != len(code.split())] == []
    assert all(int(weight) > 0 for _word, _code, weight in ROWS)


def test_no_word_is_there_twice() -> None:
    assert [row for row, times in Counter((word, code) for word, code, _weight in ROWS).items() if times > 1] == []


def test_every_word_is_spelled_as_it_is_read() -> None:
    misspelled = [
        (character, syllable)
        for word, code, _weight in ROWS
        for character, syllable in zip(word, code.split(), strict=True)
        if syllable not in pinyin(character, style=Style.NORMAL, heteronym=True, v_to_u=False)[0]
    ]
    assert misspelled == []


def test_every_word_is_in_traditional_characters() -> None:
    """Simplified ones, if they are no older Traditional characters too, come out as they are in both scripts."""
    simplified_only = set("们这没灯楼电车门问时说话听见请谢办务费险钱药医养护让还个几为边坏满脏乱处")
    assert [word for word, _code, _weight in ROWS if simplified_only & set(word)] == []
