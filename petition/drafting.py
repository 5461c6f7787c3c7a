"""What is begun and not sent yet: begun with nothing in it, asked about, and forgotten."""

from dataclasses import replace

from petition import effects as do
from petition.model import AttachmentKind, Authority, Draft, Regarding
from petition.state import Recorder, State
from petition.turn import Turn


def begin(turn: Turn, petition_id: str, regarding: Regarding | None = None) -> None:
    """Begin with nothing said or written: what was, is stored, or not wanted any more."""
    if petition_id != turn.state.draft.petition_id:
        # The ids of recordings and pictures are made of the petition's, and come once.
        turn.to(recordings_made=0, pictures_made=0)
    turn.to(
        draft=Draft(petition_id=petition_id, language=turn.state.preferences.language, regarding=regarding),
        phone_digits="",
        place_text="",
        replacing=False,
        mending=False,
        late_ids=frozenset(),
        name_text="",
        principal_text="",
        agent_text="",
        principal_digits="",
        agent_digits="",
        id_digits="",
    )


def resume(turn: Turn, draft: Draft, counted_from: int) -> None:
    """Go on with what a power cut or a crash broke off, in the language it was begun in.

    Recordings and pictures are counted on from `counted_from`: ids that were given come once.
    """
    begin(turn, draft.petition_id)
    turn.to(
        draft=draft,
        recordings_made=counted_from,
        pictures_made=counted_from,
        preferences=replace(turn.state.preferences, language=draft.language),
    )
    turn.do(do.KeepDraft(draft=draft))


def says_nothing(draft: Draft) -> bool:
    """Whether there is nothing of anybody in a draft: neither what it is about nor who they are."""
    behalf = draft.on_behalf
    others = behalf is not None and (behalf.principal or behalf.principal_phone or behalf.agent_phone)
    return draft.empty and not (draft.name or draft.id_number or draft.phone or others)


def unsent(state: State) -> bool:
    """Whether something was said or written that is not sent, or is just being put away after it was said."""
    said = state.recorder is not Recorder.OFF and state.recording_kind is AttachmentKind.RECORDING
    return not state.draft.empty or said


def agreement_awaited(draft: Draft) -> bool:
    """Whether nobody has agreed yet to what is begun for them."""
    return draft.on_behalf is not None and draft.on_behalf.authority is Authority.NONE


def agreed_for_another(draft: Draft) -> bool:
    """Whether somebody has agreed to what is begun for them."""
    return draft.on_behalf is not None and draft.on_behalf.authority is not Authority.NONE
