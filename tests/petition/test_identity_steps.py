"""Who somebody is, as far as they want: written, keyed, said or read from a card; masked after that, and never said aloud."""

import re
from dataclasses import replace
from datetime import date

import pytest

from petition import effects as do
from petition import events as ev
from petition.consents import answer, words_version
from petition.derive import Context, screen, utterance
from petition.errors import FaultCode
from petition.model import Sensitive
from petition.offer import offered
from petition.saying import Saying, Told
from petition.script.book import STEPS
from petition.script.phrases import PHRASES
from petition.state import Rules
from petition.steps import Command, Field
from tests.petition.world import NOON, World

CONTEXT = Context(translate=lambda _, source: source, now=NOON)
MATTER = "楼道的灯坏了"
NAME = "王秀英"
ID = "11010519380312002X"
OLD_ID = "110105380312002"
PHONE = "13800138000"
STROKES = (((10, 10), (500, 200)),)
HOME, BACK, SETTINGS, REPEAT = (
    ev.CommandGiven(command=c) for c in (Command.HOME, Command.BACK, Command.SETTINGS, Command.REPEAT)
)


@pytest.fixture
def world() -> World:
    """Somebody who has written what it is about and looks at who they are."""
    world = World(state=replace(World().state, rules=Rules(cards=True)))
    world.press("type")
    world.happen(ev.TextEdited(text=MATTER))
    press(world, "done", "details", "who")
    return world


def ids(world: World) -> list[str]:
    return [choice.id for choice in offered(world.state)]


def press(world: World, *choices: str) -> str:
    """Press answers that must be there; return the step."""
    for choice in choices:
        assert choice in ids(world), (choice, world.state.step, ids(world))
        world.press(choice)
    return world.state.step


def send(world: World) -> None:
    press(world, "done", "send")
    assert world.state.step == "receipt"


def heard(world: World, *, with_headphones: bool) -> str:
    """Return everything that was said, and every key that was named, with headphones in or without."""
    said = [utterance(s, saying, CONTEXT) for s, saying in world.told if s.headphones is with_headphones]
    return "\n".join(f"{one.text} {one.spoken}" for one in said)


def notes(world: World) -> dict[str, str]:
    return {button.id: button.note for button in screen(world.state, CONTEXT).buttons}


def digits_in(words: str) -> str:
    """Return the digits in words, written or read out one by one, without what stands between them."""
    hanzi = {one: str(at) for at, one in enumerate("零一二三四五六七八九")} | {"幺": "1"}
    return "".join(hanzi.get(sign, sign) for sign in re.sub(r"[\s，,。]", "", words))


# -- nobody has to -----------------------------------------------------------------------------------------------------


def test_without_a_name_a_number_or_a_telephone_it_is_as_good(world: World) -> None:
    assert set(notes(world).values()) >= {PHRASES["not_given"]}
    send(world)
    draft = world.filed[0]
    assert (draft.name, draft.id_number, draft.phone, draft.consents) == ("", "", "", ())


@pytest.mark.parametrize("step", ["own_name", "id_number"])
def test_every_question_has_an_answer_for_who_does_not_want_to(world: World, step: str) -> None:
    press(world, *(("name",) if step == "own_name" else ("id", "yes")))
    assert world.state.step == step
    assert press(world, "skip") == "who"
    send(world)
    assert (world.filed[0].name, world.filed[0].id_number) == ("", "")


# -- a name ------------------------------------------------------------------------------------------------------------


def test_a_name_is_written_kept_and_seen_masked(world: World) -> None:
    press(world, "name")
    world.happen(ev.TextEdited(text=f" {NAME[0]} {NAME[1:]} "))
    assert press(world, "done") == "who"
    assert notes(world)["name"] == "王＊＊"
    assert NAME not in repr(screen(world.state, CONTEXT))
    send(world)
    assert world.filed[0].name == NAME


def test_a_name_that_is_taken_back_is_gone(world: World) -> None:
    press(world, "name")
    world.happen(ev.TextEdited(text=NAME))
    press(world, "done", "name", "skip")
    assert NAME not in repr(world.state)
    send(world)
    assert world.filed[0].name == ""


def test_a_name_that_was_not_taken_yet_changes_nothing(world: World) -> None:
    press(world, "name")
    world.happen(ev.TextEdited(text=NAME), BACK)
    assert world.state.step == "who"
    send(world)
    assert world.filed[0].name == ""


