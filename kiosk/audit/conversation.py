"""What a program can measure without a screen: rows 5, 6, 7, 11 and 12, from the script, the rules and the machine."""

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from kiosk.audit.ledger import Fault, Found, Measured
from kiosk.audit.moments import NOON, TEXTS, sample
from petition import effects as do
from petition import events as ev
from petition.derive import Context, utterance
from petition.machine import advance, begin
from petition.model import Draft, Language
from petition.offer import offered
from petition.saying import Saying, Told
from petition.script.book import STEPS
from petition.state import Preferences, Rules, State
from petition.steps import RETURN, WELCOME, Act, Command, Layout
from petition.utterance import Translate

RATE_COUNT, SLOWEST, FASTEST = 7, 0.5, 2.0
MOST_DECIBELS = 10.0
LEAST_IDLE_SECONDS, MOST_IDLE_SECONDS, LEAST_WARNING_SECONDS = 120, 300, 20
EXTENSIONS = 12
"""So often the idle warning is put off, one after the other; ten times would be enough."""
PHONE = "+8613800135678"


def words_to_say(language: Language, translate: Translate) -> Iterator[Found]:
    """Yield steps, helps, answers and commands of a language that say nothing when somebody asks them to."""
    context = Context(translate=translate, now=NOON)
    silent = 0
    asked = 0
    for step in STEPS:
        state = sample(step, language)
        sayings = [(told.value, Saying(told=told)) for told in (Told.STEP, Told.STEP_AGAIN, Told.HELP, Told.WHERE)]
        sayings += [(f"answer {choice.id}", Saying(told=Told.CHOICE, name=choice.id)) for choice in offered(state)]
        sayings += [(f"command {command}", Saying(told=Told.COMMAND, name=command)) for command in Command]
        for name, saying in sayings:
            asked += 1
            words = utterance(state, saying, context)
            if not words.text.strip():
                silent += 1
                yield Fault(row=5, what=f"no words to say in {language}: {step}, {name}")
            elif words.language != language:
                yield Fault(row=5, what=f"said in {words.language} instead of {language}: {step}, {name}")
    yield Measured(row=5, name=f"sayings without words, {language}", value=silent, limit=0, at_most=True)
    yield Measured(row=5, name=f"sayings asked for, {language}", value=asked, limit=1)


def speech(rates: tuple[float, ...], volumes: tuple[float, ...]) -> Iterator[Found]:
    """Yield rates, steps of the volume, and whether any input stops the speech and a visit's end resets both."""
    yield Measured(row=6, name="rates of speech", value=len(set(rates)), limit=RATE_COUNT)
    yield Measured(row=6, name="slowest rate", value=min(rates), limit=SLOWEST, at_most=True, unit="×")
    yield Measured(row=6, name="fastest rate", value=max(rates), limit=FASTEST, unit="×")
    for low, high in pairwise(sorted(volumes)):
        decibels = 20 * math.log10(high / low)
        yield Measured(row=6, name="step of the volume", value=decibels, limit=MOST_DECIBELS, at_most=True, unit="dB")
    stopped = 0
    for step in STEPS:
        for event in (ev.ScreenTouched(), ev.NumberPressed(number=1), ev.CommandGiven(command=Command.STOP_SPEECH)):
            _, effects = advance(replace(sample(step), speaking=True), event)
            if any(isinstance(effect, do.StopSpeech) for effect in effects):
                stopped += 1
            else:
                yield Fault(row=6, what=f"goes on speaking on {step} after {type(event).__name__}")
    yield Measured(row=6, name="inputs that stopped the speech, over all steps", value=stopped, limit=3 * len(STEPS))
    changed = replace(
        begin(Rules(), "1"), preferences=Preferences(rate=rates[-1], volume=volumes[-1], size="largest", theme="dark")
    )
    ended, _ = advance(changed, ev.TimerElapsed(name="idle"))
    if ended.preferences != Rules().preferences:
        yield Fault(row=6, what="rate, volume, size or theme outlast the visit")


