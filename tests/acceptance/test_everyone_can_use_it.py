"""Every page: axe finds nothing, light and dark; the browser's console is silent; nothing scrolls sideways at 320 px.

Pictures of each are left in var/screenshots for a person to look at.
"""

from pathlib import Path

import pytest

from saksgang.catalogue import actions as catalogue
from saksgang.events.alarms import raise_alarm
from saksgang.inbound import watching
from saksgang.lib import clock
from saksgang.people import actions as people
from saksgang.tickets.actions import answering, arrivals, assessment, assignment, outward, taking_back
from saksgang.tickets.actions.core import MAIL
from saksgang.tickets.actions.messages import Heard
from saksgang.tickets.models import Ticket
from tests.acceptance.pages import box, fill, open_case, violations
from tests.cast import SETUP
from tests.console.test_ticket import ledger

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

PICTURES = Path(__file__).resolve().parent.parent.parent / "var" / "screenshots"
PAGES = {
    "front": "/",
    "queue": "/queue?show=all",
    "mine": "/queue?show=mine",
    "ticket": "/tickets/{number}",
    "answering": "/tickets/{number}?open=answer",
    "solving": "/tickets/{number}?open=resolution",
    "writing_to_others": "/tickets/{number}/outward",
    "forwarded": "/tickets/{forwarded}",
    "history": "/tickets/{number}/history",
    "registration": "/tickets/new",
    "search": "/search?q=skriver",
    "mail": "/mail",
    "mail_row": "/mail/{mail}",
    "tray": "/mail/tray",
    "mailboxes": "/mailboxes",
    "announcements": "/announcements",
    "components": "/components",
}


@pytest.fixture
def lively_desk(desk, settings):
    """A case with everything on it, and something on every list."""
    cast = desk.cast
    desk.send(
        cast.nora,
        "Hei, skriveren svarer ikke.\n\nMvh\nNora\n\n> Den 1. mars skrev IKT:\n> Hei\n",
        subject="Skriver på sengepost 3",
        cc="Dag Lege <dag@sykehus.example>, leder@sykehus.example",
    )
    desk.send(cast.dag, "Jeg er på ferie.", subject="Automatisk svar: Ferie", auto_submitted="auto-replied")
    desk.work()
    ticket = assignment.take(ticket=desk.only_ticket(), by=cast.kari)
    assessment.assess(
        ticket=ticket, by=cast.kari, type="INCIDENT", service=cast.dips, impact="departments", consequence="degraded"
    )
    answering.note(ticket=ticket, by=cast.kari, words="Prøvde å starte på nytt uten hell.")
    answering.answer(ticket=ticket, by=cast.kari, words="Vi kommer bort til dere nå.")
    answering.log_no_answer(ticket=ticket, by=cast.kari)
    for nth in range(3):
        cast.case(subject=f"Får ikke logget på, rom {nth}")
    past_the_requester(cast, ticket)
    desk.work()
    catalogue.set_imap_door(by=SETUP, mailbox=cast.ehelse, host="imap.sykehus.example", user="e-helse", secret="x")
    watching.note_count(cast.ehelse, waiting=3, kept=12_345, missing=2)
    watching.note_trouble(cast.ehelse, "SignInRefused: the server does not let us in: [AUTHENTICATIONFAILED]")
    forwarded_and_announced(cast)
    settings.UNDO_SECONDS = 300  # from here on nothing leaves: it stands there to be taken back
    taking_back.take_back(message=answering.answer(ticket=ticket, by=cast.kari, words="Feil sak."), by=cast.kari)
    heard_on(
        ticket,
        arrivals.receive_thanks,
        "Takk!",
        cast.nora,
        copied=(("Dag Lege", "dag@sykehus.example"), ("", "leder@sykehus.example")),
    )
    outward.write(ticket=ticket, by=cast.kari, words="Når kommer det?", to=["sak@skriver.example"])
    return desk


