"""Which answers a step offers at this moment, in reading order: what can be pressed, said and keyed."""

from collections.abc import Callable
from dataclasses import replace

from petition.calling import call_step
from petition.consents import AGREED_TO, answer, words_version
from petition.model import (
    Attachment,
    Authority,
    Draft,
    Language,
    LaterKind,
    Named,
    Stage,
    StageState,
    TextSource,
)
from petition.receipt import Role, in_fours
from petition.script.book import STEPS
from petition.state import State
from petition.steps import (
    AGENT_NAME,
    AGREED,
    BEFORE,
    BEFORE_NAME,
    CALL,
    COMPOSE,
    CONSENT,
    IDENTITY,
    NAMED,
    PAPER,
    PICTURE,
    PROGRESS,
    PROXY,
    RATED,
    RECEIPT,
    REVIEW,
    SIGN,
    STAY,
    WELCOME,
    Act,
    Choice,
    Source,
    When,
)
from petition.suggesting import suggestions
from petition.utterance import Utterance, sentences

PAGE = 6
"""Entries of the catalogue on one screen."""
PAGES = {Source.RECEIPTS: 4}
"""Fewer, where they come with other answers."""
PICTURES_SAID = ("第一张", "第二张", "第三张", "第四张", "第五张", "第六张")
"""What is said of the pictures of one page, which have no names; the numbers on them go on over the pages."""
MOST_PICTURES = 6
MOST_RECORDINGS = 50
"""Of one petition."""
ENTRY = "entry-"
"""What the id of an answer that comes from the catalogue begins with."""


CHOSEN = {
    Source.CATEGORIES: (Act.SET_CATEGORY, "details"),
    Source.PLACES: (Act.SET_PLACE, "details"),
    Source.LEVELS: (Act.SET_LEVEL, "rating_confirm"),
    Source.RECEIPTS: (Act.PICK_RECEIPT, STAY),
    Source.PICTURES: (Act.PICK_PICTURE, STAY),
}
"""What choosing an entry of the catalogue does, and where it leads."""
CONTENT = 3
"""So many levels, the best ones, are of people who are content: the others are asked whether it shall be looked into."""


def offered(state: State) -> tuple[Choice, ...]:
    """Return the choices that can be made now; their place, from 1, is their key."""
    step = STEPS[state.step]
    return (*_from_catalogue(state, step.source), *(c for c in step.choices if c.when is None or HOLDS[c.when](state)))


def _entries(state: State, source: Source | None) -> tuple[Named, ...]:
    match source:
        case Source.CATEGORIES:
            return _likeliest_first(state)
        case Source.PLACES:
            return state.catalogue.places
        case Source.LEVELS:
            return state.catalogue.rating_levels
        case Source.RECEIPTS:
            kept = state.desk.receipts if state.desk else ()
            return tuple(Named(id=one.number, names=(("", in_fours(one.number)),)) for one in kept)
        case Source.PICTURES:
            return tuple(Named(id=one.id, names=(("", str(at)),)) for at, one in enumerate(state.files, 1))
        case None:
            return ()


def _likeliest_first(state: State) -> tuple[Named, ...]:
    """Return the categories, those before the others that the words sound like: all can be chosen, none is."""
    likely = suggestions(state.draft.text, state.catalogue) if state.draft.text.strip() else ()
    return tuple(
        sorted(state.catalogue.categories, key=lambda one: likely.index(one.id) if one.id in likely else len(likely))
    )


