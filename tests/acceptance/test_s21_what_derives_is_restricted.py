"""S21: whatever derives from a restricted case is restricted to the same readers. A closed list of the ways a thing is made of a case."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saksgang.inbound import actions as inbound
from saksgang.inbound import queries as mail
from saksgang.inbound.models import InboundMail
from saksgang.lib import clock, files
from saksgang.people.queries import find_persons
from saksgang.tickets.actions import assignment, restriction
from saksgang.tickets.actions.ties import merging, splitting
from saksgang.tickets.models import Message, Ticket, TicketReader
from saksgang.tickets.persons import persons_known_to
from saksgang.tickets.policies import Refused
from tests.acceptance.conftest import subject_of

pytestmark = pytest.mark.django_db(transaction=True)

TIP = "varsler@utenfor.example"


@pytest.fixture
def secret(desk) -> Ticket:
    """A stranger's case that only Kari, Nils and the team's leader see."""
    desk.send(TIP, "Jeg vil varsle om noe.", subject="Kvartsur")
    desk.work()
    ticket = assignment.take(ticket=desk.only_ticket(), by=desk.cast.kari)
    return restriction.restrict(ticket=ticket, by=desk.cast.kari, readers=[desk.cast.nils], reason="Varsel")


def answer_to(desk, words: str, **headers: str) -> None:
    ours = desk.inbox(TIP)[-1]
    facts = {
        "subject": "SV: " + subject_of(ours),
        "in_reply_to": ours["Message-ID"],
        "date": "Mon, 23 Nov 2026 09:30:00 +0100",
    }
    desk.send(TIP, words, **(facts | headers))
    desk.work()


def long_ago(ticket: Ticket) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(
        state="CLOSED", open=0, answers_owed=0, queue_rank=None, next_step=None, next_step_due_at=None, set_step=None,
        set_step_due_at=None, closed_at=clock.now() - timedelta(days=90), closed_by_robot="clock", close_reason="SPAM",
    )  # fmt: skip
    ticket.requesters.update(answer_owed_since=None)


def detached(desk, secret) -> Ticket:
    answer_to(desk, "Og en ting til.")
    return inbound.detach(message=Message.objects.latest("id"), by=desk.cast.kari, reason="Noe annet")


def number_only(desk, secret) -> Ticket:
    desk.send("en.annen@utenfor.example", "Gjelder varselet.", subject=f"[SAK-{secret.pk}]")
    desk.work()
    return Ticket.objects.latest("id")


def after_the_window(desk, secret) -> Ticket:
    long_ago(secret)
    answer_to(desk, "Det har skjedd igjen.")
    return Ticket.objects.latest("id")


def registered_from_the_tray(desk, secret) -> Ticket:
    row = set_aside(desk, secret)
    return inbound.register_set_aside(
        mail=row, by=desk.cast.kari, team=desk.cast.service_desk, requester=desk.cast.nora, subject="Fra kurven"
    )


def split_off(desk, secret) -> Ticket:
    chosen = Message.objects.filter(ticket=secret).values_list("pk", flat=True)
    return splitting.split(ticket=secret, by=desk.cast.kari, messages=chosen, subject="Noe annet i varselet")


CASES = [detached, number_only, after_the_window, registered_from_the_tray, split_off]


@pytest.mark.parametrize("made", CASES)
def test_s21_a_case_made_of_it_has_the_same_readers(desk, secret, made):
    new = made(desk, secret)
    assert (new.pk != secret.pk, new.restricted) == (True, True)
    cast = desk.cast
    sees = {
        person.name
        for person in (cast.kari, cast.nils, cast.liv, cast.knut, cast.trine)
        if Ticket.objects.visible_to(person).filter(pk=new.pk).exists()
    }
    assert sees == {cast.kari.name, cast.nils.name, cast.liv.name}
    assert not mail.readable_by(cast.knut).filter(ticket=new).exists()


def set_aside(desk, secret) -> InboundMail:
    """A reply that nobody can read whole."""
    ours = desk.inbox(TIP)[-1]
    raw = (
        f"From: {TIP}\r\nTo: ikt@sykehus.example\r\nSubject: SV: Kvartsur\r\nIn-Reply-To: {ours['Message-ID']}\r\n"
        "Date: Mon, 23 Nov 2026 09:40:00 +0100\r\nContent-Type: text/plain\r\n\r\n" + "ord " * 300_000
    )
    desk.send_raw(raw.encode(), sender=TIP, to="ikt@sykehus.example")
    desk.work()
    row = InboundMail.objects.latest("id")
    assert row.outcome == "set_aside"
    return row


def cannot_be_decided(desk, secret) -> InboundMail:
    """A reply at which the decisions fail each time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inbound, "_heard", lambda *_args: 1 / 0)
        answer_to(desk, "Og en ting til.")
    row = InboundMail.objects.latest("id")
    for _try in range(6):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(inbound, "_heard", lambda *_args: 1 / 0)
            InboundMail.objects.filter(pk=row.pk).update(try_at=clock.now())
            inbound.decide_pending()
    row.refresh_from_db()
    assert (row.outcome, row.set_aside_reason) == ("set_aside", "failed")
    return row


