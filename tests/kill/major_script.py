"""Tells of a fault of many, and solves it, in a process of its own; balances who was told. Over the product's settings."""

from __future__ import annotations

import json
import sys

import django

django.setup()

from django.db.models import Count  # noqa: E402

from saksgang.events.models import Delivery, Event  # noqa: E402
from saksgang.people.models import Person  # noqa: E402
from saksgang.tickets.actions.major.incident import solve, start, update  # noqa: E402
from saksgang.tickets.actions.major.membership import join  # noqa: E402
from saksgang.tickets.kinds import MessageKind  # noqa: E402
from saksgang.tickets.models import MajorIncident, MessageRecipient, Ticket  # noqa: E402


def fill(number: str) -> dict:
    """A fault under which so many cases hang, each of a person of their own."""
    from saksgang.people.actions import add_person
    from tests.cast import SETUP, make_cast

    cast = make_cast()
    facts = {"service": cast.dips, "impact": "departments", "consequence": "stops"}
    major = start(by=cast.kari, title="Ingen får logget på", **facts)
    for nth in range(int(number)):
        person = add_person(by=SETUP, name=f"Ansatt {nth}", addresses=(f"ansatt{nth}@sykehus.example",))
        join(ticket=cast.case(requesters=[person]), by=cast.kari, major=major)
    return books()


def tell(words: str) -> dict:
    """Says first that it begins, so that it is killed in the midst of it."""
    print("{}", flush=True)  # noqa: T201
    update(major=MajorIncident.objects.get(), by=Person.objects.get(name="Kari Nordmann"), words=words)
    return books()


def end(words: str) -> dict:
    print("{}", flush=True)  # noqa: T201
    solve(major=MajorIncident.objects.get(), by=Person.objects.get(name="Kari Nordmann"), words=words)
    return books()


def books() -> dict:
    """Words → to how many they went, and to how many different persons; what was promised; how the cases stand."""
    told = MessageRecipient.objects.filter(message__kind__in=[MessageKind.STATUS, MessageKind.SOLUTION])
    words = told.values_list("message__text").annotate(n=Count("id"), persons=Count("person", distinct=True))
    major = MajorIncident.objects.get()
    return {
        "told": {text: [number, persons] for text, number, persons in words},
        "updates": list(major.updates.order_by("pk").values_list("words", flat=True)),
        "events": Event.objects.filter(kind__in=["major_update_told", "ticket_resolved"]).count(),
        "promised": Delivery.objects.filter(event__kind__in=["major_update_told", "ticket_resolved"]).count(),
        "state": major.state,
        "open": Ticket.objects.filter(open=1).count(),
        "owed": Ticket.objects.filter(answers_owed__gt=0).count(),
    }


if __name__ == "__main__":
    print(json.dumps({"fill": fill, "tell": tell, "end": end, "books": books}[sys.argv[1]](*sys.argv[2:])))  # noqa: T201
