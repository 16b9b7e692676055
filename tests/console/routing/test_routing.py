"""The page of the routing rules: read by all, written by administrators, tried before they are saved."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saksgang.access.actions import grant
from saksgang.access.roles import Role
from saksgang.catalogue import actions as catalogue
from saksgang.catalogue.models import RoutingRule
from saksgang.people import actions as people
from saksgang.tickets.actions import restriction
from saksgang.tickets.actions.clarification import ask_by_rule
from saksgang.tickets.actions.messages import Heard
from tests.cast import SETUP
from tests.console.case.help import browser

PAGE = "/routing"


@pytest.fixture
def boss(cast):
    boss = people.add_person(by=SETUP, name="Adm")
    people.open_account(by=SETUP, person=boss, username="adm", password=None)
    grant(by=SETUP, person=boss, role=Role.ADMINISTRATOR)
    return boss


def add(cast, team=None, **when):
    return catalogue.add_routing_rule(by=SETUP, team=team or cast.network, **when)


def post(client, address=PAGE, status=303, **fields):
    answer = client.post(address, {"do": "save"} | fields)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return client.get(PAGE).content.decode() if status == 303 else answer.content.decode()


def standing():
    return list(RoutingRule.objects.filter(replaced_at__isnull=True).order_by("position", "id"))


def test_a_rule_is_a_sentence(cast, boss):
    html = post(
        browser(boss),
        words="VPN, heimekontor*",
        sender="@Lab.Sykehus.example",
        channel="EMAIL",
        mailbox=cast.ikt.pk,
        department=cast.ward.pk,
        service=cast.telephony.pk,
        team=cast.network.pk,
    )
    assert (
        "When a case comes by e-mail to ikt@sykehus.example from @lab.sykehus.example from Sengepost 3 about Telefoni "
        "with the word «vpn» or «heimekontor*», it goes to Nettverk."
    ) in html


def test_agents_read_the_rules_and_cannot_change_them(cast):
    one = add(cast, words="vpn")
    client = browser(cast.kari)
    html = client.get(PAGE).content.decode()
    assert "with the word «vpn»" in html
    assert "Save the rule" not in html
    assert "Let it rest" not in html
    for address in (PAGE, f"{PAGE}/{one.pk}", f"{PAGE}/{one.pk}/place"):
        assert client.post(address, {"words": "x", "team": cast.network.pk, "do": "rest"}).status_code == 403
    assert client.get(f"{PAGE}/{one.pk}").status_code == 403
    assert [(rule.words, rule.active) for rule in RoutingRule.objects.all()] == [("vpn", True)]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, "Say when the rule holds"),
        ({"words": "*, ,!"}, "There is no word in this."),
        ({"sender": "a b@c.example"}, "This is not an e-mail address."),
        ({"sender": "lab"}, "This is neither an address nor a domain."),
        ({"words": "vpn", "team": ""}, "Choose the team."),
        ({"words": "vpn", "question": "Hva nå?"}, "Only the triage team is asked a question."),
    ],
)
def test_refused_it_says_why_and_keeps_what_was_written(cast, boss, fields, why):
    html = post(browser(boss), status=422, **({"team": cast.network.pk} | fields))
    assert why in html
    assert not RoutingRule.objects.exists()


def test_they_are_moved_and_rest(cast, boss):
    first, second = add(cast, words="en"), add(cast, words="to")
    client = browser(boss)
    post(client, f"{PAGE}/{second.pk}/place", do="up")
    assert [one.words for one in standing()] == ["to", "en"]
    post(client, f"{PAGE}/{second.pk}/place", do="up")  # there is no place above the first
    assert [one.words for one in standing()] == ["to", "en"]
    post(client, f"{PAGE}/{second.pk}/place", do="down")
    assert [one.words for one in standing()] == ["en", "to"]
    assert "Rests" in post(client, f"{PAGE}/{first.pk}/place", do="rest")
    assert [one.active for one in standing()] == [False, True]
    assert "Rests" not in post(client, f"{PAGE}/{first.pk}/place", do="hold")


def test_a_change_is_a_new_row_in_the_same_place(cast, boss):
    one, _other = add(cast, words="en"), add(cast, words="to")
    client = browser(boss)
    assert 'value="en"' in client.get(f"{PAGE}/{one.pk}").content.decode()
    post(client, f"{PAGE}/{one.pk}", words="tre", team=cast.network.pk)
    assert [rule.words for rule in standing()] == ["tre", "to"]
    former = RoutingRule.objects.get(pk=one.pk)
    assert (former.words, former.active, former.replaced_at is not None) == ("en", False, True)
    assert "tre" in client.get(f"{PAGE}/{one.pk}").content.decode()  # an old address leads to what it has become


def test_what_somebody_else_changed_meanwhile_is_seen_before_it_is_changed_again(cast, boss):
    one = add(cast, words="en")
    client = browser(boss)
    catalogue.change_routing_rule(by=SETUP, rule=one, words="fire")
    html = post(client, f"{PAGE}/{one.pk}", status=409, words="tre", team=cast.network.pk)
    assert "Somebody has changed the rule" in html
    assert "«fire»" in html
    assert 'value="tre"' in html
    post(client, f"{PAGE}/{standing()[0].pk}", words="tre", team=cast.network.pk)
    assert [rule.words for rule in standing()] == ["tre"]


def vpn_case(cast, **facts):
    return cast.case(**({"subject": "VPN virker ikke", "heard": Heard("Hei.", "Nora", "nora@sykehus.example")} | facts))


def test_tried_it_tells_which_of_the_last_cases_would_have_come_elsewhere_and_saves_nothing(cast, boss):
    moved, right = vpn_case(cast), vpn_case(cast, team=cast.network, subject="Ny VPN")
    cast.case()
    html = post(browser(boss), status=200, do="try", words="vpn", team=cast.network.pk)
    assert "Of the last 3 cases that you may see, it would have decided for 2, and 1 of them would have come" in html
    assert f"/tickets/{moved.pk}" in html
    assert f"/tickets/{right.pk}" not in html
    assert not RoutingRule.objects.exists()
    assert 'value="vpn"' in html


def test_the_triage_team_is_sent_nothing_without_a_question(cast, boss):
    html = post(browser(boss), status=422, words="vpn", team=cast.triage.pk)
    assert "Write what you want the triage team to decide." in html
    for team, question in ((cast.triage, ""), (cast.network, "Hva nå?")):
        with pytest.raises(ValueError, match="question"):
            add(cast, team, words="vpn", question=question)


def test_tried_a_case_that_a_rule_asked_about_went_to_the_triage_team(cast, boss):
    rule = add(cast, cast.triage, words="vpn", question="Hva nå?")
    ask_by_rule(ticket=vpn_case(cast), rule=rule, tell_them=False)
    vpn_case(cast)
    fields = {"words": "virker", "team": cast.triage.pk, "question": "Hva nå?"}
    html = post(browser(boss), f"{PAGE}/{rule.pk}", status=200, do="try", **fields)
    assert "it would have decided for 2, and 1 of them would have come" in html


def test_tried_a_rule_is_asked_in_its_place(cast, boss):
    vpn_case(cast)
    first, second = add(cast, words="vpn"), add(cast, words="virker")
    client = browser(boss)
    fields = {"words": "virker", "team": cast.network.pk}
    assert "decided for 0" in post(client, f"{PAGE}/{second.pk}", status=200, do="try", **fields)
    assert "decided for 1" in post(client, f"{PAGE}/{first.pk}", status=200, do="try", **fields)


def test_tried_a_restricted_case_shows_to_its_readers_only(cast, boss):
    ticket = vpn_case(cast, subject="VPN Kvartsur")
    restriction.restrict(ticket=ticket, by=cast.kari, readers=[], reason="Varsel")
    html = post(browser(boss), status=200, do="try", words="vpn", team=cast.network.pk)
    assert "Kvartsur" not in html
    assert "Of the last 0 cases" in html


def queries_of(client, cast):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        post(client, status=200, do="try", words="vpn", team=cast.network.pk)
    return len(asked)


def test_trying_asks_as_much_however_many_cases_and_rules_there_are(cast, boss):
    client = browser(boss)
    vpn_case(cast)
    queries_of(client, cast)
    few = queries_of(client, cast)
    for nth in range(8):
        vpn_case(cast)
        add(cast, words=f"ord{nth}", department=cast.ward, service=cast.dips)
    assert queries_of(client, cast) == few
