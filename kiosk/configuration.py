"""What an operator decides, in one TOML file: read once at the start, checked whole, frozen from then on.

    kiosk --config FILE …        else $XDG_CONFIG_HOME/petition-kiosk/kiosk.toml, else /etc/petition-kiosk/kiosk.toml,
                                 else the defaults below

`docs/operators.md` has every key with its meaning; a test holds that page to these models. Nothing secret stands here:
keys and tokens are made by enrolment and lie in the state directory.
"""

import ast
import difflib
import inspect
import itertools
import re
import secrets
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from kiosk.files import open_file
from kiosk.folders import default_files, default_state_directory
from kiosk.pads import pad_of
from kiosk.printable import printable
from petition.errors import Fault, FaultCode
from petition.model import Language, SpokenLanguage
from petition.pad import pad_keys
from petition.state import RATES, SIZES, THEMES, VOLUMES, Preferences, Rules
from petition.state import Emergency as EmergencyNumbers
from petition.wedge import PREFIX_CHARACTERS, Suffix
from voice.voices import refusal

BAUDS = (1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200)
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_MAX_BYTES = 1_000_000
_SALT_BYTES = 32
_PROBLEMS_TOLD = 3
_KEY_CHARACTERS_TOLD = 60
_PROBLEM_CHARACTERS_TOLD = 300


def _one_of(*allowed: float | str) -> AfterValidator:
    def check(value: float | str) -> float | str:
        if value not in allowed:
            raise ValueError(f"must be one of {', '.join(map(str, allowed))}")
        return value

    return AfterValidator(check)


def _absolute(path: Path) -> Path:
    if not str(path).isprintable():
        raise ValueError("must be a path without control characters")
    with suppress(RuntimeError):  # ~ of somebody this machine doesn't know
        path = path.expanduser()
    if not path.is_absolute():
        raise ValueError("must be a whole path, beginning with / or ~/")
    return path


def _file(path: Path) -> Path:
    path = _absolute(path)
    if not path.is_file():
        raise ValueError("must name a file that is there")
    return path


def _address(url: str) -> str:
    parts = _parts(url)
    usable = parts and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK))
    if url and (not parts or not usable or parts.username or parts.query or parts.fragment):
        raise ValueError("must be an address like https://petitions.example.org")
    return url.rstrip("/")


def _proxy(url: str) -> str:
    parts = _parts(url)
    if url and (not parts or parts.scheme not in {"http", "https"}):
        raise ValueError("must be an address like http://proxy.example.org:3128")
    return url


def _parts(url: str) -> SplitResult | None:
    """Return the parts of an address that names a host, None for any other text."""
    try:
        parts = urlsplit(url)
        names_a_host = bool(parts.hostname) and parts.port != 0
    except ValueError:  # a bracket that is not closed, a port there is none of
        return None
    return parts if names_a_host and url.isprintable() and " " not in url else None


def _model(name: str) -> str:
    if name.startswith(("~", "/")):
        return str(_absolute(Path(name)))
    if name and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._+-]*", name):
        raise ValueError("must be the name of an installed model, or a whole path beginning with / or ~/")
    return name


def _voices(chosen: dict[str, str]) -> dict[str, str]:
    for language, voice in chosen.items():
        if why := refusal(language, voice):
            raise ValueError(why)
    return chosen


def _device(name: str) -> str:
    pad_of(name, {})
    return name


def _pad(named: dict[str, str]) -> dict[str, str]:
    pad_keys(named)
    return named


def _queue(name: str) -> str:
    if name and (not name.isprintable() or re.search(r"[\s/#?]", name)):
        raise ValueError("must be the name of a queue, as lpstat -e has it")
    return name


def _printer_address(address: str) -> str:
    parts = _parts(f"//{address}")
    if address and (not parts or parts.netloc != address or parts.username is not None):
        raise ValueError("must be a name or an address, like 192.168.1.50 or 192.168.1.50:9100")
    return address


def _printer_device(device: str) -> str:
    if device and not re.fullmatch(r"/dev/[A-Za-z0-9._/+-]+|usb:[0-9a-fA-F]{4}:[0-9a-fA-F]{4}", device):
        raise ValueError("must be a serial line like /dev/ttyUSB0, or usb: and two numbers, like usb:04b8:0e28")
    return device


def _device_file(device: str) -> str:
    if device and not re.fullmatch(r"/dev/[A-Za-z0-9._:/+-]+", device):
        raise ValueError("must be a device, like /dev/ttyACM0")
    return device


