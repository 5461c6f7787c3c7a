"""Fetching one large file over HTTP; what was broken off goes on where it stopped, and a file is whole or not there."""

import hashlib
import re
from pathlib import Path
from urllib.parse import urlsplit

import requests

from kiosk.model_archive import Progress, require_room
from offline_queue.files import PART, private_folder, rename_durably, storage_faults
from petition.errors import Fault, FaultCode

CONNECT_SECONDS = 10.0
READ_SECONDS = 60.0
MOST_REDIRECTS = 5
MOST_BYTES = 8 * 2**30
_PIECE_BYTES = 256 * 1024
_ETAG = ".etag"


def download(url: str, folder: Path, *, proxy: str = "", progress: Progress = lambda *_: None) -> Path:
    """Return the whole file at an http or https address, kept in `folder` under a name of its own.

    Raises Fault(BAD_INPUT) for what is no address, Fault(DOWNLOAD_FAILED) when it can't be had, Fault(DISK_FULL)
    before its bytes are fetched where there is no room for them. What came until then stays for the next try.
    """
    _check(url)
    place = private_folder(folder) / f".{hashlib.sha256(url.encode()).hexdigest()[:16]}.zip"
    part, mark = place.with_name(place.name + PART), place.with_name(place.name + _ETAG)
    with requests.Session() as session:
        session.trust_env = False  # as on the way to the platform: no proxy and no passwords of the environment
        session.max_redirects = MOST_REDIRECTS
        session.proxies = {"http": proxy, "https": proxy} if proxy else {}
        try:
            _fetch(session, url, part, mark, progress)
        except (requests.RequestException, OSError) as error:
            if isinstance(error, requests.RequestException):
                raise _failed(_reason(error)) from None
            with storage_faults("the folder of models"):
                raise
    with storage_faults("the folder of models"):
        rename_durably(part, place)
        mark.unlink(missing_ok=True)
    return place


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        usable = False
    if not usable:
        raise Fault(FaultCode.BAD_INPUT, "this is no address of a file: it begins with https:// and names a host")


def _fetch(session: requests.Session, url: str, part: Path, mark: Path, progress: Progress) -> None:
    """Fetch what is missing of a file into `part`."""
    etag = mark.read_text("ascii", "replace") if mark.is_file() else ""
    there = part.stat().st_size if etag and part.is_file() else 0
    asked = {"Accept-Encoding": "identity"}
    if there:
        asked |= {"Range": f"bytes={there}-", "If-Range": etag}
    with session.get(url, headers=asked, stream=True, timeout=(CONNECT_SECONDS, READ_SECONDS)) as answer:
        goes_on = answer.status_code == requests.codes.partial_content and _begins_at(answer) == there > 0
        if not goes_on and answer.status_code != requests.codes.ok:
            if answer.status_code == requests.codes.requested_range_not_satisfiable:
                part.unlink(missing_ok=True)  # more is here than there: begin anew
            raise _failed(f"the server answers {answer.status_code}")
        if url.startswith("https:") and not answer.url.startswith("https:"):
            raise _failed("the server sends to an address that anybody on the way can change")
        there = there if goes_on else 0
        length = answer.headers.get("Content-Length", "")
        whole = there + int(length) if length.isdecimal() else 0
        if whole > MOST_BYTES:
            raise _failed("it is too large for a model")
        require_room(part.parent, whole - there)
        tag = answer.headers.get("ETag", "")
        # A weak tag doesn't promise the same bytes.
        mark.write_text(tag if re.fullmatch(r'"[\x21\x23-\x7e]{1,200}"', tag) else "", "ascii")
        with part.open("ab" if goes_on else "wb") as file:
            for piece in answer.iter_content(_PIECE_BYTES):
                file.write(piece)
                there += len(piece)
                progress(there, whole)
                if there > MOST_BYTES:
                    raise _failed("it is too large for a model")
    if whole and there != whole:
        raise _failed("the connection broke off; run it again, and it goes on where it stopped")


def _begins_at(answer: requests.Response) -> int:
    said = re.fullmatch(r"bytes ([0-9]{1,15})-[0-9]+/[0-9*]+", answer.headers.get("Content-Range", ""))
    return int(said[1]) if said else -1


def _reason(error: requests.RequestException) -> str:
    match error:
        case requests.exceptions.SSLError():
            return "the server's certificate is not valid: look at this machine's clock"
        case requests.TooManyRedirects():
            return "the server sends from one address to the next"
        case requests.exceptions.ChunkedEncodingError():
            return "the connection broke off; run it again, and it goes on where it stopped"
        case requests.Timeout():
            return "the server doesn't answer; run it again, and it goes on where it stopped"
        case _:
            return "the server can't be reached: look at the address and the network"


def _failed(why: str) -> Fault:
    return Fault(FaultCode.DOWNLOAD_FAILED, f"the file can't be had: {why}")
