"""The handbook holds the whole script, and reads well as Markdown."""

import re

import pytest

from assets.words import LANGUAGES, load_translations
from petition.ears import SENDING
from petition.handbook import ACTS, TARGETS, WHENS, handbook
from petition.script.book import STEPS, messages
from petition.script.phrases import COMMANDS, NUMBERS
from petition.steps import Act, Choice, Command, Step, When

PAGE = handbook({language: load_translations(language, strict=True) for language in LANGUAGES})


def section(step: Step) -> str:
    start = PAGE.index(f"### `{step.id}` ")
    return PAGE[start : PAGE.index("\n#", start + 1)]


def row(step: Step, choice: Choice) -> str:
    label = f"**{choice.label}**" if choice.primary else choice.label
    return next(
        line for line in section(step).splitlines() if re.match(rf"\| [^|]* \| {re.escape(label)}(?: |<br>)", line)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_stands_in_it_in_every_language(language: str) -> None:
    translate = load_translations(language, strict=True)
    cells = PAGE.replace("<br>", "\n")
    assert [context for context, source in messages() if translate(context, source) not in cells] == []


def test_every_step_has_its_words_every_answer_its_phrases_and_where_it_leads() -> None:
    for step in STEPS.values():
        assert all(
            text.replace("\n", "<br>") in section(step) for text in (step.title, step.body, step.spoken, step.help)
        )
        for choice in step.choices:
            told = row(step, choice)
            assert "、".join(choice.phrases) in told, (step.id, choice.id)
            assert TARGETS.get(choice.to, f"[`{choice.to}`]") in told, (step.id, choice.id)


def test_what_sends_and_what_wipes_is_marked() -> None:
    for step in STEPS.values():
        for choice in step.choices:
            assert ("**sends**" in row(step, choice)) is (choice.act in SENDING)
            assert ("**wipes**" in row(step, choice)) is (choice.act is Act.FINISH)


def test_every_command_and_every_number_stands_in_it() -> None:
    for words in COMMANDS:
        assert "、".join(words.phrases) in PAGE, words.command
    for said in NUMBERS:
        assert "、".join(said) in PAGE
    assert set(Command) == {words.command for words in COMMANDS}


def test_every_act_and_every_condition_is_explained() -> None:
    assert set(ACTS) == set(Act)
    assert set(WHENS) == set(When)


def test_the_key_of_an_answer_tells_when_it_may_be_another() -> None:
    welcome = STEPS["welcome"]
    keys = [row(welcome, choice).split("|")[1].strip() for choice in welcome.choices]
    assert keys == ["1", "2", "2–3", "3–4", "4–5", "5–6"]
    typing = STEPS["type_text"]
    assert [row(typing, choice).split("|")[1].strip() for choice in typing.choices] == ["#", "*"]


def test_tables_are_square_links_lead_somewhere_and_fences_are_closed() -> None:
    for table in re.findall(r"(?:^\|.*\n)+", PAGE, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1, table[:80]
    headings = {
        re.sub(r"[^\w-]", "", heading.lower().replace(" ", "-"))
        for heading in re.findall(r"^#+ (.*)$", PAGE, re.MULTILINE)
    }
    assert {target for target in re.findall(r"\]\(#([^)]+)\)", PAGE) if target not in headings} == set()
    assert PAGE.count("```") % 2 == 0


def test_the_flowcharts_name_every_step_and_draw_no_road_to_nowhere() -> None:
    charts = "\n".join(re.findall(r"```mermaid\n(.*?)```", PAGE, re.DOTALL))
    named = set(re.findall(r"^  (\w+)[(\[]", charts, re.MULTILINE))
    assert set(STEPS) <= named
    assert {end for pair in re.findall(r"^  (\w+) -->\|.*\| (\w+)$", charts, re.MULTILINE) for end in pair} <= named


def test_it_is_the_same_every_time() -> None:
    assert handbook({language: load_translations(language) for language in LANGUAGES}) == PAGE
