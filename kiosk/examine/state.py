"""The state directory, what lies in it, and the platform it belongs to."""

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

from kiosk.configuration import Configuration
from kiosk.connection import open_client
from kiosk.examine.finding import Finding, care, missing, ok
from offline_queue.client import Refused, Sent, Unreachable
from offline_queue.database import DATABASE, open_database
from offline_queue.identity import Identity, load
from offline_queue.keys import KEY_FILE, LocalKey, local_key
from offline_queue.store import open_store
from petition.errors import Fault, FaultCode

SHORT_BYTES = 500 * 2**20
"""Some forty hours of sound."""
LITTLE_BYTES = 20 * 2**20
MOUNTS = Path("/proc/self/mounts")
_FAR = ("nfs", "cifs", "smb", "9p", "fuse.sshfs", "fuse.davfs", "afs", "ceph", "glusterfs")


def examine_state(configuration: Configuration, directory: Path) -> list[Finding]:
    """Examine the folder, the key, the database, the enrolment and the way to the platform, as far as each is there."""
    found = [_folder(directory), *_disk(directory)]
    if not (directory / KEY_FILE).exists():
        return [*found, _not_enrolled()]
    try:
        key = local_key(directory)
    except Fault as fault:
        return [
            *found,
            missing("key", f"本机密钥用不了：{fault.remedy}", f"the local key can't be used: {fault.remedy}"),
        ]
    found.append(_key(key))
    found.append(database := _database(directory, key))
    try:
        identity = load(directory, key)
    except Fault as fault:
        return [*found, missing("enrolment", f"登记坏了：{fault.remedy}", f"the enrolment is damaged: {fault.remedy}")]
    if identity is None:
        return [*found, _not_enrolled()]
    found.append(
        ok("enrolment", f"已登记：{identity.kiosk_name}。", f"enrolled as {identity.kiosk_id} at {identity.url}.")
    )
    found.append(platform(configuration, identity))
    if database.part == "database" and database.condition == "ok":
        found += _queue(directory)
    return found


def _folder(directory: Path) -> Finding:
    part = "state"
    if not directory.exists():
        parent = next(folder for folder in directory.parents if folder.exists())
        return _writable(parent) or ok(
            part, "状态目录还没有，第一次登记时会建。", "no state directory yet: enrolling makes it."
        )
    if problem := _writable(directory):
        return problem
    if directory.stat().st_mode & 0o077:
        return care(
            part,
            "状态目录别人也能看：下次启动会改成 0700。",
            "others may look into the state directory: the next start makes it 0700.",
        )
    if (kind := filesystem(directory)).startswith(_FAR):
        return missing(
            part,
            f"状态目录在网络盘上（{kind}）：断电时会丢，请换到本机硬盘。",
            f"the state directory is on a network disk ({kind}), which loses data: put it on a local one.",
        )
    return ok(part, "状态目录能用，别人看不到。", "the state directory works and is private.")


def _writable(folder: Path) -> Finding | None:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"\0" * 4096)
            file.flush()
    except OSError as error:
        return missing(
            "state",
            f"状态目录写不进去（{error.strerror}）：请检查硬盘和权限。",
            f"the state directory can't be written ({error.strerror}): look at the disk and its permissions.",
        )
    return None


def filesystem(path: Path, mounts: Path = MOUNTS) -> str:
    """Return the type of the file system a path lies on, "" where that can't be known."""
    try:
        rows = [line.split() for line in mounts.read_text("utf-8", "replace").splitlines()]
    except OSError:
        return ""
    path = path.resolve()
    over = [(len(row[1]), row[2]) for row in rows if len(row) > 2 and path.is_relative_to(row[1])]
    return max(over, default=(0, ""))[1]


def _disk(directory: Path) -> list[Finding]:
    there = next((folder for folder in (directory, *directory.parents) if folder.exists()), Path("/"))
    free = shutil.disk_usage(there).free
    megabytes = free // 2**20
    if free < LITTLE_BYTES:
        return [
            missing(
                "disk",
                f"硬盘满了，只剩 {megabytes} MB：请腾出地方。",
                f"the disk is full ({megabytes} MB left): free some space.",
            )
        ]
    if free < SHORT_BYTES:
        return [care("disk", f"硬盘快满了，只剩 {megabytes} MB。", f"the disk is nearly full: {megabytes} MB left.")]
    return [ok("disk", f"硬盘还有 {megabytes} MB。", f"{megabytes} MB free.")]


