"""Which answers a step offers at this moment, in reading order: what can be pressed, said and keyed."""

from petition.model import Language, Named, TextSource
from petition.script.book import STEPS
from petition.state import State
from petition.steps import REVIEW, WELCOME, Act, Choice, Source, When
from petition.utterance import Utterance, sentences

PAGE = 6
"""Entries of the catalogue on one screen."""
ENTRY = "entry-"
"""What the id of an answer that comes from the catalogue begins with."""


CHOSEN = {
    Source.CATEGORIES: (Act.SET_CATEGORY, "details"),
    Source.PLACES: (Act.SET_PLACE, "details"),
    Source.LEVELS: (Act.SET_LEVEL, "rating_confirm"),
}
"""What choosing an entry of the catalogue does, and where it leads."""
CONTENT = 3
"""So many levels, the best ones, are of people who are content: the others are asked whether it shall be looked into."""


def offered(state: State) -> tuple[Choice, ...]:
    """Return the choices that can be made now; their place, from 1, is their key."""
    step = STEPS[state.step]
    return (*_from_catalogue(state, step.source), *(c for c in step.choices if _holds(state, c.when)))


def _entries(state: State, source: Source | None) -> tuple[Named, ...]:
    match source:
        case Source.CATEGORIES:
            return state.catalogue.categories
        case Source.PLACES:
            return state.catalogue.places
        case Source.LEVELS:
            return state.catalogue.rating_levels
        case None:
            return ()


def _from_catalogue(state: State, source: Source | None) -> tuple[Choice, ...]:
    if source is None:
        return ()
    entries = _entries(state, source)
    pages = max(1, -(-len(entries) // PAGE))
    start = state.page % pages * PAGE
    act, to = CHOSEN[source]
    language = state.preferences.language
    return tuple(
        Choice(
            id=f"{ENTRY}{entry.id}",
            label=entry.name(language),
            say=entry.name(Language.SIMPLIFIED),
            act=act,
            value=entry.id,
            to=to,
        )
        for entry in entries[start : start + PAGE]
    )


def _holds(state: State, when: When | None) -> bool:
    match when:
        case None:
            return True
        case When.DRAFT_BEGUN:
            return not state.draft.empty
        case When.REPLY_THERE:
            return state.progress is not None and bool(state.progress.reply)
        case When.MORE_PAGES:
            return len(_entries(state, STEPS[state.step].source)) > PAGE
        case When.MORE_SENTENCES:
            return state.reply_sentence + 1 < reply_length(state)
        case When.EARLIER_SENTENCES:
            return state.reply_sentence > 0
        case When.HEARS_WORDS:
            return state.hearing
        case When.RATEABLE:
            return rateable(state)
        case When.SOUND_THERE:
            return bool(state.draft.recordings)


def reply_length(state: State) -> int:
    """Return how many sentences the reply has."""
    return len(sentences(Utterance(text=state.progress.reply))) if state.progress else 0


def rateable(state: State) -> bool:
    """Whether what was found has a reply, and is whose slip was shown to rate."""
    return state.progress is not None and bool(state.progress.reply and state.tag and state.catalogue.rating_levels)


def content(state: State) -> bool:
    """Whether the level that was chosen is one of people who are content."""
    levels = [level.id for level in state.catalogue.rating_levels]
    return state.level in levels[: contents(len(levels))]


def contents(levels: int) -> int:
    """Return how many of so many levels are of people who are content: the last one never is, where there are more."""
    return max(1, min(CONTENT, levels - 1))


def is_chosen(state: State, choice: Choice) -> bool | None:
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
    """Return the review that fits what has been given: words typed or made out of sound, or the sound alone."""
    if state.draft.text.strip():
        return "review_heard" if machine_made(state.draft.text_source) else "review"
    return "review_recording" if state.draft.recordings else "describe"


def target(state: State, to: str) -> str:
    """Return the step a target stands for, RETURN and STAY excepted."""
    match to:
        case "@review":
            return review_step(state)
        case "@compose":
            return "type_text" if state.draft.text_source is TextSource.TYPED else "describe"
        case "@receipt":
            return "receipt" if state.line_up else "receipt_offline"
        case "@rated":
            return "rating_comment" if content(state) else "review_offer"
        case "@progress":
            return "progress_cached" if state.from_cache else "progress_result"
        case "@before":
            return target(state, "@receipt") if state.receipt and state.draft.empty else WELCOME
        case _:
            return to


assert REVIEW == "@review"  # noqa: S101 (match needs literals; this ties them to the script's names)
