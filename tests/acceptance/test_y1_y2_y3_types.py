"""Y1–Y3: «Forskjellen på henvendelser, bestillinger og feil.»"""

import pytest
from playwright.sync_api import expect

from saksgang.tickets.models import Ticket
from tests.acceptance.pages import box, fill, open_case, send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

EXAMPLES = {
    "INCIDENT": "printer",
    "SERVICE_REQUEST": "password",
    "ORDER": "access card",
}


@pytest.mark.parametrize(("clause", "kind"), [("y1", "INCIDENT"), ("y2", "SERVICE_REQUEST"), ("y3", "ORDER")])
def test_a_type_is_chosen_where_its_definition_and_examples_stand(desk, sign_in, clause, kind):
    page = sign_in(desk.cast.kari)
    page.context.add_cookies([{"name": "language", "value": "en", "url": desk.url}])
    ticket = desk.cast.case()
    open_case(page, desk, ticket)
    form = box(page, "assessment")
    form.get_by_text("What is what?").click()
    told = form.locator(".type-words").inner_text().lower()
    assert all(example in told for example in EXAMPLES.values()), "before one chooses, each with an example"
    fill(form, type=kind)
    said = form.locator(".type-said:visible")
    assert said.count() == 1
    assert EXAMPLES[kind] in said.inner_text().lower(), "an example of the procedure's own"
    fill(form, service=desk.cast.printing.pk, impact="individuals")
    if kind == "INCIDENT":
        fill(form, consequence="nuisance")
    send(form)
    ticket = Ticket.objects.get()
    assert ticket.type == kind
    assert ticket.assessed_by == desk.cast.kari


def test_y3_an_order_without_a_promised_date_asks_for_one(desk):
    from saksgang.tickets.actions import answering, assessment, assignment

    ticket = desk.cast.case(subject="Ny PC til fysioterapien")
    assignment.take(ticket=ticket, by=desk.cast.kari)
    assessment.assess(ticket=ticket, by=desk.cast.kari, type="ORDER", service=desk.cast.printing, impact="individuals")
    answering.answer(ticket=ticket, by=desk.cast.kari, words="PC-en er bestilt.")
    ticket.refresh_from_db()
    assert ticket.next_step == "SET_DATE"


def test_y1_an_incident_is_not_solved_without_service_impact_and_consequence(desk, sign_in):
    page = sign_in(desk.cast.kari)
    ticket = desk.cast.case()
    open_case(page, desk, ticket)
    form = box(page, "resolution")
    fill(form, words="Kabelen var løs og er satt i igjen.", type="INCIDENT")
    send(form)
    assert Ticket.objects.get().state == "NEW", "refused, and nothing lost"
    form = box(page, "resolution")
    expect(form.locator("textarea[name=words]")).to_have_value("Kabelen var løs og er satt i igjen.")
    fill(form, service=desk.cast.printing.pk, impact="individuals", consequence="stops")
    send(form)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.type, ticket.priority) == ("RESOLVED", "INCIDENT", 4)
