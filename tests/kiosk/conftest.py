"""Fixtures of the commands: a kiosk with a configuration and state of its own, and a real gateway in this process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway import admin
from gateway.serve import Served, running
from gateway.settings import Settings
from tests.kiosk.commands_support import CommandLine
from tests.kiosk.events_box import Box
from tests.kiosk.relay import Relay


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A gateway that listens; stop and start it as the test wants."""
    with running(Settings(directory=tmp_path / "gateway", port=0)) as served:
        yield served


@pytest.fixture
def relay(served: Served) -> Iterator[Relay]:
    """A line to it that can be cut."""
    relay = Relay(served.url)
    yield relay
    relay.close()


@pytest.fixture
def box() -> Box:
    """The main thread's letterbox."""
    return Box()


@pytest.fixture
def kiosk(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> CommandLine:
    """The command line of a machine nobody has enrolled yet."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    config = tmp_path / "kiosk.toml"
    config.write_text(f'[kiosk]\nstate_directory = "{tmp_path}/state"\n', "utf-8")
    return CommandLine(config=config, state=tmp_path / "state", capsys=capsys)


@pytest.fixture
def enrolled(kiosk: CommandLine, served: Served) -> CommandLine:
    """A kiosk of the gateway."""
    code = admin.make_enrolment_code(served.platform, kiosk_name="幸福社区 1 号机", place="xingfu")
    assert kiosk("enrol", served.url, code, "--yes").code == 0
    return kiosk
