"""Clause T1: a case goes straight to the team that can handle it, by rules that explain themselves."""

from __future__ import annotations

import pytest

from saksgang.access.actions import grant
from saksgang.access.roles import Role
from saksgang.catalogue import actions as catalogue
from saksgang.catalogue.models import RoutingRule
from saksgang.events.models import Event
from saksgang.tickets.actions import assignment, restriction
from saksgang.tickets.models import Ticket
from tests.cast import SETUP
from tests.console.case.help import browser

pytestmark = pytest.mark.django_db(transaction=True)

WHY = "When a case comes by e-mail from @lab.sykehus.example with the word «prøve*» or «labsvar», it goes to Nettverk."

FORGED = {"authentication_results": "mx.sykehus.example; spf=pass; dkim=pass; dmarc=fail header.from=sykehus.example"}


@pytest.fixture
def rule(desk) -> RoutingRule:
    """Written on the page, by an administrator."""
    grant(by=SETUP, person=desk.cast.liv, role=Role.ADMINISTRATOR)
    told = {
        "words": "Prøve*, labsvar", "sender": "@lab.sykehus.example", "channel": "EMAIL", "team": desk.cast.network.pk,
        "do": "save",
    }  # fmt: skip
    assert browser(desk.cast.liv).post("/routing", told).status_code == 303
    return RoutingRule.objects.get()


def arrived(desk, sender="ola@blod.lab.sykehus.example", words="Hei, PRØVENE ligger fast.", **headers) -> Ticket:
    desk.send(sender, words, **headers)
    desk.work()
    return Ticket.objects.latest("id")


def case_page(desk, ticket) -> str:
    answer = browser(desk.cast.kari).get(f"/tickets/{ticket.pk}")
    return answer.content.decode() if answer.status_code == 200 else ""


def test_t1_a_mail_goes_to_the_team_that_its_rule_says_and_the_case_says_which_and_why(desk, rule):
    ticket = arrived(desk)
    assert (ticket.team, ticket.routing_rule) == (desk.cast.network, rule)
    assert (ticket.priority, ticket.assessed_at, ticket.answers_owed) == (None, None, 1)
    assert WHY in case_page(desk, ticket)
    history = browser(desk.cast.kari).get(f"/tickets/{ticket.pk}/history").content.decode()
    assert f"registered the case (by the rule: {WHY})" in history
    assert Event.objects.get(ticket_id=ticket.pk, kind="ticket_registered").after["rule_id"] == rule.pk
    assert (
        "A routing rule decides the team"
        in browser(desk.cast.kari).get(f"/mail/{desk.ledger()[-1].pk}").content.decode()
    )


@pytest.mark.parametrize(
    "mail",
    [
        {"sender": "nora@sykehus.example"},  # another domain
        {"words": "Hei, skriveren står."},  # another word
        {"words": "Blodprøven er borte."},  # it only ends so
    ],
)
def test_t1_without_a_rule_the_mailbox_decides(desk, rule, mail):
    ticket = arrived(desk, **mail)
    assert (ticket.team, ticket.routing_rule) == (desk.cast.service_desk, None)


def test_t1_the_first_rule_that_holds_decides_and_one_that_rests_does_not(desk, rule):
    second = catalogue.add_routing_rule(by=SETUP, team=desk.cast.service_desk, words="prøve*")
    assert arrived(desk).routing_rule == rule
    browser(desk.cast.liv).post(f"/routing/{rule.pk}/place", {"do": "rest"})
    assert arrived(desk, words="Og prøve nummer to er borte.").routing_rule == second


def test_t1_a_forged_sender_says_nothing_of_where_it_comes_from(desk, rule, settings):
    settings.MAIL_AUTHSERV_ID = "mx.sykehus.example"
    ticket = arrived(desk, **FORGED)
    assert (ticket.team, ticket.routing_rule) == (desk.cast.service_desk, None)


def test_t1_the_case_tells_the_rule_as_it_stood(desk, rule):
    ticket = arrived(desk)
    told = {"words": "noe annet", "team": desk.cast.service_desk.pk, "do": "save"}
    assert browser(desk.cast.liv).post(f"/routing/{rule.pk}", told).status_code == 303
    assert WHY in case_page(desk, ticket)


def test_t1_a_reply_joins_its_case_whatever_the_rules_say(desk, rule):
    ticket = arrived(desk, words="Hei, skriveren står.", sender="ola@lab.sykehus.example")
    (receipt,) = desk.inbox("ola@lab.sykehus.example")
    desk.reply(receipt, "Prøven også.", "ola@lab.sykehus.example")
    desk.work()
    assert Ticket.objects.get() == ticket
    ticket.refresh_from_db()
    assert ticket.team == desk.cast.service_desk


def test_t1_on_the_phone_the_rule_decides_unless_the_agent_does(desk):
    catalogue.add_routing_rule(by=SETUP, team=desk.cast.network, words="vpn", department=desk.cast.ward)
    client = browser(desk.cast.kari)
    assert "As the routing rules say, otherwise Servicesenter" in client.get("/tickets/new").content.decode()
    told = {"who": "Nora Sykepleier", "who_id": desk.cast.nora.pk, "channel": "PHONE", "what": "Får ikke opp VPN"}
    assert client.post("/tickets/new", told | {"team": ""}).status_code == 303
    ticket = Ticket.objects.latest("id")
    assert ticket.team == desk.cast.network
    assert "When a case comes from Sengepost 3 with the word «vpn», it goes to Nettverk." in case_page(desk, ticket)
    client.post("/tickets/new", told | {"team": desk.cast.triage.pk})
    assert (Ticket.objects.latest("id").team, Ticket.objects.latest("id").routing_rule) == (desk.cast.triage, None)
    client.post("/tickets/new", told | {"team": "", "what": "Skriveren står"})
    assert Ticket.objects.latest("id").team == desk.cast.service_desk


def test_t1_what_follows_a_restricted_case_is_sent_nowhere(desk, rule):
    first = arrived(desk, words="Hei, skriveren står.", sender="ola@lab.sykehus.example", subject="Varsel")
    restriction.restrict(ticket=first, by=desk.cast.kari, readers=[], reason="Varsel")
    ticket = arrived(desk, sender="per@lab.sykehus.example", subject=f"[SAK-{first.pk}]")
    assert (ticket.restricted, ticket.team, ticket.routing_rule) == (True, desk.cast.service_desk, None)


def test_t1_the_third_hand_over_marks_the_case_and_tells_the_next_one_why_the_others_did(desk):
    ticket, teams = desk.cast.case(), [desk.cast.network, desk.cast.service_desk, desk.cast.network]
    for nth, team in enumerate(teams, start=1):
        assert "Ping-pong" not in case_page(desk, ticket)
        ticket = assignment.hand_over(ticket=ticket, by=desk.cast.kari, team=team, reason=f"Grunn nummer {nth}")
    assert "Ping-pong" in case_page(desk, ticket)
    panel = browser(desk.cast.nils).get(f"/tickets/{ticket.pk}/handover").content.decode()
    assert "It has been handed over 3 times" in panel
    assert [f"Grunn nummer {nth}" in panel for nth in (1, 2, 3)] == [True] * 3
    ticket = assignment.hand_back(ticket=ticket, by=desk.cast.kari)
    assert (ticket.handed_over_count, "Ping-pong" in case_page(desk, ticket)) == (2, False)