def _picture_camera(device: str) -> str:
    if device and not re.fullmatch(r"auto|/dev/[A-Za-z0-9._:/+-]+|lavfi:[ -~]+", device):
        raise ValueError("must be a device, like /dev/video0, or auto")
    return device


def _folders(paths: list[str]) -> list[str]:
    return [str(_absolute(Path(path))) for path in paths]


def _switching(bytes_: str) -> str:
    if not re.fullmatch(r"([0-9A-Fa-f]{2} ?){1,32}", bytes_):
        raise ValueError("must be bytes as two hexadecimal digits each, up to 32: A00101A2")
    return bytes_


def _prefix(typed: str) -> str:
    if not re.fullmatch(rf"[!-~]{{0,{PREFIX_CHARACTERS}}}", typed):
        raise ValueError(f"must be up to {PREFIX_CHARACTERS} letters, digits or signs without spaces, or empty")
    return typed


def _telephone(number: str) -> str:
    if not re.fullmatch(r"[0-9+ -]{3,20}", number):
        raise ValueError("must be a telephone number")
    return number


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Kiosk(_Section):
    """This machine."""

    state_directory: Annotated[Path, Field(strict=False), AfterValidator(_absolute)] | None = None
    """Where everything is kept, encrypted; on a local disk. By default `petition-kiosk` in `$XDG_DATA_HOME`."""


class Screen(_Section):
    """The glass, and how it looks to somebody who has chosen nothing yet."""

    width_px: int | None = Field(default=None, ge=640, le=16_384)
    """Pixels across, 640 to 16384, together with height_px; by default the display is asked."""
    height_px: int | None = Field(default=None, ge=480, le=16_384)
    """Pixels down, 480 to 16384, together with width_px; by default the display is asked."""
    diagonal_inch: float | None = Field(default=None, ge=5, le=120)
    """The diagonal it is sold by, 5 to 120: letters and buttons are measured by it; else the display is asked."""
    full_screen: bool = True
    """Whether the kiosk covers the whole screen."""
    size: Annotated[str, _one_of(*SIZES)] = "larger"
    """Size of the text at the beginning of each visit: normal, large, larger, largest."""
    theme: Annotated[str, _one_of(*THEMES)] = "light"
    """Colours at the beginning of each visit: light, dark, medium, low."""
    language: Language = Field(default=Language.SIMPLIFIED, strict=False)
    """Written language at the beginning of each visit: zh_Hans, zh_Hant, en."""

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.width_px is None) != (self.height_px is None):
            raise ValueError("width_px and height_px go together: give both, or neither")
        return self


class Voice(_Section):
    """Ears and mouth."""

    microphone: str = Field(default="", max_length=200)
    """The microphone's name as the sound system has it, or a part of it; empty: the system's own choice."""
    speaker: str = Field(default="", max_length=200)
    """The loudspeaker's, likewise."""
    headphones: str = Field(default="", max_length=200)
    """A part of the name or description that the sound server has for headphones on USB; a card's socket needs none."""
    spoken: SpokenLanguage = Field(default=SpokenLanguage.MANDARIN, strict=False)
    """Spoken language at the beginning of each visit: cmn (Mandarin), yue (Cantonese), en."""
    rate: Annotated[float, _one_of(*RATES)] = 1.0
    """How fast it speaks at the beginning of each visit: 0.5, 0.65, 0.8, 1.0, 1.25, 1.6, 2.0."""
    volume: Annotated[float, _one_of(*VOLUMES)] = 0.6
    """How loud it is at the beginning of each visit: 0.1, 0.2, 0.35, 0.6, 1.0."""
    voices: Annotated[dict[str, str], AfterValidator(_voices)] = Field(default={})
    """Another espeak-ng voice for a language: { cmn = "cmn-latn-pinyin+f3", yue = "yue+m7", en = "en-us" }."""
    model: Annotated[str, AfterValidator(_model)] = Field(default="", max_length=500)
    """What makes out words: an installed model's name, a whole path, or demo; empty: the last installed, else demo."""
    listen_when_idle: bool = False
    """Whether the welcome screen already listens for its words; else a touch, key or card opens the ears."""
    barge_in: bool = False
    """Whether it can be told to stop speaking while it speaks; only with headphones or a measured echo canceller."""
    screen_reader: bool = False
    """Whether a screen reader (Orca) speaks on this machine: then the kiosk says nothing itself, but for its beeps."""


