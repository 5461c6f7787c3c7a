"""Fetching a file from a server that says nothing, sends elsewhere or stops: the disk is never filled, nor left so."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kiosk import model_archive
from kiosk.download import download
from petition.errors import Fault, FaultCode
from tests.kiosk.commands_support import CommandLine
from tests.kiosk.loopback import Quiet, serving

MEGABYTE = 2**20


@dataclass(slots=True)
class Stream:
    """A server on loopback that sends a megabyte at a time and never says how many."""

    headers: dict[str, str] = field(default_factory=dict)
    megabytes: int = 64
    location: str = ""
    """Where it sends to, from `url` on."""
    asked: list[str] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def stream() -> Iterator[Stream]:
    stream = Stream()

    class Handler(Quiet):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # noqa: N802 - http.server's name
            stream.asked.append(self.headers.get("Range", ""))
            if stream.location and self.path == "/model.zip":
                self.send_response(302)
                self.send_header("Location", stream.location)
                self.send_header("Content-Length", "0")
                self.send_header("Connection", "close")
                self.end_headers()
                return
            self.send_response(200)
            for name, value in {"Transfer-Encoding": "chunked", **stream.headers}.items():
                self.send_header(name, value)
            self.send_header("Connection", "close")
            self.end_headers()
            try:
                for _ in range(stream.megabytes):
                    self.wfile.write(b"100000\r\n" + bytes(MEGABYTE) + b"\r\n")
                self.wfile.write(b"0\r\n\r\n")
            except OSError:
                pass  # whoever asked has heard enough

    with serving(Handler) as address:
        stream.url = f"{address}/model.zip"
        yield stream


def names(folder: Path) -> list[str]:
    return sorted(path.suffix for path in folder.iterdir())


@pytest.mark.parametrize("headers", [{}, {"ETag": '"one"'}], ids=["no tag", "tag"])
def test_a_file_of_unknown_length_leaves_residents_their_room(
    stream: Stream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    stream.headers = headers
    fetched: list[int] = []

    def fill(done: int, _whole: int) -> None:
        fetched.append(done)
        monkeypatch.setattr(model_archive, "SPARE_BYTES", 2**60)  # from now on there is no room

    with pytest.raises(Fault) as fault:
        download(stream.url, tmp_path, progress=fill)
    assert fault.value.code is FaultCode.DISK_FULL
    assert fetched[-1] < 16 * MEGABYTE
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("headers", "kept"),
    [({}, []), ({"ETag": 'W/"weak"'}, []), ({"ETag": '"one"'}, [".etag", ".part"])],
    ids=["no tag", "weak tag", "tag"],
)
def test_ctrl_c_keeps_only_what_can_be_gone_on_with(
    stream: Stream, tmp_path: Path, headers: dict[str, str], kept: list[str]
) -> None:
    stream.headers = headers

    def stop(done: int, _whole: int) -> None:
        if done > MEGABYTE:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        download(stream.url, tmp_path, progress=stop)
    assert names(tmp_path) == kept
    stream.megabytes = 2
    assert download(stream.url, tmp_path).stat().st_size == 2 * MEGABYTE
    assert bool(stream.asked[1]) == bool(kept)


def test_nobody_is_told_that_it_goes_on_where_it_does_not(stream: Stream, tmp_path: Path) -> None:
    stream.headers, stream.megabytes = {"Transfer-Encoding": "", "Content-Length": str(2 * MEGABYTE)}, 1
    with pytest.raises(Fault, match=r"broke off; run it again$"):
        download(stream.url, tmp_path)
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/model.zip",
        "data:,model",
        "http://you:secret@127.0.0.1/model.zip",
        "https://",
        "http://[bad",
        "http://a..b/",
        "http://\xff\xfe/",
    ],
)
def test_a_server_that_sends_to_what_is_no_address_is_refused_in_one_line(
    kiosk: CommandLine, stream: Stream, location: str
) -> None:
    stream.location = location
    done = kiosk("model", "install", stream.url, "--sha256", "0" * 64)
    assert (done.code, done.error.count("\n"), "secret" in done.error) == (3, 1, False)
    assert FaultCode.DOWNLOAD_FAILED.value in done.error
    assert len(stream.asked) == 1
    assert [name for name in names(kiosk.state / "models") if name] == []


def test_a_server_may_send_to_another_address_but_not_for_ever(stream: Stream, tmp_path: Path) -> None:
    stream.location, stream.megabytes = "elsewhere.zip?signed=1", 1
    assert download(stream.url, tmp_path).stat().st_size == MEGABYTE
    stream.location = "/model.zip"
    with pytest.raises(Fault, match="from one address to the next"):
        download(stream.url, tmp_path)


def test_a_length_of_thousands_of_digits_is_told(stream: Stream, tmp_path: Path) -> None:
    stream.headers = {"Content-Length": "9" * 5000}
    with pytest.raises(Fault, match="can't be read"):
        download(stream.url, tmp_path)


def test_an_address_that_is_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(Fault) as fault:
        download("http://\udcff/model.zip", tmp_path)
    assert fault.value.code is FaultCode.BAD_INPUT
