"""The rooms behind the first screen: store, voice, ears, line. Loaded and launched when the welcome can be seen."""

import functools
import threading
from pathlib import Path

from kiosk.agents import AgentRoom
from kiosk.bell import open_bell
from kiosk.calls import Calls
from kiosk.cards.reader import CardReader
from kiosk.configuration import Configuration, models_directory
from kiosk.desk import DeskRoom, Parts
from kiosk.line import Line
from kiosk.model_archive import restore
from kiosk.pads import has_jack
from kiosk.pictures.room import PictureRoom
from kiosk.printing.room import PrintRoom
from kiosk.session import Rooms, Session, SoundsRead
from kiosk.storekeeper import Storekeeper
from offline_queue.store import open_store
from petition.errors import Fault
from petition.events import HearingFound
from petition.ports import Post, RecordingSink
from petition.state import State
from voice.headphones import Headphones
from voice.models import find_model, is_demonstration
from voice.recorder import Recorder
from voice.speech import Priority, Speech


class SlowRooms:
    """Everything a session asks for. `launch` it once, `shut_down` at the end."""

    def __init__(self, configuration: Configuration, directory: Path, post: Post, session: Session) -> None:
        """Make the rooms; nothing runs before `launch`."""
        voice = configuration.voice
        self._post = post
        self._session = session
        self.line = Line(directory, post, configuration.platform)
        self.storekeeper = Storekeeper(functools.partial(open_store, directory), post, filed=self.line.wake)
        self.speech = Speech(post, device=voice.speaker, voices=voice.voices)
        models = models_directory(configuration)
        restore(models)
        model = find_model(voice.model, models)
        self._demonstration = model is not None and is_demonstration(model)
        self.recorder = Recorder(
            self._post_heard,
            self._open_recording,
            device=voice.microphone,
            model=model,
            barge_in=voice.barge_in,
        )
        self.calls = Calls(directory, post, configuration.platform)
        self.bell = open_bell(configuration.bell)
        self.printing = PrintRoom(configuration, directory, self.storekeeper, post)
        self.desk = DeskRoom(
            self.storekeeper,
            self.line,
            post,
            configuration,
            directory,
            parts=lambda: _parts(session.state),
        )
        self.pictures = PictureRoom(configuration, self.storekeeper, post)
        self.agents = AgentRoom(self.storekeeper, post)
        self.cards = CardReader(configuration, post)
        self.headphones = Headphones(
            post,
            named=voice.headphones,
            told=bool(voice.headphones) and has_jack(configuration.keys.device, configuration.keys.pad),
            private=lambda: session.state.headphones,
        )

    def launch(self) -> None:
        """Start everything; raises Fault when the store can't be opened."""
        self.storekeeper.launch()
        self.storekeeper.check()
        self.speech.launch()
        self.recorder.launch()
        self.headphones.launch()
        self.calls.launch()
        self.bell.launch()
        self.printing.launch()
        self.pictures.launch()
        self.cards.launch()
        self.line.launch()

    def connected(self) -> Rooms:
        """Return what the session asks of them."""
        return Rooms(
            speech=self.speech,
            recorder=self.recorder,
            storekeeper=self.storekeeper,
            calls=self.calls,
            bell=self.bell,
            printing=self.printing,
            desk=self.desk,
            pictures=self.pictures,
            agents=self.agents,
            cards=self.cards,
            say=functools.partial(self.speech.say, priority=Priority.NOW),
            look_up=self.line.ask,
            fetch_sounds=self._fetch_sounds,
        )

    def shut_down(self) -> None:
        """End everything, the store last; what is not filed is wiped."""
        self.cards.shut_down()
        self.agents.shut_down()
        self.pictures.shut_down()
        self.bell.shut_down()
        self.calls.shut_down()
        self.printing.shut_down()
        self.line.shut_down()
        self.headphones.shut_down()
        self.recorder.shut_down()
        self.speech.shut_down()
        self.storekeeper.forget_draft()
        self.storekeeper.shut_down()

    def _post_heard(self, event: object) -> None:
        """Post what the recorder tells; whose ears they are, it does not know."""
        if isinstance(event, HearingFound):
            event = HearingFound(demonstration=self._demonstration)
        self._post(event)

    def _open_recording(self, recording_id: str) -> RecordingSink:
        return self.storekeeper.open_recording(self._session.attached_to, recording_id)

    def _fetch_sounds(self, recording_ids: tuple[str, ...]) -> None:
        """Read recordings on a thread of their own: reading and unsealing are not for the main thread."""

        def fetch() -> None:
            try:
                sounds = tuple(self.storekeeper.read_recording(id_) for id_ in recording_ids)
            except Fault:
                sounds = ()
            self._post(SoundsRead(recording_ids=recording_ids, sounds=sounds))

        threading.Thread(target=fetch, name="playback", daemon=True).start()


def _parts(state: State) -> Parts:
    """Return what the visit knows of the machine."""
    return Parts(
        microphone=state.microphone,
        hearing=state.hearing,
        demonstration=state.demonstration,
        speech=state.speech,
        printer=state.printer,
    )
