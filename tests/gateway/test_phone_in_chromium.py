"""The phone page in a real Chromium as old phones and old eyes meet it: narrow, large, dark, and with scripts off.

Sizes and contrasts are read from what the browser computed, not from the style sheet.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import requests
from selenium import webdriver

from gateway import desk
from gateway.serve import Served
from tests.gateway.conftest import HandClock
from tests.gateway.sending import SendingKiosk
from tests.gateway.test_pages_in_chromium import chromium, scrolls_sideways, speak

__all__ = ["chromium"]

pytestmark = [
    pytest.mark.skipif(
        shutil.which("chromium") is None or shutil.which("chromedriver") is None, reason="Chromium is not installed"
    ),
    pytest.mark.xdist_group("chromium"),  # one browser for all of them
]

WIDTHS = (320, 360, 412)
LANGUAGES = ("zh-CN", "zh-TW", "en")
BODY_PIXELS = 24.0
"""18 pt: what the kiosk's own screens promise for body text."""
TARGET_PIXELS = 44.0
CONTRAST = 7.0
PAGE_BYTES = 20_000

MEASURE = """
const behind = (e) => {
  for (; e; e = e.parentElement) {
    const colour = getComputedStyle(e).backgroundColor;
    if (!/rgba\\(.*, 0\\)/.test(colour)) return colour;
  }
  return 'rgb(255, 255, 255)';
};
const texts = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let node; (node = walker.nextNode());) {
  if (!node.data.trim()) continue;
  const style = getComputedStyle(node.parentElement);
  const box = document.createRange();
  box.selectNodeContents(node);
  const rect = box.getBoundingClientRect();
  texts.push({
    text: node.data.trim(), size: parseFloat(style.fontSize), height: parseFloat(style.lineHeight),
    colour: style.color, behind: behind(node.parentElement), left: rect.left, right: rect.right,
  });
}
const torn = [];
walker.currentNode = document.body;
for (let node; (node = walker.nextNode());) {
  for (const word of node.data.matchAll(/[A-Za-z0-9,.]+/g)) {
    const box = document.createRange();
    box.setStart(node, word.index);
    box.setEnd(node, word.index + word[0].length);
    if (box.getClientRects().length > 1) torn.push(word[0]);
  }
}
const targets = Array.from(document.querySelectorAll('a, button, input'), (e) => {
  const rect = e.getBoundingClientRect();
  return {width: rect.width, height: rect.height};
});
return {texts, torn, targets, width: window.innerWidth};
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Addresses of the page in everything it can say."""

    addresses: dict[str, str]


@pytest.fixture
def pages(kiosk: SendingKiosk, served: Served, clock: HandClock) -> Pages:
    today = clock.now.astimezone(served.platform.time_zone).date()
    forms = {
        "waiting": None,
        "handling": desk.StepForm(
            stage="handling", responsible="物业 张师傅", expected=today + timedelta(days=400), reply=""
        ),
        "late": desk.StepForm(stage="handling", responsible="张师傅", expected=today - timedelta(days=12), reply=""),
        "replied": desk.StepForm(stage="replied", responsible="", expected=None, reply="灯修好了"),
        "improved": desk.StepForm(stage="improved", responsible="", expected=None, reply="灯修好了"),
    }
    addresses = {}
    for name, form in forms.items():
        petition = kiosk.seal()
        kiosk.send(petition)
        if form is not None:
            desk.set_step(served.platform, petition.id, form, account="wang", seen=None)
        addresses[name] = petition.number + kiosk.tag(petition.number)
    on_its_way = kiosk.next_number()
    addresses["on its way"] = on_its_way + kiosk.tag(on_its_way)
    addresses["unknown"] = "1" * 32
    return Pages(addresses={name: f"{kiosk.url}/r/{digits}" for name, digits in addresses.items()})


