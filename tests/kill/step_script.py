"""Takes a step of an improvement in a process of its own, and balances who was told. Over the product's settings."""

from __future__ import annotations

import json
import sys

import django

django.setup()

from django.db.models import Count  # noqa: E402

from saksgang.events.models import Delivery, Event  # noqa: E402
from saksgang.improvements.actions.steps import take_step  # noqa: E402
from saksgang.improvements.actions.taking_in import New, take_in  # noqa: E402
from saksgang.improvements.kinds import Step  # noqa: E402
from saksgang.improvements.models import Improvement, ImprovementWord  # noqa: E402
from saksgang.lib import clock  # noqa: E402
from saksgang.people.models import Person  # noqa: E402
from saksgang.tickets.kinds import MessageKind  # noqa: E402
from saksgang.tickets.models import MessageRecipient  # noqa: E402
from saksgang.tickets.policies import Stale  # noqa: E402


def fill(number: str) -> dict:
    """An improvement that so many asked for, each in a case of their own."""
    from saksgang.people.actions import add_person
    from tests.cast import SETUP, make_cast

    cast = make_cast()
    into: Improvement | New = New(cast.service_desk, "Skriv ut fra mobilen")
    for nth in range(int(number)):
        person = add_person(by=SETUP, name=f"Ansatt {nth}", addresses=(f"ansatt{nth}@sykehus.example",))
        into = take_in(
            ticket=cast.case(requesters=[person]), by=cast.kari, into=into, words={"nb": "Det står på lista."}
        )
    return {}


def step(seen: str) -> dict:
    """Planned for today, by whoever saw the step `seen` last. Says so first, so that it is killed in the midst of it."""
    improvement = Improvement.objects.get()
    by = Person.objects.get(name="Kari Nordmann")
    print("{}", flush=True)  # noqa: T201
    facts = {"step": Step.PLANNED, "planned_for": clock.local(clock.now()).date(), "words": {"nb": f"Etter {seen}."}}
    try:
        take_step(improvement=improvement, by=by, seen=int(seen), **facts)
    except Stale:
        return books() | {"stale": True}
    return books() | {"stale": False}


def books() -> dict:
    improvement = Improvement.objects.get()
    steps = list(improvement.steps.order_by("id").values_list("id", flat=True))
    told = MessageRecipient.objects.filter(message__kind=MessageKind.STATUS)
    return {
        "steps": steps,
        "words": dict(ImprovementWord.objects.values_list("step").annotate(n=Count("id"))),
        "told": list(told.values_list("message__text").annotate(n=Count("id"), persons=Count("person", distinct=True))),
        "sent": Event.objects.filter(kind="status_sent").count(),
        "promised": Delivery.objects.filter(event__kind="status_sent").count(),
        "taken": Event.objects.filter(kind="improvement_step_taken").count(),
    }


if __name__ == "__main__":
    print(json.dumps({"fill": fill, "step": step, "books": books}[sys.argv[1]](*sys.argv[2:])))  # noqa: T201
