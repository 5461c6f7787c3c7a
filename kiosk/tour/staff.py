"""A person at the platform: answers calls, signs in as a browser would, and keeps two pages with their style inside."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import requests

from kiosk.demo import Access, DemoPlatform
from petition.errors import Fault, FaultCode

SECONDS = 20
LIST, OPENED = "staff-list.html", "staff-petition.html"


def answer_calls(platform: DemoPlatform, access: Access) -> None:
    """Have the person at the platform say that they are coming, to everybody who calls."""
    for id_, waiting in platform.admin("calls").items():
        if waiting["rings"]:
            platform.admin("answer", id_, "--as", access.account)


class _Form(HTMLParser):
    """Finds the form's token."""

    def __init__(self) -> None:
        super().__init__()
        self.token = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "input" and found.get("name") == "form_token":
            self.token = self.token or (found.get("value") or "")


def keep_staff_pages(out: Path, access: Access, petition_id: str, number: str) -> None:
    """Write the list and the opened petition into `out`; raises Fault when the petition is not to be seen there.

    A page is kept as it came, with its style sheet in it and without its script, so that it can be looked at alone.
    """
    with requests.Session() as browser:
        browser.headers["Accept-Language"] = "zh-Hans"
        form = _Form()
        form.feed(browser.get(f"{access.staff_url}/sign-in", timeout=SECONDS).text)
        browser.post(
            f"{access.staff_url}/sign-in",
            data={"form_token": form.token, "account": access.account, "password": access.password},
            headers={"Origin": access.url},
            timeout=SECONDS,
        ).raise_for_status()
        shown = browser.get(access.staff_url, timeout=SECONDS)
        opened = browser.get(f"{access.staff_url}/petitions/{petition_id}", timeout=SECONDS)
        if number not in re.sub(r"[\s\u00a0]", "", shown.text) or not opened.ok:
            raise Fault(FaultCode.PLATFORM_REFUSED, "The petition is not to be seen on the platform's staff page.")
        for name, page in ((LIST, shown.text), (OPENED, opened.text)):
            (out / name).write_text(_alone(browser, access.url, page), "utf-8")


def _alone(browser: requests.Session, url: str, page: str) -> str:
    page = re.sub(r"<script\b.*?</script>", "", page, flags=re.DOTALL)

    def style(link: re.Match[str]) -> str:
        sheet = browser.get(urljoin(url, link[1]), timeout=SECONDS).text
        return f"<style>{sheet}</style>"

    return re.sub(r'<link rel="stylesheet" href="([^"]+)">', style, page)
