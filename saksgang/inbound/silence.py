"""Alarms about mail that does not come: a mailbox that has fallen silent, mails nobody decides."""

from __future__ import annotations

from datetime import datetime

from saksgang.catalogue.models import Mailbox
from saksgang.catalogue.queries import hours_of
from saksgang.catalogue.working_time import NeverOpen, minutes_between
from saksgang.events.alarms import end_alarm, raise_alarm
from saksgang.inbound import heartbeats
from saksgang.inbound.models import InboundMail, Outcome
from saksgang.inbound.queries import overdue
from saksgang.lib import clock
from saksgang.lib.claiming import CLOCKS_APART
from saksgang.tickets.actions.core import MAIL

SILENT = "silent_mailbox"
UNDECIDED = "mail_undecided"


def watch() -> None:
    """Raises what should be raised, and ends what is over. Run every few minutes."""
    for mailbox in Mailbox.objects.filter(active=True).order_by("id"):
        _watch_mailbox(mailbox)
    for slug in Mailbox.objects.filter(active=False).values_list("slug", flat=True):
        end_alarm(kind=SILENT, key=slug, by=MAIL)
    _watch_decisions()
    heartbeats.watch()


def _watch_mailbox(mailbox: Mailbox) -> None:
    since = last_mail_at(mailbox) or mailbox.added_at
    if mailbox.silent_after_minutes and since and _working_minutes(since, mailbox) > mailbox.silent_after_minutes:
        details = f"no mail since {clock.local(since):%d.%m.%Y %H:%M}"
        raise_alarm(kind=SILENT, key=mailbox.slug, by=MAIL, details=details)
    else:
        end_alarm(kind=SILENT, key=mailbox.slug, by=MAIL)


def last_mail_at(mailbox: Mailbox) -> datetime | None:
    """When somebody's mail last came; our own test mails say nothing of that."""
    mails = InboundMail.objects.filter(mailbox=mailbox, received_at__lte=clock.now() + CLOCKS_APART)
    mails = mails.exclude(outcome=Outcome.HEARTBEAT)
    return mails.order_by("-received_at").values_list("received_at", flat=True).first()


def _working_minutes(since: datetime, mailbox: Mailbox) -> float:
    try:
        return minutes_between(since, clock.now(), hours_of(mailbox.team_id))
    except NeverOpen:
        return float("inf")


def _watch_decisions() -> None:
    waiting = overdue().count()
    if waiting:
        raise_alarm(kind=UNDECIDED, key="*", by=MAIL, details=f"{waiting} mails wait to become cases")
    else:
        end_alarm(kind=UNDECIDED, key="*", by=MAIL)
