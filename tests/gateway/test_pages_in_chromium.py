"""The pages as people use them: a real Chromium, headless, on a gateway that holds a petition a kiosk really sealed."""

import io
import math
import shutil
import struct
import wave
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import av
import numpy as np
import pytest
import requests
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.expected_conditions import (
    presence_of_element_located,
    staleness_of,
    text_to_be_present_in_element,
)
from selenium.webdriver.support.wait import WebDriverWait

from gateway import admin
from gateway.desk import StepForm
from gateway.serve import Served
from offline_queue import sealing
from offline_queue.protocol import EventKind
from petition.model import AttachmentKind
from tests.gateway.browser import PASSWORD
from tests.gateway.sending import Part, Sealed, SendingKiosk

PATIENCE_SECONDS = 30
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)

pytestmark = [
    pytest.mark.skipif(
        shutil.which("chromium") is None or shutil.which("chromedriver") is None, reason="Chromium is not installed"
    ),
    pytest.mark.xdist_group("chromium"),  # one browser for all of them
]


def tone(seconds: float) -> bytes:
    """Return a WAV of a plain tone."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        samples = (int(9000 * math.sin(n * math.tau * 440 / 16_000)) for n in range(int(16_000 * seconds)))
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return out.getvalue()


def opus(seconds: float) -> bytes:
    """Return the same as Ogg/Opus, as kiosks record."""
    out = io.BytesIO()
    with av.open(out, "w", format="ogg") as file:
        stream = file.add_stream("libopus", rate=48_000)
        count = int(48_000 * seconds) // 960
        for n in range(count):
            samples = np.sin(np.arange(n * 960, (n + 1) * 960) * (math.tau * 440 / 48_000)) * 9000
            frame = av.AudioFrame.from_ndarray(samples.astype(np.int16).reshape(1, -1), format="s16", layout="mono")
            frame.sample_rate = 48_000
            frame.pts = n * 960
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return out.getvalue()


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    driver.execute_cdp_cmd("Network.enable", {})
    yield driver
    driver.quit()


@pytest.fixture
def browser(chromium: webdriver.Chrome) -> webdriver.Chrome:
    chromium.get("about:blank")  # the page of the test before would go on asking a gateway that is gone
    chromium.delete_all_cookies()
    complaints(chromium)  # what earlier tests provoked is not this one's
    speak(chromium, "zh-CN,zh;q=0.9")
    see(chromium, 1366, 768)
    return chromium


def speak(browser: webdriver.Chrome, languages: str) -> None:
    browser.execute_cdp_cmd("Network.setExtraHTTPHeaders", {"headers": {"Accept-Language": languages}})


def see(browser: webdriver.Chrome, width: int, height: int) -> None:
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 700}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def wait(browser: webdriver.Chrome) -> "WebDriverWait[webdriver.Chrome]":
    return WebDriverWait(browser, PATIENCE_SECONDS)


def sign_in(browser: webdriver.Chrome, served: Served, account: str) -> None:
    browser.delete_all_cookies()
    browser.get(f"{served.url}/staff")
    browser.find_element(By.ID, "account").send_keys(account)
    browser.find_element(By.ID, "password").send_keys(PASSWORD)
    browser.find_element(By.CSS_SELECTOR, "button.primary").click()
    wait(browser).until(presence_of_element_located((By.CSS_SELECTOR, ".tabs")))


@pytest.fixture
def petition(kiosk: SendingKiosk) -> Sealed:
    parts = (
        Part(plain=opus(1.5), media_type="audio/ogg; codecs=opus", milliseconds=1500),
        Part(plain=tone(1.5), media_type="audio/wav", kind=AttachmentKind.AUDIO_FILE, milliseconds=1500),
    )
    petition = kiosk.seal(text="三号楼二单元的楼道灯坏了快两个星期了。", parts=parts, phone="+8613812345678")
    assert kiosk.send(petition).complete
    return petition


def has_ended(audio: WebElement, browser: webdriver.Chrome) -> bool:
    return bool(browser.execute_script("return arguments[0].ended", audio))


def scrolls_sideways(browser: webdriver.Chrome) -> bool:
    return bool(browser.execute_script("return document.documentElement.scrollWidth > window.innerWidth"))


def complaints(browser: webdriver.Chrome) -> list[str]:
    """Return what the browser's console holds against a page: blocked scripts and styles, failed loads."""
    return [str(entry["message"]) for entry in browser.get_log("browser")]  # type: ignore[no-untyped-call]


