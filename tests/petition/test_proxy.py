"""Filing for somebody else: who agrees and how that is shown, what ends it, and that nothing of it reaches the next one."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from petition import effects as do
from petition import events as ev
from petition.consents import answer, answered, words_version
from petition.derive import Context, screen, utterance
from petition.ears import may_be_asked_back, meaning
from petition.errors import FaultCode
from petition.model import Agent, AttachmentKind, Authority, CallStanding, Danger, OnBehalf, Relation, Scope, Sensitive
from petition.offer import offered
from petition.ports import PrinterState
from petition.proxy import CONSENT_SECONDS, agrees
from petition.receipt import Role
from petition.saying import Saying, Told
from petition.script.book import STEPS
from petition.script.phrases import PHRASES
from petition.state import Preferences, Recorder, Rules, State
from petition.steps import WELCOME, Act, Command, Journey
from tests.petition.world import AGENT, NOON, PIN, World

CONTEXT = Context(translate=lambda _, source: source, now=NOON)
MATTER = "三号楼的电梯停了两天，老人下不了楼。"
MOTHER, PHONE = "王秀英", "13800138000"
DAUGHTER, HER_PHONE = "李敏", "13900139000"
STROKES = (((10, 10), (500, 200)),)
AGREES = "我叫王秀英，我同意由女儿替我办。"
HOME, BACK, FINISH, CALL_STAFF, LANGUAGE, SETTINGS = (
    ev.CommandGiven(command=c)
    for c in (Command.HOME, Command.BACK, Command.FINISH, Command.CALL_STAFF, Command.LANGUAGE, Command.SETTINGS)
)
BADGE = ev.BadgeScanned(badge="PKB1 somebody's")
Move = str | ev.Event
SHOOT = ("shutter", ev.TimerElapsed(name="shutter"), ev.TimerElapsed(name="shutter"), ev.TimerElapsed(name="shutter"))
TO_CONSENT: tuple[Move, ...] = ("proxy", "parent")
TO_ABSENT = (*TO_CONSENT, "absent")
SIGNED = (*TO_ABSENT, "promise", "yes", ev.Signed(strokes=STROKES), "done")
NAMED: tuple[Move, ...] = (*SIGNED, ev.TextEdited(text=MOTHER), "done", ev.DigitsEdited(digits=PHONE), "done")
WAYS: dict[str, tuple[Move, ...]] = {
    "proxy_relation": ("proxy",),
    "proxy_consent": TO_CONSENT,
    "consent_recording": (*TO_CONSENT, "speak"),
    "consent_check": (*TO_CONSENT, "speak", "done"),
    "proxy_sign": (*TO_CONSENT, "cannot"),
    "proxy_absent": TO_ABSENT,
    "paper_consent": (*TO_ABSENT, "paper"),
    "proxy_paper": (*TO_ABSENT, "paper", "yes"),
    "proxy_paper_check": (*TO_ABSENT, "paper", "yes", *SHOOT),
    "signature_consent": (*TO_ABSENT, "promise"),
    "proxy_declare": (*TO_ABSENT, "promise", "yes", ev.Signed(strokes=STROKES)),
    "declare_recording": (*TO_ABSENT, "promise", "no"),
    "proxy_name": (*SIGNED, ev.TextEdited(text=MOTHER)),
    "proxy_phone": (*SIGNED, ev.TextEdited(text=MOTHER), "done", ev.DigitsEdited(digits=PHONE)),
    "agent_consent": NAMED,
    "proxy_agent": (*NAMED, "yes", ev.TextEdited(text=DAUGHTER)),
    "proxy_agent_phone": (*NAMED, "yes", ev.TextEdited(text=DAUGHTER), "done", ev.DigitsEdited(digits=HER_PHONE)),
    "proxy_refused": (*TO_CONSENT, "no"),
    "agent_sign_in": ("proxy", "volunteer"),
    "agent_pin": ("proxy", "volunteer", "pin", ev.DigitsEdited(digits="1007")),
    "agent_ready": (BADGE,),
    "agent_signed_out": (BADGE, "out"),
}
"""How every step of filing for somebody else is come to; `agent_wrong` needs a badge that is nobody's."""
PENDING = tuple(step for step in WAYS if WAYS[step][:2] == TO_CONSENT and WAYS[step][: len(SIGNED)] != SIGNED)
"""Where it is known who is filed for, and nobody has agreed yet."""
PRIVATE = (MOTHER, PHONE, DAUGHTER, HER_PHONE)


def go(world: World, *moves: Move) -> str:
    """Press and do one thing after the other; every answer must be there to be pressed. Return the step."""
    for move in moves:
        if isinstance(move, str):
            assert move in ids(world), (move, world.state.step, ids(world))
            world.press(move)
        else:
            world.happen(move)
    return world.state.step


def come(step: str, **world: object) -> World:
    """Return a world at one of these steps, with a camera and no recogniser."""
    made = World(**world)  # type: ignore[arg-type]
    made.happen(ev.CameraFound())
    assert go(made, *WAYS[step]) == step
    return made


def ids(world: World) -> list[str]:
    return [choice.id for choice in offered(world.state)]


def drop_effects(world: World) -> list[str]:
    return [id_ for effect in world.done if isinstance(effect, do.DropAttachments) for id_ in effect.attachment_ids]


def aloud(world: World) -> str:
    """Return everything that the room could hear: what was said with no headphones in."""
    heard = [utterance(state, saying, CONTEXT) for state, saying in world.told if not state.headphones]
    return "\n".join(f"{said.text} {said.spoken}" for said in heard)


def tellable(state: State) -> str:
    """Return all that could be said on a step, whatever is asked for."""
    sayings = [Saying(told=t) for t in (Told.STEP, Told.STEP_AGAIN, Told.HELP, Told.WHERE)]
    sayings += [Saying(told=Told.CHOICE, name=choice.id) for choice in offered(state)]
    return "\n".join(f"{(u := utterance(state, saying, CONTEXT)).text} {u.spoken}" for saying in sayings)


def write(world: World, words: str = MATTER) -> str:
    return go(world, "type", ev.TextEdited(text=words), "done")


def for_whom(world: World) -> OnBehalf:
    """Return for whom and by whom what is being said is to be filed."""
    found = world.state.draft.on_behalf
    assert found is not None
    return found


def behalf(world: World) -> OnBehalf:
    """Return for whom and by whom the last petition was filed."""
    found = world.filed[-1].on_behalf
    assert found is not None
    return found


def clean(world: World) -> bool:
    """Whether nothing of anybody is left: neither in the visit nor on disk."""
    state = world.state
    told = repr(state)
    bare = state.draft.on_behalf is None and not state.draft.attachments and not state.draft.consents
    return (
        bare and state.draft.empty and not world.sealed and not any(private in told for private in (*PRIVATE, MATTER))
    )


