"""Pictures: counted down to, looked at, taken again, brought on a stick, removed; and everything that goes wrong with them."""

from dataclasses import replace
from itertools import pairwise

import pytest

from petition import effects as do
from petition import events as ev
from petition.consents import words_version
from petition.derive import Context, screen
from petition.errors import FaultCode
from petition.model import Attachment, AttachmentKind, PictureFile, Sensitive
from petition.offer import MOST_PICTURES, offered
from petition.pictures import COUNT, FROM_STICK, SHOOTING
from petition.receipt import Role, receipt_number, receipt_tag
from petition.script.phrases import PHRASES
from petition.state import Busy, Rules
from petition.steps import WELCOME, Command
from tests.petition.world import KEY, NOON, World

CONTEXT = Context(translate=lambda _, source: source, now=NOON)
MATTER = "楼道的灯坏了"
HOME, BACK, FINISH, SETTINGS, CALL_STAFF, FIRE = (
    ev.CommandGiven(command=c)
    for c in (Command.HOME, Command.BACK, Command.FINISH, Command.SETTINGS, Command.CALL_STAFF, Command.FIRE)
)
AWAY = {"home": HOME, "back": BACK, "settings": SETTINGS, "call": CALL_STAFF, "fire": FIRE}
"""What leads away from a camera step, or lies over it."""


@pytest.fixture
def world() -> World:
    """Somebody who has written what it is about, at a kiosk with a camera and a place for sticks."""
    world = World(state=replace(World().state, rules=Rules(stick=True)))
    world.happen(ev.CameraFound())
    world.press("type")
    world.happen(ev.TextEdited(text=MATTER))
    world.press("done")
    return world


def ids(world: World) -> list[str]:
    return [choice.id for choice in offered(world.state)]


def press(world: World, *choices: str) -> str:
    """Press answers that must be there; return the step."""
    for choice in choices:
        assert choice in ids(world), (choice, world.state.step, ids(world))
        world.press(choice)
    return world.state.step


def at_camera(world: World) -> str:
    press(world, "details", "picture", *(("yes",) if world.state.draft.consents == () else ()))
    return press(world, "camera")


def shoot(world: World) -> str:
    press(world, "shutter")
    for _ in range(COUNT):
        world.elapse("shutter")
    return world.state.step


def take(world: World, count: int = 1) -> None:
    """Take pictures and use them."""
    for _ in range(count):
        at_camera(world)
        shoot(world)
        press(world, "use")


def shots(world: World) -> list[do.TakePicture]:
    return [effect for effect in world.done if isinstance(effect, do.TakePicture)]


def kept(world: World) -> set[str]:
    return {attachment.id for attachment in world.state.draft.attachments}


def camera_on(world: World) -> bool:
    """Whether the camera is open, by what was asked of it."""
    asked = [effect for effect in world.done if isinstance(effect, do.OpenCamera | do.CloseCamera)]
    for before, after in pairwise(asked):
        assert type(before) is not type(after)
    return bool(asked) and isinstance(asked[-1], do.OpenCamera)


def looking(world: World) -> bool:
    asked = [effect for effect in world.done if isinstance(effect, do.LookForPictures | do.StopLooking)]
    return bool(asked) and isinstance(asked[-1], do.LookForPictures)


# -- the sentence before -----------------------------------------------------------------------------------------------


def test_the_camera_is_not_opened_before_the_sentence_is_answered(world: World) -> None:
    assert press(world, "details", "picture") == "picture_consent"
    assert not camera_on(world)
    assert press(world, "yes") == "picture_source"
    assert not camera_on(world)
    assert press(world, "camera") == "picture_camera"
    assert camera_on(world)


def test_who_does_not_want_it_files_without_and_may_think_again(world: World) -> None:
    assert press(world, "details", "picture", "no") == "review"
    assert press(world, "details", "picture") == "picture_consent"
    assert press(world, "no", "send") == "receipt"
    (consent,) = world.filed[0].consents
    assert (consent.about, consent.given) == (Sensitive.PICTURE, False)
    assert consent.words_version == words_version("picture_consent")
    assert world.filed[0].attachments == ()


