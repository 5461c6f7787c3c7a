"""Fetching one large file over HTTP; what was broken off goes on where it stopped, and a file is whole or not there."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests

from kiosk.model_archive import ETAG, Progress, discard, require_room
from offline_queue.files import PART, private_folder, rename_durably, storage_faults
from petition.errors import Fault, FaultCode

CONNECT_SECONDS = 10.0
READ_SECONDS = 60.0
MOST_REDIRECTS = 5
MOST_BYTES = 8 * 2**30
_PIECE_BYTES = 256 * 1024
_LOOK_AT_DISK_BYTES = 8 * 2**20


def download(url: str, folder: Path, *, proxy: str = "", progress: Progress = lambda *_: None) -> Path:
    """Return the whole file at an http or https address, kept in `folder` under a name of its own.

    Raises Fault(BAD_INPUT) for what is no address, Fault(DOWNLOAD_FAILED) when it can't be had, Fault(DISK_FULL) where
    there is no room for it and residents' petitions. What came until then stays for the next try, where the server can
    go on with it and the disk is not full.
    """
    if not _is_address(url):
        raise Fault(FaultCode.BAD_INPUT, "this is no address of a file: it begins with https:// and names a host")
    place = private_folder(folder) / f".{hashlib.sha256(url.encode()).hexdigest()[:16]}.zip"
    part, mark = place.with_name(place.name + PART), place.with_name(place.name + ETAG)
    with requests.Session() as session:
        session.trust_env = False  # as on the way to the platform: no proxy and no passwords of the environment
        session.proxies = {"http": proxy, "https": proxy} if proxy else {}
        with _kept_for_later(part, mark), storage_faults("the folder of models"):
            _fetch(session, url, part, mark, progress)
    with storage_faults("the folder of models"):
        rename_durably(part, place)
        mark.unlink(missing_ok=True)
    return place


def _is_address(url: str) -> bool:
    try:
        url.encode()
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        return False


@contextmanager
def _kept_for_later(part: Path, mark: Path) -> Iterator[None]:
    """Keep what came when the rest didn't only where it can be gone on with, and a full disk never."""
    try:
        yield
    except BaseException as error:
        if (isinstance(error, Fault) and error.code is FaultCode.DISK_FULL) or not _tag(mark):
            discard(part)
            discard(mark)
        raise


def _tag(mark: Path) -> str:
    return mark.read_text("ascii", "replace") if mark.is_file() else ""


def _fetch(session: requests.Session, url: str, part: Path, mark: Path, progress: Progress) -> None:
    """Fetch what is missing of a file into `part`."""
    etag = _tag(mark)
    there = part.stat().st_size if etag and part.is_file() else 0
    asked = {"Accept-Encoding": "identity"}
    if there:
        asked |= {"Range": f"bytes={there}-", "If-Range": etag}
    with _request_faults(mark), _ask(session, url, asked) as answer:
        goes_on = answer.status_code == requests.codes.partial_content and _begins_at(answer) == there > 0
        if not goes_on and answer.status_code != requests.codes.ok:
            if answer.status_code == requests.codes.requested_range_not_satisfiable:
                mark.unlink(missing_ok=True)  # more is here than there: begin anew
            raise _failed(f"the server answers {answer.status_code}")
        there = there if goes_on else 0
        length = answer.headers.get("Content-Length", "")
        whole = there + int(length) if length.isdecimal() else 0
        if whole > MOST_BYTES:
            raise _failed("it is too large for a model")
        require_room(part.parent, whole - there)
        if not goes_on:
            part.unlink(missing_ok=True)  # before its tag changes: never the bytes of one file under another's tag
            tag = answer.headers.get("ETag", "")
            # A weak tag doesn't promise the same bytes.
            mark.write_text(tag if re.fullmatch(r'"[\x21\x23-\x7e]{1,200}"', tag) else "", "ascii")
        look_at = there + _LOOK_AT_DISK_BYTES
        with part.open("ab") as file:
            for piece in answer.iter_content(_PIECE_BYTES):
                file.write(piece)
                there += len(piece)
                progress(there, whole)
                if there > MOST_BYTES:
                    mark.unlink()
                    raise _failed("it is too large for a model")
                if there >= look_at:  # nobody knows how much comes, or somebody else fills the disk, too
                    require_room(part.parent, max(whole - there, 0))
                    look_at = there + _LOOK_AT_DISK_BYTES
    if whole and there != whole:
        raise _failed(f"the connection broke off; {_again(mark)}")


def _ask(session: requests.Session, url: str, headers: dict[str, str]) -> requests.Response:
    """Return the answer of the address that another sends to, at last; each is looked at before it is asked."""
    for _ in range(MOST_REDIRECTS + 1):
        answer = session.get(
            url, headers=headers, stream=True, timeout=(CONNECT_SECONDS, READ_SECONDS), allow_redirects=False
        )
        if not answer.is_redirect:
            return answer
        answer.close()
        try:
            to = urljoin(url, session.get_redirect_target(answer))
        except ValueError:
            to = ""
        if not _is_address(to):
            raise _failed("the server sends to what is no address of a file")
        if urlsplit(url).scheme == "https" != urlsplit(to).scheme:
            raise _failed("the server sends to an address that anybody on the way can change")
        url = to
    raise _failed("the server sends from one address to the next")


@contextmanager
def _request_faults(mark: Path) -> Iterator[None]:
    """Turn what asking a server can raise into Fault(DOWNLOAD_FAILED)."""
    try:
        yield
    except requests.RequestException as error:
        raise _failed(_reason(error, _again(mark))) from None
    except ValueError:  # requests lets some of them through
        raise _failed("the server's address or answer can't be read") from None


def _again(mark: Path) -> str:
    return "run it again, and it goes on where it stopped" if _tag(mark) else "run it again"


def _begins_at(answer: requests.Response) -> int:
    said = re.fullmatch(r"bytes ([0-9]{1,15})-[0-9]+/[0-9*]+", answer.headers.get("Content-Range", ""))
    return int(said[1]) if said else -1


def _reason(error: requests.RequestException, again: str) -> str:
    match error:
        case requests.exceptions.SSLError():
            return "the server's certificate is not valid: look at this machine's clock"
        case requests.exceptions.ChunkedEncodingError():
            return f"the connection broke off; {again}"
        case requests.Timeout():
            return f"the server doesn't answer; {again}"
        case _:
            return "the server can't be reached: look at the address and the network"


def _failed(why: str) -> Fault:
    return Fault(FaultCode.DOWNLOAD_FAILED, f"the file can't be had: {why}")
