"""The self-guided visit: the real application, a voice really spoken, keys really pressed, a platform really away.

In order: a petition is spoken and filed while the platform is stopped; the platform comes back and gets it; a person
there sets its step and answers; a second petition is typed, in the largest letters; the progress screen reads the
answer back; staff are called and say who comes; the visit ends and everything is wiped.
"""

import os
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.app import App, local_time
from kiosk.configuration import Configuration
from kiosk.demo import DemoPlatform, enrol_demo
from kiosk.hardening import harden
from kiosk.slip import write_slip
from kiosk.tour import proof
from kiosk.tour.guide import Guide, take_away_pictures
from kiosk.tour.page import write_page
from kiosk.tour.proof import Facts
from kiosk.tour.spoken import VARIANTS, sentences
from kiosk.tour.staff import LIST, OPENED, answer_calls, keep_staff_pages
from petition.errors import Bug, Fault, FaultCode
from petition.events import LevelHeard, LineChanged
from petition.model import CallStanding
from petition.state import Recorder
from petition.steps import Command
from voice.likeness import correlation
from voice.virtual_sound import VirtualSound, available

SENTENCES = ("我家住六楼", "楼道灯坏了好几天了", "晚上看不见", "老人走路不安全", "请派人来修")
"""Words that the demonstration voice knows, said by somebody it never learnt from."""
REVIEWS = ("review_heard", "review_recording")
"""With words made out of the sound, or, where nothing makes out words, the sound alone."""
TYPED = "diantihuaile"
TYPED_WANTED = "电梯坏了"
PHONE = "13800138000"
RESPONSIBLE = "李敏，社区物业科"
REPLY = "楼道的灯已经换好了。以后再坏，请直接打物业电话。谢谢您告诉我们。"
HEARD_SECONDS = 60


