"""Writing by Cangjie's shapes, as taught in Hong Kong: 24 letters and 難, up to five for a character.

The letter z, for signs that no resident needs, is left out.
"""

from typing import Final

from kiosk.typing.codes import Codes
from petition.ports import Method

CANGJIE: Final = Codes(
    method=Method.CANGJIE,
    keys="abcdefghijklmnopqrstuvwxy",
    drawn="日月金木水火土竹戈十大中一弓人心手口尸廿山女田難卜",
    dictionary="cangjie5.dict.yaml",
    # Who knows a whole code presses the space key without looking: it is what was written, common or not.
    before_rare=0,
)
