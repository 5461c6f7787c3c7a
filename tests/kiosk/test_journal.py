import gc
import io
import json
import logging
import stat
import sys
import threading
import warnings
from pathlib import Path
from typing import Any

import pytest

import kiosk.journal
from kiosk.journal import FILES_KEPT, journal, record, record_error
from petition.errors import Bug, Fault, FaultCode
from petition.journal import Entry

MARKER = "楼道灯坏了三个月"


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_line_says_when_and_what_as_json() -> None:
    written = io.StringIO()
    with journal(terminal=written):
        record(Entry.FAULT_MET, code=FaultCode.DISK_FULL, level=2)
    (line,) = lines(written)
    assert line["at"].endswith("Z")
    assert {k: v for k, v in line.items() if k != "at"} == {"event": "fault-met", "code": "disk-full", "level": 2}


def test_files_lie_in_a_folder_only_the_owner_may_look_into(tmp_path: Path) -> None:
    with journal(tmp_path):
        record(Entry.STARTED, version="0.1.0")
    folder = tmp_path / "journal"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert json.loads((folder / "kiosk.jsonl").read_text())["event"] == "started"


def test_old_files_make_room_for_new_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kiosk.journal, "BYTES_MAX", 1000)
    with journal(tmp_path):
        for _ in range(200):
            record(Entry.PETITION_FILED, number="102300012392")
    found = list((tmp_path / "journal").iterdir())
    assert len(found) == FILES_KEPT + 1
    assert all(path.stat().st_size <= 1000 for path in found)


def test_a_place_that_cannot_be_written_costs_the_log_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "journal").write_text("a file where the folder should be")
    written = io.StringIO()
    with journal(tmp_path, terminal=written):
        record(Entry.STARTED)
    assert len(lines(written)) == 1


def test_what_an_error_says_never_gets_in() -> None:
    written = io.StringIO()
    with journal(terminal=written):
        for error in (ValueError(MARKER), Fault(FaultCode.DISK_FULL, MARKER), Bug("broken")):
            try:
                raise error
            except (ValueError, Fault, Bug) as caught:
                record_error(caught)
    assert MARKER not in written.getvalue()
    by_type, by_code, bug = lines(written)
    assert (by_type["type"], by_code["code"], bug["code"]) == ("ValueError", "disk-full", "broken")
    assert by_type["places"].startswith("test_journal:")


def test_what_libraries_log_and_python_warns_of_is_noted_without_its_text() -> None:
    written = io.StringIO()
    with journal(terminal=written), warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        logging.getLogger("urllib3.connectionpool").warning("retrying %s", MARKER)
        warnings.warn(MARKER, stacklevel=1)
    assert MARKER not in written.getvalue()
    assert [line["logger"] for line in lines(written)] == ["urllib3.connectionpool", "py.warnings"]


def test_an_error_nobody_caught_is_noted_wherever_it_happened() -> None:
    class Dropped:
        def __del__(self) -> None:
            raise ValueError(MARKER)

    def fail() -> None:
        raise KeyError(MARKER)

    written = io.StringIO()
    with journal(terminal=written):
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        Dropped()
        gc.collect()
    assert [line["type"] for line in lines(written)] == ["KeyError", "ValueError"]
    assert MARKER not in written.getvalue()


def test_python_is_as_it_was_afterwards() -> None:
    before = logging.getLogger().handlers[:], threading.excepthook
    with journal(terminal=io.StringIO()):
        pass
    assert (logging.getLogger().handlers[:], threading.excepthook) == before


def test_an_error_that_was_noted_is_not_kept_with_all_its_variables() -> None:
    error = ZeroDivisionError()
    # As Python does before it calls the hook, for a debugger that may come.
    kept = {"last_type": type(error), "last_value": error, "last_traceback": None}
    for name, value in kept.items():
        setattr(sys, name, value)
    with journal(terminal=io.StringIO()):
        sys.excepthook(type(error), error, None)
    assert [name for name in kept if hasattr(sys, name)] == []