def tour(configuration: Configuration, out: Path) -> int:
    """Make the visit and leave its pictures, slip, transcript, proof and page in `out`; return the exit code.

    Raises Fault when something it needs is missing, Bug when the visit did not go as it should.
    """
    harden()
    if not available():
        raise Fault(FaultCode.MICROPHONE_MISSING, "The tour needs pulseaudio and pulseaudio-utils: install them.")
    out.mkdir(parents=True, exist_ok=True)
    take_away_pictures(out)
    os.environ["TZ"] = "Asia/Shanghai"  # the visit happens where the demo platform is
    time.tzset()
    with VirtualSound() as sound, tempfile.TemporaryDirectory(prefix="tour-") as state:
        os.environ.update(sound.environment)
        application = QApplication(sys.argv[:1])
        visit = _Visit(configuration, out, Path(state), sound)
        try:
            visit.make()
        finally:
            visit.end()
            application.processEvents()
    return proof.verify(out)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class _Visit:
    def __init__(self, configuration: Configuration, out: Path, state: Path, sound: VirtualSound) -> None:
        self.out, self.sound = out, sound
        self.platform_directory = state / "platform"
        self.platform = DemoPlatform(self.platform_directory)
        self.access = self.platform.start()
        enrol_demo(state / "kiosk", self.access)
        self.app = App(configuration, directory=state / "kiosk")
        self.guide = Guide(self.app, out)
        self.times: dict[str, str] = {}
        self.line_up: bool | None = None
        self.app.watchers.append(self._watch)

    def _watch(self, event: object) -> None:
        if isinstance(event, LineChanged):
            self.line_up = event.up

    def make(self) -> None:
        """Make the whole visit."""
        self.app.open(full_screen=True)
        self.app.launch()
        guide = self.guide
        guide.wait(lambda: bool(guide.state.catalogue.categories), "catalogue")
        QTest.qWait(500)
        guide.picture("走到机器前。")
        self._speak_a_petition()
        number, petition_id = self._file_without_the_line()
        self._bring_the_line_back(number)
        arrived = self._open_at_the_platform(number)
        typed_number, typed_hash = self._type_a_petition()
        self._ask_how_far(number)
        stage = self._stage()
        self._say_goodbye()
        facts = Facts(
            number=number,
            petition_id_at_kiosk=petition_id,
            petition_id_at_platform=arrived,
            spoken_sha256=proof.sha256(self.out / proof.SPOKEN),
            unsealed_sha256=proof.sha256(self.out / proof.UNSEALED),
            correlation=correlation(
                proof.read_wav(self.out / proof.SPOKEN), proof.decode((self.out / proof.UNSEALED).read_bytes())
            ),
            typed_text_sha256=typed_hash,
            typed_number=typed_number,
            progress_stage=stage,
            **self.times,
        )
        proof.write_facts(self.out, facts)
        extras = [
            ("transcript.txt", "机器说的每一句"),
            ("receipt.pdf", "回执（可以打印）"),
            (proof.SPOKEN, "说进话筒的声音"),
            (proof.UNSEALED, "平台拆封的录音"),
            (proof.FACTS, "证据"),
        ]
        write_page(self.out, guide.moments, facts, [(LIST, "送到的事"), (OPENED, "打开的这一件")], extras)

    def end(self) -> None:
        """Take everything down."""
        with suppress(Fault, Bug):
            self.app.shut_down()
        self.platform.stop()

    # --- the parts of the visit --------------------------------------------------------------------------------------

    def _speak_a_petition(self) -> None:
        guide = self.guide
        guide.press("report")
        guide.wait_for_step("describe")
        guide.picture("点「反映问题」。")
        samples = sentences(*SENTENCES, variant=VARIANTS[0])
        proof.write_wav(self.out / proof.SPOKEN, samples)
        guide.wait(lambda: guide.state.microphone, "microphone")
        guide.press("start")
        guide.wait_for_step("recording")
        self._wait_for_the_recorder()
        with self.sound.speaking(samples.tobytes()):
            guide.wait(lambda: guide.state.recording_seconds >= 4, "speech", HEARD_SECONDS)
            guide.picture("对着话筒说话。")
        guide.press("done")
        guide.wait_for_step(*REVIEWS)
        guide.picture("点「说完了」。")

    def _wait_for_the_recorder(self) -> None:
        """Wait until levels come: from then on nothing that is said is lost."""
        heard: list[object] = []
        self.app.watchers.append(heard.append)
        self.guide.wait(lambda: any(isinstance(e, LevelHeard) for e in heard), "level")
        self.app.watchers.remove(heard.append)

    def _file_without_the_line(self) -> tuple[str, str]:
        """File while the platform is away; return number and id of the petition."""
        guide = self.guide
        if guide.state.step == "review_heard":
            guide.press("change")
            guide.wait_for_step("change")
        guide.press("details")
        guide.wait_for_step("details")
        guide.press("category")
        guide.wait_for_step("category")
        guide.picture("点「照片和别的」，再点「是哪类事」。")
        self._press_first_entry()
        guide.wait_for_step("details")
        guide.press("done")
        guide.wait_for_step(*REVIEWS)
        guide.press("phone")
        guide.wait_for_step("contact_phone")
        guide.key(PHONE)
        guide.picture("按电话号码。")
        guide.press("done")
        guide.wait_for_step("contact_confirm")
        guide.press("hold")
        guide.wait_for_step(*REVIEWS)
        self.platform.stop()
        self.times["platform_stopped_at"] = _now()
        self._hurry()
        guide.wait(lambda: self.line_up is False, "line-down")
        guide.picture("都好了。这时候，外面的线路断了。")
        petition_id = guide.state.draft.petition_id
        guide.press("send")
        guide.wait_for_step("receipt_offline")
        self.times["filed_at"] = _now()
        guide.picture("点「对，提交」。线路断着，也存好了。")
        receipt = guide.state.receipt
        assert receipt is not None  # noqa: S101 (the step shows it)
        self.query_code = receipt.query_code
        self._write_slip()
        return receipt.number, petition_id

    def _press_first_entry(self) -> None:
        first = self.guide.state.catalogue.categories[0].id
        self.guide.press(f"entry-{first}")

    def _bring_the_line_back(self, number: str) -> None:
        self.access = self.platform.start()
        self.times["platform_started_at"] = _now()
        self._hurry()
        self.guide.wait(lambda: self._delivered(number), "delivery", 120)
        self.times["delivered_at"] = _now()
        self.guide.wait(lambda: self.line_up is True, "line-up")

    def _delivered(self, number: str) -> bool:
        arrived = self.platform.admin("list").get(number)
        return arrived is not None and bool(arrived["complete"])

    def _open_at_the_platform(self, number: str) -> str:
        with tempfile.TemporaryDirectory() as folder:
            self.platform.admin("open", number, "--out", folder)
            sounds = sorted(Path(folder).rglob("*.ogg"))
            shutil.copyfile(sounds[0], self.out / proof.UNSEALED)
        petition_id = str(self.platform.admin("list")[number]["id"])
        keep_staff_pages(self.out, self.access, petition_id, number)
        expected = (datetime.now(UTC) + timedelta(days=5)).date().isoformat()
        self.platform.admin(
            *("step", number, "--stage", "replied", "--responsible", RESPONSIBLE),
            *("--expected", expected, "--reply", REPLY),
        )
        return petition_id

    def _type_a_petition(self) -> tuple[str, str]:
        guide = self.guide
        guide.press("finish")
        guide.wait_for_step("session_ended")
        guide.picture("点「办完了」。说的、写的，都清干净了。")
        guide.press("again")
        guide.wait_for_step("welcome")
        guide.command(Command.SETTINGS)
        guide.wait_for_step("settings")
        guide.press("text")
        guide.wait_for_step("settings_text")
        guide.press("largest")
        guide.picture("下一位看不清，把字调到最大。")
        guide.press("done")
        guide.wait_for_step("settings")
        guide.press("colour")
        guide.wait_for_step("settings_colour")
        guide.press("dark")
        guide.picture("怕晃眼，换成黑底亮字。")
        guide.press("light")
        guide.press("done")
        guide.wait_for_step("settings")
        guide.press("reach")
        guide.wait_for_step("settings_reach")
        guide.press("low")
        guide.picture("坐着够不着，按钮就放低一点。")
        guide.press("curtain")
        guide.picture("怕人看见，就遮住屏幕，只听。")
        guide.command(Command.SHOW_SCREEN)
        guide.press("usual")
        guide.press("done")
        guide.wait_for_step("settings")
        guide.press("done")
        guide.wait_for_step("welcome")
        guide.press("type")
        guide.wait_for_step("type_text")
        guide.wait_for_dictionaries()
        guide.key(TYPED)
        guide.picture("点「打字写」，用拼音打字。")
        guide.press_labelled(TYPED_WANTED)
        guide.wait(lambda: TYPED_WANTED in guide.state.draft.text, "typed-words")
        guide.press("done")
        guide.wait_for_step("review")
        guide.picture("点「写好了」。")
        text = guide.state.draft.text
        guide.press("send")
        guide.wait_for_step("receipt")
        guide.picture("点「对，提交」。")
        receipt = guide.state.receipt
        assert receipt is not None  # noqa: S101 (the step shows it)
        guide.wait(lambda: self._delivered(receipt.number), "second-delivery", 120)
        guide.press("finish")
        guide.wait_for_step("session_ended")
        guide.press("again")
        guide.wait_for_step("welcome")
        return receipt.number, sha256(text.encode()).hexdigest()

    def _ask_how_far(self, number: str) -> None:
        guide = self.guide
        guide.press("progress")
        guide.wait_for_step("progress_number")
        guide.key(number[:8])
        guide.picture("点「查进度」，按回执上的号码。")
        guide.key(number[8:])
        guide.wait_for_step("progress_code")
        guide.key(self.query_code)
        guide.wait_for_step("progress_result")
        guide.picture("再按查询码。办到哪一步了，一看就知道。")
        guide.press("reply")
        guide.wait_for_step("progress_reply")
        guide.picture("点「念答复」，一句一句念。")
        guide.press("ok")
        guide.wait_for_step("progress_result")

    def _stage(self) -> str:
        progress = self.guide.state.progress
        now = [step.stage.value for step in progress.steps if step.state.value == "now"] if progress else []
        return now[0] if now else ""

    def _say_goodbye(self) -> None:
        guide = self.guide
        guide.command(Command.CALL_STAFF)
        guide.wait_for_step("call_staff")
        guide.picture("随时能点「叫工作人员」。")
        guide.wait(
            lambda: guide.state.call is not None and guide.state.call.standing is CallStanding.RINGING, "ringing"
        )
        answer_calls(self.platform, self.access)
        guide.wait_for_step("call_answered")
        guide.picture("平台那头有人答应了，是谁，屏幕上写着。")
        guide.press("here")
        guide.wait_for_step("progress_result")
        guide.press("finish")
        guide.wait_for_step("session_ended")
        guide.wait(lambda: guide.state.recorder is Recorder.OFF, "silence")
        guide.picture("点「看完了」。慢走。")

    # --- helpers -----------------------------------------------------------------------------------------------------

    def _hurry(self) -> None:
        if self.app.rooms is not None:
            self.app.rooms.line.hurry()

    def _write_slip(self) -> None:
        state = self.guide.state
        if state.receipt is not None:
            write_slip(
                self.out / "receipt.pdf",
                state.receipt,
                state.catalogue,
                hotline=state.rules.hotline,
                arrived=False,
                now=local_time(),
            )
