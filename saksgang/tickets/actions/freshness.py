"""Nothing is overwritten unseen: what anybody else did since somebody's page of a case was made stops them once.

with transaction.atomic():
    freshness.hold(ticket=ticket, by=by, seen=mark)   # nobody else gets in from here on
    waiting.plan(ticket=ticket, by=by, …)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from saksgang.events.models import Event
from saksgang.lib.prepared import prepared
from saksgang.people.models import Person
from saksgang.tickets import policies
from saksgang.tickets.models import Ticket

# Entries of the history that change nothing a person decides by, each with its reason. Every other kind stops.
QUIET = {
    "mail_decided": "the ledger's word on a message that has its own entry",
    "solution_delivered": "only when the case closes by itself follows from it",
    "late_receipt_sent": "a receipt promises nothing that a person decides by",
    "receipt_joined": "the same receipt, told of on another case",
    "mention_closed": "only on whose list the case stands follows from it",
    "ticket_raised": "only its place in the lists follows from it",
}


@prepared
def _locked(ticket_id: int) -> QuerySet[Ticket, Any]:
    return Ticket.objects.select_for_update().filter(pk=ticket_id).values_list("pk", "state")


@prepared
def _after(ticket_id: int, seen: int) -> QuerySet[Event]:
    return Event.objects.filter(ticket_id=ticket_id, pk__gt=seen).exclude(kind__in=QUIET).order_by("id")


def hold(*, ticket: Ticket, by: Person, seen: int | None, beside: Iterable[int] = ()) -> None:
    """Keeps everybody else out of the case until the transaction ends. Call before the change, inside its transaction.

    `seen`: the newest event that the page was made with; None: what is done does not come from a page of the case.
    `beside`: other cases that the change is about to lock. Raises Stale when anybody else did something after `seen`.
    """
    # The lowest number first, as everywhere: two who each hold what the other wants would wait for ever.
    above = [ticket.parent_id] if ticket.parent_id else []  # the end of a sub-case is told there
    for pk in sorted({ticket.pk, *beside, *above}):
        _locked(pk)
    if seen is not None and since(ticket.pk, by, seen):
        raise policies.Stale(_("Something happened on the case while you wrote."))


def since(ticket_id: int, by: Person, seen: int, until: int | None = None) -> list[Event]:
    """What anybody else did after event `seen`, oldest first; `until`: the last event that counts."""
    others = [event for event in _after(ticket_id, seen) if event.by_person_id != by.pk]
    return [event for event in others if until is None or event.pk <= until]


def own_newest(ticket: Ticket, by: Person, *kinds: str) -> Event:
    """The newest thing on the case, for undoing it: one of these, done by this person. Raises Refused when something came after."""
    newest = Event.objects.filter(ticket_id=ticket.pk).order_by("-id").first()
    if newest is None or newest.kind not in kinds or newest.by_person_id != by.pk:
        raise policies.Refused(_("Something else has happened on the case since, so it stays as it is."))
    return newest