@pytest.fixture
def world() -> World:
    """A kiosk with a camera and a recogniser."""
    world = World(spoken=AGREES)
    world.happen(ev.CameraFound(), ev.HearingFound())
    return world


# -- for whom ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("relation", ["parent", "spouse", "child", "neighbour", "other"])
def test_who_is_filed_for_is_said_first_and_goes_along(relation: str) -> None:
    world = World()
    go(world, "proxy", relation, "cannot", "agree")
    write(world)
    assert go(world, "send") == "receipt"
    assert behalf(world).relation == Relation(relation)
    assert set(behalf(world).scope) == {Scope.FILING, Scope.FOLLOW_UP}
    assert 0 < behalf(world).days <= 183


def test_purpose_scope_and_expiry_are_read_to_the_person_before_they_agree(world: World) -> None:
    go(world, *TO_CONSENT)
    state, saying = world.told[-1]
    said = utterance(state, saying, CONTEXT).text
    for told in ("替您反映这件事", "查进度", "补情况", "办完就停", "最多管半年", "录"):
        assert told in said
        assert told in screen(world.state, CONTEXT).body
    assert PHRASES["agent_word_parent"] in said


# -- their own voice ---------------------------------------------------------------------------------------------------


def test_who_is_understood_to_agree_has_agreed_and_their_voice_is_an_attachment_of_its_own(world: World) -> None:
    assert go(world, *TO_CONSENT, "speak", "done") == "describe"
    (voice,) = world.state.draft.attachments
    assert voice.kind is AttachmentKind.CONSENT
    assert world.state.draft.recordings == ()
    world.spoken = MATTER
    assert go(world, "start", "done") == "review_heard"
    assert world.state.draft.text == MATTER
    go(world, "send")
    assert behalf(world).authority is Authority.SPOKEN
    assert behalf(world).evidence == (voice.id,)
    assert behalf(world).words_version == words_version("proxy_consent")
    assert [a.kind for a in world.filed[0].attachments] == [AttachmentKind.CONSENT, AttachmentKind.RECORDING]
    assert AGREES not in world.filed[0].text


@pytest.mark.parametrize("words", ["", "阿拉闺女帮我搞好咧", "同一同一", "嗯", "叫她办嘛", "我太同意了吗", "谁同意了"])
def test_dialect_and_slurred_speech_are_never_refused_and_press_for_themselves(world: World, words: str) -> None:
    world.spoken = words
    assert go(world, *TO_CONSENT, "speak", "done") == "consent_check"
    assert go(world, "agree") == "describe"
    write(world)
    go(world, "send")
    assert behalf(world).authority is Authority.SPOKEN
    assert len(behalf(world).evidence) == 1


@pytest.mark.parametrize("words", ["我不同意。", "我不愿意", "别替我办这个"])
def test_who_says_no_is_taken_at_their_word_and_nothing_is_kept(world: World, words: str) -> None:
    world.spoken = words
    assert go(world, *TO_CONSENT, "speak", "done") == "proxy_refused"
    assert world.sealed == set()
    assert world.state.draft.empty
    assert len(drop_effects(world)) == 1
    assert go(world, HOME) == WELCOME
    assert clean(world)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("我同意", True),
        ("我叫王秀英，我同意由女儿替我办。", True),
        ("行，我答应", True),
        ("不同意", False),
        ("我不愿意让他办", False),
        ("我不太同意", None),
        ("我没答应", None),
        ("我妈同意由我替她办", None),
        ("她早就同意了", None),
        ("老人家愿意的", None),
        ("我同意由他替我办", True),
        ("同意不同意", None),
        ("不要紧，我同意", None),
        ("别替我担心，我同意", None),
        ("我跟他想的不同", None),
        ("我不想麻烦他来回跑，让他办吧", None),
        ("不行啊我走不动", None),
        ("同意", True),
        ("好我同意", True),
        ("我叫王秀英我同意由女儿替我办这件事", True),
        ("我愿意让他办", True),
        ("嗯，好，我同意", True),
        ("我同意，由女儿替我办。", True),
        ("由女儿替我办", None),
        ("叫他们说，同意", None),
        ("我儿子同意", None),
        ("我儿子，同意", None),
        ("我妈，同意", None),
        ("我妈说，同意", None),
        ("等我儿子来，同意", None),
        ("你同意，我同意", None),
        ("他说，我同意", None),
        ("我女儿同意了", None),
        ("我爱人同意", None),
        ("邻居愿意", None),
        ("张三同意", None),
        ("我叫我儿子同意", None),
        ("拒绝同意", None),
        ("我反对，叫他们同意", None),
        ("休想让我同意", None),
        ("凭什么同意", None),
        ("难道，我同意", None),
        ("我同意才怪", None),
        ("同意个屁", None),
        ("", None),
    ],
)
def test_words_with_any_doubt_in_them_neither_agree_nor_refuse(words: str, said: bool | None) -> None:
    assert agrees(words) is said


@pytest.mark.parametrize("step", ["proxy_sign", "consent_check", "paper_consent", "signature_consent", "agent_consent"])
def test_a_yes_is_heard_only_after_the_sentence_and_only_in_its_own_words(step: str) -> None:
    world = come(step, spoken="嗯")
    world.state = replace(world.state, hearing=True, begun=True, heard_out=False, speaking=False)
    yes = next(choice for choice in offered(world.state) if choice.act in {Act.AGREE, Act.CONSENT})
    before = world.state
    for phrase in (*yes.phrases, "一号", "第一个"):
        assert meaning(world.state, phrase) is None, phrase
    heard_out = replace(before, heard_out=True)
    for phrase in yes.phrases:
        assert meaning(heard_out, phrase) == ev.ChoicePressed(choice_id=yes.id)
        assert not may_be_asked_back(heard_out, phrase)


def test_without_a_recogniser_their_voice_and_a_press_are_agreement() -> None:
    world = come("consent_check")
    assert for_whom(world).authority is Authority.NONE
    assert go(world, "agree") == "describe"
    assert for_whom(world).authority is Authority.SPOKEN


def test_pressing_while_speaking_ends_the_recording_and_is_agreement_too() -> None:
    world = come("consent_recording")
    assert go(world, "agree") == "describe"
    assert for_whom(world).authority is Authority.SPOKEN
    assert len(world.sealed) == 1


def test_a_press_that_somebodys_no_speaks_against_is_asked_about_again(world: World) -> None:
    world.spoken = "我不同意"
    assert go(world, *TO_CONSENT, "speak", "agree") == "consent_check"
    assert for_whom(world).authority is Authority.NONE
    assert go(world, "no") == "proxy_refused"
    assert world.sealed == set()


