"""Merges two cases, or takes them apart, in a process of its own, and balances what lies where. Over the product's settings."""

from __future__ import annotations

import json
import sys

import django

django.setup()

from saksgang.events.models import Event  # noqa: E402
from saksgang.people.models import Person  # noqa: E402
from saksgang.tickets.actions.ties import merging  # noqa: E402
from saksgang.tickets.models import Message, Ticket, TicketMerge, TicketRequester  # noqa: E402
from saksgang.tickets.policies import Refused  # noqa: E402


def fill(number: str) -> dict:
    """Two cases of different people, so many messages on each."""
    from tests.cast import make_cast
    from tests.tickets.steps import reply

    cast = make_cast()
    for person in (cast.nora, cast.dag):
        ticket = cast.case(requesters=[person])
        for nth in range(int(number) - 1):
            reply(cast, ticket, person=person, words=f"Purring {nth}")
    return {}


def turn() -> dict:
    """Merges the two, or takes them apart, whichever is not done. Says so first, so that it is killed in the midst of it."""
    into, ticket = Ticket.objects.order_by("pk")
    by = Person.objects.get(name="Kari Nordmann")
    print("{}", flush=True)  # noqa: T201
    try:
        if TicketMerge.objects.filter(undone_at__isnull=True).exists():
            merging.undo_merge(ticket=ticket, by=by)
        else:
            merging.merge(ticket=ticket, into=into, by=by)
    except Refused as refusal:
        return books() | {"refused": str(refusal)}
    return books()


def books() -> dict:
    into, ticket = Ticket.objects.order_by("pk")
    owed = TicketRequester.objects.filter(answer_owed_since__isnull=False)
    kinds = ("ticket_merged", "ticket_absorbed", "merge_reverted", "ticket_released")
    return {
        "messages": [Message.objects.filter(ticket=one).count() for one in (into, ticket)],
        "owed": sorted(owed.values_list("ticket_id", "person__name")),
        "open": [one.open for one in (into, ticket)],
        "standing": TicketMerge.objects.filter(undone_at__isnull=True).count(),
        "made": TicketMerge.objects.count(),
        "told": [Event.objects.filter(kind=kind).count() for kind in kinds],
        "ids": [into.pk, ticket.pk],
    }


if __name__ == "__main__":
    print(json.dumps({"fill": fill, "turn": turn, "books": books}[sys.argv[1]](*sys.argv[2:])))  # noqa: T201
