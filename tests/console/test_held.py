"""A form that comes when nobody is signed in, or from a page older than the sign-in, is never carried out and never loses a word."""

from __future__ import annotations

import html as markup
import re

import pytest
from django.test import Client
from django.urls import get_resolver

from saksgang.console import held
from saksgang.console.models import Draft
from saksgang.events.models import Event
from saksgang.people.models import Person
from saksgang.tickets import queries
from saksgang.tickets.actions import answering, restriction
from saksgang.tickets.models import Message, Ticket
from tests.cast import PASSWORD
from tests.console.case import test_came
from tests.console.case.help import address, assessed, browser
from tests.console.case.test_came import post

FORMS = test_came.FORMS | {"ticket_note": {"words": "Sjekk kabelen."}}
SCRIPTS = [
    {"X-Requested-With": "fetch"},
    {"HX-Request": "true"},
    {"Sec-Fetch-Mode": "cors", "Accept": "*/*"},
    {"Sec-Fetch-Mode": "same-origin"},
    {"Accept": "application/json"},
]
NEW_CASE = {
    "who": "Nora Sykepleier",
    "channel": "PHONE",
    "what": "Får ikke logget på",
    "text": "Siden i går",
    "team": "1",
}


def stranger() -> Client:
    """The same browser after its session ended."""
    return browser(None)


def hidden(html: str, name: str = "held") -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, html[:2000]
    return markup.unescape(found[1])


def sign_in(client: Client, where: str, html: str, username: str = "kari", password: str = PASSWORD):
    return client.post(where, {"username": username, "password": password, "held": hidden(html)})


def nothing_came_of_it(ticket: Ticket) -> bool:
    return (
        not Event.objects.filter(ticket_id=ticket.pk, by_person_id__isnull=False)
        .exclude(kind="ticket_assessed")
        .exists()
    )


# --- scripts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", SCRIPTS, ids=str)
def test_a_script_is_told_so_and_gets_no_page(cast, headers):
    ticket = cast.case()
    client = stranger()
    for answer in (
        client.get("/persons?q=nora", headers=headers),
        client.get("/tickets/new?fragment=1", headers=headers),
        client.get("/", headers=headers),
        client.post(address("draft", ticket, "answer"), {"body": "Hei"}, headers=headers),
        client.post("/tickets/new/draft", {"body": "who=Nora"}, headers=headers),
    ):
        assert answer.status_code == 401
        assert "<" not in answer.content.decode()
        assert answer["Cache-Control"] == "no-store, private"
    assert not Draft.objects.exists()


def test_a_person_is_led_to_sign_in(cast):
    asked = stranger().get("/queue", headers={"Sec-Fetch-Mode": "navigate", "Accept": "text/html,*/*;q=0.8"})
    assert asked["Location"] == "/sign-in?next=/queue"


def test_only_the_drafts_own_answer_says_that_it_is_kept(cast):
    ticket, client = cast.case(), browser(cast.kari)
    assert client.post(address("draft", ticket, "answer"), {"body": "Hei"})["X-Draft"] == "saved"
    assert client.post("/tickets/new/draft", {"body": "who=Nora"})["X-Draft"] == "saved"
    assert "X-Draft" not in client.post(address("draft", ticket, "answer"), {"body": "x" * 50_001})


def test_an_old_token_of_a_script_is_said_to_be_old(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.kari.account)
    client.cookies["csrftoken"] = "x" * 32
    answer = client.post(
        address("draft", cast.case(), "answer"), {"body": "Hei"}, headers={"X-Requested-With": "fetch"}
    )
    assert (answer.status_code, answer["X-Form-Token"]) == (403, "old")


def test_the_page_asks_for_a_new_token(cast):
    assert browser(cast.kari).get("/session")["X-Form-Token"]
    assert stranger().get("/session", headers={"X-Requested-With": "fetch"}).status_code == 401
    other = {"X-Requested-With": "fetch", "X-Writer": held.writer(cast.knut)}
    assert browser(cast.kari).get("/session", headers=other).status_code == 409
    assert "signed in again" in browser(cast.kari).get("/signed-in").content.decode()


