"""How one gateway is run: where it keeps things, where it listens, how much it takes. Plain frozen values."""

from dataclasses import dataclass, field
from pathlib import Path

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything one gateway needs to be told; the defaults suit a single machine behind a TLS proxy."""

    directory: Path
    """Holds the database, the platform's keys and the sealed attachments; made with mode 0700."""
    host: str = "127.0.0.1"
    port: int = 8600
    """0 takes any free port."""
    public_host: str = ""
    """Host that stands in receipt QR codes; "" means the host and port the gateway listens on."""
    tls_in_front: bool = False
    """Whether browsers reach the staff pages by HTTPS; then cookies are sent over nothing else."""
    trusted_proxy: bool = False
    """Whether the address of the person asking is the last one in X-Forwarded-For, written by our own proxy."""
    demo: bool = False
    """Whether the demo's catalogue and staff account are seeded and the pages say that this is a demo."""

    webhook_url: str = field(default="", repr=False)
    """Where calls are passed on to; "" for nowhere. A group's robot has its key in it, so it is in no log."""
    webhook_secret: str = field(default="", repr=False)
    """What webhook messages are signed with; `whsec_` and base64, or any words."""
    webhook_body: str = "plain"
    """plain, wecom, dingtalk, or the path of a template of one's own."""
    webhook_sign: str = ""
    """header, dingtalk, or "" for what suits the body."""
    webhook_also: tuple[str, ...] = ()
    """What is passed on besides new calls: answered, over."""
    webhook_seconds: float = 10.0
    """How long the receiver has to answer."""
    staff_url: str = ""
    """Where staff reach the pages, as the webhook tells it; "" means at the public host, or where it listens."""

    utc_offset_hours: float = 8.0
    """Where people are told days and hours: the whole of China keeps one time, without summer time."""

    attachments_bytes_max: int = 256 * MIB
    """All attachments of one petition together, sealed."""
    patch_bytes_max: int = 4 * MIB
    """One PATCH of an upload; kiosks send 256 KiB."""

    staff_session_hours: float = 8.0
    staff_idle_minutes: float = 30.0
    wrong_passwords_max: int = 5
    wrong_password_minutes: float = 15.0
    wrong_codes_max: int = 5
    wrong_code_hours: float = 24.0
    wrong_codes_per_kiosk_max: int = 10
    """Wrong codes at one kiosk within an hour before its lookups by code are slowed."""
    sign_ins_per_minute: int = 20
    """Tries to sign in from one address."""
    phone_pages_per_minute: int = 30
    """Looks at /r/… from one address."""
    enrolments_per_minute: int = 10
    """Tries of an enrolment code from one address."""
    writes_per_second: float = 200.0
    """Petitions and events taken a second over time; above it kiosks are given slots to come back in."""
    writes_burst: int = 2000
    """How many may come at once before that."""
    page_of_updates: int = 100
    enrolment_code_hours: float = 72.0

    @property
    def database_path(self) -> Path:
        """The SQLite file."""
        return self.directory / "gateway.sqlite"

    @property
    def keys_path(self) -> Path:
        """The platform's private keys, mode 0600, never inside the database."""
        return self.directory / "platform-keys.json"

    @property
    def files_path(self) -> Path:
        """The sealed attachments, one file each."""
        return self.directory / "files"

    @property
    def catalogue_path(self) -> Path:
        """The operator's own catalogue; without it the demo's is published."""
        return self.directory / "catalogue.json"
