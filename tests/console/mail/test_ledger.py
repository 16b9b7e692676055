from datetime import timedelta

import pytest
from django.test import Client

from saksgang.access import roles
from saksgang.access.roles import Permission, Role
from saksgang.events.models import Event
from saksgang.inbound.models import InboundMail
from saksgang.lib import clock, files
from saksgang.lib.text import fold
from saksgang.people.models import PersonAddress
from saksgang.tickets.actions import restriction
from saksgang.tickets.models import Ticket
from tests.console.desk import next_page, signed_in

RAW = b"From: Ola <ola@sykehus.example>\r\nTo: ikt@sykehus.example\r\nSubject: Hjelp\r\n\r\nSkjermen er svart <b>&\r\n"


def mail(cast, **changes) -> InboundMail:
    now = clock.now()
    facts = {
        "mailbox": cast.ikt,
        "door": "smtp",
        "raw_sha256": files.keep(RAW),
        "size": len(RAW),
        "received_at": now,
        "try_at": now,
        "purge_after": now + timedelta(days=700),
        "from_name": "Ola",
        "from_address": "ola@sykehus.example",
        "subject": "Hjelp",
        "decided_at": now,
        "pending": 0,
    }
    facts |= changes
    folded = fold(f"{facts['subject']} {facts['from_name']} {facts['from_address']}")
    return InboundMail.objects.create(**facts, search_folded=folded)


def set_aside(cast, **changes) -> InboundMail:
    facts = {
        "outcome": "set_aside",
        "set_aside_reason": "unreadable",
        "due_at": clock.now() + timedelta(hours=1),
        "reasons": [["readable", "not_whole"], ["ticket", "brand_new_code"]],
    }
    return mail(cast, **(facts | changes))


def test_the_ledger_shows_every_delivery_and_what_became_of_it(cast):
    ticket = cast.case()
    first = mail(cast, outcome="new_ticket", ticket=ticket)
    copy = mail(cast, mailbox=cast.ehelse, outcome="duplicate", duplicate_of=first, subject="<script>x</script>")
    set_aside(cast)
    mail(cast, pending=1, decided_at=None)
    response = signed_in(cast.kari).get("/mail")
    page = response.content.decode()
    assert len(response.context["rows"]) == 4
    assert f'href="/tickets/{ticket.pk}"' in page
    assert f'href="/mail/{first.pk}"' in page
    assert f'href="/mail/{copy.pk}"' in page
    assert "<script>x" not in page  # S1


def test_filters(cast):
    found = set_aside(cast, from_address="per@firma.example", subject="Åpning av ØYE-skap")
    mail(cast, outcome="new_ticket", ticket=cast.case())
    waits = mail(cast, pending=1, decided_at=None)
    client = signed_in(cast.kari)

    def ids(**query) -> list[int]:
        return [row["id"] for row in client.get("/mail", query).context["rows"]]

    assert ids(outcome="set_aside") == [found.pk]
    assert ids(outcome="undecided") == [waits.pk]
    assert ids(words="PER@firma") == [found.pk]
    assert ids(words="øye åpning PER") == [found.pk]
    assert ids(words="øye ola.nordmann") == []
    assert ids(words="%") == []
    assert len(ids(outcome="x", words="\x00", before="x")) == 3
    assert ids(before="9" * 50)


def test_paging_meets_every_mail_exactly_once(cast):
    for _one in range(120):
        set_aside(cast, raw_sha256="0" * 64)
    client = signed_in(cast.kari)
    seen, address = [], "/mail"
    while address:
        response = client.get(address)
        seen += [row["id"] for row in response.context["rows"]]
        following = next_page(response)
        address = f"/mail{following}" if following else ""
    assert len(seen) == len(set(seen)) == 120
    assert seen == sorted(seen, reverse=True)


def test_one_mail_tells_why(cast):
    row = set_aside(cast)
    page = signed_in(cast.kari).get(f"/mail/{row.pk}").content.decode()
    assert "damaged" in page
    assert "ticket: brand_new_code" in page
    assert "Skjermen er svart &lt;b&gt;&amp;" in page


def test_a_long_mail_is_shown_in_part(cast):
    row = set_aside(cast, raw_sha256=files.keep(b"x" * 70_000))
    page = signed_in(cast.kari).get(f"/mail/{row.pk}")
    assert page.context["cut"]
    assert len(page.context["raw"]) == 65_536


def test_a_mail_whose_bytes_are_gone_still_has_its_page(cast):
    row = set_aside(cast, raw_sha256="0" * 64)
    client = signed_in(cast.kari)
    assert client.get(f"/mail/{row.pk}").status_code == 200
    assert client.get(f"/mail/{row.pk}/raw").status_code == 404


def test_the_raw_mail_is_only_ever_downloaded(cast):
    response = signed_in(cast.kari).get(f"/mail/{set_aside(cast).pk}/raw")
    assert b"".join(response.streaming_content) == RAW
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Content-Type"] == "application/octet-stream"


