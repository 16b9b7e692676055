"""Who asks is checked on the page before a password or access is given (decision 0024)."""

from __future__ import annotations

from saksgang.people.models import Person
from saksgang.tickets.models import IdentityProof, Ticket
from tests.console.case.help import address, browser, page, send
from tests.tickets.steps import SOLUTION, assess, assess_as, kind_of_case


def a_case(cast, **changes) -> Ticket:
    return assess_as(cast, cast.case(**changes), kind_of_case(cast))


def test_the_page_asks_with_the_number_that_we_have(cast):
    Person.objects.filter(pk=cast.nora.pk).update(phone="41234567")
    html = page(browser(cast.kari), a_case(cast, callback_number="99887766"))
    asked = html[html.index('id="act-identity"') : html.index("</section>", html.index('id="act-identity"'))]
    assert "41234567" in asked
    assert "99887766" not in asked


def test_solving_is_refused_until_it_is_checked_and_the_words_stand(cast):
    ticket, client = a_case(cast), browser(cast.kari)
    refused = client.post(address("ticket_resolution", ticket), {"words": SOLUTION})
    assert refused.status_code == 422
    assert SOLUTION in refused.content.decode()
    html = send(client, "ticket_identity", ticket, person=cast.nora.pk, way="CARD")
    assert 'id="act-identity"' not in html
    assert "Met with card, checked by Kari Nordmann" in html
    assert "Solved" in send(client, "ticket_resolution", ticket, words=SOLUTION)


def test_a_leader_is_asked_for_by_name(cast):
    ticket = a_case(cast)
    refused = browser(cast.kari).post(address("ticket_identity", ticket), {"person": cast.nora.pk, "way": "LEADER"})
    assert refused.status_code == 422
    assert 'id="identity-note_error"' in refused.content.decode()
    assert not IdentityProof.objects.exists()


def test_for_a_ward_it_says_what_to_do_instead(cast):
    html = page(browser(cast.kari), a_case(cast, requesters=[cast.ward_mailbox]))
    assert "Change the requester to whoever needs it." in html
    assert 'name="way"' not in html


def test_other_cases_ask_nothing(cast):
    ticket = assess(cast, cast.case())
    assert 'id="act-identity"' not in page(browser(cast.kari), ticket)


def test_who_does_not_work_in_the_team_checks_nobody(cast):
    ticket = a_case(cast)
    assert 'id="act-identity"' not in page(browser(cast.nils), ticket)
    refused = browser(cast.nils).post(address("ticket_identity", ticket), {"person": cast.nora.pk, "way": "CARD"})
    assert refused.status_code == 403
    assert not IdentityProof.objects.exists()


def test_a_password_in_an_answer_is_refused_and_nothing_is_lost(cast):
    ticket = a_case(cast)
    refused = browser(cast.kari).post(address("ticket_answer", ticket), {"words": "Passordet er Sommer2026!"})
    assert refused.status_code == 422
    assert "Sommer2026!" in refused.content.decode()
