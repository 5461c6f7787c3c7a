"""Receipt numbers, tags and codes: what is printed can be checked, and nothing tells anything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petition.receipt import (
    LAST_SERIAL,
    Role,
    in_fours,
    is_receipt_number,
    parse_receipt_code,
    query_code,
    receipt_number,
    receipt_tag,
    receipt_url,
)

BLOCKS = st.integers(0, 99999).map("{:05d}".format)
SERIALS = st.integers(0, LAST_SERIAL)
NUMBERS = st.builds(receipt_number, BLOCKS, SERIALS)
KEYS = st.binary(min_size=32, max_size=32)


def test_the_number_of_the_handbook() -> None:
    assert in_fours(receipt_number("10230", 123)) == "1023 0001 2392"


@given(NUMBERS)
def test_every_number_is_a_number(number: str) -> None:
    assert is_receipt_number(number)


@given(NUMBERS, st.integers(0, 11), st.integers(1, 9))
def test_no_single_wrong_digit_goes_unnoticed(number: str, at: int, by: int) -> None:
    wrong = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]
    assert not is_receipt_number(wrong)


@given(NUMBERS, st.integers(0, 10))
def test_no_two_swapped_neighbours_go_unnoticed(number: str, at: int) -> None:
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert swapped == number or not is_receipt_number(swapped)


@given(NUMBERS, st.integers(0, 9))
def test_no_jump_swap_goes_unnoticed(number: str, at: int) -> None:
    swapped = number[:at] + number[at + 2] + number[at + 1] + number[at] + number[at + 3 :]
    assert swapped == number or not is_receipt_number(swapped)


@pytest.mark.parametrize("text", ["", "12", "１０２３０００１２３９２", "1023000123920", "10230001239a"])
def test_what_is_no_number_is_no_number(text: str) -> None:
    assert not is_receipt_number(text)


@pytest.mark.parametrize(("block", "serial"), [("1023", 1), ("10230", -1), ("10230", 100000), ("1023x", 1)])
def test_a_block_or_serial_of_the_wrong_shape_is_refused(block: str, serial: int) -> None:
    with pytest.raises(ValueError, match="5 digits"):
        receipt_number(block, serial)


@given(KEYS, NUMBERS)
def test_the_two_slips_of_one_petition_share_neither_tag_nor_place_in_the_tag(key: bytes, number: str) -> None:
    own, agent = (receipt_tag(key, number, role) for role in Role)
    assert own != agent
    assert len(own) == len(agent) == 20
    assert len(query_code(key, number, Role.OWN)) == 6


@given(KEYS, NUMBERS)
def test_what_stands_in_the_qr_code_is_read_back(key: bytes, number: str) -> None:
    tag = receipt_tag(key, number, Role.OWN)
    assert parse_receipt_code(receipt_url("petition.example", number, tag)) == (number, tag)
    assert parse_receipt_code(f" {number}{tag}\n") == (number, tag)


@given(st.text(max_size=80))
def test_whatever_is_scanned_is_a_slip_of_ours_or_nothing(scanned: str) -> None:
    found = parse_receipt_code(scanned)
    assert found is None or is_receipt_number(found[0])


def test_a_tag_that_no_eight_bytes_can_make_is_nothing() -> None:
    assert parse_receipt_code(receipt_number("10230", 1) + "9" * 20) is None
