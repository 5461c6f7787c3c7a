"""The visits by voice: residents who only speak, the real kiosk that hears and answers, in pictures and in sound.

In order: one says a petition, corrects it, sends it, and calls staff, who answer; a person at the platform sets its
step and replies; another asks how far it is, by number and code, hears the reply, rates it with a few words, and adds
what was forgotten. A third files for her mother, who agrees in her own voice; a picture goes along, and the number of a
card. A fourth promises for a neighbour, who comes after all; the mother ends with her slip that somebody acts for her.
Nothing is touched. The demonstration voice makes out the words. Of the steps for somebody else, pictures and names each
is met, but those of which UNMET says why not.
"""

import json
import os
import sys
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.app import App
from kiosk.configuration import Configuration
from kiosk.demo import Access, DemoPlatform, enrol_demo
from kiosk.hardening import harden
from kiosk.tour import by_voice
from kiosk.tour.guide import Guide, take_away_pictures
from kiosk.tour.page import STYLE
from kiosk.tour.resident import KIOSK, Line, Resident
from kiosk.tour.spoken import VARIANTS
from kiosk.tour.staff import answer_calls
from kiosk.tour.visit import REPLY, RESPONSIBLE
from petition.errors import Bug, Fault, FaultCode
from petition.script import identity, pictures, proxy
from petition.steps import WELCOME
from voice.models import DEMONSTRATION, DEMONSTRATION_NAME, looks_like_model
from voice.opus import Encoder
from voice.virtual_sound import MICROPHONE_RATE, SPEAKER_RATE, Monitor, VirtualSound, available

SOUND = "voices.ogg"
DELIVERY_SECONDS = 120
END_SECONDS = 30
PICTURE = "lavfi:testsrc=size=640x480:rate=15"
"""What the camera sees where there is none."""
TO_BE_MET = frozenset(step.id for step in (*proxy.STEPS, *pictures.STEPS, *identity.STEPS)) | {
    "authority_end",
    "authority_ended",
}
UNMET = {
    "agent_wrong": "a badge is shown and a PIN is keyed: neither is said to the whole hall",
    "agent_ready": "the same",
    "agent_signed_out": "the same",
    "picture_bad": "a fault: the stick has no damaged picture",
    "camera_missing": "a fault: the camera works",
}
"""Why these steps are not met by sound alone."""


def voice_tour(configuration: Configuration, out: Path) -> int:
    """Make the visit and leave its pictures, what both said, its sound and its page in `out`; return the exit code.

    Raises Fault when something it needs is missing, Bug when somebody was not understood, however often they said it.
    """
    harden()
    if not available():
        raise Fault(FaultCode.MICROPHONE_MISSING, "The tour needs pulseaudio and pulseaudio-utils: install them.")
    if not looks_like_model(DEMONSTRATION):
        raise Fault(FaultCode.RECOGNISER_MISSING, "The demonstration voice is not here: get the project anew.")
    out.mkdir(parents=True, exist_ok=True)
    take_away_pictures(out)
    os.environ["TZ"] = "Asia/Shanghai"  # the visit happens where the demo platform is
    time.tzset()
    ears = configuration.voice.model_copy(update={"model": DEMONSTRATION_NAME, "listen_when_idle": True})
    lens = configuration.pictures
    if not lens.camera:
        lens = lens.model_copy(update={"camera": PICTURE})
    equipped = configuration.model_copy(update={"voice": ears, "pictures": lens})
    with VirtualSound() as sound, tempfile.TemporaryDirectory(prefix="tour-") as state:
        os.environ.update(sound.environment)
        application = QApplication(sys.argv[:1])
        platform = DemoPlatform(Path(state) / "platform")
        try:
            access = platform.start()
            enrol_demo(Path(state) / "kiosk", access)
            app = App(equipped, directory=Path(state) / "kiosk")
            try:
                _make(app, platform, access, sound, out)
            finally:
                with suppress(Fault, Bug):
                    app.shut_down()
        finally:
            platform.stop()
            application.processEvents()
    return 0


