"""How what is keyed, said, written or read from a card becomes text, names and digits."""

from dataclasses import dataclass, replace

from petition import desk, follow_up, proxy
from petition import effects as do
from petition import events as ev
from petition.ears import DIGITS_OF, PHONES, listening
from petition.identity import IdFinding, check_id_number, normalised_id, normalised_name, valid_name
from petition.model import Place, TextSource
from petition.offer import review_step
from petition.phone import PhoneFinding, check_phone, phone_number
from petition.receipt import CODE_DIGITS, NUMBER_DIGITS, is_receipt_number
from petition.saying import Told
from petition.script.book import STEPS
from petition.state import Busy, State
from petition.steps import NAMED, STAY, Field, Input
from petition.turn import Turn

PHONE_DIGITS = 12
ID_DIGITS = 18
NAME_LIMIT = 40
TEXT_LIMIT = 4000
"""Characters of a petition: far more than anybody types here, and still one screen of JSON."""
LIMITS = {
    Field.PHONE: PHONE_DIGITS,
    Field.NUMBER: NUMBER_DIGITS,
    Field.CODE: CODE_DIGITS,
    Field.PIN: 8,
    Field.DESK_NUMBER: NUMBER_DIGITS,
    Field.PRINCIPAL_PHONE: PHONE_DIGITS,
    Field.AGENT_PHONE: PHONE_DIGITS,
    Field.ID_NUMBER: ID_DIGITS,
    Field.AGENT_CODE: 12,
}
STAFFS = frozenset({Field.PIN, Field.DESK_NUMBER})
"""Digits that staff key."""
UNSPOKEN = frozenset({Field.PIN, Field.AGENT_CODE})
"""Digits of which nothing is said but to who wears headphones."""
FELT_IN_EAR = frozenset({*UNSPOKEN, Field.ID_NUMBER, *proxy.NAMES})
"""What is written here is told by its keys, one after the other: they are named to who wears headphones only."""
OPEN_ENDED = frozenset({*PHONES, Field.AGENT_CODE, Field.ID_NUMBER})
"""Digits that somebody says are all there: how many they are is not known before."""
SAID_WHOLE = {
    Field.PHONE: 11,
    Field.PRINCIPAL_PHONE: 11,
    Field.AGENT_PHONE: 11,
    Field.NUMBER: NUMBER_DIGITS,
    Field.CODE: CODE_DIGITS,
    Field.ID_NUMBER: ID_DIGITS,
}
"""So many digits said at once are the whole number, whatever was there before."""


@dataclass(frozen=True, slots=True)
class Move:
    """Where it goes on, and the phrase that is said there instead of what stands there; "" for that."""

    to: str = STAY
    phrase: str = ""


def take_card(turn: Turn, event: ev.CardRead) -> None:
    """Take from a card only what is asked for at the moment."""
    state = turn.state
    writes = STEPS[state.step].writes
    if writes is Field.ID_NUMBER and event.id_number:
        turn.to(id_digits=normalised_id(event.id_number)[:ID_DIGITS], keyed=True)
        turn.say(Told.PHRASE, "card_read")
    elif writes in {Field.NAME, Field.PRINCIPAL_NAME} and event.name:
        turn.to(**{proxy.NAMES[writes]: normalised_name(event.name)[:NAME_LIMIT]})
        turn.say(Told.PHRASE, "card_read")


def edit_text(turn: Turn, text: str) -> None:
    """Take what somebody has written so far."""
    state, text = turn.state, text[:TEXT_LIMIT]
    if state.busy is Busy.FILING:
        return  # what is on its way is not written on
    match STEPS[state.step].writes:
        case Field.TEXT:
            source = TextSource.TYPED if text.strip() else TextSource.NONE
            if text != state.draft.text:
                turn.to(draft=replace(state.draft, text=text, text_source=source, typed=""))
                _echo(turn, state.draft.text, text)
        case Field.PLACE:
            turn.to(place_text=text)
            _echo(turn, state.place_text, text)
        case Field.COMMENT:
            turn.to(comment=text)
            _echo(turn, state.comment, text)
        case Field.NAME | Field.PRINCIPAL_NAME | Field.AGENT_NAME as writes:
            name = proxy.NAMES[writes]
            before = getattr(state, name)
            turn.to(**{name: text[:NAME_LIMIT]})
            if state.headphones:  # a name is told to nobody else
                _echo(turn, before, text[:NAME_LIMIT])
        case _:
            pass


