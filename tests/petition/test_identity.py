"""What people give as their number and name: what is taken, what is asked again, and in which words."""

import re
import tomllib
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petition.events import CardRead, ForeignCodeScanned
from petition.identity import (
    CHECKS,
    CLOCK_SHOWS_AT_LEAST,
    CROSS,
    IdFinding,
    NameFinding,
    check_id_number,
    check_sign,
    is_id_number,
    masked_id,
    masked_name,
    missing_signs,
    normalised_id,
    normalised_name,
    valid_name,
)
from petition.phone import PhoneFinding
from petition.scan import read_scan
from petition.script.identity_words import IDENTITY_WORDS, identity_words
from petition.wedge import Scanned, Suffix, Typed, Wedge
from tests.petition.reading import length, sentences
from tests.petition.test_words_written import NEVER, SENTENCE_LIMIT

TODAY = date(2026, 11, 23)
TABLE = tomllib.loads((Path(__file__).parent / "identity_table.toml").read_text("utf-8"))
BODIES = st.from_regex("[0-9]{6}19[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}", fullmatch=True)
"""Seventeen digits with a birth date that exists."""


def worked_out(row: str) -> str:
    """Put the check, or one that is not it, where the table has a mark."""
    digits = row[:17]
    if row.endswith("✓"):
        return digits + check_sign(digits)
    if row.endswith("✗"):
        return digits + CHECKS[(CHECKS.index(check_sign(digits)) + 1) % 11]
    return row


# --- the table --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", TABLE["id"], ids=str)
def test_a_number_is_taken_or_asked_again_in_these_words(row: list[str]) -> None:
    given_, finding, words = row
    typed = worked_out(given_)
    found = check_id_number(typed, TODAY)
    assert (found, identity_words(found, typed)) == (IdFinding(finding), words)


@pytest.mark.parametrize("row", TABLE["date"], ids=str)
def test_a_birth_date_exists_and_is_of_somebody_who_may_stand_here(row: list[str]) -> None:
    born, finding, words = row
    body = f"110105{born}001"
    found = check_id_number(body + check_sign(body), TODAY)
    assert (found, identity_words(found, body)) == (IdFinding(finding), words)


@pytest.mark.parametrize("row", TABLE["name"], ids=str)
def test_a_name_is_taken_or_asked_again_in_these_words(row: list[str]) -> None:
    typed, finding, words = row
    found = valid_name(typed)
    assert (found, identity_words(found, typed)) == (NameFinding(finding), words)


def test_the_table_has_every_finding() -> None:
    assert sum(map(len, TABLE.values())) >= 60
    for kind, findings in (("id", IdFinding), ("name", NameFinding), ("phone", PhoneFinding)):
        rows = TABLE[kind] + (TABLE["date"] if kind == "id" else [])
        assert {row[1] for row in rows} == set(findings), kind


# --- numbers ----------------------------------------------------------------------------------------------------------


def test_the_check_is_the_standards() -> None:
    assert check_sign("11010519491231002") == CROSS  # the example of GB 11643
    assert check_sign("44052418800101001") == "4"  # and its other one


@given(BODIES, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_sign_is_always_found(body: str, at: int, sign: str) -> None:
    number = body + check_sign(body)
    wrong = number[:at] + sign + number[at + 1 :]
    assert is_id_number(number)
    assert is_id_number(wrong) == (wrong == number)


@given(BODIES, st.integers(0, 16))
def test_two_neighbours_that_changed_places_are_always_found(body: str, at: int) -> None:
    number = body + check_sign(body)
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert is_id_number(swapped) == (swapped == number)


@given(BODIES)
def test_no_region_is_refused(body: str) -> None:
    assert check_id_number(body + check_sign(body), TODAY).usable
    assert check_id_number(body[:6] + body[8:], TODAY) is IdFinding.OLD


@given(BODIES, st.lists(st.integers(0, 18), max_size=4), st.sampled_from(" -－　.—"))
def test_what_stands_between_the_digits_changes_nothing(body: str, places: list[int], between: str) -> None:
    number = body + check_sign(body)
    typed = number
    for place in places:
        typed = typed[:place] + between + typed[place:]
    assert normalised_id(typed) == number
    assert missing_signs(typed) == 0
    assert check_id_number(typed, TODAY).usable


@given(st.text(max_size=40))
def test_no_text_breaks_the_check_and_what_is_usable_has_fifteen_or_eighteen_signs(typed: str) -> None:
    if check_id_number(typed, TODAY).usable:
        assert re.fullmatch("[0-9]{15}|[0-9]{17}[0-9X]", normalised_id(typed))
    assert normalised_id(normalised_id(typed)) == normalised_id(typed)


def test_a_clock_that_lost_its_battery_tells_nobody_that_they_are_not_born() -> None:
    assert check_id_number("11010519491231002X", date(1970, 1, 1)) is IdFinding.FINE
    body = f"110105{CLOCK_SHOWS_AT_LEAST.year + 1}0101001"
    assert check_id_number(body + check_sign(body), date(1970, 1, 1)) is IdFinding.NOT_YET_BORN


@pytest.mark.parametrize("number", ["11010519491231002X", "110105491231002", "110105 19491231 002x", "123456"])
def test_a_masked_number_shows_four_signs_and_no_birth_date(number: str) -> None:
    shown = masked_id(number)
    assert shown == "＊＊＊＊" + normalised_id(number)[-4:]
    assert masked_id("") == ""
    assert masked_id("002X") == "＊＊＊＊"


# --- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" 李　 四 ", "李四"),
        ("阿卜杜拉 ・ 买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉‧买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉.买买提", "阿卜杜拉·买买提"),
        ("J. R.  Smith", "J. R. Smith"),
        ("Ｌｉ　Ｍｉｎｇ", "Li Ming"),
        ("Li\tMing\n", "Li Ming"),
        ("\u202e王\u200b小明\ufeff", "王小明"),
        ("·王·", "王"),
        ("﨑山", "﨑山"),
        ("葛\U000e0100飾", "葛\U000e0100飾"),
        ("王*明", "王*明"),
    ],
)
def test_a_name_is_kept_as_it_is_written_on_a_card(typed: str, kept: str) -> None:
    assert normalised_name(typed) == kept