def time_limits(rules: Rules) -> Iterator[Found]:
    """Yield the idle time, the warning in sight and sound, and whether one touch puts it off, again and again."""
    idle, warning = rules.idle_seconds, rules.warning_seconds
    yield Measured(row=7, name="idle time", value=idle, limit=LEAST_IDLE_SECONDS, unit="s")
    yield Measured(row=7, name="longest idle time", value=idle, limit=MOST_IDLE_SECONDS, at_most=True, unit="s")
    yield Measured(row=7, name="warning", value=warning, limit=LEAST_WARNING_SECONDS, unit="s")
    if STEPS["idle_warning"].layout is not Layout.COUNTDOWN:
        yield Fault(row=7, what="the warning shows no seconds")
    for step, made in STEPS.items():
        state = replace(sample(step), rules=rules)
        if not made.may_idle or (step == WELCOME and state.draft.empty):
            continue
        extended = 0
        while extended < EXTENSIONS:
            warned, _ = advance(state, ev.TimerElapsed(name="idle"))
            if warned.step != "idle_warning":
                yield Fault(row=7, what=f"no warning on {step}")
                break
            back, effects = advance(warned, ev.ScreenTouched())
            timer = any(isinstance(e, do.SetTimer) and e.name == "idle" and e.seconds >= idle for e in effects)
            # An overlay is laid away with the warning: what it lies over, and all that was given, is still there.
            kept = back.step == step or (made.overlay and back.step in state.covered)
            if not kept or back.draft != state.draft or not timer:
                yield Fault(row=7, what=f"a touch does not put the warning off on {step}, or costs something")
                break
            state, extended = back if back.step == step else state, extended + 1
        yield Measured(row=7, name="times a warning was put off by one touch", value=extended, limit=10, of=step)


def forgetting() -> Iterator[Found]:
    """Yield words that outlast a visit in the state, and whether calling a person keeps the visit."""
    state = replace(sample("review"), place_text="菜市场东门边上", strokes=(((123, 321), (234, 321)),))
    words = state.draft.text
    names = (state.name_text, state.principal_text, state.principal_digits, state.id_digits, repr(state.strokes[0]))
    called, _ = advance(state, ev.CommandGiven(command=Command.CALL_STAFF))
    if called.draft != state.draft or "review" not in called.covered:
        yield Fault(row=11, what="calling a person costs the visit something")
    warned, _ = advance(state, ev.TimerElapsed(name="idle"))
    ended, effects = advance(replace(warned, seconds_left=1), ev.TimerElapsed(name="second"))
    given = (words, state.phone_digits, state.place_text, *names)
    left = [word for word in given if word and word in repr(ended)]
    if not any(isinstance(effect, do.Wipe) for effect in effects):
        yield Fault(row=11, what="a visit that ran out does not ask for the wipe")
    yield Measured(row=11, name="words left in the state after a visit", value=len(left), limit=0, at_most=True)


def anonymous() -> Iterator[Found]:
    """Yield whether a petition that was typed can be filed without a telephone number, face or voice."""
    draft = Draft(petition_id="1", text=TEXTS[Language.SIMPLIFIED], language=Language.SIMPLIFIED)
    state: State = replace(sample("review"), draft=draft, phone_digits="", covered=())
    filed: list[Draft] = []
    for choice in offered(state):
        if choice.act is Act.SUBMIT:
            _, effects = advance(state, ev.ChoicePressed(choice_id=choice.id))
            filed += [effect.draft for effect in effects if isinstance(effect, do.FilePetition)]
    yield Measured(row=12, name="petitions filed without name, number, face or voice", value=len(filed), limit=1)
    if any(one.phone or one.attachments or one.on_behalf for one in filed):
        yield Fault(row=12, what="a petition of nobody's was filed with somebody's particulars")
    needed = [step.id for step in STEPS.values() if step.id == "contact_phone" and not _can_pass(step.id)]
    yield from (Fault(row=12, what=f"there is no way on without a number from {step}") for step in needed)


def _can_pass(step: str) -> bool:
    """Whether a step can be left with nothing given."""
    before = replace(sample(step), phone_digits="", draft=replace(sample(step).draft, phone=""))
    after, _ = advance(before, ev.CommandGiven(command=Command.BACK))
    return after.step != step and STEPS[step].back != RETURN
