import re

import pytest

from saksgang.catalogue.actions import add_routing_rule
from saksgang.console.registration.callers import read_who
from saksgang.events.models import Event
from saksgang.people.models import Person, PersonKind
from saksgang.tickets.actions import restriction
from saksgang.tickets.actions.major.incident import start
from saksgang.tickets.actions.major.membership import join
from saksgang.tickets.models import IdentityProof, Message, MessageRecipient, Ticket, TicketRequester
from saksgang.tickets.policies import Refused
from tests.cast import SETUP
from tests.console.desk import signed_in
from tests.tickets.steps import kind_of_case

NEW = "/tickets/new"


def send(cast, *, by=None, **changes):
    facts = {
        "who": cast.nora.name,
        "who_id": cast.nora.pk,
        "channel": "PHONE",
        "what": "Skriveren står",
        "team": cast.service_desk.pk,
        "do": "register",
    }
    return signed_in(by or cast.kari).post(
        NEW, {name: value for name, value in (facts | changes).items() if value is not None}
    )


def solved(cast, **changes):
    facts = {
        "do": "solve",
        "solution": "Byttet toner og prøvde en utskrift.",
        "type": "SERVICE_REQUEST",
        "mailed": "on",
    }
    return send(cast, **(facts | changes))


def made(response) -> Ticket:
    assert response.status_code == 303, response.context["form"].errors
    return Ticket.objects.get(pk=int(response["Location"].rsplit("/", 1)[1]))


def errors(response) -> set[str]:
    assert response.status_code == 422
    assert not Ticket.objects.exists()
    return set(response.context["form"].errors)


@pytest.mark.parametrize("channel", ["PHONE", "NOTE", "CHAT", "WALK_IN"])
def test_one_line_is_enough(cast, channel):
    ticket = made(send(cast, channel=channel))
    assert (ticket.channel, ticket.subject, ticket.team) == (channel, "Skriveren står", cast.service_desk)
    assert ticket.assessed_at is None
    assert [one.person for one in TicketRequester.objects.filter(ticket=ticket)] == [cast.nora]
    assert ticket.affected_department == cast.ward


@pytest.mark.parametrize(
    ("channel", "receipt"), [("PHONE", False), ("CHAT", False), ("WALK_IN", False), ("NOTE", True)]
)
def test_who_is_there_hears_the_number_and_who_is_not_gets_a_receipt(cast, channel, receipt):
    ticket = made(send(cast, channel=channel))
    assert Event.objects.get(kind="ticket_registered", ticket_id=ticket.pk).after["acknowledge"] is receipt


def test_details(cast):
    facts = {
        "text": "Det begynte i går.\nAlle på vaktrommet merker det.",
        "department": cast.clinic.pk,
        "contact_name": "Vakta",
        "place": "Rom 12",
        "callback_number": "99 88 77 66",
        "equipment_number": "PC-4711",
        "team": cast.network.pk,
    }
    ticket = made(send(cast, **facts))
    assert (ticket.place, ticket.callback_number, ticket.equipment_number) == ("Rom 12", "99 88 77 66", "PC-4711")
    assert (ticket.team, ticket.affected_department) == (cast.network, cast.clinic)
    assert Message.objects.get(ticket=ticket).text.startswith("Det begynte")
    assert TicketRequester.objects.get(ticket=ticket).contact_name == "Vakta"


@pytest.mark.parametrize(
    ("who", "name", "phone", "address", "unknown"),
    [
        ("Kari Nordmann", "Kari Nordmann", "", "", False),
        ("Kari Nordmann 12345", "Kari Nordmann", "12345", "", False),
        ("Ukjent, Akuttmottaket, tlf. 12 345", "Ukjent, Akuttmottaket", "12345", "", True),
        ("12345", "", "12345", "", True),
        ("+47 99 88 77 66", "", "+4799887766", "", True),
        ("Ny@Sykehus.Example", "", "", "ny@sykehus.example", True),
        ("Ny Person <ny@sykehus.example>", "Ny Person", "", "ny@sykehus.example", False),
        ("Sengepost 3", "Sengepost 3", "", "", False),
        ("", "", "", "", True),
    ],
)
def test_what_is_typed_is_taken_apart(who, name, phone, address, unknown):
    written = read_who(who)
    assert (written.name, written.phone, written.address, written.unknown) == (name, phone, address, unknown)