def test_a_person_signs_in_reads_listens_and_sets_a_step(
    browser: webdriver.Chrome, served: Served, staff_account: str, kiosk: SendingKiosk, petition: Sealed
) -> None:
    sign_in(browser, served, staff_account)
    assert browser.find_element(By.TAG_NAME, "h1").text == "1 件等人看"
    browser.find_element(By.CSS_SELECTOR, "td.number a").click()
    words = wait(browser).until(presence_of_element_located((By.CSS_SELECTOR, "blockquote")))
    assert words.text == "三号楼二单元的楼道灯坏了快两个星期了。"
    assert "＊5678" in browser.find_element(By.TAG_NAME, "dl").text
    browser.find_element(By.CSS_SELECTOR, 'form[action$="/names"] button').click()
    wait(browser).until(text_to_be_present_in_element((By.TAG_NAME, "dl"), "+8613812345678"))
    assert "看了姓名和电话" in browser.find_element(By.CSS_SELECTOR, ".readings").text

    sounds = browser.find_elements(By.TAG_NAME, "audio")
    assert len(sounds) == 2
    for audio in sounds:
        browser.execute_script("arguments[0].play()", audio)
        wait(browser).until(partial(has_ended, audio))
        assert browser.execute_script("return arguments[0].duration", audio) == pytest.approx(1.5, abs=0.1)

    browser.find_element(By.CSS_SELECTOR, 'input[name="stage"][value="handling"]').click()
    browser.find_element(By.ID, "responsible").send_keys("物业 张师傅")
    expected = date.today() + timedelta(days=7)  # noqa: DTZ011 - typed into a form as a person would
    browser.execute_script("document.getElementById('expected').value = arguments[0]", expected.isoformat())
    browser.find_element(By.ID, "reply").send_keys("已请电工，周四前修好。")
    browser.find_element(By.CSS_SELECTOR, ".step button.primary").click()
    wait(browser).until(text_to_be_present_in_element((By.CSS_SELECTOR, ".notice"), "记下了"))
    assert browser.find_element(By.CSS_SELECTOR, ".steps .now b").text == "办理"
    assert "听了录音" in browser.find_element(By.CSS_SELECTOR, ".readings").text
    assert complaints(browser) == []

    told = kiosk.look_up(petition.number, tag=kiosk.tag(petition.number)).json()
    assert (told["responsible"], told["reply"]) == ("物业 张师傅", "已请电工，周四前修好。")
    assert told["expected"] == expected.isoformat()


@pytest.mark.slow
def test_the_list_shows_what_arrives_by_itself(
    browser: webdriver.Chrome, served: Served, staff_account: str, kiosk: SendingKiosk
) -> None:
    sign_in(browser, served, staff_account)
    assert "都看过了" in browser.find_element(By.TAG_NAME, "h1").text
    browser.get(f"{served.url}/staff?tab=waiting")
    kiosk.send(kiosk.seal())
    wait(browser).until(text_to_be_present_in_element((By.TAG_NAME, "h1"), "1 件等人看"))
    assert complaints(browser) == []


