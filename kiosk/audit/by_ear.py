"""What somebody hears who sees nothing: what is reached (row 5), private listening (6), finding one's way (10)."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from kiosk.audit.ledger import Fault, Found, Measured, Spot
from kiosk.audit.matrix import LANGUAGES, Way
from kiosk.audit.showing import context, state_of
from petition import effects as do
from petition import events as ev
from petition.derive import utterance
from petition.machine import TRIES_OF_KEY, advance
from petition.pad import Movement
from petition.saying import Saying, Told
from petition.script.book import STEPS
from petition.state import VOLUMES, Hush, Recorder, State
from petition.steps import Command
from ui.page import Page
from ui.widgets.control import Control

PRACTICE = "settings_keys"
"""The step on which a key says what it is for, and does nothing else."""
WAY = Way("larger", "light", LANGUAGES[0], "landscape")


# -- what is reached ---------------------------------------------------------------------------------------------------


def unsaid(page: Page, spot: Spot) -> Iterator[Found]:
    """Yield controls that can be reached and of which nothing is said."""
    silent = [control for control in page.controls() if not sayable(said_of(control, spot))]
    for control in silent:
        yield Fault(row=5, what=f"nothing is said of {type(control).__name__} {control.text()!r}")
    yield Measured(row=5, name="controls of which nothing is said", value=len(silent), limit=0, at_most=True)


def said_of(control: Control, spot: Spot) -> str:
    """Return what is said when keys or a finger come to a control: an answer's or command's words, else its name."""
    match control.act:
        case ev.ChoicePressed(choice_id=name):
            return _words(spot.step, spot.way.language, Told.CHOICE, name)
        case ev.CommandGiven(command=command):
            return _words(spot.step, spot.way.language, Told.COMMAND, command)
        case _:
            return control.accessibleName()


def sayable(words: str) -> bool:
    """Whether there is anything in it that a voice can say: marks alone are silence."""
    return any(character.isalnum() for character in words)


@cache
def _words(step: str, language: str, told: Told, name: str) -> str:
    spot = Spot(step=step, way=WAY._replace(language=language))
    return utterance(state_of(spot), Saying(told=told, name=name), context(language)).text


def may_speak(state: State) -> bool:
    """Whether what is reached may be said: not into a recording, and not while something is being waited for."""
    return state.recorder is Recorder.OFF and state.busy is None


def said_by(state: State, event: object) -> str:
    """Return the words that an event makes the kiosk say; "" for none."""
    if not isinstance(event, ev.Event):
        return ""
    after, effects = advance(state, event)
    saying = next((effect.saying for effect in effects if isinstance(effect, do.Say)), None)
    return utterance(after, saying, context(state.preferences.language)).text if saying else ""


# -- private listening -------------------------------------------------------------------------------------------------


def headphones() -> Iterator[Found]:
    """Yield whether unplugging silences every step, what was hushed is heard in headphones, and the volume's return."""
    silenced = heard = 0
    for step in STEPS:
        state = replace(state_of(Spot(step=step, way=WAY)), headphones=True)
        after, effects = advance(state, ev.HeadphonesUnplugged())
        stopped = any(isinstance(effect, do.StopSpeech) for effect in effects)
        if stopped and not after.speaking and not any(isinstance(effect, do.Say) for effect in effects):
            silenced += 1
        else:
            yield Fault(row=6, what=f"goes on speaking to the room on {step} when headphones are pulled out")
        hushed = replace(state.preferences, hush=Hush.SILENT)
        plugged, effects = advance(replace(state, headphones=False, preferences=hushed), ev.HeadphonesPlugged())
        volumes = [effect.volume for effect in effects if isinstance(effect, do.TuneSpeech)]
        heard += bool(volumes) and volumes[-1] == plugged.preferences.volume > 0
    count = len(STEPS)
    yield Measured(row=6, name="steps silenced by pulling out headphones", value=silenced, limit=count)
    yield Measured(row=6, name="steps heard in headphones though hushed", value=heard, limit=count)
    state = replace(state_of(Spot(step="kind", way=WAY)), headphones=True)
    for _ in VOLUMES:
        state, _ = advance(state, ev.CommandGiven(command=Command.LOUDER))
    yield Measured(row=6, name="loudest in headphones", value=state.voice_volume, limit=VOLUMES[-1], unit="of full")
    state, _ = advance(replace(state, step="idle_warning", seconds_left=1), ev.TimerElapsed(name="second"))
    ended, effects = advance(state, ev.TimerElapsed(name="leave"))
    usual = ended.rules.preferences.volume
    tuned = [effect.volume for effect in effects if isinstance(effect, do.TuneSpeech)]
    off = abs(ended.voice_volume - usual) + abs((tuned or [0.0])[-1] - usual)
    yield Measured(row=6, name="volume left over after a visit in headphones", value=off, limit=0, at_most=True)


def repeated() -> Iterator[Found]:
    """Yield on how many steps what was stopped is said again when somebody asks for it."""
    again = 0
    for step in STEPS:
        state = state_of(Spot(step=step, way=WAY))
        stopped, _ = advance(state, ev.CommandGiven(command=Command.STOP_SPEECH))
        words = said_by(stopped, ev.CommandGiven(command=Command.REPEAT))
        if sayable(words):
            again += 1
        else:
            yield Fault(row=6, what=f"what was stopped on {step} cannot be heard again")
    yield Measured(row=6, name="steps said again after they were stopped", value=again, limit=len(STEPS))


# -- finding one's way -------------------------------------------------------------------------------------------------


def whereabouts() -> Iterator[Found]:
    """Yield on how many steps, in each language, 「我在哪」 says something that is not said on the one before."""
    for language in LANGUAGES:
        told = 0
        for step in STEPS:
            state = state_of(Spot(step=step, way=WAY._replace(language=language)))
            words = said_by(state, ev.CommandGiven(command=Command.WHERE_AM_I))
            told += sayable(words)
            if not sayable(words):
                yield Fault(row=10, what=f"“Where am I” says nothing on {step} in {language}")
        yield Measured(row=10, name=f"steps that say where one is, {language}", value=told, limit=len(STEPS))


def practice() -> Iterator[Found]:
    """Yield keys whose use is not told where keys are tried, what trying one changes, and the way out by any key."""
    meanings = (*Movement, *Command, 0, 1, 9, None)
    for language in LANGUAGES:
        state = state_of(Spot(step=PRACTICE, way=WAY._replace(language=language)))
        named = 0
        for meaning in meanings:
            event = ev.KeyTried(key=str(meaning), meaning=meaning)
            after, _ = advance(state, event)
            words = said_by(state, event)
            named += sayable(words)
            if not sayable(words):
                yield Fault(row=10, what=f"nothing is said of the key for {meaning} in {language}")
            if (after.step, after.draft, after.preferences) != (state.step, state.draft, state.preferences):
                yield Fault(row=10, what=f"trying the key for {meaning} changes something")
        yield Measured(row=10, name=f"keys named where they are tried, {language}", value=named, limit=len(meanings))
    for _ in range(TRIES_OF_KEY):
        state, _ = advance(state, ev.KeyTried(key="1", meaning=None))
    yield Measured(row=10, name="presses of one key that lead back", value=TRIES_OF_KEY, limit=3, at_most=True)
    if state.step == PRACTICE:
        yield Fault(row=10, what="no key alone leads out of trying keys")