def test_it_is_asked_once(world: World) -> None:
    take(world)
    assert press(world, "details", "picture") == "picture_source"


@pytest.mark.parametrize(
    ("lens", "stick", "step"),
    [(True, True, "picture_source"), (True, False, "picture_camera"), (False, True, FROM_STICK)],
)
def test_where_there_is_one_way_only_nothing_is_asked(world: World, lens: bool, stick: bool, step: str) -> None:
    world.state = replace(world.state, lens=lens, rules=replace(world.state.rules, stick=stick))
    assert press(world, "details", "picture", "yes") == step


def test_with_neither_camera_nor_stick_no_picture_is_offered(world: World) -> None:
    world.state = replace(world.state, lens=False, rules=Rules())
    press(world, "details")
    assert "picture" not in ids(world)


def test_to_what_is_said_later_no_picture_is_added(world: World) -> None:
    world = World(reply="")
    world.happen(ev.CameraFound())
    number = receipt_number("10230", 7)
    world.happen(ev.ReceiptScanned(number=number, tag=receipt_tag(KEY, number, Role.OWN)))
    press(world, "say", "more", "type")
    world.happen(ev.TextEdited(text=MATTER))
    press(world, "done")
    assert "details" not in ids(world)


# -- the count ---------------------------------------------------------------------------------------------------------


def test_it_is_counted_down_on_the_screen_and_said_and_taken_at_the_end(world: World) -> None:
    at_camera(world)
    press(world, "shutter")
    assert world.state.saying.name == "count_down"
    shown = [screen(world.state, CONTEXT).seconds_left]
    while "shutter" in world.timers:
        assert shots(world) == []
        world.elapse("shutter")
        shown.append(screen(world.state, CONTEXT).seconds_left)
    assert shown == [3, 2, 1, 0]
    assert len(shots(world)) == 1
    assert world.state.step == "picture_check"


def test_an_impatient_hand_neither_hurries_the_count_nor_begins_another(world: World) -> None:
    at_camera(world)
    press(world, "shutter")
    world.elapse("shutter")
    press(world, "shutter", "shutter")
    assert screen(world.state, CONTEXT).seconds_left == COUNT - 1
    world.elapse("shutter")
    world.elapse("shutter")
    assert len(shots(world)) == 1


def test_whoever_asks_again_while_it_is_taken_gets_the_one_that_was_asked_for(world: World) -> None:
    at_camera(world)
    world.answering = False
    shoot(world)
    world.press("shutter", "shutter")
    assert (world.state.busy, world.state.shutter) == (Busy.TAKING, 0)
    world.answering = True
    world.catch_up()
    assert world.state.step == "picture_check"
    assert len(shots(world)) == 1


@pytest.mark.parametrize("away", AWAY)
def test_whoever_goes_away_meanwhile_is_not_photographed(world: World, away: str) -> None:
    at_camera(world)
    press(world, "shutter")
    world.elapse("shutter")
    world.happen(AWAY[away])
    assert world.state.step != "picture_camera"
    assert world.state.shutter == 0
    assert "shutter" not in world.timers
    world.happen(ev.TimerElapsed(name="shutter"))  # it was on its way
    assert shots(world) == []
    assert not camera_on(world)


def test_a_timer_that_nobody_set_takes_no_picture(world: World) -> None:
    at_camera(world)
    world.happen(ev.TimerElapsed(name="shutter"))
    assert shots(world) == []
    assert world.state.shutter == 0


@pytest.mark.parametrize("over", [SETTINGS, CALL_STAFF])
def test_the_camera_is_off_while_something_lies_over_it_and_on_again_after(world: World, over: ev.Event) -> None:
    at_camera(world)
    world.happen(over)
    assert not camera_on(world)
    assert screen(world.state, CONTEXT).camera == ""
    press(world, "done" if over is SETTINGS else "resume")
    assert world.state.step == "picture_camera"
    assert camera_on(world)
    assert screen(world.state, CONTEXT).camera != ""