class Keys(_Section):
    """Keys beside the screen."""

    device: Annotated[str, AfterValidator(_device)] = Field(default="", max_length=100)
    """A pad or switches that the kiosk knows: ez-access, five-keys, two-switches; empty: none of them."""
    pad: Annotated[dict[str, str], AfterValidator(_pad)] = Field(default={})
    """What other keys do, or the device's instead, by scan code: { 103 = "previous", 108 = "next", 28 = "press" }."""
    double_strike_seconds: float = Field(default=0.3, ge=0, le=0.5)
    """A second press of an answer sooner than this, 0 to 0.5, by touch or key, counts once: the hand trembled."""
    same_key_seconds: float = Field(default=0, ge=0, le=0.5)
    """Likewise for letters, digits and keys that move on, 0 to 0.5; with 0 each press counts."""


class Printer(_Section):
    """Paper."""

    kind: Annotated[str, _one_of("", "cups", "escpos")] = ""
    """How receipts are printed: cups (by the printing system), escpos (a receipt printer itself); empty: not at all."""
    queue: Annotated[str, AfterValidator(_queue)] = Field(default="", max_length=127)
    """The queue's name, for cups: kiosk doctor lists those there are."""
    address: Annotated[str, AfterValidator(_printer_address)] = Field(default="", max_length=255)
    """The receipt printer's name or address in the network, for escpos, with :port where it is not 9100."""
    device: Annotated[str, AfterValidator(_printer_device)] = Field(default="", max_length=255)
    """Or its serial line, like /dev/ttyUSB0, or its numbers on USB, as lsusb has them: usb:04b8:0e28."""
    baud: Annotated[int, _one_of(9600, 19_200, 38_400, 57_600, 115_200)] = 9600
    """The speed of a serial line: 9600, 19200, 38400, 57600, 115200."""
    paper: Annotated[str, _one_of("80mm", "58mm", "A4")] = "80mm"
    """What is in it: 80mm, 58mm, or A4 (for cups only)."""
    residents: bool = False
    """Whether residents are offered a slip at the end; else the screen says that staff print one."""
    large_print: bool = False
    """Whether slips are printed large: 18 point and more, on more paper."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.kind == "cups" and not self.queue:
            raise ValueError('needs queue with kind = "cups"')
        if self.kind == "escpos" and bool(self.address) == bool(self.device):
            raise ValueError('needs either address or device with kind = "escpos"')
        if self.kind == "escpos" and self.paper == "A4":
            raise ValueError('can\'t have paper A4 with kind = "escpos": that is a roll')
        return self


class Scanner(_Section):
    """What reads the code of a slip."""

    keyboard: bool = True
    """Whether what is typed as fast as a handheld scanner types is taken for one, and gets into no field."""
    prefix: Annotated[str, AfterValidator(_prefix)] = ""
    """What it types before each code, up to 4 characters; with one, no key of a person is held back for a moment."""
    suffix: Suffix = Field(default=Suffix.EITHER, strict=False)
    """The key it ends a code with: enter, tab, either, none."""
    device: Annotated[str, AfterValidator(_device_file)] = ""
    """A scanner on a serial line, from /dev/serial/by-id, or /dev/ttyACM0; empty: none."""
    baud: Annotated[int, _one_of(*BAUDS)] = 9600
    """Its speed on RS-232: 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200; on USB any will do."""
    camera: Annotated[str, AfterValidator(_device_file)] = ""
    """A camera that reads slips when the screen asks for one, from /dev/v4l/by-id, or /dev/video0; empty: none."""


class Card(_Section):
    """What reads a resident's identity card."""

    port: Annotated[str, AfterValidator(_device_file)] = ""
    """The serial line of a reader for resident cards, from /dev/serial/by-id, or /dev/ttyUSB0; empty: none."""
    baud: Annotated[int, _one_of(9600, 19_200, 38_400, 57_600, 115_200)] = 115_200
    """Its speed: 9600, 19200, 38400, 57600, 115200; readers come set to the last."""


class Pictures(_Section):
    """Where pictures come from."""

    camera: Annotated[str, AfterValidator(_picture_camera)] = Field(default="", max_length=500)
    """A camera for pictures: /dev/v4l/by-id/…, /dev/video0, or auto for the first that gives pictures; empty: none."""
    stick: Annotated[list[str], AfterValidator(_folders)] = Field(default=["/media", "/run/media"], max_length=20)
    """Folders below which USB sticks are mounted, or which have pictures themselves; [] takes none from sticks."""


