"""What the kiosk listens for at one moment, and what each phrase means; derived from the state like the screen.

A phrase means the very event that a finger would have caused, so nothing can be said that can't be pressed. What is
exact or comes near is decided where the sound is heard; nothing that is not exact ever gets here as a PhraseHeard.
"""

import re
from dataclasses import dataclass, replace

from petition import events as ev
from petition.offer import ENTRY, guarded, offered
from petition.script.book import STEPS
from petition.script.phrases import CLEAR, COMMANDS, ERASE, NUMBERS
from petition.state import State
from petition.steps import ENDED, WELCOME, Act, Choice, Command, Field, Input, Journey
from petition.utterance import count_in_hanzi

Meaning = ev.ChoicePressed | ev.NumberPressed | ev.CommandGiven | ev.DigitsEdited
"""What a phrase can stand for."""

DIGITS_OF = {
    Field.PHONE: "phone_digits",
    Field.NUMBER: "number_digits",
    Field.CODE: "code_digits",
    Field.PIN: "pin_digits",
    Field.DESK_NUMBER: "desk_digits",
    Field.PRINCIPAL_PHONE: "principal_digits",
    Field.AGENT_PHONE: "agent_digits",
    Field.ID_NUMBER: "id_digits",
    Field.AGENT_CODE: "agent_code",
}
"""The fields of the state in which digits are being written."""
PHONES = frozenset({Field.PHONE, Field.PRINCIPAL_PHONE, Field.AGENT_PHONE})
SAID = frozenset({*PHONES, Field.NUMBER, Field.CODE, Field.ID_NUMBER})
"""Those that can be said as well. A staff PIN is keyed: who says it has told it to everybody."""
SENDING = frozenset(
    {Act.SUBMIT, Act.RATE, Act.REVIEW, Act.URGE, Act.WITHDRAW, Act.REVOKE, Act.KEEP_AGAIN, Act.SUBMIT_ANYWAY}
)
"""What gives something out of the resident's hands: heard only after what it is about, and only its own words."""
AGREEING = frozenset({Act.AGREE, Act.CONSENT})
"""What is a yes to a sentence that is read: heard only after it, too, and only by its own words."""
OWN_WORDS = SENDING | AGREEING
_CALL_STAFF = next(words for words in COMMANDS if words.command is Command.CALL_STAFF)
_PERSON = "工作人员"
"""While somebody dictates, a person is called only by words with this in them: 「找个人来」 may be their petition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ears:
    """What is being listened for. Equal ears need nothing done."""

    open: bool = False
    """Whether the microphone is open: seen on the screen as an ear, always."""
    phrases: tuple[str, ...] = ()
    """What can be said now, in Mandarin, without marks and spaces; nothing else is ever acted on."""
    digits: bool = False
    """Whether digits can be said, too, any number of them in a row."""


def ears(state: State) -> Ears:
    """Return what is listened for; closed ears listen for nothing."""
    if not listening(state):
        return Ears()
    return Ears(open=True, phrases=tuple(_meanings(state)), digits=STEPS[state.step].writes in SAID)


def listening(state: State) -> bool:
    """Whether the microphone is open for words.

    On the welcome screen only where the operator wants it or somebody has already begun; never where a visit has ended,
    and never without something that makes words out of sound: then it is open for recordings alone.
    """
    if not (state.hearing and state.microphone):
        return False
    if state.step == WELCOME:
        return state.begun or state.rules.listen_when_idle
    return not STEPS[state.step].leaves_after_seconds


def meaning(state: State, phrase: str) -> Meaning | None:
    """Return the event that a phrase stands for now, or None when it is not listened for."""
    return _meanings(state).get(phrase) if listening(state) else None


def asked_back(state: State) -> Meaning | None:
    """Return what is asked back by 「您是说…吗？」, or None when it is no longer offered.

    It was heard: answering by finger needs no ears, should they be gone by now.
    """
    return _meanings(beneath(state)).get(state.meant)


def beneath(state: State) -> State:
    """Return the visit as it is under the overlay that lies uppermost."""
    return replace(state, step=state.covered[-1], covered=state.covered[:-1]) if state.covered else state


def may_be_asked_back(state: State, phrase: str) -> bool:
    """Whether 「您是说…吗？」 may be asked about it: a mere 「对」 must neither send, nor agree to, nor end anything."""
    match meaning(state, phrase):
        case ev.ChoicePressed(choice_id=choice_id):
            acts = [choice.act for choice in offered(state) if choice.id == choice_id]
        case ev.NumberPressed(number=number):
            acts = [choice.act for choice in offered(state)[number - 1 : number]]
        case ev.CommandGiven(command=command):
            ends = STEPS[state.step].back == ENDED and command is Command.BACK
            return command is not Command.FINISH and not ends
        case ev.DigitsEdited():
            return True
        case None:
            return False
    return not set(acts) & {*OWN_WORDS, Act.FINISH}


def phrases_of(choice: Choice) -> tuple[str, ...]:
    """Return what can be said for an answer in Mandarin; of the catalogue's entries their Mandarin name."""
    if not choice.id.startswith(ENTRY):
        return choice.phrases
    name = re.sub(r"\d{1,4}", lambda digits: count_in_hanzi(int(digits[0])), choice.say)
    plain = "".join(re.findall("[\u4e00-\u9fff]", name))
    return (plain,) if len(plain) > 1 and not re.search(r"\w", name, re.ASCII) else ()