def _echo(turn: Turn, before: str, text: str) -> None:
    """Say what was written, or taken away, to somebody who finds their way by ear."""
    if turn.state.feeling and text != before:
        if text.startswith(before):
            turn.say(Told.TYPED, text.removeprefix(before))
        else:
            turn.say(Told.PHRASE, "taken_back")


def confirm_text(turn: Turn, to: str) -> str:
    """Take what was written as it is; return where it goes on, `to` unless something is the matter with it."""
    state = turn.state
    if STEPS[state.step].writes is Field.PLACE:
        if state.place_text.strip():
            turn.to(draft=replace(state.draft, place=Place(text=state.place_text.strip())))
        return to
    if (writes := STEPS[state.step].writes) in proxy.NAMES:
        return _confirm_name(turn, writes, to)
    if state.draft.text.strip() or state.draft.recordings:
        return to
    return "type_empty"


def _confirm_name(turn: Turn, writes: Field, to: str) -> str:
    """Take a name as it was written, or say what is the matter with it."""
    name = normalised_name(getattr(turn.state, proxy.NAMES[writes]))
    finding = valid_name(name)
    if finding.usable:
        turn.to(**{proxy.NAMES[writes]: name})
        proxy.give_name(turn, writes, name)
        return to
    turn.say(Told.PHRASE, f"name_{finding}")
    return STAY


def edit_digits(turn: Turn, digits: str) -> Move:
    """Take the digits that somebody has keyed so far; as many as there can be are all of them."""
    step = STEPS[turn.state.step]
    if step.takes is not Input.DIGITS or step.writes not in DIGITS_OF or turn.state.busy:
        return Move()
    signs = "0123456789X" if step.writes is Field.ID_NUMBER and digits[-1:] == "X" else "0123456789"
    kept = "".join(d for d in digits if d in signs)[: LIMITS[step.writes]]
    fewer = len(kept) < len(getattr(turn.state, DIGITS_OF[step.writes]))
    turn.to(**{DIGITS_OF[step.writes]: kept})
    if step.writes not in STAFFS:  # how a resident gave their digits is not changed by staff's
        turn.to(keyed=bool(kept) and (turn.state.keyed or not fewer))
    if turn.state.feeling or (fewer and listening(turn.state)):
        turn.say(Told.PHRASE, _read_back(turn.state, step.writes, kept))
    full = len(kept) == LIMITS[step.writes] and step.writes not in OPEN_ENDED
    return confirm_digits(turn) if full else Move()


def take_spoken_digits(turn: Turn, digits: str) -> Move:
    """Put digits behind those that are there and say them back; a whole number said at once takes their place."""
    state = turn.state
    writes = STEPS[state.step].writes
    if writes not in SAID_WHOLE or state.busy:
        return Move()
    name, whole = DIGITS_OF[writes], SAID_WHOLE[writes]
    before = getattr(state, name)
    kept = digits if len(digits) == whole else before + digits
    if len(kept) > LIMITS[writes]:
        return Move(phrase="miss_once")
    keyed = state.keyed and bool(before) and kept != digits
    turn.to(**{name: kept}, keyed=keyed)
    if writes is Field.PHONE and len(kept) == whole and (phone := phone_number(kept)):
        turn.to(draft=replace(state.draft, phone=phone))
        return Move("contact_confirm", "" if keyed else "phone_back")
    if writes is Field.NUMBER and is_receipt_number(kept):
        return Move("progress_code", "" if keyed else "number_back")
    if writes not in OPEN_ENDED and len(kept) == whole:
        return confirm_digits(turn)
    return Move(phrase=_read_back(turn.state, writes, kept))