def is_pending(desk, secret) -> InboundMail:
    """A reply that nobody has looked at yet."""
    ours = desk.inbox(TIP)[-1]
    desk.send(TIP, "Og en ting til.", subject="SV: Kvartsur", in_reply_to=ours["Message-ID"])
    return InboundMail.objects.latest("id")


def is_duplicate(desk, secret) -> InboundMail:
    row = InboundMail.objects.get()
    desk.send_raw(files.read(row.raw_sha256), sender=TIP, to="e-helse@sykehus.example")
    desk.work()
    assert InboundMail.objects.latest("id").outcome == "duplicate"
    return InboundMail.objects.latest("id")


MAILS = [set_aside, cannot_be_decided, is_pending, is_duplicate]


@pytest.mark.parametrize("made", MAILS)
def test_s21_its_mails_are_nobody_elses_in_ledger_and_tray(desk, secret, made):
    row = made(desk, secret)
    for person, status in ((desk.cast.knut, 404), (desk.cast.kari, 200), (desk.cast.nils, 200)):
        client = desk.client(person)
        assert client.get(f"/mail/{row.pk}").status_code == status
        raw = client.get(f"/mail/{row.pk}/raw")
        assert raw.status_code == status
        raw.close()
    for page in ("/mail", "/mail/tray", "/"):
        shown = desk.client(desk.cast.knut).get(page).content.decode()
        assert f"/mail/{row.pk}" not in shown or row.pending
        assert TIP not in shown
        assert "Kvartsur" not in shown
    if not row.pending:
        assert desk.client(desk.cast.knut).post(f"/mail/{row.pk}/retry").status_code == 404


def test_s21_a_person_known_only_from_it_is_found_by_its_readers_alone(desk, secret):
    def found_by(person) -> list[str]:
        return [one["address"] for one in find_persons("varsler", persons_known_to(person))]

    assert found_by(desk.cast.kari) == [TIP]
    assert found_by(desk.cast.knut) == []
    assert TIP not in desk.client(desk.cast.knut).get("/search?q=varsler").content.decode()
    desk.send(TIP, "Skriveren virker ikke.", subject="Skriver", date="Mon, 23 Nov 2026 11:30:00 +0100")
    desk.work()
    assert found_by(desk.cast.knut) == [TIP]


def test_s21_an_employee_is_found_whatever_they_have_asked(desk, secret):
    ticket = desk.cast.case()
    restriction.restrict(ticket=ticket, by=desk.cast.kari, readers=[], reason="Personalsak")
    assert find_persons("nora", persons_known_to(desk.cast.knut))


def test_s21_it_is_not_merged_with_what_more_people_read(desk, secret):
    with pytest.raises(Refused, match=f"Sak {secret.pk} er skjermet"):
        merging.merge(ticket=secret, by=desk.cast.kari, into=desk.cast.case())


# Restricting and lifting, on the page.


def test_s21_an_agent_restricts_a_case_names_readers_and_lifts_it(desk):
    cast, ticket = desk.cast, desk.cast.case()
    client = desk.client(cast.kari)
    page = client.get(f"/tickets/{ticket.pk}?open=restriction").content.decode()
    assert "Nils Berg" in page
    refused = client.post(f"/tickets/{ticket.pk}/restriction", {"readers": [cast.nils.pk], "reason": " "})
    assert refused.status_code == 422
    assert (
        client.post(
            f"/tickets/{ticket.pk}/restriction", {"readers": [cast.nils.pk], "reason": "Personalsak"}
        ).status_code
        == 303
    )
    assert set(TicketReader.objects.values_list("person_id", flat=True)) == {cast.kari.pk, cast.nils.pk}
    assert desk.client(cast.knut).get(f"/tickets/{ticket.pk}").status_code == 404
    assert desk.client(cast.nils).get(f"/tickets/{ticket.pk}").status_code == 200
    assert client.post(f"/tickets/{ticket.pk}/restriction", {"do": "lift", "reason": "Avklart"}).status_code == 303
    assert desk.client(cast.knut).get(f"/tickets/{ticket.pk}").status_code == 200
    assert not TicketReader.objects.exists()


def test_s21_whoever_may_not_work_the_case_restricts_nothing(desk):
    ticket = desk.cast.case()
    answer = desk.client(desk.cast.nils).post(f"/tickets/{ticket.pk}/restriction", {"readers": [], "reason": "x"})
    assert answer.status_code == 403
    assert not Ticket.objects.get(pk=ticket.pk).restricted
