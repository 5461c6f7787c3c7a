"""From the state to what is seen and what is heard. The same words for eye and ear, unless the script says otherwise."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from petition import events as ev
from petition.dictation import ended, heard_so_far, last_sentence
from petition.ears import DIGITS_OF, asked_back, beneath, listening
from petition.identity import masked_id, masked_name, missing_signs
from petition.marks import marks_said
from petition.model import (
    CallStanding,
    Condition,
    LaterKind,
    Part,
    Progress,
    SpokenLanguage,
    Stage,
    StageState,
    WaitingFor,
)
from petition.offer import ENTRY, contents, is_chosen, offered
from petition.phone import missing_digits
from petition.pictures import SHOOTING
from petition.receipt import Role, in_fours
from petition.saying import Saying, Told
from petition.scan import CAMERA_STEPS
from petition.screen import Button, Caption, CaptionState, Curtain, Fact, Footer, Screen, Slip, Stop
from petition.script.book import STEPS
from petition.script.phrases import COMMANDS, JOURNEYS, PHRASES, SERVICE_NAME, STAGE_STATES, STAGES
from petition.slip import proxy_words
from petition.state import Busy, Loudness, Recorder, State
from petition.steps import ENDED, WELCOME, Act, Choice, Command, CommandWords, Field, Input, Journey, Layout, Step
from petition.utterance import (
    Said,
    Translate,
    Utterance,
    count_in_hanzi,
    counted,
    date_said,
    duration_said,
    fill,
    hotline_said,
    joined,
    moment_written,
    phone_tail_said,
    query_code_said,
    receipt_number_said,
    sentences,
    spelled,
)

SPOKEN_CHOICES = 6
"""Choices after this one are pressed, not announced by number: seven sounds like one."""
PHONE_GROUPS = (3, 4, 4)
ID_GROUPS = (6, 8, 4)
"""Where, born when, and which one."""
MOST_FACTS = 3
"""So many lines of what is wrong or waits: who has mended those sees the next ones."""
BY_MARK = {"#": "choice_hash", "*": "choice_star", "": "choice_plain"}
"""How choices are announced where the digits are being keyed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a derivation needs besides the state."""

    translate: Translate
    now: datetime
    """Local time, with its zone."""


# -- words -------------------------------------------------------------------------------------------------------------


def _phrase(state: State, context: Context, name: str) -> Utterance:
    return _words(state, context, f"phrase.{name}", PHRASES[name])


def _words(state: State, context: Context, place: str, source: str) -> Utterance:
    """Return a source text in the visit's language with its holes filled."""
    if not source:
        return Utterance(text="", language=state.preferences.language)
    template = context.translate(place, source)
    names = set(re.findall(r"\{(\w+)\}", template))
    return fill(template, {name: _value(state, context, name) for name in names}, state.preferences.language)


def _value(state: State, context: Context, name: str) -> Said:
    if name in LINES:
        return _line(state, context, name)
    return VALUES[name](state, context)


def _line(state: State, context: Context, name: str) -> Said:
    """Return a whole line, or nothing where there is nothing to tell."""
    if not LINES[name](state):
        return Said(written="")
    phrase = "overdue_line" if name == "expected_line" and _overdue_days(state, context) > 0 else name
    words = _phrase(state, context, phrase)
    return Said(written=words.text, spoken=words.spoken)


def _two_slips(state: State) -> bool:
    return state.receipt is not None and state.receipt.for_another


LINES: dict[str, Callable[[State], bool]] = {
    "sound_line": lambda s: bool(s.draft.recordings),
    "category_line": lambda s: bool(s.draft.category) and s.draft.regarding is None,
    "demonstration_line": lambda s: s.demonstration and listening(s),
    "place_line": lambda s: bool(s.draft.place.text) and s.draft.regarding is None,
    "play_line": lambda s: bool(s.draft.recordings),
    "own_slip_line": lambda s: _two_slips(s) and s.receipt is not None and s.receipt.role is Role.OWN,
    "agent_slip_line": lambda s: _two_slips(s) and s.receipt is not None and s.receipt.role is Role.AGENT,
    "for_line": lambda s: s.draft.on_behalf is not None,
    "picture_line": lambda s: bool(s.draft.pictures),
    "filed_line": lambda s: s.agent_filed > 0,
    "card_line": lambda s: s.rules.cards,
    "contact_line": lambda s: bool(s.draft.phone) and s.draft.regarding is None,
    "contact_note": lambda s: bool(s.draft.phone),
    "unreached_line": lambda s: s.call is not None and s.call.standing is CallStanding.UNREACHABLE,
    "queue_line": lambda s: s.desk is not None and any(one.why is WaitingFor.LINE for one in s.desk.waiting),
    "number_said": lambda s: s.receipt is not None,
    "clock_line": lambda s: s.receipt is not None and not s.receipt.clock_trusted,
    "responsible_line": lambda s: s.progress is not None and bool(_responsible(s.progress)),
    "expected_line": lambda s: _awaited(s.progress) is not None,
    "withdrawn_line": lambda s: s.progress is not None and s.progress.withdrawn is not None,
}
"""Lines that are there only when they have something to tell."""


