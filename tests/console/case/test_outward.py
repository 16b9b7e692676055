"""«Skriv til andre»: to suppliers and other bodies, past the requester."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from saksgang.catalogue import actions as catalogue
from saksgang.console.models import Draft
from saksgang.events.actions import Robot
from saksgang.lib import clock
from saksgang.people import actions as people
from saksgang.people.models import PersonKind
from saksgang.tickets.actions import arrivals, outward
from saksgang.tickets.actions.messages import Heard
from saksgang.tickets.models import Message, MessageRecipient, TicketFollower
from tests.cast import SETUP
from tests.console.case.help import address, assessed, browser, page, send

SUPPLIER = "sak@skriver.example"


@pytest.fixture
def ticket(cast):
    catalogue.add_supplier(by=SETUP, name="Skriverservice", domains=["skriver.example"], address=SUPPLIER)
    catalogue.add_supplier(by=SETUP, name="Uten adresse", domains=["uten.example"])
    return assessed(cast, cast.case())


def from_supplier(cast, ticket):
    person = people.person_of_address(by=SETUP, address=SUPPLIER, name="Skriverservice", kind=PersonKind.SUPPLIER)
    heard = Heard("Vi ser på det.", "Skriverservice", SUPPLIER)
    return arrivals.receive_from_supplier(
        ticket=ticket, by=Robot("mail"), heard=heard, person=person, received_at=clock.now()
    )


def sent_to():
    return sorted(MessageRecipient.objects.values_list("address", flat=True))


def test_the_panel_says_who_gets_it_and_offers_suppliers(cast, ticket):
    html = browser(cast.kari).get(address("ticket_outward", ticket)).content.decode()
    assert "The requester is not told." in html
    assert f"Skriverservice &lt;{SUPPLIER}&gt;" in html
    assert "Uten adresse" not in html


def test_to_a_supplier_and_to_addresses(cast, ticket):
    html = send(
        browser(cast.kari),
        "ticket_outward",
        ticket,
        supplier=SUPPLIER,
        to="en@annen.example, to@annen.example",
        words="Kan dere hjelpe?",
        files_chosen=SimpleUploadedFile("logg.txt", b"feil"),
    )
    assert sent_to() == ["en@annen.example", SUPPLIER, "to@annen.example"]
    assert "The requester is not told." in html
    assert "To others" in html
    message = Message.objects.get(kind="OUTWARD")
    assert message.attachments.get().name == "logg.txt"
    assert 'data-kind="outward"' in html
    assert not TicketFollower.objects.exists()


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"to": SUPPLIER, "words": ""}, "Write the message first."),
        ({"to": "", "words": "Hei"}, "Say whom the message goes to."),
        ({"to": "ikke en adresse", "words": "Hei"}, "is not an e-mail address"),
        ({"to": "nora@sykehus.example", "words": "Hei"}, "Nora Sykepleier asked about this case."),
        ({"supplier": "hvem@som.helst", "to": "", "words": "Hei"}, "is not among the choices any more"),
    ],
)
def test_refused_it_keeps_the_words_and_says_why(cast, ticket, fields, why):
    html = send(browser(cast.kari), "ticket_outward", ticket, 422, **fields)
    assert why in html
    assert fields["words"] in html
    assert not Message.objects.filter(kind="OUTWARD").exists()


def test_a_supplier_stands_out_and_the_panel_goes_on_with_them(cast, ticket):
    outward.write(ticket=ticket, by=cast.kari, words="Hei", to=[SUPPLIER, "annen@skriver.example"])
    client = browser(cast.kari)
    before = client.get(address("ticket_outward", ticket))
    assert before.context["box"]["outward"]["to"].value() == f"{SUPPLIER}, annen@skriver.example"
    from_supplier(cast, ticket)
    after = client.get(address("ticket_outward", ticket))
    assert after.context["box"]["outward"]["to"].value() == SUPPLIER
    assert after.context["said"][-1]["drawn"] == "supplier"
    assert '<span class="tag" data-tone="outward">Supplier</span>' in after.content.decode()


def test_what_is_half_written_is_kept_and_opened(cast, ticket):
    client = browser(cast.kari)
    assert client.post(address("draft", ticket, "answer"), {"body": "Hei, dere"}).status_code == 204
    answer = client.get(address("ticket", ticket))
    assert answer.context["opened"] == "answer"
    assert "Hei, dere" in answer.content.decode()
    assert "Hei, dere" in client.get(address("ticket_outward", ticket)).content.decode()
    send(client, "ticket_outward", ticket, to=SUPPLIER, words="Hei, dere")
    assert not Draft.objects.exists()


def test_another_team_may_not(cast, ticket):
    assert "Write to others" not in page(browser(cast.nils), ticket)
    assert browser(cast.nils).post(address("ticket_outward", ticket), {"to": SUPPLIER, "words": "x"}).status_code == 403
