"""Types what it is told and then holds still: `python -m tests.kiosk.typing_child CACHE KEYS [OPTION…]`.

Options: `strokes`, `cangjie`, `zhuyin` (write by them; the signs of Zhuyin are given as `bopomofo` writes them),
`remember` (with the user dictionary on), `choose` (take the first candidate), `clear` (end the visit).
"""

import gc
import sys
from pathlib import Path

from kiosk.typing.bopomofo import LETTERS, SIGNS
from kiosk.typing.cangjie import CANGJIE
from kiosk.typing.codes import CodesEngine
from kiosk.typing.rime import RimeEngine
from kiosk.typing.strokes import STROKES
from kiosk.typing.tables import SCHEMAS, SIMPLIFIED, TRADITIONAL, build_tables, codes_table
from kiosk.typing.zhuyin import ZhuyinEngine
from petition.ports import TypingEngine
from tests.kiosk.typing_support import REMEMBERING, REMEMBERING_ZHUYIN, keys_of


def main() -> None:
    cache, hidden, *options = sys.argv[1:]
    schemas = SCHEMAS
    if "remember" in options:
        schemas = REMEMBERING_ZHUYIN if "zhuyin" in options else REMEMBERING
    tables = build_tables(cache=Path(cache), schemas=schemas)
    engine: TypingEngine
    if "strokes" in options:
        table = codes_table(tables, SIMPLIFIED, STROKES)
        assert table is not None
        engine = CodesEngine(STROKES, table)
    elif "cangjie" in options:
        table = codes_table(tables, TRADITIONAL, CANGJIE)
        assert table is not None
        engine = CodesEngine(CANGJIE, table)
    else:
        engine = spoken = ZhuyinEngine(tables=tables) if "zhuyin" in options else RimeEngine(tables=tables)
        assert spoken.remembers() == ("remember" in options)
    for key in keys_of(hidden):
        engine.press(SIGNS[LETTERS.index(key)] if "zhuyin" in options else key)
    if "choose" in options:
        assert engine.choose(0).committed
    if "clear" in options:
        engine.clear()
    gc.collect()
    sys.stdout.write("typed\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
