"""A sentence spoken and typed in a visit is found nowhere afterwards; and the search finds it where sealing is off.

The kiosk runs as it does in the hall: real window, keyboard, voice, microphone, store and platform. What is said and typed
is drawn by chance for every run, goes to it through a pipe, and is written to no file by the test.
"""

import base64
import json
import os
import random
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np
import pytest
from pypinyin import lazy_pinyin

from gateway import desk
from gateway.platform import open_platform
from gateway.settings import Settings
from kiosk.folders import cache_directory
from kiosk.scrubbing import ALLOCATOR, OVERWRITING, TUNABLES
from tests.kiosk.marker_search import (
    Needle,
    Needles,
    Samples,
    called,
    family,
    found_around,
    found_in_files,
    found_in_memory,
    needles_of_bytes,
    needles_of_letters,
    needles_of_samples,
    needles_of_text,
)
from voice.opus import decode
from voice.pronunciation import segments
from voice.virtual_sound import MICROPHONE_RATE, VirtualSound, available

pytestmark = [
    pytest.mark.xdist_group("sound"),
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks into /proc"),
]

ROOT = Path(__file__).parents[2]
PUBLIC_FOLDERS = tuple(map(Path, ("/tmp", "/var/tmp", "/dev/shm", "/run/user")))  # noqa: S108 (searched, not used)
CACHE = cache_directory()
"""The typing engine's tables are there, or are built once: that takes longer than all of this."""
SPEAKER_RATE = 22_050
SECONDS = 120.0
SYSTEM_PYTHON = "/usr/bin/python3"
CHILDREN = ("voice.listener", "voice.speaker")
WORDS = (
    *("电梯", "楼道", "路灯", "水管", "暖气", "停车", "垃圾", "噪音", "树木", "围墙", "广场", "小区", "门口", "邻居"),
    *("昨天", "晚上", "下午", "老人", "孩子", "医院", "学校", "公园", "车站", "商店", "食堂", "阳台", "窗户", "屋顶"),
    *("狗叫", "漏水", "停电", "堵车", "跌倒", "修理", "搬家", "买菜", "散步", "吵架", "下雨", "生病", "看病", "洗澡"),
)
"""Two syllables each; six of them in a row stand nowhere by chance, and three hardly ever."""


@dataclass(frozen=True, slots=True)
class Said:
    """Words to be spoken or typed in a visit."""

    words: tuple[str, ...]

    @property
    def text(self) -> str:
        return "".join(self.words)

    @property
    def letters(self) -> str:
        """The keys that type it."""
        return "".join(lazy_pinyin(list(self.words)))


def draw(chance: random.Random, count: int = 4) -> Said:
    return Said(tuple(chance.sample(WORDS, count)))


def draw_given(chance: random.Random) -> "Given":
    return Given(on_screen=draw(chance), on_keyboard=draw(chance), phone=f"139{chance.randrange(10**8):08d}")