@pytest.mark.parametrize(
    ("text", "phrase"), [("", "name_empty"), ("  ", "name_empty"), ("110", "name_digits"), ("！！", "name_marks")]
)
def test_what_is_no_name_is_said_so_and_asked_for_on(world: World, text: str, phrase: str) -> None:
    press(world, "name")
    world.happen(ev.TextEdited(text=text))
    assert press(world, "done") == "own_name"
    assert world.state.saying.name == phrase
    assert world.state.draft.name == ""


def test_a_name_has_an_end(world: World) -> None:
    press(world, "name")
    world.happen(ev.TextEdited(text="王" * 4000))
    assert len(world.state.name_text) < 100


# -- a number of a card ------------------------------------------------------------------------------------------------


def test_it_is_asked_for_after_a_sentence_and_a_yes_of_its_own(world: World) -> None:
    assert press(world, "id") == "id_consent"
    assert press(world, "yes") == "id_number"
    world.happen(ev.DigitsEdited(digits=ID))
    assert press(world, "done") == "who"
    assert notes(world)["id"] == "＊＊＊＊002X"
    send(world)
    assert world.filed[0].id_number == ID
    (consent,) = world.filed[0].consents
    assert (consent.about, consent.given) == (Sensitive.ID_NUMBER, True)
    assert consent.words_version == words_version("id_consent")


def test_who_says_no_to_it_is_asked_for_nothing(world: World) -> None:
    assert press(world, "id", "no") == "who"
    assert answer(world.state.draft, "id_consent") is False
    assert press(world, "id") == "id_consent"


def test_the_last_sign_may_be_a_cross_with_a_key_of_its_own(world: World) -> None:
    press(world, "id", "yes", "x")
    assert world.state.saying.name == "x_is_last"
    world.happen(ev.DigitsEdited(digits=ID[:-1]))
    press(world, "x")
    assert screen(world.state, CONTEXT).digits == ID
    assert press(world, "done") == "who"


def test_an_old_number_is_as_good(world: World) -> None:
    press(world, "id", "yes")
    world.happen(ev.DigitsEdited(digits=OLD_ID))
    assert press(world, "done") == "who"
    assert world.state.saying.name == "id_old"
    send(world)
    assert world.filed[0].id_number == OLD_ID


@pytest.mark.parametrize(
    ("digits", "phrase"),
    [
        ("", "id_empty"),
        (ID[:10], "id_too_short"),
        (ID[:-1], "id_cross_missing"),
        ("110105193803120021", "id_wrong_check"),
        ("110105193813120021", "id_no_such_date"),
        ("110105209903120021", "id_not_yet_born"),
    ],
)
def test_what_is_the_matter_with_a_number_is_said_without_it(world: World, digits: str, phrase: str) -> None:
    world.state = replace(world.state, today=date(2026, 3, 6))
    press(world, "id", "yes")
    world.happen(ev.DigitsEdited(digits=digits))
    assert press(world, "done") == "id_number"
    assert world.state.saying.name == phrase
    assert world.state.draft.id_number == ""
    assert not digits or digits not in digits_in(heard(world, with_headphones=False))


def test_once_it_is_taken_it_is_seen_masked_everywhere_and_begun_anew(world: World) -> None:
    press(world, "id", "yes")
    world.happen(ev.DigitsEdited(digits=ID))
    press(world, "done")
    assert ID not in repr(screen(world.state, CONTEXT))
    assert press(world, "id") == "id_number"
    assert screen(world.state, CONTEXT).digits == ""
    world.happen(BACK)
    assert notes(world)["id"] == "＊＊＊＊002X"
    press(world, "id", "skip")
    assert notes(world)["id"] == PHRASES["not_given"]
    assert ID not in repr(world.state)


def test_a_number_that_was_begun_and_left_is_in_no_petition(world: World) -> None:
    press(world, "id", "yes")
    world.happen(ev.DigitsEdited(digits=ID), BACK)
    send(world)
    assert world.filed[0].id_number == ""


def test_it_is_said_as_well_and_read_back_to_headphones_only(world: World) -> None:
    world.happen(ev.HearingFound())
    press(world, "id", "yes")
    world.happen(ev.DigitsHeard(digits=ID[:6]))
    assert world.state.saying == Saying(told=Told.PHRASE, name="digits_counted")
    assert ID[:6] not in digits_in(heard(world, with_headphones=False))
    world.happen(ev.HeadphonesPlugged(), ev.DigitsHeard(digits=ID[6:14]))
    assert world.state.saying == Saying(told=Told.PHRASE, name="digits_back")
    assert ID[:14] in digits_in(heard(world, with_headphones=True))
    world.happen(ev.HeadphonesUnplugged(), REPEAT)
    assert ID[:6] not in digits_in(heard(world, with_headphones=False))


