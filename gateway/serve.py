"""Running the gateway: in this process until it is stopped, or in a thread that can be stopped and started again."""

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import uvicorn

from gateway.app import create_app
from gateway.platform import Clock, Platform, utc_now
from gateway.settings import Settings
from petition.errors import Fault, FaultCode

GRACE_SECONDS = 3


class Served:
    """A gateway in a thread: stop it and start it, and it comes back on the same port with the same data."""

    def __init__(self, settings: Settings, clock: Clock = utc_now) -> None:
        self._settings = settings
        self._clock = clock
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._platform: Platform | None = None

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end; the port is known from the first start on."""
        return f"http://{self._settings.host}:{self._settings.port}"

    @property
    def settings(self) -> Settings:
        """How it runs, with the port it has."""
        return self._settings

    @property
    def platform(self) -> Platform:
        """The open platform, while it runs."""
        if self._platform is None:
            raise Fault(FaultCode.PLATFORM_UNREACHABLE, "the gateway is stopped")
        return self._platform

    def start(self) -> None:
        """Listen; a request made after this is answered. Does nothing when it runs already."""
        if self._thread is not None:
            return
        # Bound before the server runs: the first request waits in the socket instead of being turned away.
        listening = bind(self._settings)
        settings = replace(self._settings, port=listening.getsockname()[1])
        try:
            app = create_app(settings, self._clock)
        except Fault:
            listening.close()
            raise
        self._settings = settings
        self._platform = app.state.platform
        self._server = uvicorn.Server(_configuration(app))
        self._thread = threading.Thread(
            target=_serve_in_thread, args=(self._server, listening), name="gateway", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop listening and close everything. Does nothing when it is stopped already."""
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join()
        self._server = self._thread = self._platform = None


@contextmanager
def running(settings: Settings, clock: Clock = utc_now) -> Iterator[Served]:
    """Run a gateway in a thread while the block lasts; port 0 takes a free one."""
    served = Served(settings, clock)
    served.start()
    try:
        yield served
    finally:
        served.stop()


def serve(
    settings: Settings, *, started: Callable[[Platform, str], None], stop_when: threading.Event | None = None
) -> None:
    """Run a gateway in this thread until SIGINT or SIGTERM, or until `stop_when` is set.

    `started` is called with the platform and the address once requests are answered. Raises Fault as create_app and
    bind do.
    """
    listening = bind(settings)
    settings = replace(settings, port=listening.getsockname()[1])
    try:
        app = create_app(settings)
    except Fault:
        listening.close()
        raise
    server = uvicorn.Server(_configuration(app))
    if stop_when is not None:
        threading.Thread(target=_stop_server, args=(server, stop_when), daemon=True).start()
    started(app.state.platform, f"http://{settings.host}:{settings.port}")
    server.run(sockets=[listening])


def bind(settings: Settings) -> socket.socket:
    """Return a listening socket; raises Fault(BAD_CONFIGURATION) when the address is taken or not ours."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # Named TCP: asyncio switches the 40 ms of Nagle's algorithm off only where the socket says what it is.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((settings.host, settings.port))
        listening.listen(512)
    except OSError:
        listening.close()
        raise Fault(
            FaultCode.BAD_CONFIGURATION, f"{settings.host} port {settings.port} cannot be listened on; choose another"
        ) from None
    return listening


def _configuration(app: Callable[..., object]) -> uvicorn.Config:
    # No access log: the addresses of phone pages carry tags, and who asked when is nobody's business. Disabled by hand,
    # too: without handlers of its own it would still speak to whoever listens at the root.
    logging.getLogger("uvicorn.access").disabled = True
    return uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=GRACE_SECONDS,
        lifespan="on",
        ws="none",
    )


def _serve_in_thread(server: uvicorn.Server, listening: socket.socket) -> None:
    asyncio.run(server.serve(sockets=[listening]))


def _stop_server(server: uvicorn.Server, stop_when: threading.Event) -> None:
    stop_when.wait()
    server.should_exit = True
