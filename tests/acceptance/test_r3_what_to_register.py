"""R3: three questions weigh use against effort; small things are only counted, and what keeps coming becomes a case."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from saksgang.tickets.models import Tally, Ticket
from tests.tickets.steps import kind_of_case

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
WAYS = ("aid-case", "aid-solved", "aid-tally")


@pytest.mark.parametrize(
    ("answers", "way"),
    [
        ({"now": "no"}, "aid-case"),
        ({"now": "yes", "others": "yes"}, "aid-case"),
        ({"now": "yes", "others": "no", "worth": "yes"}, "aid-solved"),
        ({"now": "yes", "others": "no", "worth": "no"}, "aid-tally"),
    ],
)
def test_r3_three_questions_lead_to_one_way(desk, sign_in, answers, way):
    page = sign_in(desk.cast.kari)
    page.goto(desk.url + "/tickets/new")
    page.locator(".aid > summary").click()
    for one in WAYS:
        expect(page.locator(f".{one}")).to_be_hidden()
    for question, answer in answers.items():
        page.check(f"[name=aid_{question}][value={answer}]")
    for one in WAYS:
        expect(page.locator(f".{one}")).to_be_visible(visible=one == way)


def test_r3_it_is_counted_in_a_few_keys_and_the_third_alike_becomes_a_case(desk, sign_in):
    cast = desk.cast
    kind = kind_of_case(cast, "Tom for papir", service=cast.printing, demands_proof=False)
    page = sign_in(cast.kari)
    for _ in range(3):
        page.goto(desk.url + "/tallies")
        page.locator("[name=category]").press_sequentially("tom")
        expect(page.locator("kind-lookup [role=option]")).to_have_count(1)
        page.keyboard.press("Enter")
        page.select_option("[name=department]", str(cast.ward.pk))
        with page.expect_navigation():
            page.locator("main form button[type=submit]").click()
    assert list(Tally.objects.values_list("category", "minutes")) == [(kind.pk, 5)] * 3
    assert not Ticket.objects.exists()
    page.locator(".tallies a[href*=tally]").first.click()
    page.fill("input[name=who]", "Nora Sykepleier")
    page.locator("person-lookup [role=option]", has_text="Nora Sykepleier").first.click()
    page.select_option("select[name=channel]", "PHONE")
    with page.expect_navigation():
        page.click('button[name=do][value="register"]')
    ticket = desk.only_ticket()
    assert (ticket.subject, ticket.affected_department) == ("Tom for papir", cast.ward)
    assert not Tally.objects.exclude(ticket=ticket).exists()


def test_r3_a_password_is_never_only_counted(desk, sign_in):
    kind_of_case(desk.cast)
    page = sign_in(desk.cast.kari)
    page.goto(desk.url + "/tallies")
    page.fill("[name=category]", "Glemt passord")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").click()
    expect(page.locator("[name=category]")).to_have_value("Glemt passord")
    assert not Tally.objects.exists()