def test_a_press_into_a_silent_microphone_is_asked_for_on_paper_words() -> None:
    world = come("consent_recording", voiced=False)
    assert go(world, "agree") == "proxy_sign"
    assert go(world, "agree") == "describe"
    assert for_whom(world).authority is Authority.PRESSED
    assert for_whom(world).evidence == ()
    assert for_whom(world).words_version == words_version("proxy_sign")


@pytest.mark.parametrize("how", ["done", "unheard"])
def test_silence_ends_it_kindly(how: str) -> None:
    world = come("consent_recording", voiced=False)
    assert (go(world, "done") if how == "done" else world.elapse("unheard").step) == "proxy_refused"
    assert world.sealed == set()
    assert "again" in ids(world)


def test_who_pauses_after_agreeing_is_done_as_they_were_told(world: World) -> None:
    go(world, *TO_CONSENT, "speak")
    world.happen(ev.SilenceHeard(seconds=4))
    assert world.elapse("pause").step == "describe"


def test_a_recording_of_agreement_does_not_go_on_for_ever_whoever_is_there() -> None:
    world = come("consent_recording")
    for _ in range(CONSENT_SECONDS):
        world.happen(ev.ScreenTouched())
        world.elapse("second")
    assert world.state.step == "consent_check"
    assert len(world.sealed) == 1
    assert not [saying for _, saying in world.told if saying.name == "still_speaking"]


def test_recording_once_more_takes_the_place_of_what_was_said_before() -> None:
    world = come("consent_check")
    first = world.state.draft.attachments
    assert go(world, "again", "done") == "consent_check"
    assert drop_effects(world) == [first[0].id]
    assert len(world.sealed) == 1
    go(world, "play")
    assert do.PlayRecordings(recording_ids=tuple(world.sealed)) in world.done


@pytest.mark.parametrize("spoken", ["我同意", "说不清楚"])
def test_their_agreement_is_recorded_on_no_matter_how_they_came_to_it(world: World, spoken: str) -> None:
    """What was said before by who files is no evidence of what they say now."""
    world.spoken = spoken
    go(world, *SIGNED, BACK, BACK, "speak", "done")
    kinds = {a.kind for a in world.state.draft.attachments}
    assert kinds == {AttachmentKind.CONSENT}
    assert len(world.sealed) == 1


def test_nobody_who_has_only_promised_before_is_taken_to_have_agreed_now(world: World) -> None:
    world.spoken = "说不清楚"
    assert go(world, *SIGNED, BACK, BACK, "speak", "done") == "consent_check"
    assert go(world, HOME) == WELCOME
    assert clean(world)


# -- with no recogniser, no microphone, no camera ----------------------------------------------------------------------


def test_with_no_microphone_the_sentence_is_agreed_to_by_hand() -> None:
    world = come("proxy_consent")
    world.happen(ev.MicrophoneLost(code=FaultCode.MICROPHONE_LOST))
    assert go(world, "speak") == "proxy_sign"
    assert go(world, "agree") == "describe"
    write(world)
    assert go(world, "send") == "receipt"


@pytest.mark.parametrize("code", [FaultCode.MICROPHONE_LOST, FaultCode.DISK_FULL])
def test_a_microphone_that_goes_away_meanwhile_is_nobodys_refusal(code: FaultCode) -> None:
    world = come("consent_recording", voiced=False)
    world.happen(ev.MicrophoneLost(code=code))
    assert world.state.step == "proxy_sign"


def test_a_voice_whose_sound_could_not_be_kept_is_nobodys_refusal_either() -> None:
    world = come("consent_recording")
    world.answering = False
    go(world, "done")
    assert world.elapse("closing").step == "proxy_sign"


def test_with_no_microphone_who_did_not_want_to_sign_is_asked_once_more() -> None:
    world = come("proxy_absent")
    world.happen(ev.MicrophoneLost(code=FaultCode.MICROPHONE_LOST))
    assert go(world, "promise", "no") == "proxy_absent"
    assert go(world, "promise") == "signature_consent"
    assert go(world, "yes", ev.Signed(strokes=STROKES), "done") == "proxy_name"


def test_with_no_camera_a_paper_is_not_offered_and_there_is_a_way() -> None:
    world = World()
    go(world, *TO_ABSENT)
    assert "paper" not in ids(world)
    assert go(world, "promise", "yes", ev.Signed(strokes=STROKES), "done") == "proxy_name"


# -- they are not there ------------------------------------------------------------------------------------------------


def test_a_paper_is_photographed_looked_at_and_goes_along_with_both_their_names() -> None:
    world = come("proxy_paper_check")
    paper = world.state.picture
    assert paper is not None
    assert go(world, "use") == "proxy_name"
    go(world, ev.TextEdited(text=MOTHER), "done", ev.DigitsEdited(digits=PHONE), "done")
    go(world, "yes", ev.TextEdited(text=DAUGHTER), "done", ev.DigitsEdited(digits=HER_PHONE))
    assert go(world, "done") == "describe"
    write(world)
    go(world, "send")
    filed = behalf(world)
    assert (filed.authority, filed.evidence) == (Authority.PAPER, (paper.id,))
    assert (filed.principal, filed.principal_phone) == (MOTHER, f"+86{PHONE}")
    assert (filed.agent, filed.agent_phone) == (DAUGHTER, f"+86{HER_PHONE}")
    assert world.sealed == set()


def test_a_promise_is_signed_with_a_finger() -> None:
    world = World()
    assert go(world, *SIGNED) == "proxy_name"
    assert for_whom(world).authority is Authority.DECLARED
    (signature,) = world.state.draft.attachments
    assert signature.kind is AttachmentKind.SIGNATURE
    assert for_whom(world).evidence == (signature.id,)
    assert for_whom(world).words_version == words_version("proxy_declare")
    assert not world.state.strokes


def test_a_promise_is_spoken_by_who_does_not_sign_and_no_words_of_it_are_asked_for(world: World) -> None:
    world.spoken = "阿拉讲的是真的"
    assert go(world, *TO_ABSENT, "promise", "no", "done") == "proxy_name"
    assert for_whom(world).authority is Authority.DECLARED
    assert answer(world.state.draft, "signature_consent") is False
    assert [a.kind for a in world.state.draft.attachments] == [AttachmentKind.CONSENT]


def test_who_promises_nothing_finds_the_other_ways_again() -> None:
    world = come("declare_recording", voiced=False)
    assert world.elapse("unheard").step == "proxy_absent"
    assert world.sealed == set()