def test_nothing_of_ones_page_is_saved_in_anothers_name(cast):
    ticket = cast.case()
    headers = {"X-Requested-With": "fetch", "X-Writer": held.writer(cast.knut)}
    answer = browser(cast.kari).post(address("draft", ticket, "answer"), {"body": "Knuts ord"}, headers=headers)
    assert answer.status_code == 409
    assert not Draft.objects.exists()


# --- a posted form ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMS)
def test_each_form_survives_signing_in_and_is_not_carried_out(cast, name):
    ticket = assessed(cast, cast.case())
    where, fields = address(name.split("?")[0], ticket), FORMS[name] | {"by": held.writer(cast.kari)}
    client = stranger()
    asked = client.post(where, fields)
    assert asked.status_code == 401
    page = asked.content.decode()
    assert "sign in, and it stands in the form as you left it" in page
    for value in (fields.get(key, "") for key in ("words", "reason")):
        assert not value or value == "SPAM" or value not in page  # sealed, not shown to whoever comes by
    shown = sign_in(client, where, page)
    assert shown.status_code == 200
    html = markup.unescape(shown.content.decode())
    for key in ("words", "reason", "waiting_for"):
        assert fields.get(key, "") in html
    assert "press once more" in html
    assert nothing_came_of_it(ticket)
    assert client.get("/").status_code == 200


def test_the_form_that_comes_back_is_sent_by_one_press(cast):
    ticket = assessed(cast, cast.case())
    where, client = address("ticket_answer", ticket), stranger()
    fields = {"words": "Hei,\nNora æøå", "cc": "leder@sykehus.example", "by": held.writer(cast.kari)}
    page = client.post(where, fields | {"seen": queries.newest_event(ticket.pk)}).content.decode()
    answering.note(ticket=ticket, by=cast.knut, words="Ny siden sist.")
    html = sign_in(client, where, page).content.decode()
    assert 'value="leder@sykehus.example"' in html
    again = client.post(where, fields | {"seen": hidden(html, "seen")})
    assert again.status_code == 409  # what came meanwhile has not been seen either
    assert client.post(where, fields | {"seen": hidden(again.content.decode(), "seen")}).status_code == 303
    assert Message.objects.get(kind="ANSWER").text == "Hei,\nNora æøå"


@pytest.mark.parametrize(
    ("where", "fields"),
    [
        ("/tickets/new", NEW_CASE | {"do": "register"}),
        ("/tickets/new", NEW_CASE | {"do": "solve", "solution": "Låste opp kontoen", "type": "INCIDENT"}),
        ("/announcements", {"kind": "OUTAGE", "words": "Nettet er nede på sengepost 3"}),
    ],
)
def test_forms_beside_the_cases_keep_their_words_too(cast, where, fields):
    client = stranger()
    before = Event.objects.count(), Ticket.objects.count(), Person.objects.count()
    html = sign_in(client, where, client.post(where, fields).content.decode()).content.decode()
    assert "press once more" in html
    for name in ("who", "what", "text", "solution", "words"):
        assert fields.get(name, "") in html
    assert (Event.objects.count(), Ticket.objects.count(), Person.objects.count()) == before


def test_a_wrong_password_keeps_the_words_for_the_next_try(cast):
    ticket = cast.case()
    where, client = address("ticket_note", ticket), stranger()
    page = client.post(where, {"words": "Sjekk kabelen"}).content.decode()
    wrong = sign_in(client, where, page, password="feil-passord")  # noqa: S106
    assert wrong.status_code == 422
    assert "Sjekk kabelen" in sign_in(client, where, wrong.content.decode()).content.decode()


def test_what_a_button_says_is_not_done_by_signing_in(cast):
    ticket = cast.case()
    client, where = stranger(), address("ticket_assignment", ticket)
    shown = sign_in(client, where, client.post(where, {"do": "take"}).content.decode())
    assert "press once more" in shown.content.decode()
    assert nothing_came_of_it(ticket)
    next_one = sign_in(browser(None), "/queue/next", stranger().post("/queue/next").content.decode())
    assert (next_one.status_code, next_one["Location"]) == (303, "/")
    assert nothing_came_of_it(ticket)


def test_files_do_not_come_along_and_it_says_so(cast, tmp_path):
    ticket = cast.case()
    where, client = address("ticket_answer", ticket), stranger()
    (tmp_path / "logg <1>.txt").write_bytes(b"logg")
    with (tmp_path / "logg <1>.txt").open("rb") as file:
        page = client.post(where, {"words": "Se", "files_chosen": file}).content.decode()
    assert "Files do not come along" in page
    assert "Choose the files again: logg &lt;1&gt;.txt." in sign_in(client, where, page).content.decode()


