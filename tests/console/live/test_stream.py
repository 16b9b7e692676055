"""The stream from end to end: a real server, a real connection, and changes that other processes would make."""

from __future__ import annotations

import re
import time
import urllib.request
from urllib.parse import quote

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from saksgang.access.actions import grant
from saksgang.access.roles import Role
from saksgang.console.live import presence
from saksgang.events.alarms import raise_alarm
from saksgang.outbound.models import OutboundMail
from saksgang.people.models import Account
from saksgang.tickets.actions import answering, assignment, restriction
from saksgang.worker import loop
from tests.cast import SETUP
from tests.console.live.server import session_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_change_is_told_with_its_topics(live_cast, ear):
    ticket = live_cast.case()
    kari, nils = ear(live_cast.kari), ear(live_cast.nils)
    assignment.take(ticket=ticket, by=live_cast.kari)
    number = f"case:{ticket.pk}"
    assert kari.hears(number) == {number, "cases", "ours", "me", f"team:{live_cast.service_desk.pk}"}
    assert nils.hears(number) == {number, "cases", f"team:{live_cast.service_desk.pk}"}


def test_both_the_team_that_gives_and_the_one_that_gets_a_case_hear_of_it(live_cast, ear):
    ticket = live_cast.case()
    kari, nils = ear(live_cast.kari), ear(live_cast.nils)
    assignment.hand_over(ticket=ticket, by=live_cast.knut, team=live_cast.network, reason="Nettet")
    assert "ours" in kari.hears(f"case:{ticket.pk}")
    assert "ours" in nils.hears(f"case:{ticket.pk}")


def test_what_is_told_holds_no_name_and_no_word_of_anybody(live_cast, ear):
    kari = ear(live_cast.kari)
    ticket = live_cast.case(subject="Hemmelig emne")
    answering.note(ticket=ticket, by=live_cast.knut, words="Hemmelige ord")
    kari.hears(f"case:{ticket.pk}")
    told = re.sub(
        r"(?m)^([0-9A-Fa-f]+|retry: 2000|id: \d+|event: (told|beat)|data:( \*| (case:\d+|cases|lists|ours|team:\d+| )+)?)?$",
        "",
        kari.text,
    )
    assert told.strip() == ""


def test_a_restricted_case_is_told_of_to_those_who_may_see_it_only(live_cast, ear):
    ticket = live_cast.case()
    assignment.take(ticket=ticket, by=live_cast.kari)
    restriction.restrict(ticket=ticket, by=live_cast.kari, readers=[], reason="Personalsak")
    kari, knut, liv = ear(live_cast.kari), ear(live_cast.knut), ear(live_cast.liv)
    answering.note(ticket=ticket, by=live_cast.kari, words="Bare for dem det gjelder.")
    presence.sign(ticket=ticket, by=live_cast.kari, tab="a", writing="")
    open_one = live_cast.case()
    assert {f"case:{ticket.pk}", f"presence:{ticket.pk}"} <= kari.hears(f"case:{open_one.pk}")
    assert {f"case:{ticket.pk}", f"presence:{ticket.pk}"} <= liv.hears(f"case:{open_one.pk}")
    assert not {f"case:{ticket.pk}", f"presence:{ticket.pk}"} & knut.hears(f"case:{open_one.pk}")


def test_a_mail_that_has_left_and_somebody_who_looks_are_told_too(live_cast, ear, settings):
    ticket = live_cast.case()
    answering.answer(ticket=ticket, by=live_cast.kari, words="Hei")
    loop.follow("outbound")
    kari = ear(live_cast.kari)
    presence.sign(ticket=ticket, by=live_cast.knut, tab="a", writing="")
    assert kari.hears(f"presence:{ticket.pk}") == {f"presence:{ticket.pk}"}
    OutboundMail.objects.update(state="failed", pending=0, failed_at="2026-03-02T10:00Z")
    assert kari.hears(f"case:{ticket.pk}") == {f"case:{ticket.pk}"}


def test_what_is_no_case_is_told_to_the_lists(live_cast, ear):
    kari = ear(live_cast.kari)
    raise_alarm(kind="relay_failing", key="relay", by=SETUP)
    kari.hears("lists")


@pytest.mark.parametrize("who", ["nobody", "a session that never was"])
def test_who_is_not_signed_in_hears_nothing(who, door):
    refused = door("" if who == "nobody" else "x" * 32)
    assert refused.status == 401
    assert refused.headers["cache-control"] == "no-store, private"


def test_who_may_not_read_cases_hears_nothing(live_cast, door):
    from saksgang.people.actions import open_account

    open_account(by=SETUP, person=live_cast.dag, username="dag", password="x" * 20)
    live_cast.dag.refresh_from_db()
    assert door(session_of(live_cast.dag)).status == 403
    grant(by=SETUP, person=live_cast.dag, role=Role.AGENT, team=live_cast.network)
    assert door(session_of(live_cast.dag)).status == 200


def test_another_name_than_ours_hears_nothing(live_cast, door):
    assert door(session_of(live_cast.kari), Host="evil.example").status == 400


def test_signing_out_ends_the_stream_and_no_other(live_cast, door, ear):
    client = Client()
    client.force_login(live_cast.kari.account)
    mine, others = door(client.cookies["sessionid"].value), ear(live_cast.kari)
    client.post("/sign-out")
    assert mine.ends()
    ticket = live_cast.case()
    others.hears(f"case:{ticket.pk}")


def test_a_page_hears_what_happened_since_it_was_made(live_cast, door, ear):
    somebody = ear(live_cast.knut)  # so that what happens is remembered
    made_at = int(time.time() * 1000)
    ticket = live_cast.case()
    somebody.hears(f"case:{ticket.pk}")
    late = door(session_of(live_cast.kari), path=f"/live/?since={made_at}")
    assert "*" not in late.hears(f"case:{ticket.pk}")
    late.close()
    again = door(session_of(live_cast.kari), Last_Event_ID=str(made_at))
    assert "*" not in again.hears(f"case:{ticket.pk}")
    for nonsense in ("", "x", "9" * 400, "-1", "²"):
        door(session_of(live_cast.kari), path=f"/live/?since={quote(nonsense)}").hears("*")


def test_a_head_request_and_a_form_are_no_streams(live_cast, door):
    for method, status in (("HEAD", 204), ("POST", 403), ("DELETE", 403)):
        assert door(session_of(live_cast.kari), method=method, Content_Length="0").status == status, method


def test_one_person_opens_no_more_than_a_few(live_cast, door):
    session = session_of(live_cast.kari)
    ears = [door(session) for _nth in range(21)]
    assert [one.status for one in ears] == [200] * 20 + [503]
    for one in ears:
        one.close()


def test_pages_are_answered_while_streams_are_open(live_cast, served, ear):
    ears = [ear(person) for person in (live_cast.kari, live_cast.knut, live_cast.nils, live_cast.liv) for _ in range(4)]
    for _nth in range(3):
        with urllib.request.urlopen(f"http://127.0.0.1:{served[0]}/sign-in", timeout=20) as page:
            assert page.status == 200
    ticket = live_cast.case()
    for one in ears:
        one.hears(f"case:{ticket.pk}")


def test_s29_an_account_that_was_closed_hears_nothing_more(live_cast, door):
    Account.objects.filter(pk=live_cast.kari.account.pk).update(is_active=False)
    assert door(session_of(live_cast.kari)).status == 401
    assert Session.objects.exists()
