"""B3, L1, S1 and T1, as far as the main way goes."""

import pytest

from saksgang.tickets.actions import assessment, assignment
from saksgang.tickets.models import Ticket
from tests.acceptance.conftest import text_of
from tests.acceptance.pages import box, fill, open_case, send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def test_t1_a_case_is_handed_over_with_a_reason_to_the_team_that_can_handle_it(desk, sign_in):
    cast = desk.cast
    ticket = cast.case()
    page = sign_in(cast.kari)
    open_case(page, desk, ticket)
    form = box(page, "handover")
    fill(form, team=cast.network.pk, reason="Det er svitsjen i gangen som er nede.")
    send(form)
    ticket.refresh_from_db()
    assert (ticket.team, ticket.state) == (cast.network, "NEW")
    page.context.clear_cookies()
    page = sign_in(cast.nils)
    page.goto(desk.url + "/queue?show=team")
    assert page.get_by_role("link", name=ticket.subject).count() == 1
    open_case(page, desk, ticket)
    page.goto(f"{desk.url}/tickets/{ticket.pk}/history")
    assert "svitsjen i gangen" in page.locator("main").inner_text()


def test_l1_the_solution_is_asked_for_and_the_requester_gets_it_in_plain_words(desk, sign_in):
    cast = desk.cast
    ticket = cast.case()
    assignment.take(ticket=ticket, by=cast.kari)
    assessment.assess(ticket=ticket, by=cast.kari, type="SERVICE_REQUEST", service=None, impact="individuals")
    page = sign_in(cast.kari)
    open_case(page, desk, ticket)
    form = box(page, "resolution")
    fill(form, words="Fikset")
    send(form)
    assert Ticket.objects.get().state == "IN_PROGRESS", "«Fikset» tells the requester nothing"
    form = box(page, "resolution")
    fill(form, words="Vi har gitt deg tilgang til skriveren på sengepost 3.")
    form.locator("details.more:has(textarea[name=technical]) > summary").click()
    fill(form, technical="Lagt til i gruppen SKR-SP3.")
    send(form)
    desk.work()
    mail = text_of(desk.inbox(cast.nora)[-1])
    assert "tilgang til skriveren" in mail
    assert "SKR-SP3" not in mail, "the technical solution stays in the desk"
    assert Ticket.objects.get().technical_resolution == "Lagt til i gruppen SKR-SP3."


def test_b3_history_says_who_did_what_when_and_why(desk, sign_in):
    cast = desk.cast
    ticket = cast.case()
    page = sign_in(cast.kari)
    open_case(page, desk, ticket)
    send(page.locator('form[action$="/assignment"]').first)
    form = box(page, "handover")
    fill(form, team=cast.network.pk, reason="Hører til nettverk.")
    send(form)
    page.goto(f"{desk.url}/tickets/{ticket.pk}/history")
    words = page.locator("main").inner_text()
    assert words.count(cast.kari.name) >= 2
    assert "Hører til nettverk." in words
    assert cast.service_desk.name in words
    assert cast.network.name in words


def test_s1_each_case_shows_where_it_is_in_the_flow(desk, sign_in):
    ticket = desk.cast.case()
    page = sign_in(desk.cast.kari)
    page.context.add_cookies([{"name": "language", "value": "en", "url": desk.url}])
    open_case(page, desk, ticket)
    assert page.locator(".ticket-head .tag").first.inner_text() == "New"
    send(page.locator('form[action$="/assignment"]').first)
    assert page.locator(".ticket-head .tag").first.inner_text() == "In progress"
