"""librime through ctypes: the part of its C API that a keyboard needs.

The layout is that of `rime_api.h`: structures begin with their own size, and the table of functions only ever grows at
its end, so what is declared here fits librime 1.5 to 1.13 and whatever comes after them. librime keeps one state for a
whole process: `start` may be called once, and every call goes through one lock, for librime has none of its own.
"""

import ctypes
import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from petition.errors import Bug, Fault, FaultCode

LIBRARY: Final = "librime.so.1"
PACKAGES: Final = "librime1 rime-essay rime-data-luna-pinyin rime-data-stroke"
"""What apt must install; Debian 13 and Ubuntu 24.04 find librime1t64 by this name too."""

_ONLY_FATAL: Final = 3
_SIZE_FIELD: Final = ctypes.sizeof(ctypes.c_int)

# In the order of rime_api.h; those after the last one used are left out.
# fmt: off
_FUNCTIONS: Final = (
    "setup", "set_notification_handler", "initialize", "finalize", "start_maintenance", "is_maintenance_mode",
    "join_maintenance_thread", "deployer_initialize", "prebuild", "deploy", "deploy_schema", "deploy_config_file",
    "sync_user_data", "create_session", "find_session", "destroy_session", "cleanup_stale_sessions",
    "cleanup_all_sessions", "process_key", "commit_composition", "clear_composition", "get_commit", "free_commit",
    "get_context", "free_context", "get_status", "free_status", "set_option", "get_option", "set_property",
    "get_property", "get_schema_list", "free_schema_list", "get_current_schema", "select_schema", "schema_open",
    "config_open", "config_close", "config_get_bool", "config_get_int", "config_get_double", "config_get_string",
    "config_get_cstring", "config_update_signature", "config_begin_map", "config_next", "config_end",
    "simulate_key_sequence", "register_module", "find_module", "run_task", "get_shared_data_dir", "get_user_data_dir",
    "get_sync_dir", "get_user_id", "get_user_data_sync_dir", "config_init", "config_load_string", "config_set_bool",
    "config_set_int", "config_set_double", "config_set_string", "config_get_item", "config_set_item", "config_clear",
    "config_create_list", "config_create_map", "config_list_size", "config_begin_list", "get_input", "get_caret_pos",
    "select_candidate", "get_version", "set_caret_pos", "select_candidate_on_current_page", "candidate_list_begin",
    "candidate_list_next", "candidate_list_end", "user_config_open", "candidate_list_from_index",
)
# fmt: on


class _Traits(ctypes.Structure):
    _fields_ = (
        ("data_size", ctypes.c_int),
        ("shared_data_dir", ctypes.c_char_p),
        ("user_data_dir", ctypes.c_char_p),
        ("distribution_name", ctypes.c_char_p),
        ("distribution_code_name", ctypes.c_char_p),
        ("distribution_version", ctypes.c_char_p),
        ("app_name", ctypes.c_char_p),
        ("modules", ctypes.POINTER(ctypes.c_char_p)),
        ("min_log_level", ctypes.c_int),
        ("log_dir", ctypes.c_char_p),
        ("prebuilt_data_dir", ctypes.c_char_p),
        ("staging_dir", ctypes.c_char_p),
    )


class _Candidate(ctypes.Structure):
    _fields_ = (("text", ctypes.c_char_p), ("comment", ctypes.c_char_p), ("reserved", ctypes.c_void_p))


class _CandidateList(ctypes.Structure):
    _fields_ = (("ptr", ctypes.c_void_p), ("index", ctypes.c_int), ("candidate", _Candidate))


class _Commit(ctypes.Structure):
    _fields_ = (("data_size", ctypes.c_int), ("text", ctypes.c_char_p))


class _Context(ctypes.Structure):
    _fields_ = (
        ("data_size", ctypes.c_int),
        # RimeComposition
        ("length", ctypes.c_int),
        ("cursor_pos", ctypes.c_int),
        ("sel_start", ctypes.c_int),
        ("sel_end", ctypes.c_int),
        ("preedit", ctypes.c_char_p),
        # RimeMenu
        ("page_size", ctypes.c_int),
        ("page_no", ctypes.c_int),
        ("is_last_page", ctypes.c_int),
        ("highlighted", ctypes.c_int),
        ("num_candidates", ctypes.c_int),
        ("candidates", ctypes.c_void_p),
        ("select_keys", ctypes.c_void_p),
        ("commit_text_preview", ctypes.c_void_p),
        ("select_labels", ctypes.c_void_p),
    )


