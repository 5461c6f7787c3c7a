"""The running kiosk: makes every room, connects them, opens the window first and everything slower behind it."""

import gc
import signal
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from assets.words import load_translations
from kiosk.configuration import Configuration, rules, state_directory
from kiosk.folders import cache_directory
from kiosk.hardening import harden
from kiosk.launch_picture import keep_picture, take_away
from kiosk.pads import pad_of
from kiosk.scanning.scanners import Scanners
from kiosk.session import Session
from kiosk.typing_engine import open_engine
from petition.errors import Fault, FaultCode
from petition.events import HeadphonesPlugged, HeadphonesUnplugged
from petition.model import Language
from petition.ports import TypingEngine
from petition.wedge import Wedge
from ui.bridge import Bridge, Timers
from ui.look import Glass
from ui.window import KioskWindow

if TYPE_CHECKING:
    from kiosk.demo import DemoPlatform
    from kiosk.rooms import SlowRooms

DEMO = "demo"
PICTURE_MILLISECONDS = 5000
MILLIMETRES_PER_INCH = 25.4
LIKELY_INCHES = (10, 60)
"""A display that claims to be smaller or larger than this does not know its size."""


def local_time() -> datetime:
    """Return this moment in local time, with its zone."""
    return datetime.now().astimezone()


class App:
    """One kiosk. Make it after the QApplication; `open` shows it, `launch` starts the rest, `shut_down` ends it."""

    def __init__(self, configuration: Configuration, *, directory: Path, reduced_motion: bool = False) -> None:
        """`directory` is the state directory; nothing in it is touched before `launch`."""
        self.configuration = configuration
        self.directory = directory
        self._bridge = Bridge(self._handle)
        self.post = self._bridge.post
        self.timers = Timers(self.post)
        self.engines: dict[str, TypingEngine] = {
            Language.SIMPLIFIED: open_engine(cache=cache_directory()),
            Language.TRADITIONAL: open_engine(cache=cache_directory(), traditional=True),
        }
        self.window = KioskWindow(
            self._post_from_window,
            glass_of(configuration),
            engines=self.engines,
            now=local_time,
            reduced_motion=reduced_motion,
            double_strike_seconds=configuration.keys.double_strike_seconds,
            same_key_seconds=configuration.keys.same_key_seconds,
            pad=pad_of(configuration.keys.device, configuration.keys.pad),
        )
        scanner = configuration.scanner
        if scanner.keyboard:
            self.window.tell_scanner_from_typing(Wedge(prefix=scanner.prefix, suffix=scanner.suffix))
        self.scanners = Scanners(scanner, self.post)
        self.session = Session(
            rules(configuration), self.window, self.timers, translations=load_translations, now=local_time
        )
        self.rooms: SlowRooms | None = None
        self.watchers: list[Callable[[object], None]] = []
        """Told of every event after it was handled; the tour looks on this way."""

    def open(self, *, full_screen: bool) -> None:
        """Show the welcome screen."""
        self.session.open()
        if full_screen:
            self.window.showFullScreen()
        else:
            self.window.show()
        self.window.activateWindow()  # where no window manager does: keys and a screen reader go to what is active

    def launch(self) -> None:
        """Start store, voice, ears and the line to the platform; raises Fault when the store can't be opened."""
        from kiosk.rooms import SlowRooms  # what it loads takes longer than the first screen

        self.rooms = SlowRooms(self.configuration, self.directory, self.post, self.session)
        self.rooms.launch()
        self.session.connect(self.rooms.connected())
        self.window.set_viewfinder(self.rooms.pictures)
        self.scanners.launch()
        gc.freeze()  # what is here now stays: collecting what a visit leaves (ui.window) need not look at it

    def shut_down(self) -> None:
        """End everything, the store last; what is not filed is wiped."""
        self.timers.cancel_all()
        self.scanners.shut_down()
        if self.rooms is not None:
            self.rooms.shut_down()
        self._bridge.close()
        self.window.wipe()
        self.window.close()

    def keep_picture(self) -> None:
        """Keep how the welcome screen looks for the next start, unless somebody has begun a visit meanwhile."""
        if self.session.untouched and self.window.page is not None:
            keep_picture(self.window, self.window.page.clock)

    def _post_from_window(self, event: object) -> None:
        """Post what the window tells; that headphones are in is posted when what is said goes there, and not before."""
        jack = isinstance(event, HeadphonesPlugged | HeadphonesUnplugged)
        plugged = isinstance(event, HeadphonesPlugged)
        if jack and self.rooms:
            self.rooms.headphones.tell(plugged=plugged)
        if not plugged:
            self.post(event)

    def _handle(self, event: object) -> None:
        self.session.handle(event)
        self.scanners.follow(self.session.state.step)
        for watch in self.watchers:
            watch(event)


