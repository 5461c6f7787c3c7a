"""What the webhook is to pass on: one row for each piece of news of a call, written with the news itself.

A row is made only when a gateway with a webhook runs, or last ran, on this database.
"""

import json
import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from gateway.database import Delivery, Fact
from gateway.platform import Platform

FACT = "webhook"


class CallNews(StrEnum):
    """What can be told of a call."""

    CALLED = "called"
    ANSWERED = "answered"
    OVER = "over"


def choose_news(platform: Platform, wanted: frozenset[CallNews]) -> None:
    """Remember which news are passed on from here on; what was queued before is still delivered."""
    value = json.dumps(sorted(wanted))
    with platform.database.writing() as rows:
        rows.merge(Fact(name=FACT, value=value))


def pass_on(rows: Session, call_id: str, news: CallNews, now: datetime) -> None:
    """Queue a piece of news in the transaction it happens in, if it is wanted."""
    fact = rows.get(Fact, FACT)
    if fact is not None and news.value in json.loads(fact.value):
        rows.add(
            Delivery(
                message_id=f"msg_{uuid.uuid4().hex}",
                call_id=call_id,
                happening=news.value,
                happened_at=now,
                due_at=now,
                done_at=None,
            )
        )