@pytest.mark.parametrize("who", ["Ukjent, Sengepost 3, tlf. 12345", "ukjent 12345", "12345"])
def test_an_unknown_caller_is_a_place(cast, who):
    answers = {"who": who, "who_id": None, "who_choice": "new", "who_asked": who}
    ticket = made(send(cast, **answers))
    caller = TicketRequester.objects.get(ticket=ticket).person
    assert caller.kind == PersonKind.SHARED
    assert caller.department == ticket.affected_department == cast.ward
    assert not caller.addresses.exists()
    assert ticket.callback_number == "12345"
    # The next unknown caller from there is the same requester.
    assert TicketRequester.objects.get(ticket=made(send(cast, **answers))).person == caller


def test_a_new_name_is_a_new_person(cast):
    ticket = made(send(cast, who="Åse Vikar 5555", who_id=None))
    person = TicketRequester.objects.get(ticket=ticket).person
    assert (person.name, person.phone, person.kind) == ("Åse Vikar", "5555", PersonKind.PERSON)


def test_an_address_is_its_owner(cast):
    ticket = made(
        send(cast, who="NORA@sykehus.example", who_id=None, who_choice="new", who_asked="NORA@sykehus.example")
    )
    assert TicketRequester.objects.get(ticket=ticket).person == cast.nora


def test_a_name_that_we_know_is_asked_about_first(cast):
    response = send(cast, who="Nora", who_id=None)
    assert errors(response) == {"who"}
    assert [person["id"] for person in response.context["candidates"]] == [cast.nora.pk]
    assert b"Skriveren st" in response.content
    chosen = made(send(cast, who="Nora", who_id=None, who_asked="Nora", who_choice=cast.nora.pk))
    assert TicketRequester.objects.get(ticket=chosen).person == cast.nora
    fresh = made(send(cast, who="Nora", who_id=None, who_asked="Nora", who_choice="new"))
    assert TicketRequester.objects.get(ticket=fresh).person != cast.nora


def test_an_answer_about_another_name_does_not_count(cast):
    assert errors(send(cast, who="Nora", who_id=None, who_asked="Dag", who_choice=cast.dag.pk)) == {"who"}


def test_nothing_typed_is_lost(cast):
    response = send(cast, who="", who_id=None, what="", text="Lang tekst", place="Rom 12")
    assert errors(response) == {"who", "what"}
    page = response.content.decode()
    assert "Lang tekst" in page
    assert 'value="Rom 12"' in page


def test_solved_at_once(cast):
    ticket = made(solved(cast))
    assert (ticket.state, ticket.type, ticket.assignee, ticket.answers_owed) == (
        "RESOLVED",
        "SERVICE_REQUEST",
        cast.kari,
        0,
    )
    assert MessageRecipient.objects.get(message__ticket=ticket).address == "nora@sykehus.example"
    kinds = list(Event.objects.filter(ticket_id=ticket.pk).order_by("id").values_list("kind", flat=True))
    assert kinds == ["ticket_registered", "ticket_assessed", "ticket_resolved"]
    assert Event.objects.get(kind="ticket_registered").after["acknowledge"] is False


def test_an_incident_solved_at_once_says_what_was_hit(cast):
    assert errors(solved(cast, type="INCIDENT")) == {"service", "impact", "consequence"}
    facts = {"service": cast.printing.pk, "impact": "individuals", "consequence": "stops"}
    ticket = made(solved(cast, type="INCIDENT", **facts))
    assert (ticket.priority, ticket.service, ticket.state) == (4, cast.printing, "RESOLVED")


def test_the_kind_of_case_is_enough_for_type_and_service(cast):
    kind = kind_of_case(cast, "Opplæring", demands_proof=False)
    ticket = made(solved(cast, type=None, category="opplær"))
    assert (ticket.category, ticket.type, ticket.service) == (kind, kind.type, kind.service)
    assert ticket.state == "RESOLVED"


