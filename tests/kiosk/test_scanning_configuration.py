"""What an operator may say of scanners; a mistake is named with its key."""

from pathlib import Path

import pytest

from kiosk.configuration import Scanner, load_configuration
from petition.errors import Fault
from petition.wedge import Suffix


def loaded(tmp_path: Path, text: str) -> Scanner:
    path = tmp_path / "kiosk.toml"
    path.write_text(f"[scanner]\n{text}", "utf-8")
    return load_configuration(path).scanner


def test_a_scanner_that_types_is_told_from_a_person_unless_that_is_switched_off(tmp_path: Path) -> None:
    assert Scanner().keyboard
    assert not loaded(tmp_path, "keyboard = false").keyboard
    assert loaded(tmp_path, 'prefix = "~#"\nsuffix = "tab"') == Scanner(prefix="~#", suffix=Suffix.TAB)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('prefix = "a b"', "scanner.prefix must be up to 4"),
        ('prefix = "12345"', "scanner.prefix must be up to 4"),
        ('suffix = "space"', "scanner.suffix must be 'enter', 'tab', 'either' or 'none'"),
        ('device = "ttyACM0"', "scanner.device must be a device"),
        ('camera = "/dev/video 0"', "scanner.camera must be a device"),
        ("baud = 9601", "scanner.baud must be one of 1200, 2400"),
    ],
)
def test_a_mistake_is_named_with_what_may_stand_there(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Fault) as met:
        loaded(tmp_path, text)
    assert said in str(met.value.remedy)
