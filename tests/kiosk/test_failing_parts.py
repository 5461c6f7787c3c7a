"""Every part of the kiosk taken away, on the real screen: one plain page with a way on, and nothing filed is lost."""

import os
import random
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from gateway import admin, desk
from gateway.platform import Platform, open_platform, utc_now
from gateway.serve import Served, running
from gateway.settings import Settings
from kiosk.demo import DemoPlatform, enrol_demo
from offline_queue.enrolment import enrol
from offline_queue.store import Store, open_store
from petition.events import (
    ChoicePressed,
    LevelHeard,
    RecordingEnded,
    RecordingStarted,
    SpeechEnded,
    SpeechHeard,
    SpeechLost,
    SpeechStarted,
)
from petition.receipt import Receipt
from petition.steps import WELCOME, Command
from tests.kiosk.mashing import MOST_GROWTH_BYTES, mash, resident_bytes
from tests.kiosk.relay import Line, Relay
from tests.kiosk.visitor import HEARD, MUTE, Visitor, visiting
from tests.offline_queue.test_disk_full import fill, small_disk
from tests.virtual_sound import speechlike, virtual_sound
from voice.supervisor import Supervisor
from voice.virtual_sound import MICROPHONE_RATE, VirtualSound

__all__ = ["small_disk", "virtual_sound"]

SOUND = pytest.mark.xdist_group("sound")
NO_SOUND = "没有声音"
CHILD_SECONDS = 60


def the_long_run(*values: object) -> list[object]:
    """Return values that only the long run tries."""
    return [pytest.param(value, marks=pytest.mark.slow) for value in values]


@pytest.fixture
def state(tmp_path: Path, served: Served) -> Path:
    """The state directory of an enrolled kiosk."""
    return enrolled(tmp_path / "state", served)


def enrolled(directory: Path, served: Served) -> Path:
    with open_store(directory) as store:
        enrol(store, served.url, admin.make_enrolment_code(served.platform, kiosk_name="一号机", place="xingfu"))
    return directory


def arrived(platform: Platform) -> list[str]:
    """Numbers of what is complete at the platform, each as often as it is there."""
    listed, _ = desk.list_petitions(platform, desk.Tab.ALL)
    return sorted(each.number for each in listed if each.files_here == each.files_expected)


def wait_for_delivery(visitor: Visitor, served: Served, *receipts: Receipt) -> None:
    """Wait until these have arrived; then they, and nothing else, are there, each once."""
    numbers = sorted(receipt.number for receipt in receipts)
    visitor.rooms.line.hurry()
    visitor.wait(lambda: set(numbers) <= set(arrived(served.platform)), "delivery")
    assert arrived(served.platform) == numbers


def opened(served: Served, receipt: Receipt) -> desk.Opened:
    (petition_id,) = desk.find_by_number(served.platform, receipt.number)
    return desk.open_petition(served.platform, petition_id, account="operator")


def words_of(served: Served, receipt: Receipt) -> str:
    content = opened(served, receipt).content
    assert content is not None
    return content.text


def record(visitor: Visitor, sound: VirtualSound, seconds: int, choice_id: str = "start") -> threading.Thread:
    """Begin a recording and to speak into it; come back when something has been heard."""
    visitor.wait(lambda: visitor.state.microphone, "microphone")
    started, heard = len(visitor.all(RecordingStarted)), len(visitor.all(SpeechHeard))
    visitor.press(choice_id, "recording")
    visitor.wait_for(RecordingStarted, times=started + 1)
    speaking = threading.Thread(target=sound.speak, args=(speechlike(seconds).tobytes(), MICROPHONE_RATE), daemon=True)
    speaking.start()
    visitor.wait_for(SpeechHeard, times=heard + 1)
    return speaking


def kill(visitor: Visitor, child: Supervisor) -> None:
    """Kill a child, and wait for the next."""
    before = child.process_id
    assert before  # 0 would be the tests themselves
    os.kill(before, signal.SIGKILL)
    visitor.wait(lambda: child.process_id not in {0, before}, "child")


# --- ears and mouth ---------------------------------------------------------------------------------------------------


def test_without_microphone_and_loudspeaker_a_petition_is_typed_and_every_word_stands_on_the_screen(
    state: Path, served: Served
) -> None:
    with visiting(state) as visitor:
        visitor.settle()
        visitor.press("report", "describe")
        assert visitor.told()[0] == NO_SOUND
        visitor.press("start", "no_microphone")
        assert visitor.told()[0] == NO_SOUND
        assert visitor.told()[1].startswith("话筒没反应")
        visitor.press("retry", "no_microphone")
        words = visitor.write()
        assert visitor.told()[0] == NO_SOUND
        receipt = visitor.send("receipt")
        assert receipt.number[:4] in visitor.told()[1]
        wait_for_delivery(visitor, served, receipt)
        assert words_of(served, receipt) == words
        visitor.go()


