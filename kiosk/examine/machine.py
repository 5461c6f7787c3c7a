"""What this machine may write down of what residents say, without anybody having asked it to."""

import os
import re
from pathlib import Path

from kiosk.examine.finding import Finding, care, ok
from kiosk.hardening import is_hardened

SWAPS = Path("/proc/swaps")
CUPS = Path("/etc/cups/cupsd.conf")


def swap(swaps: Path = SWAPS, block_devices: Path = Path("/sys/dev/block")) -> Finding:
    """Look whether memory may be written to a disk in clear."""
    try:
        lines = swaps.read_text("ascii", "replace").splitlines()[1:]
    except OSError:
        lines = []
    used = [line.split()[0] for line in lines if line.split()]
    if bare := [path for path in used if not _is_safe_swap(path, block_devices)]:
        return care(
            "swap",
            f"交换区没有加密（{'、'.join(bare)}）：请关掉或加密，否则居民的话可能写进硬盘。",
            f"swap is not encrypted ({', '.join(bare)}): switch it off or encrypt it: what residents say may reach it.",
        )
    return ok("swap", "没有不加密的交换区。", "no unencrypted swap.")


def _is_safe_swap(path: str, block_devices: Path) -> bool:
    if re.fullmatch(r"/dev/zram[0-9]+", path):
        return True  # compressed, in memory
    try:
        found = Path(path).stat()
    except OSError:
        return False
    device = found.st_rdev or found.st_dev
    mapped = block_devices / f"{os.major(device)}:{os.minor(device)}" / "dm" / "uuid"
    try:
        return mapped.read_text("ascii", "replace").startswith("CRYPT-")
    except OSError:
        return False


def print_jobs(configuration: Path = CUPS) -> Finding:
    """Look whether the printing system keeps what was printed: by default it does, for a day."""
    part = "print-jobs"
    try:
        text = configuration.read_text("utf-8", "replace")
    except FileNotFoundError:
        return ok(part, "没有会留底的打印系统。", "no printing system that keeps jobs.")
    except OSError:
        return care(
            part,
            "打印系统会不会留底看不到：请确认 cupsd.conf 里有 PreserveJobFiles No。",
            "can't see whether CUPS keeps printed files: make sure that cupsd.conf says PreserveJobFiles No.",
        )
    said = re.findall(r"^[ \t]*PreserveJobFiles[ \t]+(\S+)", text, re.IGNORECASE | re.MULTILINE)
    if said and said[-1].lower() in {"no", "off", "false", "0"}:
        return ok(part, "打印系统不留底。", "CUPS keeps no printed files.")
    return care(
        part,
        "打印系统会留下打印过的文件：请在 cupsd.conf 里写上 PreserveJobFiles No。",
        "CUPS keeps printed files: write PreserveJobFiles No into cupsd.conf.",
    )


def core_dumps() -> Finding:
    """Look whether a crash of this process would leave its memory behind."""
    part = "core-dumps"
    if is_hardened():
        return ok(part, "崩溃时不留转储。", "a crash leaves no dump.")
    return care(part, "崩溃时会留下转储：请报告给开发者。", "a crash would leave a dump: please report this.")
