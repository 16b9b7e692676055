"""Facts are changed where they stand: one press, told in the history, and undone as long as nothing else has happened."""

from __future__ import annotations

import pytest
from django.utils import translation
from playwright.sync_api import expect

from saksgang.console.case import history
from saksgang.lib import clock
from saksgang.people import actions as people
from saksgang.people.models import Person
from saksgang.tickets import queries
from saksgang.tickets.actions import answering, facts, redaction, restriction
from saksgang.tickets.kinds import State
from saksgang.tickets.models import Ticket, TicketRequester
from tests.cast import SETUP
from tests.console.case.help import address, browser, page, send
from tests.console.case.test_browser import visit  # noqa: F401 - a fixture
from tests.tickets.steps import in_state


def told(ticket: Ticket) -> dict:
    """The newest entry of the history."""
    with translation.override("en"):
        return history.lines(queries.history(ticket), clock.now())[-1]


def changes(ticket: Ticket) -> list[tuple[str, str, str]]:
    return [(str(one["label"]), one["before"], one["after"]) for one in told(ticket)["changes"]]


def asked(ticket: Ticket) -> list[str]:
    return list(TicketRequester.objects.filter(ticket=ticket).order_by("id").values_list("person__name", flat=True))


def undo_of(answer) -> str:
    said = [message.extra_tags for message in answer.context["messages"]]
    return next(tag for tag in said if tag.startswith("undo:")).removeprefix("undo:")


def change(client, name, ticket, **fields):
    answer = client.post(address(f"ticket_{name}", ticket), fields, follow=True)
    assert answer.redirect_chain, answer.content.decode()[:3000]
    return answer


def test_the_subject(cast):
    ticket, client = cast.case(), browser(cast.kari)
    answer = change(client, "subject", ticket, subject="Får ikke logget på DIPS")
    assert "<h1>Får ikke logget på DIPS</h1>" in answer.content.decode()
    assert changes(ticket) == [("subject", "Får ikke logget på", "Får ikke logget på DIPS")]
    assert (told(ticket)["who"], told(ticket)["why"]) == ("Kari Nordmann", "")
    assert client.post(undo_of(answer)).status_code == 303
    assert changes(ticket) == [("subject", "Får ikke logget på DIPS", "Får ikke logget på")]
    assert "Write what the case is about." in send(client, "ticket_subject", ticket, 422, subject=" ")


def test_place_and_equipment(cast):
    ticket, client = cast.case(place="Rom 12"), browser(cast.kari)
    said = {"place": "Rom 14", "callback_number": "", "equipment_number": "PC-7"}
    answer = change(client, "place", ticket, **said)
    assert "PC-7" in answer.content.decode()
    assert changes(ticket) == [("place", "Rom 12", "Rom 14"), ("equipment number", "", "PC-7")]
    client.post(undo_of(answer))
    assert Ticket.objects.get(pk=ticket.pk).place == "Rom 12"


def test_the_department_by_typing(cast):
    ticket, client = cast.case(), browser(cast.kari)
    offered = client.get(address("ticket_department", ticket)).content.decode()
    assert '<option value="Øyepoliklinikken"></option>' in offered
    answer = change(client, "department", ticket, department="øyepoliklinikken")
    assert changes(ticket) == [("department", "Sengepost 3", "Øyepoliklinikken")]
    assert "no department by this name" in send(client, "ticket_department", ticket, 422, department="Røntgen")
    client.post(undo_of(answer))
    assert Ticket.objects.get(pk=ticket.pk).affected_department == cast.ward
    change(client, "department", ticket, department="")
    assert changes(ticket) == [("department", "Sengepost 3", "nothing")]


def test_another_requester_by_name_by_choice_and_by_address(cast):
    ticket, client = cast.case(), browser(cast.kari)
    answer = change(client, "requester", ticket, who="Dag Lege", instead=str(cast.nora.pk))
    assert asked(ticket) == ["Dag Lege"]
    assert ("requester", "Nora Sykepleier", "Dag Lege") in changes(ticket)
    client.post(undo_of(answer))
    assert asked(ticket) == ["Nora Sykepleier"]
    answer = change(client, "requester", ticket, who="en av oss", who_id=str(cast.phone_only.pk), instead="too")
    assert asked(ticket) == ["Nora Sykepleier", "Ragnhild Renhold"]
    client.post(undo_of(answer))
    assert asked(ticket) == ["Nora Sykepleier"]
    change(client, "requester", ticket, who="ny@sykehus.example", instead="too")
    assert asked(ticket) == ["Nora Sykepleier", "ny@sykehus.example"]


