"""Writing by strokes, for those who never learned pinyin.

Five keys: 横 一 (h), 竖 丨 (s), 撇 丿 (p), 点 丶 (n), 折 乛 (z), in the order a character is written.
"""

from typing import Final

from kiosk.typing.codes import Codes
from petition.ports import Method

STROKES: Final = Codes(
    method=Method.STROKES, keys="hspnz", drawn="一丨丿丶乛", dictionary="stroke.dict.yaml", before_rare=5
)