def test_what_demands_proof_is_solved_at_once_by_whoever_checked_who_asks(cast):
    kind_of_case(cast)
    asked = {"type": None, "category": "Glemt passord"}
    assert errors(solved(cast, **asked)) == {"way"}
    assert errors(solved(cast, **asked, way="LEADER")) == {"note"}
    ticket = made(solved(cast, **asked, way="CARD", channel="WALK_IN"))
    proof = IdentityProof.objects.get(ticket=ticket)
    assert (ticket.state, proof.person, proof.way, proof.by) == ("RESOLVED", cast.nora, "CARD", cast.kari)


def test_a_caller_nobody_knows_gets_no_password_whatever_they_show(cast):
    kind_of_case(cast)
    asked = {"type": None, "category": "Glemt passord", "who": "Åse Vikar 98765432", "who_id": None, "way": "RUNG_BACK"}
    assert errors(solved(cast, **asked, who_choice="new", who_asked=asked["who"])) == {"solution"}
    assert not IdentityProof.objects.exists()


def test_a_kind_that_nothing_is_called_is_told_of(cast):
    assert errors(solved(cast, category="kaffemaskin")) == {"category"}
    kind_of_case(cast, "Toner", type="ORDER", demands_proof=False)
    assert errors(solved(cast, category="Toner")) == {"category"}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"solution": ""}, {"solution"}),
        ({"type": None}, {"type"}),
        ({"solution": "ok"}, {"solution"}),
        ({"type": "X"}, {"type"}),
    ],
)
def test_a_solution_says_what_was_done(cast, changes, wrong):
    assert errors(solved(cast, **changes)) == wrong


def test_nothing_is_left_of_a_refused_solution(cast):
    before = Person.objects.count()
    assert errors(solved(cast, who="Åse Vikar", who_id=None, solution="fikset")) == {"solution"}
    assert Person.objects.count() == before


def test_somebody_without_an_address_is_told_by_the_agent(cast):
    ticket = made(solved(cast, who_id=cast.phone_only.pk, who=cast.phone_only.name))
    assert ticket.state == "RESOLVED"
    assert not MessageRecipient.objects.exists()


def test_the_writer_of_a_note_is_mailed_or_told(cast):
    note = {"channel": "NOTE", "who_id": cast.phone_only.pk, "who": cast.phone_only.name}
    assert errors(solved(cast, **note)) == {"solution"}
    assert made(solved(cast, **note, mailed=None)).state == "RESOLVED"


def test_solving_is_for_those_who_work_in_the_team(cast):
    assert errors(solved(cast, team=cast.network.pk)) == {"team"}
    assert made(send(cast, team=cast.network.pk)).team == cast.network


def test_s22_only_the_forms_own_fields_count(cast):
    ticket = made(send(cast, state="CLOSED", restricted="on", priority="1", assignee=cast.knut.pk))
    assert (ticket.state, ticket.restricted, ticket.priority, ticket.assignee) == ("NEW", False, None, None)


def test_s19_line_breaks_become_blanks(cast):
    ticket = made(send(cast, what="Emne\r\nBcc: alle@sykehus.example", place="Rom\r\n1"))
    assert ticket.subject == "Emne Bcc: alle@sykehus.example"
    assert ticket.place == "Rom 1"


@pytest.mark.parametrize(
    "odd",
    [{"who_id": "x"}, {"who_id": 2**70}, {"channel": "EMAIL"}, {"team": "999"}, {"department": "x"}, {"what": "\x00"}],
)
def test_odd_values_are_refused_plainly(cast, odd):
    assert errors(send(cast, **odd))


def test_an_extension_shows_the_ward_and_what_is_open_there(cast):
    ticket = cast.case(subject="Nettet er nede")
    secret = cast.case(subject="Lønn og permisjon")
    restriction.restrict(ticket=secret, by=cast.liv, readers=[], reason="Gjelder en ansatt")
    page = signed_in(cast.kari).get(NEW, {"fragment": "1", "who": "12345"}).content.decode()
    assert f"/tickets/{ticket.pk}" in page
    assert "permisjon" not in page  # S21
    without_script = signed_in(cast.kari).post(NEW, {"who": "12345", "channel": "PHONE"})
    assert without_script.status_code == 422
    assert f"/tickets/{ticket.pk}" in without_script.content.decode()


