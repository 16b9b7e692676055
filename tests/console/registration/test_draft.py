"""A new case that was begun is kept on the server, for the one who began it, until it is registered or thrown away."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from saksgang.console.models import Draft
from saksgang.tickets.models import Ticket
from tests.console.case.help import browser
from tests.console.test_held import NEW_CASE


def keep(client: Client, body: str) -> None:
    assert client.post("/tickets/new/draft", {"body": body}).status_code == 204


def test_a_new_case_that_was_begun_is_there_again(cast):
    client = browser(cast.kari)
    keep(
        client,
        "who=Nora+Sykepleier&channel=NOTE&what=F%C3%A5r+ikke+logget+p%C3%A5&text=Siden+i+g%C3%A5r&place=3B&type=ORDER",
    )
    html = client.get("/tickets/new").content.decode()
    for words in ("Nora Sykepleier", "Får ikke logget på", "Siden i går", 'value="3B"', "This is what you began on"):
        assert words in html
    assert re.search(r'value="ORDER"[^>]* checked', html)
    assert re.search(r'value="NOTE"[^>]* selected', html)
    assert "Nora" not in browser(cast.knut).get("/tickets/new").content.decode()


def test_it_is_kept_once_and_goes_when_it_is_registered_thrown_away_or_emptied(cast):
    client = browser(cast.kari)
    for ending in (
        lambda: client.post("/tickets/new", {"do": "forget"}),
        lambda: keep(client, "who=&channel=PHONE&what=+"),
        lambda: client.post(
            "/tickets/new", NEW_CASE | {"who_id": cast.nora.pk, "team": cast.service_desk.pk, "do": "register"}
        ),
    ):
        keep(client, "who=N")
        keep(client, "who=No&what=Skriver")
        assert Draft.objects.get().text == "who=No&what=Skriver"
        ending()
        assert not Draft.objects.exists()
    assert Ticket.objects.count() == 1


def test_a_case_for_somebody_else_leaves_what_was_begun_alone(cast):
    client = browser(cast.kari)
    keep(client, "who=Nora&what=Skriver")
    html = client.get(f"/tickets/new?who={cast.dag.pk}").content.decode()
    assert "You have begun on another case" in html
    assert "<draft-box" not in html
    assert "Skriver" not in html


@pytest.mark.parametrize(
    "body",
    ["who=%00%FF", "who_id=²&who=x", "team=999&department=abc&who=x", "x" * 10_000, "&&=&who=x", "type=<b>&who=<b>"],
)
def test_any_draft_can_be_shown(cast, body):
    client = browser(cast.kari)
    keep(client, body)
    answer = client.get("/tickets/new")
    assert answer.status_code == 200
    assert b"<b>" not in answer.content


def test_a_draft_that_is_too_long_or_anothers_is_refused(cast):
    assert browser(cast.kari).post("/tickets/new/draft", {"body": "x" * 500_001}).status_code == 422
