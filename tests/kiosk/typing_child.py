"""Types what it is told and then holds still: `python -m tests.kiosk.typing_child CACHE KEYS [OPTION…]`.

Options: `strokes` (write by them), `remember` (with the user dictionary on), `choose` (take the first candidate),
`clear` (end the visit).
"""

import gc
import sys
from pathlib import Path

from kiosk.typing.codes import CodesEngine
from kiosk.typing.rime import RimeEngine
from kiosk.typing.strokes import STROKES
from kiosk.typing.tables import SCHEMAS, SIMPLIFIED, build_tables, codes_table
from petition.ports import TypingEngine
from tests.kiosk.typing_support import REMEMBERING, keys_of


def main() -> None:
    cache, hidden, *options = sys.argv[1:]
    schemas = REMEMBERING if "remember" in options else SCHEMAS
    tables = build_tables(cache=Path(cache), schemas=schemas)
    engine: TypingEngine
    if "strokes" in options:
        table = codes_table(tables, SIMPLIFIED, STROKES)
        assert table is not None
        engine = CodesEngine(STROKES, table)
    else:
        engine = pinyin = RimeEngine(tables=tables)
        assert pinyin.remembers() == ("remember" in options)
    for key in keys_of(hidden):
        engine.press(key)
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