def _from_catalogue(state: State, source: Source | None) -> tuple[Choice, ...]:
    if source is None:
        return ()
    entries = _entries(state, source)
    page = PAGES.get(source, PAGE)
    pages = max(1, -(-len(entries) // page))
    start = (state.desk_page if source is Source.RECEIPTS else state.page) % pages * page
    act, to = CHOSEN[source]
    language = state.preferences.language
    return tuple(
        Choice(
            id=f"{ENTRY}{entry.id}",
            label=entry.name(language),
            say=PICTURES_SAID[at] if source is Source.PICTURES else entry.name(Language.SIMPLIFIED),
            act=act,
            value=entry.id,
            to=to,
        )
        for at, entry in enumerate(entries[start : start + page])
    )


def reply_length(state: State) -> int:
    """Return how many sentences the reply has."""
    return len(sentences(Utterance(text=state.progress.reply))) if state.progress else 0


def rateable(state: State) -> bool:
    """Whether what was found has a reply, is wanted still, and is whose slip was shown to rate."""
    progress, own = state.progress, bool(state.tag) and state.role is Role.OWN
    answered = progress is not None and bool(progress.reply) and not progress.withdrawn
    return answered and own and bool(state.catalogue.rating_levels)


def sayable(state: State) -> bool:
    """Whether more can be said about what was found with the slip that was shown: not once it is over or taken back."""
    if state.progress is None or not state.tag:
        return False
    stages = [step.stage for step in state.progress.steps if step.state is not StageState.NEXT]
    withdrawn = state.progress.withdrawn or LaterKind.WITHDRAW in state.said_later
    return not (withdrawn or Stage.IMPROVED in stages)


def withdrawable(state: State) -> bool:
    """Whether it is whose slip was shown to say that what was found is not wanted any more."""
    return sayable(state) and state.role is Role.OWN


def revocable(state: State) -> bool:
    """Whether somebody filed it for whose slip was shown, who may have them do nothing with it any more."""
    there = state.progress is not None and state.progress.agent_slip
    return there and withdrawable(state) and LaterKind.REVOKE not in state.said_later


def printable(state: State) -> bool:
    """Whether the resident may have the slip printed now: once in a visit, and not while that goes on."""
    number = state.receipt.number if state.receipt else ""
    there = state.rules.residents_print and state.printer is not None
    return there and bool(number) and number not in state.printing | state.printed


def room_for_sound(state: State) -> bool:
    """Whether one more recording may go along: a petition with more parts than the platform takes would not be taken."""
    return len(state.draft.recordings) < MOST_RECORDINGS


def _more_pages(state: State) -> bool:
    source = STEPS[state.step].source
    return source is not None and len(_entries(state, source)) > PAGES.get(source, PAGE)


def _overdue(state: State) -> bool:
    return state.progress is not None and state.progress.overdue and LaterKind.URGE not in state.said_later


HOLDS: dict[When, Callable[[State], bool]] = {
    When.DRAFT_BEGUN: lambda s: not s.draft.empty,
    When.REPLY_THERE: lambda s: s.progress is not None and bool(s.progress.reply),
    When.MORE_PAGES: _more_pages,
    When.MORE_SENTENCES: lambda s: s.reply_sentence + 1 < reply_length(s),
    When.EARLIER_SENTENCES: lambda s: s.reply_sentence > 0,
    When.HEARS_WORDS: lambda s: s.hearing,
    When.SOUND_THERE: lambda s: bool(s.draft.recordings),
    When.RATEABLE: rateable,
    When.SAYABLE: sayable,
    When.OWN_SLIP: withdrawable,
    When.AGENT_SLIP: revocable,
    When.LOOKED_UP: lambda s: s.progress is not None,
    When.OVERDUE: _overdue,
    When.A_PETITION: lambda s: s.draft.regarding is None,
    When.MICROPHONE_THERE: lambda s: s.microphone,
    When.TAKES_PICTURES: lambda s: (s.lens or s.rules.stick) and s.draft.regarding is None,
    When.PICTURES_THERE: lambda s: bool(s.draft.pictures),
    When.ROOM_FOR_SOUND: room_for_sound,
    When.ROOM_FOR_PICTURES: lambda s: len(s.draft.pictures) + 1 < MOST_PICTURES,
    When.CAN_SHOOT: lambda s: s.lens,
    When.CAN_BRING: lambda s: s.rules.stick,
    When.SIGNED: lambda s: bool(s.strokes),
    When.FOR_ONESELF: lambda s: s.draft.on_behalf is None,
    When.FOR_ANOTHER: lambda s: s.draft.on_behalf is not None,
    When.BY_FAMILY: lambda s: s.draft.on_behalf is not None and not s.draft.on_behalf.agent_id,
    When.MAY_STEP_ASIDE: lambda s: s.draft.on_behalf is not None and s.draft.wordless,
    When.FILED_FOR_ONESELF: lambda s: not s.filed_for_another,
    When.PRINTS: printable,
    When.PICKED: lambda s: bool(s.picked),
    When.INTERRUPTED: lambda s: s.desk is not None and s.desk.interrupted is not None,
}
"""Whether an answer is offered that is not always."""


def content(state: State) -> bool:
    """Whether the level that was chosen is one of people who are content."""
    levels = [level.id for level in state.catalogue.rating_levels]
    return state.level in levels[: contents(len(levels))]


def contents(levels: int) -> int:
    """Return how many of so many levels are of people who are content: the last one never is, where there are more."""
    return max(1, min(CONTENT, levels - 1))


def is_chosen(state: State, choice: Choice) -> bool | None:  # noqa: PLR0911 (one flat table reads best)
    """Tell whether an option is the one in force, or None for a choice that is no option."""
    preferences, draft = state.preferences, state.draft
    match choice.act:
        case Act.SET_SIZE:
            return preferences.size == choice.value
        case Act.SET_THEME:
            return preferences.theme == choice.value
        case Act.SET_REACH:
            return preferences.reach == choice.value
        case Act.DRAW_CURTAIN:
            return preferences.curtain
        case Act.SET_LANGUAGE:
            return f"{preferences.language}/{preferences.spoken}" == choice.value
        case Act.SET_HUSH:
            return preferences.hush == choice.value
        case Act.SET_KIND:
            return draft.kind == choice.value
        case Act.SET_CATEGORY:
            return draft.category == choice.value
        case Act.SET_PLACE:
            return draft.place.code == choice.value
        case Act.PICK_RECEIPT:
            return choice.value in state.picked
        case _:
            return None


def guarded(state: State) -> int | None:
    """Return the place in (*covered, step) of what is asked about before it goes from sight, or None.

    What lies over it hides it and must not take it away; the question itself is not asked about.
    """
    if any(step.leaving == state.step for step in STEPS.values()):
        return None
    piled = (*state.covered, state.step)
    return max((place for place, step in enumerate(piled) if STEPS[step].leaving), default=None)


def machine_made(source: TextSource) -> bool:
    """Whether a machine made the words out of sound, looked over or not."""
    return source in {TextSource.RECOGNISED, TextSource.CONFIRMED}


def review_step(state: State) -> str:
    """Return the review that fits what has been given: words typed or made out of sound, or the sound alone.

    Nothing is reviewed that is for somebody who has not agreed to it yet.
    """
    if state.draft.on_behalf is not None and state.draft.on_behalf.authority is Authority.NONE:
        return "proxy_consent"
    if state.draft.text.strip():
        return "review_heard" if machine_made(state.draft.text_source) else "review"
    return "review_recording" if state.draft.recordings else "describe"


def with_evidence(draft: Draft, authority: Authority, evidence: tuple[Attachment, ...]) -> Draft:
    """Return a draft with what shows that the person agrees."""
    attachments = (*(a for a in draft.attachments if a not in evidence), *evidence)
    if draft.on_behalf is None:
        return replace(draft, attachments=attachments)
    behalf = replace(
        draft.on_behalf,
        authority=authority,
        evidence=tuple(a.id for a in evidence),
        words_version=words_version(AGREED_TO[authority]),
    )
    return replace(draft, attachments=attachments, on_behalf=behalf)


def _picture_step(state: State) -> str:
    behalf = state.draft.on_behalf
    if behalf is not None and behalf.authority is Authority.NONE:
        return _paper_step(state)
    if not answer(state.draft, "picture_consent"):
        return "picture_consent"
    if len(state.draft.pictures) >= MOST_PICTURES:
        return "picture_remove"
    if state.draft.pictures or (state.lens and state.rules.stick):
        return "picture_source"
    return "picture_usb" if state.rules.stick else "picture_camera"


def _paper_step(state: State) -> str:
    return "proxy_paper" if answer(state.draft, "paper_consent") else "paper_consent"


def _promise_step(state: State) -> str:
    match answer(state.draft, "signature_consent"):
        case None:
            return "signature_consent"
        case True:
            return "proxy_declare"
        case False:  # where nothing can be said, it is asked once more
            return "declare_recording" if state.microphone else "signature_consent"


def _names_first(state: State) -> bool:
    """Whether names come before the petition: of somebody who is not there, and of who files for them."""
    behalf = state.draft.on_behalf
    absent = behalf is not None and behalf.authority in {Authority.PAPER, Authority.DECLARED}
    return absent and state.draft.wordless


def _after_name(state: State) -> str:
    first = _names_first(state)
    match state.step:
        case "proxy_name":
            return "proxy_phone"
        case "proxy_agent":
            return "proxy_agent_phone"
        case "proxy_phone" if first and not state.agent:
            return ROADS[AGENT_NAME](state)
        case "proxy_paper_check":
            return "proxy_name"
        case _:
            return "describe" if first else "who"


def _before_name(state: State) -> str:
    if not _names_first(state):
        return "who"
    return "proxy_phone" if state.step == "agent_consent" else "proxy_absent"


def _progress_step(state: State) -> str:
    if state.progress is None:
        return "progress_number"
    if state.progress.on_its_way and not state.progress.withdrawn:  # what is not wanted any more is not on its way
        return "progress_on_its_way"
    return "progress_cached" if state.from_cache else "progress_result"


ROADS: dict[str, Callable[[State], str]] = {
    REVIEW: review_step,
    COMPOSE: lambda s: "type_text" if s.draft.text_source is TextSource.TYPED else "describe",
    PICTURE: _picture_step,
    PROXY: lambda s: "agent_ready" if s.agent else "proxy_relation",
    CONSENT: lambda _: "proxy_consent",
    PAPER: _paper_step,
    SIGN: _promise_step,
    AGREED: lambda _: "describe",
    NAMED: _after_name,
    BEFORE_NAME: _before_name,
    IDENTITY: lambda s: "id_number" if answer(s.draft, "id_consent") else "id_consent",
    AGENT_NAME: lambda s: "proxy_agent" if answer(s.draft, "agent_consent") else "agent_consent",
    CALL: call_step,
    RECEIPT: lambda s: "receipt" if s.line_up else "receipt_offline",
    RATED: lambda s: "rating_comment" if content(s) else "review_offer",
    PROGRESS: _progress_step,
    BEFORE: lambda s: target(s, RECEIPT) if s.receipt and s.draft.empty else WELCOME,
}
"""The steps that the targets of `petition.steps` stand for, by what the visit has come to; RETURN and STAY excepted."""


def target(state: State, to: str) -> str:
    """Return the step a target stands for."""
    return ROADS[to](state) if to in ROADS else to