class Bell(_Section):
    """What rings besides the loudspeaker when somebody calls for a person."""

    relay: Annotated[str, AfterValidator(_device_file)] = ""
    """A USB relay for a lamp or a bell, from /dev/serial/by-id, or /dev/ttyUSB0; empty: none."""
    on: Annotated[str, AfterValidator(_switching)] = "A00101A2"
    """The bytes that switch it on, in hexadecimal; these are the LCUS-1's."""
    off: Annotated[str, AfterValidator(_switching)] = "A00100A1"
    """The bytes that switch it off."""


class Time(_Section):
    """How long the kiosk waits."""

    idle_seconds: float = Field(default=180, ge=120, le=300)
    """So long without a touch or a word, 120 to 300, and it asks whether somebody is there."""
    warning_seconds: int = Field(default=30, ge=20, le=120)
    """So long it goes on asking, 20 to 120, before it wipes the visit."""
    pause_seconds: float = Field(default=3, ge=2, le=8)
    """A pause this long in what is being said, 2 to 8, brings the soft question whether that was all."""
    ending_seconds: float = Field(default=6, ge=3, le=30)
    """So much more silence, 3 to 30, ends the recording."""


class Platform(_Section):
    """The other side."""

    url: Annotated[str, AfterValidator(_address)] = ""
    """Its address when it has moved since this kiosk was enrolled; empty: the one it was enrolled at."""
    ca_bundle: Annotated[Path, Field(strict=False), AfterValidator(_file)] | None = None
    """Certificates (PEM) to trust instead of the public ones, for a platform with a certificate of its own."""
    proxy: Annotated[str, AfterValidator(_proxy)] = ""
    """The HTTP proxy on the way to the platform; empty: none. The environment's proxies are not used."""
    hotline: Annotated[str, AfterValidator(_telephone)] = "12345"
    """The telephone number the kiosk offers when it can't help."""
    spread_seconds: float = Field(default=300, ge=0, le=3600)
    """A kiosk that starts waits a random part of this, 0 to 3600, before it sends, so that not all begin at once."""


class Emergency(_Section):
    """Whom to phone where it cannot wait."""

    fire: Annotated[str, AfterValidator(_telephone)] = "119"
    """Fire and gas."""
    medical: Annotated[str, AfterValidator(_telephone)] = "120"
    """An ambulance."""
    crime: Annotated[str, AfterValidator(_telephone)] = "110"
    """The police."""
    care: Annotated[str, AfterValidator(_telephone)] = "12356"
    """Somebody to talk to, for who despairs; 12356 is the national line, a place may have one of its own."""


class Configuration(_Section):
    """Everything an operator decides."""

    kiosk: Kiosk = Kiosk()
    screen: Screen = Screen()
    voice: Voice = Voice()
    keys: Keys = Keys()
    printer: Printer = Printer()
    scanner: Scanner = Scanner()
    pictures: Pictures = Pictures()
    card: Card = Card()
    bell: Bell = Bell()
    time: Time = Time()
    platform: Platform = Platform()
    emergency: Emergency = Emergency()


def state_directory(configuration: Configuration) -> Path:
    """Return where this kiosk keeps its state; the folder need not exist yet."""
    return configuration.kiosk.state_directory or default_state_directory()


def models_directory(configuration: Configuration) -> Path:
    """Return where recognition models are installed; the folder need not exist yet."""
    return state_directory(configuration) / "models"


def load_configuration(path: Path | None = None) -> Configuration:
    """Read a configuration file, or the one in its usual place, or take the defaults.

    Raises Fault(BAD_CONFIGURATION) whose one line names the file, the key and what it may be.
    """
    if path is None:
        path = next((usual for usual in default_files() if usual.is_file()), None)
        if path is None:
            return Configuration()
    content = _read(path)
    try:
        return Configuration.model_validate(content)
    except OSError as error:  # of a path in it
        raise _bad(path, f"can't be read ({error.strerror})") from None
    except ValidationError as error:
        problems = error.errors(include_url=False)
        said = [printable(_said(problem), longest=_PROBLEM_CHARACTERS_TOLD) for problem in problems[:_PROBLEMS_TOLD]]
        more = len(problems) - len(said)
        raise _bad(path, "; ".join([*said, f"and {more} more"] if more else said)) from None