@pytest.mark.parametrize("then", ["promise", "paper"])
def test_another_way_takes_the_place_of_the_one_before(then: str) -> None:
    world = come("proxy_paper_check" if then == "promise" else "proxy_declare")
    go(world, "use" if then == "promise" else "done", BACK)
    assert world.state.step == "proxy_absent"
    if then == "promise":
        go(world, "promise", "yes", ev.Signed(strokes=STROKES), "done")
    else:
        go(world, "paper", "yes", *SHOOT, "use")
    assert len(world.sealed) == 1
    assert {a.id for a in world.state.draft.attachments} == world.sealed
    assert set(for_whom(world).evidence) == world.sealed


def test_agreement_that_was_not_confirmed_does_not_go_along_with_a_paper() -> None:
    world = come("consent_check")
    go(world, BACK, "absent", "paper", "yes", *SHOOT, "use")
    assert [a.kind for a in world.state.draft.attachments] == [AttachmentKind.PAPER]
    assert len(world.sealed) == 1


def test_a_blot_that_is_no_signature_is_asked_for_anew() -> None:
    world = come("proxy_declare", picture_fault=FaultCode.BAD_INPUT)
    assert go(world, "done") == "proxy_declare"
    assert not world.state.strokes
    assert "done" not in ids(world)
    world.picture_fault = None
    assert go(world, ev.Signed(strokes=STROKES), "done") == "proxy_name"


def test_a_signature_is_wiped_and_signed_again() -> None:
    world = come("proxy_declare")
    assert "done" in ids(world)
    go(world, "erase")
    assert "done" not in ids(world)
    assert screen(world.state, CONTEXT).strokes == ()


def test_strokes_that_were_left_are_not_there_when_somebody_comes_back() -> None:
    world = come("proxy_declare")
    go(world, BACK)
    assert world.state.strokes == ()
    assert go(world, "promise") == "proxy_declare"
    assert screen(world.state, CONTEXT).strokes == ()


def test_a_finger_on_any_other_step_draws_nothing() -> None:
    world = come("proxy_consent")
    world.happen(ev.Signed(strokes=STROKES))
    assert world.state.strokes == ()


# -- no ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [s for s in WAYS if Act.REFUSE in {c.act for c in STEPS[s].choices}])
def test_every_refusal_ends_it_and_leaves_nothing_of_what_was_said_and_written(step: str) -> None:
    world = come(step)
    no = next(choice.id for choice in STEPS[step].choices if choice.act is Act.REFUSE)
    assert go(world, no) == "proxy_refused"
    assert world.sealed == set()
    assert world.state.draft.attachments == ()
    assert world.state.draft.consents == ()
    assert world.kept is None or not world.kept.attachments
    assert go(world, HOME) == WELCOME
    assert clean(world)


def test_nothing_is_said_of_a_fault_of_theirs_and_they_can_ask_again() -> None:
    world = come("proxy_refused")
    assert go(world, "again") == "proxy_consent"
    assert for_whom(world).relation == "parent"
    assert go(world, "cannot", "agree") == "describe"


def test_a_recording_that_closes_after_the_refusal_is_deleted_and_moves_nobody() -> None:
    world = come("consent_recording")
    world.answering = False
    go(world, "no")
    assert world.state.step == "proxy_refused"
    world.answering = True
    world.catch_up()
    assert world.state.step == "proxy_refused"
    assert world.sealed == set()
    assert world.state.draft.attachments == ()
    assert world.state.recorder is Recorder.OFF


@pytest.mark.parametrize("away", [HOME, FINISH, CALL_STAFF, BACK])
def test_a_press_that_waits_for_the_sound_agrees_to_nothing_when_they_have_gone_meanwhile(away: ev.Event) -> None:
    world = come("consent_recording")
    world.answering = False
    go(world, "agree", away)
    step = world.state.step
    assert step != "consent_recording"
    world.answering = True
    world.catch_up()
    assert world.state.step == step
    assert world.sealed == set()
    behalf = world.state.draft.on_behalf
    assert behalf is None or behalf.authority is Authority.NONE
    assert not world.state.agreed


def test_who_comes_back_from_a_call_is_recorded_from_the_beginning() -> None:
    world = come("consent_recording")
    go(world, CALL_STAFF, "resume")
    assert world.state.step == "consent_recording"
    assert world.sealed == set()
    assert world.state.live_text == ""
    assert go(world, "done") == "consent_check"


@pytest.mark.parametrize("late", [True, False])
def test_one_that_closes_late_is_no_part_of_the_next_one_either(late: bool) -> None:
    world = come("consent_recording")
    world.answering = False
    go(world, "no", "again", "speak")
    if late:
        go(world, "agree")
    world.answering = True
    world.catch_up()
    assert world.state.step == "consent_recording"
    assert world.state.recorder is Recorder.ON
    assert world.sealed == set()
    assert go(world, "agree") == "describe"
    assert len(world.sealed) == 1


# -- 「这件事我想自己说」 --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [s for s in WAYS if "myself" in {c.id for c in STEPS[s].choices}])
def test_anyone_may_ask_to_speak_for_themselves_and_nothing_of_the_others_stays(step: str) -> None:
    world = come(step)
    assert go(world, "myself") == "describe"
    assert clean(world)
    write(world)
    go(world, "send")
    assert world.filed[0].on_behalf is None
    assert world.filed[0].attachments == ()


def test_they_may_say_so_as_well(world: World) -> None:
    go(world, *TO_CONSENT)
    assert world.happen(ev.PhraseHeard(phrase="这件事我想自己说")).step == "describe"
    assert clean(world)


@pytest.mark.parametrize("way", [("cannot", "agree"), ("speak", "agree")])
def test_they_may_after_agreeing_too_until_something_is_told(way: tuple[str, ...]) -> None:
    world = come("proxy_consent")
    assert go(world, *way) == "describe"
    assert go(world, "myself") == "describe"
    assert clean(world)
    assert "myself" not in ids(world)


def test_what_was_being_recorded_for_them_is_thrown_away() -> None:
    world = come("proxy_sign")
    go(world, "agree", "start")
    world.answering = False
    go(world, BACK, "myself")
    world.answering = True
    world.catch_up()
    assert world.state.draft.empty
    assert world.sealed == set()
    go(world, "start", "done", "send")
    assert len(world.filed[0].recordings) == 1


# -- whatever comes in between -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", WAYS)
def test_who_walks_away_leaves_nothing_and_nobody_signed_in(step: str) -> None:
    world = come(step)
    for _ in range(200):
        name = next((n for n in ("idle", "second", "leave", "shutter") if n in world.timers), None)
        if world.state.step == WELCOME or name is None:
            break
        world.elapse(name)
    assert world.state.step == WELCOME
    assert clean(world)
    assert world.state.agent is None
    assert world.state.preferences == Preferences()
    assert world.state.recorder is Recorder.OFF


