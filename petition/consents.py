"""What is given only after a sentence and a yes of its own, and which words these were."""

import hashlib
from dataclasses import replace
from typing import Final

from petition.model import AttachmentKind, Authority, Consent, Draft, Sensitive
from petition.script.book import STEPS

AGREED_TO: Final = {
    Authority.SPOKEN: "proxy_consent",
    Authority.PRESSED: "proxy_sign",
    Authority.PAPER: "proxy_paper",
    Authority.DECLARED: "proxy_declare",
}
"""The steps whose words somebody agrees to, or promises."""
_DIGITS: Final = 12
_EVIDENCE: Final = {
    "picture_consent": AttachmentKind.PICTURE,
    "paper_consent": AttachmentKind.PAPER,
    "signature_consent": AttachmentKind.SIGNATURE,
}
"""What is kept under which sentence: a yes to the paper is none to pictures of the matter, nor the other way round."""


def words_version(step: str) -> str:
    """Return a fingerprint of the words that stand on a step and are said there: 12 hexadecimal digits."""
    words = STEPS[step]
    said = f"{words.title}\n{words.body}\n{words.spoken}\n{words.help}"
    return hashlib.sha256(said.encode()).hexdigest()[:_DIGITS]


def answer(draft: Draft, step: str) -> bool | None:
    """Return whether what is asked for on a step may be kept, None before that was asked."""
    version = words_version(step)
    given = [consent.given for consent in draft.consents if consent.words_version == version]
    return given[-1] if given else None


def answered(draft: Draft, about: Sensitive, *, given: bool, step: str) -> Draft:
    """Return the draft with an answer; what was given before and is refused now is not in it any more."""
    answer = Consent(about=about, given=given, words_version=words_version(step))
    others = tuple(consent for consent in draft.consents if consent.words_version != answer.words_version)
    # Of two answers about the same the later counts, so that of the paper stands before that of the matter's pictures.
    consents = (answer, *others) if step == "paper_consent" else (*others, answer)
    draft = replace(draft, consents=consents)
    return draft if given else _without(draft, about, step)


def unproven(draft: Draft) -> Draft:
    """Return the draft with nothing that says the person whom it is for agrees."""
    if draft.on_behalf is None:
        return draft
    bare = replace(draft.on_behalf, authority=Authority.NONE, evidence=(), words_version="")
    return replace(draft, on_behalf=bare)


def _without(draft: Draft, about: Sensitive, step: str) -> Draft:
    gone = tuple(a for a in draft.attachments if a.kind is _EVIDENCE.get(step))
    draft = replace(draft, attachments=tuple(a for a in draft.attachments if a not in gone))
    if draft.on_behalf is not None and any(a.id in draft.on_behalf.evidence for a in gone):
        draft = unproven(draft)
    if about is Sensitive.ID_NUMBER:
        return replace(draft, id_number="")
    if about is Sensitive.AGENT_DATA and draft.on_behalf is not None and not draft.on_behalf.agent_id:
        return replace(draft, on_behalf=replace(draft.on_behalf, agent="", agent_phone=""))
    return draft
