"""How the words of one recording join those that are there: added, in place of all, or in place of the last sentence."""

import re
from dataclasses import replace

from petition.model import Draft, TextSource
from petition.state import State
from petition.utterance import Utterance, sentences


def last_sentence(text: str) -> tuple[str, str]:
    """Return a text cut before its last sentence: what stays, and that sentence."""
    parts = sentences(Utterance(text=text))
    start = parts[-1][0] if parts else 0
    return text[:start].rstrip(), text[start:].strip()


def ended(text: str) -> str:
    """Return a text with a stop at its end; nothing stays nothing."""
    return text if not text or re.search(r"[。？！.?!]$", text) else f"{text}。"


def typed_words(state: State) -> str:
    """Return the words with which the draft begins and that the resident typed themselves."""
    draft = state.draft
    if draft.text_source is TextSource.TYPED:
        return draft.text.strip()
    return draft.typed if draft.text.startswith(draft.typed) else ""


def words_kept(state: State) -> str:
    """Return the words that stay when new ones come out of the running recording: what was typed stays always."""
    if state.replacing:
        return typed_words(state)
    return last_sentence(state.draft.text)[0] if state.mending else state.draft.text.strip()


def heard_so_far(state: State) -> str:
    """Return the running recording's words behind those they join; "" before the first one."""
    return _added(words_kept(state), state.live_text) if state.live_text else ""


def with_words(state: State, draft: Draft, *, limit: int) -> Draft:
    """Return the draft with the words of a recording that has just been closed.

    Words that belonged to sound that is gone now go with it, even when the new sound has none; words that were typed
    belong to no sound.
    """
    if state.live_text:
        text = _added(words_kept(state), state.live_text)[:limit]
        return replace(draft, text=text, text_source=TextSource.RECOGNISED)
    if state.replacing:
        typed = typed_words(state)
        return replace(draft, text=typed, text_source=TextSource.TYPED if typed else TextSource.NONE)
    return draft


def _added(before: str, words: str) -> str:
    return before + ("" if not before or re.search(r"[。？！，,.?!]$", before) else "。") + words