def test_that_the_camera_looks_stands_on_the_screen_there_and_nowhere_else(world: World) -> None:
    assert screen(world.state, CONTEXT).camera == ""
    at_camera(world)
    assert screen(world.state, CONTEXT).camera != ""
    shoot(world)
    assert screen(world.state, CONTEXT).camera == ""
    assert not camera_on(world)


@pytest.mark.parametrize("end", ["finish", "timeout", "broken"])
def test_the_camera_is_closed_when_the_visit_ends(world: World, end: str) -> None:
    at_camera(world)
    if end == "finish":
        world.happen(FINISH)
        press(world, "clear")
    elif end == "timeout":
        world.elapse("idle")
        for _ in range(Rules().warning_seconds):
            world.elapse("second")
    else:
        world.happen(ev.VisitBroken())
    assert world.state.step in {"session_ended", "session_timed_out", WELCOME}
    assert not camera_on(world)


# -- looking at it -----------------------------------------------------------------------------------------------------


def test_a_picture_is_shown_and_becomes_part_of_the_petition_when_it_is_said_so(world: World) -> None:
    at_camera(world)
    shoot(world)
    picture = world.state.picture
    assert picture is not None
    assert screen(world.state, CONTEXT).picture == picture.id
    assert picture.id not in kept(world)
    assert press(world, "use") == "review"
    assert world.state.draft.pictures == (picture,)
    assert "一张" in screen(world.state, CONTEXT).body
    press(world, "send")
    assert [a.kind for a in world.filed[0].attachments] == [AttachmentKind.PICTURE]
    assert world.sealed == set()


def test_one_that_is_not_wanted_is_deleted_and_another_taken(world: World) -> None:
    at_camera(world)
    shoot(world)
    first = world.state.picture
    assert first is not None
    press(world, "again", "camera")
    assert first.id not in world.sealed
    shoot(world)
    assert world.state.picture is not None
    assert world.state.picture.id != first.id
    press(world, "use")
    assert kept(world) == world.sealed
    assert len(world.sealed) == 1


@pytest.mark.parametrize("away", [BACK, HOME, "none"])
def test_one_that_was_left_lying_is_deleted(world: World, away: ev.Event | str) -> None:
    at_camera(world)
    shoot(world)
    if isinstance(away, str):
        press(world, away)
    else:
        world.happen(away)
    assert world.state.picture is None
    assert world.sealed == set()
    assert world.state.draft.text == MATTER


@pytest.mark.parametrize("over", [SETTINGS, CALL_STAFF])
def test_one_that_is_looked_at_is_still_there_after_something_lay_over_it(world: World, over: ev.Event) -> None:
    at_camera(world)
    shoot(world)
    picture = world.state.picture
    world.happen(over)
    press(world, "done" if over is SETTINGS else "resume")
    assert world.state.step == "picture_check"
    assert world.state.picture == picture
    assert press(world, "use") == "review"
    assert len(world.state.draft.pictures) == 1


def test_more_can_be_taken_one_after_the_other_up_to_so_many(world: World) -> None:
    at_camera(world)
    for _ in range(MOST_PICTURES - 1):
        shoot(world)
        press(world, "more", "camera")
    shoot(world)
    assert "more" not in ids(world)
    press(world, "use")
    assert len(world.state.draft.pictures) == MOST_PICTURES
    assert kept(world) == world.sealed


def test_who_has_as_many_as_there_may_be_is_asked_whether_they_stay(world: World) -> None:
    take(world, MOST_PICTURES)
    assert press(world, "details", "picture") == "picture_remove"
    assert press(world, "keep") == "review"
    assert len(world.state.draft.pictures) == MOST_PICTURES


def test_one_too_many_is_deleted_and_not_left_lying(world: World) -> None:
    take(world)
    one = world.state.draft.pictures[0]
    full = tuple(replace(one, id=str(n)) for n in range(MOST_PICTURES))
    at_camera(world)
    shoot(world)
    world.state = replace(world.state, draft=replace(world.state.draft, attachments=full))
    press(world, "use")
    assert world.state.draft.attachments == full
    assert world.sealed == {one.id}


