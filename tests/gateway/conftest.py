"""A real gateway in this process, its clock in the test's hand, and a kiosk enrolled with it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from gateway import admin
from gateway.serve import Served, running
from gateway.settings import Settings
from tests.gateway.browser import PASSWORD, Browser
from tests.gateway.sending import SendingKiosk, enrol


@dataclass
class HandClock:
    """Time that passes when the test says so."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(directory=tmp_path / "gateway", port=0)


@pytest.fixture
def served(settings: Settings, clock: HandClock) -> Iterator[Served]:
    with running(settings, clock) as served:
        yield served


@pytest.fixture
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


@pytest.fixture
def kiosk(served: Served, http: requests.Session) -> SendingKiosk:
    code = admin.make_enrolment_code(served.platform, kiosk_name="幸福社区 1 号机", place="xingfu")
    return enrol(served.url, code, http)


@pytest.fixture
def staff_account(served: Served) -> str:
    admin.put_staff(served.platform, account="wang", name="王芳", password=PASSWORD)
    return "wang"


@pytest.fixture
def browser(served: Served) -> Iterator[Browser]:
    browser = Browser(served.url)
    with browser.http:
        yield browser


@pytest.fixture
def signed_in(browser: Browser, staff_account: str) -> Browser:
    assert browser.sign_in(staff_account).headers["Location"] == "/staff"
    return browser