def spoken(said: Said) -> Samples:
    """Return words as sound at the microphone's rate: espeak-ng gets them and gives it through pipes."""
    (segment,) = segments(said.text, "cmn")
    command = ["espeak-ng", "-v", segment.voice, "-s", "165", "--stdin", "--stdout"]
    told = subprocess.run(command, input=segment.text.encode(), check=True, capture_output=True).stdout
    samples = np.frombuffer(told[44:], dtype="<i2")
    places = np.arange(0, len(samples) - 1, SPEAKER_RATE / MICROPHONE_RATE)
    return np.asarray(np.interp(places, np.arange(len(samples)), samples), dtype=np.int16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is typed in a visit."""

    on_screen: Said
    on_keyboard: Said
    phone: str

    def keys(self) -> dict[str, str]:
        """What the visitor has to press."""
        return {"on_screen": self.on_screen.letters, "on_keyboard": self.on_keyboard.letters, "phone": self.phone}

    def needles(self, text: str) -> list[Needle]:
        """What to look for: the keys, and in every spelling what they became."""
        letters = {self.on_screen.letters, self.on_keyboard.letters, self.phone}
        return [*needles_of_text(stretches_of(text)), *needles_of_letters(letters, "keys")]


def stretches_of(text: str) -> set[str]:
    """The beginning, the middle and the end of what was typed."""
    half = len(text) // 2
    return {text[:6], text[half - 3 : half + 3], text[-6:]}


@dataclass(slots=True)
class Visited:
    """A running kiosk that holds still when it says so."""

    process: subprocess.Popen[bytes]
    wire: IO[str]
    sound: VirtualSound
    state: Path
    folders: tuple[Path, ...]
    environment: dict[str, str]
    """Of its screen and its bus."""
    began: float

    def wait(self) -> dict[str, Any]:
        """Return what it says next."""
        line = self.wire.readline()
        if not line:
            self.process.wait(SECONDS)
            pytest.fail(f"the kiosk ended with {self.process.returncode}")
        told: dict[str, Any] = json.loads(line)
        return told

    def answer(self, **given: object) -> None:
        """Let it go on."""
        json.dump(given, self.wire)
        self.wire.write("\n")
        self.wire.flush()

    def until(self, at: str, *speaks: Samples) -> dict[str, Any]:
        """Speak whenever it records, until it holds still where it should."""
        sounds = list(speaks)
        while (told := self.wait())["at"] != at:
            if told["at"] == "recording":
                rest = np.zeros(MICROPHONE_RATE // 2, dtype=np.int16)
                self.sound.speak(np.concatenate([rest, sounds.pop(0), rest]).tobytes())
            self.answer()
        return told

    def family(self) -> list[int]:
        return family(self.process.pid)

    def processes(self) -> dict[str, list[int]]:
        """The processes that see what a resident gives, by name."""
        return {"kiosk": [self.process.pid], **{name: called(self.family(), name) for name in CHILDREN}}

    def found(self, needles: Needles) -> dict[str, set[str]]:
        """Where any of it is: in files, names of files, environments, arguments, and in what was printed."""
        found = found_in_files((self.state.parent, *self.folders), needles)
        found |= found_in_files(PUBLIC_FOLDERS, needles, since=self.began)
        return found | found_around(self.family(), needles)

    def die(self) -> list[int]:
        """Make every process of it crash, and return how it ended."""
        for name in CHILDREN:
            for child in called(self.family(), name):
                os.kill(child, signal.SIGSEGV)
        self.process.send_signal(signal.SIGABRT)
        return [self.process.wait(SECONDS)]

    def cores(self) -> list[Path]:
        """Return what a crash left where processes of it ran."""
        places = (self.state.parent / "work", ROOT)
        return [f for place in places for f in place.glob("*core*") if f.stat().st_mtime >= self.began]


@contextmanager
def screen_and_bus(environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """A screen in memory and a message bus that nobody else uses; what it starts finds its folders in `environment`."""
    for program in ("Xvfb", "dbus-daemon"):
        assert shutil.which(program), f"{program} is missing: tools/packages lists it"
    with ExitStack() as stack:
        reader, writer = os.pipe()
        display = [*("Xvfb", "-displayfd", str(writer), "-screen", "0", "1920x1080x24", "-nolisten", "tcp")]
        quiet: dict[str, Any] = {"stderr": subprocess.DEVNULL}
        stack.callback(_end, subprocess.Popen(display, pass_fds=[writer], stdout=subprocess.DEVNULL, **quiet))
        os.close(writer)
        with os.fdopen(reader) as told:
            number = told.readline().strip()
        screen = {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
        bus = ["dbus-daemon", "--session", "--nofork", "--print-address"]
        started = {**os.environ, **environment, **screen}
        daemon = subprocess.Popen(bus, env=started, stdout=subprocess.PIPE, text=True, **quiet)
        stack.callback(_end, daemon)
        assert daemon.stdout is not None
        yield {
            **screen,
            "DBUS_SESSION_BUS_ADDRESS": daemon.stdout.readline().strip(),
        }


def _end(process: subprocess.Popen[Any]) -> None:
    process.terminate()
    process.wait(SECONDS)
    if process.stdout is not None:
        process.stdout.close()


@contextmanager
def visited(folder: Path, *options: str) -> Iterator[Visited]:
    """A kiosk in folders of its own, which would dump its core into one of them if it were let."""
    assert available(), "the virtual microphone needs pulseaudio and pulseaudio-utils: tools/packages lists them"
    places = {name: folder / name for name in ("state", "home", "temporary", "work")}
    for place in places.values():
        place.mkdir(mode=0o700)
    began = time.time() - 0.1  # file systems keep coarse time
    with VirtualSound() as sound, screen_and_bus(sound.environment) as screen, ExitStack() as stack:
        ours, theirs = socket.socketpair()
        ours.settimeout(SECONDS)
        environment = {
            **os.environ,
            **screen,
            **sound.environment,
            "HOME": str(places["home"]),
            "TMPDIR": str(places["temporary"]),
            "XDG_CACHE_HOME": str(CACHE.parent),
            "PYTHONPATH": str(ROOT),
            # As `kiosk run` starts itself over with.
            ALLOCATOR[0]: ALLOCATOR[1],
            TUNABLES: OVERWRITING,
        }
        environment.pop("WAYLAND_DISPLAY", None)
        command = [sys.executable, "-m", "tests.kiosk.marker_child", str(theirs.fileno()), str(places["state"])]
        with theirs, (folder / "printed").open("wb") as printed, (folder / "complained").open("wb") as complained:
            process = subprocess.Popen(
                [*command, *options],
                env=environment,
                cwd=places["work"],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=complained,
                preexec_fn=_let_dump,  # noqa: PLW1509 (nothing else runs in this process while it forks)
            )
        stack.callback(_end, process)
        stack.enter_context(ours)
        wire = stack.enter_context(ours.makefile("rw", encoding="ascii"))
        yield Visited(process, wire, sound, places["state"], (sound.folder, CACHE), screen, began)


def writes_cores_here() -> bool:
    """Whether a process that crashes would write its core into the folder it runs in."""
    pattern = Path("/proc/sys/kernel/core_pattern").read_text()
    return not pattern.startswith(("/", "|")) and resource.getrlimit(resource.RLIMIT_CORE)[1] != 0


def _let_dump() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))


def sound_at_platform(directory: Path, number: str) -> bytes:
    """Return the recording as the platform unseals it, into memory only."""
    with closing(open_platform(Settings(directory=directory, port=0))) as platform:
        (petition_id,) = desk.find_by_number(platform, number)
        (part,) = desk.open_petition(platform, petition_id, account="test").attachments
        return desk.open_attachment(platform, petition_id, part.id, account="test")[1]


def read_by_a_screen_reader(environment: dict[str, str]) -> list[str] | None:
    """Return what AT-SPI tells, None where its bindings are not installed."""
    command = [SYSTEM_PYTHON, "-W", "ignore", str(ROOT / "tests/kiosk/at_spi_texts.py")]
    asked = [SYSTEM_PYTHON, "-c", "import gi; gi.require_version('Atspi', '2.0')"]
    if not shutil.which(SYSTEM_PYTHON) or subprocess.run(asked, check=False, capture_output=True).returncode:
        return None
    done = subprocess.run(
        command, env={**os.environ, **environment}, check=True, stdout=subprocess.PIPE, timeout=SECONDS
    )
    told: list[str] = json.loads(done.stdout)
    return told


@dataclass(slots=True)
class Looked:
    """What was found, by the moment at which it was looked for."""

    files: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    """Files, their names, environments, arguments: place → spellings."""
    screen: dict[str, set[str]] = field(default_factory=dict)
    screen_reader: dict[str, set[str] | None] = field(default_factory=dict)
    memory: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)
    """By process, where looking in is allowed."""
    cores: list[Path] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    """How the kiosk ended."""

    def look(self, visited: Visited, told: dict[str, Any], needles: Needles) -> None:
        """Look everywhere but in memory."""
        at = told["at"]
        self.files[at] = visited.found(needles)
        self.screen[at] = needles.spellings("\n".join(told["seen"]).encode())
        read = read_by_a_screen_reader(visited.environment)
        self.screen_reader[at] = None if read is None else needles.spellings("\n".join(read).encode())

    def look_into_memory(self, visited: Visited, at: str, needles: Needles, *names: str) -> None:
        """Look into what processes can write to, where that is allowed."""
        processes = visited.processes()
        with suppress(PermissionError):
            self.memory[at] = {
                name: sum((found_in_memory(id_, needles) for id_ in processes[name]), Counter()) for name in names
            }


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Looked:
    """Three visits, one filed, one cancelled half-way, one cut off by the death of every process; and what was found."""
    chance, result = random.Random(), Looked()  # noqa: S311 (words, not keys)
    filed, cancelled, lost = (draw_given(chance) for _ in range(3))
    sounds = [spoken(draw(chance, 3)) for _ in range(3)]
    with visited(tmp_path_factory.mktemp("marker")) as kiosk:
        kiosk.until("open")
        kiosk.answer(first=filed.keys(), second=cancelled.keys(), third=lost.keys())

        told = kiosk.until("reviewed", sounds[0])
        first = [*filed.needles(told["text"]), *needles_of_samples(sounds[0])]
        result.look(kiosk, told, Needles(first))
        text = Needles(needles_of_text(stretches_of(told["text"])))
        result.look_into_memory(kiosk, "reviewed", text, "kiosk")
        kiosk.answer()
        number = kiosk.until("filed")["number"]
        kiosk.answer()
        told = kiosk.until("wiped")
        encoded = sound_at_platform(kiosk.state / "platform", number)
        played = np.concatenate(list(decode(encoded, SPEAKER_RATE)))
        heard = [*needles_of_bytes(encoded, "sound"), *needles_of_samples(played, "played")]
        first += heard
        result.look(kiosk, told, Needles(first))
        result.look_into_memory(kiosk, "wiped", text, "kiosk")
        result.look_into_memory(kiosk, "wiped, sound", Needles(heard), "kiosk", "voice.listener")
        kiosk.answer()

        told = kiosk.until("half-way", sounds[1])
        second = [*first, *cancelled.needles(told["text"]), *needles_of_samples(sounds[1])]
        kiosk.answer()
        result.look(kiosk, kiosk.until("cancelled"), Needles(second))
        kiosk.answer()

        told = kiosk.until("interrupted", sounds[2])
        third = Needles([*second, *lost.needles(told["text"]), *needles_of_samples(sounds[2])])
        result.look(kiosk, told, third)
        result.ends = kiosk.die()
        result.files["dead"] = kiosk.found(third)
        result.cores = kiosk.cores()
    return result


KNOWN_TO_THE_VISITOR = ("pinyin", "escapes")
"""The test's own hand lives in the same process: it knows the keys, and has told the words over its socket."""
AFTERWARDS = ("wiped", "cancelled")
ALWAYS = ("reviewed", *AFTERWARDS, "interrupted", "dead")


@pytest.mark.parametrize("at", ALWAYS)
def test_nothing_of_a_visit_is_in_any_file_log_argument_or_environment(looked: Looked, at: str) -> None:
    assert looked.files[at] == {}


def test_while_somebody_reads_their_words_over_they_are_on_the_screen_and_the_search_finds_them(looked: Looked) -> None:
    assert "utf-8" in looked.screen["reviewed"]
    assert looked.screen_reader["reviewed"] in (None, looked.screen["reviewed"])


@pytest.mark.parametrize("at", AFTERWARDS)
def test_afterwards_no_title_widget_clipboard_or_accessible_text_tells_it(looked: Looked, at: str) -> None:
    assert looked.screen[at] == set()


@pytest.mark.parametrize("at", AFTERWARDS)
def test_afterwards_a_screen_reader_reads_nothing_of_it(looked: Looked, at: str) -> None:
    if looked.screen_reader[at] is None:
        pytest.skip("gir1.2-atspi-2.0 is not installed")
    assert looked.screen_reader[at] == set()


def test_a_kiosk_whose_processes_are_made_to_crash_in_the_middle_of_a_visit_leaves_no_core(looked: Looked) -> None:
    assert looked.ends == [-signal.SIGABRT]
    assert looked.cores == []


def test_in_memory_the_words_are_found_during_the_visit_and_neither_words_nor_sound_after_it(looked: Looked) -> None:
    if not looked.memory:
        pytest.skip("needs to be allowed to look into other processes")
    assert looked.memory["reviewed"]["kiosk"]["utf-16-le"]
    words = looked.memory["wiped"]["kiosk"]
    assert {spelling for spelling in words if not spelling.startswith(KNOWN_TO_THE_VISITOR)} == set()
    assert looked.memory["wiped, sound"] == {"kiosk": Counter(), "voice.listener": Counter()}


def test_without_sealing_the_same_search_finds_it(tmp_path: Path) -> None:
    chance = random.Random()  # noqa: S311 (as above)
    given, sound = draw_given(chance), spoken(draw(chance, 3))
    with visited(tmp_path, "plain") as kiosk:
        kiosk.until("open")
        kiosk.answer(first=given.keys())
        told = kiosk.until("reviewed", sound)
        needles = given.needles(told["text"])
        kept = kiosk.found(Needles(needles))
        kiosk.answer()
        number = kiosk.until("filed")["number"]
        kiosk.answer()
        kiosk.until("wiped")
        needles += needles_of_bytes(sound_at_platform(kiosk.state / "platform", number), "sound")
        filed = kiosk.found(Needles(needles))
        kiosk.answer()
        kiosk.until("ended")
        kiosk.answer()
    plain = tmp_path / "state" / "plain"
    assert "escapes in utf-8" in kept[str(plain / "draft.json")]
    assert "utf-8" in filed[str(plain / "filed.txt")]
    (recording,) = plain.glob("*.ogg")
    assert "sound" in filed[str(recording)]


# --- the search can find --------------------------------------------------------------------------------------------

TEXT = "电梯坏了三天没有人修"
HEARD = np.random.default_rng(5).integers(-20_000, 20_000, MICROPHONE_RATE, dtype=np.int16)
PINYIN = (
    "dian4 ti1 huai4 le5 san1 tian1 mei2 you3 ren2 xiu1",
    "dian4ti1huai4le5san1tian1mei2you3ren2xiu1",
    "diantihuailesantianmeiyourenxiu",
    "dian ti huai le san tian mei you ren xiu",
    "diàn tī huài le sān tiān méi yǒu rén xiū",
)
PLANTED: tuple[tuple[str, bytes], ...] = (
    *((charset, TEXT.encode(charset)) for charset in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "gb18030")),
    *(("utf-8 in base64", base64.b64encode(b"?" * n + TEXT.encode() + b"?")) for n in range(3)),
    *(("utf-16-le in base64", base64.b64encode(b"?" * n + TEXT.encode("utf-16-le"))) for n in range(3)),
    *(("gb18030 in base64", base64.urlsafe_b64encode(b"?" * n + TEXT.encode("gb18030"))) for n in range(3)),
    ("escapes in utf-8", json.dumps({"text": TEXT}).encode()),
    ("escapes in utf-16-le", json.dumps(TEXT).encode("utf-16-le")),
    ("percent", b"text=" + urllib.parse.quote(TEXT).encode()),
    ("hex", TEXT.encode().hex().encode()),
    ("entities", "".join(f"&#{ord(c)};" for c in TEXT).encode()),
    *(("pinyin in utf-8", letters.encode()) for letters in PINYIN),
    *(("pinyin in utf-8", segment.text.encode()) for segment in segments(TEXT, "cmn")),
    *(("pinyin in base64", base64.b64encode(b"?" * n + PINYIN[0].encode())) for n in range(3)),
    ("phone in utf-8", b"+8613800138000"),
    ("samples s16le", HEARD.astype("<i2").tobytes()),
    ("samples s16be", HEARD.astype(">i2").tobytes()),
    ("samples f32le", (HEARD / 32768).astype("<f4").tobytes()),
    *(("samples in base64", base64.b64encode(b"?" * n + HEARD.tobytes())) for n in range(3)),
    ("sound", HEARD.tobytes()[3:-3]),
    *(("sound in base64", base64.b64encode(b"?" * n + HEARD.tobytes())) for n in range(3)),
)
NEEDLES = Needles(
    [
        *needles_of_text((TEXT,)),
        *needles_of_letters(("13800138000",), "phone"),
        *needles_of_samples(HEARD),
        *needles_of_bytes(HEARD.tobytes(), "sound"),
    ]
)


