"""What the tests of the lists share: somebody signed in, and cases made quickly."""

from __future__ import annotations

import re
from datetime import timedelta
from html.parser import HTMLParser

from django.test import Client

from saksgang.lib import clock
from saksgang.people.models import Person
from saksgang.tickets.kinds import NextStep, State
from saksgang.tickets.models import Ticket
from tests.cast import Cast


def signed_in(person: Person) -> Client:
    """A browser of `person`, with pages in English so that tests do not lean on a translation."""
    client = Client()
    client.force_login(person.account)
    client.cookies["language"] = "en"
    return client


def make_cases(cast: Cast, number: int, **changes) -> list[Ticket]:
    """Many untaken cases at once, past the actions: for lists, which only read. Each came a minute before the one before it."""
    now = clock.now()
    rows = []
    for at in range(number):
        received = now - timedelta(minutes=at)
        facts = {
            "subject": f"Sak nummer {at}",
            "search_folded": f"sak nummer {at}",
            "channel": "EMAIL",
            "team": cast.service_desk,
            "affected_department": cast.ward,
            "received_at": received,
            "registered_at": received,
            "changed_at": received,
            "state_since": received,
            "team_since": received,
            "queue_rank": 15,
            "next_step": NextStep.ASSESS,
            "next_step_due_at": received + timedelta(hours=5),
        }
        rows.append(Ticket(**(facts | changes)))
    return Ticket.objects.bulk_create(rows)


def waiting(cast: Cast, **changes) -> dict:
    """What makes a case of make_cases() one that waits, taken by Kari."""
    until = clock.now() + timedelta(days=2)
    return {
        "state": State.WAITING_REQUESTER,
        "assignee": cast.kari,
        "taken_at": clock.now(),
        "queue_rank": None,
        "next_step": NextStep.FOLLOW_UP,
        "next_step_due_at": until,
        "wait_until": until,
    } | changes


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[int] = []
        self.links: dict[str, str] = {}
        self._open = ""

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag != "a":
            return
        href = attributes.get("href", "")
        if attributes.get("class") == "queue-subject":
            self.rows.append(int(href.rsplit("/", 1)[1]))
        if rel := attributes.get("rel"):
            self.links[rel] = href


def _parsed(response) -> _Links:
    parser = _Links()
    parser.feed(response.content.decode())
    return parser


def numbers(response) -> list[int]:
    """The cases of the page's queue, in the order they are shown."""
    return _parsed(response).rows


def next_page(response) -> str:
    """The address of the page after this; empty on the last."""
    return _parsed(response).links.get("next", "")


def nav_count(response, address: str) -> str:
    """The number beside a list in the frame."""
    found = re.search(rf'class="nav-link" href="{re.escape(address)}".*?</a>', response.content.decode(), re.S)
    assert found, f"no list at {address}"
    number = re.search(r'nav-count">([^<]*)<', found[0])
    return number[1] if number else ""
