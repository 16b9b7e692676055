"""The demo's pages: send as an employee, follow the mail, read and answer what came back."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from saksgang.catalogue.models import Mailbox
from saksgang.channels.smtp_out.relay import Answer
from saksgang.demo import posting
from saksgang.demo.models import ReceivedMail
from saksgang.demo.parts import arrive, deliver
from saksgang.inbound.models import InboundMail
from saksgang.inbound.reading.mail import read
from saksgang.tickets.models import Ticket

pytestmark = pytest.mark.once


class Door:
    """Stands for the relay to the product's own door: decides on the mail at once."""

    answer = Answer(250, "stored")

    def __init__(self, **_where):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        pass

    def send(self, *, envelope_from, recipient, raw):
        if self.answer.accepted:
            arrive(raw, Mailbox.objects.get(address=recipient), envelope_from)
        return self.answer


@pytest.fixture(autouse=True)
def _door(monkeypatch):
    monkeypatch.setattr(posting, "Relay", Door)


def send(client, **changes):
    page = client.get(reverse("demo:start") + "?example=skriver")
    return client.post(reverse("demo:start"), filled(page) | changes, follow=True)


class Form(HTMLParser):
    """What stands in the fields of a page's form."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._select = self._text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "input" and told.get("type") == "text":
            self.fields[told["name"]] = told.get("value", "")
        elif tag == "select":
            self._select = told["name"]
        elif tag == "option" and "selected" in told:
            self.fields[self._select] = told["value"]
        elif tag == "textarea":
            self._text = told["name"]

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._text = ""

    def handle_data(self, data):
        if self._text:
            self.fields[self._text] = self.fields.get(self._text, "") + data.removeprefix("\n")


def filled(page) -> dict[str, str]:
    return Form(page.content.decode()).fields


def recipients(page) -> list[str]:
    """The mails of the inbox that a page lists, by recipient."""
    numbers = re.findall(r'href="/demo/inbox/(\d+)', page.content.decode())
    return [ReceivedMail.objects.get(pk=number).recipient for number in numbers]


def test_the_first_page_needs_no_sign_in_and_says_who_to_be(told, client):
    page = client.get(reverse("demo:start"))
    assert page.status_code == 200
    assert b"ingrid" in page.content
    assert b"demo" in page.content
    assert "style=" not in page.content.decode()
    assert "<script>" not in page.content.decode()


@pytest.mark.parametrize("key", ["skriver", "journal", "tilgang", "begge"])
def test_examples_fill_the_form(told, client, key):
    values = filled(client.get(reverse("demo:start"), {"example": key}))
    assert set(values) == {"sender", "mailbox", "subject", "words"}
    assert all(values.values())


def test_a_mail_becomes_a_case_with_its_receipt(told, client):
    page = send(client)
    row = InboundMail.objects.order_by("-id")[0]
    assert page.redirect_chain[0][0] == reverse("demo:way", args=[row.raw_sha256])
    assert row.ticket is not None
    assert f"/tickets/{row.ticket_id}" in page.content.decode()
    assert "/demo/inbox/?" in page.content.decode()
    assert not recipients(page)
    deliver()
    page = client.get(reverse("demo:way", args=[row.raw_sha256]))
    assert recipients(page) == [row.from_address]


def test_both_mailboxes_give_one_case(told, client):
    before = Ticket.objects.count()
    page = send(client, mailbox="both")
    assert Ticket.objects.count() == before + 1
    assert page.content.decode().count("sykehuset.example, <time") == 2


def test_a_closed_door_is_told(told, client, monkeypatch):
    monkeypatch.setattr(Door, "answer", Answer(None, "ConnectionRefusedError"))
    page = send(client)
    assert page.status_code == 200
    assert "ConnectionRefusedError" in page.content.decode()
    assert filled(page)["words"]


def test_an_empty_mail_is_not_sent(told, client):
    page = send(client, words="")
    assert "data-focus-on-load" in page.content.decode()


def test_the_inbox_shows_and_filters(told, client):
    page = client.get(reverse("demo:inbox"))
    shown = recipients(page)
    assert len(shown) == 50
    page = client.get(reverse("demo:inbox"), {"recipient": shown[0]})
    assert set(recipients(page)) == {shown[0]}


def test_a_mail_is_read_and_replied_to(told, client):
    mail = ReceivedMail.objects.order_by("-at")[0]
    page = client.get(reverse("demo:mail", args=[mail.pk]))
    assert re.search(r"Saksnummer \d+|saksnummer \d+|Case number|case number", page.content.decode())
    number = re.search(r"(?:saksnummer|Case number) (\d+)", page.content.decode(), re.IGNORECASE)
    client.post(reverse("demo:mail", args=[mail.pk]), {"words": "Takk, men det virker fortsatt ikke."})
    row = InboundMail.objects.order_by("-id")[0]
    assert row.outcome == "reply"
    assert row.ticket_id == int(number[1])


def test_a_reply_folds_the_mail_below(told):
    mail = ReceivedMail.objects.order_by("-at")[0]
    found = read(posting.letters.build(posting.reply_to(mail, "Takk!")))
    assert found.visible_text.startswith("Takk!")
    assert found.in_reply_to == (mail.header_id,)
    assert any(segment.folded for segment in found.segments)


def test_unknown_addresses_answer_404(told, client):
    assert client.get(reverse("demo:way", args=["0" * 64])).status_code == 404
    assert client.get(reverse("demo:mail", args=[0])).status_code == 404
