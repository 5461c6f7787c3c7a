"""The lines between the kiosk and its child processes."""

import json
from dataclasses import fields
from typing import get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice import wire
from voice.wire import FROM_LISTENER, FROM_SPEAKER, TO_LISTENER, TO_SPEAKER, Message, decode, encode

EVERY = tuple(dict.fromkeys((*TO_SPEAKER, *FROM_SPEAKER, *TO_LISTENER, *FROM_LISTENER)))
VALUES: dict[object, st.SearchStrategy[object]] = {
    int: st.integers(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    str: st.text(),
    bool: st.booleans(),
    bytes: st.binary(),
}


def values(hint: object) -> st.SearchStrategy[object]:
    if get_origin(hint) is tuple:
        return st.lists(VALUES[get_args(hint)[0]]).map(tuple)
    return VALUES[hint]


def messages(kind: type[Message]) -> st.SearchStrategy[Message]:
    hints = get_type_hints(kind)
    return st.builds(kind, **{name: values(hints[name]) for name in hints})


@given(st.sampled_from(EVERY).flatmap(messages))
def test_every_message_arrives_as_it_was_sent_and_on_one_line(message: Message) -> None:
    line = encode(message)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert decode(line, EVERY) == message


@given(st.binary())
def test_whatever_bytes_are_on_the_pipe_reading_them_raises_nothing(line: bytes) -> None:
    assert decode(line, EVERY) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(
    st.sampled_from(EVERY), st.dictionaries(st.sampled_from(["id", "text", "sound", "x", "level", "code"]), json_values)
)
def test_fields_that_are_wrong_missing_or_too_many_make_no_message(
    kind: type[Message], plain: dict[str, object]
) -> None:
    line = json.dumps({**plain, "message": kind.__name__}).encode()
    message = decode(line, EVERY)
    if message is not None:
        assert {field.name for field in fields(message)} >= set(plain)  # type: ignore[arg-type]
        assert type(message) is kind


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 100_000,
        b'{"message":"Word","id":' + b"9" * 5000 + b',"start":0,"length":1}',
        b'{"message":"Level","level":1e999}',
        b'{"message":"Level","level":NaN}',
        b'{"message":"Level","level":' + b"9" * 400 + b"}",
        b'{"message":"Level","level":true}',
        b'{"message":"Page","id":1,"sound":"*","seconds":0.0}',
        b'{"message":"Started","id":1.5}',
        b'{"message":"Ready","missing":"all"}',
        b'{"message":["Ready"]}',
        b'\xff\xfe{"message":"Pong"}',
        b"",
    ],
)
def test_known_nasty_lines_are_no_messages(line: bytes) -> None:
    assert decode(line, EVERY) is None


def test_a_message_that_is_not_expected_here_is_none() -> None:
    assert decode(encode(wire.Pong()), TO_SPEAKER) is None
