"""A scanner in keyboard mode is told from a person by the pace of its keys; nobody's letters are lost, late or doubled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petition.events import ForeignCodeScanned, ReceiptScanned
from petition.receipt import receipt_number, receipt_url
from petition.scan import read_scan
from petition.wedge import (
    LEAST_CHARACTERS,
    MACHINE_PAUSE_SECONDS,
    MOST_KEYS,
    PAUSE_SECONDS,
    Scanned,
    Suffix,
    Typed,
    Wedge,
)

NUMBER = receipt_number("10230", 1)
TAG = "09876543210123456789"
SLIP = receipt_url("platform.example", NUMBER, TAG)
PRIVATE = "https://health.example/u/4f9a-wang"
FAST = 0.004
SHIFT, ARROW = "", "\0"

Outcome = Typed[str] | Scanned
keystrokes = st.lists(
    st.tuples(
        st.one_of(st.sampled_from(["\r", "\t", SHIFT, ARROW, "1", "h", " ", "中"]), st.characters()),
        st.one_of(
            st.floats(0, PAUSE_SECONDS), st.floats(PAUSE_SECONDS, 1), st.sampled_from([FAST, PAUSE_SECONDS, 0.0])
        ),
    ),
    max_size=60,
)


class Desk:
    """Somebody at a keyboard, and when each outcome was known."""

    def __init__(self, wedge: Wedge[str] | None = None) -> None:
        self.wedge = wedge or Wedge[str]()
        self.seconds = 1000.0
        self.outcomes: list[Outcome] = []
        self.known_at: list[float] = []

    def key(self, character: str, after: float) -> None:
        """A key goes down so long after the last; the owner's clock tells of a pause before it."""
        if self.wedge.holding and after > self.wedge.patience_seconds:
            self._note(self.wedge.pause(), self.seconds + self.wedge.patience_seconds)
        self.seconds += after
        self._note(self.wedge.take(character, character, self.seconds), self.seconds)

    def keys(self, text: str, after: float = FAST) -> None:
        self.key(text[0], 1.0)
        for character in text[1:]:
            self.key(character, after)

    def rest(self) -> list[Outcome]:
        """Nothing more is keyed: what is left becomes certain."""
        self._note(self.wedge.pause(), self.seconds + self.wedge.patience_seconds)
        return self.outcomes

    def _note(self, outcomes: tuple[Outcome, ...], seconds: float) -> None:
        self.outcomes += outcomes
        self.known_at += [seconds] * len(outcomes)

    @property
    def typed(self) -> list[str]:
        return [key for outcome in self.rest() if isinstance(outcome, Typed) for key in outcome.keys]

    @property
    def scanned(self) -> list[str]:
        return [outcome.code for outcome in self.rest() if isinstance(outcome, Scanned)]


# -- scanners ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\r", "\t", "\n", "\r\n", ""])
@pytest.mark.parametrize("after", [0.0, 0.001, 0.012, 0.03, PAUSE_SECONDS])
def test_a_slip_is_scanned_at_any_pace_of_a_scanner_with_any_end_or_none(after: float, end: str) -> None:
    desk = Desk()
    desk.keys(SLIP + end, after)
    assert desk.scanned == [SLIP]
    assert desk.typed == []


@pytest.mark.parametrize(
    "code",
    [
        PRIVATE,
        "12345678",
        "6901234567892",
        "BEGIN:VCARD\r\nN:Li\r\n\r\n1\r2\r\nEND:VCARD",
        "https://x.example/\t1\t2",
        "(01)069\x1d17",
        "1\x00\x00\x00 2 3 4 5 6 7 8",
    ],
)
def test_nothing_of_anybodys_code_is_typed(code: str) -> None:
    desk = Desk()
    desk.keys(code + "\r")
    assert len(desk.scanned) == 1
    assert desk.typed == []


def test_the_shift_of_capital_letters_is_held_with_them() -> None:
    desk = Desk()
    desk.key(SHIFT, 1.0)
    for character in f"H{SHIFT}TTPS://X/R/":
        desk.key(character, FAST)
    for character in NUMBER + TAG + "\r":
        desk.key(character, FAST)
    assert desk.scanned == [f"HTTPS://X/R/{NUMBER}{TAG}"]
    assert desk.typed == []


