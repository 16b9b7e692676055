"""Cases that wait for a supplier or another body: who has them, with which number, and where they are written to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from saksgang.catalogue import queries as catalogue
from saksgang.lib import text
from saksgang.people.models import Person
from saksgang.tickets.kinds import MessageKind, SenderRole, State
from saksgang.tickets.models import Message, MessageRecipient, Ticket


class Waiting(NamedTuple):
    """One case that others have."""

    number: int
    subject: str
    restricted: bool
    who: str
    reference: str
    since: datetime
    until: datetime
    team_id: int | None
    team: str


FIELDS = (
    "id", "subject", "restricted", "waiting_for", "waiting_reference", "state_since", "wait_until", "team_id", "team__name",
)  # fmt: skip


def waiting(viewer: Person, *, team: str = "", who: str = "") -> QuerySet[Ticket]:
    """The cases that `viewer` may see and that others have, those that have waited longest first. `team`: its short name."""
    cases = Ticket.objects.visible_to(viewer).filter(state=State.WAITING_THIRD_PARTY)
    if team:
        cases = cases.filter(team__slug=team)
    if who:
        cases = cases.filter(waiting_for=who)
    return cases.order_by("state_since", "id")


def rows(cases: QuerySet[Ticket], most: int) -> list[Waiting]:
    return [Waiting(*row) for row in cases.values_list(*FIELDS)[:most]]


def names(viewer: Person, most: int) -> list[str]:
    """Everybody who is waited for."""
    found = waiting(viewer).order_by("waiting_for").values_list("waiting_for", flat=True).distinct()
    return list(found[:most])


def addresses_of(cases: Iterable[tuple[int, str]]) -> dict[int, str]:
    """(number, who is waited for) → where they were last written with on that case, else what the list of suppliers says."""
    wanted = dict(cases)
    known = {text.fold(one.name): one.address for one in catalogue.suppliers() if one.address}
    found = {number: address for number, who in wanted.items() if (address := known.get(text.fold(who)))}
    wrote = Message.objects.filter(ticket_id__in=wanted, sender_role=SenderRole.SUPPLIER, taken_back_at__isnull=True)
    found |= dict(wrote.exclude(author_address="").order_by("id").values_list("ticket_id", "author_address"))
    told = MessageRecipient.objects.filter(
        message__ticket_id__in=wanted, message__kind=MessageKind.OUTWARD, message__taken_back_at__isnull=True
    )
    return found | dict(told.order_by("message_id", "-id").values_list("message__ticket_id", "address"))


def last_chased(numbers: Iterable[int]) -> dict[int, datetime]:
    """Case → when we last wrote to others on it."""
    wrote = Message.objects.filter(ticket_id__in=list(numbers), kind=MessageKind.OUTWARD, taken_back_at__isnull=True)
    return dict(wrote.order_by("id").values_list("ticket_id", "at"))
