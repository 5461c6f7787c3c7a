import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petition.errors import Bug, FaultCode
from petition.journal import FACTS, Entry, entry


def test_an_entry_holds_ids_enums_and_numbers() -> None:
    line = entry(Entry.PETITION_FILED, number="102300012392", code=FaultCode.DISK_FULL, level=3)
    assert line.facts == (("number", "102300012392"), ("code", "disk-full"), ("level", 3))


@pytest.mark.parametrize("name", FACTS)
@given(words=st.text(min_size=1).filter(lambda text: not re.fullmatch(r"[A-Za-z0-9_.:< -]+", text)))
def test_no_fact_has_room_for_free_text(name: str, words: str) -> None:
    with pytest.raises(Bug):
        entry(Entry.STOPPED, **{name: words})


@pytest.mark.parametrize("name", FACTS)
@pytest.mark.parametrize("digits", ["13800138000", "+8613800138000", "48392048392048392048", "483920"])
def test_no_fact_takes_a_telephone_number_a_tag_or_a_code_as_text(name: str, digits: str) -> None:
    with pytest.raises(Bug):
        entry(Entry.STOPPED, **{name: digits})


@pytest.mark.parametrize("name", ["text", "words", "message", "phone", "name"])
def test_a_fact_that_is_not_on_the_list_is_a_bug(name: str) -> None:
    with pytest.raises(Bug, match=name):
        entry(Entry.STARTED, **{name: 1})


@pytest.mark.parametrize("event", Entry)
def test_every_event_has_a_stable_name(event: Entry) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", event.value)
