"""The words of the pages: three languages, nothing missing, nothing of one in another."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import words
from gateway.audit import Deed
from gateway.calls import Reason
from gateway.desk import Tab
from gateway.outbox import CallNews
from gateway.pages import SIGNS
from gateway.reviews import Outcome
from offline_queue.protocol import EventKind
from petition.model import (
    AttachmentKind,
    Authority,
    Language,
    Relation,
    Scope,
    Sensitive,
    Stage,
    StageState,
    TextSource,
)

BEIJING = timezone(timedelta(hours=8))
ONLY_SIMPLIFIED = set("们这还没说话号码类办录进来设备软机时间过写张图给问题评价网线钟点听声现开关证护记谁让请")
CODE = [path for path in files("gateway").iterdir() if path.name.endswith(".py")]
TEMPLATES = [path for path in files("gateway").joinpath("templates").iterdir() if path.name.endswith(".html")]


def test_every_entry_has_all_three_languages_with_the_same_places_to_fill() -> None:
    for key, entry in words.all_words().items():
        assert set(entry) == {language.value for language in Language}, key
        assert len({frozenset(re.findall(r"{(\w+)}", text)) for text in entry.values()}) == 1, key
        assert all(text.strip() == text and text for text in entry.values()), key


def test_there_is_no_hanzi_in_english_and_no_simplified_only_character_in_traditional() -> None:
    for key, entry in words.all_words().items():
        assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", entry["en"]), key
        assert not ONLY_SIMPLIFIED & set(entry["zh_Hant"]), key


FAMILIES: dict[str, tuple[str, ...]] = {
    "": ("session_over", "signed_out"),
    "stage.": (*Stage, "none"),
    "plain.": (*Stage, "none"),
    "state.": tuple(StageState),
    "tab.": tuple(Tab),
    "deed.": tuple(Deed),
    "event.": tuple(EventKind),
    "attachment.": tuple(AttachmentKind),
    "language.": tuple(Language),
    "petition.": (
        *(source for source in TextSource if source is not TextSource.NONE),
        "recognised_no_sound",
        "confirmed_no_sound",
    ),
    "flag.": ("number-reused", "number-of-another-kiosk"),
    "column.": ("received", "number", "kind", "category", "kiosk", "attachments", "stage"),
    "kiosks.": ("name", "seen", "waiting", "parked", "devices", "software", "enrolled"),
    "record.": ("when", "who", "what", "which"),
    "step.": ("saved", "changed_meanwhile"),
    "call.reason.": tuple(Reason),
    "call.do.": tuple(reason for reason in Reason if reason is not Reason.HELP),
    "webhook.": (*CallNews, "plain", "urgent", "since"),
    "review.": (*Outcome, "saved", "same_reply"),
    "relation.": tuple(Relation),
    "authority.": ("none", *(authority for authority in Authority if authority)),
    "scope.": tuple(Scope),
    "consent.": tuple(Sensitive),
    "sign.": tuple(SIGNS),
}


def test_every_word_that_is_said_is_there_and_every_word_there_is_said() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (*TEMPLATES, *CODE)]
    quoted = {found for source in sources for found in re.findall(r"""["']([a-z_]+(?:\.[a-z_-]+)*)["']""", source)}
    said = {
        found
        for source in sources
        for found in re.findall(r"""say\((?:language, )?["']([\w.-]+)["']""", source)
        if not found.endswith(".")
    }
    built = {f"{prefix}{member}" for prefix, members in FAMILIES.items() for member in members}
    known = set(words.all_words())
    assert said | built <= known, (said | built) - known
    assert known <= quoted | built, known - quoted - built


@given(st.text(max_size=80))
def test_any_accept_language_header_gives_a_language(header: str) -> None:
    assert words.best_language(header) in Language


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (datetime(2027, 3, 8, 2, 10, tzinfo=UTC), "今天 10:10"),
        (datetime(2027, 3, 7, 15, 59, tzinfo=UTC), "昨天 23:59"),
        (datetime(2027, 3, 7, 16, 0, tzinfo=UTC), "今天 00:00"),
        (datetime(2027, 1, 2, 3, 4, tzinfo=UTC), "1月2日 11:04"),
        (datetime(2026, 12, 31, 3, 4, tzinfo=UTC), "2026年12月31日 11:04"),
    ],
)
def test_moments_are_written_as_people_here_say_them(at: datetime, written: str) -> None:
    now = datetime(2027, 3, 8, 12, 0, tzinfo=UTC)
    assert words.moment(Language.SIMPLIFIED, at, now, BEIJING) == written


def test_a_date_of_another_year_has_its_year() -> None:
    today = date(2027, 3, 8)
    assert words.day(Language.ENGLISH, date(2027, 3, 11), today) == "11/3"
    assert words.day(Language.TRADITIONAL, date(2028, 3, 11), today) == "2028年3月11日"