def test_a_form_on_a_page_of_somebody_else_changes_nothing(
    browser: webdriver.Chrome, served: Served, staff_account: str, kiosk: SendingKiosk, petition: Sealed, tmp_path: Path
) -> None:
    sign_in(browser, served, staff_account)
    trap = tmp_path / "trap.html"
    trap.write_text(
        f'<form method="post" action="{served.url}/staff/petitions/{petition.id}/step">'
        '<input name="stage" value="improved"><input name="form_token" value=""><button>赢大奖</button></form>',
        encoding="utf-8",
    )
    browser.get(trap.as_uri())
    button = browser.find_element(By.TAG_NAME, "button")
    button.click()
    wait(browser).until(staleness_of(button))
    told = kiosk.look_up(petition.number, tag=kiosk.tag(petition.number)).json()
    assert {step["state"] for step in told["steps"]} == {"next"}
    browser.get(f"{served.url}/staff/petitions/{petition.id}")
    browser.execute_script("document.querySelector('.step [name=form_token]').value = 'guessed'")
    browser.find_element(By.CSS_SELECTOR, 'input[name="stage"][value="improved"]').click()
    button = browser.find_element(By.CSS_SELECTOR, ".step button.primary")
    button.click()
    wait(browser).until(staleness_of(button))  # its page goes: words of a page that goes can't be asked for
    wait(browser).until(text_to_be_present_in_element((By.TAG_NAME, "main"), "请回去再做一次"))
    told = kiosk.look_up(petition.number, tag=kiosk.tag(petition.number)).json()
    assert {step["state"] for step in told["steps"]} == {"next"}


def test_signed_out_the_back_button_shows_nothing_of_a_petition(
    browser: webdriver.Chrome, served: Served, staff_account: str, petition: Sealed
) -> None:
    sign_in(browser, served, staff_account)
    browser.get(f"{served.url}/staff/petitions/{petition.id}")
    browser.find_element(By.CSS_SELECTOR, ".who button").click()
    wait(browser).until(text_to_be_present_in_element((By.CSS_SELECTOR, ".notice"), "退出好了"))
    browser.back()
    wait(browser).until(presence_of_element_located((By.ID, "password")))
    assert "楼道灯" not in browser.page_source


@pytest.mark.parametrize("languages", ["zh-CN", "zh-TW", "en"])
def test_the_phone_page_fits_a_phone_of_320_pixels_in_large_type(
    browser: webdriver.Chrome, kiosk: SendingKiosk, petition: Sealed, languages: str
) -> None:
    speak(browser, languages)
    see(browser, 320, 568)
    on_its_way = kiosk.next_number()
    for digits in (
        petition.number + kiosk.tag(petition.number),
        on_its_way + kiosk.tag(on_its_way),
        "1" * 32,
    ):
        browser.get(f"{kiosk.url}/r/{digits}")
        assert not scrolls_sideways(browser)
        smallest = browser.execute_script(
            "return Math.min(...Array.from(document.querySelectorAll('body *'))"
            ".filter((e) => e.innerText && e.innerText.trim()).map((e) => parseFloat(getComputedStyle(e).fontSize)))"
        )
        assert smallest >= 24  # 18 pt
        assert [complaint for complaint in complaints(browser) if "404 (Not Found)" not in complaint] == []


@pytest.mark.parametrize("languages", ["zh-CN", "zh-TW", "en"])
def test_the_staff_pages_fit_narrow_windows(
    browser: webdriver.Chrome,
    served: Served,
    staff_account: str,
    kiosk: SendingKiosk,
    petition: Sealed,
    languages: str,
) -> None:
    speak(browser, languages)
    sign_in(browser, served, staff_account)
    kiosk.call("medical")
    kiosk.put_event(petition.number, EventKind.RATING, level="bad", review=True, words="又坏了" * 40)
    opened = f"/staff/petitions/{petition.id}"
    for path in ("/staff?tab=all", "/staff/calls", opened, "/staff/kiosks", "/staff/record"):
        browser.get(served.url + path)
        for width in (360, 768, 1366):
            see(browser, width, 800)
            assert not scrolls_sideways(browser), (path, width)