@SOUND
def test_a_microphone_unplugged_in_mid_sentence_leaves_what_was_said_and_is_found_when_somebody_tries_again(
    state: Path, served: Served, virtual_sound: VirtualSound
) -> None:
    with visiting(state, voice=HEARD) as visitor:
        visitor.press("report", "describe")
        record(visitor, virtual_sound, 3)
        visitor.wait(lambda: visitor.state.recording_seconds >= 1, "second")
        virtual_sound.unplug()
        (said,) = visitor.wait_for(RecordingEnded).attachments
        visitor.wait_for(SpeechLost)  # it was the loudspeaker's cable, too
        visitor.wait_for_step("no_speech", "no_microphone")
        if visitor.state.step == "no_speech":
            visitor.press("ok", "no_microphone")
        visitor.press("kept", "review_recording")
        assert visitor.state.draft.attachments == (said,)
        virtual_sound.plug_in()
        visitor.press("more", "no_microphone", "recording")
        while visitor.state.step == "no_microphone":  # a kiosk that waits longer each time it is asked would never come
            visitor.press("retry")
            visitor.wait_for_step("no_microphone", "recording")
        visitor.wait_for(RecordingStarted, times=2)
        visitor.press("done", "review_recording")
        receipt = visitor.send()
        wait_for_delivery(visitor, served, receipt)
        assert [(part.id, part.here) for part in opened(served, receipt).attachments][:1] == [(said.id, True)]
        visitor.go()


