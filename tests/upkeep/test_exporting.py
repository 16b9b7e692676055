"""An export gives everything back: brought into an empty installation, it says the same."""

from __future__ import annotations

import json
import stat
from datetime import timedelta

import pytest
from django.core.management import call_command

from saksgang.catalogue.models import Service
from saksgang.improvements.actions.taking_in import New, take_in
from saksgang.lib import append_only, clock, files
from saksgang.people.actions import change_team
from saksgang.tickets.actions import answering, assessment, identity, redaction, restriction
from saksgang.tickets.actions.clarification import ask
from saksgang.tickets.actions.major import incident
from saksgang.tickets.actions.major.membership import join
from saksgang.tickets.actions.messages import Heard, keep_file
from saksgang.tickets.actions.tallying import tally
from saksgang.tickets.actions.ties.merging import merge
from saksgang.tickets.actions.ties.sub_cases import open_sub_case
from saksgang.tickets.mentions import mentioned_to
from saksgang.tickets.models import Attachment, Message, Ticket, TicketMention
from saksgang.upkeep import export_command
from saksgang.upkeep.exporting import BESIDE, give_back
from saksgang.upkeep.importing.running import bring_over
from tests.cast import SETUP
from tests.tickets.steps import kind_of_case
from tests.upkeep.old_desk import case, write

# What differs by nature: own numbers, times of this installation, and what follows from «now».
OWN = {
    "no", "old_system", "old_number", "registered", "changed", "updated", "taken", "closed", "wait_until", "state", "agent",
    "next_step", "next_step_due", "priority", "override_priority", "override_reason", "links", "answered_at", "to", "assessed",
    "mailboxes", "close_reason", "first_answered", "login", "answer_owed_since",
}  # fmt: skip

BESIDE_CASES = [name.removesuffix(".jsonl") for name in BESIDE]


def rows(folder, name):
    return [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]


def names(folder):
    """Reference → name, so that two exports can be compared."""
    found = {}
    for kind in ("agent", "requester"):
        found |= {f"{kind}:{row['no']}": row["name"] for row in rows(folder, f"{kind}s.jsonl")}
    return found


def normalised(folder):
    called = names(folder)
    teams = {row["no"]: row["name"] for row in rows(folder, "teams.jsonl")}

    def plain(value):
        if isinstance(value, dict):
            return {name: plain(one) for name, one in value.items() if name not in OWN} | (
                {"who": called[value["no"]]} if value.get("no") in called else {}
            )
        if isinstance(value, list):
            return [plain(one) for one in value]
        return called.get(value, value) if isinstance(value, str) else value

    cases = [plain(row) | {"team": teams[row["team"]]} for row in rows(folder, "tickets.jsonl")]
    people = sorted(
        (row["name"], tuple(row["emails"]), tuple(sorted(teams[team] for team in row.get("teams", []))))
        for kind in ("agents", "requesters")
        for row in rows(folder, f"{kind}.jsonl")
        if row["kind"] != "system"
    )
    sections = sorted((row["name"], row.get("section", "")) for row in rows(folder, "teams.jsonl"))
    return cases, people, sections, sorted(row["name"] for row in rows(folder, "departments.jsonl"))


