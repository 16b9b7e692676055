"""Nothing is overwritten unseen: each form of a case's page is stopped once by what others did, shows it there, and keeps its words."""

from __future__ import annotations

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.urls import URLPattern, get_resolver

from saksgang.access.actions import grant
from saksgang.access.roles import Role
from saksgang.catalogue.models import Service
from saksgang.events.models import Event
from saksgang.lib import clock
from saksgang.people.models import Person, Team
from saksgang.tickets import queries
from saksgang.tickets.actions import answering, assessment, assignment, resolution, restriction, waiting
from saksgang.tickets.actions.major.incident import start
from saksgang.tickets.models import MajorIncident, Message, Ticket
from tests.cast import SETUP
from tests.console.case.help import address, ahead, assessed, browser
from tests.console.case.test_message_thanks import thanks
from tests.console.case.test_ticket import reply
from tests.tickets.steps import assess_as, kind_of_case

# Every address below a case or a message that a form is posted to, and the closed list of those that are not stopped, each with its reason.
NOT_STOPPED = {
    "ticket": "is only read",
    "ticket_history": "is only read",
    "ticket_assessment_result": "is only read",
    "ticket_news": "is only read",
    "ticket_standing": "is only read",
    "presence": "says that one looks, and changes nothing of the case",
    "message_raw": "is only read",
    "ticket_note": "adds words that only the desk sees, and overwrites nothing",
    "draft": "is nobody's but one's own",
    "ticket_mention": "only on whose own list the case stands follows from it",
    "ticket_mentionable": "is only read",
    "ticket_undoing": "refuses by itself when anything at all has happened since",
    "message_withdrawal": "refuses by itself when anything at all has happened since",
}
SOLUTION = "Vi låste opp kontoen, og Nora logget på."
# Address → what a form of it says.
FORMS = {
    "ticket_answer": {"words": "Hei, Nora."},
    "ticket_outward": {"words": "Kan dere se på den?", "to": "support@leverandor.example"},
    "ticket_resolution": {"words": SOLUTION},
    "ticket_conversation": {"words": "Vi ble enige.", "do": "reached"},
    "ticket_conversation?": {"words": "Ingen tok den.", "do": "not_reached"},
    "ticket_waiting": {"then": "requester", "words": "Hvilken skriver?", "until": ahead()},
    "ticket_waiting?others": {
        "then": "others",
        "words": "De har den.",
        "until": ahead(),
        "waiting_for": "Leverandøren",
    },
    "ticket_waiting?plan": {"then": "plan", "words": "Fredag.", "until": ahead(), "reason": "Ny skriver"},
    "ticket_assessment": {"type": "SERVICE_REQUEST", "service": "unknown", "impact": "individuals"},
    "ticket_identity": {"person": "Nora", "way": "LEADER", "note": "Liv Leder"},
    "ticket_priority": {"value": "2", "reason": "Haster mer."},
    "ticket_subject": {"subject": "Skriver 4"},
    "ticket_place": {"place": "Rom 2"},
    "ticket_department": {"department": "Øyepoliklinikken"},
    "ticket_requester": {"who": "Dag Lege", "instead": "too"},
    "ticket_giving": {"colleague": "Liv"},
    "ticket_handover": {"team": "Nettverk", "reason": "Det er nettet."},
    "ticket_clarification": {"question": "Skal vi kjøpe ny?", "words": "Vi spør lederne."},
    "ticket_improvement": {"title": "Skriv ut fra mobilen", "list_team": "Servicesenter", "words_nb": "På lista."},
    "ticket_next_step": {"until": ahead(), "reason": "Venter på deler."},
    "ticket_closure": {"reason": "SPAM"},
    "ticket_closure?told": {"reason": "WITHDRAWN", "words": "Da lukker vi den."},
    "ticket_restriction": {"reason": "Personalsak."},
    "ticket_sub_case": {"team": "Nettverk", "words": "Kan dere sjekke svitsjen?"},
    "ticket_split": {"chosen": "first", "subject": "Ny PC"},
    "ticket_link": {"other": "other"},
    "ticket_assignment": {"do": "take"},
    "ticket_major": {"do": "join", "fault": "Nede"},
    "ticket_assignment?over": {"do": "take_over"},
}