@pytest.mark.slow
@SOUND
def test_without_a_speech_engine_one_can_read_record_and_listen(
    state: Path, served: Served, virtual_sound: VirtualSound, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hidden = tmp_path / "libraries"
    hidden.mkdir()
    for library in ("libespeak-ng.so.1", "libespeak.so.1"):
        (hidden / library).write_text("no library")
    monkeypatch.setenv("LD_LIBRARY_PATH", str(hidden))
    with visiting(state, voice=HEARD) as visitor:
        visitor.wait_for(SpeechLost)
        visitor.press("report", "describe")
        assert visitor.told()[0] == NO_SOUND
        assert visitor.told()[1].startswith("您的话会录下来")
        record(visitor, virtual_sound, 2).join()
        visitor.press("done", "review_recording")
        visitor.press("play")
        visitor.wait_for(SpeechStarted)  # a loudspeaker is all that a recording needs
        visitor.wait_for(SpeechEnded)
        receipt = visitor.send()
        wait_for_delivery(visitor, served, receipt)
        visitor.go()


@SOUND
def test_speaker_and_listener_killed_in_a_visit_are_started_again_and_nothing_said_before_or_after_is_missing(
    state: Path, served: Served, virtual_sound: VirtualSound
) -> None:
    with visiting(state, voice=HEARD) as visitor:
        speaker, listener = visitor.rooms.speech._speaker, visitor.rooms.recorder._listener
        visitor.press("report", "describe")
        visitor.wait_for(SpeechStarted)
        kill(visitor, speaker)
        assert visitor.state.step == "describe"
        speaking = record(visitor, virtual_sound, 5)
        visitor.wait(lambda: visitor.state.recording_seconds >= 1, "second")
        kill(visitor, listener)
        levels = len(visitor.all(LevelHeard))
        visitor.wait_for(LevelHeard, times=levels + 1)
        speaking.join()
        visitor.press("done", "review_recording")
        said = [each.id for each in visitor.state.draft.recordings]
        assert len(said) == 2
        visitor.press("play")
        visitor.wait(lambda: visitor.state.playing and visitor.state.speaking, "playback")
        kill(visitor, speaker)
        receipt = visitor.send()
        wait_for_delivery(visitor, served, receipt)
        assert sorted(part.id for part in opened(served, receipt).attachments) == sorted(said)
        visitor.go()


# --- the disk ---------------------------------------------------------------------------------------------------------


def test_a_disk_that_is_full_while_somebody_types_and_submits_says_so_and_files_the_same_words_once_there_is_room(
    small_disk: Path, served: Served
) -> None:
    state = enrolled(small_disk / "state", served)
    with visiting(state) as visitor:
        visitor.settle()
        filler = fill(small_disk)
        words = visitor.write()
        for _ in range(2):
            visitor.press("send", "disk_full")
            assert ChoicePressed(choice_id="person") in visitor.answers()
            visitor.press("retry", "review")
            assert visitor.state.draft.text == words
        filler.unlink()
        receipt = visitor.send()
        wait_for_delivery(visitor, served, receipt)
        assert words_of(served, receipt) == words
        visitor.go()


def test_a_visit_that_ends_on_a_full_disk_is_wiped_from_it_as_soon_as_there_is_room(
    small_disk: Path, served: Served
) -> None:
    def drafts(store: Store) -> list[str]:
        return [row[0] for row in store._database.all("SELECT petition_id FROM drafts")]

    with visiting(enrolled(small_disk / "state", served)) as visitor:
        visitor.settle()
        visitor.write()
        first = visitor.state.draft.petition_id
        assert visitor.ask_store(drafts) == [first]
        filler = fill(small_disk)
        visitor.command(Command.FINISH)
        visitor.wait_for_step("confirm_leave")
        visitor.press("clear", "session_ended")
        visitor.wait_for_store()
        filler.unlink()
        visitor.press("again", WELCOME)
        visitor.write()
        assert visitor.ask_store(drafts) == [visitor.state.draft.petition_id]
        assert visitor.state.draft.petition_id != first


@SOUND
def test_a_disk_that_fills_while_somebody_speaks_is_not_called_a_broken_microphone_and_keeps_what_was_said(
    small_disk: Path, served: Served, virtual_sound: VirtualSound
) -> None:
    with visiting(enrolled(small_disk / "state", served), voice=HEARD) as visitor:
        visitor.press("report", "describe")
        speaking = record(visitor, virtual_sound, 3)
        visitor.wait(lambda: visitor.state.recording_seconds >= 1, "second")
        filler = fill(small_disk)
        visitor.wait_for_step("disk_full")
        (said,) = visitor.wait_for(RecordingEnded).attachments
        visitor.press("retry", "review_recording")
        visitor.press("send", "disk_full")
        speaking.join()
        filler.unlink()
        visitor.press("retry", "review_recording")
        receipt = visitor.send()
        wait_for_delivery(visitor, served, receipt)
        assert [part.id for part in opened(served, receipt).attachments] == [said.id]
        visitor.go()


def test_a_kiosk_that_starts_on_a_full_disk_opens_says_so_and_delivers_what_was_filed_before(
    small_disk: Path, served: Served, relay: Relay
) -> None:
    state = enrolled(small_disk / "state", served)
    relay.become(Line.GONE)
    with visiting(state, url=relay.url) as visitor:
        visitor.settle()
        visitor.write()
        before = visitor.send("receipt_offline")
    filler = fill(small_disk)
    with visiting(state, url=relay.url) as visitor:
        visitor.settle()
        words = visitor.write()
        visitor.press("send", "disk_full")
        filler.unlink()
        relay.become(Line.GOOD)
        visitor.press("retry", "review")
        after = visitor.send()
        wait_for_delivery(visitor, served, before, after)
        assert words_of(served, after) == words
        visitor.go()


@pytest.mark.parametrize("damage", ["garbage", *the_long_run("a hole in the middle", "nothing left")])
def test_with_a_damaged_database_the_kiosk_opens_and_what_was_filed_before_is_delivered(
    state: Path, served: Served, relay: Relay, damage: str
) -> None:
    relay.become(Line.GONE)
    with visiting(state, url=relay.url) as visitor:
        visitor.settle()
        visitor.write()
        before = visitor.send("receipt_offline")
    database = state / "queue.db"
    whole = database.read_bytes()
    half = len(whole) // 2
    database.write_bytes(
        {
            "garbage": random.Random(1).randbytes(len(whole)),  # noqa: S311 - to be the same every time
            "a hole in the middle": whole[:half] + bytes(4096) + whole[half + 4096 :],
            "nothing left": b"",
        }[damage]
    )
    with visiting(state, url=relay.url) as visitor:
        visitor.settle()
        assert visitor.state.step == WELCOME
        visitor.write()
        after = visitor.send("receipt_offline")
        assert after.number != before.number
        assert (state / "damaged").exists() or damage == "nothing left"
        relay.become(Line.GOOD)
        wait_for_delivery(visitor, served, before, after)
        visitor.go()


# --- the line and the platform ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", [Line.PORTAL, Line.HOLE], ids=["portal", "hole"])
def test_a_line_that_leads_nowhere_promises_only_what_is_true_and_the_petition_arrives_once_later(
    state: Path, served: Served, relay: Relay, line: Line
) -> None:
    relay.become(line)
    with visiting(state, url=relay.url) as visitor:
        visitor.settle()
        visitor.write()
        receipt = visitor.send("receipt_offline")
        assert "线路" in visitor.page.body.text()
        visitor.go()
        assert arrived(served.platform) == []
        relay.become(Line.GOOD)
        wait_for_delivery(visitor, served, receipt)


def test_a_line_that_dies_under_the_petition_takes_the_promise_back_while_somebody_reads_it(
    state: Path, served: Served, relay: Relay
) -> None:
    with visiting(state, url=relay.url) as visitor:
        visitor.settle()
        visitor.wait_for_line(up=True)
        relay.become(Line.HOLE)
        visitor.write()
        receipt = visitor.send("receipt")
        relay.become(Line.GONE)  # what the hole had swallowed is given up
        visitor.wait_for_step("receipt_offline")
        assert visitor.receipt == receipt
        relay.become(Line.GOOD)
        wait_for_delivery(visitor, served, receipt)
        visitor.go()


@pytest.mark.slow
@SOUND
def test_a_platform_killed_between_envelope_and_sound_gets_the_rest_when_it_is_back_and_has_it_once(
    tmp_path: Path, virtual_sound: VirtualSound
) -> None:
    platform = DemoPlatform(tmp_path / "platform")
    access = platform.start()
    enrol_demo(tmp_path / "state", access)
    relay = Relay(access.url)
    killed = threading.Event()

    def kill_platform(request: bytes) -> None:
        if b" /v1/files" in request and not killed.is_set():
            assert platform._process is not None
            platform._process.kill()
            killed.set()

    relay.on_request = kill_platform
    with visiting(tmp_path / "state", url=relay.url, voice=HEARD) as visitor:
        visitor.wait_for_line(up=True)
        visitor.press("report", "describe")
        record(visitor, virtual_sound, 2).join()
        visitor.press("done", "review_recording")
        receipt = visitor.send()
        visitor.wait_for_step("receipt_offline")
        assert killed.is_set()
        platform.stop()
        beside = open_platform(Settings(directory=tmp_path / "platform"))
        assert arrived(beside) == []
        assert desk.counts(beside)[desk.Tab.ALL] == 1
        platform.start()
        visitor.rooms.line.hurry()
        visitor.wait(lambda: arrived(beside) == [receipt.number], "delivery")
        assert desk.counts(beside)[desk.Tab.ALL] == 1
        beside.close()
        visitor.go()
    relay.close()
    platform.stop()


@pytest.mark.parametrize("years", [-40, 50])
def test_with_a_clock_that_is_wrong_by_decades_it_files_says_whose_time_counts_and_is_delivered(
    tmp_path: Path, years: int
) -> None:
    beside = timedelta(days=365 * years)
    with (
        running(Settings(directory=tmp_path / "gateway", port=0), clock=lambda: utc_now() + beside) as served,
        visiting(enrolled(tmp_path / "state", served)) as visitor,
    ):
        visitor.settle()
        visitor.write()
        receipt = visitor.send()
        assert "时间以平台登记为准" in visitor.page.body.text()
        wait_for_delivery(visitor, served, receipt)
        visitor.go()


# --- the whole process ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("moment", ["sending", *the_long_run("typing", "filed")])
def test_a_kiosk_killed_in_a_visit_delivers_what_had_a_receipt_and_shows_nobody_else_the_draft(
    state: Path, served: Served, relay: Relay, moment: str
) -> None:
    relay.become(Line.GONE)
    command = [sys.executable, "-m", "tests.kiosk.interrupted_child", str(state), relay.url, moment]
    died = subprocess.run(command, check=False, capture_output=True, timeout=CHILD_SECONDS)
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()[-2000:]
    with visiting(state, url=relay.url) as visitor:
        visitor.settle()
        assert visitor.state.step == WELCOME
        assert ChoicePressed(choice_id="resume") not in visitor.answers()
        visitor.press("type", "type_text")
        assert visitor.state.draft.empty
        visitor.press("done", "type_empty")
        kept = visitor.ask_store(lambda store: store.kept_draft())
        filed = visitor.ask_store(lambda store: store.list())
        assert (kept is None) is bool(filed)  # one or the other: never lost, never twice
        relay.become(Line.GOOD)
        visitor.rooms.line.hurry()
        visitor.wait(lambda: len(arrived(served.platform)) == len(filed), "delivery")
        match moment:
            case "typing":
                assert kept is not None
                assert kept.text
            case "filed":
                assert arrived(served.platform) == [died.stdout.decode()]
            case _:
                assert arrived(served.platform) == [item.number for item in filed]


@pytest.mark.parametrize("presses", [300, *the_long_run(2000)])
def test_whatever_hundreds_of_hands_press_it_still_answers_and_does_not_swell(
    state: Path, served: Served, presses: int
) -> None:
    with visiting(state, voice=MUTE) as visitor:
        visitor.settle()
        visitor.app.watchers.clear()
        chance = random.Random(19)  # noqa: S311 - to be the same every time
        mash(visitor, chance, presses // 2)
        before = resident_bytes()
        mash(visitor, chance, presses // 2)
        assert resident_bytes() - before < MOST_GROWTH_BYTES
        visitor.wait(lambda: visitor.state.busy is None, "rest")
        visitor.app.watchers.append(visitor.events.append)
        visitor.command(Command.CALL_STAFF)
        visitor.wait_for_step("call_staff")
