"""Reads for pages: the ledger and the tray of mails that somebody must look at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from saksgang.events.models import Event
from saksgang.inbound.decisions.ticket import about
from saksgang.inbound.models import InboundMail, Outcome
from saksgang.inbound.reading.mail import read
from saksgang.lib import claiming, files
from saksgang.lib.claiming import longer_ago
from saksgang.lib.prepared import prepared
from saksgang.lib.text import fold
from saksgang.people.models import Person
from saksgang.tickets.models import Message, Ticket

PAGE = 50
MOST_WORDS = 8
# A mail that nobody has decided on after so long is an alarm.
UNDECIDED_AFTER = timedelta(minutes=5)

ROW_FIELDS = (
    "id", "received_at", "mailbox__slug", "door", "from_name", "from_address", "subject", "outcome", "mail_class",
    "ticket_id", "duplicate_of_id", "set_aside_reason", "due_at", "handled_at", "last_error",
)  # fmt: skip


UNDECIDED = "undecided"  # asked for in the place of an outcome


def readable_by(viewer: Person) -> QuerySet[InboundMail]:
    """Every delivery but those that belong to restricted cases which `viewer` may not see, or name one; and their duplicates."""
    restricted = Ticket.objects.filter(restricted=True)
    hidden = restricted.exclude(pk__in=Ticket.objects.visible_to(viewer).filter(restricted=True).values("pk")).values(
        "pk"
    )
    mails = InboundMail.objects.exclude(ticket__in=hidden).exclude(about__in=hidden)
    return mails.exclude(duplicate_of__ticket__in=hidden).exclude(duplicate_of__about__in=hidden)


def may_read(viewer: Person, row: InboundMail) -> bool:
    """Whether a mail that nobody has looked at yet names no case that `viewer` may not see. Reads the mail."""
    if not row.pending or row.redacted_at:
        return True
    try:
        named = about(row, read(files.read(row.raw_sha256)))
    except OSError:
        return True
    return named is None or Ticket.objects.visible_to(viewer).filter(pk=named.pk).exists()


def ledger(
    viewer: Person, *, before: int | None = None, outcome: str = "", words: str = "", limit: int = PAGE
) -> list[dict[str, Any]]:
    """Deliveries, newest first, those older than the one with id `before`; one more than `limit` when there are more pages.

    `words`: each must stand in the subject, the sender's name or address, in capitals or not.
    """
    rows = readable_by(viewer).order_by("-received_at", "-id")
    last = InboundMail.objects.filter(pk=before).values_list("received_at", flat=True).first() if before else None
    if last:
        rows = rows.filter(received_at__lte=last).filter(Q(received_at__lt=last) | Q(pk__lt=before))
    if outcome:
        rows = rows.filter(pending=1) if outcome == UNDECIDED else rows.filter(outcome=outcome)
    for word in fold(words).split()[:MOST_WORDS]:
        rows = rows.filter(search_folded__contains=word)
    return list(rows.values(*ROW_FIELDS)[: limit + 1])


def tray(viewer: Person) -> list[dict[str, Any]]:
    """Mails set aside that nobody has dealt with, the most urgent first."""
    few = list(_numbers(outcome=Outcome.SET_ASIDE, handled_at__isnull=True))
    few += _numbers(pending=1, due_at__isnull=False)
    mine = readable_by(viewer).filter(pk__in=few).order_by("due_at", "id")
    return list(mine.values(*ROW_FIELDS)) if few else []


def _numbers(**lies: Any) -> QuerySet[InboundMail, int]:
    """One way to be unclear at a time: each has its index, and of both at once the whole ledger would be read."""
    return InboundMail.objects.filter(**lies).values_list("pk", flat=True)


def unclear() -> QuerySet[InboundMail]:
    """Set aside and not dealt with, also while it is being tried again; whoever may read them."""
    lies = Q(outcome=Outcome.SET_ASIDE, handled_at__isnull=True)
    return InboundMail.objects.filter(lies | Q(pending=1, due_at__isnull=False))


class Retry(NamedTuple):
    """Somebody pressed «Prøv igjen»."""

    at: datetime
    by: str
    before: str  # why the mail lay in the tray then; "" for those of earlier versions


def retries(mail_ids: Iterable[int]) -> dict[int, Retry]:
    """Ledger id → the newest try that somebody asked for."""
    asked = Event.objects.filter(kind="mail_retried", subject_kind="inboundmail", subject_id__in=list(mail_ids))
    found = {event.subject_id: event for event in asked.order_by("id")}
    names = dict(Person.objects.filter(pk__in={one.by_person_id for one in found.values()}).values_list("pk", "name"))
    return {
        pk: Retry(one.at, names.get(one.by_person_id or 0, ""), one.before.get("set_aside", ""))
        for pk, one in found.items()
    }


def overdue() -> QuerySet[InboundMail]:
    """Mails undecided for more than five minutes."""
    return InboundMail.objects.filter(longer_ago("received_at", UNDECIDED_AFTER), pending=1)


def waiting_since() -> datetime | None:
    """When the first of the mails came that nobody has decided on. None: all are decided."""
    return claiming.waiting_since(InboundMail.objects.filter(pending=1), "received_at", alarming=UNDECIDED_AFTER)


MAIL_FIELDS = (*ROW_FIELDS, "reasons", "raw_sha256", "size", "repeats", "repeated_at")


@prepared
def _mails(ticket_id: int) -> QuerySet[InboundMail, Any]:
    # Those of messages that came with another case, too.
    heard = Message.objects.filter(ticket_id=ticket_id, inbound_id__isnull=False).values("inbound_id")
    its_own = Q(ticket_id=ticket_id) | Q(pk__in=heard)
    mails = InboundMail.objects.filter(its_own).exclude(outcome=Outcome.REPLY, duplicate_of__isnull=False)
    return mails.values_list(*MAIL_FIELDS)


def mails_of(ticket_id: int) -> dict[int, dict[str, Any]]:
    """Ledger id → row, for every mail that belongs to a case; those that only repeat another are counted on that one."""
    return {row[0]: dict(zip(MAIL_FIELDS, row, strict=True)) for row in _mails(ticket_id)}
