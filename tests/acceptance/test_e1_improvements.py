"""E1: a change need moves to the right team's ranked list in one action; its requester is told then, and once at each step."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from saksgang.access.actions import grant
from saksgang.access.roles import Role
from saksgang.improvements.kinds import Step
from saksgang.improvements.models import Improvement
from saksgang.tickets.actions.clarification import ask
from saksgang.tickets.actions.restriction import restrict
from saksgang.tickets.kinds import CloseReason, State
from saksgang.tickets.models import Call, Ticket
from tests.acceptance.conftest import text_of
from tests.acceptance.pages import box, fill, open_case, send, wider_than_the_window
from tests.cast import SETUP
from tests.improvements.steps import joins, made, nynorsk, soon, step_to
from tests.tickets.steps import fresh

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

TITLE = "Skriv ut fra mobilen"


def mails_to(desk, person) -> list[str]:
    """Everything but receipts."""
    desk.work()
    return [text for mail in desk.inbox(person) if "Saken er registrert" not in (text := text_of(mail))]


def became(page, desk, ticket: Ticket, **fields: str) -> None:
    """Kari makes an improvement of the case, by its own form."""
    open_case(page, desk, ticket)
    form = box(page, "improvement")
    fill(form, **fields)
    send(form)
    expect(page.locator("#improvement")).to_be_visible()


def decide(page, desk, improvement: Improvement, step: str, **fields: str) -> None:
    page.goto(f"{desk.url}/improvements/{improvement.pk}")
    form = page.locator(f'.decisions form:has(input[name=step][value="{step}"])')
    form.locator("xpath=ancestor::details[1]/summary").click()
    fill(form, **fields)
    send(form)
    expect(page.locator(".decisions")).to_be_visible()


def test_e1_three_requesters_are_told_once_at_each_step(desk, sign_in):
    """Nora, Torunn who reads nynorsk, and Ragnhild who has no address."""
    cast = desk.cast
    desk.send(cast.nora, "Jeg ønsker at vi kan skrive ut fra mobilen.", subject="Utskrift fra mobil")
    desk.work()
    first = desk.only_ticket()
    torunn = nynorsk(cast)
    second = cast.case(subject="Skrive ut frå mobilen", requesters=[torunn])
    third = cast.case(subject="Utskrift", requesters=[cast.phone_only], mailbox=None)
    page = sign_in(cast.kari)

    # From a case in one action, with the message to the requester in it.
    before = len(mails_to(desk, cast.nora))
    became(page, desk, first, title=TITLE, effort="SMALL", gain="LARGE", list_team=cast.service_desk.pk)
    improvement = Improvement.objects.get()
    first = fresh(first)
    assert (first.state, first.close_reason) == (State.CLOSED, CloseReason.BECAME_IMPROVEMENT)
    assert (improvement.title, improvement.rank, improvement.team) == (TITLE, 1, cast.service_desk)
    assert "står nå på lista vår" in mails_to(desk, cast.nora)[before]

    # It is planned, with a word that is proposed and gets its date.
    decide(page, desk, improvement, Step.PLANNED, planned_for=soon().isoformat())
    assert "er planlagt til" in mails_to(desk, cast.nora)[-1]

    # A second case joins, found as one types, and is told where it stands, in nynorsk.
    open_case(page, desk, second)
    form = box(page, "improvement")
    form.locator("input[name=title]").fill("mobil")
    page.locator(".lookup-list [role=option]", has_text=TITLE).click()
    expect(form.locator("input[name=improvement]")).to_have_value(str(improvement.pk))
    send(form)
    expect(page.locator("#improvement")).to_contain_text(TITLE)
    assert [("Det du ønskjer deg, er planlagt til" in one) for one in mails_to(desk, torunn)][-1]

    # So does a third, of somebody whom no mail reaches: they are rung, and count as told when the call is logged.
    open_case(page, desk, third)
    form = box(page, "conversation")
    fill(form, words="Vi noterer ønsket ditt.")
    send(form)
    joins_by_question(page, desk, third, improvement)
    assert Call.objects.filter(person=cast.phone_only, done_at__isnull=True).count() == 1
    open_case(page, desk, third)
    form = box(page, "conversation")
    fill(form, words="Fortalte at det er planlagt.")
    send(form)
    assert not Call.objects.filter(person=cast.phone_only, done_at__isnull=True).exists()

    # It is done: each of the three is told exactly once, Ragnhild by a call to make.
    had = {person: len(mails_to(desk, person)) for person in (cast.nora, torunn)}
    decide(page, desk, improvement, Step.DONE)
    nora, theirs = mails_to(desk, cast.nora)[had[cast.nora] :], mails_to(desk, torunn)[had[torunn] :]
    assert (len(nora), len(theirs)) == (1, 1)
    assert "Forbedringen du ba om, er gjort" in nora[0]
    assert "Forbetringa du bad om, er gjord" in theirs[0]
    assert [call.message.ticket for call in Call.objects.filter(done_at__isnull=True)] == [third]
    expect(page.locator("main")).to_contain_text("Ragnhild Renhold")
    assert fresh(first).state == State.CLOSED, "a word about it opens nothing"


def joins_by_question(page, desk, ticket: Ticket, improvement: Improvement) -> None:
    """Whoever types what stands on a list already is asked whether it is the same."""
    open_case(page, desk, ticket)
    form = box(page, "improvement")
    fill(form, title="Skriv ut fra mobilen din")
    send(form)
    expect(page.locator(".ds-error-summary")).to_contain_text("står på en liste fra før")
    form = box(page, "improvement")
    fill(form, which=str(improvement.pk))
    send(form)
    expect(page.locator("#improvement")).to_contain_text(TITLE)


def test_e1_trakta_makes_it_an_improvement(desk, sign_in):
    cast = desk.cast
    grant(by=SETUP, person=cast.trine, role=Role.TRIAGE_MANAGER, team=cast.triage)
    asked = ask(ticket=cast.case(subject="Nettbrett"), by=cast.kari, question="Skal vi det?", words="Vi spør.")
    page = sign_in(cast.trine)
    page.goto(f"{desk.url}/triage/{asked.pk}")
    form = page.locator('.decisions form:has(input[name=decision][value="IMPROVEMENT"])')
    form.locator("xpath=ancestor::details[1]/summary").click()
    fill(form, title="Nettbrett til føden", list_team=cast.network.pk, words_nb="Det står på lista vår nå.")
    form.locator("button[type=submit]").click()
    page.wait_for_url("**/triage")
    improvement = Improvement.objects.get()
    assert (improvement.team, improvement.title, improvement.made_by) == (
        cast.network,
        "Nettbrett til føden",
        cast.trine,
    )
    assert Ticket.objects.get().close_reason == CloseReason.BECAME_IMPROVEMENT
    assert "Det står på lista vår nå." in mails_to(desk, cast.nora)[-1]


def test_e1_the_list_is_ranked_by_drag_by_keys_and_by_number(desk, sign_in):
    cast = desk.cast
    wishes = [made(cast, title=f"Ønske {nth}") for nth in (1, 2, 3)]
    page = sign_in(cast.knut)
    page.goto(f"{desk.url}/improvements/team/{cast.service_desk.pk}")
    titles = page.locator(".wishes-ranked .wish-title a")
    expect(titles).to_have_text(["Ønske 1", "Ønske 2", "Ønske 3"])
    page.locator(f"#place-{wishes[2].pk}").fill("1")
    page.locator(f"#place-{wishes[2].pk}").press("Enter")
    expect(titles).to_have_text(["Ønske 3", "Ønske 1", "Ønske 2"])
    page.get_by_role("link", name="Ønske 3").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(titles).to_have_text(["Ønske 1", "Ønske 3", "Ønske 2"])
    rows = page.locator(".wishes-ranked > li")
    with page.expect_navigation():  # the list is loaded anew once the place is saved
        rows.nth(2).drag_to(rows.nth(0), target_position={"x": 20, "y": 2}, source_position={"x": 20, "y": 8})
    expect(titles).to_have_text(["Ønske 2", "Ønske 1", "Ønske 3"])
    assert list(Improvement.objects.order_by("rank").values_list("title", flat=True)) == [
        "Ønske 2",
        "Ønske 1",
        "Ønske 3",
    ]
    page.set_viewport_size({"width": 320, "height": 700})
    assert wider_than_the_window(page) <= 0


def test_e1_every_agent_reads_all_lists_and_sees_no_restricted_case_behind_one(desk, sign_in):
    cast = desk.cast
    improvement = made(cast, title=TITLE)
    secret = joins(cast, improvement, cast.dag)
    restrict(ticket=fresh(secret), by=cast.kari, readers=[], reason="Personalsak")
    page = sign_in(cast.nils)
    page.goto(desk.url)
    page.get_by_role("link", name="Forbedringer").click()
    expect(page.locator(".wishes")).to_contain_text("1 innmelder")
    page.get_by_role("link", name=TITLE).click()
    expect(page.locator(".wish-cases li")).to_have_count(1)
    expect(page.locator(".decisions")).to_have_count(0)
    step_to(cast, improvement, Step.DECLINED)
    assert "Det blir ikke noe av." in mails_to(desk, cast.dag)[-1], "who asked is told all the same"


def test_e1_a_restricted_case_joins_none(desk, sign_in):
    ticket = desk.cast.case(subject="Personalsak")
    restrict(ticket=ticket, by=desk.cast.kari, readers=[desk.cast.kari], reason="Personalsak")
    page = sign_in(desk.cast.kari)
    page.goto(f"{desk.url}/tickets/{ticket.pk}/improvement")
    expect(page.locator("#act-improvement")).to_have_count(0)
    said = {"title": "Noe", "list_team": str(desk.cast.service_desk.pk), "words_nb": "Hei"}
    answer = desk.client(desk.cast.kari).post(f"/tickets/{ticket.pk}/improvement", said)
    assert answer.status_code == 422
    assert not Improvement.objects.exists()