def test_all_are_removed_at_once_and_nothing_else(world: World) -> None:
    take(world, 2)
    press(world, "more", "done")
    sound = world.state.draft.recordings
    assert press(world, "details", "picture", "remove") == "picture_remove"
    assert press(world, "remove").startswith("review")
    assert world.state.draft.attachments == sound
    assert world.sealed == {sound[0].id}
    assert world.state.draft.text == MATTER


# -- from a stick ------------------------------------------------------------------------------------------------------


def test_a_picture_of_a_stick_is_chosen_looked_at_and_used(world: World) -> None:
    press(world, "details", "picture", "yes", "stick")
    assert looking(world)
    assert press(world, "entry-3") == "picture_check"
    assert not looking(world)
    (asked,) = [effect for effect in world.done if isinstance(effect, do.TakeFile)]
    assert asked.file_id == "3"
    assert press(world, "use") == "review"
    assert kept(world) == world.sealed


def test_the_others_are_on_the_next_page(world: World) -> None:
    press(world, "details", "picture", "yes", "stick")
    assert "entry-7" not in ids(world)
    press(world, "next")
    assert "entry-7" in ids(world)


@pytest.mark.parametrize("away", AWAY)
def test_a_stick_is_looked_at_there_and_nowhere_else(world: World, away: str) -> None:
    press(world, "details", "picture", "yes", "stick")
    world.happen(AWAY[away])
    assert not looking(world)


def test_a_stick_that_is_not_there_yet_or_empty_is_said_so(world: World) -> None:
    world.stick = False
    press(world, "details", "picture", "yes", "stick")
    assert PHRASES["stick_missing"] in screen(world.state, CONTEXT).body
    world.happen(ev.PicturesFound(stick=True, files=()))
    assert PHRASES["stick_empty"] in screen(world.state, CONTEXT).body
    world.happen(ev.PicturesFound(stick=True, files=(PictureFile(id="a"),)))
    assert "entry-a" in ids(world)


def test_one_that_was_pulled_out_offers_nothing_any_more(world: World) -> None:
    press(world, "details", "picture", "yes", "stick")
    world.happen(ev.PicturesFound(stick=False))
    assert not [id_ for id_ in ids(world) if id_.startswith("entry-")]
    world.press("entry-3")
    assert not [effect for effect in world.done if isinstance(effect, do.TakeFile)]
    assert press(world, "none") == "review"


def test_what_comes_from_a_stick_late_is_shown_to_nobody(world: World) -> None:
    press(world, "details", "picture", "yes", "stick", "none")
    before = world.state.files
    world.happen(ev.PicturesFound(stick=True, files=(PictureFile(id="late"),)))
    assert world.state.files == before
    assert world.state.step == "review"


# -- what goes wrong ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["camera", "stick"])
@pytest.mark.parametrize(
    ("code", "step"),
    [
        (FaultCode.DISK_FULL, "disk_full"),
        (FaultCode.BAD_INPUT, "picture_bad"),
        (FaultCode.CAMERA_LOST, "camera_missing"),
    ],
)
def test_why_nothing_was_kept_is_told_and_what_was_written_is_still_there(
    world: World, source: str, code: FaultCode, step: str
) -> None:
    world.picture_fault = code
    if source == "camera":
        at_camera(world)
        shoot(world)
    else:
        press(world, "details", "picture", "yes", "stick", "entry-0")
    assert world.state.step == step
    assert world.state.busy is None
    assert world.sealed == set()
    assert not camera_on(world)
    without = {"disk_full": "retry", "picture_bad": "none", "camera_missing": "without"}[step]
    assert press(world, without) == "review"
    assert press(world, "send") == "receipt"
    assert world.filed[0].text == MATTER


@pytest.mark.parametrize(("code", "again"), [(FaultCode.BAD_INPUT, "again"), (FaultCode.CAMERA_LOST, "retry")])
def test_and_it_can_be_tried_again(world: World, code: FaultCode, again: str) -> None:
    world.picture_fault = code
    at_camera(world)
    shoot(world)
    world.picture_fault = None
    press(world, again, "camera")
    assert camera_on(world)
    shoot(world)
    assert press(world, "use") == "review"


