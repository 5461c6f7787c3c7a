from collections.abc import Iterator

import pytest

from tests.virtual_sound import Posted, virtual_sound
from voice.speech import Speech
from voice.virtual_sound import VirtualSound

__all__ = ["virtual_sound"]


@pytest.fixture
def posted() -> Posted:
    return Posted()


@pytest.fixture
def speech(virtual_sound: VirtualSound, posted: Posted) -> Iterator[Speech]:
    """The kiosk's voice on a virtual loudspeaker."""
    speech = Speech(posted)
    speech.launch()
    speech.set_rate(2.0)  # saves a minute
    yield speech
    speech.shut_down()