def test_the_pages_ask_nobody_else_for_anything(served: Served, staff_account: str, petition: Sealed) -> None:
    for path in ("/staff/sign-in", f"/r/{petition.number}{'0' * 20}"):
        page = requests.get(served.url + path, timeout=30)
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in page.text.replace("http-equiv", "")
    assert staff_account


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[webdriver.Chrome]:
    """A Chromium as people have it: no page makes a sound before a person has clicked on it."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in (*FLAGS, f"--user-data-dir={tmp_path / 'chromium'}"):
        if "autoplay" not in flag:
            options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    driver.execute_cdp_cmd("Network.enable", {})
    # What the page plays is out of the document's sight; this tells which sounds are playing now.
    watch = (
        "window.playing = new Set();"
        "const play = HTMLMediaElement.prototype.play;"
        "HTMLMediaElement.prototype.play = function () {"
        "  this.addEventListener('playing', () => window.playing.add(this.src));"
        "  for (const end of ['pause', 'ended']) this.addEventListener(end, () => window.playing.delete(this.src));"
        "  return play.call(this); };"
    )
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": watch})
    speak(driver, "zh-CN")
    see(driver, 1280, 800)
    yield driver
    driver.quit()


def plays(name: str, browser: webdriver.Chrome) -> bool:
    return bool(browser.execute_script("return [...playing].some((src) => src.includes(arguments[0]))", name))


def bell_is(state: str, browser: webdriver.Chrome) -> bool:
    return browser.find_element(By.CSS_SELECTOR, "[data-bell-button]").get_attribute("data-state") == state


def test_a_page_left_open_rings_shows_who_calls_and_falls_silent_when_somebody_goes(
    strict: webdriver.Chrome, served: Served, staff_account: str, kiosk: SendingKiosk
) -> None:
    sign_in(strict, served, staff_account)
    strict.get(f"{served.url}/staff/calls")
    wait(strict).until(partial(bell_is, "off"))
    assert "没有人在叫" in strict.find_element(By.TAG_NAME, "h1").text
    strict.find_element(By.CSS_SELECTOR, "[data-bell-button]").click()
    wait(strict).until(partial(bell_is, "on"))
    assert strict.find_element(By.CSS_SELECTOR, "[data-bell-button]").text == "铃声开着"

    call = kiosk.call()
    wait(strict).until(text_to_be_present_in_element((By.CSS_SELECTOR, ".call"), "幸福社区 1 号机"))
    wait(strict).until(partial(plays, "chime"))
    assert "(1) 有人在叫" in strict.title
    danger = kiosk.call("medical")
    wait(strict).until(partial(plays, "alarm"))
    wait(strict).until_not(partial(plays, "chime"))
    first = strict.find_elements(By.CSS_SELECTOR, ".call")[0]
    assert "紧急" in first.text
    assert "120" in first.text

    first.find_element(By.CSS_SELECTOR, "button").click()
    wait(strict).until(partial(plays, "chime"))
    assert kiosk.answer_to(danger).answered_by == "王芳"
    kiosk.call(call_id=call, over=True)
    wait(strict).until_not(partial(plays, "chime"))
    assert not plays("alarm", strict)
    wait(strict).until(text_to_be_present_in_element((By.TAG_NAME, "h1"), "没有人在叫"))
    assert "王芳 去了" in strict.find_element(By.CSS_SELECTOR, ".past").text
    assert "有人在叫" not in strict.title
    assert complaints(strict) == []


def test_a_browser_that_stays_silent_is_told_to_want_a_click(
    strict: webdriver.Chrome, served: Served, staff_account: str, kiosk: SendingKiosk
) -> None:
    sign_in(strict, served, staff_account)
    kiosk.call("fire")
    # Opened anew, as after a night: the bell was on, and this page has not been touched.
    strict.execute_script("localStorage.setItem('bell', 'on')")
    strict.switch_to.new_window("tab")
    strict.get(f"{served.url}/staff/calls")
    wait(strict).until(partial(bell_is, "blocked"))
    button = strict.find_element(By.CSS_SELECTOR, "[data-bell-button]")
    assert button.text in ("点一下，铃才会响", "Click, or the bell stays silent")
    assert button.get_attribute("aria-pressed") == "false"
    button.click()
    wait(strict).until(partial(bell_is, "on"))


def test_saying_that_one_comes_leaves_a_reply_that_is_being_written(
    browser: webdriver.Chrome, served: Served, staff_account: str, kiosk: SendingKiosk, petition: Sealed
) -> None:
    sign_in(browser, served, staff_account)
    browser.get(f"{served.url}/staff/petitions/{petition.id}")
    browser.find_element(By.ID, "reply").send_keys("已请电工")
    call = kiosk.call()
    come = wait(browser).until(presence_of_element_located((By.CSS_SELECTOR, ".call button")))
    come.click()
    wait(browser).until(text_to_be_present_in_element((By.CSS_SELECTOR, ".call.gone"), "王芳 这就去"))
    assert kiosk.answer_to(call).answered_by == "王芳"
    assert browser.find_element(By.ID, "reply").get_attribute("value") == "已请电工"
    assert complaints(browser) == []


@pytest.mark.slow
def test_a_bell_that_hears_nothing_any_more_says_so(
    browser: webdriver.Chrome, served: Served, staff_account: str, kiosk: SendingKiosk
) -> None:
    sign_in(browser, served, staff_account)
    browser.get(f"{served.url}/staff/calls")
    served.stop()
    words = (By.CSS_SELECTOR, "[data-bell-notice]")
    wait(browser).until(text_to_be_present_in_element(words, "暂时听不到呼叫"))
    served.start()
    wait(browser).until_not(text_to_be_present_in_element(words, "暂时听不到呼叫"))
    kiosk.call()
    wait(browser).until(presence_of_element_located((By.CSS_SELECTOR, ".call button")))
    browser.delete_all_cookies()
    wait(browser).until(text_to_be_present_in_element(words, "请再登录一次"))


def test_what_was_said_later_is_heard_and_a_review_closed_on_the_page(
    browser: webdriver.Chrome, served: Served, staff_account: str, kiosk: SendingKiosk, petition: Sealed
) -> None:
    admin.set_step(
        served.platform, petition.number, StepForm(stage="replied", responsible="", expected=None, reply="好了")
    )
    spoken = {
        "media_type": "audio/ogg; codecs=opus",
        "milliseconds": 1500,
        "sound": sealing.to_base64(opus(1.5)),
    }
    kiosk.put_event(petition.number, EventKind.RATING, level="bad", review=True, words="又坏了", sounds=[spoken])
    sign_in(browser, served, staff_account)
    browser.get(f"{served.url}/staff?tab=review")
    browser.find_element(By.CSS_SELECTOR, "td.number a").click()
    audio = wait(browser).until(presence_of_element_located((By.CSS_SELECTOR, ".later audio")))
    browser.execute_script("arguments[0].play()", audio)
    wait(browser).until(partial(has_ended, audio))
    browser.find_element(By.CSS_SELECTOR, '.review [value="unchanged"]').click()
    assert not browser.find_element(By.ID, "review-reply").is_displayed()
    browser.find_element(By.CSS_SELECTOR, '.review [value="new-reply"]').click()
    browser.find_element(By.ID, "review-reply").send_keys("换了整个单元的线。")
    browser.find_element(By.CSS_SELECTOR, ".review button.primary").click()
    wait(browser).until(text_to_be_present_in_element((By.CSS_SELECTOR, ".notice"), "复核记下了"))
    assert browser.find_element(By.ID, "reply").get_attribute("value") == "换了整个单元的线。"
    assert "听了录音" in browser.find_element(By.CSS_SELECTOR, ".readings").text
    assert complaints(browser) == []