class _Config(ctypes.Structure):
    _fields_ = (("ptr", ctypes.c_void_p),)


class _Api(ctypes.Structure):
    _fields_ = (("data_size", ctypes.c_int), *((name, ctypes.c_void_p) for name in _FUNCTIONS))


_Session = ctypes.c_size_t
_SIGNATURES: Final[dict[str, tuple[Any, ...]]] = {
    # name: (result, arguments…)
    "setup": (None, ctypes.POINTER(_Traits)),
    "initialize": (None, ctypes.POINTER(_Traits)),
    "finalize": (None,),
    "deployer_initialize": (None, ctypes.POINTER(_Traits)),
    "deploy_schema": (ctypes.c_int, ctypes.c_char_p),
    "deploy_config_file": (ctypes.c_int, ctypes.c_char_p, ctypes.c_char_p),
    "create_session": (_Session,),
    "destroy_session": (ctypes.c_int, _Session),
    "select_schema": (ctypes.c_int, _Session, ctypes.c_char_p),
    "process_key": (ctypes.c_int, _Session, ctypes.c_int, ctypes.c_int),
    "commit_composition": (ctypes.c_int, _Session),
    "get_commit": (ctypes.c_int, _Session, ctypes.POINTER(_Commit)),
    "free_commit": (ctypes.c_int, ctypes.POINTER(_Commit)),
    "get_context": (ctypes.c_int, _Session, ctypes.POINTER(_Context)),
    "free_context": (ctypes.c_int, ctypes.POINTER(_Context)),
    "get_input": (ctypes.c_char_p, _Session),
    "select_candidate": (ctypes.c_int, _Session, ctypes.c_size_t),
    "candidate_list_from_index": (ctypes.c_int, _Session, ctypes.POINTER(_CandidateList), ctypes.c_int),
    "candidate_list_next": (ctypes.c_int, ctypes.POINTER(_CandidateList)),
    "candidate_list_end": (None, ctypes.POINTER(_CandidateList)),
    "schema_open": (ctypes.c_int, ctypes.c_char_p, ctypes.POINTER(_Config)),
    "config_get_bool": (ctypes.c_int, ctypes.POINTER(_Config), ctypes.c_char_p, ctypes.POINTER(ctypes.c_int)),
    "config_close": (ctypes.c_int, ctypes.POINTER(_Config)),
    "get_version": (ctypes.c_char_p,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """Where librime reads and writes."""

    shared: Path
    """The public dictionaries, as the distribution installs them; read only."""
    tables: Path
    """What was built of them; read only while typing."""
    scratch: Path
    """What librime believes to be its user's home, its log folder included: in memory, gone at exit."""


class Librime:
    """The functions of librime that are used here, with the types they take. Raises Fault when it is not installed."""

    def __init__(self) -> None:
        try:
            library = ctypes.CDLL(LIBRARY)
            library.rime_get_api.restype = ctypes.POINTER(_Api)
            api = library.rime_get_api().contents
        except (OSError, AttributeError, ValueError):
            raise Fault(FaultCode.KEYBOARD_ENGINE_MISSING, f"install it: apt install {PACKAGES}") from None
        if api.data_size + _SIZE_FIELD < ctypes.sizeof(_Api):
            raise Fault(FaultCode.KEYBOARD_ENGINE_MISSING, "librime is older than 1.5; install a newer librime1")
        self.folders: Folders | None = None
        self._lock = threading.Lock()
        self._functions = {
            name: ctypes.CFUNCTYPE(*signature)(getattr(api, name)) for name, signature in _SIGNATURES.items()
        }
        self._alive: list[object] = []  # librime and its logger keep pointers to the strings they were started with

    @contextmanager
    def calls(self) -> Iterator[dict[str, Any]]:
        """The functions by name, for as long as nobody else calls them."""
        with self._lock:
            yield self._functions

    def version(self) -> str:
        """Such as "1.8.5"."""
        with self.calls() as call:
            return _text(call["get_version"]())

    def start(self, folders: Folders, *, build: bool = False) -> None:
        """Set librime up, once a process: to type, or (`build`) to build tables into `folders.tables`."""
        if self.folders is not None:
            raise Bug("librime-started-twice")
        self.folders = folders
        # Named one by one: "default" would load every plugin it finds, the Lua interpreter included.
        modules = (ctypes.c_char_p * 4)(b"core", b"dict", b"levers" if build else b"gears", None)
        traits = _Traits(
            data_size=ctypes.sizeof(_Traits) - _SIZE_FIELD,
            shared_data_dir=bytes(folders.shared),
            user_data_dir=bytes(folders.scratch),
            distribution_name=b"petition kiosk",
            distribution_code_name=b"petition-kiosk",
            distribution_version=b"1",
            app_name=b"rime.petition-kiosk",
            modules=modules,
            min_log_level=_ONLY_FATAL,
            log_dir=bytes(folders.scratch),
            prebuilt_data_dir=bytes(folders.shared / "build"),
            staging_dir=bytes(folders.tables),
        )
        self._alive += [modules, traits]
        with self.calls() as call:
            call["setup"](ctypes.byref(traits))
            call["deployer_initialize" if build else "initialize"](ctypes.byref(traits))

    def stop(self) -> None:
        """Let go of everything; nothing may be called after it."""
        with self.calls() as call:
            call["finalize"]()
            call.clear()  # a thread that is late gets a KeyError, not a crash

    def build_configuration(self, name: str) -> bool:
        """Resolve NAME of the scratch folder into the tables' folder."""
        with self.calls() as call:
            return bool(call["deploy_config_file"](name.encode(), b"config_version"))

    def build_schema(self, file: Path) -> bool:
        """Resolve a schema and build what its dictionary lacks: milliseconds to a minute."""
        with self.calls() as call:
            return bool(call["deploy_schema"](bytes(file)))

    def remembers(self, schema: str) -> bool:
        """Whether a schema, as it was built, writes what is typed into a user dictionary. Unknown counts as yes."""
        config, value = _Config(), ctypes.c_int(1)
        with self.calls() as call:
            if not call["schema_open"](schema.encode(), ctypes.byref(config)):
                return True
            known = call["config_get_bool"](ctypes.byref(config), b"translator/enable_user_dict", ctypes.byref(value))
            call["config_close"](ctypes.byref(config))
        return not known or bool(value.value)

    def open_session(self, schema: str) -> int:
        """A fresh session; 0 when there is none to be had."""
        with self.calls() as call:
            session: int = call["create_session"]()
            if session and not call["select_schema"](session, schema.encode()):
                call["destroy_session"](session)
                session = 0
        return session

    def close_session(self, session: int) -> None:
        """Destroy a session with all it remembers of what was typed."""
        with self.calls() as call:
            call["destroy_session"](session)

    def press(self, session: int, keycode: int) -> bool:
        """Feed one X11 keysym; false when librime has no use for it."""
        with self.calls() as call:
            return bool(call["process_key"](session, keycode, 0))

    def letters(self, session: int) -> str:
        """The letters being composed, as they were typed."""
        with self.calls() as call:
            return _text(call["get_input"](session))

    def preedit(self, session: int) -> str:
        """The letters being composed, cut into syllables, behind the words already chosen."""
        context = _Context(data_size=ctypes.sizeof(_Context) - _SIZE_FIELD)
        with self.calls() as call:
            if not call["get_context"](session, ctypes.byref(context)):
                return ""
            preedit = _text(context.preedit)
            call["free_context"](ctypes.byref(context))
        return preedit

    def candidates(self, session: int, start: int, count: int) -> tuple[str, ...]:
        """Up to COUNT candidates from the START-th on."""
        found: list[str] = []
        rows = _CandidateList()
        with self.calls() as call:
            if not call["candidate_list_from_index"](session, ctypes.byref(rows), start):
                return ()
            while len(found) < count and call["candidate_list_next"](ctypes.byref(rows)):
                found.append(_text(rows.candidate.text))
            call["candidate_list_end"](ctypes.byref(rows))
        return tuple(found)

    def choose(self, session: int, index: int) -> bool:
        """Take the INDEX-th of all candidates."""
        with self.calls() as call:
            return bool(call["select_candidate"](session, index))

    def commit(self, session: int) -> None:
        """Turn all that is composed into text, as it stands."""
        with self.calls() as call:
            call["commit_composition"](session)

    def committed(self, session: int) -> str:
        """The text that became ready since this was last asked."""
        commit = _Commit(data_size=ctypes.sizeof(_Commit) - _SIZE_FIELD)
        with self.calls() as call:
            if not call["get_commit"](session, ctypes.byref(commit)):
                return ""
            text = _text(commit.text)
            call["free_commit"](ctypes.byref(commit))
        return text


@functools.cache
def librime() -> Librime:
    """The process's one librime. Raises Fault when it is not installed."""
    return Librime()


def _text(value: bytes | None) -> str:
    """A dictionary is a file somebody else wrote: bytes that are no UTF-8 are dropped, not raised."""
    return (value or b"").decode("utf-8", "ignore")