def glass_of(configuration: Configuration) -> Glass:
    """Return the screen as configured, else as the display tells it, else a 23.8 inch one of its pixels."""
    declared = configuration.screen
    shown = QGuiApplication.primaryScreen()
    size, millimetres = shown.size(), shown.physicalSize()
    inches = (millimetres.width() ** 2 + millimetres.height() ** 2) ** 0.5 / MILLIMETRES_PER_INCH
    told = inches if LIKELY_INCHES[0] <= inches <= LIKELY_INCHES[1] else Glass().diagonal_inch
    return Glass(
        width_px=declared.width_px or size.width(),
        height_px=declared.height_px or size.height(),
        diagonal_inch=declared.diagonal_inch or told,
    )


def run(configuration: Configuration, *, demo: bool, windowed: bool) -> int:
    """Run the kiosk until it is told to end; return the exit code. Raises Fault when it can't begin."""
    harden()
    full_screen = configuration.screen.full_screen and not windowed
    application = QApplication.instance() or QApplication(sys.argv[:1])
    application.setApplicationName("petition-kiosk")  # as a screen reader and a window manager know it
    directory = state_directory(configuration)
    if demo:
        directory = directory / DEMO
    app = App(configuration, directory=directory)
    app.open(full_screen=full_screen)
    take_away()
    if full_screen:
        QTimer.singleShot(PICTURE_MILLISECONDS, app.keep_picture)
    from kiosk.demo import DemoPlatform

    platform = DemoPlatform(directory / "platform") if demo else None
    failed: list[Fault] = []

    def begin(fault: object) -> None:
        if not isinstance(fault, Fault):
            try:
                app.launch()
            except Fault as met:
                fault = met
        if isinstance(fault, Fault):
            failed.append(fault)
            application.quit()

    prepared = Bridge(begin)
    threading.Thread(target=_prepare, args=(directory, platform, prepared.post), name="begin", daemon=True).start()
    # Qt sleeps in C: Python hears of a signal only when something of Python runs now and then.
    heartbeat = QTimer()
    heartbeat.timeout.connect(_nothing)
    heartbeat.start(500)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: application.quit())
    application.exec()
    app.shut_down()
    if platform is not None:
        platform.stop()
    if failed:
        raise failed[0]
    return 0


def _nothing() -> None:
    pass


def _prepare(directory: Path, platform: "DemoPlatform | None", post: Callable[[object], None]) -> None:
    """Make sure that this kiosk is enrolled; a demo enrols itself."""
    from kiosk.demo import enrol_demo
    from offline_queue.store import open_store

    try:
        if platform is not None:
            access = platform.start()
            enrol_demo(directory, access)
            sys.stderr.write(f"Staff page: {access.staff_url}  account {access.account}  password {access.password}\n")
            sys.stderr.write(f"A volunteer signs in (替家人办, 我有工作证, 按密码) with {access.volunteer}\n")
        else:
            with open_store(directory) as store:
                store.enrolled()
    except Fault as fault:
        full = fault.code is FaultCode.DISK_FULL  # that passes, and says so on the screen until it does
        post(None if full else fault)
        return
    post(None)