def test_more_than_can_come_along_is_said(cast, monkeypatch):
    monkeypatch.setattr(held, "LONGEST", 100)
    page = stranger().post(address("ticket_note", cast.case()), {"words": "Sjekk kabelen. " * 50}).content.decode()
    assert "too long to come along" in page
    assert hidden(page) == ""


def test_the_longest_answer_comes_along(cast):
    where, client, words = address("ticket_answer", cast.case()), stranger(), "æ ø å 🙂 " * 6_000
    page = client.post(where, {"words": words}).content.decode()
    assert words.strip() in sign_in(client, where, page).content.decode()


# --- who ---------------------------------------------------------------------------------------------------------------


def test_somebody_else_who_signs_in_does_not_see_the_words(cast):
    ticket = cast.case()
    where, client = address("ticket_answer", ticket), stranger()
    page = client.post(where, {"words": "Karis ord", "by": held.writer(cast.kari)}).content.decode()
    shown = sign_in(client, where, page, username="knut")
    assert shown.status_code == 403
    assert "Karis ord" not in shown.content.decode()
    assert "Somebody else filled in this form" in shown.content.decode()


def test_a_page_made_for_another_sends_nothing(cast):
    ticket = cast.case()
    answer = browser(cast.knut).post(address("ticket_note", ticket), {"words": "Hei", "by": held.writer(cast.kari)})
    assert answer.status_code == 403
    assert not Message.objects.filter(kind="NOTE").exists()
    forged = browser(cast.knut).post(address("ticket_note", ticket), {"words": "Hei", "by": f"{cast.knut.pk}:tull"})
    assert forged.status_code == 403


@pytest.mark.parametrize("change", [lambda sealed: sealed[:-2] + "xx", lambda sealed: "tull", lambda sealed: ""])
def test_s29_what_was_changed_on_the_way_is_not_taken(cast, change):
    ticket = cast.case()
    where, client = address("ticket_note", ticket), stranger()
    page = client.post(where, {"words": "Sjekk kabelen"}).content.decode()
    answer = client.post(where, {"username": "kari", "password": PASSWORD, "held": change(hidden(page))})
    assert answer.status_code == 302
    assert "sessionid" not in answer.cookies
    assert nothing_came_of_it(ticket)


def test_s29_words_of_one_form_are_not_given_to_another(cast):
    one, other = cast.case(), cast.case()
    client = stranger()
    page = client.post(address("ticket_note", one), {"words": "Sjekk kabelen"}).content.decode()
    answer = client.post(
        address("ticket_answer", other), {"username": "kari", "password": PASSWORD, "held": hidden(page)}
    )
    assert answer.status_code == 302


def test_it_lasts_no_longer_than_a_session(cast, settings):
    where, client = address("ticket_note", cast.case()), stranger()
    page = client.post(where, {"words": "Sjekk kabelen"}).content.decode()
    settings.SESSION_COOKIE_AGE = -1
    assert sign_in(client, where, page).status_code == 302


def test_s33_the_words_lie_nowhere_on_the_server(cast):
    from django.contrib.sessions.models import Session

    client = stranger()
    client.post(address("ticket_note", cast.case()), {"words": "Sjekk kabelen"})
    assert not Session.objects.exists()
    assert not Draft.objects.exists()
    assert "sessionid" not in client.cookies


# --- a page older than the sign-in -------------------------------------------------------------------------------------


def careful(person: Person | None) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.cookies["language"] = "en"
    if person:
        client.force_login(person.account)
    return client


@pytest.mark.parametrize("name", FORMS)
def test_a_form_of_an_old_page_is_shown_with_its_words_and_a_good_token(cast, name):
    cast.case()  # the other one, for those forms that name it
    ticket = assessed(cast, cast.case())
    where, client = address(name.split("?")[0], ticket), careful(cast.kari)
    fields = FORMS[name] | {"csrfmiddlewaretoken": "a" * 64, "by": held.writer(cast.kari)}
    shown = client.post(where, fields, headers={"Origin": "http://testserver"})
    html = markup.unescape(shown.content.decode())
    assert shown.status_code == 403
    assert "You have signed in since this page was made" in html
    for key in ("words", "reason", "waiting_for"):
        assert fields.get(key, "") in html
    assert nothing_came_of_it(ticket)
    token = hidden(html, "csrfmiddlewaretoken")
    assert post(client, name, ticket, fields | {"csrfmiddlewaretoken": token}).status_code == 303