def test_a_camera_that_is_the_only_way_is_tried_again_though_it_was_lost(world: World) -> None:
    world.state = replace(world.state, rules=Rules())
    press(world, "details", "picture", "yes")
    world.happen(ev.CameraLost())
    assert world.state.step == "camera_missing"
    assert not camera_on(world)
    assert press(world, "retry") == "picture_camera"
    assert camera_on(world)


def test_a_camera_that_goes_away_while_it_is_not_wanted_interrupts_nobody(world: World) -> None:
    world.happen(ev.CameraLost())
    assert world.state.step == "review"
    press(world, "details")
    assert "picture" in ids(world)  # there is still the stick
    assert press(world, "picture", "yes") == FROM_STICK


def test_a_picture_of_a_camera_that_was_lost_meanwhile_comes_too_late(world: World) -> None:
    at_camera(world)
    world.answering = False
    shoot(world)
    world.happen(ev.CameraLost())
    assert world.state.step == "camera_missing"
    world.answering = True
    world.catch_up()
    assert world.state.step == "camera_missing"
    assert world.state.picture is None
    assert world.sealed == set()


@pytest.mark.parametrize("away", ["home", "back", "call", "fire", "none"])
def test_what_comes_after_somebody_has_gone_on_is_deleted_and_moves_nobody(world: World, away: str) -> None:
    at_camera(world)
    world.answering = False
    shoot(world)
    assert world.state.busy is Busy.TAKING
    if away in AWAY:
        world.happen(AWAY[away])
    else:
        press(world, away)
    step = world.state.step
    world.answering = True
    world.catch_up()
    assert world.state.step == step
    assert world.state.picture is None
    assert world.sealed == set()


def test_what_comes_after_the_visit_belongs_to_nobody(world: World) -> None:
    at_camera(world)
    world.answering = False
    shoot(world)
    world.happen(FINISH)
    press(world, "clear")
    late = world.pending[-1]
    assert isinstance(late, ev.PictureTaken)
    world.answering = True
    world.happen(late)
    assert world.state.step == "session_ended"
    assert world.state.picture is None
    assert world.state.draft.empty
    assert late.attachment.id in [
        id_ for effect in world.done if isinstance(effect, do.DropAttachments) for id_ in effect.attachment_ids
    ]


def test_a_failure_that_comes_late_frightens_nobody(world: World) -> None:
    at_camera(world)
    world.answering = False
    world.picture_fault = FaultCode.CAMERA_LOST
    shoot(world)
    press(world, "none")
    world.answering = True
    world.catch_up()
    assert world.state.step == "review"


def test_an_answer_with_another_name_is_none(world: World) -> None:
    at_camera(world)
    world.answering = False
    shoot(world)
    foreign = Attachment(id="foreign", kind=AttachmentKind.PICTURE, media_type="image/jpeg")
    world.happen(ev.PictureTaken(picture_id="foreign", attachment=foreign))
    world.happen(ev.PictureFailed(picture_id="foreign", code=FaultCode.DISK_FULL))
    assert world.state.step == "picture_camera"
    assert world.state.busy is Busy.TAKING
    world.answering = True
    world.catch_up()
    assert world.state.step == "picture_check"


def test_no_two_pictures_of_a_petition_have_one_id(world: World) -> None:
    for _ in range(2):
        at_camera(world)
        shoot(world)
        press(world, "again", "camera")
        shoot(world)
        press(world, "use")
    asked = [shot.picture_id for shot in shots(world)]
    assert len(asked) == len(set(asked)) == 4


@pytest.mark.parametrize("step", SHOOTING)
def test_what_the_camera_takes_is_what_is_asked_for_there(step: str) -> None:
    world = World()
    world.happen(ev.CameraFound())
    if step == "proxy_paper":
        press(world, "proxy", "parent", "absent", "paper", "yes")
    else:
        world.press("type")
        world.happen(ev.TextEdited(text=MATTER))
        press(world, "done", "details", "picture", "yes")
    assert world.state.step == step
    shoot(world)
    assert shots(world)[0].kind is SHOOTING[step]
    press(world, "use")
    assert [a.kind for a in world.state.draft.attachments] == [SHOOTING[step]]
    assert bool(world.state.draft.pictures) is (step == "picture_camera")
