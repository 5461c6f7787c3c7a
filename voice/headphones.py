"""Headphones: the sound server knows of them, what is said goes into them, and not a word of it anywhere else.

What counts, on PulseAudio and on PipeWire, which speaks its language:
    - a device whose name or description has in it what the operator wrote down: a USB headset, the jack of a pad;
    - without such a name, on the device that the kiosk plays on, a socket for headphones with something in it.

How it goes, on a thread that sleeps until the server tells of a change:
    1. Something was plugged in. What we play is moved there, the loudspeaker is put to sleep, and only then
       HeadphonesPlugged is posted: "only you can hear it" is true when it is said. Where what we play can't be moved,
       or isn't the server's, nothing is posted.
    2. It was pulled out. A server lets what was played there go on elsewhere, at once: on a loudspeaker that sleeps.
       What we play is muted, HeadphonesUnplugged is posted, and the visit stops speaking.
    3. When it has done so the loudspeaker is woken, what was on its way runs dry unheard, and what we play is no longer
       muted. (PipeWire's loudspeakers stay awake: those that were put to sleep stayed silent afterwards. There, some
       thousandths of a second are heard before all is muted.)
    4. Speakers come and go (voice.supervisor): a new one's sound is moved, too, before it says anything.
    5. When the server goes away headphones are as good as pulled out; it is looked for again from time to time.

The device of a pad that tells of its jack like a key (petition.pad) is always there: then `tell` says when it counts.
"""

import os
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from petition.events import HeadphonesPlugged, HeadphonesUnplugged
from petition.ports import Post

if TYPE_CHECKING:
    from pulsectl import Pulse

NAME = "petition-kiosk"
PULSEAUDIO = "pulseaudio"
"""What the server of this name calls itself; PipeWire says that it is one on PipeWire."""
LOOK_AGAIN_SECONDS = 10.0
"""For a server, where there is none."""
TOLD_SECONDS = 2.0
"""At the latest, what a pad has told is taken notice of: a wake-up call can come just before falling asleep."""
STOP_SECONDS = 3.0
"""A visit that has not fallen silent by then won't."""
DRY_SECONDS = 0.3
"""Longer than any sound is on its way from us to a device."""
_SOCKETS = ("headphone", "headset")
"""In the names of ports of ALSA, UCM and Bluetooth cards, on either server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """One way out of a device."""

    name: str
    plugged: bool
    """Whether the server knows for certain that something is plugged in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """What one can play on."""

    index: int
    name: str
    description: str = ""
    ports: tuple[Port, ...] = ()
    active: str = ""
    """The port in use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """What one of our speakers plays."""

    index: int
    device: int
    muted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a sound server has, for who looks after a kiosk."""

    server: str
    named: str
    """The device for headphones, as the server calls it; empty where the one written down is not there now."""
    socket: bool
    """Whether the usual device has a socket for headphones."""


def named_device(devices: Iterable[Device], wanted: str) -> Device | None:
    """Return the device whose name or description has this in it, whatever the case of its letters."""
    wanted = wanted.casefold()
    return next((each for each in devices if wanted in f"{each.name}\n{each.description}".casefold()), None)


def sockets(device: Device) -> tuple[Port, ...]:
    """Return a device's ports for headphones."""
    return tuple(port for port in device.ports if any(word in port.name.casefold() for word in _SOCKETS))


def survey(named: str) -> Survey | None:
    """Ask the sound server what it has; None when none answers, or the way to it (libpulse) is missing."""
    try:
        from pulsectl import Pulse, PulseError  # noqa: PLC0415 - raises without libpulse
    except OSError:
        return None
    try:
        with Pulse(NAME, connect=False) as pulse:
            pulse.connect()
            found = named_device(_devices(pulse), named) if named else None
            usual = next((each for each in _devices(pulse) if each.name == pulse.server_info().default_sink_name), None)
            return Survey(
                server=pulse.server_info().server_name,
                named=found.name if found else "",
                socket=bool(usual and sockets(usual)),
            )
    except PulseError:
        return None