@given(st.text())
def test_no_text_breaks_a_name_and_one_that_is_kept_is_kept_again(typed: str) -> None:
    kept = normalised_name(typed)
    assert normalised_name(kept) == kept
    if valid_name(typed).usable:
        assert kept
        assert not {"Cc", "Cf", "Cs"} & set(map(unicodedata.category, kept))
        assert valid_name(kept) is valid_name(typed)


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=20))
def test_every_name_of_hanzi_is_fine(name: str) -> None:
    assert valid_name(name) is NameFinding.FINE


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王小明", "王＊＊"),
        ("　欧阳 修", "欧＊＊"),
        ("𠮷小兰", "𠮷＊＊"),
        ("Ａnna O'Neil", "A＊＊"),
        ("", ""),
        ("···", ""),
    ],
)
def test_a_masked_name_shows_one_character_and_not_how_long_it_is(name: str, shown: str) -> None:
    assert masked_name(name) == shown


# --- words ------------------------------------------------------------------------------------------------------------


def test_there_are_words_for_every_finding_that_is_not_fine_and_for_nothing_else() -> None:
    kinds = (("id", IdFinding), ("name", NameFinding), ("phone", PhoneFinding))
    wanted = {f"{kind}_{finding}" for kind, findings in kinds for finding in findings if finding != "fine"}
    assert set(IDENTITY_WORDS) == wanted
    assert [identity_words(finding) for finding in (IdFinding.FINE, NameFinding.FINE, PhoneFinding.FINE)] == [""] * 3


@pytest.mark.parametrize("key", IDENTITY_WORDS)
def test_the_words_are_one_or_two_short_sentences_and_blame_nobody(key: str) -> None:
    words = IDENTITY_WORDS[key]
    told = sentences(words.replace("{missing}", "十七").replace("{extra}", "十七"))
    assert 1 <= len(told) <= 2
    assert [sentence for sentence in told if length(sentence) > SENTENCE_LIMIT] == []
    assert NEVER.findall(words) == []
    assert "你" not in words
    assert set(re.findall(r"\{(\w+)\}", words)) <= {"missing", "extra"}
    assert re.sub(r"\{\w+\}", "", words).encode("gb2312")
    assert not re.search(r"[A-Za-z0-9,;:!?()]", re.sub(r"\{\w+\}", "", words))
    assert set(re.findall("「([^」]+)」", words)) <= {"退一格"}


@given(st.text(alphabet="0123456789X -", max_size=30))
def test_what_is_heard_never_has_the_number_in_it(typed: str) -> None:
    assert not re.search("[0-9X]", identity_words(check_id_number(typed, TODAY), typed))


# --- a reader that types ----------------------------------------------------------------------------------------------

NUMBER = "11010519491231002X"


@pytest.mark.parametrize("code", [NUMBER, NUMBER.lower(), f" {NUMBER}\r\n"])
def test_a_reader_that_types_tells_the_number_of_a_card(code: str) -> None:
    assert read_scan(code) == CardRead(id_number=NUMBER)


@pytest.mark.parametrize(
    "code",
    [
        NUMBER[:-1] + "1",
        NUMBER[:-1],
        "0" + NUMBER,
        f"http://example.org/{NUMBER}",
        "110105194913310020",
        "110105491231002",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105 19491231 002X",
    ],
)
def test_what_is_not_exactly_such_a_number_is_foreign(code: str) -> None:
    assert read_scan(code) == ForeignCodeScanned()


@pytest.mark.parametrize("suffix", Suffix)
@pytest.mark.parametrize("end", ["\r", "\t", ""])
def test_a_card_that_is_typed_gets_into_no_field_whatever_the_reader_ends_it_with(suffix: Suffix, end: str) -> None:
    wedge = Wedge[str](suffix=suffix)
    for place, key in enumerate(NUMBER + end):
        assert wedge.take(key, key, place * 0.004) == ()
    assert wedge.pause() == (Scanned(code=NUMBER),)


def test_a_person_who_keys_their_number_is_not_a_reader() -> None:
    wedge = Wedge[str]()
    typed: list[str] = []
    for place, key in enumerate(NUMBER):
        for outcome in wedge.take(key, key, place * 0.06):
            assert isinstance(outcome, Typed)
            typed += outcome.keys
    (last,) = wedge.pause()
    assert isinstance(last, Typed)
    assert "".join((*typed, *last.keys)) == NUMBER