@pytest.mark.parametrize("step", [s for s in WAYS if STEPS[s].may_idle])
def test_who_is_still_there_goes_on_where_they_were(step: str) -> None:
    world = come(step)
    before = world.state.draft
    world.elapse("idle")
    assert world.state.step == "idle_warning"
    assert go(world, "here") == step
    assert world.state.draft == before


@pytest.mark.parametrize("step", [s for s in WAYS if not STEPS[s].leaves_after_seconds])
def test_who_calls_for_a_person_comes_back_to_where_they_were(step: str) -> None:
    world = come(step)
    before = world.state
    go(world, CALL_STAFF)
    assert STEPS[world.state.step].journey is Journey.CALL_STAFF
    assert go(world, "resume") == step
    assert world.state.draft == before.draft
    assert world.state.strokes == before.strokes
    assert world.state.picture == before.picture
    assert world.sealed == {a.id for a in world.state.draft.attachments} | (
        {before.picture.id} if before.picture else set()
    )
    if step in {"consent_recording", "declare_recording"}:
        assert world.state.recorder is Recorder.ON


@pytest.mark.parametrize("step", [s for s in WAYS if not STEPS[s].leaves_after_seconds])
@pytest.mark.parametrize("leave", ["close", "desk"])
def test_the_staff_desk_lies_over_it_and_tells_staff_nothing_of_it(step: str, leave: str) -> None:
    world = come(step)
    before = world.state.draft
    go(world, SETTINGS, "desk", ev.DigitsEdited(digits=PIN), "done")
    assert world.state.step == "staff_home"
    told = repr(screen(world.state, CONTEXT)) + tellable(world.state)
    assert not any(private in told for private in PRIVATE)
    asked = sum(isinstance(effect, do.SignIn) for effect in world.done)
    world.happen(BADGE)
    assert sum(isinstance(effect, do.SignIn) for effect in world.done) == asked
    if leave == "close":
        assert go(world, "close") == step
    else:  # nobody is there: whoever comes by is not recorded
        world.elapse("desk")
        recorded = {"consent_recording": "proxy_consent", "declare_recording": "proxy_consent"}
        assert world.state.step == recorded.get(step, step)
    assert world.state.draft == before


@pytest.mark.parametrize("step", [s for s in WAYS if not STEPS[s].leaves_after_seconds])
def test_another_language_changes_words_and_nothing_else(step: str) -> None:
    world = come(step)
    before = world.state.draft
    go(world, LANGUAGE, "english", "done", "done")
    assert world.state.step == step
    assert replace(world.state.draft, language=before.language) == before


@pytest.mark.parametrize("step", WAYS)
def test_a_badge_signs_nobody_in_over_somebodys_petition(step: str) -> None:
    world = come(step)
    asked = sum(isinstance(effect, do.SignIn) for effect in world.done)
    before = world.state
    world.happen(BADGE)
    signing = {"proxy_relation", "agent_sign_in", "agent_pin", "agent_ready", "agent_signed_out"}
    if step in signing:
        assert world.state.step == "agent_ready"
        assert clean(world)
    else:
        assert sum(isinstance(effect, do.SignIn) for effect in world.done) == asked
        assert (world.state.step, world.state.draft) == (step, before.draft)


@pytest.mark.parametrize("step", PENDING)
def test_who_goes_home_before_anybody_agreed_begins_their_own_with_nothing_of_it(step: str) -> None:
    world = come(step)
    assert go(world, HOME) == WELCOME
    assert clean(world)
    assert "resume" not in ids(world)
    assert write(world) == "review"
    go(world, "send")
    assert world.filed[0].on_behalf is None
    assert world.filed[0].attachments == ()


@pytest.mark.parametrize("begin", ["report", "type", "proxy"])
@pytest.mark.parametrize("way", [("cannot", "agree"), ("speak", "agree")])
def test_what_was_agreed_to_is_for_that_matter_and_not_for_ones_own(way: tuple[str, ...], begin: str) -> None:
    world = come("proxy_consent")
    go(world, *way, HOME)
    step = go(world, begin)
    if begin == "proxy" and way[0] == "cannot":  # nothing is lost but a press: it is asked for anew
        assert step == "proxy_relation"
        go(world, "spouse")
        assert world.state.draft.on_behalf == OnBehalf(relation="spouse")
    else:
        assert step == "draft_first"


def test_agreement_is_for_one_matter_after_the_receipt_nothing_of_it_is_there() -> None:
    world = come("proxy_consent")
    go(world, "speak", "agree")
    write(world)
    assert go(world, "send") == "receipt"
    assert world.state.draft.on_behalf is None
    assert "another" not in ids(world)
    assert go(world, "finish") == "session_ended"
    go(world, "again")
    write(world)
    go(world, "send")
    assert world.filed[1].on_behalf is None
    assert world.filed[1].attachments == ()


def test_who_is_filed_for_changes_and_nothing_of_the_one_before_goes_along() -> None:
    world = come("proxy_agent")
    assert len(world.sealed) == 1
    assert go(world, *[BACK] * 6) == "proxy_relation"
    go(world, "neighbour")
    assert world.state.draft.on_behalf == OnBehalf(relation="neighbour")
    assert world.state.draft.consents == ()
    assert world.sealed == set()
    assert not any(private in repr(world.state) for private in PRIVATE)


def test_ones_own_name_and_number_do_not_go_along_with_somebody_elses_petition() -> None:
    world = World()
    write(world)
    go(world, "details", "who", "name", ev.TextEdited(text=DAUGHTER), "done")
    go(world, "id", "yes", ev.DigitsEdited(digits="11010519380312002X"), "done", "done")
    go(world, "change", ev.TextEdited(text=""), HOME)
    go(world, *TO_CONSENT, "cannot", "agree")
    assert world.state.draft.name == ""
    assert world.state.draft.id_number == ""


def test_ones_own_voice_that_is_put_away_late_is_asked_about_and_does_not_become_anothers() -> None:
    world = World()
    go(world, "report", "start")
    world.answering = False
    go(world, HOME, "proxy")
    assert world.state.step == "draft_first"
    world.answering = True
    world.catch_up()
    assert len(world.state.draft.recordings) == 1
    assert go(world, "draft") == "review_recording"
    assert world.state.draft.on_behalf is None


def test_nothing_is_sent_for_somebody_who_has_not_agreed() -> None:
    world = come("consent_check")
    world.state = replace(world.state, draft=replace(world.state.draft, text=MATTER), step="review")
    world.press("send")
    assert world.state.step == "proxy_consent"
    assert world.filed == []


# -- who is signed in --------------------------------------------------------------------------------------------------


@pytest.fixture
def agent() -> World:
    """Somebody who signed in with their badge, and the next one sits down."""
    return come("agent_ready")