def a_case(cast, name: str = "") -> Ticket:
    if name == "ticket_link":
        cast.case()
    ticket = assessed(cast, cast.case())
    return assess_as(cast, ticket, kind_of_case(cast)) if name == "ticket_identity" else ticket


def a_fault(title: str) -> MajorIncident:
    known = MajorIncident.objects.filter(title=title).first()
    facts = {"service": Service.objects.first(), "impact": "departments", "consequence": "stops"}
    return known or start(by=Person.objects.get(name__startswith="Kari"), title=title, **facts)


def post(client, name, ticket, fields):
    for name_of_team in {"team", "list_team"} & fields.keys():
        fields = fields | {name_of_team: Team.objects.get(name=fields[name_of_team]).pk}
    if "fault" in fields:
        fields = fields | {"major": a_fault(title=fields["fault"]).pk}
    if "colleague" in fields:
        fields = fields | {"to": Person.objects.get(name__startswith=fields["colleague"]).pk}
    if "person" in fields:
        fields = fields | {"person": Person.objects.get(name__startswith=fields["person"]).pk}
    if "chosen" in fields:
        fields = fields | {"chosen": Message.objects.filter(ticket=ticket).earliest("pk").pk}
    if "other" in fields:
        fields = fields | {"other": (Ticket.objects.exclude(pk=ticket.pk).first() or ticket).pk}
    return client.post(address(name.split("?")[0], ticket), fields)


def facts(ticket: Ticket) -> tuple:
    return Event.objects.filter(ticket_id=ticket.pk).count(), Message.objects.filter(ticket=ticket).count()


def boxes_of(html: str) -> list[str]:
    """The titles of what came."""
    return re.findall(r'class="came-title">([^<]*)<', html)


@pytest.mark.parametrize("name", FORMS)
def test_each_form_is_stopped_once_and_then_goes_through(cast, name):
    ticket, client = a_case(cast, name), browser(cast.kari)
    fields = FORMS[name] | {"seen": str(queries.newest_event(ticket.pk))}
    answering.answer(ticket=ticket, by=cast.knut, words="Jeg svarte først.")
    before = facts(ticket)
    stopped = post(client, name, ticket, fields)
    html = stopped.content.decode()
    assert stopped.status_code == 409
    assert facts(ticket) == before
    assert re.match(r"Knut Lie answered the requester at \d\d:\d\d$", boxes_of(html)[0])
    came = html[html.index('class="came"') :]
    assert "Jeg svarte først." in came[: came.index("anyway")]
    for word in (
        value for key, value in fields.items() if key in ("words", "reason", "waiting_for") and value != "SPAM"
    ):
        assert word in html
    again = post(client, name, ticket, fields | {"seen": re.search(r'name="seen" value="(\d+)"', html)[1]})
    assert again.status_code in (303, 422 if name == "ticket_assignment" else 303)
    assert again.status_code == 422 or facts(ticket) != before


@pytest.mark.parametrize("name", FORMS)
def test_nobody_is_stopped_by_their_own_doing(cast, name):
    ticket, client = a_case(cast, name), browser(cast.kari)
    fields = FORMS[name] | {"seen": str(queries.newest_event(ticket.pk))}
    answering.note(ticket=ticket, by=cast.kari, words="Fra en annen fane.")
    assert post(client, name, ticket, fields).status_code == 303


