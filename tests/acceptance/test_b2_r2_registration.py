"""B2 and R2: every channel ends in a registered case; phone, note and chat in one line."""

import pytest

from saksgang.tickets.models import Ticket
from tests.acceptance.conftest import text_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def register(page, desk, *, who: str, channel: str, what: str, press: str = "register", **more) -> None:
    page.goto(desk.url + "/tickets/new")
    page.fill("input[name=who]", who)
    option = page.locator("person-lookup [role=option]", has_text=who).first
    if more.pop("known", True):
        option.click()
    page.select_option("select[name=channel]", channel)
    page.fill("input[name=what]", what)
    with page.expect_navigation():
        page.click(f'button[name=do][value="{press}"]')


@pytest.mark.parametrize("channel", ["PHONE", "NOTE", "CHAT"])
def test_r2_one_line_is_enough_and_the_channel_is_kept(desk, sign_in, channel):
    page = sign_in(desk.cast.kari)
    register(page, desk, who="Nora Sykepleier", channel=channel, what="Skriveren på vaktrommet svarer ikke")
    ticket = desk.only_ticket()
    assert page.url.endswith(f"/tickets/{ticket.pk}")
    assert (ticket.channel, ticket.subject) == (channel, "Skriveren på vaktrommet svarer ikke")
    assert [one.person for one in ticket.requesters.all()] == [desk.cast.nora]
    assert ticket.affected_department == desk.cast.ward
    assert ticket.answers_owed == 1


def test_r2_an_unknown_caller_is_registered_too(desk, sign_in):
    page = sign_in(desk.cast.kari)
    register(page, desk, who="Ukjent, tlf. 99887", channel="PHONE", what="Får ikke åpnet døra", known=False)
    requester = desk.only_ticket().requesters.get().person
    assert "Ukjent" in requester.name
    assert not requester.addresses.exists()


def test_r2_an_extension_shows_the_ward_and_its_open_cases(desk, sign_in):
    desk.cast.case(subject="Hele sengeposten er uten nett")
    page = sign_in(desk.cast.kari)
    page.goto(desk.url + "/tickets/new")
    page.fill("input[name=who]", "12345")
    page.locator("input[name=what]").focus()
    page.locator("#around", has_text="Hele sengeposten er uten nett").wait_for(timeout=5000)


def test_r2_what_is_solved_on_the_phone_is_registered_and_solved_in_one_step(desk, sign_in):
    page = sign_in(desk.cast.kari)
    page.goto(desk.url + "/tickets/new")
    page.fill("input[name=who]", "Nora Sykepleier")
    page.locator("person-lookup [role=option]", has_text="Nora Sykepleier").first.click()
    page.select_option("select[name=channel]", "PHONE")
    page.fill("input[name=what]", "Glemt passord")
    panel = page.locator("details:has(button[value=solve])").last
    panel.locator("> summary").click()
    page.fill("textarea[name=solution]", "Nytt passord er satt, og Nora logget på mens vi snakket.")
    page.check('input[name=type][value="SERVICE_REQUEST"]', force=True)
    with page.expect_navigation():
        page.click('button[name=do][value="solve"]')
    ticket = desk.only_ticket()
    assert (ticket.state, ticket.answers_owed, ticket.channel) == ("RESOLVED", 0, "PHONE")
    desk.work()
    (mail,) = desk.inbox(desk.cast.nora)
    assert "Nytt passord er satt" in text_of(mail), "the solution by mail, and no receipt before it"


def test_b2_every_channel_gives_one_case_with_one_number(desk, sign_in):
    page = sign_in(desk.cast.kari)
    desk.send(desk.cast.nora, "Hei", subject="Fra e-post")
    desk.work()
    register(page, desk, who="Dag Lege", channel="PHONE", what="Fra telefon")
    register(page, desk, who="Dag Lege", channel="NOTE", what="Fra gul lapp")
    register(page, desk, who="Dag Lege", channel="CHAT", what="Fra chat")
    subjects = dict(Ticket.objects.values_list("pk", "subject"))
    assert sorted(subjects.values()) == ["Fra chat", "Fra e-post", "Fra gul lapp", "Fra telefon"]
    for number, subject in subjects.items():
        page.goto(f"{desk.url}/search?q={number}")
        assert page.url.endswith(f"/tickets/{number}")
        assert subject in page.locator("h1").inner_text()
