"""Reads for pages: plain rows, a constant number of queries, never a model object per row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from django.db.models import Max, Q, QuerySet

from saksgang.events.models import Event
from saksgang.lib import text
from saksgang.lib.numbers import whole_number
from saksgang.lib.prepared import prepared
from saksgang.people.models import Person, PersonAddress
from saksgang.tickets.kinds import State
from saksgang.tickets.mail_reference import sent_mail, with_plain_numbers
from saksgang.tickets.models import (
    Attachment,
    IdentityProof,
    Message,
    MessageRecipient,
    Ticket,
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
    "handed_over_count",
    "major_id",
)
QUEUE_ORDER = ("queue_rank", "received_at", "id")


@dataclass(frozen=True)
class QueuePage:
    rows: list[tuple[Any, ...]]  # in the order of ROW_FIELDS
    next_key: str  # of the page after this; empty on the last one


def queue_rows(cases: QuerySet[Ticket], limit: int = PAGE) -> QuerySet[Ticket, Any]:
    """The first rows in the queue's order, and one more, which tells whether there is another page."""
    queued = cases.filter(queue_rank__isnull=False).order_by(*QUEUE_ORDER)
    return queued.values_list(*ROW_FIELDS)[: limit + 1]


def queue_page(rows: list[tuple[Any, ...]], limit: int = PAGE) -> QueuePage:
    """The page that queue_rows() are read for."""
    last = rows[limit - 1] if len(rows) > limit else None
    return QueuePage(rows[:limit], _key(last[5], last[6], last[0]) if last else "")


def queue(cases: QuerySet[Ticket], *, after: str = "", limit: int = PAGE) -> QueuePage:
    """One page of cases in the queue's order. `after` is a page key; a bad one starts from the top."""
    if key := _read_key(after):
        rank, received, number = key
        # Written as plain ORs, which both databases answer from the index.
        cases = cases.filter(queue_rank__gte=rank).filter(
            Q(queue_rank__gt=rank)
            | Q(queue_rank=rank, received_at__gt=received)
            | Q(queue_rank=rank, received_at=received, id__gt=number)
        )
    return queue_page(list(queue_rows(cases, limit)), limit)


def by_due(cases: QuerySet[Ticket], *, after: str = "", limit: int = PAGE) -> QueuePage:
    """One page of cases by when their next step is due, soonest first."""
    cases = cases.filter(next_step_due_at__isnull=False).order_by("next_step_due_at", "id")
    if key := _read_key(after):
        _, due, number = key
        cases = cases.filter(next_step_due_at__gte=due).filter(Q(next_step_due_at__gt=due) | Q(id__gt=number))
    rows = list(cases.values_list(*ROW_FIELDS)[: limit + 1])
    last = rows[limit - 1] if len(rows) > limit else None
    return QueuePage(rows[:limit], _key(0, last[8], last[0]) if last else "")


def newest(cases: QuerySet[Ticket], *, after: str = "", limit: int = PAGE) -> QueuePage:
    """One page of cases, finished ones too, the newest number first."""
    cases = cases.order_by("-id")
    if key := _read_key(after):
        cases = cases.filter(id__lt=key[2])
    rows = list(cases.values_list(*ROW_FIELDS)[: limit + 1])
    last = rows[limit - 1] if len(rows) > limit else None
    return QueuePage(rows[:limit], _key(0, last[6], last[0]) if last else "")


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


def given_to(person: Person) -> QuerySet[Ticket]:
    """The cases that a colleague gave this person, and they have not begun on."""
    given = Ticket.objects.visible_to(person).filter(assignee=person, open=1, given_at__isnull=False)
    return given.order_by("-given_at", "id")


def first_given_to(person: Person) -> list[tuple[Any, ...]]:
    """The first rows of them."""
    return _given(person, person.pk)


@seen_by
def _given(cases: TicketQuerySet[Ticket], person_id: int) -> QuerySet[Ticket, Any]:
    given = cases.filter(assignee_id=person_id, open=1, given_at__isnull=False).order_by("-given_at", "id")
    return given.values_list(*ROW_FIELDS)[: COUNT_CAP + 1]


def reason_of(ticket: Ticket, kind: str) -> str:
    """What was said to the newest event of the kind on the case."""
    events = Event.objects.filter(ticket_id=ticket.pk, kind=kind).order_by("-id")
    return events.values_list("reason", flat=True).first() or ""


def handovers(ticket: Ticket) -> list[Event]:
    """The hand-overs between teams that stand, oldest first; those that were taken back are not among them."""
    kinds_of = ("ticket_handed_over", "ticket_handed_back")
    standing: list[Event] = []
    for event in Event.objects.filter(ticket_id=ticket.pk, kind__in=kinds_of).order_by("id"):
        if event.kind == "ticket_handed_over":
            standing.append(event)
        elif standing:
            standing.pop()
    return standing


# What is about to slip: name → the cases it means, and their order.
@seen_by
def _case(cases: TicketQuerySet[Ticket], number: int) -> QuerySet[Ticket]:
    return cases.select_related("team", "assignee", "service", "category", "affected_department").filter(pk=number)


