"""How recordings go: begun, listened to, closed in time, and put into the draft with the words that came of them."""

import uuid
from dataclasses import replace

from petition import effects as do
from petition import events as ev
from petition import pictures, proxy
from petition.dictation import typed_words, with_words
from petition.errors import FaultCode
from petition.model import AttachmentKind
from petition.offer import review_step, room_for_sound
from petition.saying import Saying, Told
from petition.state import Busy, Loudness, Recorder, State
from petition.steps import STAY
from petition.turn import Turn
from petition.writing import TEXT_LIMIT

SECOND, PAUSE, UNHEARD, CLOSING = "second", "pause", "unheard", "closing"
CLOSING_SECONDS = 8
"""A recording that does not say it is closed by then is taken for lost: nobody is stuck."""
LATER_SECONDS = 120
"""What is said later travels in one piece: a recording of it ends after this, and may be followed by another."""
RECORDINGS = frozenset({"recording", *proxy.CONSENTING})
"""Where the microphone records."""
LOUD, SOFT = 0.9, 0.08
"""Levels (0 … 1) above which a voice is too loud, and below which it is too soft."""


def begin(turn: Turn) -> str:
    """Begin to record; return where it goes on where that can't be."""
    state = turn.state
    if not state.microphone:
        turn.do(do.PrepareMicrophone())
        return _without_sound(state)
    consenting = state.step in proxy.CONSENTING
    if not (consenting or state.replacing or room_for_sound(state)):
        return review_step(state)
    if state.recorder is Recorder.CLOSING:
        turn.to(continuing=True)
        return STAY
    made = state.recordings_made + 1
    recording_id = str(uuid.uuid5(uuid.UUID(state.draft.petition_id), f"recording/{made}"))
    turn.to(
        recorder=Recorder.ON,
        recording_id=recording_id,
        recording_kind=AttachmentKind.CONSENT if consenting else AttachmentKind.RECORDING,
        agreed=False,
        recordings_made=made,
        recording_seconds=0,
        loudness=Loudness.UNHEARD,
        asked_whether_done=False,
        present=False,
        speaking=False,
        playing=False,
        live_text="",
        live_settled=0,
        continuing=False,
        saying=Saying(),
    )
    if not consenting:  # what a power cut breaks off is found again by the draft it belongs to
        turn.do(do.KeepDraft(draft=state.draft))
    turn.do(
        do.StopSpeech(),
        do.PlayEarcon(name="begin"),
        do.StartRecording(petition_id=state.draft.petition_id, recording_id=recording_id),
        do.SetTimer(name=SECOND, seconds=1),
        do.SetTimer(name=UNHEARD, seconds=state.rules.unheard_seconds),
    )
    return STAY


def close(turn: Turn) -> None:
    """Have the recording that runs, if any, put away; `ev.RecordingEnded` says when it is."""
    if turn.state.recorder is not Recorder.ON:
        return
    turn.to(recorder=Recorder.CLOSING)
    turn.do(
        do.StopRecording(),
        do.CancelTimer(name=PAUSE),
        do.CancelTimer(name=UNHEARD),
        do.SetTimer(name=CLOSING, seconds=CLOSING_SECONDS),
    )


def hear(turn: Turn, event: ev.Event) -> str:
    """Take what comes of a recording; return where it goes on."""
    state = turn.state
    match event:
        case ev.LevelHeard(level=level) if state.recorder is Recorder.ON and state.loudness is not Loudness.UNHEARD:
            loudness = Loudness.LOUD if level > LOUD else Loudness.LOW if level < SOFT else Loudness.GOOD
            # Between words it is always soft: only a voice that was never louder is told so.
            if loudness is not Loudness.LOW and loudness is not state.loudness:
                turn.to(loudness=loudness)
        case ev.SpeechHeard() if state.recorder is Recorder.ON and not state.speaking:
            if state.loudness is Loudness.UNHEARD:
                turn.to(loudness=Loudness.LOW)
            turn.to(asked_whether_done=False)
            turn.do(do.CancelTimer(name=PAUSE), do.CancelTimer(name=UNHEARD))
        case ev.SilenceHeard(seconds=seconds) if state.recorder is Recorder.ON:
            if (
                seconds >= state.rules.pause_seconds
                and not state.asked_whether_done
                and state.loudness is not Loudness.UNHEARD
            ):
                turn.to(asked_whether_done=True)
                turn.do(do.SetTimer(name=PAUSE, seconds=state.rules.ending_seconds))
                turn.say(Told.PHRASE, "finished_speaking")
        case ev.WordsHeard(recording_id=recording_id, text=text, settled=settled) if (
            recording_id == state.recording_id and state.recorder is not Recorder.OFF
        ):
            turn.to(live_text=text[:TEXT_LIMIT], live_settled=min(settled, TEXT_LIMIT))
        case ev.RecordingEnded(recording_id=recording_id) if recording_id == state.recording_id:
            return _recorded(turn, event)
        case ev.RecordingEnded(recording_id=recording_id) if (
            recording_id in state.late_ids and state.busy is not Busy.FILING
        ):
            _join_late(turn, event)
        case ev.RecordingEnded(attachments=attachments):  # nobody waits for it any more: it must not stay on disk
            pictures.drop(turn, *(a for a in attachments if a not in state.draft.attachments))
        case _:
            pass
    return STAY