def _number(state: State) -> str:
    return state.receipt.number if state.receipt else state.number_digits


def _count(number: int, language: str) -> Said:
    return Said(written=str(number) if language == "en" else counted(number, language))


def _place(state: State, _: Context) -> Said:
    place = state.draft.place if state.draft.place.text else state.catalogue.home_place
    for entry in state.catalogue.places:
        if entry.id == place.code:
            return Said(written=entry.name(state.preferences.language))
    return Said(written=place.text or "—")


def _category(state: State, context: Context) -> Said:
    for entry in state.catalogue.categories:
        if entry.id == state.draft.category:
            return Said(written=entry.name(state.preferences.language))
    return Said(written=_phrase(state, context, "no_category").text)


def _level(state: State) -> str:
    language = state.preferences.language
    return next((level.name(language) for level in state.catalogue.rating_levels if level.id == state.level), "—")


def _kind(state: State, context: Context) -> Said:
    return Said(written=_kind_name(context, state.draft.kind) or _phrase(state, context, "no_kind").text)


def _kind_name(context: Context, kind: str) -> str:
    for choice in STEPS["kind"].choices:
        if choice.id == kind:
            return context.translate(f"kind.{choice.id}", choice.label)
    return ""


def _keep_time(state: State, context: Context) -> Said:
    told = dict(state.catalogue.keep_time).get(state.preferences.language)
    return Said(written=told or context.translate("phrase.keep_time", PHRASES["keep_time"]))


def _privacy_long(state: State, context: Context) -> Said:
    told = dict(state.catalogue.notice).get(state.preferences.language, PHRASES["privacy_long"])
    words = _words(state, context, "phrase.privacy_long", told)
    return Said(written=words.text, spoken=words.spoken)


def _stage_plain(state: State, context: Context) -> Said:
    if state.progress and state.progress.withdrawn:
        return Said(written=_phrase(state, context, "withdrawn_plain").text)
    now = _stage(state.progress)
    if now is None:
        return Said(written=_phrase(state, context, "received_plain").text)
    return Said(written=context.translate(f"stage.{now}.plain", STAGES[now][1]))


def _stage(progress: Progress | None) -> Stage | None:
    """Return the stage that is being worked on, else the last that is done."""
    steps = progress.steps if progress else ()
    for step in steps:
        if step.state is StageState.NOW:
            return step.stage
    done = [step.stage for step in steps if step.state is StageState.DONE]
    return done[-1] if done else None


def _awaited(progress: Progress | None) -> date | None:
    """Return the day for which a reply is promised that is not there yet."""
    if (
        progress is None
        or progress.reply
        or progress.withdrawn
        or _stage(progress) in {Stage.REPLIED, Stage.RATED, Stage.IMPROVED}
    ):
        return None
    return progress.expected


def _responsible(progress: Progress) -> str:
    """Return who sees to it, "" where nobody does, or does any more."""
    return "" if progress.withdrawn else progress.responsible


def _overdue_days(state: State, context: Context) -> int:
    expected = _awaited(state.progress)
    return (context.now.date() - expected).days if expected else 0


def _day(find: Callable[[Progress], date | None]) -> Callable[[State, Context], Said]:
    def day(state: State, context: Context) -> Said:
        found = find(state.progress) if state.progress else None
        return _date(found, context, state) if found else Said(written="—")

    return day


def _date(day: date, context: Context, state: State) -> Said:
    return date_said(day, context.now.date(), state.preferences.language)


