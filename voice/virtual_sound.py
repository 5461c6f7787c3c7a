"""A loudspeaker and a microphone made of software: a private PulseAudio of one's own, for tests and for the tour.

What is played into the microphone comes out of any recording, bit by bit; what the kiosk says can be recorded. Nothing
of it touches the machine's own sound. Needs the programs pulseaudio, pacat and parec, and ALSA's PulseAudio plug-in.
"""

import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

SPEAKER = "kiosk_speaker"
MICROPHONE = "kiosk_microphone"
MICROPHONE_FEED = "kiosk_microphone_feed"
SPEAKER_RATE = 48_000
MICROPHONE_RATE = 16_000
START_SECONDS = 10.0
NOBODY_SECONDS = 300
"""PulseAudio leaves by itself when nobody has used it this long, should its owner be killed."""

DAEMON = f"""\
.fail
load-module module-native-protocol-unix auth-anonymous=1 socket={{socket}}
load-module module-null-sink sink_name={SPEAKER} rate={SPEAKER_RATE} channels=1
load-module module-null-sink sink_name={MICROPHONE_FEED} rate={MICROPHONE_RATE} channels=1 format=s16le
load-module module-remap-source source_name={MICROPHONE} master={MICROPHONE_FEED}.monitor
set-default-sink {SPEAKER}
set-default-source {MICROPHONE}
"""

ALSA = """\
pcm.!default { type pulse }
ctl.!default { type pulse }
pcm.pulse { type pulse }
"""


def available() -> bool:
    """Tell whether the programs for it are installed."""
    return all(shutil.which(program) for program in ("pulseaudio", "pacat", "parec", "pactl"))


class VirtualSound:
    """A virtual loudspeaker and microphone. Use it in a `with`; a process finds it through `environment`."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="sound-"))
        place = str(self.folder)
        self._socket = self.folder / "native"
        self.environment = {
            "XDG_RUNTIME_DIR": place,
            "PULSE_RUNTIME_PATH": place,
            "PULSE_STATE_PATH": place,
            "PULSE_SERVER": f"unix:{self._socket}",
            "ALSA_CONFIG_PATH": f"/usr/share/alsa/alsa.conf:{self.folder / 'asound.conf'}",
        }
        """What a process needs in its environment to be heard and to hear."""
        (self.folder / "asound.conf").write_text(ALSA)
        (self.folder / "daemon.pa").write_text(DAEMON.format(socket=self._socket))
        self._daemon: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self.plug_in()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def plug_in(self) -> None:
        """Make the devices appear. Raises RuntimeError when they don't."""
        self._daemon = subprocess.Popen(
            [
                "pulseaudio",
                *("-n", "--daemonize=no", "--system=no", "--use-pid-file=no", "--disable-shm=yes", "--realtime=no"),
                *("--high-priority=no", f"--exit-idle-time={NOBODY_SECONDS}"),
                *("-F", str(self.folder / "daemon.pa")),
            ],
            # A message bus has room for one sound server, and the desktop's, or another test's, may be there already.
            env=self._env() | {"DBUS_SESSION_BUS_ADDRESS": "disabled:"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self._daemon.poll() is None:
            probe = subprocess.run(["pactl", "info"], env=self._env(), check=False, capture_output=True)
            if probe.returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError("pulseaudio did not start")

    def unplug(self) -> None:
        """Make the devices vanish, as when somebody pulls a cable."""
        if self._daemon is not None:
            self._daemon.kill()
            self._daemon.wait()
        self._socket.unlink(missing_ok=True)

    def close(self) -> None:
        """Take the devices away for good."""
        self.unplug()
        shutil.rmtree(self.folder, ignore_errors=True)

    def control(self, *arguments: str) -> str:
        """Run pactl and return what it prints. Raises subprocess.CalledProcessError."""
        return subprocess.run(
            ["pactl", *arguments], env=self._env(), check=True, capture_output=True, text=True, timeout=START_SECONDS
        ).stdout

    @property
    def heard(self) -> bool:
        """Whether somebody has the microphone open. Raises subprocess.CalledProcessError."""
        sources = {row.split()[0] for row in self._rows("sources") if row.split()[1] == MICROPHONE}
        return any(row.split()[1] in sources for row in self._rows("source-outputs"))

    def _rows(self, kind: str) -> list[str]:
        return self.control("list", "short", kind).splitlines()

    def speak(self, samples: bytes, rate: int = MICROPHONE_RATE) -> None:
        """Play int16 mono samples into the microphone; returns when the last has been played."""
        with self.speaking(samples, rate):
            pass

    @contextmanager
    def speaking(self, samples: bytes, rate: int = MICROPHONE_RATE) -> Iterator[None]:
        """Play into the microphone while the block runs, and at its end wait for the rest."""
        program = ["pacat", "--playback", f"--device={MICROPHONE_FEED}", "--latency-msec=2000", "--raw"]
        form = ["--format=s16le", f"--rate={rate}", "--channels=1"]
        with subprocess.Popen([*program, *form], env=self._env(), stdin=subprocess.PIPE) as player:
            feeder = threading.Thread(target=player.communicate, args=(samples,))
            feeder.start()
            try:
                yield
            finally:
                feeder.join()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Keep the microphone at work while the block runs, as a real one is: it sleeps where nobody listens."""
        program = ["parec", f"--device={MICROPHONE}", "--latency-msec=10", "--raw"]
        with subprocess.Popen(program, env=self._env(), stdout=subprocess.DEVNULL) as listener:
            try:
                yield
            finally:
                listener.kill()

    @contextmanager
    def hearing(self, device: str = SPEAKER) -> Iterator["Monitor"]:
        """Record what the loudspeaker, or another device, plays while the block runs."""
        monitor = Monitor(self._env(), device)
        try:
            yield monitor
        finally:
            monitor.close()

    def _env(self) -> dict[str, str]:
        return {**os.environ, **self.environment}


class Monitor:
    """A device's sound as it comes: int16 mono at SPEAKER_RATE."""

    def __init__(self, environment: dict[str, str], device: str = SPEAKER) -> None:
        self._recorder = subprocess.Popen(
            [
                *("parec", f"--device={device}.monitor", "--format=s16le", f"--rate={SPEAKER_RATE}", "--channels=1"),
                *("--latency-msec=10", "--raw"),
            ],
            env=environment,
            stdout=subprocess.PIPE,
        )
        self._changed = threading.Condition()
        self.pieces: list[tuple[float, bytes]] = []
        """Monotonic time of arrival and sound, in order."""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.wait(lambda sound: len(sound) > 0)

    @property
    def sound(self) -> bytes:
        """Everything heard so far."""
        with self._changed:
            return self._joined()

    def wait(self, enough: Callable[[bytes], bool], seconds: float = 20.0) -> bytes:
        """Return the sound once `enough` of it says so. Raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: enough(self._joined()), seconds):
                raise TimeoutError
            return self._joined()

    def close(self) -> None:
        """Stop recording."""
        self._recorder.kill()
        self._recorder.wait()
        self._reader.join()

    def _joined(self) -> bytes:
        return b"".join(piece for _, piece in self.pieces)

    def _read(self) -> None:
        pipe = self._recorder.stdout
        while pipe is not None and (piece := os.read(pipe.fileno(), 4096)):
            with self._changed:
                self.pieces.append((time.monotonic(), piece))
                self._changed.notify_all()
        if pipe is not None:
            pipe.close()