def _make(app: App, platform: DemoPlatform, access: Access, sound: VirtualSound, out: Path) -> None:
    guide = Guide(app, out)
    app.open(full_screen=True)
    app.launch()
    guide.wait(lambda: bool(guide.state.catalogue.categories) and guide.state.hearing, "catalogue-and-ears")
    guide.wait(lambda: guide.state.lens, "camera")
    lines: list[Line] = []
    met: set[str] = set()
    app.watchers.append(lambda _: met.add(guide.state.step))
    with sound.hearing() as monitor:
        began = time.monotonic()
        first = Resident(guide, sound, VARIANTS[0], lines=lines)
        guide.picture("走到机器前，什么也不碰。")
        receipt, words = by_voice.report(first, guide.picture)
        by_voice.call(first, lambda: answer_calls(platform, access), guide.picture)
        by_voice.note_down(first, guide.picture)
        first.leave()
        arrived = _answer(app, guide, platform, receipt.number)
        guide.wait(lambda: guide.state.step == WELCOME, "welcome", END_SECONDS)
        second = Resident(guide, sound, VARIANTS[1], lines=lines)
        stage = by_voice.ask(second, receipt.number, receipt.query_code, guide.picture)
        by_voice.hear_out(second, guide.picture)
        later = [by_voice.rate(second, guide.picture), by_voice.add(second, guide.picture)]
        second.leave()
        later_there = _said_later(app, guide, platform, receipt.number)
        third = _next(guide, sound, VARIANTS[0], lines)
        represented, words_for_another = by_voice.represent(third, VARIANTS[1], guide.picture)
        third.leave()
        for_another = _opened(app, guide, platform, represented.number)
        fourth = _next(guide, sound, VARIANTS[0], lines)
        by_voice.promise(fourth, guide.picture)
        fourth.leave()
        principal = _next(guide, sound, VARIANTS[1], lines)
        by_voice.end_authority(principal, represented.number, represented.query_code, guide.picture)
        principal.leave()
        QTest.qWait(2000)  # the last words are still in the air
        spoken = [each.uttered for each in (first, second, third, fourth, principal)]
        mixed = _mixed(monitor, [one for uttered in spoken for one in uttered], began)
    (out / SOUND).write_bytes(_encoded(mixed))
    facts = {
        "number": receipt.number,
        "words_sent": words,
        "words_at_the_platform": arrived,
        "stage": stage,
        "said_later": later,
        "later_at_the_platform": later_there,
        "voices": list(VARIANTS),
        "said_by_residents": sum(line.who != KIOSK for line in lines),
        "words_for_another": words_for_another,
        "for_another_at_the_platform": for_another,
        "steps_met": sorted(met),
        "steps_not_met": UNMET,
        "touched": 0,
    }
    (out / "facts-by-voice.json").write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n", "utf-8")
    _write_page(out, guide, lines, began, facts)
    if (arrived, stage, later_there) != (words, "replied", later):
        raise Bug("tour-by-voice-arrived-otherwise")
    if for_another != {"words": words_for_another, "relation": "parent", "authority": "spoken", "pictures": 1}:
        raise Bug("tour-by-voice-for-another-arrived-otherwise")
    if TO_BE_MET - met != set(UNMET):
        raise Bug(f"tour-by-voice-did-not-meet-{'-'.join(sorted((TO_BE_MET - met) ^ set(UNMET)))}")


def _next(guide: Guide, sound: VirtualSound, variant: str, lines: list[Line]) -> Resident:
    """Return the next one, before whom the welcome screen stands."""
    guide.wait(lambda: guide.state.step == WELCOME, "welcome", END_SECONDS)
    return Resident(guide, sound, variant, lines=lines)


def _opened(app: App, guide: Guide, platform: DemoPlatform, number: str) -> dict[str, object]:
    """Wait until a petition for somebody else has arrived, and return what the platform has unsealed of it."""
    content = _arrived(app, guide, platform, number)
    behalf = content["on_behalf"]
    kinds = [part["kind"] for part in content["attachments"]]
    return {
        "words": content["text"],
        "relation": behalf["relation"],
        "authority": behalf["authority"],
        "pictures": kinds.count("picture"),
    }


def _arrived(app: App, guide: Guide, platform: DemoPlatform, number: str) -> dict[str, Any]:
    """Wait until a petition has arrived, and return it as the platform has unsealed it."""
    if app.rooms is not None:
        app.rooms.line.hurry()

    def delivered() -> bool:
        there = platform.admin("list").get(number)
        return there is not None and bool(there["complete"])

    guide.wait(delivered, "delivery", DELIVERY_SECONDS)
    with tempfile.TemporaryDirectory() as folder:
        platform.admin("open", number, "--out", folder)
        content: dict[str, Any] = json.loads((Path(folder) / "petition.json").read_text("utf-8"))
    return content


