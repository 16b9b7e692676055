"""What the tests of the page of a case share."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from saksgang.lib import clock
from saksgang.people.models import Person
from saksgang.tickets.actions import assessment
from saksgang.tickets.models import Ticket


def browser(person: Person | None) -> Client:
    """A browser in English, signed in as this person."""
    client = Client()
    client.cookies["language"] = "en"
    if person:
        client.force_login(person.account)
    return client


def address(name: str, ticket: Ticket, *rest: Any) -> str:
    return reverse(f"console:{name}", args=[ticket.pk, *rest])


def page(client: Client, ticket: Ticket, status: int = 200) -> str:
    answer = client.get(address("ticket", ticket))
    assert answer.status_code == status
    return answer.content.decode()


def send(client: Client, name: str, ticket: Ticket, status: int = 303, **fields: Any) -> str:
    """Posts a form of the case. Returns the page that comes back, or that one is sent on to."""
    answer = client.post(address(name, ticket), fields)
    assert answer.status_code == status, answer.content.decode()[:3000]
    if status == 303:
        assert answer["Location"] == address("ticket", ticket)
        return page(client, ticket)
    return answer.content.decode()


def ahead(days: float = 2) -> str:
    """A time from now on, as the browser's field for dates writes it."""
    return written(clock.now() + timedelta(days=days))


def written(moment: datetime) -> str:
    return clock.local(moment).strftime("%Y-%m-%dT%H:%M")


def assessed(cast: Any, ticket: Ticket, **changes: Any) -> Ticket:
    facts = {"type": "INCIDENT", "service": cast.printing, "impact": "individuals", "consequence": "degraded"}
    return assessment.assess(ticket=ticket, by=cast.kari, **(facts | changes))
