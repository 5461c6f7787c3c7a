"""Who may sign in to the staff pages: accounts, passwords, sessions, lock-outs."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select

from gateway.audit import Deed, record
from gateway.database import Database, Staff, StaffSession, WrongPasswords
from gateway.settings import Settings

OPERATOR = "operator"
"""Stands in the record for whoever works at the gateway's own machine; nobody can have it as an account."""
PASSWORD_CHARACTERS_MIN = 10
PASSWORD_CHARACTERS_MAX = 200

_hasher = PasswordHasher()
# Compared against when the account does not exist, so that the answer takes as long as for one that does.
_nobody = _hasher.hash(secrets.token_urlsafe(16))


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A browser that may go on; `cookie` is the only copy of the secret."""

    cookie: str
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongPassword:
    """Account or password is wrong; which of them is not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedOut:
    """Too many wrong passwords for this account."""

    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The signed-in person behind a request."""

    account: str
    name: str
    form_token: str
    """Stands in every form of this session; a form without it is refused."""


def put_staff(database: Database, *, account: str, name: str, password: str, now: datetime) -> None:
    """Create an account, or give an existing one a new name and password and end its sessions.

    Raises ValueError when the account name is empty or the password has fewer than 10 or more than 200 characters.
    """
    if account.strip() in ("", OPERATOR) or not PASSWORD_CHARACTERS_MIN <= len(password) <= PASSWORD_CHARACTERS_MAX:
        msg = "an account needs a name of its own, and a password of 10 to 200 characters"
        raise ValueError(msg)
    password_hash = _hasher.hash(password)
    with database.writing() as rows:
        staff = rows.get(Staff, account)
        if staff is None:
            rows.add(Staff(account=account, name=name, password_hash=password_hash, made_at=now))
        else:
            staff.name, staff.password_hash, staff.disabled = name, password_hash, False
            rows.execute(delete(StaffSession).where(StaffSession.account == account))
        rows.execute(delete(WrongPasswords).where(WrongPasswords.account_hash == _hash(account)))


def sign_in(
    database: Database, settings: Settings, *, account: str, password: str, now: datetime
) -> SignedIn | WrongPassword | LockedOut:
    """Check a password and open a session; five wrong ones close the account's door for a while."""
    subject = _hash(account)
    with database.reading() as rows:
        locked = rows.get(WrongPasswords, subject)
        staff = rows.get(Staff, account)
    if locked is not None and locked.locked_until is not None and locked.locked_until > now:
        return LockedOut(until=locked.locked_until)
    known = staff is not None and not staff.disabled
    # The hashing takes its 50 ms outside of any transaction.
    fits = _password_fits(staff.password_hash if staff is not None else _nobody, password)
    with database.writing() as rows:
        wrong = rows.get(WrongPasswords, subject)
        if known and fits:
            if wrong is not None:
                rows.delete(wrong)
            long_over = now - timedelta(hours=settings.staff_session_hours)
            rows.execute(delete(StaffSession).where(StaffSession.started_at < long_over))
            cookie = secrets.token_urlsafe(32)
            rows.add(
                StaffSession(
                    cookie_hash=_hash(cookie),
                    account=account,
                    form_token=secrets.token_urlsafe(24),
                    started_at=now,
                    seen_at=now,
                )
            )
            record(rows, account=account, deed=Deed.SIGNED_IN, now=now)
            return SignedIn(cookie=cookie, account=account)
        wait = timedelta(minutes=settings.wrong_password_minutes)
        if wrong is None or now - wrong.last_at > wait:
            if wrong is not None:
                rows.delete(wrong)
                rows.flush()
            wrong = WrongPasswords(account_hash=subject, count=0, locked_until=None, last_at=now)
            rows.add(wrong)
        wrong.count += 1
        wrong.last_at = now
        if wrong.count >= settings.wrong_passwords_max:
            wrong.locked_until = now + wait
            wrong.count = 0
            record(rows, account=account if known else "", deed=Deed.LOCKED_OUT, now=now)
            return LockedOut(until=wrong.locked_until)
    return WrongPassword()


def person_of(
    database: Database,
    settings: Settings,
    *,
    cookie: str,
    now: datetime,
    by_themselves: bool = True,
    even_idle: bool = False,
) -> Person | None:
    """Return who is behind a cookie, or None when the session is unknown, old or idle.

    `by_themselves` is off for requests a page makes on its own: they do not keep a session awake. `even_idle` is for
    calls: they must ring at a desk nobody has touched for an hour. It wakes nothing: what is idle stays idle.
    """
    if not cookie:
        return None
    with database.reading() as rows:
        session = rows.get(StaffSession, _hash(cookie))
        staff = None if session is None else rows.get(Staff, session.account)
    if session is None or staff is None or staff.disabled:
        return None
    if now - session.started_at > timedelta(hours=settings.staff_session_hours):
        with database.writing() as rows:
            rows.execute(delete(StaffSession).where(StaffSession.cookie_hash == session.cookie_hash))
        return None
    idle = now - session.seen_at > timedelta(minutes=settings.staff_idle_minutes)
    if idle and not even_idle:
        return None
    if by_themselves and not idle and now - session.seen_at > timedelta(minutes=1):
        with database.writing() as rows:
            seen = rows.get(StaffSession, session.cookie_hash)
            if seen is not None:
                seen.seen_at = now
    return Person(account=staff.account, name=staff.name, form_token=session.form_token)


def sign_out(database: Database, *, cookie: str, account: str, now: datetime) -> None:
    """End a session; the cookie is worth nothing from here on."""
    with database.writing() as rows:
        record(rows, account=account, deed=Deed.SIGNED_OUT, now=now)
        rows.execute(delete(StaffSession).where(StaffSession.cookie_hash == _hash(cookie)))


def name_of(database: Database, account: str) -> str:
    """Return the name residents hear of somebody who may sign in; raises ValueError for anybody else."""
    with database.reading() as rows:
        known = rows.get(Staff, account)
    if known is None or known.disabled:
        msg = "there is no such account"
        raise ValueError(msg)
    return known.name


def accounts(database: Database) -> list[tuple[str, str]]:
    """Return (account, name) of everybody who may sign in."""
    with database.reading() as rows:
        found = rows.scalars(select(Staff).where(Staff.disabled.is_(False)).order_by(Staff.account))
        return [(staff.account, staff.name) for staff in found]


def _password_fits(password_hash: str, password: str) -> bool:
    if len(password) > PASSWORD_CHARACTERS_MAX:
        return False
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