class Headphones:
    """Watches for headphones. `launch` it once, `shut_down` at the end; what happens is told through `post`."""

    def __init__(self, post: Post, *, named: str = "", told: bool = False, private: Callable[[], bool]) -> None:
        """Make it ready to launch.

        `named` is in the name of the device for headphones; `told` when that is always there, and `tell` says when it
        counts. `private` says whether the visit still believes in headphones; it is called from another thread.
        """
        self._post, self._named, self._told, self._private = post, named, told, private
        self._told_in = False
        self._plugged = False
        """What was last posted."""
        self._home = ""
        """The device that is played on without headphones."""
        self._asleep = False
        """Whether that was put to sleep."""
        self._can_sleep = False
        """Whether this server's devices do that well."""
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._pulse: Pulse | None = None
        self._thread = threading.Thread(target=self._run, name="headphones", daemon=True)

    def launch(self) -> None:
        """Start watching; returns at once."""
        self._thread.start()

    def shut_down(self) -> None:
        """Stop watching."""
        self._closing.set()
        for _ in range(20):
            self._wake()
            self._thread.join(0.05)
            if not self._thread.is_alive():
                return

    def tell(self, *, plugged: bool) -> bool:
        """Take what a pad tells of its jack; return whether the event will be posted from here, once sound is there."""
        if not self._told:
            return False
        self._told_in = plugged
        self._wake()
        return plugged

    # --- the thread ----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            import pulsectl  # noqa: PLC0415 - raises without libpulse, and nobody waits for it here
        except OSError:
            return
        while not self._closing.is_set():
            pulse = pulsectl.Pulse(NAME, connect=False)
            try:
                pulse.connect()
                with self._lock:
                    self._pulse = pulse
                try:
                    self._watch(pulse)
                finally:
                    if self._asleep and pulse.connected:
                        self._put_to_sleep(pulse, asleep=False)
            except (pulsectl.PulseError, pulsectl.PulseDisconnected):
                pass
            finally:
                with self._lock:
                    self._pulse = None
                    pulse.close()
            if self._plugged and not self._closing.is_set():
                self._plugged = False
                self._post(HeadphonesUnplugged())
            self._closing.wait(LOOK_AGAIN_SECONDS)

    def _wake(self) -> None:
        with self._lock:
            if self._pulse is not None:
                self._pulse.event_listen_stop()

    def _watch(self, pulse: "Pulse") -> None:
        from pulsectl import PulseLoopStop, PulseOperationFailed  # noqa: PLC0415 - loaded already

        def changed(_: object) -> None:
            raise PulseLoopStop

        pulse.event_mask_set("server", "sink", "sink_input")
        pulse.event_callback_set(changed)
        self._asleep = False
        self._can_sleep = pulse.server_info().server_name == PULSEAUDIO
        for device in _devices(pulse) if self._can_sleep else ():  # one may sleep since a kiosk died with headphones in
            pulse.sink_suspend(device.index, suspend=False)
        while not self._closing.is_set():
            with suppress(PulseOperationFailed):  # what it was about is gone again; that is told, too
                self._look(pulse)
            if not pulse.connected:  # noticed while looking; nothing more would be told
                return
            pulse.event_listen(TOLD_SECONDS if self._told else None)

    def _look(self, pulse: "Pulse") -> None:
        devices, streams = _devices(pulse), _streams(pulse)
        target = self._target(devices, streams)
        if target is None:
            if self._plugged:
                self._release(pulse, streams)
            elif streams:
                _unmute(pulse, streams)
                self._home = next((each.name for each in devices if each.index == streams[0].device), self._home)
            return
        self._home = self._home or _origin(pulse, devices, streams, target)
        for stream in streams:
            if stream.device != target.index:
                pulse.sink_input_move(stream.index, target.index)
        inserted = next((port.name for port in sockets(target) if port.plugged), "")
        if not self._named and inserted != target.active:
            pulse.sink_port_set(target.index, inserted)
        if streams and not self._plugged:
            self._put_to_sleep(pulse, asleep=self._home != target.name)
            _unmute(pulse, streams)
            self._plugged = True
            self._post(HeadphonesPlugged())

    def _target(self, devices: list[Device], streams: list[Stream]) -> Device | None:
        """Return the device that leads to headphones now."""
        if self._named:
            return None if self._told and not self._told_in else named_device(devices, self._named)
        here = next((each for each in devices if streams and each.index == streams[0].device), None)
        here = here or next((each for each in devices if each.name == self._home), None)
        return here if here and any(port.plugged for port in sockets(here)) else None

    def _release(self, pulse: "Pulse", streams: list[Stream]) -> None:
        """Let nothing more be heard that was meant for one pair of ears, then give the loudspeaker back."""
        for stream in streams:
            pulse.sink_input_mute(stream.index, mute=True)
        self._plugged = False
        self._post(HeadphonesUnplugged())  # even where a key has told already: who plugs and pulls fast is told late
        for _ in range(round(STOP_SECONDS / 0.02)):
            if not self._private() or self._closing.wait(0.02):
                break
        self._put_to_sleep(pulse, asleep=False)
        self._closing.wait(DRY_SECONDS)
        streams = _streams(pulse)
        home = next((each for each in _devices(pulse) if each.name == self._home), None)
        for stream in streams:
            if home is not None and stream.device != home.index:
                pulse.sink_input_move(stream.index, home.index)
        _unmute(pulse, streams)

    def _put_to_sleep(self, pulse: "Pulse", *, asleep: bool) -> None:
        if not self._can_sleep:
            return
        for device in _devices(pulse):
            if device.name == self._home:
                pulse.sink_suspend(device.index, suspend=asleep)
        self._asleep = asleep


def _devices(pulse: "Pulse") -> list[Device]:
    return [
        Device(
            index=sink.index,
            name=sink.name,
            description=sink.description or "",
            ports=tuple(Port(name=port.name, plugged=port.available_state == "yes") for port in sink.port_list),
            active=sink.port_active.name if sink.port_active else "",
        )
        for sink in pulse.sink_list()
    ]


def _streams(pulse: "Pulse") -> list[Stream]:
    """Return what is played by this process and its children."""
    return [
        Stream(index=each.index, device=each.sink, muted=bool(each.mute))
        for each in pulse.sink_input_list()
        if _is_ours(each.proplist.get("application.process.id", ""))
    ]


def _origin(pulse: "Pulse", devices: list[Device], streams: list[Stream], target: Device) -> str:
    """Return what would be played on without the headphones that were in from the first: what it is, or the usual."""
    played = next((each.name for each in devices if any(each.index == one.device for one in streams)), "")
    usual = str(pulse.server_info().default_sink_name)
    return next((name for name in (played, usual) if name and name != target.name), target.name if streams else "")


def _is_ours(process_id: str) -> bool:
    try:
        return os.getpid() in (int(process_id), _parent(int(process_id)))
    except (ValueError, OSError):
        return False


def _parent(process_id: int) -> int:
    fields = Path(f"/proc/{process_id}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    return int(fields[1])


def _unmute(pulse: "Pulse", streams: Iterable[Stream]) -> None:
    for stream in streams:
        if stream.muted:
            pulse.sink_input_mute(stream.index, mute=False)
