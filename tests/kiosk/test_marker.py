"""A sentence spoken and typed in a visit is found nowhere afterwards; and the search finds it where sealing is off.

The kiosk runs as it does in the hall: real window, keyboard, voice, microphone, recogniser, store and platform. What is said
and typed is drawn by chance for every run, goes to it through a pipe, and is written to no file by the test. One visit is
made without a recogniser: only there is a recording played back.
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
    needles_of_word_numbers,
    needles_of_words,
)
from tests.kiosk.marker_words import (
    ROOT,
    SPEAKER_RATE,
    draw,
    draw_dictated,
    draw_given,
    spoken,
    stretches_of,
)
from tests.virtual_screen import screen_and_bus
from voice.opus import decode
from voice.pronunciation import segments
from voice.virtual_sound import MICROPHONE_RATE, VirtualSound, available

pytestmark = [
    pytest.mark.xdist_group("sound"),
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks into /proc"),
]

PUBLIC_FOLDERS = tuple(map(Path, ("/tmp", "/var/tmp", "/dev/shm", "/run/user")))  # noqa: S108 (searched, not used)
CACHE = cache_directory()
"""The typing engine's tables are there, or are built once: that takes longer than all of this."""
SECONDS = 120.0
SYSTEM_PYTHON = "/usr/bin/python3"
CHILDREN = ("voice.listener", "voice.speaker")


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


def _end(process: subprocess.Popen[Any]) -> None:
    process.terminate()
    process.wait(SECONDS)
    if process.stdout is not None:
        process.stdout.close()


@contextmanager
def visited(folder: Path, kind: str) -> Iterator[Visited]:
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
                [*command, kind],
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
    made_out: list[bool] = field(default_factory=list)
    """Whether words were made of what was said, visit by visit."""

    def look(self, visited: Visited, told: dict[str, Any], needles: Needles, at: str) -> None:
        """Look everywhere but in memory."""
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
    """Four visits, and what was found.

    One to a kiosk without a recogniser, filed. Three to one that makes words of what is said: filed, cancelled half-way,
    cut off by the death of every process.
    """
    chance, result = random.Random(), Looked()  # noqa: S311 (words, not keys)
    look_where_it_is_played(tmp_path_factory.mktemp("deaf"), chance, result)
    look_where_it_is_heard(tmp_path_factory.mktemp("hearing"), chance, result)
    return result


def look_where_it_is_played(folder: Path, chance: random.Random, result: Looked) -> None:
    given, sound = draw_given(chance), spoken(draw(chance, 3).text)
    with visited(folder, "deaf") as kiosk:
        kiosk.until("open")
        kiosk.answer(first=given.keys())
        told = kiosk.until("reviewed", sound)
        needles = [*given.needles(told["text"]), *needles_of_samples(sound)]
        result.look(kiosk, told, Needles(needles), "reviewed")
        text = Needles(needles_of_text(stretches_of(told["text"])))
        result.look_into_memory(kiosk, "reviewed", text, "kiosk")
        kiosk.answer()
        number = kiosk.until("filed")["number"]
        kiosk.answer()
        told = kiosk.until("wiped")
        heard = needles_at_platform(kiosk.state / "platform", number)
        result.look(kiosk, told, Needles([*needles, *heard]), "wiped")
        result.look_into_memory(kiosk, "wiped", text, "kiosk")
        result.look_into_memory(kiosk, "wiped, sound", Needles(heard), "kiosk", "voice.listener")
        kiosk.answer()
        kiosk.until("ended")
        kiosk.answer()


def look_where_it_is_heard(folder: Path, chance: random.Random, result: Looked) -> None:
    dictated = draw_dictated(chance, 3)
    cancelled, lost = (draw_given(chance) for _ in range(2))
    with visited(folder, "hearing") as kiosk:
        kiosk.until("open")
        kiosk.answer(first=cancelled.halves(), second=lost.halves())

        told = kiosk.until("reviewed", dictated[0].sound)
        result.made_out.append(dictated[0].made_out(told["text"]))
        needles = dictated[0].needles()
        result.look(kiosk, told, Needles(needles), "heard")
        result.look_into_memory(kiosk, "heard", Needles(needles), "kiosk")
        kiosk.answer()
        number = kiosk.until("filed")["number"]
        kiosk.answer()
        told = kiosk.until("wiped")
        needles += needles_at_platform(kiosk.state / "platform", number)
        result.look(kiosk, told, Needles(needles), "forgotten")
        result.look_into_memory(kiosk, "forgotten", Needles(needles), "kiosk", "voice.listener")
        kiosk.answer()

        told = kiosk.until("half-way", dictated[1].sound)
        result.made_out.append(dictated[1].made_out(told["live"]))
        needles += [*cancelled.needles(told["text"]), *dictated[1].needles()]
        kiosk.answer()
        told = kiosk.until("cancelled")
        result.look(kiosk, told, Needles(needles), "cancelled")
        result.look_into_memory(kiosk, "cancelled", Needles(needles), "kiosk", "voice.listener")
        kiosk.answer()

        told = kiosk.until("interrupted", dictated[2].sound)
        result.made_out.append(dictated[2].made_out(told["live"]))
        last = Needles([*needles, *lost.needles(told["text"]), *dictated[2].needles()])
        result.look(kiosk, told, last, "interrupted")
        result.ends = kiosk.die()
        result.files["dead"] = kiosk.found(last)
        result.cores = kiosk.cores()