def forwarded_and_announced(cast):
    """A case that asks whose it is, and says why no receipt went out; alarms and announcements on the front page."""
    heard = Heard(
        "Se under.", cast.kari.name, "kari@ikt.sykehus.example", inner=(cast.nora.name, "nora@sykehus.example")
    )
    ticket = cast.case(subject="VS: Tom for papir", requesters=[cast.kari], heard=heard)
    ledger(cast, ticket, reasons=[["acknowledgement", "forged"]])
    for kind, key in (("mailbox_failing", "ikt"), ("relay_failing", "relay"), ("mail_storm", "*")):
        raise_alarm(kind=kind, key=key, by=MAIL)
    catalogue.announce(by=cast.kari, kind="outage", words="DIPS svarer ikke.", service=cast.dips)
    catalogue.announce(by=cast.kari, kind="planned", words="Telefonene er nede.", starts_at=clock.now())


def past_the_requester(cast, ticket):
    """What is said with a supplier, and by one of us past the desk."""
    catalogue.add_supplier(by=SETUP, name="Skriverservice", domains=["skriver.example"], address="sak@skriver.example")
    supplier = people.add_person(by=SETUP, name="Skriverservice", addresses=["sak@skriver.example"])
    outward.write(ticket=ticket, by=cast.kari, words="Kan dere sende et hjul?", to=["sak@skriver.example"])
    heard_on(ticket, arrivals.receive_from_supplier, "Det er sendt.", supplier)
    heard_on(
        ticket, arrivals.receive_direct, "Jeg kommer.", cast.knut, copied=((cast.nora.name, "nora@sykehus.example"),)
    )


def heard_on(ticket, receive, words, person, **facts):
    heard = Heard(words, person.name, person.addresses.get().address, **facts)
    receive(ticket=ticket, by=MAIL, heard=heard, person=person, received_at=clock.now())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(lively_desk, page, scheme):
    desk = lively_desk
    ticket, mail = desk.ledger()[0].ticket, desk.ledger()[0]
    forwarded = Ticket.objects.get(subject__startswith="VS:")
    # Not by the fixture that listens to the console: axe itself sets styles that the page's policy refuses.
    session = desk.client(desk.cast.kari).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": desk.url}])
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    PICTURES.mkdir(parents=True, exist_ok=True)
    found = {}
    for name, path in PAGES.items():
        page.goto(desk.url + path.format(number=ticket.pk, mail=mail.pk, forwarded=forwarded.pk))
        for width in (1440, 320):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=str(PICTURES / f"{name}-{scheme}-{width}.png"), full_page=True)
            found[name, width] = violations(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (
                f"{name} scrolls sideways at {width} px"
            )
    assert not {where: complaints for where, complaints in found.items() if complaints}


def test_axe_finds_nothing_on_the_sign_in_page(desk, page):
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(desk.url + "/sign-in")
        assert violations(page) == []


def test_a_case_is_taken_answered_and_solved_by_keyboard_alone(lively_desk, sign_in):
    desk = lively_desk
    page = sign_in(desk.cast.kari)
    ticket = desk.cast.case(subject="Med tastatur")
    open_case(page, desk, ticket)
    page.wait_for_load_state("networkidle")
    with page.expect_navigation():
        page.keyboard.press("t")
    page.wait_for_load_state("networkidle")
    ticket.refresh_from_db()
    assert ticket.assignee == desk.cast.kari
    page.keyboard.press("r")
    page.locator('form[action$="/answer"] textarea[name=words]:focus').wait_for(timeout=5000)
    page.keyboard.type("Vi ser på det med en gang.")
    form = box(page, "answer")
    assert form.locator("textarea[name=words]").input_value() == "Vi ser på det med en gang.", (
        "r opens the box and puts the caret in it"
    )
    form.locator("button[type=submit]").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    ticket.refresh_from_db()
    assert ticket.answers_owed == 0


def test_every_form_works_without_script(lively_desk, browser):
    """The same way with scripts off: a locked-down PC on a ward is no reason for silence."""
    from tests.cast import PASSWORD

    desk = lively_desk
    ticket = desk.cast.case(subject="Uten script")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(desk.url + "/sign-in")
    page.fill("input[name=username]", "kari")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    open_case(page, desk, ticket)
    form = box(page, "answer")
    fill(form, words="Vi ser på det.")
    with page.expect_navigation():
        form.locator("button[type=submit]").first.click()
    ticket.refresh_from_db()
    assert ticket.answers_owed == 0
    context.close()
