"""Which PINs may be taken: those that nobody guesses first."""

import itertools
import re
import secrets

DIGITS_MIN, DIGITS_MAX = 4, 8
DIGITS_USUAL = 6
_OFTEN_CHOSEN = frozenset({"147258", "159357", "258369", "5201314", "1314520", "112233", "445566", "201314", "131452"})


def weakness(pin: str) -> str:
    """Return why a PIN must not be taken, in one plain sentence, "" when it may."""
    if not re.fullmatch(rf"[0-9]{{{DIGITS_MIN},{DIGITS_MAX}}}", pin):
        return f"a PIN has {DIGITS_USUAL} digits ({DIGITS_MIN} to {DIGITS_MAX} are allowed), and nothing but digits"
    if len(set(pin)) == 1:
        return "the same digit again and again is the first thing anybody tries: take another PIN"
    steps = {(int(after) - int(before)) % 10 for before, after in itertools.pairwise(pin)}
    if steps in ({1}, {9}):
        return "digits in a row, like 123456, are the first thing anybody tries: take another PIN"
    if any(len(pin) % part == 0 and pin == pin[:part] * (len(pin) // part) for part in range(2, len(pin) // 2 + 1)):
        return "the same few digits again and again are guessed soon: take another PIN"
    if pin in _OFTEN_CHOSEN:
        return "many people take this PIN, so it is guessed soon: take another"
    return ""


def new_pin() -> str:
    """Return a random PIN of the usual length that may be taken."""
    while weakness(pin := f"{secrets.randbelow(10**DIGITS_USUAL):0{DIGITS_USUAL}}"):
        pass
    return pin
