"""Clause B5, mail.md 10: a flood silences the one who floods; everybody else is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saksgang.catalogue.actions import announce
from saksgang.events.alarms import open_alarms
from saksgang.inbound.decisions import receipts
from saksgang.inbound.models import Receipt
from saksgang.lib import clock
from saksgang.people.actions import add_person
from saksgang.tickets.actions import answering
from saksgang.tickets.models import Ticket
from tests.acceptance.conftest import text_of
from tests.cast import SETUP

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def small(settings):
    settings.RECEIPTS_PER_HOUR, settings.RECEIPTS_PER_ADDRESS = 6, 3


def write(desk, address: str, nth: int) -> None:
    desk.send(address, f"Feil nummer {nth}.", subject=f"Feil {nth}", date=f"Mon, 23 Nov 2026 08:00:{nth:02} +0100")


def flood(desk, number: int, *, domain: str = "fremmed.example") -> None:
    for nth in range(number):
        write(desk, f"noen{nth}@{domain}", nth)
    desk.work()


def test_b5_everybody_whom_the_hospital_knows_is_told_however_many_they_are(desk):
    people = [f"ansatt{nth}@sykehus.example" for nth in range(12)]
    for address in people:
        add_person(by=SETUP, name=address, addresses=(address,))
    for nth, address in enumerate(people):
        write(desk, address, nth)
    desk.work()
    assert all(len(desk.inbox(address)) == 1 for address in people)


def test_b5_so_is_everybody_of_the_hospitals_own_domains(desk, settings):
    settings.MAIL_OWN_DOMAINS = ("sykehus.example",)
    flood(desk, 12, domain="klinikk.sykehus.example")
    assert len(desk.inboxes.mails) == 12


def test_b5_strangers_come_to_an_end_and_are_told_when_the_flood_is_over(desk):
    flood(desk, 9)
    assert len(desk.inboxes.mails) == 6
    assert open_alarms().filter(kind="mail_storm", key="*").exists()
    assert receipts.held().count() == 3
    page = desk.client(desk.cast.kari).get("/mail/tray").content.decode()
    assert "noen8@fremmed.example" in page
    with clock.at(clock.now() + timedelta(minutes=61)):
        assert receipts.release() == 3
        desk.work()
    assert len(desk.inboxes.mails) == 9
    assert not open_alarms().filter(kind="mail_storm").exists()


def test_b5_a_clock_that_was_ahead_silences_nobody(desk):
    with clock.at(clock.now() + timedelta(hours=3)):
        flood(desk, 6)
    write(desk, "en.til@fremmed.example", 30)
    desk.work()
    assert len(desk.inbox("en.til@fremmed.example")) == 1


def test_b5_a_stranger_who_floods_takes_no_more_than_their_share(desk):
    for nth in range(10):
        write(desk, "roboten@fremmed.example", nth)
    desk.work()
    assert len(desk.inboxes.mails) == 3
    write(desk, "noen@fremmed.example", 20)
    desk.work()
    assert len(desk.inbox("noen@fremmed.example")) == 1


def test_b5_one_late_receipt_names_all_cases_of_its_reader(desk):
    for nth in range(5):
        write(desk, "kari@fremmed.example", nth)
    desk.work()
    fourth, fifth = Ticket.objects.order_by("id")[3:]
    with clock.at(clock.now() + timedelta(minutes=61)):
        assert receipts.release() == 1
        desk.work()
    words = text_of(desk.inbox("kari@fremmed.example")[-1])
    assert f"{fourth.pk}, {fifth.pk}" in words
    assert Receipt.objects.get(ticket=fourth).state == "told"
    with clock.at(clock.now() + timedelta(minutes=130)):
        assert receipts.release() == 0


def test_b5_whoever_was_answered_meanwhile_needs_no_receipt(desk):
    for nth in range(4):
        write(desk, "kari@fremmed.example", nth)
    desk.work()
    answering.answer(ticket=Ticket.objects.latest("id"), by=desk.cast.kari, words="Vi ser på det.")
    with clock.at(clock.now() + timedelta(minutes=61)):
        assert receipts.release() == 0
    assert Receipt.objects.latest("id").state == "needless"


def test_b5_receipts_that_tell_of_an_outage_count_nowhere(desk):
    now = clock.now()
    announce(
        by=SETUP, kind="outage", words="DIPS er nede", service=None, starts_at=now - timedelta(minutes=5), ends_at=None
    )
    flood(desk, 9)
    assert len(desk.inboxes.mails) == 9
    assert not Receipt.objects.filter(reason="").exists()


def test_b5_a_forged_sender_of_our_own_domain_is_told_nothing(desk, settings):
    settings.MAIL_OWN_DOMAINS, settings.MAIL_AUTHSERV_ID = ("sykehus.example",), "mx.sykehus.example"
    desk.send("ny@sykehus.example", "Hei.", authentication_results="mx.sykehus.example; dmarc=fail")
    desk.work()
    assert desk.inboxes.mails == []
    assert Receipt.objects.get().state == "withheld"


def test_b5_one_delivery_is_one_mail_however_many_of_its_addresses_it_names(desk):
    marked = ",".join(f"ikt+{nth}@sykehus.example" for nth in range(40))
    desk.send_raw(
        b"From: nora@sykehus.example\r\nSubject: Hjelp\r\n\r\nHei.\r\n", sender="nora@sykehus.example", to=marked
    )
    desk.work()
    assert Ticket.objects.count() == 1
