"""Telephone numbers as people give them: who can be called is taken, and who can't is told what to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petition.phone import PhoneFinding, check_phone, missing_digits, phone_number
from petition.script.identity_words import identity_words
from tests.petition.test_identity import TABLE

MOBILES = st.sampled_from(["138", "139", "147", "150", "166", "170", "177", "188", "191", "199"])
REST = st.from_regex("[0-9]{8}", fullmatch=True)


@pytest.mark.parametrize("row", TABLE["phone"], ids=str)
def test_a_number_is_taken_or_asked_again_in_these_words(row: list[str]) -> None:
    typed, finding, words, *dialled = row
    found = check_phone(typed)
    assert (found, identity_words(found, typed)) == (PhoneFinding(finding), words)
    assert phone_number(typed) == (dialled[0] if dialled else None)


@given(st.text(alphabet="0123456789+-() 转分机ext.#,，;x／/元", max_size=30))
def test_what_is_usable_can_be_dialled_and_nothing_else(typed: str) -> None:
    number = phone_number(typed)
    assert check_phone(typed).usable == (number is not None)
    if number is not None:
        assert number.startswith("+86")
        assert check_phone(number) is PhoneFinding.FINE
        assert phone_number(number) == number


@given(st.text(max_size=200))
def test_no_text_breaks_the_check(typed: str) -> None:
    assert isinstance(check_phone(typed), PhoneFinding)


@given(MOBILES, REST, st.sampled_from(["", "+86", "0086", "86", "+86 ", "0086-", "86-"]), st.sampled_from(" -－　"))
def test_a_mobile_is_taken_with_and_without_its_country_and_gaps(first: str, rest: str, country: str, gap: str) -> None:
    typed = f"{country}{first}{gap}{rest[:4]}{gap}{rest[4:]}"
    assert check_phone(typed) is PhoneFinding.FINE
    assert phone_number(typed) == f"+86{first}{rest}"


@given(MOBILES, REST, st.integers(3, 10))
def test_of_a_mobile_that_breaks_off_it_is_said_how_many_digits_are_left(first: str, rest: str, kept: int) -> None:
    typed = (first + rest)[:kept]
    assert missing_digits(typed) == 11 - kept
    assert check_phone(typed) is PhoneFinding.TOO_SHORT


@given(MOBILES, REST, st.from_regex("[0-9]{1,3}", fullmatch=True))
def test_of_a_mobile_that_goes_on_it_is_said_how_many_are_too_many(first: str, rest: str, more: str) -> None:
    assert missing_digits(first + rest + more) == -len(more)
    assert check_phone(first + rest + more) is PhoneFinding.TOO_LONG


def test_a_long_text_costs_no_time() -> None:
    assert check_phone(" " * 100_000 + "x" * 100_000) is PhoneFinding.EMPTY
    assert check_phone("1-" * 100_000) is PhoneFinding.TOO_LONG
    assert phone_number("0" * 100_000) is None