def file_for(world: World, words: str = MATTER, name: str = "", phone: str = "") -> OnBehalf:
    """File for the next one, as who is signed in."""
    go(world, "absent", "promise", *(("yes",) if "yes" in ids(world) else ()))
    go(world, *(("yes",) if "yes" in ids(world) else ()), ev.Signed(strokes=STROKES), "done")
    go(world, *((ev.TextEdited(text=name), "done") if name else ("skip",)))
    go(world, *((ev.DigitsEdited(digits=phone), "done") if phone else ("skip",)))
    write(world, words)
    go(world, "send")
    return behalf(world)


def test_who_is_signed_in_stands_on_every_screen_and_in_what_is_filed(agent: World) -> None:
    assert AGENT.name in screen(agent.state, CONTEXT).agent
    go(agent, "begin", "cannot", "agree")
    assert AGENT.name in screen(agent.state, CONTEXT).agent
    write(agent)
    go(agent, "send")
    filed = behalf(agent)
    assert (filed.agent, filed.agent_id, filed.relation) == (AGENT.name, AGENT.id, Relation.VOLUNTEER)
    assert go(agent, "finish") == "agent_ready"
    assert clean(agent)


def test_staff_file_as_staff() -> None:
    world = World()
    world.answering = False
    world.happen(BADGE)
    world.answering = True
    world.happen(ev.AgentSignedIn(agent=Agent(id="2001", name="赵强", staff=True)))
    go(world, "begin", "cannot", "agree")
    write(world)
    go(world, "send")
    assert behalf(world).relation == Relation.STAFF


def test_a_number_and_pin_are_as_good_and_kept_nowhere() -> None:
    world = come("agent_pin")
    world.happen(ev.DigitsEdited(digits="1007405172"))
    assert screen(world.state, CONTEXT).masked
    assert go(world, "done") == "agent_ready"
    assert "405172" not in repr(world.state)
    assert "405172" not in aloud(world)


@pytest.mark.parametrize("leave", [BACK, HOME, "badge", FINISH])
def test_a_pin_that_was_left_half_way_is_not_there_for_the_next_one(leave: Move) -> None:
    world = come("agent_pin")
    world.happen(ev.DigitsEdited(digits="1007405172"))
    go(world, leave)
    assert world.state.agent_code == ""


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (ev.SignInRefused(tries_left=2), "sign_in_again"),
        (ev.SignInRefused(locked_minutes=5), "sign_in_locked"),
        (ev.SignInRefused(expired=True), "sign_in_expired"),
        (ev.SignInRefused(fault=FaultCode.DISK_FULL), "sign_in_fault"),
    ],
)
def test_who_is_not_known_is_told_why_and_finds_another_way(refusal: ev.SignInRefused, told: str) -> None:
    world = World(sign_in=refusal)
    world.happen(BADGE)
    assert world.state.step == "agent_wrong"
    assert world.state.agent is None
    assert PHRASES[told].split("{", maxsplit=1)[0] in screen(world.state, CONTEXT).body
    assert go(world, "family") == "proxy_relation"


def test_a_pin_that_is_too_short_is_asked_for_again_and_not_looked_at() -> None:
    world = come("agent_pin")
    said = len(world.told)
    assert go(world, "done") == "agent_pin"
    assert len(world.told) == said + 1
    assert not [effect for effect in world.done if isinstance(effect, do.SignIn)]


def test_who_sends_while_an_agreement_is_still_being_put_away_is_not_kept_waiting(world: World) -> None:
    go(world, *TO_CONSENT, "speak")
    world.answering = False
    go(world, BACK, "myself", "type", ev.TextEdited(text=MATTER), "done", "send")
    assert world.state.submitting
    world.answering = True
    world.catch_up()
    assert [draft.text for draft in world.filed] == [MATTER]
    assert world.filed[0].on_behalf is None
    assert not world.state.submitting


def test_a_call_goes_on_when_somebody_signs_in_before_anybody_has_come() -> None:
    world = World()
    world.happen(ev.CommandGiven(command=Command.CALL_STAFF))
    number = world.state.calls_made
    world.happen(ev.CallChanged(call=number, standing=CallStanding.UNREACHABLE))
    assert world.state.bell
    go(world, HOME, BADGE)
    assert world.state.step == "agent_ready"
    assert world.state.call is not None
    assert world.state.bell
    assert not [e for e in world.done if isinstance(e, do.EndCall) or e == do.SoundBell(on=False)]
    world.happen(ev.CallChanged(call=number, standing=CallStanding.ANSWERED, by="李梅"))
    assert "李梅" in screen(world.state, CONTEXT).title
    assert world.state.step == "call_answered"


def test_who_is_family_after_all_does_not_file_under_the_name_of_who_is_signed_in(agent: World) -> None:
    agent.sign_in = ev.SignInRefused(tries_left=2)
    assert go(agent, BADGE, "family", "parent") == "proxy_consent"
    assert agent.state.agent is None
    assert agent.signed_out == [(AGENT.id, 0)]
    assert for_whom(agent) == OnBehalf(relation="parent")


@pytest.mark.parametrize("gone", ["family", "pin", HOME])
def test_who_went_on_to_something_else_is_signed_in_no_more(gone: Move) -> None:
    world = come("agent_sign_in")
    world.answering = False
    world.happen(BADGE)
    go(world, gone)
    step = world.state.step
    world.answering = True
    world.catch_up()
    assert world.state.agent is None
    assert world.state.step == step
    assert world.signed_out == [(AGENT.id, 0)]


def test_so_many_petitions_and_then_they_sign_in_anew(agent: World) -> None:
    for number in range(AGENT.petitions):
        assert agent.state.step == "agent_ready"
        file_for(agent, f"{number}号楼的门坏了")
        go(agent, "finish")
    assert agent.state.step == "agent_signed_out"
    assert agent.state.agent is None
    assert agent.signed_out == [(AGENT.id, AGENT.petitions)]
    assert clean(agent)


def test_going_home_after_a_receipt_is_no_way_around_that_and_takes_nothing_of_anybody_along(agent: World) -> None:
    for number in range(AGENT.petitions):
        file_for(agent, f"{number}号楼的门坏了")
        agent.state = replace(agent.state, dangers=frozenset({Danger.FIRE}))
        wiped = agent.done.count(do.Wipe())
        go(agent, HOME, HOME, "proxy")
        assert agent.state.step == "agent_ready"
        assert agent.done.count(do.Wipe()) == wiped + 1
        assert not agent.state.dangers
        assert agent.state.agent_filed == number + 1
    go(agent, "begin")
    assert (agent.state.step, agent.state.agent) == ("agent_signed_out", None)
    assert agent.state.agent_filed == AGENT.petitions, "they are told for how many they filed"
    assert agent.signed_out == [(AGENT.id, AGENT.petitions)]