@prepared
def _proofs(ticket_id: int) -> QuerySet[IdentityProof]:
    return IdentityProof.objects.filter(ticket_id=ticket_id).select_related("by")


def proofs(ticket: Ticket) -> dict[int, IdentityProof]:
    """Requester → how they showed who they are. Nothing is read where the kind of case does not ask."""
    asked = ticket.category is not None and ticket.category.demands_proof
    return {proof.person_id: proof for proof in _proofs(ticket.pk)} if asked else {}


def case(viewer: Person, number: int) -> Ticket | None:
    """One case with what its page names; None also where the viewer may not see it."""
    return next(iter(_case(viewer, number)), None)


@prepared
def _requesters(ticket_id: int) -> QuerySet[TicketRequester]:
    asked = TicketRequester.objects.filter(ticket_id=ticket_id)
    return asked.select_related("person", "person__department").order_by("id")


def requesters(ticket: Ticket) -> list[TicketRequester]:
    return _requesters(ticket.pk)


@prepared
def _addresses(ticket_id: int) -> QuerySet[PersonAddress, Any]:
    theirs = PersonAddress.objects.filter(person__requested_tickets__ticket_id=ticket_id)
    return theirs.order_by("id").values_list("person_id", "address")


def addresses_of_requesters(ticket: Ticket) -> dict[int, list[str]]:
    """Person → where mail reaches them. Those without an address are not in it."""
    return _grouped(_addresses(ticket.pk))


@prepared
def _mailboxes(ticket_id: int) -> QuerySet[TicketMailbox, Any]:
    return TicketMailbox.objects.filter(ticket_id=ticket_id).order_by("id").values_list("id", "mailbox__address")


def mailboxes(ticket: Ticket) -> list[str]:
    """The addresses that the case came to."""
    return [address for _, address in _mailboxes(ticket.pk)]


@prepared
def _conversation(ticket_id: int) -> QuerySet[Message]:
    return Message.objects.filter(ticket_id=ticket_id).order_by("at", "id")


def conversation(ticket: Ticket) -> list[Message]:
    """Every message of a case, oldest first."""
    return _conversation(ticket.pk)


class File(NamedTuple):
    """An attachment as the conversation shows it."""

    id: int
    name: str
    content_type: str
    size: int
    redacted_at: datetime | None


@prepared
def _files(ticket_id: int) -> QuerySet[Attachment, Any]:
    return (
        Attachment.objects.filter(message__ticket_id=ticket_id).order_by("id").values_list("message_id", *File._fields)
    )


def files(ticket: Ticket) -> dict[int, list[File]]:
    """Message → its attachments."""
    return _grouped((message, File(*file)) for message, *file in _files(ticket.pk))


class Recipient(NamedTuple):
    """Somebody an answer went to."""

    name: str
    address: str
    copy: bool
    person_id: int | None


@prepared
def _recipients(ticket_id: int) -> QuerySet[MessageRecipient, Any]:
    told = MessageRecipient.objects.filter(message__ticket_id=ticket_id).order_by("id")
    return told.values_list("message_id", *Recipient._fields)


def recipients(ticket: Ticket) -> dict[int, list[Recipient]]:
    """Message → those it went to."""
    return _grouped((message, Recipient(*told)) for message, *told in _recipients(ticket.pk))


def _grouped(pairs: Iterable[tuple[int, T]]) -> dict[int, list[T]]:
    found: dict[int, list[T]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def history(ticket: Ticket) -> list[Event]:
    """Every event of a case, oldest first."""
    return list(Event.objects.filter(ticket_id=ticket.pk).order_by("id"))


def names_of_persons(ids: set[int]) -> dict[int, str]:
    return dict(Person.objects.filter(pk__in=ids).values_list("pk", "name"))


@prepared
def _newest_event(ticket_id: int) -> QuerySet[Event, Any]:
    return Event.objects.filter(ticket_id=ticket_id).order_by("-id").values_list("id", "kind")[:1]


def newest_event(ticket_id: int) -> int:
    """The newest entry of a case's history; its page carries it, so that what comes later is noticed."""
    return next((pk for pk, _kind in _newest_event(ticket_id)), 0)


AT_ONCE = 50  # a page of a list


@prepared
def _newest_events(*ticket_ids: int) -> QuerySet[Event, Any]:
    return Event.objects.filter(ticket_id__in=ticket_ids).values_list("ticket_id").annotate(Max("id")).order_by()


def newest_events(ticket_ids: Iterable[int]) -> dict[int, int]:
    """The same of several cases at once."""
    wanted = list(ticket_ids)
    newest: dict[int, int] = {}
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        newest |= dict(_newest_events(*some, *[0] * (AT_ONCE - len(some))))  # no case has the number 0
    return newest


def take_next(cases: TicketQuerySet[Ticket], person: Person, team_ids: list[int]) -> Ticket | None:
    """«Ta neste»: the first untaken case in these teams, in the queue's order."""
    untaken = cases.visible_to(person).filter(team_id__in=team_ids, state=State.NEW, queue_rank__isnull=False)
    return untaken.order_by(*QUEUE_ORDER).first()