@pytest.mark.parametrize("headphones", [True, False])
def test_its_keys_are_named_to_headphones_only(world: World, headphones: bool) -> None:
    if headphones:
        world.happen(ev.HeadphonesPlugged())
    press(world, "id", "yes")
    for sign in ID[:-1]:
        world.happen(ev.KeyReached(name=sign), ev.NumberPressed(number=int(sign)))
    named = [saying.name for _, saying in world.told if saying.told is Told.KEY]
    assert named == (list(ID[:-1]) if headphones else [])
    assert world.state.id_digits == ID[:-1]
    assert ID[:6] not in digits_in(heard(world, with_headphones=False))


# -- a card ------------------------------------------------------------------------------------------------------------


def test_a_card_is_looked_for_where_it_is_asked_for_and_nowhere_else(world: World) -> None:
    def asked() -> list[do.Effect]:
        return [effect for effect in world.done if isinstance(effect, do.AskForCard | do.StopAskingForCard)]

    assert asked() == []
    press(world, "id", "yes")
    assert isinstance(asked()[-1], do.AskForCard)
    world.happen(SETTINGS)
    assert isinstance(asked()[-1], do.StopAskingForCard)
    press(world, "done")
    assert isinstance(asked()[-1], do.AskForCard)
    world.happen(HOME)
    assert isinstance(asked()[-1], do.StopAskingForCard)


def test_of_a_card_only_what_is_asked_for_is_taken(world: World) -> None:
    card = ev.CardRead(name=NAME, id_number=ID)
    world.happen(card)
    assert ID not in repr(world.state)
    press(world, "name")
    world.happen(card)
    assert world.state.name_text == NAME
    assert ID not in repr(world.state)
    press(world, "done", "id")
    world.happen(card)
    assert ID not in repr(world.state)  # nobody said yes yet
    press(world, "yes")
    world.happen(card)
    assert screen(world.state, CONTEXT).digits == ID
    assert world.state.draft.id_number == ""
    press(world, "done")
    assert world.state.draft.id_number == ID
    assert NAME not in heard(world, with_headphones=False)
    assert ID[:6] not in digits_in(heard(world, with_headphones=False))


def test_what_a_card_says_is_looked_at_like_what_is_keyed(world: World) -> None:
    press(world, "id", "yes")
    world.happen(ev.CardRead(id_number="9" * 4000))
    assert len(world.state.id_digits) <= 18
    assert press(world, "done") == "id_number"
    assert world.state.draft.id_number == ""
    world.happen(BACK)
    press(world, "name")
    world.happen(ev.CardRead(name="7" * 4000))
    assert len(world.state.name_text) < 100
    assert press(world, "done") == "own_name"


def test_a_card_with_nothing_on_it_changes_nothing(world: World) -> None:
    press(world, "name")
    world.happen(ev.TextEdited(text=NAME), ev.CardRead())
    assert world.state.name_text == NAME


# -- the person filed for, and who files -------------------------------------------------------------------------------


@pytest.fixture
def another() -> World:
    """Somebody whose mother is not there, who has promised that she agrees and is asked what she is called."""
    world = World()
    press(world, "proxy", "parent", "absent", "promise", "yes")
    world.happen(ev.Signed(strokes=STROKES))
    assert press(world, "done") == "proxy_name"
    return world


@pytest.mark.parametrize("headphones", [False, True])
def test_a_telephone_number_of_theirs_is_taken_once_it_is_one(another: World, headphones: bool) -> None:
    if headphones:
        another.happen(ev.HeadphonesPlugged())
    press(another, "skip")
    another.happen(ev.DigitsEdited(digits="12345"))
    assert press(another, "done") == "proxy_phone"
    assert another.state.saying.name == "phone_short_code"
    another.happen(ev.DigitsEdited(digits="138001380"))
    press(another, "done")
    assert another.state.saying.name == "phone_too_short"
    another.happen(ev.DigitsEdited(digits=PHONE))
    assert press(another, "done") == "agent_consent"
    assert another.state.draft.on_behalf is not None
    assert another.state.draft.on_behalf.principal_phone == f"+86{PHONE}"
    assert PHONE not in digits_in(heard(another, with_headphones=False))


@pytest.mark.parametrize("headphones", [False, True])
def test_one_that_is_said_is_looked_at_before_it_is_taken_and_read_back_to_headphones_only(
    another: World, headphones: bool
) -> None:
    another.happen(ev.HearingFound(), *((ev.HeadphonesPlugged(),) if headphones else ()))
    press(another, "skip")
    another.happen(ev.DigitsHeard(digits=PHONE))
    assert another.state.step == "proxy_phone"
    assert screen(another.state, CONTEXT).digits == PHONE
    assert (PHONE in digits_in(heard(another, with_headphones=True))) is headphones
    assert PHONE not in digits_in(heard(another, with_headphones=False))
    assert press(another, "done") == "agent_consent"