@pytest.mark.parametrize("place", [LEAST_CHARACTERS, 20, len(SLIP)])
def test_a_scanner_that_is_held_up_once_it_is_known_for_one_leaks_nothing(place: int) -> None:
    desk = Desk()
    desk.keys(SLIP[:place])
    desk.key((SLIP + "\r")[place], MACHINE_PAUSE_SECONDS)
    for character in (SLIP + "\r")[place + 1 :]:
        desk.key(character, FAST)
    assert desk.scanned == [SLIP]
    assert desk.typed == []


def test_what_is_keyed_in_the_same_moment_does_not_make_typing_of_a_scan() -> None:
    desk = Desk()
    desk.keys(SLIP + "\r" + ARROW + "1")
    assert desk.scanned == [SLIP]
    assert desk.typed == []


def test_two_codes_after_each_other_are_two() -> None:
    desk = Desk()
    desk.keys(SLIP + "\r")
    desk.keys(PRIVATE + "\r")
    assert desk.scanned == [SLIP, PRIVATE]


def test_a_code_is_not_in_what_is_printed_of_it() -> None:
    assert "secret" not in repr(Scanned(code="secret"))


def test_what_is_wiped_while_it_is_scanned_is_dropped_to_its_end() -> None:
    desk = Desk()
    desk.keys(PRIVATE[:20])
    desk.wedge.forget()
    for character in PRIVATE[20:] + "\r":
        desk.key(character, FAST)
    assert desk.rest() == []
    desk.keys("12", 0.2)
    assert desk.typed == ["1", "2"]


def test_who_types_right_after_a_wipe_loses_nothing() -> None:
    desk = Desk()
    desk.wedge.forget()
    desk.keys("12", FAST)
    assert desk.typed == ["1", "2"]


def test_a_scanner_that_never_ends_is_not_held_for_ever() -> None:
    desk = Desk()
    desk.keys("x" * (3 * MOST_KEYS))
    assert len(desk.typed) == 3 * MOST_KEYS
    assert max(len(outcome.keys) for outcome in desk.outcomes if isinstance(outcome, Typed)) <= MOST_KEYS


# -- people ------------------------------------------------------------------------------------------------------------


@given(keystrokes)
def test_whatever_is_keyed_comes_out_once_and_in_order_unless_it_was_scanned(keyed: list[tuple[str, float]]) -> None:
    wedge, seconds = Wedge[int](), 0.0
    outcomes: list[Typed[int] | Scanned] = []
    for place, (character, after) in enumerate(keyed):
        seconds += after
        outcomes += wedge.take(place, character, seconds)
    outcomes += wedge.pause()
    typed = [place for outcome in outcomes if isinstance(outcome, Typed) for place in outcome.keys]
    scans = sum(isinstance(outcome, Scanned) for outcome in outcomes)
    assert typed == sorted(set(typed))
    assert len(keyed) - len(typed) >= LEAST_CHARACTERS * scans
    assert scans or typed == list(range(len(keyed)))


@given(st.lists(st.floats(PAUSE_SECONDS * 1.01, 2), min_size=1, max_size=40), st.data())
def test_no_letter_of_a_person_is_held_longer_than_fifty_milliseconds(gaps: list[float], data: st.DataObject) -> None:
    desk, keyed_at = Desk(), []
    for after in gaps:
        desk.key(data.draw(st.sampled_from(["1", "a", " ", "\r", "中", SHIFT])), after)
        keyed_at.append(desk.seconds)
    desk.rest()
    assert len(desk.outcomes) == len(gaps)
    assert all(known - keyed <= 0.05 for known, keyed in zip(desk.known_at, keyed_at, strict=True))


@pytest.mark.parametrize("text", ["楼道灯不亮", "1", "dian ti huai le", "a\r", "13800138000"])
@pytest.mark.parametrize("after", [0.04, 0.06, 0.12, 0.5])
def test_typing_is_typing_however_long_and_fast(text: str, after: float) -> None:
    desk = Desk()
    desk.keys(text + "\r", after)
    assert desk.typed == list(text + "\r")


