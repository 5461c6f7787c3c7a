"""The room of pictures: what the camera sees, what lies on a stick, what was drawn; and how it gets sealed on disk.

1. Everything asked for returns at once. A camera has a process of its own, a stick a thread that looks through it and
   one that reads its files, and one more thread, the darkroom, encodes and seals: it never waits for a stick.
2. A picture is made anew out of its pixels before it is kept: whatever else stood in a file (where, when, with which
   telephone) is not in it. It is sealed in memory; nothing of it is on the disk in clear, ever.
3. A visit that ended is forgotten: whatever was on its way for it is thrown away, and what was sealed too late is
   deleted again. Call `forget` before the draft is forgotten.
"""

import functools
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.configuration import Configuration
from kiosk.journal import record
from kiosk.pictures import stick
from kiosk.pictures.camera import Camera
from kiosk.pictures.decoding import KEPT_BOX, MOST_PICTURES, Decoder
from kiosk.pictures.worker import Urgency, Worker
from kiosk.storekeeper import Storekeeper
from petition import events as ev
from petition.errors import Fault, FaultCode
from petition.journal import Entry
from petition.model import Attachment, AttachmentKind
from petition.ports import Frame, Post

if TYPE_CHECKING:  # the first screen is shown before these are loaded
    from kiosk.pictures.pixels import Pixels
    from kiosk.pictures.signature import Strokes

SHOWN_BOX = (960, 720)
THUMBNAIL_BOX = (480, 360)
LOOK_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """A picture that is to be kept."""

    visit: int
    petition_id: str
    picture_id: str
    kind: AttachmentKind