def _key(key: LocalKey) -> Finding:
    if key.weak:
        return care(
            "key",
            "本机密钥只是一个文件：偷走硬盘的人能看到没交完的草稿。已交的看不到。请给硬盘加密。",
            "the local key is a file: whoever steals the disk reads unfinished drafts (not what was filed).",
        )
    return ok("key", "本机密钥保管得好。", "the local key is well kept.")


def _database(directory: Path, key: LocalKey) -> Finding:
    part = "database"
    if not (directory / DATABASE).exists():
        return ok(part, "数据库还没有，会自己建。", "no database yet: it makes itself.")
    try:
        database = open_database(directory, key.derive("database"))
        try:
            damaged = bool(database.damage())
        finally:
            database.close()
    except Fault as fault:
        if fault.code is not FaultCode.DATABASE_DAMAGED:
            return missing(part, f"数据库打不开：{fault.remedy}", f"the database can't be opened: {fault.remedy}")
        damaged = True
    if damaged:
        return care(
            part,
            "数据库坏了：下次启动会放到 damaged 里，再从文件重建，已交的不会丢。",
            "the database is damaged: the next start puts it into `damaged` and rebuilds it; nothing filed is lost.",
        )
    return ok(part, "数据库完好。", "the database is whole.")


def _not_enrolled() -> Finding:
    return missing(
        "enrolment",
        "还没登记：请向平台要登记码，然后运行 kiosk enrol 网址 登记码。",
        "not enrolled: ask the platform for a code, then run kiosk enrol URL CODE.",
    )


def platform(configuration: Configuration, identity: Identity) -> Finding:
    """Ask the platform for its catalogue, to see whether it answers."""
    part = "platform"
    with open_client(configuration.platform, identity) as client:
        answer = client.catalogue()
    match answer:
        case Sent():
            return ok(part, "平台有回应。", "the platform answers.")
        case Refused(code=code):
            return care(
                part,
                f"平台不认这台机器（{code.value}）：请问平台管理员。",
                f"the platform refuses this kiosk ({code.value}): ask its operators.",
            )
        case Unreachable(reason="not-the-platform"):
            return care(
                part,
                "回应的不是平台：可能要先在上网登录页登录，或者有代理。诉求照收，先存着。",
                "something else answers at the platform's address: sign in to the network, or look at its proxy. "
                "Petitions are taken and kept meanwhile.",
            )
        case Unreachable(reason="certificate"):
            return care(
                part,
                "平台的证书不对：请检查时钟和证书。诉求照收，先存着。",
                "the platform's certificate is not valid: look at this machine's clock and at the certificate. "
                "Petitions are taken and kept meanwhile.",
            )
        case Unreachable(reason=reason):
            return care(
                part,
                f"连不上平台（{reason}）：请检查网络。诉求照收，先存着。",
                f"the platform can't be reached ({reason}): look at the network. "
                "Petitions are taken and kept meanwhile.",
            )


def _queue(directory: Path) -> list[Finding]:
    """Look at clock, numbers and queue; the database was found whole before."""
    with open_store(directory) as store:
        clock, depth, left = store.clock(), store.depth(), store.numbers_left()
        unbroken = store.audit_unbroken()
    offset = timedelta(milliseconds=clock.offset_milliseconds)
    found = [
        ok("clock", "时钟准。", f"the clock is right (offset {offset.total_seconds():+.1f} s).")
        if clock.trusted
        else care(
            "clock",
            "时钟没核对过，或者差得多：回执上会写「时间以平台登记为准」。联网同步一次就好。",
            f"the clock was not confirmed lately or is off ({offset.total_seconds():+.0f} s): slips say that the "
            "platform's time counts. A sync confirms it; set the clock when it is off.",
        )
    ]
    if left == 0:
        found.append(
            missing("numbers", "回执号用完了：请连上网络。", "no receipt numbers left: connect to the network.")
        )
    else:
        found.append(ok("numbers", f"还能开 {left} 张回执。", f"{left} receipt numbers left."))
    waiting = f"{depth.waiting} waiting, {depth.parked} parked"
    if depth.parked:
        found.append(
            care(
                "queue",
                f"{depth.parked} 件没送成：请看 kiosk queue list。",
                f"{waiting}: see kiosk queue list, then kiosk queue retry.",
            )
        )
    else:
        found.append(ok("queue", f"{depth.waiting} 件在等着送。", f"{waiting}."))
    if not unbroken:
        found.append(
            care("audit", "操作记录被改过：请告诉管理员。", "the audit log is broken: tell whoever is responsible.")
        )
    return found
