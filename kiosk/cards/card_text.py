"""Takes the name and the number out of what is written on a resident card, and nothing else.

256 bytes in UTF-16, low byte first, padded with spaces. Where the fields lie depends on the card's kind, one letter
near the end: none for citizens, J for residents of Hong Kong, Macau and Taiwan, Y and (before 2023) I for foreigners.
"""

from dataclasses import dataclass, field

from petition.identity import is_id_number, normalised_name, valid_name

TEXT_BYTES, MOST_PHOTO_BYTES = 256, 1024
LENGTHS_BYTES = 4
NAME, NUMBER = slice(0, 30), slice(122, 158)
LATIN_NAME = slice(52, 122)
"""On a foreigner's card since 2023, whose Chinese name may be empty; on citizens' the address lies there."""
OLD_LATIN_NAME, OLD_NAME = slice(0, 120), slice(158, 188)
"""On a foreigner's card before 2023; its number has fifteen signs with letters, and is not taken."""
KIND = slice(248, 250)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is taken from a card; either may be empty, never both."""

    name: str = field(default="", repr=False)
    number: str = field(default="", repr=False)


def person(data: memoryview) -> Person | None:
    """Return whose card it is, None where it can't be made out. `data` is what the reader answers to READ.

    Two lengths of two bytes, then the words, then the photograph, which is not looked at.
    """
    if len(data) < LENGTHS_BYTES + TEXT_BYTES:
        return None
    words, photo = (int.from_bytes(data[at : at + 2], "big") for at in (0, 2))
    if words != TEXT_BYTES or photo > MOST_PHOTO_BYTES:
        return None
    text = data[LENGTHS_BYTES : LENGTHS_BYTES + TEXT_BYTES]
    kind = _read(text[KIND])
    if kind == "I":
        name, number = _name(text[OLD_NAME]) or _name(text[OLD_LATIN_NAME]), ""
    else:
        name, number = _name(text[NAME]), _number(text[NUMBER])
        if not name and kind == "Y":
            name = _name(text[LATIN_NAME])
    return Person(name=name, number=number) if name or number else None


def _name(written: memoryview) -> str:
    name = normalised_name(_read(written))
    return name if valid_name(name).usable else ""


def _number(written: memoryview) -> str:
    number = _read(written).upper()
    return number if is_id_number(number) else ""


def _read(written: memoryview) -> str:
    try:
        return str(written, "utf-16-le").strip("\0 \u3000")
    except UnicodeDecodeError:
        return ""