def test_a_person_shows_their_own_open_cases(cast):
    ticket = cast.case()
    page = signed_in(cast.kari).get(NEW, {"fragment": "1", "who_id": cast.nora.pk}).content.decode()
    assert page.count(f"/tickets/{ticket.pk}") == 2  # theirs, and the ward's


def test_a_found_person_is_filled_in(cast):
    page = signed_in(cast.kari).get(NEW, {"who": cast.nora.pk}).content.decode()
    assert 'value="Nora Sykepleier"' in page
    assert signed_in(cast.kari).get(NEW, {"who": "9" * 40}).status_code == 200


def test_the_kind_at_a_full_registration_says_type_and_service(cast):
    kind = kind_of_case(cast, "Opplæring", demands_proof=False)
    # What was chosen in the panel for solving, and is not seen, counts for nothing beside it.
    ticket = made(send(cast, category="opplær", type="ORDER", service=cast.printing.pk))
    assert (ticket.category, ticket.type, ticket.service) == (kind, kind.type, kind.service)
    assert (ticket.assessed_at, ticket.priority, ticket.next_step) == (None, None, "ASSESS"), (
        "how much it hurts is asked"
    )
    told = Event.objects.get(kind="ticket_registered").after
    assert (told["category_id"], told["service_id"], told["type"]) == (kind.pk, kind.service_id, kind.type)
    html = signed_in(cast.kari).get(f"/tickets/{ticket.pk}").content.decode()
    assert 'value="Opplæring"' in html, "assessing goes on from there"


def test_a_kind_that_is_no_kind_is_told_of_at_every_registration(cast):
    assert errors(send(cast, category="kaffemaskin")) == {"category"}
    kind_of_case(cast, "Opplæring", demands_proof=False)
    assert errors(solved(cast, category="Opplæring", service=cast.printing.pk)) == {"category"}
    assert errors(send(cast, category="Opplæring", do="ask", question="Hvem?", told="Vi spør.")) == {"category"}


def test_the_kind_chooses_the_routing_rule(cast):
    kind = kind_of_case(cast, "Opplæring", demands_proof=False)
    add_routing_rule(by=SETUP, team=cast.network, category=kind)
    assert made(send(cast, category="Opplæring", team="")).team == cast.network


def test_who_asks_is_checked_at_the_registration_whichever_team_it_goes_to(cast):
    kind_of_case(cast)
    checked = made(send(cast, category="Glemt passord", way="CARD", team=cast.network.pk))
    proof = IdentityProof.objects.get(ticket=checked)
    assert (proof.person, proof.by, checked.proofs_lacking) == (cast.nora, cast.kari, 0)
    unchecked = made(send(cast, category="Glemt passord"))
    assert unchecked.proofs_lacking == 1, "it is registered, and solved when somebody has checked"


def test_solving_what_was_registered_as_a_kind_keeps_the_kind(cast):
    kind = kind_of_case(cast)
    ticket = made(send(cast, category="Glemt passord"))
    answer = {"words": "Nytt passord er satt.", "type": "SERVICE_REQUEST", "do": "resolve"}
    signed_in(cast.kari).post(f"/tickets/{ticket.pk}/resolution", answer)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.category) == ("NEW", kind)


def test_an_agents_own_case_is_proved_by_their_session(cast):
    kind_of_case(cast)
    own = {"who": cast.kari.name, "who_id": cast.kari.pk, "category": "Glemt passord"}
    ticket = made(solved(cast, **own, type=None, way="CARD"))
    proof = IdentityProof.objects.get()
    assert (proof.way, proof.person, proof.by, ticket.state) == ("SIGNED_IN", cast.kari, cast.kari, "RESOLVED")


def test_signed_in_is_no_answer_of_the_form(cast):
    kind_of_case(cast)
    assert errors(solved(cast, type=None, category="Glemt passord", way="SIGNED_IN")) == {"way"}
    assert b"SIGNED_IN" not in signed_in(cast.kari).get(NEW).content
    assert errors(send(cast, category="Glemt passord", way="SIGNED_IN")) == {"way"}