def _read_back(state: State, writes: Field, digits: str) -> str:
    """Return the phrase that says the digits that are there.

    Of a query code, and of what was keyed where all can hear, it says only how many they are.
    """
    private = writes in {Field.CODE, Field.ID_NUMBER, *proxy.PHONES} or writes in STAFFS
    aloud = writes not in UNSPOKEN and (state.headphones or (not private and not state.keyed))
    written = "digits_back" if aloud else "digits_counted"
    return written if digits else "digits_none"


def add_x(turn: Turn) -> None:
    """Put the X behind the number of a card, of which it is the last sign."""
    digits = turn.state.id_digits
    if len(digits) == ID_DIGITS - 1:
        turn.to(id_digits=digits + "X", keyed=True)
        turn.say(Told.PHRASE, _read_back(turn.state, Field.ID_NUMBER, turn.state.id_digits))
    else:
        turn.say(Told.PHRASE, "x_is_last")


def confirm_digits(turn: Turn) -> Move:
    """Take the digits for all that there are."""
    state = turn.state
    match STEPS[state.step].writes:
        case Field.PHONE:
            phone = phone_number(state.phone_digits)
            if phone:
                turn.to(draft=replace(state.draft, phone=phone))
            return Move("contact_confirm" if phone else "contact_check")
        case Field.NUMBER:
            return Move("progress_code" if is_receipt_number(state.number_digits) else "wrong_number")
        case Field.CODE:
            if len(state.code_digits) == CODE_DIGITS:
                follow_up.look_up(turn, do.LookUp(number=state.number_digits, code=state.code_digits))
            else:
                turn.say()
        case Field.PRINCIPAL_PHONE | Field.AGENT_PHONE as writes:
            return _confirm_other_phone(turn, writes)
        case Field.ID_NUMBER:
            return _confirm_id(turn)
        case Field.AGENT_CODE:
            proxy.try_code(turn)
            if turn.state.busy is None:  # it is too short to be one: what is wanted is said again
                turn.say()
        case Field.PIN:
            desk.try_pin(turn)
        case Field.DESK_NUMBER:
            return Move(desk.find(turn, state.desk_digits))
        case _:  # 「号码就这样」: kept as it was keyed, for people to read
            turn.to(draft=replace(state.draft, phone=state.phone_digits))
            return Move("contact_confirm" if state.phone_digits else review_step(state))
    return Move()


def _confirm_other_phone(turn: Turn, writes: Field) -> Move:
    """Take the number of the person filed for, or of who files; what can be no number is asked about once more."""
    digits = getattr(turn.state, DIGITS_OF[writes])
    finding = check_phone(digits)
    if finding.usable or finding is PhoneFinding.EMPTY:
        proxy.give_phone(turn, writes, phone_number(digits) or "")
        return Move(NAMED)
    return Move(phrase=f"phone_{finding}")


def _confirm_id(turn: Turn) -> Move:
    """Take the number of a card, or say what is the matter with it; an old one of 15 digits is as good."""
    number = normalised_id(turn.state.id_digits)
    finding = check_id_number(number, turn.state.today)
    if finding.usable:
        turn.to(draft=replace(turn.state.draft, id_number=number), id_digits="")  # from now on it is seen masked only
    return Move("who" if finding.usable else STAY, "" if finding is IdFinding.FINE else f"id_{finding}")


def clear_digits(turn: Turn, to: str) -> None:
    """Forget the digits that are written at `to`, and what came of them."""
    writes = STEPS[to].writes
    if writes in DIGITS_OF:
        turn.to(**{DIGITS_OF[writes]: ""})
    if writes is Field.PHONE:
        turn.to(draft=replace(turn.state.draft, phone=""))  # it was said to be wrong: it must not go along
    if writes is Field.NUMBER:
        turn.to(code_digits="", progress=None, look_up=None)