def needles_at_platform(directory: Path, number: str) -> list[Needle]:
    """Return what to look for of the sound that the kiosk encoded, as the platform has it."""
    encoded = sound_at_platform(directory, number)
    played = np.concatenate(list(decode(encoded, SPEAKER_RATE)))
    return [*needles_of_bytes(encoded, "sound"), *needles_of_samples(played, "played")]


KNOWN_TO_THE_VISITOR = ("keys", "pinyin", "escapes")
"""The test's own hand lives in the same process: it knows the keys, and has told the words over its socket."""
MEANWHILE = ("reviewed", "heard")
AFTERWARDS = ("wiped", "forgotten", "cancelled")
ALWAYS = (*MEANWHILE, *AFTERWARDS, "interrupted", "dead")


@pytest.mark.parametrize("at", ALWAYS)
def test_nothing_of_a_visit_is_in_any_file_log_argument_or_environment(looked: Looked, at: str) -> None:
    assert looked.files[at] == {}


def test_what_is_said_becomes_words_in_every_visit_to_a_kiosk_that_hears(looked: Looked) -> None:
    assert looked.made_out == [True, True, True]


@pytest.mark.parametrize("at", MEANWHILE)
def test_while_somebody_reads_their_words_over_they_are_on_the_screen_and_the_search_finds_them(
    looked: Looked, at: str
) -> None:
    assert "utf-8" in looked.screen[at]
    assert looked.screen_reader[at] in (None, looked.screen[at])


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
    assert not_known_to_the_visitor(looked.memory["wiped"]["kiosk"]) == set()
    assert looked.memory["wiped, sound"] == {"kiosk": Counter(), "voice.listener": Counter()}


def test_in_memory_what_was_made_out_is_found_during_the_visit_and_not_after_it(looked: Looked) -> None:
    if not looked.memory:
        pytest.skip("needs to be allowed to look into other processes")
    assert looked.memory["heard"]["kiosk"]["utf-16-le"]
    assert looked.memory["forgotten"] == {"kiosk": Counter(), "voice.listener": Counter()}
    assert looked.memory["cancelled"]["voice.listener"] == Counter()
    assert not_known_to_the_visitor(looked.memory["cancelled"]["kiosk"]) == set()


def not_known_to_the_visitor(found: Counter[str]) -> set[str]:
    return {spelling for spelling in found if not spelling.startswith(KNOWN_TO_THE_VISITOR)}


@pytest.mark.slow  # that the search finds is shown at once by what is planted below
def test_without_sealing_the_same_search_finds_it(tmp_path: Path) -> None:
    chance = random.Random()  # noqa: S311 (as above)
    given, (dictated,) = draw_given(chance), draw_dictated(chance, 1)
    with visited(tmp_path, "plain") as kiosk:
        kiosk.until("open")
        kiosk.answer(first=given.halves())
        told = kiosk.until("reviewed", dictated.sound)
        typed, heard = given.needles(told["text"][-len(given.on_keyboard.text) :]), dictated.needles()
        kept = [kiosk.found(Needles(needles)) for needles in (typed, heard)]
        kiosk.answer()
        number = kiosk.until("filed")["number"]
        kiosk.answer()
        kiosk.until("wiped")
        sound = needles_of_bytes(sound_at_platform(kiosk.state / "platform", number), "sound")
        filed = kiosk.found(Needles([*typed, *heard, *sound]))
        kiosk.answer()
        kiosk.until("ended")
        kiosk.answer()
    plain = tmp_path / "state" / "plain"
    assert all("escapes in utf-8" in found[str(plain / "draft.json")] for found in kept)
    assert "utf-8" in filed[str(plain / "filed.txt")]
    (recording,) = plain.glob("*.ogg")
    assert "sound" in filed[str(recording)]


# --- the search can find --------------------------------------------------------------------------------------------

TEXT = "电梯坏了三天没有人修"
CUT = ("电梯", "坏了", "三天", "没有", "人", "修")
NUMBERS = (71, 302, 9, 518, 44, 1203)
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
    *((f"words in {charset}", " ".join(CUT).encode(charset)) for charset in ("utf-8", "utf-16-le", "utf-32-le")),
    ("words as escapes in utf-8", json.dumps(" ".join(CUT)).encode()),
    ("word numbers", np.array(NUMBERS, dtype="<i4").tobytes()),
    ("phone in utf-8", b"+8613800138000"),
    ("samples s16le", HEARD.astype("<i2").tobytes()),
    ("samples s16be", HEARD.astype(">i2").tobytes()),
    ("samples f32le", (HEARD / 32768).astype("<f4").tobytes()),
    ("samples f32le as they are", HEARD.astype("<f4").tobytes()),
    *(("samples in base64", base64.b64encode(b"?" * n + HEARD.tobytes())) for n in range(3)),
    ("sound", HEARD.tobytes()[3:-3]),
    *(("sound in base64", base64.b64encode(b"?" * n + HEARD.tobytes())) for n in range(3)),
)
NEEDLES = Needles(
    [
        *needles_of_text((TEXT,)),
        *needles_of_words(CUT),
        *needles_of_word_numbers(NUMBERS),
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