def test_whom_the_words_mean_is_said_when_it_is_not_clear(cast):
    ticket, client = cast.case(), browser(cast.kari)
    people.add_person(by=SETUP, name="Dag Lege", department=cast.ward)
    html = send(client, "ticket_requester", ticket, 422, who="Dag Lege", instead="too")
    assert "Several go by these words: Dag Lege (Øyepoliklinikken), Dag Lege (Sengepost 3)." in html
    assert "Nobody found." in send(client, "ticket_requester", ticket, 422, who="Finnes Ikke", instead="too")
    assert "Say in whose place." in send(client, "ticket_requester", ticket, 422, who="Dag Lege")
    assert asked(ticket) == ["Nora Sykepleier"]


def test_nobody_is_made_a_person_by_a_change_that_is_refused(cast):
    ticket, client = in_state(cast, State.RESOLVED), browser(cast.kari)
    send(client, "ticket_requester", ticket, 422, who="ny@sykehus.example", instead="too")
    assert not Person.objects.filter(name="ny@sykehus.example").exists()


def test_whom_only_a_hidden_case_knows_cannot_be_chosen(cast):
    secret = people.add_person(by=SETUP, name="Hemmelig Varsler", met_by_mail=True)
    hidden = cast.case(requesters=[secret])
    restriction.restrict(ticket=hidden, by=cast.liv, readers=[], reason="Varsling")
    ticket, client = cast.case(), browser(cast.knut)
    for said in ({"who": "Hemmelig Varsler"}, {"who": "x", "who_id": str(secret.pk)}):
        assert "Nobody found." in send(client, "ticket_requester", ticket, 422, instead="too", **said)


@pytest.mark.parametrize(
    ("name", "said"), [("subject", {"subject": "Skriver 4"}), ("requester", {"who": "Dag Lege", "instead": "too"})]
)
def test_undoing_is_refused_after_somebody_elses_doing(cast, name, said):
    ticket, client = cast.case(), browser(cast.kari)
    undo = undo_of(change(client, name, ticket, **said))
    answering.note(ticket=ticket, by=cast.knut, words="Jeg ser på den.")
    assert client.post(undo).status_code == 409
    assert client.post(undo.split("?")[0]).status_code == 422


def test_former_words_that_were_taken_out_stand_nowhere(cast):
    ticket = cast.case(subject="Ola Nordmann får ikke time")
    facts.change_words(ticket=ticket, by=cast.kari, subject="Timebok feiler")
    redaction.redact_event_reason(event=queries.history(ticket)[-1], by=cast.kari, reason="Pasientopplysninger")
    html = browser(cast.kari).get(address("ticket_history", ticket)).content.decode()
    assert "changed the facts" in html
    assert "Ola" not in html


def test_team_and_owner_are_one_press_away(cast):
    html = page(browser(cast.kari), cast.case())
    assert 'data-opens="act-giving"' in html
    assert 'data-opens="act-handover"' in html


def test_who_may_not_work_on_it_is_offered_no_change(cast):
    html = page(browser(cast.nils), cast.case())
    assert "act-subject" not in html
    assert "act-requester" not in html
    assert 'data-opens="act-giving"' not in html


@pytest.mark.browser
@pytest.mark.once
def test_by_keys_alone_and_escape_puts_the_form_away(visit, live_cast):  # noqa: F811
    ticket = live_cast.case()
    view = visit(address("ticket", ticket))
    view.keyboard.press("d")
    department = view.locator("#department-department")
    expect(department).to_be_focused()
    view.keyboard.press("Escape")
    expect(department).to_be_hidden()
    expect(view.locator("#act-department > summary")).to_be_focused()
    view.keyboard.press("b")
    subject = view.locator("#subject-subject")
    expect(subject).to_be_focused()
    subject.fill("Skriver 4")
    view.keyboard.press("Enter")
    expect(view.get_by_role("heading", level=1)).to_have_text("Skriver 4")
    view.locator("undo-toast button", has_text="Undo").click()
    expect(view.get_by_role("heading", level=1)).to_have_text("Får ikke logget på")
    assert view.complaints == []


@pytest.mark.browser
@pytest.mark.once
def test_a_requester_is_chosen_as_one_types(visit, live_cast):  # noqa: F811
    ticket = live_cast.case()
    view = visit(address("ticket", ticket))
    view.keyboard.press("m")
    who = view.locator("#requester-who")
    expect(who).to_be_focused()
    view.keyboard.type("dag")
    option = view.locator("#act-requester [role=option]")
    expect(option).to_have_count(1)
    view.keyboard.press("ArrowDown")
    view.keyboard.press("Enter")
    expect(who).to_have_value("Dag Lege")
    view.keyboard.press("Enter")
    expect(view.locator(".person .name")).to_have_text("Dag Lege")
    assert view.complaints == []
