"""Reads for pages: plain rows, a constant number of queries, never a model object per row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from django.db.models import Q, QuerySet

from saksgang.events.models import Event
from saksgang.lib import text
from saksgang.lib.numbers import whole_number
from saksgang.lib.prepared import prepared
from saksgang.people.models import Person, PersonAddress
from saksgang.tickets.kinds import LinkKind, NextStep, State
from saksgang.tickets.mail_reference import sent_mail, with_plain_numbers
from saksgang.tickets.models import (
    Attachment,
    Message,
    MessageRecipient,
    Ticket,
    TicketLink,
    TicketMailbox,
    TicketRequester,
)
from saksgang.tickets.seen import seen_by
from saksgang.tickets.states import PAUSED
from saksgang.tickets.visibility import TicketQuerySet

T = TypeVar("T")

PAGE = 50
COUNT_CAP = 100

# What a queue row is drawn from, in this order.
ROW_FIELDS = (
    "id",
    "subject",
    "state",
    "type",
    "priority",
    "queue_rank",
    "received_at",
    "next_step",
    "next_step_due_at",
    "postponed_count",
    "new_message_at",
    "answer_failed_at",
    "answers_owed",
    "assignee__name",
    "team__name",
    "affected_department__name",
    "service__name_nb",
    "restricted",
    "assignee_id",
    "given_at",
)
QUEUE_ORDER = ("queue_rank", "received_at", "id")


@dataclass(frozen=True)
class QueuePage:
    rows: list[tuple[Any, ...]]  # in the order of ROW_FIELDS
    next_key: str  # of the page after this; empty on the last one


def queue(cases: QuerySet[Ticket], *, after: str = "", limit: int = PAGE) -> QueuePage:
    """One page of cases in the queue's order. `after` is a page key; a bad one starts from the top."""
    cases = cases.filter(queue_rank__isnull=False).order_by(*QUEUE_ORDER)
    if key := _read_key(after):
        rank, received, number = key
        # Written as plain ORs, which both databases answer from the index.
        cases = cases.filter(queue_rank__gte=rank).filter(
            Q(queue_rank__gt=rank)
            | Q(queue_rank=rank, received_at__gt=received)
            | Q(queue_rank=rank, received_at=received, id__gt=number)
        )
    rows = list(cases.values_list(*ROW_FIELDS)[: limit + 1])
    last = rows[limit - 1] if len(rows) > limit else None
    return QueuePage(rows[:limit], _key(last[5], last[6], last[0]) if last else "")


def by_due(cases: QuerySet[Ticket], *, after: str = "", limit: int = PAGE) -> QueuePage:
    """One page of cases by when their next step is due, soonest first."""
    cases = cases.filter(next_step_due_at__isnull=False).order_by("next_step_due_at", "id")
    if key := _read_key(after):
        _, due, number = key
        cases = cases.filter(next_step_due_at__gte=due).filter(Q(next_step_due_at__gt=due) | Q(id__gt=number))
    rows = list(cases.values_list(*ROW_FIELDS)[: limit + 1])
    last = rows[limit - 1] if len(rows) > limit else None
    return QueuePage(rows[:limit], _key(0, last[8], last[0]) if last else "")


def _key(rank: int, moment: datetime, number: int) -> str:
    return f"{rank}.{moment.timestamp():.6f}.{number}"


def _read_key(written: str) -> tuple[int, datetime, int] | None:
    try:
        rank, seconds, micro, number = (whole_number(part) for part in written.split("."))
    except ValueError:  # other than four parts
        return None
    if rank is None or seconds is None or micro is None or number is None:
        return None
    try:
        return rank, datetime.fromtimestamp(seconds, tz=UTC) + timedelta(microseconds=micro), number
    except (ValueError, OverflowError, OSError):  # after the year 9999
        return None


def recipient_of(header_id: str) -> MessageRecipient | None:
    """Whom the mail of ours with this Message-ID went to; None for receipts, and for what is not ours."""
    sent = sent_mail(header_id)
    event = Event.objects.filter(pk=sent.event_id, ticket_id=sent.number).first() if sent else None
    if sent is None or event is None or not event.after.get("message_id"):
        return None
    told = MessageRecipient.objects.filter(message_id=event.after["message_id"]).select_related("person")
    return told.order_by("id")[sent.nth : sent.nth + 1].first()


def waiting(cases: TicketQuerySet[Ticket]) -> QuerySet[Ticket]:
    """Cases that wait or are planned."""
    return cases.filter(open=1, state__in=sorted(PAUSED))


def search(cases: TicketQuerySet[Ticket], words: str, *, limit: int = PAGE) -> list[tuple[Any, ...]]:
    """Newest first: cases whose number, requester, department, phone or subject holds every word."""
    found: QuerySet[Ticket] = cases
    terms = text.fold(with_plain_numbers(words)).split()[:10]
    if not terms:
        return []
    for term in terms:
        found = found.filter(Q(search_folded__contains=term) | Q(pk=whole_number(term) or 0))
    return list(found.order_by("-id").values_list(*ROW_FIELDS)[:limit])


def by_number(cases: TicketQuerySet[Ticket], digits: str, *, old: bool = False) -> int | None:
    """The case that a number means: ours, or else the only one that the old system called so (`old`: that one first)."""
    number = whole_number(digits)
    ours = cases.filter(pk=number).values_list("pk", flat=True).first() if number else None
    theirs = list(cases.filter(old_number=digits).values_list("pk", flat=True)[:2])
    known = theirs[0] if len(theirs) == 1 else None
    return known or ours if old else ours or known


def capped(cases: QuerySet[Ticket]) -> int:
    """How many, counting no further than the cap."""
    return cases.order_by()[:COUNT_CAP].count()


# Steps that have a list of their own on the front page.
_ON_THEIR_OWN = (
    NextStep.CONFIRM_SENDER,
    NextStep.ANSWER_AGAIN,
    NextStep.ASSESS,
    NextStep.TAKE,
    NextStep.ANSWER,
)


def given_to(person: Person) -> QuerySet[Ticket]:
    """The cases that a colleague gave this person, and they have not begun on."""
    return (
        Ticket.objects.visible_to(person)
        .filter(assignee=person, open=1, given_at__isnull=False)
        .order_by("-given_at", "id")
    )


def reason_of(ticket: Ticket, kind: str) -> str:
    """What was said to the newest event of the kind on the case."""
    events = Event.objects.filter(ticket_id=ticket.pk, kind=kind).order_by("-id")
    return events.values_list("reason", flat=True).first() or ""


# What is about to slip: name → the cases it means, and their order.
def slipping(cases: TicketQuerySet[Ticket], now: datetime) -> dict[str, QuerySet[Ticket]]:
