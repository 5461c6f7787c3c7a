"""A sound file is looked at as it was when it was opened."""

from pathlib import Path

from kiosk.files import open_file
from kiosk.sound_files import _Beginning, look_at
from tests.kiosk.commands_support import a_sound


def test_a_file_that_grows_is_not_followed(tmp_path: Path) -> None:
    path = a_sound(tmp_path / "said.wav")
    whole = path.read_bytes()
    opened, length = open_file(path)
    with opened, path.open("ab") as growing:
        growing.write(b"more")
        growing.flush()
        beginning = _Beginning(opened, length)
        assert beginning.read(10 * len(whole)) == whole
        assert beginning.read(1) == b""
    assert look_at(path, option="--audio").seconds > 0