def filled(cast):
    """Cases with all that can hang on one."""
    change_team(by=SETUP, team=cast.network, section="ehelse")
    kept = keep_file(name="bilde.png", content_type="image/png", content=b"et bilde")
    first = cast.case(
        heard=Heard("Se vedlegg.\nÆØÅ «»", cast.nora.name, "nora@sykehus.example", html="<p>Se</p>", files=(kept,))
    )
    answering.answer(ticket=first, by=cast.kari, words="Vi ser på det.", cc=["dag@sykehus.example"])
    answering.note(ticket=first, by=cast.kari, words="Husk kabel, @Liv og @Nils Berg.")
    answering.note(ticket=first, by=cast.nils, words="Har husket.")
    hidden = cast.case(
        subject="Bare for noen", requesters=[cast.nora, cast.phone_only], contact_name="Nattevakten", place="B2"
    )
    restriction.restrict(ticket=hidden, by=cast.kari, readers=[cast.liv], reason="Personalsak")
    buried = cast.case(subject="Med pasientnavn", heard=Heard("Hemmelig", cast.nora.name, files=(kept,)))
    redaction.redact_message(message=buried.messages.get(), by=cast.liv, reason="Pasient")
    cast.case(subject="Fra en maskin", automatic=True, requesters=[])
    urgent = cast.case(subject="Får ikke ringt fra traumerommet")
    assessment.assess(
        ticket=urgent, by=cast.kari, type="SERVICE_REQUEST", service=None, impact="individuals", danger=True,
        danger_note="Ingen får varslet teamet.", needed_by=clock.now() + timedelta(hours=3),
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_an_export_brought_into_an_empty_installation_says_the_same(live_cast, tmp_path):
    filled(live_cast)
    before = (Ticket.objects.count(), Message.objects.count(), Attachment.objects.count())
    assert list(mentioned_to(live_cast.liv))
    given = give_back(tmp_path / "first")
    assert (given.files, given.missing) == (1, [])
    append_only.remove()
    call_command("flush", interactive=False, verbosity=0)
    append_only.install()
    report = bring_over(tmp_path / "first", system="saksgang")
    assert not report.wrong
    [mention] = TicketMention.objects.all()
    assert (mention.person.name, mention.closed_at) == ("Liv Åsen", None)
    assert (Ticket.objects.count(), Message.objects.count(), Attachment.objects.count()) == before
    give_back(tmp_path / "second")
    assert normalised(tmp_path / "second") == normalised(tmp_path / "first")
    assert bring_over(tmp_path / "first", system="saksgang").made["tickets"] == 0


def test_services_are_given_with_what_is_known_of_them(cast, tmp_path):
    Service.objects.filter(pk=cast.dips.pk).update(medical_device=True)
    give_back(tmp_path / "out")
    found = {row["name"]: row for row in rows(tmp_path / "out", "services.jsonl")}
    assert (found["DIPS"]["medical_device"], found["DIPS"]["criticality"]) == (True, "critical")
    assert found["Utskrift"]["medical_device"] is False


def test_restricted_cases_are_given_too_and_tombstones_as_such(cast, tmp_path):
    filled(cast)
    give_back(tmp_path / "out")
    found = {row["subject"]: row for row in rows(tmp_path / "out", "tickets.jsonl")}
    assert found["Bare for noen"]["restricted"] is True
    assert f"agent:{cast.liv.pk}" in found["Bare for noen"]["readers"]
    (message,) = found["Med pasientnavn"]["messages"]
    assert (message["text"], message["attachments"][0]["name"]) == ("[–]", "[–]")
    assert message["redacted_at"]
    assert "Hemmelig" not in (tmp_path / "out" / "tickets.jsonl").read_text(encoding="utf-8")
    assert {row["kind"] for row in rows(tmp_path / "out", "events.jsonl")} >= {"ticket_registered", "message_redacted"}


def test_old_numbers_come_back(db, tmp_path):
    bring_over(write(tmp_path / "old", [case(17), case(18, "open")]), system="gammel")
    give_back(tmp_path / "out")
    assert [(row["old_system"], row["old_number"]) for row in rows(tmp_path / "out", "tickets.jsonl")] == [
        ("gammel", "17"),
        ("gammel", "18"),
    ]
    assert bring_over(tmp_path / "out", system="saksgang").skipped == 2


def test_many_cases_are_read_in_batches(db, tmp_path, django_assert_max_num_queries):
    bring_over(write(tmp_path / "old", [case(nth) for nth in range(1, 251)]), system="gammel")
    with django_assert_max_num_queries(60):
        given = give_back(tmp_path / "out")
    assert given.lines["tickets.jsonl"] == 250


def test_the_command_takes_an_empty_folder_only_and_closes_it(cast, tmp_path, capsys):
    filled(cast)
    assert export_command.run([str(tmp_path / "out")]) == 0
    assert "5 lines in tickets.jsonl" in capsys.readouterr().out
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    assert export_command.run([str(tmp_path / "out")]) == 1
    assert "is not empty" in capsys.readouterr().out


def test_bytes_that_are_gone_are_told(cast, tmp_path, capsys):
    kept = keep_file(name="a.txt", content_type="text/plain", content=b"bytes that will go")
    cast.case(heard=Heard("Se vedlegg.", "Nora", files=(kept,)))
    files.forget(kept.sha256)
    assert export_command.run([str(tmp_path / "out")]) == 1
    assert f"The file {kept.sha256} is missing" in capsys.readouterr().out
    assert list((tmp_path / "out" / "files").iterdir()) == []


def test_what_hangs_on_cases_is_given_too(cast, tmp_path):
    asked = ask(ticket=cast.case(), by=cast.kari, question="Skal vi det?", words="Vi spør.")
    into, merged = cast.case(), cast.case()
    merge(ticket=merged, into=into, by=cast.kari)
    part = open_sub_case(ticket=into, by=cast.kari, team=cast.network, subject="Svitsjen", words="Sjekk porten")
    facts = {"service": cast.printing, "impact": "departments", "consequence": "stops"}
    major = incident.start(by=cast.kari, title="Skriverne er nede", **facts)
    join(ticket=into, by=cast.kari, major=major)
    incident.update(major=major, by=cast.kari, words="Vi leter.")
    wish = take_in(
        ticket=cast.case(), by=cast.kari, into=New(cast.service_desk, "Skriv ut fra mobilen"), words={"nb": "På lista."}
    )
    answering.answer(ticket=cast.case(requesters=[cast.phone_only]), by=cast.kari, words="Kom innom.")
    kind = kind_of_case(cast, demands_proof=False, service=cast.printing)
    tally(by=cast.kari, team=cast.service_desk, category=kind, department=None, minutes=3)
    identity.prove(ticket=into, by=cast.kari, person=cast.nora, way="CARD")
    give_back(tmp_path / "out")
    found = {name: rows(tmp_path / "out", f"{name}.jsonl") for name in BESIDE_CASES}
    assert found["clarifications"][0]["question"] == asked.question
    assert [(row["case"], row["into"]) for row in found["merges"]] == [(merged.pk, into.pk)]
    assert [(row["case"], row["way"], row["by"]) for row in found["proofs"]] == [(into.pk, "CARD", cast.kari.pk)]
    assert [row["words"] for row in found["major_updates"]] == ["Vi leter."]
    assert [row["title"] for row in found["majors"] + found["improvements"]] == [major.title, wish.title]
    assert {len(found[name]) for name in ("improvement_cases", "calls", "tallies")} == {1}
    cases = {row["no"]: row for row in rows(tmp_path / "out", "tickets.jsonl")}
    assert (cases[part.pk]["parent"], cases[into.pk]["major"]) == (into.pk, major.pk)