def _age(state: State, context: Context) -> Said:
    as_of = state.progress.as_of if state.progress else None
    age = max(context.now.astimezone(UTC) - as_of.astimezone(UTC), timedelta()) if as_of else timedelta()
    for name, unit in (
        ("age_days", timedelta(days=1)),
        ("age_hours", timedelta(hours=1)),
        ("age_minutes", timedelta(minutes=1)),
    ):
        if age >= unit:
            counted_as = name.removesuffix("s") if age // unit == 1 else name
            template = context.translate(f"phrase.{counted_as}", PHRASES[counted_as])
            words = fill(
                template, {"count": _count(age // unit, state.preferences.language)}, state.preferences.language
            )
            return Said(written=words.text, spoken=words.spoken)
    return Said(written=_phrase(state, context, "age_now").text)


def _reply_sentence(state: State, _: Context) -> Said:
    parts = _reply_sentences(state)
    return Said(written=parts[min(state.reply_sentence, len(parts) - 1)][1].strip() if parts else "")


def _reply_sentences(state: State) -> tuple[tuple[int, str], ...]:
    return sentences(Utterance(text=state.progress.reply if state.progress else ""))


def _language(state: State) -> str:
    return state.preferences.language


def _by_voice(state: State) -> bool:
    """Whether residents may be told to say it: phrases are Mandarin, whatever is read on the screen."""
    return listening(state) and state.preferences.spoken is SpokenLanguage.MANDARIN


def _last_sentence(state: State, _: Context) -> Said:
    return Said(written=ended(last_sentence(state.draft.text)[1]))


def _misheard_line(state: State, context: Context) -> Said:
    """Return what becomes of words that were misheard: where no sound goes along, they are all there is."""
    return Said(
        written=_phrase(state, context, "misheard_line" if state.draft.recordings else "misheard_no_sound").text
    )


def _digits_so_far(state: State, _: Context) -> Said:
    digits, groups = _digits(state, STEPS[state.step]), _groups(state, STEPS[state.step])
    return _grouped(digits, groups, _language(state))


def _phone_said(state: State, _: Context) -> Said:
    return _grouped(state.phone_digits, PHONE_GROUPS, _language(state))


def _grouped(digits: str, groups: tuple[int, ...], language: str) -> Said:
    parts, at = [], 0
    for size in groups:
        parts.append(digits[at : at + size])
        at += size
    return Said(written=" ".join(part for part in parts if part), spoken=spelled(digits, groups, language))


def _meant(state: State, context: Context) -> Said:
    """Return what is asked back as it stands on the screen beneath."""
    under = beneath(state)
    match asked_back(state):
        case ev.ChoicePressed(choice_id=choice_id):
            found = [choice for choice in offered(under) if choice.id == choice_id]
        case ev.NumberPressed(number=number):
            found = list(offered(under)[number - 1 : number])
        case ev.CommandGiven(command=command):
            return Said(written=context.translate(f"command.{command}", _COMMAND_WORDS[command].label))
        case _:
            found = []
    return Said(written=_label(under, context, found[0]).text if found else state.meant or "—")


def _phone_line(which: str) -> Callable[[State, Context], Said]:
    return lambda s, _: hotline_said(getattr(s.rules.emergency, which), _language(s))


def _waits_line(state: State, context: Context) -> Said:
    return Said(written=_phrase(state, context, "waits_some" if state.desk and state.desk.waits else "waits_none").text)


def _broken_off(state: State, context: Context) -> Said:
    at = state.desk.interrupted if state.desk else None
    return Said(written=_moment(state, context, at) if at else "")


def _picked_line(state: State, context: Context) -> Said:
    return Said(written=_phrase(state, context, "picked_some" if state.picked else "picked_none").text)


def _parts_line(state: State, context: Context) -> Said:
    return Said(written=_phrase(state, context, "parts_some" if _faulty(state) else "parts_well").text)


def _staff(state: State, context: Context) -> Said:
    return Said(written=(state.call.by if state.call else "") or _phrase(state, context, "somebody").text)


def _called_line(state: State, context: Context) -> Said:
    unreached = LINES["unreached_line"](state)
    return Said(written=_phrase(state, context, "unreached_line" if unreached else "called_line").text)


def _by_relation(name: str) -> Callable[[State, Context], Said]:
    """Return what somebody is called by who they are to the other, where nobody said otherwise."""

    def word(state: State, context: Context) -> Said:
        behalf = state.draft.on_behalf
        phrase = f"{name}_{behalf.relation if behalf else ''}"
        return Said(written=_phrase(state, context, phrase).text if phrase in PHRASES else "—")

    return word


def _principal(state: State, context: Context) -> Said:
    behalf = state.draft.on_behalf
    if behalf is not None and behalf.principal:
        return Said(written=masked_name(behalf.principal))
    return _by_relation("principal")(state, context)


def _given(find: Callable[[State], str]) -> Callable[[State, Context], Said]:
    """Return what was given as far as it may be seen, or that nothing was."""
    return lambda s, c: Said(written=find(s) or _phrase(s, c, "not_given").text)


def _principal_note(state: State) -> str:
    return masked_name(state.draft.on_behalf.principal) if state.draft.on_behalf else ""


def _agent_note(state: State) -> str:
    return masked_name(state.draft.on_behalf.agent) if state.draft.on_behalf else ""


def _stick_line(state: State, context: Context) -> Said:
    name = "stick_missing" if not state.stick else "stick_there" if state.files else "stick_empty"
    return Said(written=_phrase(state, context, name).text)


def _sign_in_line(state: State, context: Context) -> Said:
    return Said(written=_phrase(state, context, state.sign_in_refused).text)


def _off_by(state: State) -> int:
    """Return how many signs are missing from the number that is being given; fewer than none are too many."""
    writes = STEPS[state.step].writes
    if writes is Field.ID_NUMBER:
        return missing_signs(state.id_digits)
    return missing_digits(_digits(state, STEPS[state.step]))


VALUES: dict[str, Callable[[State, Context], Said]] = {
    "agent_name": lambda s, _: Said(written=s.agent.name if s.agent else ""),
    "agent_note": _given(_agent_note),
    "agent_word": _by_relation("agent_word"),
    "extra": lambda s, _: _count(max(-_off_by(s), 0), _language(s)),
    "filed": lambda s, _: _count(s.agent_filed, _language(s)),
    "id_note": _given(lambda s: masked_id(s.draft.id_number)),
    "missing": lambda s, _: _count(max(_off_by(s), 0), _language(s)),
    "name_note": _given(lambda s: masked_name(s.draft.name)),
    "picture_count": lambda s, _: _count(len(s.draft.pictures), _language(s)),
    "principal": _principal,
    "principal_note": _given(_principal_note),
    "sign_in_line": _sign_in_line,
    "stick_line": _stick_line,
    "age": _age,
    "broken_off": _broken_off,
    "called_line": _called_line,
    "care_line": _phone_line("care"),
    "crime_line": _phone_line("crime"),
    "fire_line": _phone_line("fire"),
    "medical_line": _phone_line("medical"),
    "minutes": lambda s, _: _count(s.locked_minutes or s.sign_in_minutes, _language(s)),
    "parts_line": _parts_line,
    "picked": lambda s, _: _count(len(s.picked), _language(s)),
    "picked_line": _picked_line,
    "staff": _staff,
    "waits": lambda s, _: _count(s.desk.waits if s.desk else 0, _language(s)),
    "waits_line": _waits_line,
    "category": _category,
    "choose": lambda s, c: Said(written=_phrase(s, c, "say" if _by_voice(s) else "choose").text),
    "count": lambda s, _: _count(len(_digits(s, STEPS[s.step]) or s.phone_digits), _language(s)),
    "digits_so_far": _digits_so_far,
    "days": lambda s, c: _count(_overdue_days(s, c), _language(s)),
    "duration": lambda s, _: duration_said(s.draft.spoken_seconds, _language(s)),
    "expected": _day(lambda progress: progress.expected),
    "hotline": lambda s, _: hotline_said(s.rules.hotline, _language(s)),
    "journey": lambda s, c: Said(written=_journey(c, STEPS[s.step].journey)),
    "keep_time": _keep_time,
    "key": lambda s, c: Said(written=_phrase(s, c, "say" if _by_voice(s) else "key").text),
    "kind": _kind,
    "kiosk": lambda s, c: Said(
        written=(s.progress.from_kiosk if s.progress else "") or _phrase(s, c, "this_kiosk").text
    ),
    "last_sentence": _last_sentence,
    "level": lambda s, _: Said(written=_level(s)),
    "misheard_line": _misheard_line,
    "meant": _meant,
    "phone_said": _phone_said,
    "place": _place,
    "privacy_long": _privacy_long,
    "query_code": lambda s, _: query_code_said(s.receipt.query_code if s.receipt else "", _language(s)),
    "receipt_number": lambda s, _: receipt_number_said(_number(s), _language(s)),
    "reply": lambda s, _: Said(written=s.progress.reply if s.progress else ""),
    "reply_sentence": _reply_sentence,
    "responsible": lambda s, _: Said(written=s.progress.responsible if s.progress else ""),
    "stage_plain": _stage_plain,
    "tail": lambda s, _: phone_tail_said(s.draft.phone or s.phone_digits, _language(s)),
    "text": lambda s, _: Said(written=ended(s.draft.text.strip())),
    "title": lambda s, c: Said(written=_title(s, c).text),
    "withdrawn": _day(lambda progress: progress.withdrawn),
    "tries": lambda s, _: _count(
        s.pin_tries_left if STEPS[s.step].journey is Journey.STAFF else s.tries_left, _language(s)
    ),
}


def _journey(context: Context, journey: Journey) -> str:
    name = JOURNEYS[journey]
    return context.translate(f"journey.{journey}", name) if name else ""


def _title(state: State, context: Context) -> Utterance:
    step = STEPS[state.step]
    return _words(state, context, f"{step.id}.title", step.title)


# -- the ear -----------------------------------------------------------------------------------------------------------


def utterance(state: State, saying: Saying, context: Context) -> Utterance:  # noqa: PLR0911 (one flat table reads best)
    """Return what is said, with how it looks; the caption shows the same."""
    step = STEPS[state.step]
    match saying.told:
        case Told.STEP:
            return _step_words(state, context, step, choices=step.read_choices)
        case Told.STEP_AGAIN:
            return _step_words(state, context, step, choices=True)
        case Told.HELP:
            return _words(state, context, f"{step.id}.help", step.help)
        case Told.WHERE:
            if step.id == WELCOME:
                return _phrase(state, context, "where_home")
            return _phrase(state, context, "where_said" if JOURNEYS[step.journey] else "where_step")
        case Told.PHRASE:
            return _phrase(state, context, saying.name)
        case Told.TEXT:
            return Utterance(text=state.draft.text, language=_language(state))
        case Told.CHOICE:
            return _choice_words(state, context, saying.name)
        case Told.COMMAND:
            return _command_label(state, context, Command(saying.name))
        case Told.IN_EAR:
            words = (_phrase(state, context, "headphones_in"), _step_words(state, context, step, choices=True))
            return joined(words, " " if _language(state) == "en" else "")
        case Told.KEY:
            return Utterance(text=saying.name, language=_language(state))
        case Told.TYPED:
            language = _language(state)
            return fill(
                "{typed}", {"typed": Said(written=saying.name, spoken=marks_said(saying.name, language))}, language
            )
        case Told.KEY_USE:
            return _key_use(state, context, saying.name)


def _command_label(state: State, context: Context, command: Command) -> Utterance:
    words = _COMMAND_WORDS[command]
    return Utterance(text=context.translate(f"command.{command}", words.label), language=_language(state))


def _key_use(state: State, context: Context, name: str) -> Utterance:
    """Return what a key is for: for a command its words, else the phrase of that name."""
    if name not in set(Command):
        return _phrase(state, context, f"key_{name}")
    template = context.translate("phrase.key_command", PHRASES["key_command"])
    label = _command_label(state, context, Command(name)).text
    return fill(template, {"label": Said(written=label)}, _language(state))


def _step_words(state: State, context: Context, step: Step, *, choices: bool) -> Utterance:
    language = _language(state)
    gap = " " if language == "en" else ""
    if step.spoken:
        words = [_words(state, context, f"{step.id}.spoken", step.spoken)]
    else:
        words = [_sentence(_title(state, context)), _words(state, context, f"{step.id}.body", step.body)]
    if choices:
        words += _read_choices(state, context)
    return joined(tuple(w for w in words if w.text), gap)


def _choice_words(state: State, context: Context, id_: str) -> Utterance:
    """Return everything that stands on an answer, as the keys come to it; nothing where it has gone meanwhile."""
    words = [Utterance(text="", language=_language(state))]
    for number, (choice, button) in enumerate(zip(offered(state), _buttons(state, context), strict=True), 1):
        if choice.id == id_:
            words.append(_choice_said(state, context, number, button))
            if (
                state.headphones
                or choice.note not in WHO_NOTES
                or button.note == _phrase(state, context, "not_given").text
            ):
                words.append(_sentence(_words(state, context, f"{state.step}.{choice.id}.note", choice.note)))
            words += [_phrase(state, context, "chosen")] if button.chosen else []
    return joined(tuple(words), " " if _language(state) == "en" else "")


def _sentence(words: Utterance) -> Utterance:
    """Return words with a stop at their end, where they have none."""
    if not words.text or words.text[-1] in "。？！.?!":
        return words
    return replace(words, text=words.text + ("." if words.language == "en" else "。"))


def _read_choices(state: State, context: Context) -> list[Utterance]:
    buttons = _buttons(state, context)[:SPOKEN_CHOICES]
    return [_choice_said(state, context, number, button) for number, button in enumerate(buttons, 1)]


def _choice_said(state: State, context: Context, number: int, button: Button) -> Utterance:
    name = BY_MARK.get(button.number, "choice_said")
    template = context.translate(f"phrase.{name}", PHRASES[name])
    said = "" if _language(state) == "en" else count_in_hanzi(number)
    values = {"number": Said(written=str(number), spoken=said), "label": Said(written=button.label)}
    return fill(template, values, _language(state))


# -- the eye -----------------------------------------------------------------------------------------------------------


def screen(state: State, context: Context) -> Screen:
    """Return everything the view needs to draw this moment of the visit."""
    step = STEPS[state.step]
    help_words = _words(state, context, f"{step.id}.help", step.help).text if state.help_shown else ""
    return Screen(
        step=step.id,
        language=state.preferences.language,
        size=state.preferences.size,
        theme=state.preferences.theme,
        reach=state.preferences.reach,
        layout=step.layout,
        takes=step.takes,
        privacy=step.privacy,
        where=_journey(context, step.journey),
        title=_title(state, context).text,
        body=_words(state, context, f"{step.id}.body", step.body).text.strip(),
        help=help_words,
        caption=_caption(state, context),
        buttons=_buttons(state, context),
        footer=_footer(state, context),
        icon=step.icon,
        text=_sheet(state, step),
        unsure=max(0, len(state.live_text) - state.live_settled) if step.layout is Layout.RECORD else 0,
        digits=_digits(state, step),
        groups=_groups(state, step),
        recording_seconds=state.recording_seconds if step.layout is Layout.RECORD else 0,
        hint=_hint(state, context) if step.layout is Layout.RECORD else "",
        facts=_facts(state, context, step),
        stops=_stops(state, context) if step.layout is Layout.PROGRESS else (),
        masked=step.writes in {Field.PIN, Field.AGENT_CODE},
        picture=state.picture.id if step.layout is Layout.PICTURE and state.picture else "",
        strokes=state.strokes if step.layout is Layout.SIGN else (),
        agent=_phrase(state, context, "agent_strip").text if state.agent else "",
        alarm=state.bell,
        camera=_phrase(state, context, "camera_on").text if _camera_looks(state) else "",
        slip=_slip(state, context) if step.layout is Layout.RECEIPT else None,
        seconds_left=_seconds_left(state, step),
        seconds_total=state.rules.warning_seconds if step.layout is Layout.COUNTDOWN else 0,
        service_name=context.translate("service.name", SERVICE_NAME),
        curtain=_curtain(state, context),
        spoken_from=_spoken_from(state, context, step),
    )


def _seconds_left(state: State, step: Step) -> int:
    match step.layout:
        case Layout.COUNTDOWN:
            return state.seconds_left
        case Layout.CAMERA:
            return state.shutter
        case _:
            return 0


def _camera_looks(state: State) -> bool:
    return (state.rules.camera and state.step in CAMERA_STEPS) or state.step in SHOOTING


def _curtain(state: State, context: Context) -> Curtain | None:
    if not state.preferences.curtain:
        return None
    words = _COMMAND_WORDS[Command.SHOW_SCREEN]
    label = context.translate(f"command.{words.command}", words.label)
    return Curtain(text=_phrase(state, context, "curtain_drawn").text, label=label, icon=words.icon)


def _spoken_from(state: State, context: Context, step: Step) -> int:
    text = _sheet(state, step).strip()
    if step.layout is not Layout.SHEET or not text or state.saying.told is Told.PHRASE:
        return -1
    return utterance(state, state.saying, context).text.find(text)


def _caption(state: State, context: Context) -> Caption:
    step = STEPS[state.step]
    if state.busy:
        name = _storing(state) if state.busy is Busy.FILING else BUSY[state.busy]
        return _caption_of(state, context, CaptionState.WORKING, "working", _phrase(state, context, name).text)
    if state.recorder is not Recorder.OFF and step.layout is Layout.RECORD:
        told = state.saying if state.saying.told in {Told.PHRASE, Told.HELP} else Saying()
        return _caption_of(state, context, CaptionState.RECORDING, "recording", utterance(state, told, context).text)
    text, left_out = utterance(state, state.saying, context).text, 0
    if (at := _spoken_from(state, context, step)) > 0:
        left_out = len(_sheet(state, step).strip())
        text = f"{text[:at]}…{text[at + left_out :]}"
    if state.playing:
        return _caption_of(state, context, CaptionState.PLAYING, "playing", text)
    if state.speaking:
        return _caption_of(state, context, CaptionState.SPEAKING, "speaking", text, left_out)
    words = WAITING_AND_LISTENING if listening(state) else WAITING
    waiting = words.get(step.takes, words[Input.CHOICE])
    return _caption_of(state, context, CaptionState.WAITING, waiting if state.speech else "no_sound", text, left_out)


BUSY = {
    Busy.ASKING: "asking",
    Busy.OPENING: "opening_desk",
    Busy.TAKING: "taking",
    Busy.SIGNING_IN: "signing_in",
}


def _storing(state: State) -> str:
    if state.later is None:
        return "storing"
    return "storing_rating" if state.later.kind is LaterKind.RATING else "storing_later"


WAITING = {Input.TEXT: "waiting_text", Input.DIGITS: "waiting_digits", Input.CHOICE: "waiting"}
WAITING_AND_LISTENING = {Input.TEXT: "waiting_text", Input.DIGITS: "listening_digits", Input.CHOICE: "listening"}


def _caption_of(state: State, context: Context, kind: CaptionState, word: str, text: str, left_out: int = 0) -> Caption:
    hears = listening(state) or state.recorder is Recorder.ON
    ear = _phrase(state, context, "ear_open" if hears else "ear_closed").text
    told = _phrase(state, context, word).text
    return Caption(state=kind, word=told, text=text, left_out=left_out, listening=hears, ear=ear)


def _buttons(state: State, context: Context) -> tuple[Button, ...]:
    digits_are_input = STEPS[state.step].takes in {Input.DIGITS, Input.TEXT}
    marks = ("#", "*")
    made = []
    for place, choice in enumerate(offered(state)):
        label = _label(state, context, choice).text
        note = _note(state, context, choice)
        number = (marks[place] if place < len(marks) else "") if digits_are_input else str(place + 1)
        if STEPS[state.step].takes is Input.KEYS:
            number = ""  # a key presses nothing where keys are tried
        made.append(
            Button(
                id=choice.id,
                label=label,
                note=note,
                icon=choice.icon,
                number=number,
                primary=choice.primary,
                chosen=is_chosen(state, choice),
                face=_face(state, choice),
                picture=choice.value if choice.act is Act.PICK_PICTURE else "",
            )
        )
    return tuple(made)


def _note(state: State, context: Context, choice: Choice) -> str:
    if choice.act is not Act.PICK_RECEIPT or state.desk is None:
        return _words(state, context, f"{state.step}.{choice.id}.note", choice.note).text
    kept = next(one for one in state.desk.receipts if one.number == choice.value)
    name = "kept_note" if kept.printed else "kept_new"
    template = context.translate(f"phrase.{name}", PHRASES[name])
    values = {
        "moment": Said(written=_moment(state, context, kept.made_at)),
        "count": _count(kept.printed, _language(state)),
    }
    return fill(template, values, _language(state)).text


def _moment(state: State, context: Context, at: datetime) -> str:
    return moment_written(at.astimezone(context.now.tzinfo), context.now.date(), _language(state))


def _face(state: State, choice: Choice) -> float | None:
    """Return how the face of a level looks: from 1 for the best to 0 for those that are content, -1 for the worst."""
    if choice.act is not Act.SET_LEVEL:
        return None
    levels = [level.id for level in state.catalogue.rating_levels]
    place, content = levels.index(choice.value), contents(len(levels))
    if place < content:
        return 1 - place / max(1, content - 1)
    return -(place - content + 1) / (len(levels) - content)


def _label(state: State, context: Context, choice: Choice) -> Utterance:
    if choice.id.startswith(ENTRY):
        return Utterance(text=choice.label, language=_language(state))
    return _words(state, context, f"{state.step}.{choice.id}", choice.label)


WHO_NOTES = frozenset({"{name_note}", "{principal_note}", "{agent_note}", "{id_note}"})
"""What was given of somebody, masked: seen, and said to nobody but who wears headphones."""
_COMMAND_WORDS: dict[Command, CommandWords] = {words.command: words for words in COMMANDS}


def _footer(state: State, context: Context) -> tuple[Footer, ...]:
    at_rest = state.step in {WELCOME, ENDED, "session_timed_out"}
    first, fourth = (Command.LANGUAGE, Command.HELP) if at_rest else (Command.BACK, Command.FINISH)
    return tuple(
        Footer(
            command=command,
            label=context.translate(f"command.{command}", _COMMAND_WORDS[command].label),
            icon=_COMMAND_WORDS[command].icon,
            number="0" if command is Command.CALL_STAFF else "",
        )
        for command in (first, Command.REPEAT, Command.SETTINGS, fourth, Command.CALL_STAFF)
    )


def _sheet(state: State, step: Step) -> str:
    match step.id:
        case "review" | "review_heard" | "type_text":
            return state.draft.text
        case "recording":
            return heard_so_far(state)
        case "consent_recording" | "declare_recording":
            return state.live_text
        case "own_name":
            return state.name_text
        case "proxy_name":
            return state.principal_text
        case "proxy_agent":
            return state.agent_text
        case "place_text":
            return state.place_text
        case "rating_comment" | "review_reason":
            return state.comment
        case _:
            return ""


def _digits(state: State, step: Step) -> str:
    return getattr(state, DIGITS_OF[step.writes]) if step.writes in DIGITS_OF else ""


def _groups(state: State, step: Step) -> tuple[int, ...]:
    match step.writes:
        case Field.PHONE | Field.PRINCIPAL_PHONE | Field.AGENT_PHONE:
            # A mobile number is 3-4-4, and so is one behind 010 or 02…; all other area codes have four digits.
            return (4, 4, 4) if re.match(r"0(?!10|2)", _digits(state, step)) else PHONE_GROUPS
        case Field.ID_NUMBER:
            return ID_GROUPS
        case Field.AGENT_CODE:
            return (4, 6)
        case Field.NUMBER:
            return (4, 4, 4)
        case Field.CODE:
            return (3, 3)
        case Field.DESK_NUMBER:
            return (4, 4, 4)
        case _:
            return ()


def _hint(state: State, context: Context) -> str:
    match state.loudness:
        case Loudness.UNHEARD:
            return ""
        case Loudness.LOW:
            return _phrase(state, context, "level_low").text
        case Loudness.GOOD:
            return _phrase(state, context, "level_good").text
        case Loudness.LOUD:
            return _phrase(state, context, "level_loud").text


def _facts(state: State, context: Context, step: Step) -> tuple[Fact, ...]:
    progress = state.progress
    if step.id == "staff_queue":
        return _queue_facts(state, context)
    if step.id == "staff_parts":
        return tuple(
            Fact(
                name=_phrase(state, context, f"part_{part}").text,
                value=_phrase(state, context, _part_phrase(part, condition)).text,
            )
            for part, condition in _faulty(state)[:MOST_FACTS]
        )
    if step.layout is not Layout.PROGRESS or progress is None:
        return ()
    found = [
        Fact(name=_phrase(state, context, "your_number").text, value=receipt_number_said(progress.number, "").written)
    ]
    if responsible := _responsible(progress):
        found.append(Fact(name=_phrase(state, context, "responsible").text, value=responsible))
    if progress.as_of:
        local = progress.as_of.astimezone(context.now.tzinfo)
        moment = moment_written(local, context.now.date(), _language(state))
        found.append(Fact(name=_phrase(state, context, "newest").text, value=moment))
    return tuple(found)


def _queue_facts(state: State, context: Context) -> tuple[Fact, ...]:
    facts = []
    template = context.translate("phrase.waiting_since", PHRASES["waiting_since"])
    for one in state.desk.waiting[:MOST_FACTS] if state.desk else ():
        values = {
            "moment": Said(written=_moment(state, context, one.since)),
            "why": Said(written=_phrase(state, context, f"waiting_{one.why}").text),
        }
        facts.append(Fact(name=in_fours(one.number), value=fill(template, values, _language(state)).text))
    return tuple(facts)


def _part_phrase(part: Part, condition: Condition) -> str:
    name = f"part_{part}_{condition}"
    return name if name in PHRASES else f"part_any_{condition}"


def _faulty(state: State) -> list[tuple[Part, Condition]]:
    """Return the parts that staff should look at."""
    told = state.desk.parts if state.desk else ()
    return [(part, how) for part, how in told if how not in {Condition.WELL, Condition.ABSENT}]


def _stops(state: State, context: Context) -> tuple[Stop, ...]:
    given = {step.stage: step for step in (state.progress.steps if state.progress else ())}
    withdrawn = state.progress is not None and state.progress.withdrawn is not None
    stops = []
    for stage, (name, _) in STAGES.items():
        step = given.get(stage)
        how = step.state if step else StageState.NEXT
        if withdrawn and how is StageState.NOW:  # what came to pass stays; what was being handled is broken off
            how = StageState.NEXT if stage is Stage.HANDLING else StageState.DONE
        word = context.translate(f"stage-state.{how}", STAGE_STATES[how])
        if withdrawn and how is StageState.NEXT:
            word, step = _phrase(state, context, "withdrawn_stage").text, None
        on = _date(step.on, context, state).written if step and step.on else ""
        stops.append(
            Stop(
                name=context.translate(f"stage.{stage}", name),
                word=word,
                on=on,
                state=how,
            )
        )
    return tuple(stops)


def _slip(state: State, context: Context) -> Slip | None:
    receipt = state.receipt
    if receipt is None:
        return None
    local = receipt.made_at.astimezone(context.now.tzinfo)
    labels = tuple((role, _phrase(state, context, name).text) for role, name in SLIP_LABELS)
    moment = moment_written(local, context.now.date(), _language(state))
    proxy = proxy_words(receipt, context)
    facts = [
        *(Fact(name=name, value=value) for name, value in (proxy.facts if proxy else ())),
        Fact(name=_phrase(state, context, "made_at").text, value=moment),
    ]
    if not state.rules.residents_print:
        facts.append(Fact(name=_phrase(state, context, "paper").text, value=_phrase(state, context, "paper_how").text))
    return Slip(
        number=receipt_number_said(receipt.number, "").written,
        code=query_code_said(receipt.query_code, "").written,
        url=receipt.url,
        labels=labels,
        facts=tuple(facts),
    )


SLIP_LABELS = (("number", "your_number"), ("code", "your_code"), ("scan", "scan_me"), ("seal", "seal"))