def faults(cast):
    """One of the printing service, one in the ward, one elsewhere and of another service."""
    facts = {"by": cast.nils, "impact": "departments", "consequence": "stops"}
    return [
        start(title="Utskrift er nede", service=cast.printing, **facts),
        start(title="Nettet er nede på posten", service=cast.telephony, department=cast.ward, **facts),
        start(title="Telefonen er nede på øya", service=cast.telephony, department=cast.clinic, **facts),
    ]


def offered(response) -> list[str]:
    return [one["title"] for one in response.context["faults"]]


def test_faults_of_the_callers_place_and_of_the_chosen_service_are_offered(cast):
    printing, ward, clinic = (one.title for one in faults(cast))
    client, kind = signed_in(cast.kari), kind_of_case(cast, "Skriver", service=cast.printing, demands_proof=False)
    around = f"{NEW}?fragment=1&who=Nora&who_id={cast.nora.pk}"
    assert offered(client.get(around)) == [ward]
    assert offered(client.get(f"{around}&category={kind.name}")) == [ward, printing]
    assert offered(client.get(f"{around}&service={cast.telephony.pk}")) == [ward, clinic]
    assert offered(client.get(f"{around}&department={cast.clinic.pk}")) == [clinic]
    assert offered(client.get(f"{NEW}?fragment=1&who=12345")) == [ward], "an extension is its ward"
    assert offered(client.get(f"{NEW}?fragment=1&who=")) == offered(client.get(NEW)) == []
    assert b"Since" in client.get(around).content
    others = [one["title"] for one in client.get(f"{around}&category={kind.name}").context["other_faults"]]
    assert others == [clinic], "every other one can still be looked up"


def test_without_script_one_asks_what_is_known(cast):
    ward = faults(cast)[1]
    look = send(cast, do="look", major=ward.pk, what="Nettet er nede")
    assert (look.status_code, offered(look)) == (200, [ward.title])
    page = look.content.decode()
    assert re.search(rf'name="major"[^>]*value="{ward.pk}" checked', page)
    assert 'value="Nettet er nede"' in page
    assert not Ticket.objects.exists()
    assert made(send(cast, major=ward.pk)).major == ward


def test_what_demands_proof_joins_no_fault(cast):
    ward = faults(cast)[1]
    kind_of_case(cast)
    assert errors(send(cast, category="Glemt passord", major=ward.pk)) == {"category"}
    around = f"{NEW}?fragment=1&who_id={cast.nora.pk}&category=Glemt passord"
    assert offered(signed_in(cast.kari).get(around)) == []
    ticket = made(send(cast, category="Glemt passord"))
    with pytest.raises(Refused):
        join(ticket=ticket, by=cast.kari, major=ward)


def test_a_fault_that_was_solved_meanwhile_is_told_of(cast):
    assert errors(send(cast, major=4711)) == {"__all__"}


@pytest.mark.parametrize("who", ["4444", "44 44", "NORA@sykehus.example", "Nora <nora@sykehus.example>"])
def test_the_very_extension_or_address_is_its_owner(cast, who):
    assert TicketRequester.objects.get(ticket=made(send(cast, who=who, who_id=None))).person == cast.nora


def test_a_number_that_two_have_is_asked_about(cast):
    Person.objects.filter(pk=cast.dag.pk).update(phone="4444", folded="dag lege 4444")
    assert errors(send(cast, who="4444", who_id=None)) == {"who"}


def test_the_extension_of_a_ward_is_the_ward_whoever_has_it_too(cast):
    Person.objects.filter(pk=cast.nora.pk).update(phone="12345", folded="nora 12345")
    ticket = made(send(cast, who="12345", who_id=None))
    caller = TicketRequester.objects.get(ticket=ticket).person
    assert (caller.kind, caller.department) == (PersonKind.SHARED, cast.ward)


def test_what_is_exact_is_told_with_what_is_found(cast):
    client = signed_in(cast.kari)
    assert client.get("/persons?q=4444").content.count(b"data-exact") == 1
    assert b"data-exact" not in client.get("/persons?q=444").content
    assert b'data-id=""' in client.get("/persons?q=12345&place=1").content
    assert b'data-id=""' not in client.get("/persons?q=12345").content, "a place is no address to copy in"
