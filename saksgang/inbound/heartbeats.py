"""The test mail that loops through a mailbox: when it left, when it came back, and the alarm when it does not."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from saksgang.catalogue.models import Mailbox
from saksgang.events.alarms import end_alarm, raise_alarm
from saksgang.inbound.models import MailboxWatch
from saksgang.lib import clock
from saksgang.lib.claiming import CLOCKS_APART, is_ahead
from saksgang.tickets.actions.core import MAIL

LOST_AFTER = timedelta(minutes=15)
ALARM = "heartbeat_lost"


def due() -> list[Mailbox]:
    """Active mailboxes whose test mail should leave now: its time has come, or somebody asked for one."""
    now = clock.now()
    watches = {watch.mailbox_id: watch for watch in MailboxWatch.objects.all()}

    def is_due(mailbox: Mailbox) -> bool:
        watch = watches.get(mailbox.pk)
        if watch and watch.heartbeat_wanted_at:
            return True
        last = watch.heartbeat_sent_at if watch else None
        every = timedelta(minutes=mailbox.heartbeat_minutes)
        return bool(every) and (last is None or now - last >= every or is_ahead(last))

    return [one for one in Mailbox.objects.filter(active=True).order_by("id") if is_due(one)]


def ask(mailbox: Mailbox) -> datetime:
    """Wants a test mail now, also where none are sent by themselves. Returns the moment after which one must come back."""
    now = clock.now()
    MailboxWatch.objects.get_or_create(mailbox=mailbox)
    MailboxWatch.objects.filter(mailbox=mailbox).update(heartbeat_wanted_at=now)
    return now


def is_back(mailbox: Mailbox, *, since: datetime) -> bool:
    """Whether a test mail that left after `since` has come back."""
    return MailboxWatch.objects.filter(
        mailbox=mailbox, heartbeat_sent_at__gte=since, heartbeat_back_at__gte=since
    ).exists()


def left(mailbox: Mailbox) -> None:
    """A test mail was handed to the relay. While one is out, the first of those that have not come back counts."""
    MailboxWatch.objects.get_or_create(mailbox=mailbox)
    rows = MailboxWatch.objects.filter(mailbox=mailbox)
    ahead = Q(heartbeat_out_since__gt=clock.now() + CLOCKS_APART)
    rows.filter(Q(heartbeat_out_since__isnull=True) | ahead).update(heartbeat_out_since=clock.now())
    rows.update(heartbeat_sent_at=clock.now(), heartbeat_wanted_at=None)


def came_back(mailbox: Mailbox, *, at: datetime) -> None:
    MailboxWatch.objects.get_or_create(mailbox=mailbox)
    MailboxWatch.objects.filter(mailbox=mailbox).update(heartbeat_back_at=at, heartbeat_out_since=None)


def lost() -> QuerySet[MailboxWatch]:
    """Mailboxes whose test mail has been out for too long."""
    rows = MailboxWatch.objects.filter(mailbox__active=True, mailbox__heartbeat_minutes__gt=0)
    return rows.filter(heartbeat_out_since__lt=clock.now() - LOST_AFTER).select_related("mailbox")


def watch() -> None:
    """Raises an alarm for each mailbox whose test mail is lost, and ends those of the others."""
    missing = {row.mailbox.slug for row in lost()}
    for slug in missing:
        raise_alarm(kind=ALARM, key=slug, by=MAIL, details="the test mail has not come back")
    for slug in Mailbox.objects.exclude(slug__in=missing).values_list("slug", flat=True):
        end_alarm(kind=ALARM, key=slug, by=MAIL)
