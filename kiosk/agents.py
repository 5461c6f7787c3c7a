"""Lets volunteers and staff sign in to file for several people, and writes down what they did.

How a code is looked at is how a PIN of the staff desk is (kiosk/desk.py): counted as wrong on the store's thread before
anything else, compared on a thread of its own, and written down on the store's thread. A badge is only looked up.

Every `sign_in` posts one event, AgentSignedIn or SignInRefused, whatever the disk does, unless `leave` came between:
then whoever asked is gone, and nobody else is to be taken for them. What is refused tells how it stands with codes: a
badge that is nobody's is not counted.
"""

import threading
from functools import partial

from kiosk.asking import ask, tell_nobody
from kiosk.journal import record_error
from kiosk.storekeeper import Storekeeper
from offline_queue.people import Known, SignInTrial, fits
from offline_queue.protocol import PersonRole
from offline_queue.store import Store
from offline_queue.tries import Shut
from petition import events as ev
from petition.errors import FaultCode
from petition.model import Agent
from petition.ports import Post


class AgentRoom:
    """Who files for several people; every method returns at once."""

    def __init__(self, storekeeper: Storekeeper, post: Post) -> None:
        """`storekeeper` has the platform's list and the audit log."""
        self._storekeeper, self._post = storekeeper, post
        self._visit = 0
        """Counts who has left; the main thread's."""

    def sign_in(self, badge: str = "", code: str = "") -> None:
        """Look whose badge or code this is, exactly one of which is given; AgentSignedIn or SignInRefused follows."""
        visit = self._visit
        refused = partial(self._refused, visit=visit)
        if badge:
            ask(self._storekeeper, self._post, partial(self._by_badge, visit=visit, badge=badge), refused)
        else:
            ask(self._storekeeper, self._post, partial(self._begin, visit=visit, code=code), refused)

    def sign_out(self, agent: Agent, filed: int) -> None:
        """Write down that they file for nobody any more, and how many they filed for; nothing follows."""
        ask(self._storekeeper, self._post, lambda store: store.note_sign_out(agent.id, filed), tell_nobody)

    def leave(self) -> None:
        """Let nobody in by what was asked before: whoever stands there now did not ask it."""
        self._visit += 1

    def shut_down(self) -> None:
        """Tell nothing any more; what is to be written down still is."""
        self.leave()

    # --- on the store's thread ---------------------------------------------------------------------------------------

    def _by_badge(self, store: Store, *, visit: int, badge: str) -> ev.Event | None:
        known, standing = store.sign_in_by_badge(badge), store.sign_in_standing()
        wrong = ev.SignInRefused(tries_left=standing.tries_left, locked_minutes=standing.locked_minutes)
        return self._told(visit, known, wrong)

    def _begin(self, store: Store, *, visit: int, code: str) -> ev.Event | None:
        begun = store.begin_sign_in(code)
        if isinstance(begun, Shut):
            return ev.SignInRefused(locked_minutes=begun.locked_minutes) if visit == self._visit else None
        threading.Thread(target=self._compare, args=(begun, visit, code), name="sign-in", daemon=True).start()
        return None

    def _end(self, store: Store, *, visit: int, trial: SignInTrial, right: bool) -> ev.Event | None:
        known = store.end_sign_in(trial, fits=right)
        wrong = ev.SignInRefused(tries_left=trial.tries_left, locked_minutes=trial.locked_minutes)
        return self._told(visit, known, wrong)

    def _told(self, visit: int, known: Known | None, wrong: ev.SignInRefused) -> ev.Event | None:
        if visit != self._visit:
            return None
        if known is None:
            return wrong
        if known.expired:
            return ev.SignInRefused(expired=True)
        person = known.person
        staff = person.role is PersonRole.STAFF
        return ev.AgentSignedIn(agent=Agent(id=person.id, name=person.name, staff=staff, petitions=person.petitions))

    def _refused(self, code: FaultCode, *, visit: int) -> ev.Event | None:
        return ev.SignInRefused(fault=code) if visit == self._visit else None

    # --- on a thread of its own --------------------------------------------------------------------------------------

    def _compare(self, trial: SignInTrial, visit: int, code: str) -> None:
        try:
            right = fits(code, trial)
        except Exception as error:  # noqa: BLE001 - no memory for Argon2, say: a try like any wrong one
            record_error(error)
            right = False
        work = partial(self._end, visit=visit, trial=trial, right=right)
        ask(self._storekeeper, self._post, work, partial(self._refused, visit=visit))
