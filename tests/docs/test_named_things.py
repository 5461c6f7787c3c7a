"""What the pages name is there: files, tests, keys of the configuration, places on other pages."""

import re
from pathlib import Path

import pytest

from kiosk.configuration import Configuration
from petition.errors import FaultCode
from petition.script.book import messages

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "docs/decisions").glob("*.md")))
COMPLIANCE = (ROOT / "docs/compliance.md").read_text("utf-8")
ROOMS = "kiosk|petition|voice|ui|offline_queue|gateway|assets|tests|docs|deploy|requirements|tools|bench"
NAMING_BUTTONS = (
    "README",
    "docs/accessibility",
    "docs/architecture",
    "docs/calls",
    "docs/compliance",
    "docs/integrators",
    "docs/operators",
    "docs/scanning",
    "docs/threat-model",
)
"""The pages on which what stands in 「」 is on a screen; elsewhere people say things, too."""
SECTIONS = {name: getattr(Configuration(), name) for name in Configuration.model_fields}


def anchors(page: Path) -> set[str]:
    """Return the names by which the headings of a page are linked to, as forges make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        there = (page.parent / name).resolve() if name else page
        assert there.exists(), target
        if anchor:
            assert anchor in anchors(there), target


def test_every_file_and_test_the_page_of_compliance_names_is_there() -> None:
    named = {path for path in re.findall(r"`([^`\s]+)`", COMPLIANCE) if re.match(rf"({ROOMS})/", path)}
    assert len(named) > 40
    assert [path for path in sorted(named) if not (ROOT / path).is_file()] == []


def test_every_key_the_page_of_compliance_names_can_be_configured() -> None:
    named = re.findall(rf"`({'|'.join(SECTIONS)})\.([a-z_]+)`", COMPLIANCE)
    assert len(named) > 5
    for section, key in named:
        assert key in type(SECTIONS[section]).model_fields, f"{section}.{key}"


@pytest.mark.parametrize("name", NAMING_BUTTONS)
def test_every_word_a_page_quotes_from_a_screen_stands_there(name: str) -> None:
    shown = "\n".join(text for _, text in messages()) + (ROOT / "gateway/words.json").read_text("utf-8")
    quoted = re.findall(r"「([^」]+)」", (ROOT / f"{name}.md").read_text("utf-8"))
    assert [words for words in quoted if words.strip("。？，…") not in shown] == []


def test_every_code_that_a_complaint_may_end_with_is_explained_to_operators() -> None:
    page = (ROOT / "docs/operators.md").read_text("utf-8")
    assert [code.value for code in FaultCode if f"`{code.value}`" not in page] == []


def test_every_picture_that_is_there_is_shown_on_a_page() -> None:
    shown = {Path(path).name for page in PAGES for path in re.findall(r"\]\(([^)\s]+\.png)\)", page.read_text("utf-8"))}
    assert {picture.name for picture in (ROOT / "docs/pictures").iterdir()} == shown