def _read(path: Path) -> dict[str, Any]:
    try:
        file, _ = open_file(path)
        with file:
            content = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise _bad(path, f"can't be read ({error.strerror})") from None
    if len(content) > _MAX_BYTES:
        raise _bad(path, "is larger than 1 MB: that is no configuration")
    try:
        return tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise _bad(path, "is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise _bad(path, f"is not TOML: {printable(str(error), longest=_PROBLEM_CHARACTERS_TOLD)}") from None
    except ValueError:  # Python reads no number of more than 4,300 digits
        raise _bad(path, "is not TOML: there is a number with too many digits in it") from None
    except RecursionError:
        raise _bad(path, "is not TOML: brackets in brackets, too many of them") from None


def rules(configuration: Configuration) -> Rules:
    """Return what of it the heart goes by."""
    screen, voice, time = configuration.screen, configuration.voice, configuration.time
    return Rules(
        preferences=Preferences(
            size=screen.size,
            theme=screen.theme,
            language=screen.language,
            spoken=voice.spoken,
            rate=voice.rate,
            volume=voice.volume,
        ),
        idle_seconds=time.idle_seconds,
        warning_seconds=time.warning_seconds,
        pause_seconds=time.pause_seconds,
        ending_seconds=time.ending_seconds,
        hotline=configuration.platform.hotline,
        emergency=EmergencyNumbers(**configuration.emergency.model_dump()),
        residents_print=configuration.printer.residents,
        camera=bool(configuration.scanner.camera),
        stick=bool(configuration.pictures.stick),
        cards=bool(configuration.card.port),
        salt=secrets.token_bytes(_SALT_BYTES),
        listen_when_idle=voice.listen_when_idle,
        screen_reader=voice.screen_reader,
    )


def keys() -> Iterator[tuple[str, str, Any, str]]:
    """Yield (section, key, default, meaning) of everything that can be set; the reference page is made of it."""
    for section, field in Configuration.model_fields.items():
        meanings = _meanings(type(field.default))
        for key, setting in type(field.default).model_fields.items():
            yield section, key, setting.default, meanings.get(key, "")


def _meanings(section: type[_Section]) -> dict[str, str]:
    """Return the docstring below each key of a section; read from the source: the start must not wait for it."""
    body = ast.parse(inspect.getsource(section)).body[0]
    parts = body.body if isinstance(body, ast.ClassDef) else []
    return {
        key.target.id: meaning.value.value.strip()
        for key, meaning in itertools.pairwise(parts)
        if isinstance(key, ast.AnnAssign)
        and isinstance(key.target, ast.Name)
        and isinstance(meaning, ast.Expr)
        and isinstance(meaning.value, ast.Constant)
        and isinstance(meaning.value.value, str)
    }


def _bad(path: Path, said: str) -> Fault:
    return Fault(FaultCode.BAD_CONFIGURATION, f"{printable(str(path))}: {said}")


def _said(detail: ErrorDetails) -> str:
    """Return one problem in words: the key, and what it may be. Values are not repeated."""
    location = [str(part) for part in detail["loc"]]
    key = ".".join(printable(part, longest=_KEY_CHARACTERS_TOLD) for part in location)
    match detail["type"]:
        case "extra_forbidden":
            return f"{key} is not a key here{_meant(location)}"
        case "value_error":
            return f"{key} {detail['msg'].removeprefix('Value error, ')}".strip()
        case "enum":
            return f"{key} must be {detail['ctx']['expected']}"
        case "model_type" | "dict_type" | "model_attributes_type":
            return f"{key} must be a section: write [{key}]"
        case _:
            return f"{key} {_lowered(detail['msg'].removeprefix('Input '))}"


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def _names(section: _Section) -> Iterator[str]:
    return iter(type(section).model_fields)


def _meant(location: list[str]) -> str:
    known = [f"{name}.{key}" for name, field in Configuration.model_fields.items() for key in _names(field.default)]
    if len(location) == 1:
        sections = list(Configuration.model_fields)
        near = difflib.get_close_matches(location[0], sections, 1) or [
            k for k in known if k.endswith(f".{location[0]}")
        ]
        return f": did you mean {near[0]}?" if near else f": the sections are {', '.join(sections)}"
    here = [key.partition(".")[2] for key in known if key.startswith(f"{location[0]}.")]
    near = difflib.get_close_matches(location[1], here, 1)
    return f": did you mean {location[0]}.{near[0]}?" if near else f": [{location[0]}] has {', '.join(here)}"