def _recorded(turn: Turn, event: ev.RecordingEnded) -> str:
    """Put what was recorded and its words into the draft and return where somebody wanted to go.

    Only a voice takes the place of what was said before: a hall's noise is sound, too, and words may be made of it.
    """
    heard = turn.state.loudness is not Loudness.UNHEARD
    if turn.state.recording_kind is AttachmentKind.CONSENT:
        return _consent_recorded(turn, event, heard=heard)
    if not heard and (turn.state.replacing or turn.state.mending):
        turn.to(replacing=False, mending=False, live_text="", live_settled=0)
    elif not event.attachments:
        turn.to(replacing=False)  # the sound was lost: what its words would stand for is gone, the old is not
    state = turn.state
    draft = state.draft
    something = bool(event.attachments) or (bool(state.live_text) and heard)
    if something:
        replaced = draft.recordings if state.replacing else ()
        pictures.drop(turn, *replaced)
        kept = tuple(a for a in draft.attachments if a not in replaced)
        together = replace(draft, attachments=(*kept, *event.attachments), typed=typed_words(state))
        draft = with_words(state, together, limit=TEXT_LIMIT)
    continuing = state.continuing
    turn.to(draft=draft, recorder=Recorder.OFF, recording_id="", live_text="", live_settled=0, continuing=False)
    turn.to(present=False)
    if something:
        turn.to(replacing=False, mending=False, late_ids=frozenset() if state.replacing else state.late_ids)
    turn.do(*(do.CancelTimer(name=name) for name in (CLOSING, PAUSE, UNHEARD)))
    if state.submitting or state.step != "recording":
        return STAY
    if not state.microphone:
        return _without_sound(state)
    if continuing:
        return begin(turn)
    turn.do(do.PlayEarcon(name="done"))
    return review_step(turn.state) if something or not turn.state.draft.empty else "silent"


def _consent_recorded(turn: Turn, event: ev.RecordingEnded, *, heard: bool) -> str:
    """Return where it goes on after somebody's agreement or promise; its words are nobody's petition."""
    words, again = turn.state.live_text, turn.state.continuing
    turn.to(recorder=Recorder.OFF, recording_id="", recording_kind=AttachmentKind.RECORDING)
    turn.to(live_text="", live_settled=0, continuing=False, present=False)
    turn.do(*(do.CancelTimer(name=name) for name in (CLOSING, PAUSE, UNHEARD)))
    if again and turn.state.step in RECORDINGS:
        pictures.drop(turn, *event.attachments)
        return begin(turn)
    turn.do(do.PlayEarcon(name="done"))
    to = proxy.recorded(turn, event, heard=heard, words=words)
    turn.to(agreed=False)
    return to


def give_up_waiting(turn: Turn) -> str:
    """Go on without a recording that does not say it is closed; what it holds joins the draft should it still come."""
    state = turn.state
    if state.recorder is not Recorder.CLOSING:
        return STAY
    to = _recorded(turn, ev.RecordingEnded(recording_id=state.recording_id))
    if state.recording_kind is AttachmentKind.RECORDING:
        turn.to(late_ids=turn.state.late_ids | {state.recording_id})
    return to


def _join_late(turn: Turn, event: ev.RecordingEnded) -> None:
    """Put a recording into the draft that was given up on: a slow disk takes from nobody what they said."""
    state = turn.state
    draft = replace(state.draft, attachments=(*state.draft.attachments, *event.attachments))
    turn.to(draft=draft, late_ids=state.late_ids - {event.recording_id})


def _without_sound(state: State) -> str:
    """Return the step that says why nothing can be recorded: a full disk is not the microphone's fault."""
    if state.step in proxy.CONSENTING:  # there is a way without
        return "proxy_sign" if state.step == "consent_recording" else "proxy_absent"
    return "no_microphone" if state.room_for_sound else "disk_full"


def lose_microphone(turn: Turn, code: FaultCode) -> str:
    """Record no more; return where it goes on."""
    state = turn.state
    turn.to(microphone=False, room_for_sound=code is not FaultCode.DISK_FULL)
    if state.step in RECORDINGS and state.recorder is Recorder.OFF:
        return _without_sound(turn.state)
    if state.recorder is Recorder.ON:
        turn.to(replacing=False, mending=False)
        close(turn)
    return STAY


def count(turn: Turn) -> None:
    """End a part of a recording at its length, and begin another for somebody who is there.

    A voice alone says nobody is: a television's would keep the microphone open for ever. So the kiosk says in time that
    a touch is wanted; without one the recording is closed and read back, and 「接着说」 goes on from there.
    """
    rules = turn.state.rules
    seconds = turn.state.recording_seconds + 1
    turn.to(recording_seconds=seconds)
    part_seconds = rules.part_seconds if turn.state.draft.regarding is None else LATER_SECONDS
    goes_on = turn.state.recording_kind is AttachmentKind.RECORDING
    if not goes_on:
        part_seconds = proxy.CONSENT_SECONDS
    if seconds >= part_seconds:
        turn.to(continuing=turn.state.present and goes_on)
        close(turn)
        return
    turn.do(do.SetTimer(name=SECOND, seconds=1))
    if goes_on and seconds == part_seconds - rules.warning_seconds and not turn.state.present:
        turn.say(Told.PHRASE, "still_speaking")
