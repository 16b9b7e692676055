"""What an import makes of the files, and that it can be stopped and run again."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest

from saksgang.access.actions import grant
from saksgang.access.roles import Role
from saksgang.catalogue.kinds import TicketType
from saksgang.catalogue.queries import hours_of
from saksgang.catalogue.working_time import add_days
from saksgang.events.actions import Robot
from saksgang.events.models import Delivery, Event
from saksgang.lib import clock, files
from saksgang.people.models import Account, Membership, Person, PersonKind, Team
from saksgang.tickets import queries
from saksgang.tickets.actions import assessment
from saksgang.tickets.actions.unattended import clockwork, importing
from saksgang.tickets.kinds import (
    Channel,
    CloseReason,
    MessageKind,
    NextStep,
    SenderRole,
    State,
    Visibility,
)
from saksgang.tickets.models import Attachment, Message, Ticket, TicketRequester
from saksgang.upkeep.exporting import give_back
from saksgang.upkeep.importing import running
from tests.tickets.steps import kind_of_case
from tests.upkeep.old_desk import AGENTS, case, said, write

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday_morning(db):
    with clock.at(NOW):
        yield


def brought(folder, cases, *, system="gammel", dry_run=False, **others):
    return running.bring_over(write(folder, cases, **others), system=system, dry_run=dry_run)


def the(number: str) -> Ticket:
    return Ticket.objects.get(old_number=number)


def test_a_closed_case_is_closed_as_imported_with_its_own_times(tmp_path):
    report = brought(tmp_path, [case(17, closed="2026-11-03T09:00:00+01:00")])
    assert not report.wrong
    ticket = the("17")
    assert (ticket.state, ticket.close_reason, ticket.closed_by_robot) == (State.CLOSED, CloseReason.IMPORTED, "import")
    assert ticket.closed_at == datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
    assert ticket.received_at == ticket.registered_at == datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
    assert ticket.first_answered_at == ticket.last_word_at == datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
    assert (ticket.old_system, ticket.channel, ticket.resolution, ticket.type) == ("gammel", Channel.IMPORT, "", None)
    assert (ticket.answers_owed, ticket.open, ticket.changed_at) == (0, 0, NOW)
    first, second = Message.objects.filter(ticket=ticket).order_by("at")
    assert (first.kind, first.sender_role, first.author_name) == (
        MessageKind.INCOMING,
        SenderRole.REQUESTER,
        "Berit Eide",
    )
    assert (second.kind, second.sender_role, second.author_name) == (
        MessageKind.ANSWER,
        SenderRole.AGENT,
        "Anne Svendsen",
    )
    assert second.text == "Fylt på."


def test_an_open_case_is_its_agents_with_the_old_priority_until_it_is_assessed(tmp_path):
    brought(tmp_path, [case(17, "open", priority=5)])
    ticket = the("17")
    assert (ticket.state, ticket.assignee.name, ticket.team.name) == (
        State.IN_PROGRESS,
        "Anne Svendsen",
        "Servicesenter Nord",
    )
    assert ticket.taken_at == datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
    assert (ticket.priority, ticket.override_priority, ticket.override_reason) == (4, 4, "importert")
    assert ticket.override_by.kind == PersonKind.SYSTEM
    assert (ticket.next_step, ticket.assessed_at, ticket.queue_rank) == (
        NextStep.ASSESS,
        None,
        30,
    )  # past its target: one step up
    grant(by=Robot("setup"), person=ticket.assignee, role=Role.AGENT, team=ticket.team)
    done = assessment.assess(
        ticket=ticket, by=ticket.assignee, type=TicketType.SERVICE_REQUEST, service=None, impact="unknown"
    )
    assert (done.priority, done.override_stale, done.postponed_to) == (4, True, None)
    assert done.next_step != NextStep.ASSESS


def test_a_case_keeps_its_kind_where_it_is_set_up_alike_here(cast, tmp_path):
    kind = kind_of_case(cast)
    told = {"type": "service_request", "service": kind.service.name_nb, "category": "glemt PASSORD"}
    brought(
        tmp_path,
        [case(17, "open", **told), case(18, **(told | {"type": "order"})), case(19, **(told | {"service": "Annet"}))],
    )
    assert [the(number).category for number in ("17", "18", "19")] == [kind, None, None]
    export = tmp_path / "out"
    give_back(export)
    rows = [json.loads(line) for line in (export / "tickets.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row.get("category") for row in rows] == ["Glemt passord", None, None]


def test_a_waiting_case_waits_for_others_and_reminds_nobody(tmp_path):
    brought(
        tmp_path,
        [case(17, "waiting"), case(18, "WAITING_REQUESTER"), case(19, "planned", wait_until="2026-12-01T08:00:00")],
    )
    for number in ("17", "18"):
        assert (the(number).state, the(number).next_step) == (State.WAITING_THIRD_PARTY, NextStep.FOLLOW_UP)
        assert NOW < the(number).wait_until <= add_days(NOW, 10, hours_of(None))
    assert (the("19").state, the("19").wait_until) == (State.PLANNED, datetime(2026, 12, 1, 8, 0, tzinfo=UTC))
    with clock.at(NOW + timedelta(days=40)):
        clockwork.run_minute()
    assert not Message.objects.filter(kind=MessageKind.REMINDER).exists()
    assert not Delivery.objects.exists()


def test_nobody_is_told_and_each_case_has_one_event(tmp_path):
    brought(tmp_path, [case(17), case(18, "open")])
    assert Delivery.objects.count() == 0
    events = Event.objects.filter(ticket_id__isnull=False)
    assert [(event.kind, event.by_robot) for event in events] == [("ticket_imported", "import")] * 2
    assert Account.objects.count() == 0
    assert Membership.objects.get().person.addresses.get().address == "agent0000@sykehus.example"


def test_an_answer_is_owed_since_the_first_message_that_nobody_answered(tmp_path):
    asks = [said("requester", f"2026-11-02T{hour}:00:00") for hour in ("08", "11", "12")]
    note = said("agent", "2026-11-02T13:00:00", "Husk kabel.", visibility="internal")
    answer = said("agent", "2026-11-02T10:00:00")
    brought(
        tmp_path,
        [case(17, "open", messages=[*asks, note, answer]), case(18, "open"), case(19, "new", messages=asks[:1])],
    )
    owed = dict(TicketRequester.objects.values_list("ticket__old_number", "answer_owed_since"))
    assert owed == {"17": datetime(2026, 11, 2, 11, tzinfo=UTC), "18": None, "19": datetime(2026, 11, 2, 8, tzinfo=UTC)}
    assert [the(number).answers_owed for number in ("17", "18", "19")] == [1, 0, 1]
    assert the("17").new_message_at == datetime(2026, 11, 2, 11, tzinfo=UTC)
    assert Message.objects.get(text="Husk kabel.").kind == MessageKind.NOTE
    assert the("19").assignee is None


def test_open_cases_are_spread_over_ten_working_days_in_the_queues_order(tmp_path):
    cases = [case(nth, "open", priority=2 + nth % 3, created=f"2026-10-{20 - nth:02}T08:00:00") for nth in range(20)]
    brought(tmp_path, [*cases, case(99, "open", team=1)])
    found = list(Ticket.objects.filter(team__name="Servicesenter Nord").order_by("priority", "received_at"))
    due = [ticket.next_step_due_at for ticket in found]
    last = add_days(NOW, 10, hours_of(None))
    assert due == sorted(due)
    assert len(set(due)) == 20
    assert due[0] > NOW
    assert due[-1] == last
    assert the("99").next_step_due_at == add_days(NOW, 1, hours_of(None))  # alone: within a day


def test_own_numbers_lie_above_every_old_one_and_the_old_one_is_found(tmp_path, cast):
    brought(tmp_path, [case(4711), case(80_000)])
    assert the("4711").pk > 80_000
    assert cast.case().pk > 80_002
    cases = Ticket.objects.visible_to(cast.kari)
    assert [row[0] for row in queries.search(cases, "4711")] == [the("4711").pk]
    importing.start_numbers_above(5)
    assert cast.case().pk > 80_003


def test_the_page_of_a_case_shows_its_old_number(tmp_path, cast, client):
    brought(tmp_path, [case(4711)])
    client.force_login(cast.kari.account)
    page = client.get(f"/tickets/{the('4711').pk}").content.decode()
    assert "4711" in page
    assert "gammel" in page


def test_run_again_it_makes_only_what_is_missing(tmp_path):
    brought(tmp_path, [case(17), case(18, requester=1)])
    people, events = Person.objects.count(), Event.objects.count()
    report = brought(tmp_path, [case(17), case(18, requester=1), case(19)])
    assert (report.made["tickets"], report.skipped) == (1, 2)
    assert (Ticket.objects.count(), Person.objects.count(), Team.objects.count()) == (3, people, 2)
    assert Event.objects.count() == events + 1
    assert brought(tmp_path, [case(17)], system="et annet").made["tickets"] == 1


def test_stopped_in_the_middle_it_goes_on_with_the_same_plan(tmp_path, monkeypatch):
    cases = [case(nth, "open") for nth in range(1, 12)]
    brought(tmp_path / "whole", [one | {"no": f"w{one['no']}"} for one in cases])
    monkeypatch.setattr(running, "BATCH", 4)
    writes = []

    def dies(*arguments):
        if len(writes) == 2:
            raise KeyboardInterrupt
        writes.append(1)
        return write_batch(*arguments)

    write_batch = running._write
    monkeypatch.setattr(running, "_write", dies)
    with pytest.raises(KeyboardInterrupt):
        brought(tmp_path / "parts", cases)
    monkeypatch.setattr(running, "_write", write_batch)
    report = brought(tmp_path / "parts", cases)
    assert (report.made["tickets"], report.skipped) == (3, 8)
    due = dict(Ticket.objects.values_list("old_number", "next_step_due_at"))
    assert {number: due[f"w{number}"] for number in map(str, range(1, 12))} == {
        number: due[number] for number in map(str, range(1, 12))
    }


def test_a_dry_run_counts_and_writes_nothing(tmp_path):
    report = brought(tmp_path, [case(17), case(18, state="lost")], dry_run=True)
    assert (report.made["tickets"], report.wrong["tickets.jsonl"]) == (1, 1)
    assert (Ticket.objects.count(), Person.objects.count(), Team.objects.count(), Event.objects.count()) == (0, 0, 0, 0)


def test_known_people_and_teams_are_found_not_made_again(tmp_path, cast):
    brought(
        tmp_path,
        [case(17, requester=3)],
        teams=[{"no": 0, "name": "servicesenter"}],
        agents=[{"no": 0, "name": "K. Nordmann", "email": "KARI@ikt.sykehus.example", "team": 0}],
        requesters=[{"no": 3, "name": "N. Sykepleier", "emails": ["nora@sykehus.example"]}],
    )
    ticket = the("17")
    assert (ticket.assignee, ticket.team) == (cast.kari, cast.service_desk)
    assert ticket.requesters.get().person == cast.nora
    assert ticket.affected_department == cast.ward
    cast.nora.refresh_from_db()
    assert cast.nora.name == "Nora Sykepleier"
    assert Membership.objects.filter(person=cast.kari).count() == 1


def test_files_are_kept_and_checked(tmp_path):
    content = b"et bilde"
    sha256 = hashlib.sha256(content).hexdigest()
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / sha256).write_bytes(content)
    (tmp_path / "bilde.png").write_bytes(content)
    with_file = said(
        "requester",
        "2026-11-02T08:00:00",
        attachments=[{"name": "a/../bilde.png", "type": "image/png", "sha256": sha256}],
    )
    by_path = said("agent", "2026-11-02T09:00:00", attachments=[{"name": "b.png", "path": "bilde.png"}])
    brought(tmp_path, [case(17, messages=[with_file, by_path])])
    first, second = Attachment.objects.order_by("id")
    assert (first.name, first.size, first.sha256, second.sha256) == ("bilde.png", 8, sha256, sha256)
    assert files.read(sha256) == content


@pytest.mark.parametrize(
    ("attachment", "why"),
    [
        ({"name": "x", "sha256": "0" * 64}, "cannot be read"),
        ({"name": "x", "path": "../outside"}, "lies outside"),
        ({"name": "x", "path": "here", "sha256": "0" * 64}, "has the sha256"),
    ],
)
def test_a_file_that_is_missing_outside_or_another_is_wrong(tmp_path, capsys, attachment, why):
    (tmp_path / "outside").write_bytes(b"?")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "here").write_bytes(b"?")
    message = said("requester", "2026-11-02T08:00:00", attachments=[attachment])
    report = brought(tmp_path / "in", [case(17, messages=[message]), case(18)])
    assert (report.made["tickets"], report.wrong["tickets.jsonl"]) == (1, 1)
    assert why in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"state": "lost"}, "«state» is 'lost'"),
        ({"state": None}, "«state» is missing"),
        ({"created": "i går"}, "«created» is not a time"),
        ({"created": None}, "«created» is not a time"),
        ({"created": "0001-01-01T00:00:00"}, "lies in the year 1"),
        ({"created": "9999-12-31T23:59:59", "state": "open"}, "lies in the year 9999"),
        ({"no": None}, "«no» is missing"),
        ({"no": 18}, "the number 18 stands twice"),
        ({"subject": ["x"]}, "«subject» is not text"),
        ({"team": 99}, "team 99 is not in teams.jsonl"),
        ({"team": None, "state": "open"}, "«team» is missing"),
        ({"requester": 99}, "who is not in requesters.jsonl"),
        ({"readers": [99]}, "who is not in agents.jsonl"),
        ({"priority": 9}, "«priority» is 9"),
        ({"messages": "hei"}, "«messages» is not a list"),
        ({"messages": [{"at": "2026-11-02T08:00:00", "text": "x"}]}, "does not say who wrote it"),
        ({"messages": [said("requester", "")]}, "«at» is not a time"),
        ({"followers": [{"address": "nobody"}]}, "is no e-mail address"),
        ({"restricted": "yes"}, "«restricted» is neither"),
        ({"danger": True}, "«danger» is true without"),
        ({"needed_by": "snart"}, "«needed_by» is not a time"),
    ],
)
def test_a_wrong_line_is_told_with_its_number_and_the_rest_goes_on(tmp_path, capsys, changes, why):
    report = brought(tmp_path, [case(18), case(17) | changes, case(19)])
    told = capsys.readouterr().err
    assert "tickets.jsonl, line 2: " in told
    assert why in told
    assert (report.made["tickets"], report.wrong["tickets.jsonl"]) == (2, 1)


def test_lines_that_are_no_json_at_all(tmp_path, capsys):
    folder = write(tmp_path, [case(17)])
    with (folder / "tickets.jsonl").open("ab") as file:
        file.write(b"\xff\xfe\n\n[1]\n" + b"[" * 100_000 + b"\n")
    report = running.bring_over(folder, system="gammel")
    assert (report.made["tickets"], report.wrong["tickets.jsonl"]) == (1, 3)
    assert "line 2: this is not JSON" in capsys.readouterr().err


def test_a_wrong_person_is_told_and_so_are_the_cases_that_name_them(tmp_path, capsys):
    requesters = [{"no": 0, "name": "Berit", "email": "uten krøllalfa"}, {"no": 1, "name": "Ola"}]
    report = brought(tmp_path, [case(17), case(18, requester=1)], requesters=requesters)
    assert (report.wrong["requesters.jsonl"], report.wrong["tickets.jsonl"], report.made["tickets"]) == (1, 1, 1)
    assert "requesters.jsonl, line 1" in capsys.readouterr().err


def test_what_the_database_refuses_is_left_out_alone(tmp_path, capsys):
    twice = case(18, mailboxes=[], readers=[0], followers=[]) | {"type": "incident"}
    import_cases = running.import_cases

    def refuses(*, by, cases, importer):
        from django.db import IntegrityError

        if any(one.old_number == "18" for one in cases):
            raise IntegrityError("no")
        return import_cases(by=by, cases=cases, importer=importer)

    running.import_cases = refuses
    try:
        report = brought(tmp_path, [case(17), twice, case(19)])
    finally:
        running.import_cases = import_cases
    assert (report.made["tickets"], report.wrong["tickets.jsonl"]) == (2, 1)
    assert "line 2: the database refuses it" in capsys.readouterr().err


def test_strange_letters_and_html_are_cleaned(tmp_path):
    message = {"by": "requester", "at": "2026-11-02T08:00:00", "html": "<p>Hei\x00 <script>x</script><b>der</b></p>"}
    brought(tmp_path, [case(17, subject="A\x00\u202eB\ud800\n C", messages=[message])])
    assert the("17").subject == "AB C"
    found = the("17").messages.get()
    assert (found.html, found.text.strip()) == ("<p>Hei <b>der</b></p>", "Hei der")


def test_a_restricted_case_stays_restricted(tmp_path, cast):
    brought(tmp_path, [case(17, "open", restricted=True, readers=["agent:0", "requester:1"])], agents=[*AGENTS])
    ticket = the("17")
    assert ticket.restricted
    assert {reader.person.name for reader in ticket.readers.all()} == {"Anne Svendsen", "Ola Moe"}
    assert not Ticket.objects.visible_to(cast.kari).filter(pk=ticket.pk).exists()


def test_tombstones_stay_tombstones(tmp_path):
    buried = said(
        "requester", "2026-11-02T08:00:00", "[–]", redacted_at="2026-11-05T08:00:00",
        attachments=[{"name": "[–]", "sha256": "0" * 64, "redacted_at": "2026-11-05T08:00:00"}],
    )  # fmt: skip
    brought(tmp_path, [case(17, messages=[buried])])
    assert (
        Message.objects.get().redacted_at
        == Attachment.objects.get().redacted_at
        == datetime(2026, 11, 5, 8, tzinfo=UTC)
    )


def test_an_agent_nobody_knows_leaves_the_case_new_and_is_counted(tmp_path):
    report = brought(tmp_path, [case(17, "open", agent=77)])
    assert (the("17").state, the("17").assignee, report.not_taken) == (State.NEW, None, 1)
    assert Message.objects.get(sender_role=SenderRole.AGENT).author_name == "Servicesenter Nord"
    assert Message.objects.filter(visibility=Visibility.PUBLIC).count() == 2


# --- lines that contradict themselves, and fields that hold several ------------------------------------------------

DURING = "2026-11-10T09:00:00+01:00"
CONTRADICTIONS = {
    "closed before it was received": {"closed": "2026-11-01T09:00:00+01:00"},
    "changed before it was received": {"updated": "2026-11-01T09:00:00+01:00"},
    "received in 2099": {"created": "2099-01-01T09:00:00+01:00"},
    "received in an hour": {"created": "2026-11-23T10:00:00+00:00"},
    "local time without its zone": {"created": "2026-11-23T09:55:00"},
    "closed tomorrow": {"closed": "2026-11-24T09:00:00+01:00"},
    "changed next year": {"updated": "2027-11-24T09:00:00+01:00"},
    "said tomorrow": {"messages": [{"by": "requester", "at": "2026-11-24T09:00:00+01:00", "text": "Hei"}]},
    "said a month before": {"messages": [{"by": "requester", "at": "2026-10-01T09:00:00+01:00", "text": "Hei"}]},
    "redacted before it was said": {
        "messages": [{"by": "requester", "at": DURING, "text": "x", "redacted_at": "2026-11-09T09:00:00+01:00"}]
    },
    "redacted tomorrow": {"messages": [{"by": "requester", "at": DURING, "text": "x", "redacted_at": "2026-11-24T09:00:00+01:00"}]},
    "written by two": {"messages": [{"by": "requester", "at": DURING, "text": "Hei", "address": "a@x.example;b@x.example"}]},
}  # fmt: skip


@pytest.mark.parametrize("facts", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_case_that_contradicts_itself_is_named_and_left_out(tmp_path, capsys, facts):
    report = brought(tmp_path, [case(17, **facts), case(18)])
    assert report.wrong == {"tickets.jsonl": 1}
    assert "line 1: «" in capsys.readouterr().err
    assert not Ticket.objects.filter(old_number="17").exists()
    assert Ticket.objects.filter(old_number="18").exists()


@pytest.mark.parametrize(
    "facts",
    [
        {
            "messages": [
                {"by": "requester", "at": "2026-11-02T08:00:00+01:00", "text": "Skrevet før saken ble registrert"}
            ]
        },
        {"closed": "2026-11-02T09:00:00+01:00"},
        {"closed": "2026-11-03T09:00:00+01:00", "messages": [{"by": "requester", "at": DURING, "text": "Takk!"}]},
        {"needed_by": "2099-01-01T09:00:00+01:00", "promised_by": "2026-12-01T09:00:00+01:00"},
    ],
    ids=["a mail on its way", "closed at once", "thanks after closing", "what lies ahead by its meaning"],
)
def test_what_is_only_unusual_is_taken_in(tmp_path, facts):
    assert not brought(tmp_path, [case(17, **facts)]).wrong


@pytest.mark.parametrize(
    "told",
    [
        {"email": "a@x.example;b@x.example"}, {"email": "a@x.example, b@x.example"}, {"emails": ["a@x.example; B@x.example"]},
        {"emails": ["a@x.example", "b@x.example"], "email": "a@x.example"}, {"email": "a@x.example b@x.example"},
        {"email": "Berit <a@x.example>; Berit Eide <b@x.example>"}, {"email": "a@x.example\nb@x.example;"},
    ],
)  # fmt: skip
def test_several_addresses_in_one_field_are_all_kept(tmp_path, told):
    brought(tmp_path, [], requesters=[{"no": 12, "name": "Berit Eide", **told}])
    person = Person.objects.get(name="Berit Eide")
    assert sorted(person.addresses.values_list("address", flat=True)) == ["a@x.example", "b@x.example"]


def test_one_that_is_no_address_among_several_is_named(tmp_path, capsys):
    report = brought(tmp_path, [], requesters=[{"no": 12, "name": "Berit Eide", "email": "a@x.example;berit"}])
    assert report.wrong
    assert "«berit» is no e-mail address" in capsys.readouterr().err


def test_several_numbers_in_one_field_are_all_kept(tmp_path):
    brought(
        tmp_path,
        [],
        requesters=[{"no": 12, "name": "Berit Eide", "email": "a@x.example", "phone": "4444 / 90 00 00 00;5555"}],
    )
    person = Person.objects.get(name="Berit Eide")
    assert (person.phone, person.answer_via) == ("4444", "tlf. 90 00 00 00, tlf. 5555")


def test_several_followers_and_mailboxes_in_one_field_are_all_kept(tmp_path):
    told = {"followers": [{"address": "a@x.example;b@x.example", "name": "Ledere"}]}
    assert not brought(tmp_path, [case(17, **told)]).wrong
    assert sorted(the("17").followers.values_list("address", flat=True)) == ["a@x.example", "b@x.example"]


def test_a_number_that_stands_twice_is_named(tmp_path, capsys):
    people = [
        {"no": 12, "name": "Berit Eide", "email": "a@x.example"},
        {"no": 12, "name": "Nils Vik", "email": "b@x.example"},
    ]
    report = brought(
        tmp_path, [], agents=[], requesters=people, teams=[{"no": 7, "name": "Drift"}, {"no": 7, "name": "Nett"}]
    )
    assert report.wrong == {"teams.jsonl": 1, "requesters.jsonl": 1}
    assert capsys.readouterr().err.count("stands twice in this file") == 2