def test_who_signs_out_leaves_nobody_signed_in_and_what_they_did_is_written_down(agent: World) -> None:
    file_for(agent)
    go(agent, "finish", "out")
    assert agent.signed_out == [(AGENT.id, 1)]
    assert agent.state.agent is None
    assert screen(agent.state, CONTEXT).agent == ""
    assert agent.elapse("leave").step == WELCOME
    go(agent, *TO_CONSENT)
    assert agent.state.draft.on_behalf == OnBehalf(relation="parent")


def test_one_after_another_the_first_is_signed_out_before_the_second_begins(agent: World) -> None:
    file_for(agent)
    go(agent, "finish")
    agent.answering = False
    agent.happen(BADGE)
    agent.answering = True
    agent.happen(ev.AgentSignedIn(agent=Agent(id="1008", name="刘洋")))
    assert agent.signed_out == [(AGENT.id, 1)]
    assert agent.state.agent_filed == 0
    assert agent.state.said == ()
    assert AGENT.name not in repr(agent.state)
    assert "刘洋" in screen(agent.state, CONTEXT).agent


def test_each_begins_clean_however_the_one_before_wanted_to_see_and_hear(agent: World) -> None:
    go(agent, "begin", LANGUAGE, "english", "done", "text", "largest", "done", "done", "cannot", "agree")
    write(agent)
    go(agent, "send")
    assert agent.state.preferences != Preferences()
    go(agent, "finish")
    assert agent.state.preferences == Preferences()
    assert agent.state.draft.language == Preferences().language


@pytest.mark.parametrize("way", [(BACK,), ("speak", "done", BACK, BACK), ("cannot", BACK, BACK)])
def test_going_back_to_the_next_one_is_to_begin_clean_too(agent: World, way: Sequence[Move]) -> None:
    go(agent, "begin", LANGUAGE, "english", "done", "done", *way)
    assert agent.state.step == "agent_ready"
    assert clean(agent)
    assert agent.state.preferences == Preferences()


def test_a_name_that_was_being_written_is_not_there_for_the_next_one(agent: World) -> None:
    go(agent, "absent", "promise", "yes", ev.Signed(strokes=STROKES), "done")
    go(agent, ev.TextEdited(text=MOTHER), BACK, BACK, BACK)
    assert agent.state.step == "agent_ready"
    assert clean(agent)
    go(agent, "absent", "promise", "yes", ev.Signed(strokes=STROKES), "done")
    assert screen(agent.state, CONTEXT).text == ""


def test_how_they_want_to_see_stays_while_settings_lie_over_where_the_next_one_sits_down(agent: World) -> None:
    go(agent, SETTINGS, "text", "largest", "done", "done")
    assert agent.state.step == "agent_ready"
    assert agent.state.preferences.size == "largest"


def test_what_was_agreed_to_before_somebody_signed_in_is_not_filed_by_them() -> None:
    world = come("proxy_sign")
    go(world, "agree", HOME, BADGE)
    assert world.state.step == "agent_ready"
    assert clean(world)


def test_what_was_agreed_to_with_somebody_is_not_filed_when_they_have_signed_out(agent: World) -> None:
    go(agent, "begin", "cannot", "agree", HOME, FINISH)
    assert agent.state.step == "agent_signed_out"
    assert agent.signed_out == [(AGENT.id, 0)]
    assert clean(agent)


def test_who_speaks_for_themselves_there_is_not_counted_and_has_no_agent(agent: World) -> None:
    go(agent, "begin", "myself")
    write(agent)
    go(agent, "send", "finish")
    assert agent.filed[0].on_behalf is None
    assert agent.state.agent_filed == 0
    assert agent.state.step == "agent_ready"


@pytest.mark.parametrize("moves", [(), ("begin",), ("begin", "speak", "done"), ("begin", "cannot", "agree")])
def test_a_session_that_nobody_uses_ends_by_itself(agent: World, moves: tuple[str, ...]) -> None:
    go(agent, *moves)
    agent.elapse("idle")
    for _ in range(Rules().warning_seconds):
        agent.elapse("second")
    assert agent.state.step == "session_timed_out"
    assert agent.state.agent is None
    assert agent.signed_out == [(AGENT.id, 0)]
    assert clean(agent)


def test_so_does_one_at_the_welcome_screen(agent: World) -> None:
    go(agent, HOME)
    assert "idle" in agent.timers
    agent.elapse("idle")
    assert agent.state.agent is None
    assert agent.signed_out == [(AGENT.id, 0)]


# -- separate yeses ----------------------------------------------------------------------------------------------------


def test_each_sensitive_thing_has_a_sentence_and_an_answer_of_its_own_that_goes_along() -> None:
    world = come("proxy_paper_check")
    go(world, "use", ev.TextEdited(text=MOTHER), "done", "skip", "yes", ev.TextEdited(text=DAUGHTER), "done", "skip")
    write(world)
    go(world, "details", "who", "id", "yes", ev.DigitsEdited(digits="11010519380312002X"), "done", "done", "send")
    consents = {c.about: c for c in world.filed[0].consents}
    assert {about: c.given for about, c in consents.items()} == {
        Sensitive.PICTURE: True,
        Sensitive.AGENT_DATA: True,
        Sensitive.ID_NUMBER: True,
    }
    assert consents[Sensitive.PICTURE].words_version == words_version("paper_consent")
    assert consents[Sensitive.AGENT_DATA].words_version == words_version("agent_consent")
    assert consents[Sensitive.ID_NUMBER].words_version == words_version("id_consent")


def test_versions_of_different_words_differ() -> None:
    steps = ["picture_consent", "paper_consent", "signature_consent", "id_consent", "agent_consent", "proxy_consent"]
    assert len({words_version(step) for step in steps}) == len(steps)


def test_who_files_need_not_give_their_own_name() -> None:
    world = come("agent_consent")
    assert go(world, "no") == "describe"
    write(world)
    go(world, "send")
    assert (behalf(world).agent, behalf(world).agent_phone) == ("", "")
    (refused,) = [c for c in world.filed[0].consents if c.about is Sensitive.AGENT_DATA]
    assert not refused.given


def test_a_name_that_was_given_and_is_refused_later_is_gone() -> None:
    world = come("proxy_agent_phone")
    assert for_whom(world).agent == DAUGHTER
    go(world, BACK, BACK, "no")
    assert DAUGHTER not in repr(world.state)
    assert HER_PHONE not in repr(world.state)
    write(world)
    go(world, "send")
    assert (behalf(world).agent, behalf(world).agent_phone) == ("", "")


