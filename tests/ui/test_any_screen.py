"""The view renders any screen whatever: no exception, and everything that can be pressed stays within reach."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from petition.model import StageState
from petition.screen import Button, Caption, CaptionState, Fact, Screen, Slip, Stop
from petition.steps import Input, Layout
from tests.ui.screens import shown
from tests.ui.viewfinder import Painted, frame
from ui.look import sizes, themes
from ui.widgets.control import Control
from ui.window import KioskWindow

words = st.text(alphabet="字楼灯，。！？「」“”12 34abc.'\n\u3000𠮷", max_size=60)
names = st.text(alphabet="字楼灯说写，abc ", min_size=1, max_size=14).filter(str.strip)
icons = st.sampled_from(["", "check", "microphone", "bell-ringing", "no-such-picture"])
buttons = st.lists(
    st.builds(
        Button,
        id=st.uuids().map(str),
        label=names,
        note=st.just("") | words,
        icon=icons,
        number=st.sampled_from(["", "1", "9", "#", "*"]),
        primary=st.booleans(),
        chosen=st.sampled_from([None, True, False]),
        face=st.none() | st.floats(-1, 1),
        picture=st.sampled_from(["", "one", "two"]),
    ),
    max_size=9,
).map(tuple)
facts = st.lists(st.builds(Fact, name=words, value=words), max_size=5).map(tuple)
slips = st.none() | st.builds(
    Slip,
    number=st.sampled_from(["", "1023 0001 2392"]),
    code=st.sampled_from(["", "604 918"]),
    url=st.sampled_from(["", "https://petition.example/r/10230001239218446744073709551615"]),
    labels=st.just(()),
    facts=facts,
)
stops = st.lists(st.builds(Stop, name=words, word=words, on=words, state=st.sampled_from(StageState)), max_size=6)
screens = st.builds(
    replace,
    st.just(shown("review")),
    step=st.sampled_from(["one", "two"]),
    language=st.sampled_from(["zh_Hans", "zh_Hant", "en"]),
    size=st.sampled_from(sizes()),
    theme=st.sampled_from(themes()),
    layout=st.sampled_from(Layout),
    takes=st.sampled_from(Input),
    title=words,
    body=words,
    help=words,
    caption=st.builds(Caption, state=st.sampled_from(CaptionState), word=words, text=words),
    buttons=buttons,
    icon=icons,
    text=words,
    digits=st.text(alphabet="0123456789", max_size=12),
    groups=st.sampled_from([(), (3, 4, 4), (4, 4, 4)]),
    masked=st.booleans(),
    alarm=st.booleans(),
    camera=st.just("") | words,
    recording_seconds=st.floats(0, 3600),
    facts=facts,
    stops=stops.map(tuple),
    slip=slips,
    picture=st.sampled_from(["", "one"]),
    strokes=st.lists(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 400)), min_size=1).map(tuple)).map(tuple),
    agent=st.just("") | words,
    seconds_left=st.integers(0, 30),
    seconds_total=st.integers(0, 30),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=screens, then=screens)
def test_any_screen_after_any_screen_can_be_shown_marked_and_pressed(
    window: KioskWindow, made: Screen, then: Screen
) -> None:
    window.set_viewfinder(Painted(pictures={"one": frame()}))
    window.show_screen(made)
    window.mark_word(0, 2)
    window.show_level(0.5)
    window.show_screen(replace(made, text=then.text, caption=then.caption, digits=then.digits))
    window.show_screen(then)
    assert window.page is not None
    controls = window.page.controls()
    assert {f.label for f in then.footer} <= {c.text() for c in controls}
    assert not window.grab().isNull()
    for control in controls:
        assert control.accessibleName() or control.text()


@pytest.mark.parametrize("layout", list(Layout))
def test_a_layout_without_any_answer_is_shown_too(window: KioskWindow, layout: Layout) -> None:
    window.show_screen(replace(shown("review"), layout=layout, buttons=()))
    assert window.page is not None
    assert window.page.findChildren(Control)


@pytest.mark.parametrize("layout", list(Layout))
def test_a_layout_without_any_answer_and_with_more_words_than_there_is_room_for_is_shown_too(
    window: KioskWindow, layout: Layout
) -> None:
    crowd = (Fact(name="", value="字\n" * 30),) * 3
    bare = replace(shown("review", size="largest"), layout=layout, buttons=(), text="", facts=crowd)
    window.show_screen(replace(bare, title="字" * 60, body="字\n" * 30))
    assert window.page is not None
    assert window.page.findChildren(Control)