@pytest.mark.parametrize(("spelling", "planted"), PLANTED, ids=[spelling for spelling, _ in PLANTED])
def test_every_spelling_is_found_where_it_is(spelling: str, planted: bytes, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    file = tmp_path / "folder" / "file"
    file.write_bytes(os.urandom(5000) + planted + os.urandom(5000))
    assert spelling in found_in_files([tmp_path], NEEDLES)[str(file)]


def test_a_file_that_was_not_changed_since_and_one_without_it_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(os.urandom(100_000))
    (tmp_path / "old").write_text(TEXT)
    os.utime(tmp_path / "old", (0, 0))
    assert found_in_files([tmp_path], NEEDLES, since=1.0) == {}


def test_names_of_files_are_looked_at_too(tmp_path: Path) -> None:
    (tmp_path / TEXT).touch()
    assert found_in_files([tmp_path], NEEDLES)


def test_arguments_environments_files_without_a_name_and_memory_are_looked_into(tmp_path: Path) -> None:
    program = (
        "import sys, tempfile; file = tempfile.TemporaryFile(); words = sys.stdin.readline(); "
        "file.write(words.encode('gb18030')); file.flush(); print(flush=True); sys.stdin.readline()"
    )
    command = [sys.executable, "-c", program, "13800138000"]
    environment = {**os.environ, "TMPDIR": str(tmp_path), "WORDS": TEXT}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{TEXT}\n")
        process.stdin.flush()
        process.stdout.readline()
        found = found_around(family(os.getpid()), NEEDLES)
        with suppress(PermissionError):
            assert found_in_memory(process.pid, NEEDLES)["utf-8"]
        process.stdin.close()
    id_ = process.pid
    assert "phone in utf-8" in found[f"cmdline of {id_}"]
    assert "utf-8" in found[f"environ of {id_}"]
    assert "gb18030" in found[f"nameless file of {id_}"]


def test_a_process_that_does_not_forbid_it_leaves_a_core_that_the_search_finds(tmp_path: Path) -> None:
    if not writes_cores_here():
        pytest.skip("this machine hands cores to another program, or allows none")
    program = "import os, sys; words = sys.stdin.read(); os.abort()"
    subprocess.run(
        [sys.executable, "-c", program],
        input=TEXT.encode(),
        check=False,
        cwd=tmp_path,
        preexec_fn=_let_dump,
    )
    assert any("utf-8" in spellings for spellings in found_in_files([tmp_path], NEEDLES).values())
