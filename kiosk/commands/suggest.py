"""`kiosk suggest`: what the kiosk would suggest a petition is about, why, and how often it is right."""

import argparse
import json
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kiosk.commands.line import DONE, show, show_json, words
from kiosk.commands.state import with_store
from kiosk.configuration import Configuration
from kiosk.printable import printable
from petition.errors import Fault, FaultCode
from petition.model import Catalogue, Language, Named
from petition.suggesting import explanation, suggestions

STDIN = "-"
NOTHING = ""
"""What is suggested first where nothing is."""


@dataclass(slots=True)
class Tally:
    """How petitions that belong to one category fared."""

    petitions: int = 0
    among: int = 0
    """So many had it among what was suggested."""
    first: Counter[str] = field(default_factory=Counter)
    """What was suggested first, NOTHING where nothing was."""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", anywhere: argparse.ArgumentParser) -> None:
    """Add this command to the line."""
    suggest = commands.add_parser("suggest", parents=[anywhere], help="what a petition is about, by its words, and why")
    what = suggest.add_mutually_exclusive_group(required=True)
    what.add_argument("text", nargs="?", metavar="TEXT", help="its words; - reads them from standard input")
    what.add_argument("--measure", type=Path, metavar="F", help="a TOML file of petitions and where each belongs")
    suggest.add_argument("--catalogue", type=Path, metavar="F", help="a catalogue.json; else the platform's")
    suggest.add_argument("--json", action="store_true", help="for programs")
    suggest.set_defaults(run=suggest_categories)


def suggest_categories(asked: argparse.Namespace, configuration: Configuration) -> int:
    """Suggest categories for words, or measure how well that is done."""
    from offline_queue.protocol import MAX_TEXT_CHARACTERS

    text = "" if asked.measure else words("TEXT", _text(asked.text), MAX_TEXT_CHARACTERS)
    catalogue = _catalogue(asked.catalogue, configuration)
    if asked.measure:
        _show_measured(measure(*_petitions(asked.measure, catalogue), catalogue), as_json=asked.json)
    else:
        _show_suggested(text, catalogue, as_json=asked.json)
    return DONE


def measure(
    petitions: Iterable[tuple[str, str]], nothing: Iterable[str], catalogue: Catalogue
) -> tuple[dict[str, Tally], Tally]:
    """Return how (category, petition) pairs fared by category, and how what fits none did; `among` is 0 for that."""
    fits = {category.id: Tally() for category in catalogue.categories}
    none = Tally()
    for category, text in petitions:
        _count(fits[category], category, suggestions(text, catalogue))
    for text in nothing:
        _count(none, NOTHING, suggestions(text, catalogue))
    return fits, none


def _count(tally: Tally, right: str, suggested: tuple[str, ...]) -> None:
    tally.petitions += 1
    tally.among += right in suggested
    tally.first[suggested[0] if suggested else NOTHING] += 1


def _show_suggested(text: str, catalogue: Catalogue, *, as_json: bool) -> None:
    names = {category.id: category.name(Language.SIMPLIFIED) for category in catalogue.categories}
    found = [(category, explanation(text, catalogue, category)) for category in suggestions(text, catalogue)]
    if as_json:
        show_json([{"category": category, "name": names[category], "because": why} for category, why in found])
    elif not found:
        show("Nothing: the words tell too little.")
    else:
        show(*(f"{printable(category)}  {printable(names[category])}  ({'、'.join(why)})" for category, why in found))


def _show_measured(measured: tuple[dict[str, Tally], Tally], *, as_json: bool) -> None:
    fits, none = measured
    if as_json:
        show_json(
            {
                "fits": {category: _told(category, tally) for category, tally in fits.items()},
                "nothing": {"petitions": none.petitions, "suggested": none.petitions - none.first[NOTHING]},
            }
        )
        return
    together = Tally(sum(each.petitions for each in fits.values()), sum(each.among for each in fits.values()))
    right = sum(tally.first[category] for category, tally in fits.items())
    silent = sum(tally.first[NOTHING] for tally in fits.values())
    show(f"{'category':32}{'petitions':>10}{'first':>8}{'among 3':>9}{'none':>7}")
    show(*(_row(category, tally, tally.first[category], tally.first[NOTHING]) for category, tally in fits.items()))
    show(_row("together", together, right, silent), "")
    show("Another one first:")
    for category, tally in fits.items():
        wrong = [
            f"{printable(other)} {n}" for other, n in tally.first.most_common() if other not in {category, NOTHING}
        ]
        if wrong:
            show(f"{printable(category):32}{', '.join(wrong)}")
    suggested = none.petitions - none.first[NOTHING]
    show("", f"Of {none.petitions} that fit nothing, {suggested} were suggested something.")


def _told(category: str, tally: Tally) -> dict[str, Any]:
    return {
        "petitions": tally.petitions,
        "first": tally.first[category],
        "among": tally.among,
        "none": tally.first[NOTHING],
        "confused": {other: n for other, n in tally.first.most_common() if other not in {category, NOTHING}},
    }


def _row(name: str, tally: Tally, first: int, silent: int) -> str:
    def share(count: int) -> str:
        return f"{count / tally.petitions:.0%}" if tally.petitions else "-"

    return f"{printable(name):32}{tally.petitions:10}{share(first):>8}{share(tally.among):>9}{share(silent):>7}"


def _text(given: str) -> str:
    raw = sys.stdin.buffer.read() if given == STDIN else given.encode(errors="surrogateescape")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise Fault(FaultCode.BAD_INPUT, "TEXT is not UTF-8: save it as UTF-8, or set LANG=C.UTF-8") from None


def _catalogue(path: Path | None, configuration: Configuration) -> Catalogue:
    catalogue = _read_catalogue(path) if path else with_store(configuration, lambda store: store.catalogue())
    if not catalogue.categories:
        raise Fault(FaultCode.BAD_INPUT, "there are no categories: run kiosk sync --once, or give --catalogue FILE")
    return catalogue


def _read_catalogue(path: Path) -> Catalogue:
    from offline_queue.protocol import Entry

    try:
        entries = [Entry(**entry) for entry in json.loads(path.read_bytes())["categories"]]
    except (KeyError, RecursionError, TypeError, ValueError):
        raise Fault(FaultCode.BAD_INPUT, "--catalogue is no catalogue.json with categories") from None
    return Catalogue(
        categories=tuple(
            Named(id=entry.id, names=tuple(entry.names.items()), examples=entry.examples) for entry in entries
        )
    )


def _petitions(path: Path, catalogue: Catalogue) -> tuple[list[tuple[str, str]], list[str]]:
    """Return (category, text) pairs, and what fits no category; raises Fault(BAD_INPUT)."""
    try:
        content = tomllib.loads(path.read_bytes().decode())
        fits = [(category, text) for category, texts in content["fits"].items() for text in texts]
        nothing = list(content.get("nothing", []))
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        raise _wrong_file() from None
    if not all(isinstance(text, str) for text in (*nothing, *(text for _, text in fits))):
        raise _wrong_file()
    known = {category.id for category in catalogue.categories}
    if strange := sorted({category for category, _ in fits} - known):
        raise Fault(FaultCode.BAD_INPUT, f"--measure has a category the catalogue has not: {printable(strange[0])}")
    return fits, nothing


def _wrong_file() -> Fault:
    return Fault(FaultCode.BAD_INPUT, '--measure is TOML: nothing = ["…"], and [fits] with category = ["…"]')
