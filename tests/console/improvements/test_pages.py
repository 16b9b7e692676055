"""The pages of improvements: who reads, who ranks and decides, what they show of cases that one may not see (clause E1)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from saksgang.access.actions import grant
from saksgang.access.roles import Role
from saksgang.console.improvements import lines
from saksgang.improvements.kinds import Step
from saksgang.improvements.models import Improvement, ImprovementStep
from saksgang.lib import clock
from saksgang.tickets.actions.reopening import reopen
from saksgang.tickets.actions.restriction import restrict
from saksgang.tickets.kinds import CloseReason
from tests.cast import SETUP
from tests.improvements.steps import DONE, PLANNED, TAKEN_IN, joins, made, nynorsk, soon, step_to, told
from tests.tickets.steps import fresh


def signed_in(person) -> Client:
    browser = Client()
    browser.force_login(person.account)
    return browser


@pytest.fixture
def kari(cast):
    return signed_in(cast.kari)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_all_lists_are_read_by_every_agent_and_by_nobody_else(cast, client):
    made(cast, title="Skriv ut fra mobilen")
    made(cast, title="Trådløst i kjelleren", team=cast.network)
    page = text(signed_in(cast.nils).get("/improvements"))
    assert page.index("Nettverk") < page.index("Trådløst i kjelleren") < page.index("Skriv ut fra mobilen")
    assert "1 innmelder" in page
    assert client.get("/improvements").status_code == 302


def test_an_empty_desk_says_how_one_is_made(cast, kari):
    assert "Gjør til forbedring" in text(kari.get("/improvements"))
    assert "Lista er tom" in text(kari.get(f"/improvements/team/{cast.network.pk}"))


def test_they_are_found_by_their_title(cast, kari):
    made(cast, title="Skriv ut fra mobilen")
    made(cast, title="Nye skjermer")
    found = text(kari.get("/improvements?q=MOBILEN utskrift")).partition('id="found"')[2].partition("</section>")[0]
    assert "Skriv ut fra mobilen" in found
    assert "Nye skjermer" not in found
    options = text(kari.get("/improvements/like?q=mobilen"))
    assert 'data-name="Skriv ut fra mobilen"' in options
    assert text(kari.get("/improvements/like?q=x")) == ""


@pytest.mark.parametrize(
    ("sent", "expected"),
    [({"do": "up"}, 2), ({"do": "down"}, 3), ({"place": "1"}, 1), ({"place": "99"}, 3), ({"to": "0"}, 1)],
)
def test_one_is_moved_by_button_number_and_drag(cast, kari, sent, expected):
    _first, _second, third = made(cast), made(cast), made(cast)
    response = kari.post(f"/improvements/{third.pk}/place", sent, follow=True)
    third.refresh_from_db()
    assert third.rank == expected
    assert f"er nummer {expected} nå" in text(response)


def test_a_long_list_has_pages_and_each_moves_within_the_whole(cast, kari, monkeypatch):
    monkeypatch.setattr(lines, "MOST", 2)
    wishes = [made(cast, title=f"Ønske {nth}") for nth in range(5)]
    page = text(kari.get(f"/improvements/team/{cast.service_desk.pk}?from=3"))
    assert "Ønske 2" in page
    assert "Ønske 1" not in page
    assert "?from=1" in page
    assert "?from=5" in page
    kari.post(f"/improvements/{wishes[3].pk}/place?from=3", {"to": "0"})
    wishes[3].refresh_from_db()
    assert wishes[3].rank == 3


def test_a_place_that_is_none_is_said(cast, kari):
    one = made(cast)
    for sent in ({"place": "0"}, {"place": "-3"}, {"place": "mange"}, {}):
        assert "Den første plassen er nummer 1" in text(kari.post(f"/improvements/{one.pk}/place", sent, follow=True))


def test_who_works_elsewhere_reads_and_decides_nothing(cast):
    improvement = made(cast)
    nils = signed_in(cast.nils)
    page = text(nils.get(f"/improvements/{improvement.pk}"))
    assert "Lederne i Trakta" not in page
    assert "Servicesenter og lederne i Trakta avgjør dette" in page
    assert 'name="step"' not in page
    assert 'name="place"' not in text(nils.get(f"/improvements/team/{cast.service_desk.pk}"))
    posts = {
        f"/improvements/{improvement.pk}": {"step": "DONE", "words_nb": "x"},
        f"/improvements/{improvement.pk}/facts": {"title": "x"},
        f"/improvements/{improvement.pk}/place": {"place": "1"},
    }
    for path, sent in posts.items():
        assert nils.post(path, sent).status_code == 403
    grant(by=SETUP, person=cast.nils, role=Role.TRIAGE_MANAGER, team=cast.triage)
    assert 'name="step"' in text(nils.get(f"/improvements/{improvement.pk}"))


def step_form(improvement: Improvement, step: str, **sent: str) -> dict[str, str]:
    return {"step": step, "seen": str(ImprovementStep.objects.latest("pk").pk), **sent}


def test_a_step_is_taken_with_words_in_each_language(cast, kari):
    improvement, torunn = made(cast), nynorsk(cast)
    joins(cast, improvement, torunn)
    page = text(kari.get(f"/improvements/{improvement.pk}"))
    assert 'lang="nn"' in page
    day = soon()
    sent = {"planned_for": day.isoformat(), "words_nb": "Vi tar det.", "words_nn": "Vi tek det."}
    response = kari.post(f"/improvements/{improvement.pk}", step_form(improvement, "PLANNED", **sent), follow=True)
    assert "Alle som ba om det, får beskjed" in text(response)
    assert (told(cast.nora)[-1], told(torunn)[-1]) == ("Vi tar det.", "Vi tek det.")
    improvement.refresh_from_db()
    assert improvement.planned_for == day


def test_a_plan_gets_its_date_in_the_words_that_are_proposed(cast, kari):
    improvement = made(cast)
    page = kari.get(f"/improvements/{improvement.pk}")
    form = next(one for one in page.context["forms"] if one.step == Step.PLANNED)
    day = clock.local(clock.now()).date() + timedelta(days=3)
    sent = {"planned_for": day.isoformat(), "words_nb": form.initial["words_nb"] + " Hilsen Kari"}
    kari.post(f"/improvements/{improvement.pk}", step_form(improvement, "PLANNED", **sent))
    assert "[dato]" in form.initial["words_nb"]
    assert "[dato]" not in told(cast.nora)[-1]
    assert f" {day.day}. " in told(cast.nora)[-1]


def test_what_is_missing_is_said_and_what_was_typed_stays(cast, kari):
    improvement = made(cast)
    sent = step_form(improvement, "DECLINED", words_nb="Dessverre nei.")
    response = kari.post(f"/improvements/{improvement.pk}", sent)
    assert response.status_code == 422
    assert "Skriv hvorfor den avslås" in text(response)
    assert "Dessverre nei." in text(response)
    sent = step_form(improvement, "PLANNED", words_nb=" ", planned_for="0001-01-01")
    assert kari.post(f"/improvements/{improvement.pk}", sent).status_code == 422
    assert kari.post(f"/improvements/{improvement.pk}", {"step": "HUGE"}).status_code == 422
    assert len(told(cast.nora)) == 1


def test_pressed_twice_is_told_once_and_what_others_decided_is_shown_first(cast, kari):
    improvement = made(cast)
    sent = step_form(improvement, "DONE", words_nb="Ferdig")
    for _nth in range(2):
        assert kari.post(f"/improvements/{improvement.pk}", sent).status_code == 303
    assert told(cast.nora).count("Ferdig") == 1
    other = made(cast)
    sent = step_form(other, "DONE", words_nb="Ferdig")
    step_to(cast, other, Step.PLANNED, by=cast.knut)
    response = kari.post(f"/improvements/{other.pk}", sent)
    assert response.status_code == 409
    assert "Noen andre har bestemt" in text(response)
    assert told(cast.nora)[-1] == PLANNED["nb"]


def test_restricted_cases_are_shown_and_counted_for_their_readers_only(cast):
    improvement = made(cast)
    secret = joins(cast, improvement, cast.dag)
    restrict(ticket=fresh(secret), by=cast.kari, readers=[], reason="Personalsak")
    for person, number, seen in ((cast.nils, "1 innmelder ", False), (cast.liv, "2 innmeldere", True)):
        browser = signed_in(person)
        page = text(browser.get(f"/improvements/{improvement.pk}"))
        assert (f"/tickets/{secret.pk}" in page) == seen
        assert ("Dag Lege" in page) == seen
        for path in (f"/improvements/{improvement.pk}", "/improvements", f"/improvements/team/{cast.service_desk.pk}"):
            assert number in text(browser.get(path))
    assert (
        signed_in(cast.nils).post(f"/improvements/{improvement.pk}/cases/{secret.pk}", {"reason": "x"}).status_code
        == 404
    )


def test_who_has_no_address_stands_there_as_not_told_yet(cast, kari):
    improvement = made(cast)
    joins(cast, improvement, cast.phone_only)
    page = text(kari.get(f"/improvements/{improvement.pk}"))
    assert "Ikke fått beskjed ennå" in page
    assert f"Ragnhild Renhold, Avdelingsleder på sengepost 3: «{TAKEN_IN['nb']}»" in page


def test_what_is_not_decided_in_ten_working_days_is_overdue_on_the_lists(cast, kari):
    made(cast)
    with clock.at(clock.now() + timedelta(days=21)):
        assert "1 over fristen" in text(kari.get("/improvements"))
        assert "over frist:" in text(kari.get(f"/improvements/team/{cast.service_desk.pk}"))


def test_its_facts_are_changed_on_its_page(cast, kari):
    improvement = made(cast)
    sent = {
        "title": "Utskrift", "description": "Fra alle telefoner", "effort": "SMALL", "gain": "LARGE", "note": "Spør Per",
        "list_team": str(cast.service_desk.pk),
    }  # fmt: skip
    page = text(kari.post(f"/improvements/{improvement.pk}/facts", sent, follow=True))
    for words in ("Utskrift", "Fra alle telefoner", "arbeid: liten · nytte: stor", "Spør Per"):
        assert words in page
    assert kari.post(f"/improvements/{improvement.pk}/facts", sent | {"title": " "}).status_code == 422
    assert kari.post(f"/improvements/{improvement.pk}/facts", sent | {"list_team": cast.triage.pk}).status_code == 422


def test_a_case_that_was_opened_again_is_taken_out_there(cast, kari):
    improvement = made(cast, ticket := cast.case())
    reopen(ticket=fresh(ticket), by=cast.kari, reason="Spør igjen")
    path = f"/improvements/{improvement.pk}/cases/{ticket.pk}"
    assert "Skriv hvorfor den tas ut" in text(kari.post(path, {"reason": " "}, follow=True))
    assert "står ikke bak den lenger" in text(kari.post(path, {"reason": "Noe annet"}, follow=True))
    assert not improvement.cases.exists()


@pytest.mark.parametrize("path", ["/improvements", "/improvements/team/{team}", "/improvements/{one}"])
def test_the_pages_ask_as_much_for_many_as_for_few(cast, kari, path):
    improvement = made(cast)
    address = path.format(team=cast.service_desk.pk, one=improvement.pk)

    def asked() -> int:
        kari.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert kari.get(address).status_code == 200
        return len(queries)

    joins(cast, improvement, cast.dag)
    few = asked()
    for nth in range(4):
        made(cast, title=f"Ønske {nth}")
        joins(cast, improvement, nynorsk(cast, f"Person{nth} Etternavn"))
    step_to(cast, improvement, Step.PLANNED)
    assert asked() <= few + 1  # words in one more language


# From a case.


def becoming(cast, **sent) -> dict[str, str]:
    whole = {
        "title": "Skriv ut fra mobilen", "list_team": str(cast.service_desk.pk), "effort": "SMALL", "gain": "UNKNOWN",
        "words_nb": TAKEN_IN["nb"],
    }  # fmt: skip
    return whole | sent


def test_a_case_becomes_one_in_one_form(cast, kari):
    ticket = cast.case(subject="Utskrift fra mobil")
    panel = text(kari.get(f"/tickets/{ticket.pk}/improvement"))
    assert "Utskrift fra mobil" in panel
    assert "Det du ønsker deg, står nå på lista vår" in panel
    response = kari.post(f"/tickets/{ticket.pk}/improvement", becoming(cast), follow=True)
    assert "står på lista over forbedringer" in text(response)
    assert fresh(ticket).close_reason == CloseReason.BECAME_IMPROVEMENT
    assert "Ble til en forbedring:" in text(response)
    assert told(cast.nora) == [TAKEN_IN["nb"]]


def test_one_looks_before_one_makes_another(cast, kari):
    improvement = made(cast, title="Utskrift fra mobilen")
    ticket = cast.case(requesters=[cast.dag])
    path = f"/tickets/{ticket.pk}/improvement"
    response = kari.post(path, becoming(cast))
    assert response.status_code == 422
    assert "Noe som ligner, står på en liste fra før" in text(response)
    assert "Utskrift fra mobilen (Servicesenter, tatt imot)" in text(response)
    kari.post(path, becoming(cast, which=str(improvement.pk)))
    assert improvement.cases.count() == 2
    other = cast.case(requesters=[cast.dag])
    kari.post(f"/tickets/{other.pk}/improvement", becoming(cast, which="new"))
    assert Improvement.objects.count() == 2


def test_joining_with_the_proposal_tells_where_it_stands(cast, kari):
    improvement = made(cast)
    step_to(cast, improvement, Step.PLANNED)
    ticket = cast.case(requesters=[cast.dag])
    proposed = kari.get(f"/tickets/{ticket.pk}/improvement").context["box"]["improvement"].initial["words_nb"]
    sent = becoming(cast, improvement=str(improvement.pk), words_nb=proposed, list_team="")
    assert kari.post(f"/tickets/{ticket.pk}/improvement", sent).status_code == 303
    assert "er planlagt til" in told(cast.dag)[0]


@pytest.mark.parametrize("sent", [{"title": " "}, {"list_team": ""}, {"words_nb": " "}, {"improvement": "999999"}])
def test_a_form_that_says_too_little_changes_nothing(cast, kari, sent):
    ticket = cast.case()
    response = kari.post(f"/tickets/{ticket.pk}/improvement", becoming(cast, **sent))
    assert response.status_code == 422
    assert fresh(ticket).open == 1
    assert not Improvement.objects.exists()


def test_a_restricted_case_has_no_such_form_and_is_refused(cast, kari):
    ticket = cast.case()
    restrict(ticket=ticket, by=cast.kari, readers=[cast.kari], reason="Personalsak")
    assert "act-improvement" not in text(kari.get(f"/tickets/{ticket.pk}"))
    response = kari.post(f"/tickets/{ticket.pk}/improvement", becoming(cast))
    assert response.status_code == 422
    assert "Denne saken er skjermet" in text(response)


def test_closing_offers_no_improvement_any_more(cast, kari):
    ticket = cast.case()
    assert "BECAME_IMPROVEMENT" not in text(kari.get(f"/tickets/{ticket.pk}/closure"))
    sent = {"reason": "BECAME_IMPROVEMENT", "words": DONE["nb"]}
    assert kari.post(f"/tickets/{ticket.pk}/closure", sent).status_code == 422