def test_letters_that_roll_under_the_fingers_come_out_together() -> None:
    desk = Desk()
    desk.keys("ng", 0.01)
    desk.key("y", 0.1)
    assert desk.typed == ["n", "g", "y"]


def test_a_machine_that_types_whole_words_for_somebody_is_not_a_scanner_without_its_key_at_the_end() -> None:
    desk = Desk()
    desk.keys("楼道的灯坏了三天，请来修一修。", FAST)
    assert "".join(desk.typed) == "楼道的灯坏了三天，请来修一修。"


def test_seven_characters_are_typed_and_eight_are_scanned() -> None:
    for count, scans in ((LEAST_CHARACTERS - 1, 0), (LEAST_CHARACTERS, 1)):
        desk = Desk()
        desk.keys("x" * count + "\r")
        assert len(desk.scanned) == scans


def test_keys_that_type_nothing_pass_at_once() -> None:
    desk = Desk()
    desk.key(ARROW, 1.0)
    desk.key("\r", FAST)
    assert not desk.wedge.holding
    assert desk.known_at == [1001.0, 1001.0 + FAST]


def test_a_clock_that_starts_anew_loses_nothing() -> None:
    wedge = Wedge[str]()
    assert wedge.take("a", "a", 4294967.0) == ()
    assert wedge.take("b", "b", 0.0) == (Typed(keys=("a",)),)
    assert wedge.pause() == (Typed(keys=("b",)),)


# -- how a scanner is set ----------------------------------------------------------------------------------------------


def test_with_a_prefix_only_what_begins_with_it_is_held_back() -> None:
    desk = Desk(Wedge(prefix="~#"))
    desk.key("1", 1.0)
    assert not desk.wedge.holding
    desk.keys("~#" + SLIP + "\r")
    assert desk.scanned == [SLIP]
    assert desk.typed == ["1"]


def test_with_a_prefix_nothing_without_it_is_a_scan() -> None:
    desk = Desk(Wedge(prefix="~#"))
    desk.keys("~" + SLIP + "\r")
    assert desk.scanned == []
    assert "".join(desk.typed) == "~" + SLIP + "\r"


@pytest.mark.parametrize(
    ("suffix", "end", "scans"),
    [
        (Suffix.ENTER, "\r", 1),
        (Suffix.ENTER, "\t", 0),
        (Suffix.TAB, "\t", 1),
        (Suffix.TAB, "\r", 0),
        (Suffix.EITHER, "\t", 1),
        (Suffix.EITHER, "", 0),
        (Suffix.NONE, "", 1),
    ],
)
def test_a_scanner_ends_its_codes_as_it_is_set(suffix: Suffix, end: str, scans: int) -> None:
    desk = Desk(Wedge(suffix=suffix))
    desk.keys(PRIVATE + end)
    assert len(desk.scanned) == scans
    assert ("".join(desk.typed) == PRIVATE + end) is not bool(scans)


# -- what a code means -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        SLIP,
        SLIP.upper(),
        NUMBER + TAG,
        f"http://[::1]:8080/r/{NUMBER}{TAG}",
        f"HTTPS&--platform.example-r-{NUMBER}{TAG}",
        f"htps?{NUMBER}{TAG}\r\n",
    ],
)
def test_a_slip_is_known_by_its_last_digits_whatever_a_keyboard_made_of_the_rest(code: str) -> None:
    assert read_scan(code) == ReceiptScanned(number=NUMBER, tag=TAG)


@pytest.mark.parametrize(
    "code",
    [
        "",
        PRIVATE,
        NUMBER,
        "0" + NUMBER + TAG,
        NUMBER + TAG + "x",
        NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10) + TAG,
        NUMBER + "9" * 20,
        "".join(chr(0x660 + int(digit)) for digit in NUMBER + TAG),
    ],
)
def test_any_other_code_is_foreign_and_nothing_of_it_is_kept(code: str) -> None:
    assert read_scan(code) == ForeignCodeScanned()


@given(st.text())
def test_no_code_breaks_the_reader(code: str) -> None:
    assert isinstance(read_scan(code), ReceiptScanned | ForeignCodeScanned)
