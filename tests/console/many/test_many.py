"""Several cases at once: each obeys its own rules, what could not be done is told with its reason, and one press takes all back."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from saksgang.access.actions import grant
from saksgang.access.roles import Role
from saksgang.console.lists.marks import MOST, marks, read
from saksgang.console.models import Batch
from saksgang.events.models import Event
from saksgang.people import actions as people
from saksgang.tickets.actions import answering, assignment, restriction
from saksgang.tickets.models import Message, Ticket
from tests.cast import SETUP
from tests.console.case.help import ahead
from tests.console.desk import signed_in


def marked(*tickets) -> list[str]:
    return list(marks(ticket.pk for ticket in tickets).values())


def do(client, verb, tickets, **fields):
    return client.post("/many", {"do": verb, "case": marked(*tickets), "go": "1", **fields})


def states(*tickets) -> list[str]:
    return [Ticket.objects.get(pk=ticket.pk).state for ticket in tickets]


@pytest.fixture
def three(cast):
    return [cast.case() for _ in range(3)]


@pytest.fixture
def kari(cast):
    return signed_in(cast.kari)


def test_taking_is_done_at_once_and_told_on_a_page(kari, cast, three):
    answer = kari.post("/many", {"do": "take", "case": marked(*three)}, follow=True)
    assert "3 cases are yours" in answer.content.decode()
    assert {one.assignee for one in Ticket.objects.filter(pk__in=[one.pk for one in three])} == {cast.kari}
    assert Event.objects.filter(kind="ticket_taken").count() == 3


def test_each_verb_asks_what_it_needs_before_anything_is_done(kari, three):
    for verb, field in [
        ("give", "to"),
        ("handover", "team"),
        ("assess", "impact"),
        ("wait", "until"),
        ("close", "reason"),
    ]:
        page = kari.post("/many", {"do": verb, "case": marked(*three)}).content.decode()
        assert f'name="{field}"' in page, verb
        assert page.count('name="case"') == 3
    assert states(*three) == ["NEW"] * 3


def test_what_is_missing_is_asked_for_again_and_the_words_stand(kari, three):
    answer = do(kari, "wait", three, then="others", words="Leverandøren har den.", until=ahead(2))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Leverandøren har den." in page
    assert "Say whom the case waits for." in page
    assert states(*three) == ["NEW"] * 3


def test_all_of_them(kari, cast, three):
    do(kari, "give", three, to=cast.knut.pk)
    assert {one.assignee for one in Ticket.objects.filter(pk__in=[one.pk for one in three])} == {cast.knut}
    do(kari, "assess", three, type="SERVICE_REQUEST", service="unknown", impact="unknown")
    assert {one.type for one in Ticket.objects.filter(pk__in=[one.pk for one in three])} == {"SERVICE_REQUEST"}
    do(kari, "wait", three, then="plan", words="Vi kommer.", until=ahead(2), reason="Ny skriver")
    assert states(*three) == ["PLANNED"] * 3
    assert Message.objects.filter(text="Vi kommer.").count() == 3
    do(kari, "close", three, reason="WITHDRAWN", words="Da lukker vi saken.")
    assert states(*three) == ["CLOSED"] * 3
    other = [cast.case() for _ in range(2)]
    do(kari, "handover", other, team=cast.network.pk, reason="Det er nettet.")
    assert {one.team for one in Ticket.objects.filter(pk__in=[one.pk for one in other])} == {cast.network}


def test_what_could_not_be_done_says_why_and_holds_nothing_else_up(kari, cast, three):
    assignment.take(ticket=three[1], by=cast.knut)
    before = marked(*three)
    answer = kari.post("/many", {"do": "take", "case": before}, follow=True)
    page = answer.content.decode()
    assert "2 cases are yours" in page
    assert "Knut Lie took the case before you." in page
    assert Ticket.objects.get(pk=three[1].pk).assignee == cast.knut


def test_what_somebody_did_after_the_list_was_made_is_not_overwritten(kari, cast, three):
    seen = marked(*three)
    answering.note(ticket=three[0], by=cast.knut, words="Vent litt.")
    page = kari.post("/many", {"do": "take", "case": seen}, follow=True).content.decode()
    assert "Somebody else did something on the case" in page
    assert states(*three) == ["NEW", "IN_PROGRESS", "IN_PROGRESS"]


def test_a_case_that_one_may_not_see_is_not_there(kari, cast, three):
    restriction.restrict(ticket=three[0], by=cast.liv, readers=[], reason="Gjelder en ansatt")
    page = kari.post("/many", {"do": "take", "case": marked(*three)}, follow=True).content.decode()
    assert "There is no such case for you." in page
    assert three[0].subject not in page.split("could-not")[1].split("</li>")[0]
    assert states(*three) == ["NEW", "IN_PROGRESS", "IN_PROGRESS"]


def test_a_team_that_one_does_not_work_in_stays_as_it_is(kari, cast):
    theirs = cast.case(team=cast.network)
    page = kari.post("/many", {"do": "take", "case": marked(theirs)}, follow=True).content.decode()
    assert "You may not do this" in page
    assert states(theirs) == ["NEW"]


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        ("take", {}),
        ("give", {"to": "knut"}),
        ("handover", {"team": "network", "reason": "Det er nettet."}),
        ("assess", {"type": "SERVICE_REQUEST", "service": "unknown", "impact": "unknown"}),
        ("wait", {"then": "requester", "words": "Hvilken?", "until": "ahead"}),
        ("close", {"reason": "WITHDRAWN", "words": "Da lukker vi saken."}),
        ("close", {"reason": "SPAM"}),
    ],
)
def test_one_press_takes_all_of_it_back(kari, cast, three, verb, fields, settings):
    settings.UNDO_SECONDS = 10
    chosen = {"knut": cast.knut.pk, "network": cast.network.pk, "ahead": ahead(2)}
    watched = (
        "state",
        "team_id",
        "assignee_id",
        "type",
        "priority",
        "assessed_at",
        "next_step",
        "answers_owed",
        "queue_rank",
    )

    def known():
        return list(Ticket.objects.filter(pk__in=[one.pk for one in three]).order_by("pk").values_list(*watched))

    before = known()
    told = do(kari, verb, three, **{name: chosen.get(value, value) for name, value in fields.items()})["Location"]
    assert known() != before
    page = kari.post(f"{told}/undo", follow=True).content.decode()
    assert "Taken back on 3 cases" in page
    assert known() == before


def test_undo_leaves_alone_what_something_else_has_happened_on(kari, cast, three):
    told = kari.post("/many", {"do": "take", "case": marked(*three)})["Location"]
    answering.note(ticket=three[0], by=cast.kari, words="Jeg ser på den.")
    page = kari.post(f"{told}/undo", follow=True).content.decode()
    assert "Taken back on 2 cases" in page
    assert "Something else has happened on the case since" in page
    assert states(*three) == ["IN_PROGRESS", "NEW", "NEW"]
    kari.post(f"{told}/undo")
    assert "Taken back on 2 cases" in kari.get(told).content.decode()


def test_a_batch_is_its_own_persons(kari, cast, three):
    told = kari.post("/many", {"do": "take", "case": marked(*three)})["Location"]
    other = signed_in(cast.knut)
    assert other.get(told).status_code == 404
    assert other.post(f"{told}/undo").status_code == 404
    assert states(*three) == ["IN_PROGRESS"] * 3


def test_parts_of_one_batch_are_told_together(kari, three):
    script = {"X-Requested-With": "fetch"}
    first = kari.post("/many", {"do": "take", "case": marked(three[0])}, headers=script).json()
    rest = {"do": "take", "case": marked(*three[1:]), "batch": first["batch"]}
    assert kari.post("/many", rest, headers=script).json() == first
    assert "3 cases are yours" in kari.get(first["told"]).content.decode()
    assert Batch.objects.count() == 1


@pytest.mark.parametrize("case", ["", "x", "1", "1.", ".1", "-1.2", "99999999999999999999.1", "1.1.1", "٣.١"])
def test_s30_what_is_no_mark_marks_nothing(kari, case):
    assert kari.post("/many", {"do": "take", "case": case})["Location"] == "/queue"
    assert kari.post("/many", {"do": "nothing", "case": "1.1"})["Location"] == "/queue"


def test_no_more_than_can_be_done_in_a_while(cast):
    assert len(read(f"{number}.1" for number in range(1, MOST + 100))) == MOST


def test_the_whole_list_can_be_marked(kari, cast, three):
    cast.case(team=cast.network)
    assert set(kari.get("/many/marked?show=team").json()["marks"]) == set(marked(*three))


def test_rows_carry_their_marks_for_one_query(kari, cast, three):
    page = kari.get("/queue").content.decode()
    for mark in marked(*three):
        assert f'name="case" form="many" value="{mark}"' in page
    with CaptureQueriesContext(connection) as queries:
        marks(one.pk for one in three)
    assert len(queries) == 1


def test_who_only_reads_marks_nothing(cast, three):
    boss = people.add_person(by=SETUP, name="Adm")
    people.open_account(by=SETUP, person=boss, username="adm", password=None)
    grant(by=SETUP, person=boss, role=Role.ADMINISTRATOR)
    reader = signed_in(boss)
    assert 'name="case"' not in reader.get("/queue?show=all").content.decode()
    assert reader.post("/many", {"do": "take", "case": marked(*three)}).status_code == 403


@pytest.mark.parametrize("verb", ["take", "give", "handover", "assess", "wait", "close"])
def test_a_form_whose_page_is_too_old_is_shown_again_and_does_nothing(cast, three, verb):
    old = Client(enforce_csrf_checks=True)
    old.force_login(cast.kari.account)
    answer = old.post("/many", {"do": verb, "case": marked(*three), "go": "1"})
    assert answer.status_code == 403
    assert answer.content.decode().count('name="case"') == 3
    assert states(*three) == ["NEW"] * 3