@pytest.mark.parametrize(
    ("step", "asked_at", "about", "kind"),
    [
        ("proxy_paper_check", "paper_consent", Sensitive.PICTURE, AttachmentKind.PAPER),
        ("proxy_declare", "signature_consent", Sensitive.SIGNATURE, AttachmentKind.SIGNATURE),
    ],
)
def test_evidence_that_is_refused_later_shows_nothing_any_more(
    step: str, asked_at: str, about: Sensitive, kind: AttachmentKind
) -> None:
    world = come(step)
    go(world, "use" if "use" in ids(world) else "done")
    draft = world.state.draft
    assert [a.kind for a in draft.attachments] == [kind]
    after = answered(draft, about, given=False, step=asked_at)
    assert after.attachments == ()
    assert after.on_behalf is not None
    assert (after.on_behalf.authority, after.on_behalf.evidence) == (Authority.NONE, ())


# -- nobody else hears a name ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [*WAYS, "who"])
def test_no_name_and_no_number_is_ever_said_where_others_hear(step: str) -> None:
    world = come("proxy_agent_phone" if step == "who" else step)
    if step == "who":
        go(world, "done")
        write(world)
        assert go(world, "details", "who") == "who"
    assert not any(private in said for private in PRIVATE for said in (aloud(world), tellable(world.state)))
    assert "王" not in tellable(world.state) or step.startswith("agent")


def test_what_was_given_stands_masked_on_the_screen_and_a_note_is_told_to_nobody_but_headphones() -> None:
    world = come("proxy_agent_phone")
    go(world, "done")
    write(world)
    go(world, "details", "who", "id", "yes", ev.DigitsEdited(digits="11010519380312002X"), "done")
    shown = {button.id: button.note for button in screen(world.state, CONTEXT).buttons}
    assert shown["principal"] == "王＊＊"
    assert shown["agent"] == "李＊＊"
    assert shown["id"] == "＊＊＊＊002X"
    assert not any(private in repr(screen(world.state, CONTEXT)) for private in (*PRIVATE, "11010519380312002X"))
    assert not any(secret in tellable(world.state) for secret in ("王", "李", "002X"))
    assert "002X" in tellable(replace(world.state, headphones=True))
    go(world, "done")
    assert "王＊＊" in screen(world.state, CONTEXT).body
    assert MOTHER not in repr(screen(world.state, CONTEXT))


@pytest.mark.parametrize("headphones", [False, True])
def test_who_writes_a_name_by_ear_hears_it_in_headphones_only(headphones: bool) -> None:
    world = come("proxy_declare")
    go(world, "done", *((ev.HeadphonesPlugged(),) if headphones else ()))
    for sign in MOTHER:
        world.happen(ev.KeyReached(name=sign), ev.TextEdited(text=world.state.principal_text + sign))
    heard = [utterance(state, saying, CONTEXT).text for state, saying in world.told]
    assert (any("秀" in words for words in heard)) is headphones
    assert "秀" not in aloud(world)
    assert "秀" not in screen(world.state, CONTEXT).caption.text or headphones


# -- said before -------------------------------------------------------------------------------------------------------

NEARLY = "三号楼电梯停了两天了，老人家下不了楼。"


def test_who_tells_the_same_twice_in_one_visit_is_asked() -> None:
    world = World()
    write(world)
    go(world, "send", "another")
    write(world, NEARLY)
    assert go(world, "send") == "said_before"
    assert len(world.filed) == 1
    assert go(world, "send") == "receipt"
    assert len(world.filed) == 2


def test_and_it_can_be_the_same_one() -> None:
    world = World()
    write(world)
    go(world, "send", "another")
    write(world, NEARLY)
    go(world, "send")
    assert go(world, "same") == WELCOME
    assert world.state.draft.empty
    assert len(world.filed) == 1


def test_another_matter_is_not_asked_about() -> None:
    world = World()
    write(world)
    go(world, "send", "another")
    write(world, "小区门口的垃圾堆了一个月")
    assert go(world, "send") == "receipt"


def test_in_a_session_the_same_for_the_same_person_is_asked_about(agent: World) -> None:
    file_for(agent, name=MOTHER, phone=PHONE)
    go(agent, "finish")
    assert not any(private in repr(agent.state) for private in PRIVATE)
    go(agent, "absent", "promise", "yes", ev.Signed(strokes=STROKES), "done", ev.TextEdited(text=MOTHER), "done")
    go(agent, ev.DigitsEdited(digits=PHONE), "done")
    write(agent, NEARLY)
    assert go(agent, "send") == "said_before"


@pytest.mark.parametrize(("name", "phone"), [("张玉兰", PHONE), ("张玉兰", ""), ("", HER_PHONE), ("", "")])
def test_for_different_people_it_is_not(agent: World, name: str, phone: str) -> None:
    file_for(agent, name=MOTHER, phone=PHONE)
    go(agent, "finish")
    file_for(agent, NEARLY, name=name, phone=phone)
    assert agent.state.step == "receipt"
    assert len(agent.filed) == 2


def test_two_of_whom_nobody_knows_who_they_are_are_two(agent: World) -> None:
    for words in (MATTER, NEARLY):
        file_for(agent, words)
        assert agent.state.step == "receipt"
        go(agent, "finish")


def test_two_who_speak_for_themselves_in_a_session_are_two(agent: World) -> None:
    for words in (MATTER, NEARLY):
        go(agent, "begin", "myself")
        write(agent, words)
        assert go(agent, "send") == "receipt"
        go(agent, "finish")


def test_the_next_visit_remembers_nothing_of_it() -> None:
    world = World()
    for words in (MATTER, NEARLY):
        write(world, words)
        assert go(world, "send") == "receipt"
        go(world, "finish", "again")


def test_a_yes_to_the_paper_is_none_to_pictures_of_the_matter() -> None:
    world = come("proxy_paper_check")
    go(world, "use", "skip", "skip", "no")
    write(world)
    assert go(world, "details", "picture") == "picture_consent"
    go(world, "no")
    assert [a.kind for a in world.state.draft.attachments] == [AttachmentKind.PAPER]
    go(world, "send")
    given = [(c.words_version, c.given) for c in world.filed[0].consents if c.about is Sensitive.PICTURE]
    assert given == [(words_version("paper_consent"), True), (words_version("picture_consent"), False)]


@pytest.mark.parametrize(("step", "role"), [("proxy_paper_check", Role.AGENT), ("consent_check", None)])
def test_who_files_for_somebody_absent_prints_their_own_slip_alone(step: str, role: Role | None) -> None:
    state = replace(World().state, rules=Rules(residents_print=True), printer=PrinterState.READY)
    world = come(step, state=state)
    go(world, *(("agree",) if step == "consent_check" else ("use", "skip", "skip", "no")))
    write(world)
    go(world, "send", "print")
    (printed,) = [effect for effect in world.done if isinstance(effect, do.PrintReceipts)]
    assert printed.role is role