def _meanings(state: State) -> dict[str, Meaning]:
    """Return every phrase with its meaning: answers first, then what is written here, then what works everywhere.

    Last come the catalogue's entries: whatever their names are, they take no word from those.
    """
    step, found = STEPS[state.step], dict[str, Meaning]()
    if step.journey is Journey.STAFF:  # nobody opens the desk or prints by calling out; 「返回」 leads away from it
        for words in COMMANDS:
            _add(found, words.phrases, ev.CommandGiven(command=words.command))
        return found
    entries = [choice for choice in offered(state) if choice.id.startswith(ENTRY)]
    heard_out = state.heard_out or step.takes is Input.SPEECH  # there only they speak: it was read to them before
    for choice in offered(state):
        if choice not in entries and (choice.act not in OWN_WORDS or heard_out):
            _add(found, phrases_of(choice), _asked_first(state, choice) or ev.ChoicePressed(choice_id=choice.id))
    if step.takes is Input.SPEECH:
        _add(found, tuple(p for p in _CALL_STAFF.phrases if _PERSON in p), ev.CommandGiven(command=Command.CALL_STAFF))
        return found
    if step.writes in DIGITS_OF:
        _add(found, ERASE, ev.DigitsEdited(digits=getattr(state, DIGITS_OF[step.writes])[:-1]))
        _add(found, CLEAR, ev.DigitsEdited(digits=""))
    elif step.takes not in {Input.TEXT, Input.KEYS}:
        for number, (phrases, choice) in enumerate(zip(NUMBERS, offered(state), strict=False), 1):
            if choice.act not in OWN_WORDS:  # that takes its own words: 「七号」 is too near to 「一号」
                _add(found, phrases, _asked_first(state, choice) or ev.NumberPressed(number=number))
    for words in COMMANDS:
        _add(found, words.phrases, ev.CommandGiven(command=words.command))
    for entry in entries:
        _add(found, phrases_of(entry), ev.ChoicePressed(choice_id=entry.id))
    return found


def _asked_first(state: State, choice: Choice) -> Meaning | None:
    """Return what is meant instead where somebody's 「办完了」 to a neighbour would take a number or a draft from sight.

    A finger is at the screen when it ends a visit; a word may be meant for somebody else. So it is asked about, as
    「结束」 is.
    """
    asks = guarded(state) is not None or (not state.draft.empty and state.step != "confirm_leave")
    return ev.CommandGiven(command=Command.FINISH) if choice.act is Act.FINISH and asks else None


def _add(found: dict[str, Meaning], phrases: tuple[str, ...], event: Meaning) -> None:
    for phrase in phrases:
        found.setdefault(phrase, event)