def test_a_number_that_is_left_out_after_all_is_gone(another: World) -> None:
    press(another, "skip")
    another.happen(ev.DigitsEdited(digits=PHONE))
    press(another, "done")
    another.happen(BACK)
    assert another.state.step == "proxy_phone"
    press(another, "skip")
    assert PHONE not in repr(another.state)


def test_their_names_and_not_ones_own_are_asked_for_there(another: World) -> None:
    press(another, "skip", "skip", "no", "type")
    another.happen(ev.TextEdited(text=MATTER))
    press(another, "done", "details", "who")
    assert ids(another) == ["principal", "agent", "id", "done"]
    press(another, "principal")
    another.happen(ev.TextEdited(text=NAME))
    assert press(another, "done", "skip") == "who"
    assert notes(another)["principal"] == "王＊＊"
    assert press(another, "agent") == "agent_consent"
    assert press(another, "no") == "who"


def test_who_is_signed_in_is_asked_for_no_name_of_theirs() -> None:
    world = World()
    world.happen(ev.BadgeScanned(badge="PKB1"))
    press(world, "begin", "cannot", "agree", "type")
    world.happen(ev.TextEdited(text=MATTER))
    press(world, "done", "details", "who")
    assert ids(world) == ["principal", "id", "done"]


def test_a_card_of_the_person_who_is_filed_for_is_taken_where_their_name_is_asked_for(another: World) -> None:
    another.happen(ev.CardRead(name=NAME, id_number=ID))
    press(another, "done")
    assert another.state.draft.on_behalf is not None
    assert another.state.draft.on_behalf.principal == NAME
    assert another.state.draft.name == ""
    assert ID not in repr(another.state)


# -- after that --------------------------------------------------------------------------------------------------------


def test_the_next_petition_of_a_visit_begins_with_nobodys_name(world: World) -> None:
    press(world, "name")
    world.happen(ev.TextEdited(text=NAME))
    press(world, "done", "id", "yes")
    world.happen(ev.DigitsEdited(digits=ID))
    press(world, "done")
    send(world)
    press(world, "another", "type")
    assert NAME not in repr(world.state)
    assert ID not in repr(world.state)
    assert world.state.draft.consents == ()


@pytest.mark.parametrize("then", [("proxy", "parent"), ("badge",)])
def test_what_is_kept_on_disk_of_who_they_are_goes_with_it(world: World, then: tuple[str, ...]) -> None:
    press(world, "name")
    world.happen(ev.TextEdited(text=NAME))
    press(world, "done", "done", "change")
    world.happen(ev.TextEdited(text=""))
    assert world.kept is not None
    assert world.kept.name == NAME
    world.happen(HOME)
    if then == ("badge",):
        world.happen(ev.BadgeScanned(badge="PKB1"))
    else:
        press(world, *then)
    assert NAME not in repr(world.kept)


def test_who_could_not_send_has_not_lost_it_and_who_goes_leaves_nothing(world: World) -> None:
    press(world, "name")
    world.happen(ev.TextEdited(text=NAME))
    press(world, "done", "done")
    world.filing_fault = FaultCode.DISK_FULL
    assert press(world, "send") == "disk_full"
    assert world.state.draft.name == NAME
    world.happen(ev.CommandGiven(command=Command.FINISH))
    press(world, "clear")
    assert NAME not in repr(world.state)


def test_every_step_that_takes_a_name_or_number_says_to_the_screen_that_it_is_private() -> None:
    fields = {
        Field.NAME,
        Field.PRINCIPAL_NAME,
        Field.AGENT_NAME,
        Field.ID_NUMBER,
        Field.PRINCIPAL_PHONE,
        Field.AGENT_PHONE,
        Field.AGENT_CODE,
    }
    found = {step.writes: step.privacy for step in STEPS.values() if step.writes in fields}
    assert set(found) == fields
    assert set(found.values()) == {"masked"}


@pytest.mark.parametrize(
    ("digits", "groups"),
    [("13800138000", (3, 4, 4)), ("01012345678", (3, 4, 4)), ("02112345678", (3, 4, 4)), ("057112345678", (4, 4, 4))],
)
def test_a_telephone_number_is_written_as_people_write_it(digits: str, groups: tuple[int, ...]) -> None:
    world = World()
    world.press("type")
    world.happen(ev.TextEdited(text="楼道灯不亮"))
    world.press("done", "phone")
    world.happen(ev.DigitsEdited(digits=digits))
    assert screen(world.state, CONTEXT).groups == groups