def test_s21_mails_of_restricted_cases_are_only_for_those_who_see_the_case(cast):
    secret = cast.case()
    restriction.restrict(ticket=secret, by=cast.liv, readers=[], reason="Gjelder en ansatt")
    first = mail(cast, outcome="new_ticket", ticket=secret, subject="Lønn og permisjon")
    copy = mail(cast, outcome="duplicate", duplicate_of=first, subject="Lønn og permisjon")
    stranger, leader = signed_in(cast.kari), signed_in(cast.liv)
    assert b"permisjon" not in stranger.get("/mail").content
    assert leader.get("/mail").content.count(b"permisjon") == 2
    for row in (first, copy):
        assert leader.get(f"/mail/{row.pk}").status_code == 200
        assert stranger.get(f"/mail/{row.pk}").status_code == 404
        assert stranger.get(f"/mail/{row.pk}/raw").status_code == 404


def test_signed_out_one_reads_nothing(cast):
    row = set_aside(cast)
    for address in (f"/mail/{row.pk}", f"/mail/{row.pk}/raw"):
        assert Client().get(address).status_code == 302


@pytest.fixture
def reader(cast, monkeypatch):
    """Somebody who may read the mail log, and nothing more."""
    monkeypatch.setitem(roles.ROLES, Role.AGENT, frozenset({Permission.READ_TICKETS, Permission.READ_MAIL}))
    return signed_in(cast.kari)


def test_who_only_reads_does_not_sort(cast, reader):
    row = set_aside(cast)
    assert b"<form" not in reader.get("/mail/tray").content.split(b'id="main"')[1].split(b"</main>")[0]
    assert "registration" not in reader.get(f"/mail/{row.pk}").context
    for action in ("retry", "registration", "handled"):
        assert reader.post(f"/mail/{row.pk}/{action}").status_code == 403


def test_the_tray_holds_what_nobody_has_sorted(cast):
    late = set_aside(cast, due_at=clock.now() - timedelta(minutes=1))
    soon = set_aside(cast)
    set_aside(cast, handled_at=clock.now(), handled_by=cast.knut)
    response = signed_in(cast.kari).get("/mail/tray")
    assert [row["id"] for row in response.context["rows"]] == [late.pk, soon.pk]
    assert b"could not be read whole" in response.content


def test_trying_again(cast):
    row = set_aside(cast)
    assert signed_in(cast.kari).post(f"/mail/{row.pk}/retry")["Location"] == "/mail/tray"
    row.refresh_from_db()
    assert (row.pending, row.outcome) == (1, None)


def test_registering_it_as_a_case(cast):
    row = set_aside(cast)
    client = signed_in(cast.kari)
    page = client.get(f"/mail/{row.pk}").content.decode()
    assert 'value="ola@sykehus.example"' in page
    facts = {"case-requester": "Ola@Sykehus.example", "case-team": cast.network.pk, "case-subject": "Svart skjerm"}
    response = client.post(f"/mail/{row.pk}/registration", facts)
    ticket = Ticket.objects.get()
    assert response["Location"] == f"/tickets/{ticket.pk}"
    assert (ticket.subject, ticket.team, ticket.channel) == ("Svart skjerm", cast.network, "EMAIL")
    assert PersonAddress.objects.get(address="ola@sykehus.example").person.name == "Ola"


def test_a_case_without_a_requester(cast):
    row = set_aside(cast)
    facts = {"case-requester": "", "case-team": cast.service_desk.pk, "case-subject": ""}
    signed_in(cast.kari).post(f"/mail/{row.pk}/registration", facts)
    assert Ticket.objects.get().answers_owed == 0


@pytest.mark.parametrize(
    "facts", [{"case-requester": "ikke en adresse"}, {"case-team": "x"}, {"case-requester": "a\r\nb@c.no"}]
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(cast, facts):
    row = set_aside(cast)
    sent = {"case-requester": "", "case-team": cast.service_desk.pk, "case-subject": "Emnet mitt"} | facts
    response = signed_in(cast.kari).post(f"/mail/{row.pk}/registration", sent)
    assert response.status_code == 422
    assert b"Emnet mitt" in response.content
    assert not Ticket.objects.exists()


def test_nothing_more_to_do(cast):
    row = set_aside(cast)
    client = signed_in(cast.kari)
    assert client.post(f"/mail/{row.pk}/handled", {"handled-note": " "}).status_code == 422
    assert client.post(f"/mail/{row.pk}/handled", {"handled-note": "Reklame"})["Location"] == "/mail/tray"
    row.refresh_from_db()
    assert (row.handled_by, row.handled_note) == (cast.kari, "Reklame")
    assert Event.objects.filter(kind="mail_handled").count() == 1
    assert b"Reklame" in client.get(f"/mail/{row.pk}").content


def test_what_somebody_else_has_sorted_is_not_sorted_again(cast):
    row = set_aside(cast, handled_at=clock.now(), handled_by=cast.knut)
    client = signed_in(cast.kari)
    assert client.post(f"/mail/{row.pk}/retry")["Location"] == "/mail/tray"
    facts = {"case-requester": "ny@sykehus.example", "case-team": cast.service_desk.pk, "case-subject": "X"}
    assert client.post(f"/mail/{row.pk}/registration", facts).status_code == 422
    assert not Ticket.objects.exists()
    assert not PersonAddress.objects.filter(address="ny@sykehus.example").exists()