def test_the_buttons_on_a_case_that_waits_or_is_done(cast):
    client = browser(cast.kari)
    waits, done, promised, set_by_hand = (a_case(cast) for _ in range(4))
    waiting.wait_for_requester(ticket=waits, by=cast.kari, words="Hvilken?", until=clock.now() + timedelta(days=2))
    resolution.resolve(ticket=done, by=cast.kari, words=SOLUTION)
    promised = assessed(cast, promised, type="ORDER", consequence=None)
    assessment.override(ticket=set_by_hand, by=cast.kari, value=1, reason="Haster")
    for name, ticket, fields in (
        ("ticket_next_step", waits, {"do": "resume"}),
        ("ticket_closure", done, {"do": "reopen", "reason": "Ikke løst"}),
        ("ticket_next_step", promised, {"do": "promise", "promised_by": ahead(), "words": "Fredag."}),
        ("ticket_priority", set_by_hand, {"do": "drop"}),
    ):
        seen = {"seen": queries.newest_event(ticket.pk)}
        answering.note(ticket=ticket, by=cast.knut, words="Jeg ser på den.")
        stopped = post(client, name, ticket, fields | seen)
        assert stopped.status_code == 409, name
        assert "Jeg ser på den." in stopped.content.decode()
        seen = {"seen": re.search(r'name="seen" value="(\d+)"', stopped.content.decode())[1]}
        assert post(client, name, ticket, fields | seen).status_code == 303, name


def test_the_offers_beside_a_message(cast):
    client = browser(cast.kari)
    case, other = cast.case(), cast.case()
    thanked = thanks(cast, case)
    for name, message, fields in (
        ("message_thanks", thanked, {}),
        ("message_detachment", reply(cast, other, "Noe helt annet"), {"reason": "Hører ikke hjemme her"}),
    ):
        where = f"/messages/{message.pk}/{name.removeprefix('message_')}"
        seen = queries.newest_event(message.ticket_id)
        answering.note(ticket=message.ticket, by=cast.knut, words="Jeg ser på den.")
        assert client.post(where, fields | {"seen": seen}).status_code == 409, name
        seen = queries.newest_event(message.ticket_id)
        assert client.post(where, fields | {"seen": seen}).status_code == 303, name


