"""P5: several cases about one fault become one major incident: told of once, solved once, each with its own answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from saksgang.catalogue.models import Disruption
from saksgang.events.alarms import open_alarms
from saksgang.lib import clock
from saksgang.people.models import Person
from saksgang.tickets.actions.major import downtime
from saksgang.tickets.actions.major.incident import start, update
from saksgang.tickets.actions.major.membership import join
from saksgang.tickets.actions.restriction import restrict
from saksgang.tickets.actions.unattended import clockwork
from saksgang.tickets.kinds import State
from saksgang.tickets.models import Call, MajorIncident, Ticket
from tests.acceptance.conftest import text_of
from tests.acceptance.pages import open_case, wider_than_the_window

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

TITLE = "Ingen får logget på DIPS"
UPDATE = "Vi har funnet feilen. Nytt fra oss innen kl. 11."
MENDED = "Påloggingen er rettet, og alle skal komme inn igjen."


def open_solution(page):
    """The panel with the solution, which is fetched when one opens it."""
    panel = page.locator("section:has(#solve)")
    panel.locator("summary").first.click()
    panel.locator("textarea[name=words]").wait_for()
    return panel


def started(desk, **facts) -> MajorIncident:
    known = {"title": TITLE, "service": desk.cast.dips, "impact": "departments", "consequence": "stops"}
    return start(by=desk.cast.kari, **(known | facts))


def mails_to(desk, person: Person) -> list[str]:
    desk.work()
    return [text_of(mail) for mail in desk.inbox(person)]


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def test_p5_it_is_started_from_a_case_and_the_others_join_by_one_press(desk, sign_in):
    first, second = desk.cast.case(subject=TITLE), desk.cast.case(subject="DIPS er nede", requesters=[desk.cast.dag])
    page = sign_in(desk.cast.kari)
    open_case(page, desk, first)
    page.locator(".head-more > summary").click()
    page.get_by_role("link", name="Samlesak", exact=True).click()
    form = page.locator(f'form:has(input[name=case][value="{first.pk}"])').first
    expect(form.locator("input[name=title]")).to_have_value(TITLE)
    form.locator("select[name=service]").select_option(label="DIPS")
    form.locator("select[name=department]").select_option(label="Flere steder")
    form.locator("button[type=submit]").click()
    expect(page.locator("h1")).to_have_text(TITLE)
    major = MajorIncident.objects.get()
    ticket = fresh(first)
    assert (ticket.major, ticket.service, ticket.impact, ticket.priority) == (major, desk.cast.dips, "departments", 1)
    assert TITLE in mails_to(desk, desk.cast.nora)[-1], "the requester hears that we know of it"

    Ticket.objects.filter(pk=second.pk).update(affected_department=desk.cast.ward)
    MajorIncident.objects.update(department=desk.cast.ward)
    open_case(page, desk, second)
    banner = page.locator("#major")
    expect(banner).to_contain_text("Er det samme feil som denne?")
    banner.get_by_role("button", name="Ja, samme feil").click()
    expect(page.locator("#major")).to_contain_text("Hører til en samlesak")
    assert fresh(second).major == major
    page.locator("#major").get_by_role("link", name=TITLE).click()
    expect(page.locator(".major-cases li")).to_have_count(2)
    page.goto(desk.url + "/queue?show=team")
    expect(page.locator(".queue-line .tag", has_text="Samlesak")).to_have_count(2)


def test_p5_one_update_goes_to_all_also_to_whoever_reports_later_each_in_their_language(desk, sign_in):
    cast = desk.cast
    Person.objects.filter(pk=cast.dag.pk).update(language="en")
    major = started(desk)
    for person in (cast.nora, cast.dag):
        join(ticket=cast.case(requesters=[person]), by=cast.kari, major=major)
    page = sign_in(cast.kari)
    page.goto(f"{desk.url}/majors/{major.pk}")
    form = page.locator('form[action$="/update"]')
    form.locator("textarea[name=words]").fill(UPDATE)
    form.locator("summary").click()
    form.locator("textarea[name=words_en]").fill("We have found the fault.")
    form.locator("button[type=submit]").click()
    expect(page.locator(".major-told")).to_contain_text(UPDATE)
    assert UPDATE in mails_to(desk, cast.nora)[-1]
    english = mails_to(desk, cast.dag)[-1]
    assert "We have found the fault." in english
    assert "Kind regards" in english
    assert UPDATE not in english

    page.goto(desk.url + "/tickets/new")
    page.locator("input[name=who]").fill("sengepost3@sykehus.example")
    page.locator("input[name=what]").fill("Får ikke logget på DIPS")
    page.locator("#around .lookup-chosen").wait_for()
    page.wait_for_function("!document.querySelector('#around.htmx-request')")  # what one ticks is not drawn over
    page.get_by_label(TITLE).check()
    page.get_by_role("button", name="Registrer saken").click()
    expect(page.locator("#major")).to_contain_text(TITLE)
    assert UPDATE in mails_to(desk, cast.ward_mailbox)[-1]


def test_p5_its_solution_answers_each_and_one_that_still_does_not_work_reopens_that_one_only(desk, sign_in):
    cast = desk.cast
    major = started(desk)
    tickets = {person.pk: cast.case(requesters=[person]) for person in (cast.nora, cast.dag)}
    by_phone = cast.case(requesters=[cast.phone_only], subject="Ringte om DIPS")
    for ticket in (*tickets.values(), by_phone):
        join(ticket=ticket, by=cast.kari, major=major)
    page = sign_in(cast.kari)
    page.goto(f"{desk.url}/majors/{major.pk}")
    solving = open_solution(page)
    expect(solving.locator(".banner")).to_contain_text("Ringte om DIPS")
    solving.locator("textarea[name=words]").fill(MENDED)
    solving.locator("button[type=submit]").click()
    expect(page.locator(".banner[data-tone=success]").first).to_contain_text(MENDED)
    assert [fresh(ticket).state for ticket in tickets.values()] == [State.RESOLVED] * 2
    left = fresh(by_phone)
    assert (left.open, left.answers_owed) == (1, 1), "nobody is dropped in silence"
    assert Call.objects.filter(message__ticket=by_phone, message__text=MENDED, done_at__isnull=True).exists()
    for person in (cast.nora, cast.dag):
        assert MENDED in mails_to(desk, person)[-1]
    desk.reply(desk.inbox(cast.dag)[-1], "Virker fortsatt ikke.", cast.dag)
    desk.work()
    assert [fresh(tickets[pk]).open for pk in (cast.nora.pk, cast.dag.pk)] == [0, 1]


def test_p5_something_else_is_taken_out_with_its_claim_whole_and_what_it_had(desk, sign_in):
    cast, major = desk.cast, started(desk)
    ticket = cast.case(subject="Skriveren er tom")
    join(ticket=ticket, by=cast.kari, major=major)
    page = sign_in(cast.kari)
    page.goto(f"{desk.url}/majors/{major.pk}")
    page.locator(".major-cases").get_by_role("button", name="Noe annet").click()
    expect(page.locator(".major-cases li")).to_have_count(0)
    ticket = fresh(ticket)
    assert (ticket.major, ticket.type, ticket.service, ticket.priority, ticket.answers_owed) == (None,) * 4 + (1,)
    update(major=major, by=cast.kari, words=UPDATE)
    assert not any(UPDATE in mail for mail in mails_to(desk, cast.nora))


def test_p5_several_that_are_marked_become_one_major_incident_or_join_one(desk, sign_in):
    cast = desk.cast
    tickets = [cast.case(subject=f"Nede {nth}") for nth in range(3)]
    secret = restrict(ticket=cast.case(subject="Skjermet"), by=cast.kari, readers=[], reason="Personal")
    page = sign_in(cast.kari)
    page.goto(desk.url + "/queue?show=team")
    for ticket in tickets[:2]:
        page.locator(f'input[name=case][value^="{ticket.pk}."]').check()
    page.get_by_role("button", name="Legg i samlesak").click()
    page.get_by_role("link", name="Start en ny samlesak av disse").click()
    page.locator("select[name=service]").select_option(label="DIPS")
    page.locator("input[name=title]").fill(TITLE)
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("h1")).to_have_text(TITLE)
    assert [bool(fresh(ticket).major) for ticket in tickets] == [True, True, False]

    page.goto(desk.url + "/queue?show=team")
    for ticket in (tickets[2], secret):
        page.locator(f'input[name=case][value^="{ticket.pk}."]').check()
    page.get_by_role("button", name="Legg i samlesak").click()
    page.get_by_label(TITLE).check()
    page.get_by_role("button", name="Legg sakene i samlesaken").click()
    expect(page.locator("h1")).to_contain_text("1 sak er lagt i samlesaken")
    expect(page.locator("main")).to_contain_text("Saken er skjermet")
    assert (bool(fresh(tickets[2]).major), fresh(secret).major) == (True, None)


def test_p5_an_outage_becomes_one_by_a_press_and_its_solution_ends_the_outage(desk, sign_in):
    cast = desk.cast
    outage = downtime.announce(by=cast.kari, kind=Disruption.OUTAGE, words="DIPS svarer ikke", service=cast.dips)
    page = sign_in(cast.kari)
    page.goto(desk.url + "/announcements")
    page.get_by_role("link", name="Start en samlesak av den").click()
    expect(page.locator("input[name=title]")).to_have_value("DIPS svarer ikke")
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("h1")).to_have_text("DIPS svarer ikke")
    solving = open_solution(page)
    solving.locator("textarea[name=words]").fill(MENDED)
    solving.locator("button[type=submit]").click()
    expect(page.locator(".banner[data-tone=success]").first).to_contain_text(MENDED)
    outage.refresh_from_db()
    assert outage.ends_at is not None


def test_p5_planned_downtime_ties_cases_and_ends_when_somebody_confirms_that_everything_is_up(desk, sign_in):
    cast, now = desk.cast, clock.now()
    downtime.announce(
        by=cast.kari, kind=Disruption.PLANNED, words="DIPS oppgraderes", service=cast.dips,
        starts_at=now - timedelta(hours=3), ends_at=now - timedelta(hours=1),
    )  # fmt: skip
    major = MajorIncident.objects.get()
    ticket = cast.case()
    join(ticket=ticket, by=cast.kari, major=major)
    clockwork.watch_downtime()
    page = sign_in(cast.kari)
    page.goto(desk.url + "/")
    expect(page.locator("main")).to_contain_text("ingen har bekreftet at alt er oppe")
    page.goto(desk.url + "/majors")
    expect(page.locator("main")).to_contain_text("Bekreft at alt er oppe")
    page.get_by_role("link", name="DIPS oppgraderes").click()
    solving = open_solution(page)
    solving.locator("textarea[name=words]").fill("DIPS er oppe igjen etter oppgraderingen.")
    page.get_by_role("button", name="Alt er oppe: hver innmelder får sitt svar").click()
    expect(page.locator(".banner[data-tone=success]").first).to_contain_text("oppe igjen")
    assert fresh(ticket).state == State.RESOLVED
    clockwork.watch_downtime()
    assert not open_alarms()


def test_p5_the_page_fits_a_phone(desk, sign_in):
    major = started(desk)
    join(ticket=desk.cast.case(), by=desk.cast.kari, major=major)
    page = sign_in(desk.cast.kari)
    page.set_viewport_size({"width": 320, "height": 640})
    for address in ("/majors", "/majors/new", f"/majors/{major.pk}"):
        page.goto(desk.url + address)
        assert wider_than_the_window(page) <= 0
