"""Every scanner of this kiosk but the one that types, which the window tells from typing."""

from typing import TYPE_CHECKING

from kiosk.configuration import Scanner
from petition.ports import Post
from petition.scan import CAMERA_STEPS

if TYPE_CHECKING:  # the first screen is shown before these are loaded
    from kiosk.scanning.camera import Camera
    from kiosk.scanning.serial_scanner import SerialScanner


class Scanners:
    """What is configured of them. `launch` them once, `shut_down` at the end."""

    def __init__(self, scanner: Scanner, post: Post) -> None:
        """Make none yet: the first screen does not wait for them."""
        self._scanner, self._post = scanner, post
        self._serial: SerialScanner | None = None
        self._camera: Camera | None = None
        self._step = ""

    def launch(self) -> None:
        """Begin to read."""
        if self._scanner.device:
            from kiosk.scanning.serial_scanner import SerialScanner

            self._serial = SerialScanner(self._scanner.device, self._post, baud=self._scanner.baud)
            self._serial.launch()
        if self._scanner.camera:
            from kiosk.scanning.camera import Camera

            self._camera = Camera(self._scanner.camera, self._post)
            self._camera.launch()

    def follow(self, step: str) -> None:
        """Have the camera look on steps that ask for a slip, and on no others."""
        if step == self._step:
            return
        self._step = step
        if self._camera is not None:
            (self._camera.look if step in CAMERA_STEPS else self._camera.rest)()

    @property
    def camera_looks(self) -> bool:
        """Whether the camera is on."""
        return self._camera is not None and self._camera.looking

    def shut_down(self) -> None:
        """Close them all."""
        for each in (self._serial, self._camera):
            if each is not None:
                each.shut_down()