class PictureRoom:
    """Carries out what a visit asks for pictures, and is its Viewfinder. `launch` it once, `shut_down` at the end."""

    def __init__(self, configuration: Configuration, storekeeper: Storekeeper, post: Post) -> None:
        """Nothing runs before `launch`, and nothing of pictures is loaded."""
        pictures = configuration.pictures
        self._storekeeper, self._post = storekeeper, post
        self._roots = tuple(pictures.stick)
        self._camera = Camera(pictures.camera, self._camera_told)
        self._decoder = Decoder()
        self._changed = threading.Condition(threading.RLock())
        """Guards everything below."""
        self._visit = 0
        self._taken: dict[str, set[str]] = {}
        """The pictures of each petition that count."""
        self._dropped: set[str] = set()
        self._shown: dict[str, Frame] = {}
        self._thumbnails: dict[str, Frame | None] = {}
        """By file; None while it is being made, and for one that can't be."""
        self._listing = stick.Listing()
        self._looking = 0
        """The how manieth looking through a stick it is; it goes on while this stays."""
        self._looks = self._closing = False
        self._files, self._darkroom = Worker("stick files"), Worker("darkroom")

    def launch(self) -> None:
        """Find out whether there is a camera; CameraFound or CameraLost follows."""
        self._files.launch()
        self._darkroom.launch()
        self._camera.launch()

    # --- asked by the session -----------------------------------------------------------------------------------------

    def open_camera(self) -> None:
        """Show what the camera sees; CameraLost follows where there is none, or when it goes away."""
        self._camera.open()

    def close_camera(self) -> None:
        """Let go of the camera; a picture that was just taken is still kept."""
        self._camera.close()

    def take(self, petition_id: str, picture_id: str, kind: AttachmentKind = AttachmentKind.PICTURE) -> None:
        """Keep what the camera sees; PictureTaken or PictureFailed follows."""
        wish = self._wish(petition_id, picture_id, kind)
        if wish is not None:
            self._camera.shoot(functools.partial(self._shot, wish))

    def look_for_pictures(self) -> None:
        """Look on sticks; PicturesFound follows, and again whenever it changes."""
        with self._changed:
            if self._looks or self._closing:
                return
            self._looks = True
            self._looking += 1
            number = self._looking
        threading.Thread(target=self._look, args=(number,), name="stick", daemon=True).start()

    def stop_looking(self) -> None:
        """Look on sticks no more, and forget what was on them; a picture that was just taken of one is still kept."""
        with self._changed:
            self._looks = False
            self._listing = stick.Listing()
            self._thumbnails.clear()
            self._changed.notify_all()
        self._decoder.rest()

    def take_file(
        self, petition_id: str, picture_id: str, file_id: str, kind: AttachmentKind = AttachmentKind.PICTURE
    ) -> None:
        """Keep a picture of a stick; PictureTaken or PictureFailed follows."""
        with self._changed:
            found = self._listing.found(file_id)
        wish = self._wish(petition_id, picture_id, kind)
        if wish is None:
            return
        if found is None:
            self._fail(wish, FaultCode.BAD_INPUT)  # the stick was pulled out before the finger came down
            return
        self._files.ask(functools.partial(self._keep_file, wish, found))

    def keep_signature(self, petition_id: str, picture_id: str, strokes: "Strokes") -> None:
        """Keep a name written with a finger, drawn anew; PictureTaken or PictureFailed follows."""
        wish = self._wish(petition_id, picture_id, AttachmentKind.SIGNATURE)
        if wish is not None:
            self._darkroom.ask(functools.partial(self._keep_signature, wish, strokes))

    def drop(self, petition_id: str, attachment_ids: tuple[str, ...]) -> None:
        """Delete what was sealed of these, and what is on its way to be."""
        with self._changed:
            for id_ in attachment_ids:
                self._dropped.add(id_)
                self._shown.pop(id_, None)
                self._taken.get(petition_id, set()).discard(id_)
        self._storekeeper.remove(attachment_ids)

    def live(self) -> Frame | None:
        """Return what the camera sees now, None while it sees nothing."""
        return self._camera.live()

    def picture(self, id_: str) -> Frame | None:
        """Return a picture that was taken, or one on the stick, small; None while it is not ready, or can't be had."""
        with self._changed:
            shown = self._shown.get(id_) or self._thumbnails.get(id_)
            found = None if shown is not None or id_ in self._thumbnails else self._listing.found(id_)
            if found is None:
                return shown
            self._thumbnails[id_] = None
            number = self._looking
        self._files.ask(functools.partial(self._make_thumbnail, number, id_, found), Urgency.SHOW)
        return None

    def forget(self) -> None:
        """Forget the visit: what was seen, shown, taken and found, and what is on its way."""
        with self._changed:
            self._visit += 1
            self._shown.clear()
            self._taken.clear()
            self._dropped.clear()
        self._camera.forget()
        self.stop_looking()
        self._files.forget()
        self._decoder.cancel()
        self._darkroom.forget()

    def shut_down(self) -> None:
        """End everything; the store is still needed until this returns."""
        with self._changed:
            self._closing = True
        self.forget()
        self._camera.shut_down()
        self._files.shut_down()
        self._darkroom.shut_down()

    # --- from other threads -------------------------------------------------------------------------------------------

    def _camera_told(self, there: bool) -> None:  # noqa: FBT001 (that is all it is told)
        self._post(ev.CameraFound() if there else ev.CameraLost())

    def _shot(self, wish: _Wish, pixels: "Pixels | None") -> None:
        """Have a picture of the camera kept; called on the camera's thread."""
        if pixels is None:
            self._fail(wish, FaultCode.CAMERA_LOST)
        else:
            self._darkroom.ask(functools.partial(self._keep, wish, pixels))

    def _look(self, number: int) -> None:
        """Look through sticks as long as nobody stops it."""
        before: stick.Seen | None = None
        while True:
            seen = stick.look(self._roots)
            with self._changed:
                if not self._looks or number != self._looking:
                    return
                files = self._listing.named(seen)
                there = {file.id for file in files}
                for gone in set(self._thumbnails) - there:
                    del self._thumbnails[gone]
            if seen.files:
                self._decoder.prepare()
            if seen != before:
                before = seen
                self._post(ev.PicturesFound(stick=seen.stick, files=files))
            with self._changed:
                self._changed.wait_for(lambda: not self._looks or number != self._looking, LOOK_SECONDS)

    # --- the files of a stick -----------------------------------------------------------------------------------------

    def _keep_file(self, wish: _Wish, found: stick.Found) -> None:
        """Have a file of a stick kept."""
        if not self._wanted(wish):
            return
        try:
            pixels = self._decoded(found, KEPT_BOX)
        except Fault as fault:
            self._fail(wish, fault.code)
        except Exception:
            self._fail(wish, FaultCode.BAD_INPUT)
            raise
        else:
            self._darkroom.ask(functools.partial(self._keep, wish, pixels))

    def _make_thumbnail(self, number: int, file_id: str, found: stick.Found) -> None:
        from kiosk.pictures.pixels import frame_of

        if not self._still_looks(number):
            return
        with suppress(Fault):
            pixels = self._decoded(found, THUMBNAIL_BOX)
            with self._changed:
                if file_id in self._thumbnails:
                    self._thumbnails[file_id] = frame_of(pixels, THUMBNAIL_BOX)

    def _decoded(self, found: stick.Found, box: tuple[int, int]) -> "Pixels":
        try:
            return self._decoder.decode(functools.partial(stick.pieces, found), box)
        finally:
            if self._looks:
                self._decoder.prepare()

    def _still_looks(self, number: int) -> bool:
        with self._changed:
            return self._looks and number == self._looking

    # --- the darkroom -------------------------------------------------------------------------------------------------

    def _keep(self, wish: _Wish, seen: "Pixels") -> None:
        """Make a picture anew and seal it."""
        from kiosk.pictures.pixels import fitted, frame_of, jpeg

        def made() -> tuple[bytes, str, Frame]:
            pixels = fitted(seen, KEPT_BOX)
            return jpeg(pixels), "image/jpeg", frame_of(pixels, SHOWN_BOX)

        try:
            self._seal(wish, made)
        finally:
            seen.fill(0)

    def _keep_signature(self, wish: _Wish, strokes: "Strokes") -> None:
        from kiosk.pictures.pixels import frame_of
        from kiosk.pictures.signature import drawn, encoded, on_paper

        def made() -> tuple[bytes, str, Frame]:
            grey = drawn(strokes)
            return *encoded(grey), frame_of(on_paper(grey), SHOWN_BOX)

        self._seal(wish, made)

    def _seal(self, wish: _Wish, make: Callable[[], tuple[bytes, str, Frame]]) -> None:
        if not self._wanted(wish):
            return
        try:
            plain, media_type, shown = make()
            attachment = Attachment(id=wish.picture_id, kind=wish.kind, media_type=media_type)
            kept = self._storekeeper.keep_picture(
                wish.petition_id, attachment, plain, functools.partial(self._wanted, wish)
            )
        except Fault as fault:
            self._fail(wish, fault.code)
            return
        except Exception:
            self._fail(wish, FaultCode.BAD_INPUT)
            raise
        if not kept:
            self._fail(wish, FaultCode.BAD_INPUT)  # its petition is filed or wiped
            return
        with self._changed:
            wanted = self._wanted(wish)
            if wanted:
                self._shown[wish.picture_id] = shown
        if not wanted:
            self._storekeeper.remove((wish.picture_id,))
            return
        record(Entry.PICTURE_KEPT, type=wish.kind)
        self._post(ev.PictureTaken(picture_id=wish.picture_id, attachment=attachment))

    # --- what is wanted -----------------------------------------------------------------------------------------------

    def _wish(self, petition_id: str, picture_id: str, kind: AttachmentKind) -> _Wish | None:
        """Write down that a picture is wanted; None, and PictureFailed, where there are too many already."""
        with self._changed:
            wish = _Wish(visit=self._visit, petition_id=petition_id, picture_id=picture_id, kind=kind)
            taken = self._taken.setdefault(petition_id, set())
            full = kind is AttachmentKind.PICTURE and len(taken) >= MOST_PICTURES
            if kind is AttachmentKind.PICTURE and not full:
                taken.add(picture_id)
        if full:
            self._fail(wish, FaultCode.BAD_INPUT)
            return None
        return wish

    def _wanted(self, wish: _Wish) -> bool:
        with self._changed:
            return wish.visit == self._visit and wish.picture_id not in self._dropped

    def _fail(self, wish: _Wish, code: FaultCode) -> None:
        """Tell that a picture was not kept, unless nobody wants to know any more."""
        if not self._wanted(wish):
            return
        with self._changed:
            self._taken.get(wish.petition_id, set()).discard(wish.picture_id)
        record(Entry.PICTURE_FAILED, code=code)
        self._post(ev.PictureFailed(picture_id=wish.picture_id, code=code))
