"""Examines the kiosk part by part: what works, what doesn't, and what to do about it."""

from collections.abc import Callable, Sequence

from kiosk.configuration import Configuration, models_directory, state_directory
from kiosk.examine import devices, machine
from kiosk.examine.bell import bell
from kiosk.examine.cards import card_reader
from kiosk.examine.finding import Condition, Finding, care
from kiosk.examine.headphones import headphones
from kiosk.examine.pictures import pictures
from kiosk.examine.printer import printer
from kiosk.examine.recogniser import recogniser
from kiosk.examine.scanners import scanners
from kiosk.examine.state import examine_state
from kiosk.folders import cache_directory
from kiosk.journal import places
from kiosk.pads import has_jack

Examination = Callable[[], Finding | list[Finding]]


def examinations(configuration: Configuration) -> dict[str, Examination]:
    """Return every examination by the part it is about, in the order in which they are made."""
    voice, keys = configuration.voice, configuration.keys
    return {
        "packages": devices.packages,
        "fonts": devices.fonts,
        "display": devices.display,
        "voice": lambda: devices.mouth(voice.speaker, voice.voices),
        "headphones": lambda: headphones(voice.headphones, told=has_jack(keys.device, keys.pad)),
        "microphone": lambda: devices.ear(voice.microphone),
        "recogniser": lambda: recogniser(voice.model, models_directory(configuration)),
        "keyboard": lambda: devices.keyboard(cache_directory()),
        "scanner": lambda: scanners(configuration.scanner),
        "camera": lambda: pictures(configuration.pictures),
        "card": lambda: card_reader(configuration.card),
        "bell": lambda: bell(configuration.bell),
        "state": lambda: examine_state(configuration, state_directory(configuration)),
        "printer": lambda: printer(configuration.printer),
        "print-jobs": machine.print_jobs,
        "swap": machine.swap,
        "core-dumps": machine.core_dumps,
    }


def examine(made: dict[str, Examination]) -> tuple[Finding, ...]:
    """Make examinations; one that fails itself is a finding, too, and keeps none of the others from being made."""
    found: list[Finding] = []
    for part, examination in made.items():
        try:
            result = examination()
        except Exception as error:  # noqa: BLE001 - a doctor does not die of a patient
            where = f"{type(error).__name__} at {places(error)}"
            result = care(part, f"没查成，请报告这一行：{where}", f"could not be examined, please report: {where}")
        found += result if isinstance(result, list) else [result]
    return tuple(found)


def can_serve(found: Sequence[Finding]) -> bool:
    """Tell whether residents can be served: nothing essential is missing, and there is a way to say something."""
    by_part = {finding.part: finding.condition for finding in found}
    dumb = all(by_part.get(part, Condition.OK) is not Condition.OK for part in ("microphone", "keyboard"))
    return not dumb and Condition.MISSING not in by_part.values()
