"""What is begun and not sent yet: begun with nothing in it, asked about, and forgotten."""

from petition.model import AttachmentKind, Authority, Draft, Regarding
from petition.state import Recorder, State
from petition.turn import Turn


def begin(turn: Turn, petition_id: str, regarding: Regarding | None = None) -> None:
    """Begin with nothing said or written: what was, is stored, or not wanted any more."""
    if (
        petition_id != turn.state.draft.petition_id
    ):  # the ids of its recordings and pictures are made of it, and come once
        turn.to(recordings_made=0, pictures_made=0)
    turn.to(
        draft=Draft(petition_id=petition_id, language=turn.state.preferences.language, regarding=regarding),
        phone_digits="",
        place_text="",
        replacing=False,
        mending=False,
        late_ids=frozenset(),
        typed="",
        name_text="",
        principal_text="",
        agent_text="",
        principal_digits="",
        agent_digits="",
        id_digits="",
    )


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