def test_files_of_an_old_page_are_kept(cast, tmp_path):
    (tmp_path / "logg.txt").write_bytes(b"logg")
    with (tmp_path / "logg.txt").open("rb") as file:
        html = (
            careful(cast.kari)
            .post(address("ticket_answer", cast.case()), {"words": "Se", "files_chosen": file})
            .content.decode()
        )
    assert 'name="kept"' in html


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
def test_s29_a_form_from_elsewhere_gets_a_page_without_its_words(cast, headers):
    ticket = cast.case()
    answer = careful(cast.kari).post(address("ticket_answer", ticket), {"words": "Fra et annet sted"}, headers=headers)
    assert answer.status_code == 403
    assert "Fra et annet sted" not in answer.content.decode()


def test_s29_an_old_token_signs_nobody_in(cast):
    ticket = cast.case()
    client, where = careful(None), address("ticket_note", ticket)
    page = client.post(where, {"words": "Sjekk kabelen"}).content.decode()
    assert "Sjekk kabelen" not in page
    answer = client.post(where, {"username": "kari", "password": PASSWORD, "held": hidden(page)})
    assert answer.status_code == 401
    assert "sessionid" not in client.cookies
    token = hidden(answer.content.decode(), "csrfmiddlewaretoken")
    fields = {"username": "kari", "password": PASSWORD, "held": hidden(answer.content.decode())}
    assert "Sjekk kabelen" in client.post(where, fields | {"csrfmiddlewaretoken": token}).content.decode()


def test_a_sign_in_page_that_is_too_old_leads_to_a_new_one(cast):
    answer = careful(None).post("/sign-in", {"next": "/queue"}, headers={"Origin": "http://testserver"})
    assert (answer.status_code, answer["Location"]) == (303, "/sign-in?next=/queue")


def test_words_for_a_case_that_is_gone_are_given_back_and_nothing_else(cast):
    ticket = cast.case(subject="Om en personalsak")
    restriction.restrict(ticket=ticket, by=cast.knut, readers=[cast.liv], reason="Personalsak")
    for number in (ticket.pk, 4711):
        answer = browser(cast.kari).post(
            f"/tickets/{number}/answer", {"words": "<Mitt> svar", "cc": "leder@sykehus.example"}
        )
        assert answer.status_code == 404
        assert "&lt;Mitt&gt; svar" in answer.content.decode()
        assert "personalsak" not in answer.content.decode()
        assert careful(cast.kari).post(f"/tickets/{number}/answer", {"words": "Hei"}).status_code == 404
    assert b"Hei" not in browser(cast.nils).post("/tickets/4711/answer", {"cc": "Hei"}).content


def test_every_view_that_takes_words_keeps_them_and_the_others_are_named():
    """A closed list: a new page that takes a form says whether it shows one that was held back."""
    asked = {}
    for part in get_resolver().url_patterns:
        for one in getattr(part, "url_patterns", []):
            if hasattr(one.callback, "keeps_words"):
                asked[one.name] = one.callback.keeps_words
    only_read_or_pressed = {
        "front", "queue", "take_next", "components", "search", "person_lookup", "kind_lookup", "ticket", "ticket_history", "message_raw",
        "ticket_mentionable", "ticket_standing",
        "ticket_assessment_result", "ticket_news", "counts", "presence", "live",
        "announcement_end", "attachment", "batch", "batch_undo", "draft", "mail", "mail_raw", "mail_retry", "mail_row",
        "triage", "mail_tray", "mailbox_count", "mailboxes", "marked", "picture", "registration_draft", "session", "signed_in", "view",
        "suppliers", "assessments",
        "view_counts", "views", "routing_place", "improvements", "improvements_like", "improvements_of_team", "improvement_place",
        "improvement_case",
        "major", "majors",
    }  # fmt: skip
    assert {name for name, keeps in asked.items() if not keeps} == only_read_or_pressed