def _answer(app: App, guide: Guide, platform: DemoPlatform, number: str) -> str:
    """Wait until the petition has arrived, answer it, and return its words as the platform has unsealed them."""
    words = str(_arrived(app, guide, platform, number)["text"])
    expected = (datetime.now(UTC) + timedelta(days=5)).date().isoformat()
    platform.admin(
        *("step", number, "--stage", "replied", "--responsible", RESPONSIBLE),
        *("--expected", expected, "--reply", REPLY),
    )
    return words


def _said_later(app: App, guide: Guide, platform: DemoPlatform, number: str) -> list[str]:
    """Wait until all that was said after the reply has arrived, and return its words as the platform has unsealed them.

    The rating arrives twice: as it was given, and with its words.
    """
    there: list[str] = []

    def delivered() -> bool:
        there[:] = [said["words"] for said in platform.admin("later", number).values() if said["words"]]
        return len(there) == 2

    if app.rooms is not None:
        app.rooms.line.hurry()
    guide.wait(delivered, "delivery-of-what-was-said-later", DELIVERY_SECONDS)
    return there


# --- the sound --------------------------------------------------------------------------------------------------------


def _mixed(monitor: Monitor, uttered: list[tuple[float, npt.NDArray[np.int16]]], began: float) -> npt.NDArray[np.int16]:
    """Return both voices in one sound, as somebody in the hall would have heard them."""
    fold = SPEAKER_RATE // MICROPHONE_RATE
    kiosk = np.frombuffer(monitor.sound, dtype=np.int16)
    kiosk = kiosk[: len(kiosk) // fold * fold].reshape(-1, fold).mean(axis=1)
    length = max([len(kiosk), *(_place(at, began) + len(samples) for at, samples in uttered)])
    hall = np.zeros(length)
    hall[: len(kiosk)] += kiosk
    for at, samples in uttered:
        hall[_place(at, began) :][: len(samples)] += samples
    return np.clip(hall, -32768, 32767).astype(np.int16)


def _place(at: float, began: float) -> int:
    return max(0, round((at - began) * MICROPHONE_RATE))


def _encoded(samples: npt.NDArray[np.int16]) -> bytes:
    encoder = Encoder(MICROPHONE_RATE)
    return encoder.encode(samples) + encoder.finish()


# --- the page ---------------------------------------------------------------------------------------------------------


def _write_page(out: Path, guide: Guide, lines: list[Line], began: float, facts: dict[str, object]) -> None:
    """Write `index.html` and `transcript.txt`: pictures, and all that both have said."""
    figures = "\n".join(
        f'<figure><img src="{escape(m.picture)}" alt="{escape(m.title)}" loading="lazy">'
        f'<figcaption><div class="done">{escape(m.done)}</div></figcaption></figure>'
        for m in guide.moments
    )
    said = "\n".join(
        f"<tr><td>{_clock(line.at - began)}</td><td>{escape(line.who)}</td><td>{escape(line.said)}</td></tr>"
        for line in lines
    )
    rows = "\n".join(f"<tr><td>{escape(key)}</td><td>{escape(str(value))}</td></tr>" for key, value in facts.items())
    (out / "index.html").write_text(
        f"""<!doctype html>
<html lang="zh-Hans"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>社区诉求服务台：只用嘴说</title><style>{STYLE} audio {{ width: 100%; margin: 0 0 40px; }}</style></head>
<body><main>
<h1><b>诉</b>只用嘴说</h1>
<p class="lead">真的程序，真的识别，真的平台。什么也没碰：说的话进了话筒，机器听懂，出声回答。
两位居民的嗓音是合成的，识别用的是<b>演示语音模型</b>：它只认得这里的口令和少数词，听不听得懂真的居民，这里看不出来。</p>
<audio controls src="{SOUND}"></audio>
{figures}
<h2>双方说的每一句</h2><table>{said}</table>
<h2>证据</h2><table>{rows}</table>
</main></body></html>
""",
        "utf-8",
    )
    (out / "transcript.txt").write_text(
        "".join(f"{_clock(line.at - began)}  {line.who}：{line.said}\n" for line in lines), "utf-8"
    )


def _clock(seconds: float) -> str:
    """Return a place in the sound as players show it: 1:05."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