class Forms(HTMLParser):
    """Each form that changes something: its address, and the fields it hides."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.open = False

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.open = given.get("method") == "post"
            if self.open:
                self.found.append((given.get("action", ""), {}))
        elif tag == "input" and self.open and given.get("type") == "hidden":
            self.found[-1][1][given["name"]] = given.get("value", "")

    def handle_endtag(self, tag):
        self.open = self.open and tag != "form"


def forms_in(html: str) -> list[tuple[str, dict[str, str]]]:
    parser = Forms()
    parser.feed(html)
    return [one for one in parser.found if one[0].startswith(("/tickets/", "/messages/"))]


def test_every_form_of_the_page_carries_what_the_page_has_seen(cast):
    ticket = a_case(cast)
    reply(cast, ticket)
    assignment.take(ticket=ticket, by=cast.kari)
    done = a_case(cast)
    resolution.resolve(ticket=done, by=cast.kari, words=SOLUTION)
    client, without = browser(cast.kari), set()
    panels = [
        "",
        "answer",
        "conversation",
        "outward",
        "assessment",
        "giving",
        "subject",
        "place",
        "department",
        "requester",
        "handover",
        "clarification",
        "waiting",
        "closure",
        "improvement",
        "restriction",
    ]
    for case, opened in [*((ticket, panel) for panel in panels), (done, "")]:
        forms = forms_in(page_opened(client, case, opened))
        assert forms
        for action, hidden in forms:
            if hidden.get("seen") != str(queries.newest_event(case.pk)):
                without.add(action)
    assert without == {address("ticket_note", ticket), address("ticket_note", done)} or without == set()


def page_opened(client, ticket, opened: str) -> str:
    return client.get(address("ticket", ticket) + f"?open={opened}").content.decode()


def test_every_address_of_a_case_is_stopped_or_stands_in_the_closed_list():
    names = {
        one.name
        for part in get_resolver().url_patterns
        for one in getattr(part, "url_patterns", [part])
        if isinstance(one, URLPattern) and str(one.pattern).startswith(("tickets/<", "messages/<"))
    }
    stopped = {name.split("?")[0] for name in FORMS} | {"message_thanks", "message_detachment"}
    # These are stopped like message_thanks: the same press, another mail.
    stopped |= {"message_direct", "message_requester", "message_sender"}
    assert names == stopped | set(NOT_STOPPED)


# --- what is shown ------------------------------------------------------------------------------------------------------


def test_each_thing_that_came_stands_under_its_own_true_heading(cast):
    ticket = a_case(cast)
    seen = queries.newest_event(ticket.pk)
    reply(cast, ticket, "Det er <b>verre</b> nå.")
    assignment.take(ticket=ticket, by=cast.knut)
    answering.note(ticket=ticket, by=cast.nils, words="Nettet er oppe.")
    assignment.hand_over(ticket=ticket, by=cast.knut, team=cast.network, reason="Det er nettet likevel")
    grant(by=SETUP, person=cast.kari, role=Role.AGENT, team=cast.network)
    html = (
        browser(cast.kari).post(address("ticket_answer", ticket), {"words": "Mitt svar", "seen": seen}).content.decode()
    )
    assert [re.sub(r" at \d\d:\d\d$", "", title) for title in boxes_of(html)] == [
        "New message from Nora Sykepleier",
        "Knut Lie took the case",
        "Nils Berg wrote an internal note",
        "Knut Lie handed the case over",
    ]
    came = html[html.index('class="came"') : html.index("Send anyway")]
    for words in (
        "Det er &lt;b&gt;verre&lt;/b&gt; nå.",
        "Nettet er oppe.",
        "«Det er nettet likevel»",
        "Servicesenter → Nettverk",
    ):
        assert words in came
    assert "Mitt svar</textarea>" in html


def test_in_norwegian(cast):
    ticket = a_case(cast)
    seen = queries.newest_event(ticket.pk)
    reply(cast, ticket)
    answering.answer(ticket=ticket, by=cast.knut, words="Prøv nå.")
    for language, said in (
        ("nb", ["Ny melding fra Nora Sykepleier kl. ", "Knut Lie svarte innmelder kl. "]),
        ("nn", ["Ny melding frå Nora Sykepleier kl. ", "Knut Lie svarte innmeldar kl. "]),
    ):
        client = browser(cast.kari)
        client.cookies["language"] = language
        html = client.post(address("ticket_answer", ticket), {"words": "Mitt svar", "seen": seen}).content.decode()
        assert [title[: len(begins)] for title, begins in zip(boxes_of(html), said, strict=True)] == said
        assert "Send likevel" in html


def test_files_and_the_button_that_was_pressed_are_kept(cast, tmp_path):
    ticket, client = a_case(cast), browser(cast.kari)
    seen = queries.newest_event(ticket.pk)
    reply(cast, ticket)
    (tmp_path / "logg.txt").write_bytes(b"logg")
    with (tmp_path / "logg.txt").open("rb") as file:
        html = client.post(
            address("ticket_answer", ticket), {"words": "Se", "seen": seen, "files_chosen": file}
        ).content.decode()
    assert 'name="kept"' in html
    html = client.post(
        address("ticket_conversation", ticket), {"words": "x", "do": "not_reached", "seen": seen}
    ).content.decode()
    assert f'formaction="{address("ticket_conversation", ticket)}" name="do" value="not_reached">Send anyway' in html


def test_a_form_that_is_wrong_for_its_own_sake_is_shown_what_came_with_its_errors(cast):
    ticket, client = a_case(cast), browser(cast.kari)
    fields = {"words": "Hei", "cc": "tull", "seen": queries.newest_event(ticket.pk)}
    reply(cast, ticket)
    assert client.post(address("ticket_answer", ticket), fields).status_code == 409
    fields["words"] = "x" * 50_001
    refused = client.post(address("ticket_answer", ticket), fields)
    assert refused.status_code == 409
    shown = refused.content.decode()
    assert len(boxes_of(shown)) == 1
    assert 'class="ds-error-summary"' in shown
    assert f'name="seen" value="{queries.newest_event(ticket.pk)}"' in shown


def test_a_panel_that_is_fetched_later_has_seen_no_more_than_its_page(cast):
    ticket, client = a_case(cast), browser(cast.kari)
    seen = queries.newest_event(ticket.pk)
    reply(cast, ticket)
    html = client.get(address("ticket_waiting", ticket), {"seen": seen}).content.decode()
    assert f'name="seen" value="{seen}"' in html
    newer = client.get(address("ticket_waiting", ticket)).content.decode()
    assert f'name="seen" value="{queries.newest_event(ticket.pk)}"' in newer


@pytest.mark.parametrize("mark", ["tull", "-1", "9" * 4_301, "²", "1e3", ""])
def test_a_mark_that_cannot_be_read_has_seen_nothing(cast, mark):
    ticket = a_case(cast)
    answer = browser(cast.kari).post(address("ticket_answer", ticket), {"words": "Hei", "seen": mark})
    assert answer.status_code == (303 if mark == "" else 409)


def test_a_case_that_left_ones_team_meanwhile_keeps_the_words(cast):
    ticket, client = a_case(cast), browser(cast.kari)
    fields = {"words": "Mitt svar", "seen": queries.newest_event(ticket.pk)}
    assignment.hand_over(ticket=ticket, by=cast.knut, team=cast.network, reason="Nett")
    assert client.post(address("ticket_answer", ticket), fields).status_code == 409
    refused = client.post(address("ticket_answer", ticket), fields | {"seen": queries.newest_event(ticket.pk)})
    assert refused.status_code == 403
    assert "Mitt svar</textarea>" in refused.content.decode()


def test_what_was_removed_or_taken_out_is_not_shown(cast):
    from saksgang.tickets.actions import redaction

    ticket = a_case(cast)
    seen = queries.newest_event(ticket.pk)
    message = reply(cast, ticket, "Hemmelig om en pasient")
    redaction.redact_message(message=message, by=cast.knut, reason="Pasientnavn")
    html = browser(cast.kari).post(address("ticket_answer", ticket), {"words": "Hei", "seen": seen}).content.decode()
    assert len(boxes_of(html)) == 2
    assert "Hemmelig" not in html


def test_somebody_who_may_not_see_the_case_sees_nothing_that_came(cast):
    ticket = a_case(cast)
    seen = queries.newest_event(ticket.pk)
    reply(cast, ticket, "Bare for noen få")
    restriction.restrict(ticket=ticket, by=cast.knut, readers=[cast.liv], reason="Personalsak")
    answer = browser(cast.kari).post(address("ticket_answer", ticket), {"words": "Hei", "seen": seen})
    assert answer.status_code == 404
    assert "Bare for noen" not in answer.content.decode()


def test_what_came_is_shown_first_also_where_it_makes_the_form_wrong(cast):
    ticket, client = a_case(cast), browser(cast.kari)
    fields = {"to": str(cast.liv.pk), "reason": "Du kan den.", "seen": str(queries.newest_event(ticket.pk))}
    assignment.hand_over(ticket=ticket, by=cast.knut, team=cast.network, reason="Det er nettet.")
    stopped = client.post(address("ticket_giving", ticket), fields)
    shown = stopped.content.decode()
    assert stopped.status_code == 409
    assert len(boxes_of(shown)) == 1
    assert "Du kan den." in shown
    assert "is not among the choices any more" in shown
    again = client.post(address("ticket_giving", ticket), fields | {"seen": str(queries.newest_event(ticket.pk))})
    assert again.status_code == 422
