"""Zhuyin as librime is told of it: one letter for each sign, a schema, and our words with their sounds looked up.

The schema that librime's package has for it reads the keys of one make of keyboard, where digits are signs. Here a sign
is a sign, whatever key it came from.
"""

from pathlib import Path
from typing import Final

SCHEMA_ID: Final = "kiosk_zhuyin"
DICTIONARIES: Final = ("terra_pinyin.dict.yaml", "zhuyin.yaml")
"""Debian's rime-data-terra-pinyin and rime-data-bopomofo; the latter asks for the former."""

INITIALS: Final = "ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒㄓㄔㄕㄖㄗㄘㄙ"
FINALS: Final = "ㄧㄨㄩㄚㄛㄜㄝㄞㄟㄠㄡㄢㄣㄤㄥㄦ"
FIRST_TONE: Final = "ˉ"
TONES: Final = FIRST_TONE + "ˊˇˋ˙"
SIGNS: Final = INITIALS + FINALS + TONES
LETTERS: Final = "bpmfdtnlgkhjqxZCSrzcsiuvaoeEAIOUMNKGR12345"
"""As `zhuyin.yaml` writes the signs, in the same order."""

# A syllable without a tone may have any, but is the first tone before the others: those are blurred twice (0 is no
# sign), which costs twice. What can be read in full is never read as a row of initials: `fuzz` goes before `abbrev`.
SCHEMA: Final = f"""\
schema:
  schema_id: {SCHEMA_ID}
  name: {SCHEMA_ID}
  version: "1"
switches:
  - name: script
    reset: 1
engine:
  processors: [speller, express_editor]
  segmentors: [abc_segmentor, fallback_segmentor]
  translators: [script_translator]
  filters: [simplifier, uniquifier]
speller:
  alphabet: {LETTERS}
  delimiter: " '"
  algebra:
    __patch:
      - zhuyin:/pinyin_to_zhuyin
      - tones
translator:
  dictionary: {SCHEMA_ID}
  prism: {SCHEMA_ID}
  enable_user_dict: false
  preedit_format:
    - xlit|{LETTERS}|{SIGNS}|
simplifier:
  option_name: script
  opencc_config: t2tw.json
tones:
  __append:
    - fuzz/^([A-Za-z]+)[2-5]$/${{1}}0/
    - fuzz/^([A-Za-z]+)[10]$/$1/
    - abbrev/^([bpmfdtnlgkhjqxZCSrzcs]).+[1-5]$/$1/
"""


def dictionary_of(pinyin: Path) -> str:
    """Return our words as a dictionary of Zhuyin: librime finds their sounds, tones too, by their characters."""
    rows = (line.split("\t") for line in pinyin.read_text(encoding="utf-8").splitlines() if "\t" in line)
    head = f"""\
---
name: {SCHEMA_ID}
version: "1"
sort: by_weight
use_preset_vocabulary: true
max_phrase_length: 7
min_phrase_weight: 100
columns: [text, weight]
import_tables:
  - terra_pinyin
...

"""
    return head + "".join(f"{text}\t{weight}\n" for text, _, weight in rows)