@pytest.fixture
def phone(chromium: webdriver.Chrome, served: Served) -> Iterator[webdriver.Chrome]:
    """A phone that runs no scripts."""
    # The size of its letters is forgotten where a page of another site is opened; from here on there is only one site.
    chromium.get(f"{served.url}/r/0")
    chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    yield chromium
    chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    chromium.execute_cdp_cmd("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})


def be(phone: webdriver.Chrome, width: int, *, dark: bool = False, letters: int = 16) -> None:
    """Make the phone so wide, in pixels, with letters of the size its owner chose."""
    size = {"width": width, "height": 640, "deviceScaleFactor": 2, "mobile": True}
    phone.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    phone.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
    phone.execute_cdp_cmd("Page.setFontSizes", {"fontSizes": {"standard": letters, "fixed": letters}})


def measured(phone: webdriver.Chrome) -> dict[str, Any]:
    found: dict[str, Any] = phone.execute_script(MEASURE)
    return found


def luminance(colour: str) -> float:
    """Relative luminance of "rgb(r, g, b)", as WCAG 2 defines it."""
    channels = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def hangs_over(found: dict[str, Any]) -> list[str]:
    """Words of which a part is beside the screen."""
    return [text["text"] for text in found["texts"] if text["left"] < 0 or text["right"] > found["width"] + 0.5]


@pytest.mark.parametrize("languages", LANGUAGES)
def test_nothing_of_the_page_is_small_or_beside_the_screen_of_a_phone(
    phone: webdriver.Chrome, pages: Pages, languages: str
) -> None:
    speak(phone, languages)
    for name, address in pages.addresses.items():
        for width in WIDTHS:
            be(phone, width)
            phone.get(address)
            found = measured(phone)
            assert found["width"] == width
            assert not scrolls_sideways(phone), (name, width)
            assert hangs_over(found) == [], (name, width)
            assert found["torn"] == [], (name, width)
            assert min(text["size"] for text in found["texts"]) >= BODY_PIXELS
            assert min(text["height"] / text["size"] for text in found["texts"]) >= 1.29, "lines have room"
            assert found["targets"], "somebody can be phoned"
            for target in found["targets"]:
                assert min(target["width"], target["height"]) >= TARGET_PIXELS


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_word_stands_out_from_what_is_behind_it(phone: webdriver.Chrome, pages: Pages, *, dark: bool) -> None:
    speak(phone, "zh-CN")
    be(phone, 360, dark=dark)
    grounds = set()
    for name, address in pages.addresses.items():
        phone.get(address)
        for text in measured(phone)["texts"]:
            # The seal is a picture of a word; it says nothing that the word beside it does not.
            enough = 4.5 if text["text"] == "诉" else CONTRAST
            assert contrast(text["colour"], text["behind"]) >= enough, (name, text)
            grounds.add(text["behind"])
    assert (max(map(luminance, grounds)) > 0.9) == (not dark), "light is light, and dark is dark"


@pytest.mark.parametrize("languages", LANGUAGES)
def test_letters_twice_as_large_or_a_page_twice_as_large_need_no_scrolling_sideways(
    phone: webdriver.Chrome, pages: Pages, languages: str
) -> None:
    speak(phone, languages)
    for name, address in pages.addresses.items():
        be(phone, 320, letters=32)
        phone.get(address)
        found = measured(phone)
        assert min(text["size"] for text in found["texts"] if len(text["text"]) > 1) >= 2 * BODY_PIXELS
        assert not scrolls_sideways(phone), (name, "letters")
        assert hangs_over(found) == [], name
        assert found["torn"] == [], name
        be(phone, 160)  # what 320 pixels are at 200 %
        phone.get(address)
        assert not scrolls_sideways(phone), (name, "page")
        assert hangs_over(measured(phone)) == [], name


def test_the_page_and_all_that_it_loads_is_small_and_of_its_own_house(
    phone: webdriver.Chrome, pages: Pages, served: Served
) -> None:
    for address in pages.addresses.values():
        phone.get(address)
        links = phone.find_elements("css selector", "[src], link[href]")
        loaded = [address, *(str(link.get_attribute("src") or link.get_attribute("href")) for link in links)]
        assert all(each.startswith(served.url) for each in loaded)
        assert sum(len(requests.get(each, timeout=30).content) for each in loaded) < PAGE_BYTES
        assert phone.find_elements("css selector", "script, iframe, img, video, form, [onclick], [style]") == []


def test_a_finger_on_the_button_phones_the_hotline(phone: webdriver.Chrome, pages: Pages) -> None:
    speak(phone, "zh-CN")
    be(phone, 320)
    for address in pages.addresses.values():
        phone.get(address)
        [link] = phone.find_elements("css selector", "a")
        assert link.get_attribute("href") == "tel:12345"
        assert link.text == "打12345问一问"
