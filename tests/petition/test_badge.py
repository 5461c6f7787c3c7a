"""A badge is known again however a scanner types it; what is misread is no badge, and none gets into what is typed."""

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petition.badge import ALPHABET, CHARACTERS, badge_sha256, new_badge, read_badge
from petition.events import BadgeScanned, ForeignCodeScanned, ReceiptScanned
from petition.receipt import receipt_number, receipt_url
from petition.scan import read_scan
from petition.wedge import LEAST_CHARACTERS, PAUSE_SECONDS, Scanned, Typed, Wedge

BADGE = "PKB14021K7DMQ2X5RWNBG3TCY6FHJPLZVATL"
SWAPPED = BADGE.translate(str.maketrans("YZ", "ZY"))
FAST = 0.004


def test_a_new_badge_is_a_number_and_130_random_bits_in_digits_and_capital_letters() -> None:
    made = [new_badge("4021") for _ in range(200)]
    assert all(re.fullmatch(f"PKB14021[{ALPHABET}]{{28}}", badge) for badge in made)
    assert all(len(badge) == CHARACTERS for badge in made)
    assert len({badge[8:34] for badge in made}) == len(made)
    for place in range(8, 34):
        assert len({badge[place] for badge in made}) > 20, "each of its characters is random"


@pytest.mark.parametrize("number", ["", "402", "40211", "４０２１", "40a1"])
def test_a_badge_is_made_for_a_number_of_four_digits(number: str) -> None:
    with pytest.raises(ValueError, match="4 digits"):
        new_badge(number)


@pytest.mark.parametrize(
    "typed",
    [BADGE, BADGE.lower(), BADGE.swapcase(), f"  {BADGE}\r\n", f"]Q1{BADGE}", f"https://x/{BADGE}", SWAPPED.lower()],
)
def test_caps_lock_what_a_scanner_types_before_and_a_swapped_layout_change_nothing(typed: str) -> None:
    assert read_badge(typed) == BADGE
    assert read_scan(typed) == BadgeScanned(badge=BADGE)


@given(st.integers(0, 9999))
def test_whatever_is_made_is_read(number: int) -> None:
    badge = new_badge(f"{number:04}")
    assert read_badge(badge.lower()) == badge
    assert badge_sha256(badge) == hashlib.sha256(badge.encode()).hexdigest()


def test_a_character_that_was_misread_makes_no_badge() -> None:
    misread = [
        BADGE[:place] + other + BADGE[place + 1 :]
        for place in range(4, CHARACTERS)
        for other in ("0123456789" if place < 8 else ALPHABET)
        if other != BADGE[place]
    ]
    taken = sum(read_badge(text) is not None for text in misread)
    assert taken < len(misread) / 100, "the check misses one in a thousand, and those are nobody's badge"


@given(st.text())
@pytest.mark.parametrize("around", ["", BADGE[:20], "PKB1"])
def test_other_texts_are_not_badges(around: str, text: str) -> None:
    assert read_badge(around + text) is None


@pytest.mark.parametrize("text", [BADGE[:-1], BADGE + "A", "\u212a".join(BADGE.split("K")), "PKB1" + "２" * 32])
def test_neither_a_part_nor_look_alikes_are_badges(text: str) -> None:
    assert read_badge(text) is None
    assert read_scan(text) == ForeignCodeScanned()


def test_a_slip_is_still_a_slip() -> None:
    number, tag = receipt_number("10230", 1), "09876543210123456789"
    assert read_scan(receipt_url("platform.example", number, tag)) == ReceiptScanned(number=number, tag=tag)


def keyed(text: str, gap: float) -> list[Typed[str] | Scanned]:
    """Return what comes of keys at one pace: Shift before capital letters, as a scanner presses it."""
    wedge, seconds = Wedge[str](), 1000.0
    outcomes: list[Typed[str] | Scanned] = []
    for character in "".join(f"\x0f{each}" if each.isupper() else each for each in text):
        seconds += gap
        outcomes += wedge.take(character, "" if character == "\x0f" else character, seconds)
    return [*outcomes, *wedge.pause()]


@pytest.mark.parametrize("end", ["\r", "\t", "\n", "\r\n", ""])
@pytest.mark.parametrize("gap", [0.0, FAST, 0.012, PAUSE_SECONDS])
@pytest.mark.parametrize("text", [BADGE, BADGE.lower()])
def test_a_scanner_that_types_a_badge_types_nothing_into_any_field(text: str, gap: float, end: str) -> None:
    assert keyed(text + end, gap) == [Scanned(code=text)]


@pytest.mark.parametrize("length", range(LEAST_CHARACTERS, CHARACTERS))
def test_a_piece_of_a_badge_is_typed_nowhere_either(length: int) -> None:
    assert keyed(BADGE[:length] + "\r", FAST) == [Scanned(code=BADGE[:length])]
