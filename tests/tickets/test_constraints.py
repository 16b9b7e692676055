"""What the database itself refuses, on both databases. Rows are changed past every action, as a slip in the code would.

A constraint that is added later fails `test_every_check_has_a_row_that_breaks_it` until it has its rows here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q

from saksgang.access.actions import grant
from saksgang.access.models import RoleGrant
from saksgang.access.roles import Role
from saksgang.catalogue.actions import add_routing_rule
from saksgang.catalogue.models import (
    Announcement,
    Category,
    OnCallDay,
    OnCallList,
    PriorityCell,
    RoutingRule,
    SpecialDay,
    TargetTime,
)
from saksgang.console.models import SavedView
from saksgang.events.actions import Robot, record
from saksgang.events.models import Alarm, Event
from saksgang.improvements.models import Improvement, ImprovementStep
from saksgang.inbound.models import InboundMail, Receipt
from saksgang.outbound.models import OutboundMail
from saksgang.people.actions import note_absence
from saksgang.people.models import Absence, Person, PersonAddress, Team
from saksgang.tickets.actions import answering
from saksgang.tickets.actions.clarification import ask, decide
from saksgang.tickets.actions.major.incident import solve, start, update
from saksgang.tickets.actions.major.membership import join
from saksgang.tickets.actions.ties.merging import merge
from saksgang.tickets.kinds import NOBODY_IS_OWED, CloseReason, Decision, LinkKind, State
from saksgang.tickets.models import (
    Attachment,
    Call,
    Clarification,
    IdentityProof,
    MajorIncident,
    MajorMember,
    MajorUpdate,
    Message,
    MessageRecipient,
    Tally,
    Ticket,
    TicketLink,
    TicketMerge,
    TicketRequester,
)
from tests.cast import Cast
from tests.tickets.steps import WEDNESDAY, assess, assess_as, in_state, kind_of_case, soon

Row = tuple[type[models.Model], int]
NOW = WEDNESDAY


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("saksgang.")]


def checks() -> dict[str, tuple[type[models.Model], models.CheckConstraint]]:
    return {
        constraint.name: (model, constraint)
        for model in own_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
    }


CHECKS = checks()


# Sound rows to break.


def new(cast: Cast) -> Row:
    return Ticket, cast.case().pk


def working(cast: Cast) -> Row:
    return Ticket, in_state(cast, State.IN_PROGRESS).pk


def waiting(cast: Cast) -> Row:
    return Ticket, in_state(cast, State.WAITING_REQUESTER).pk


def resolved(cast: Cast) -> Row:
    return Ticket, in_state(cast, State.RESOLVED).pk


def closed(cast: Cast) -> Row:
    return Ticket, in_state(cast, State.CLOSED).pk


def message(cast: Cast) -> Row:
    return Message, Message.objects.get(ticket=cast.case()).pk


def note(cast: Cast) -> Row:
    ticket = cast.case()
    made = Message.objects.create(
        ticket=ticket, kind="NOTE", visibility="INTERNAL", channel="EMAIL", at=NOW, author_name="K", sender_role="AGENT", text="x"
    )  # fmt: skip
    return Message, made.pk


def attachment(cast: Cast) -> Row:
    made = Attachment.objects.create(
        message=Message.objects.get(ticket=cast.case()), name="a.pdf", content_type="a/b", size=1, sha256="0" * 64
    )
    return Attachment, made.pk


def recipient(cast: Cast) -> Row:
    made = MessageRecipient.objects.create(message=Message.objects.get(ticket=cast.case()), address="a@x.example")
    return MessageRecipient, made.pk


def link(cast: Cast) -> Row:
    made = TicketLink.objects.create(ticket=cast.case(), other=cast.case(), kind=LinkKind.FOLLOWS)
    return TicketLink, made.pk


def person(cast: Cast) -> Row:
    return Person, cast.nora.pk


def address(cast: Cast) -> Row:
    return PersonAddress, PersonAddress.objects.get(person=cast.nora).pk


def absence(cast: Cast) -> Row:
    days = {"first_day": NOW.date(), "last_day": NOW.date()}
    return Absence, note_absence(by=Robot("setup"), person=cast.kari, **days).pk


def special_day(cast: Cast) -> Row:
    return SpecialDay, SpecialDay.objects.create(day=NOW.date(), name="x", opens=480, closes=720).pk


def routing_rule(cast: Cast) -> Row:
    return RoutingRule, add_routing_rule(by=Robot("setup"), team=cast.network, words="vpn").pk


def cell(cast: Cast) -> Row:
    made = PriorityCell.objects.create(matrix="incident", impact="individuals", criticality="ordinary", priority=2)
    return PriorityCell, made.pk


def target(cast: Cast) -> Row:
    return TargetTime, TargetTime.objects.create(level="1", step="taken", minutes=5).pk


def event(cast: Cast) -> Row:
    return Event, record("team_added", by=Robot("setup"), subject=cast.network).pk


def question(cast: Cast) -> Row:
    asked = ask(ticket=in_state(cast, State.IN_PROGRESS), by=cast.kari, question="Skal vi det?", words="Vi spør.")
    return Clarification, asked.pk


def decided(cast: Cast) -> Row:
    _model, key = question(cast)
    grant(by=Robot("setup"), person=cast.trine, role=Role.TRIAGE_MANAGER, team=cast.triage)
    facts = {"decision": Decision.ANSWERED, "reason": "Ja", "words": "Ja"}
    decide(clarification=Clarification.objects.get(pk=key), by=cast.trine, **facts)
    return Clarification, key


def merged(cast: Cast) -> Row:
    merge(ticket=cast.case(), into=cast.case(), by=cast.kari)
    return TicketMerge, TicketMerge.objects.latest("pk").pk


def at_triage(cast: Cast) -> Row:
    return Ticket, Clarification.objects.get(pk=question(cast)[1]).ticket_id


def improvement(cast: Cast, step: str = "TAKEN_IN", **facts: Any) -> Row:
    open_ = {"rank": 1, "due_at": NOW} if step in ("TAKEN_IN", "PLANNED") else {}
    whole = {"team": cast.network, "title": "x", "folded": "x", "made_at": NOW, "made_by": cast.kari, "step": step}
    return Improvement, Improvement.objects.create(**(whole | open_ | facts)).pk


def planned(cast: Cast) -> Row:
    return improvement(cast, "PLANNED", planned_for=NOW.date())


def improvement_step(cast: Cast, step: str = "TAKEN_IN", **facts: Any) -> Row:
    whole = {"improvement_id": improvement(cast)[1], "step": step, "decided_at": NOW, "decided_by": cast.kari}
    return ImprovementStep, ImprovementStep.objects.create(**(whole | facts)).pk


def planned_step(cast: Cast) -> Row:
    return improvement_step(cast, "PLANNED", planned_for=NOW.date())


def declined_step(cast: Cast) -> Row:
    return improvement_step(cast, "DECLINED", reason="x")


def major(cast: Cast) -> Row:
    facts = {"title": "Nede", "service": cast.dips, "impact": "departments", "consequence": "stops"}
    return MajorIncident, start(by=cast.kari, **facts).pk


def solved_major(cast: Cast) -> Row:
    _model, key = major(cast)
    solve(major=MajorIncident.objects.get(pk=key), by=cast.kari, words="Rettet, alle er inne igjen.")
    return MajorIncident, key


def major_update(cast: Cast) -> Row:
    return MajorUpdate, update(major=MajorIncident.objects.get(pk=major(cast)[1]), by=cast.kari, words="Vi leter.").pk


def in_a_major(cast: Cast) -> Row:
    return Ticket, join(ticket=cast.case(), by=cast.kari, major=MajorIncident.objects.get(pk=major(cast)[1])).pk


def major_member(cast: Cast) -> Row:
    return MajorMember, MajorMember.objects.get(ticket=in_a_major(cast)[1]).pk


def on_call_day(cast: Cast) -> Row:
    listed = OnCallList.objects.create(duty="triage", name="x")
    hours = {"starts_at": NOW, "ends_at": NOW + timedelta(hours=8)}
    return OnCallDay, OnCallDay.objects.create(on_call_list=listed, person=cast.trine, **hours).pk


def mail(cast: Cast, **facts: Any) -> Row:
    whole = {
        "mailbox": cast.ikt, "door": "smtp", "raw_sha256": "0" * 64, "size": 1, "received_at": NOW, "try_at": NOW,
        "purge_after": NOW,
    }  # fmt: skip
    return InboundMail, InboundMail.objects.create(**(whole | facts)).pk


def receipt(cast: Cast) -> Row:
    made = Receipt.objects.create(ticket=cast.case(), person=cast.nora, state="promised", at=NOW)
    return Receipt, made.pk


def decided_mail(cast: Cast) -> Row:
    return mail(cast, pending=0, outcome="new_ticket", decided_at=NOW, ticket=cast.case())


def letter(cast: Cast) -> Row:
    made = OutboundMail.objects.create(
        event_id=1, ticket=cast.case(), kind="answer", recipient="a@x.example", envelope_from="", header_id="1@x",
        raw_sha256="0" * 64, created_at=NOW, try_at=NOW,
    )  # fmt: skip
    return OutboundMail, made.pk


def row(make: Callable[[Cast], Row], **changes: Any) -> tuple[Callable[[Cast], Row], dict[str, Any]]:
    return make, changes


def alarm(cast: Cast) -> Row:
    return Alarm, Alarm.objects.create(kind="silent_mailbox", key="ikt", raised_at=NOW).pk


def saved_view(cast: Cast) -> Row:
    return SavedView, SavedView.objects.create(person=cast.kari, name="Mine", query="show=mine", place=1).pk


def team(cast: Cast) -> Row:
    return Team, cast.network.pk


def role(cast: Cast) -> Row:
    return RoleGrant, RoleGrant.objects.get(person=cast.kari).pk


def call(cast: Cast) -> Row:
    answering.answer(ticket=cast.case(requesters=[cast.phone_only]), by=cast.kari, words="Hei")
    return Call, Call.objects.get().pk


def category(cast: Cast) -> Row:
    return Category, kind_of_case(cast).pk


def proof(cast: Cast) -> Row:
    made = IdentityProof.objects.create(ticket=cast.case(), person=cast.nora, way="CARD", at=NOW, by=cast.kari)
    return IdentityProof, made.pk


def tally(cast: Cast) -> Row:
    made = Tally.objects.create(category=kind_of_case(cast), minutes=5, at=NOW, by=cast.kari, team=cast.service_desk)
    return Tally, made.pk


def of_a_kind(cast: Cast) -> Row:
    return Ticket, assess_as(cast, cast.case(), kind_of_case(cast)).pk


def of_a_fault(cast: Cast) -> Row:
    return Ticket, assess(cast, cast.case()).pk


def announcement(cast: Cast) -> Row:
    return Announcement, Announcement.objects.create(kind="outage", words="x", starts_at=NOW).pk


NOT_REASONS = sorted(set(CloseReason.values) - set(NOBODY_IS_OWED))
PERSON = object()  # stands for somebody's id

# The constraint's name → rows that break it, each a sound row with these changes.
BREAKS: dict[str, list[tuple[Callable[[Cast], Row], dict[str, Any]]]] = {
    "alarm_ended_whole": [row(alarm, open=0), row(alarm, ended_at=NOW), row(alarm, open=2)],
    "announcement_in_order": [row(announcement, ends_at=NOW - timedelta(hours=1))],
    "routing_has_condition": [row(routing_rule, words="")],
    "routing_replaced_rests": [row(routing_rule, replaced_at=NOW)],
    "ticket_not_under_itself": [row(new, parent_id=models.F("id"))],
    "merge_into_another": [row(merged, into_id=models.F("ticket_id"))],
    "merge_undone_pair": [row(merged, undone_at=NOW), row(merged, undone_by_id=PERSON)],
    "tally_minutes": [row(tally, minutes=0), row(tally, minutes=241)],
    "call_done_whole": [
        row(call, done_at=NOW),
        row(call, done_by_id=PERSON),
        row(call, outcome="REACHED"),
        row(call, done_at=NOW, done_by_id=PERSON),
        row(call, done_at=NOW, done_by_id=PERSON, outcome="WHATEVER"),
    ],
    "category_says_type": [row(category, type="OTHER"), row(category, type="")],
    "proof_says_way": [row(proof, way=""), row(proof, way="SEEN")],
    "proof_names_leader": [row(proof, way="LEADER")],
    "proof_of_oneself": [row(proof, way="SIGNED_IN"), row(proof, by_id=models.F("person_id"))],
    "ticket_category_is_whole": [row(of_a_kind, type=None), row(of_a_kind, service_id=None)],
    "ticket_given_to_the_proven": [
        row(resolved, proofs_lacking=1),
        row(closed, proofs_lacking=1),
        row(closed, proofs_lacking=1, resolved_at=None, resolved_by_id=None, close_reason="ANSWERED_ORALLY"),
    ],
    "inbound_uid_pair": [row(mail, uid=7), row(mail, uidvalidity=7)],
    "message_settled_pair": [row(message, settled_at=NOW), row(message, settled_by_id=PERSON)],
    "ticket_open_has_next_step": [
        row(new, team_id=None, next_step=None, next_step_due_at=None),
        row(new, team_id=None),
        row(new, next_step=None),
        row(new, next_step=""),
        row(new, next_step="WHATEVER"),
        row(new, next_step_due_at=None),
        row(working, next_step=None, next_step_due_at=None),
    ],
    "ticket_open_says_state": [
 row(new, open=0, answers_owed=0),
 row(new, state="HIDDEN", queue_rank=None),
 row(resolved, open=1, next_step="SOLVE", next_step_due_at=NOW),
],
    "receipt_state_known": [row(receipt, state="WHATEVER"), row(receipt, state="")],
    "receipt_says_why": [row(receipt, state="held"), row(receipt, state="withheld")],
    "ticket_queue_rank": [
        row(waiting, queue_rank=15),
        row(resolved, queue_rank=15),
        row(new, queue_rank=None),
        row(working, queue_rank=17),
        row(waiting, queue_rank=20),
        row(resolved, queue_rank=10),
    ],
    "ticket_answered_before_done": [
        row(resolved, answers_owed=1),
        row(closed, answers_owed=1),
        row(closed, answers_owed=1, close_reason="NONSENSE"),
        *[row(closed, answers_owed=1, close_reason=reason) for reason in NOT_REASONS],
    ],
    "ticket_ends_when_told": [
        row(working, ends_as="SPAM"),
        row(working, ends_as="DECLINED", new_message_at=NOW),
        row(working, ends_as="DECLINED", clarify_due_at=NOW),
    ],
    "ticket_set_step_pair": [row(new, set_step="CALL_AGAIN"), row(new, set_step_due_at=NOW)],
    "ticket_taken_pair": [row(new, taken_at=NOW), row(new, assignee_id=PERSON), row(working, taken_at=None)],
    "ticket_given_to_somebody": [
        row(working, given_at=NOW),
        row(working, given_by_id=PERSON),
        row(new, given_at=NOW, given_by_id=PERSON),
    ],
    "ticket_assessed_pair": [row(new, assessed_by_id=PERSON), row(working, assessed_by_id=None)],
    "ticket_resolved_pair": [row(resolved, resolved_by_id=None), row(new, resolved_by_id=PERSON)],
    "ticket_override_pair": [
        row(working, override_at=NOW),
        row(working, override_by_id=PERSON),
        row(working, override_priority=2, override_reason="x"),
        row(working, override_priority=2, override_reason="x", override_at=NOW),
    ],
    "ticket_override_reason": [row(working, override_priority=2, override_at=NOW, override_by_id=PERSON)],
    "ticket_closed_who_and_when": [
        row(closed, closed_at=None, closed_by_id=None, closed_by_robot="", close_reason=None),
        row(closed, closed_at=None),
        row(closed, closed_by_robot=""),
        row(closed, closed_by_id=PERSON),  # by two at once
        row(new, closed_at=NOW),
        row(new, closed_by_id=PERSON),
        row(new, closed_by_robot="clock"),
        row(new, close_reason="SPAM"),
    ],
    "ticket_closed_says_why": [row(closed, resolved_at=None, resolved_by_id=None, close_reason=None)],
    "ticket_resolved_is_whole": [
        row(resolved, resolved_at=None, resolved_by_id=None),
        row(resolved, resolution=""),
        row(resolved, type=None),
        row(resolved, type="OTHER"),
        row(resolved, service_id=None),
        row(resolved, impact=None),
        row(resolved, impact="unknown"),
        row(resolved, consequence=None),
        row(resolved, consequence="unknown"),
        row(resolved, type=None, service_id=None, impact=None, consequence=None),
    ],
    "ticket_priority_when_assessed": [
        row(new, priority=3),
        row(working, priority=None),
        row(working, priority=0),
        row(working, priority=5),
    ],
    "ticket_time_critical_says_when": [row(new, time_critical=True)],
    "ticket_at_triage_until": [
        row(new, at_triage=True),
        row(at_triage, clarify_due_at=None),
        row(resolved, at_triage=True, clarify_due_at=NOW),
    ],
    "ticket_restricted_by_itself": [row(in_a_major, restricted=True)],
    "ticket_lent_by_its_major": [row(in_a_major, major=None), row(new, facts_lent=True)],
    "major_has_title": [row(major, title="")],
    "major_says_impact": [row(major, impact="unknown"), row(major, impact="")],
    "major_says_consequence": [row(major, consequence="unknown"), row(major, consequence="")],
    "major_solved_whole": [
        row(major, state="SOLVED"),
        row(major, solved_at=NOW),
        row(major, solved_by_id=PERSON),
        row(major, resolution="x"),
        row(major, state="WHATEVER"),
        row(solved_major, state="OPEN"),
        row(solved_major, resolution=""),
        row(solved_major, solved_at=None),
        row(solved_major, solved_by_id=None),
    ],
    "major_redaction_pair": [row(major, redacted_at=NOW), row(major, redacted_by_id=PERSON)],
    "major_update_says": [row(major_update, words="")],
    "major_update_redaction_pair": [row(major_update, redacted_at=NOW), row(major_update, redacted_by_id=PERSON)],
    "major_member_left_pair": [row(major_member, left_at=NOW), row(major_member, left_by_id=PERSON)],
    "clarification_asks": [row(question, question="")],
    "clarification_asked_by_one": [row(question, asked_by_id=None)],
    "clarification_decided_whole": [
        row(question, decision="ANSWERED"),
        row(question, decided_at=NOW),
        row(question, decided_by_id=PERSON),
        row(question, reason="x"),
        row(decided, reason=""),
        row(decided, decision="WHATEVER"),
        row(decided, decided_by_id=None),
        row(decided, decided_at=None),
    ],
    "clarification_escalated_when": [row(question, escalated_to_id=PERSON)],
    "team_section_known": [row(team, section="other")],
    "grant_head_of_section": [
        row(role, section="ikt"),
        row(role, role="department_head"),
        row(role, role="department_head", team_id=None),
        row(role, role="department_head", team_id=None, section="other"),
        row(role, role="department_head", section="ikt"),
    ],
    "clarification_redaction_pair": [row(question, redacted_at=NOW), row(question, redacted_by_id=PERSON)],
    "improvement_has_title": [row(improvement, title="")],
    "improvement_sizes": [row(improvement, effort="HUGE"), row(improvement, gain="")],
    "improvement_step_whole": [
        row(improvement, rank=None),
        row(improvement, due_at=None),
        row(improvement, planned_for=NOW.date()),
        row(improvement, step="DONE"),
        row(improvement, step="WHATEVER"),
        row(planned, planned_for=None),
        row(planned, rank=None),
        row(partial(improvement, step="DONE"), rank=1),
        row(partial(improvement, step="DECLINED"), due_at=NOW),
    ],
    "improvement_redaction_pair": [row(improvement, redacted_at=NOW), row(improvement, redacted_by_id=PERSON)],
    "improvement_step_says_when": [
        row(planned_step, planned_for=None),
        row(improvement_step, planned_for=NOW.date()),
        row(improvement_step, step="WHATEVER"),
    ],
    "improvement_declined_says_why": [row(declined_step, reason="")],
    "improvement_step_redaction": [row(improvement_step, redacted_at=NOW), row(improvement_step, redacted_by_id=PERSON)],
    "on_call_day_in_order": [row(on_call_day, ends_at=NOW)],
    "ticket_harm_is_reported": [
        row(resolved, patient_harm="yes"),
        row(closed, patient_harm="yes"),
        row(closed, patient_harm="yes", resolved_at=None, resolved_by_id=None, close_reason="MERGED"),
    ],
    "ticket_again_of_a_harm": [
        row(of_a_fault, harm_again="yes"),
        row(of_a_fault, patient_harm="no", harm_again="yes"),
        row(of_a_fault, patient_harm="yes", harm_again="maybe"),
    ],
    "ticket_harm_is_an_answer": [
        row(new, patient_harm="no"),
        row(of_a_fault, patient_harm="maybe"),
        row(of_a_fault, patient_harm="no", type="ORDER"),
    ],
    "ticket_deviation_redacted": [
        row(new, deviation_redacted_at=NOW),
        row(new, deviation_redacted_by_id=PERSON),
    ],
    "ticket_danger_says_what": [row(new, danger=True)],
    "ticket_waits_until": [row(waiting, wait_until=None), row(new, wait_until=NOW), row(resolved, wait_until=NOW)],
    "saved_view_has_one_owner": [row(saved_view, person_id=None), row(saved_view, team_id=1)],
    "link_not_to_itself": [row(link, ticket_id=models.F("other_id"))],
    "message_redaction_pair": [row(message, redacted_at=NOW), row(message, redacted_by_id=PERSON)],
    "message_note_is_internal": [row(note, redacted_at=NOW, redacted_by_id=PERSON, visibility="PUBLIC")],
    "recipient_address": [row(recipient, address="")],
    "attachment_redaction_pair": [row(attachment, redacted_at=NOW), row(attachment, redacted_by_id=PERSON)],
    "person_named": [row(person, name="")],
    "address_filled": [row(address, address="")],
    "absence_in_order": [row(absence, last_day=NOW.date().replace(day=1))],
    "special_day_hours_pair": [
        row(special_day, opens=None),
        row(special_day, closes=None),
        row(special_day, opens=720),
        row(special_day, opens=900),
    ],
    "priority_cell_range": [row(cell, priority=0), row(cell, priority=5)],
    "target_one_unit": [row(target, days=1), row(target, minutes=None)],
    "event_by_one": [
        row(event, by_robot="", redacted_at=NOW, redacted_by_id=1),
        row(event, by_person_id=1, redacted_at=NOW, redacted_by_id=1),
    ],
    "event_redaction_pair": [row(event, redacted_at=NOW), row(event, redacted_by_id=1)],
    "inbound_decided_whole": [
        row(mail, pending=0),
        row(mail, decided_at=NOW),
        row(decided_mail, outcome=None),
        row(decided_mail, decided_at=None),
        row(decided_mail, pending=1),
        row(decided_mail, outcome="dropped"),
    ],
    "inbound_has_its_end": [
        row(decided_mail, ticket_id=None),
        row(decided_mail, outcome="reply", ticket_id=None),
        row(decided_mail, outcome="bounce", ticket_id=None),
        row(decided_mail, outcome="duplicate"),
        row(decided_mail, outcome="set_aside", due_at=None, set_aside_reason="unreadable"),
        row(decided_mail, outcome="set_aside", due_at=NOW, set_aside_reason=""),
    ],
    "inbound_handled_pair": [row(mail, handled_at=NOW), row(mail, handled_by_id=PERSON)],
    "inbound_redaction_pair": [row(mail, redacted_at=NOW), row(mail, redacted_by_id=1)],
    "outbound_state_whole": [
        row(letter, state="sent", pending=0),
        row(letter, state="sent", sent_at=NOW),
        row(letter, state="bounced", pending=0),
        row(letter, state="failed", pending=0),
        row(letter, state="failed", failed_at=NOW),
        row(letter, pending=0),
        row(letter, state="lost", pending=0),
    ],
}  # fmt: skip

CASES = [(name, nth) for name, rows in BREAKS.items() for nth in range(len(rows))]


def test_every_check_has_a_row_that_breaks_it():
    assert set(BREAKS) == set(CHECKS)


@pytest.mark.parametrize(("name", "nth"), CASES, ids=[f"{name}-{nth}" for name, nth in CASES])
def test_the_database_refuses(cast, name, nth):
    make, changes = BREAKS[name][nth]
    model, key = make(cast)
    changes = {field: cast.kari.pk if value is PERSON else value for field, value in changes.items()}
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        model.objects.filter(pk=key).update(**changes)
    assert name in str(refused.value)


@pytest.mark.parametrize("value", [2, 15])
def test_a_case_is_open_or_it_is_not(cast, value):
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=cast.case().pk).update(open=value, answers_owed=0)


def test_an_open_case_of_nothing_but_nulls_is_refused_on_insert(db):
    times = dict.fromkeys(("received_at", "registered_at", "changed_at", "state_since", "team_since"), NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.bulk_create([Ticket(subject="x", search_folded="", channel="EMAIL", queue_rank=15, **times)])
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.bulk_create(
            [Ticket(subject="x", search_folded="", channel="EMAIL", state="CLOSED", open=0, **times)]
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.bulk_create(
            [Ticket(subject="x", search_folded="", channel="EMAIL", state="RESOLVED", open=0, **times)]
        )


@pytest.mark.parametrize("reason", sorted(NOBODY_IS_OWED))
def test_these_closing_reasons_say_themselves_why_nobody_is_owed_an_answer(cast, reason):
    _model, key = closed(cast)
    Ticket.objects.filter(pk=key).update(answers_owed=1, close_reason=reason)


# A CHECK lets a row in when its condition is NULL, so no condition may ever be.


def names_in(condition: Q) -> set[str]:
    found: set[str] = set()
    for child in condition.children:
        if isinstance(child, Q):
            found |= names_in(child)
        else:
            lookup, value = child
            found.add(lookup.split("__")[0])
            if isinstance(value, models.F):
                found.add(value.name)
    return found


def values_in(condition: Q, name: str) -> Iterator[Any]:
    for child in condition.children:
        if isinstance(child, Q):
            yield from values_in(child, name)
        elif child[0].split("__")[0] == name and not isinstance(child[1], bool | models.F):
            yield from child[1] if isinstance(child[1], list | tuple) else [child[1]]


def samples(field: models.Field, condition: Q) -> list[Any]:
    """A few values for a field: those that the condition names, others, and NULL where the column allows it."""
    named = list(dict.fromkeys(values_in(condition, field.name)))[:3]
    kind = field.target_field.get_internal_type() if field.is_relation else field.get_internal_type()
    if isinstance(field, models.BooleanField):
        others: list[Any] = [True, False]
    elif isinstance(field, models.DateTimeField):
        others = [NOW]
    elif isinstance(field, models.DateField):
        others = [NOW.date()]
    elif "Integer" in kind or "AutoField" in kind:
        others = [0, 3]
    else:
        others = ["", "zzz"]
    return list(dict.fromkeys([*named, *others])) + ([None] if field.null else [])


def null_rows(model: type[models.Model], constraint: models.CheckConstraint) -> int:
    """How many combinations of sample values make the condition neither true nor false."""
    fields = [model._meta.get_field(field) for field in sorted(names_in(constraint.condition))]
    assert fields
    condition = constraint._get_check_sql(model, connection.schema_editor()).replace("%", "%%")
    tables, given = [], []
    for nth, field in enumerate(fields):
        choices = samples(field, constraint.condition)
        kind = field.db_type(connection)
        rows = " UNION ALL ".join(f'SELECT CAST(%s AS {kind}) AS "{field.column}"' for _ in choices)
        tables.append(f"({rows}) AS t{nth}")
        given += [None if value is None else field.get_db_prep_value(value, connection) for value in choices]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {', '.join(tables)} WHERE ({condition}) IS NULL", given)
        return cursor.fetchone()[0]


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_no_condition_is_ever_null(db, name):
    assert null_rows(*CHECKS[name]) == 0


def test_a_condition_that_forgets_null_is_found_out(db):
    forgetful = models.CheckConstraint(name="forgetful", condition=Q(open=0) | Q(next_step__gt=""))
    assert null_rows(Ticket, forgetful) > 0


# Who and when: `closed_at` has its `closed_by`, and a constraint that names both.

PARTNERS = {
    ("Ticket", "taken_at"): "assignee",
    ("Ticket", "override_at"): "override_by",
    ("InboundMail", "redacted_at"): "redacted_by_id",
    ("Event", "redacted_at"): "redacted_by_id",
    ("Ticket", "set_step_due_at"): "set_step",
}


def pairs() -> Iterator[tuple[type[models.Model], str, str]]:
    for model in own_models():
        names = {field.name for field in model._meta.get_fields()}
        for name in sorted(names):
            if not name.endswith("_at"):
                continue
            stem = name.removesuffix("_at")
            known = PARTNERS.get((model.__name__, name))
            partner = known or next((one for one in (f"{stem}_by", f"{stem}_by_id") if one in names), None)
            if partner and model._meta.get_field(name).null:  # else both always are
                yield model, name, partner


PAIRS = list(pairs())


@pytest.mark.parametrize(("model", "when", "who"), PAIRS, ids=[f"{m.__name__}.{when}" for m, when, _ in PAIRS])
def test_who_and_when_are_set_together_or_not_at_all(model, when, who):
    together = [
        constraint.name
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint) and {when, who} <= names_in(constraint.condition)
    ]
    assert together, f"{model.__name__} lets {when} stand without {who}"


def test_the_pairs_are_found():
    assert {f"{model.__name__}.{when}" for model, when, _who in PAIRS} >= {
        "Ticket.taken_at", "Ticket.assessed_at", "Ticket.resolved_at", "Ticket.closed_at", "Ticket.override_at",
        "Message.redacted_at", "Attachment.redacted_at", "Event.redacted_at", "InboundMail.handled_at",
    }  # fmt: skip


# Columns that end in «_by» and name no person.
DATES = {"needed_by", "promised_by"}


def test_every_column_that_says_who_has_one_that_says_when():
    for model in own_models():
        names = {field.name for field in model._meta.get_fields()}
        for name in names - DATES:
            if name.removesuffix("_id").endswith("_by"):
                assert f"{name.removesuffix('_id').removesuffix('_by')}_at" in names, f"{model.__name__}.{name}"


# The same, where one row is not enough to tell.


def test_an_address_belongs_to_one_person(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonAddress.objects.create(person=cast.dag, address="nora@sykehus.example")


def test_a_requester_stands_on_a_case_once(cast):
    ticket = cast.case()
    with pytest.raises(IntegrityError), transaction.atomic():
        TicketRequester.objects.create(ticket=ticket, person=cast.nora)


def test_a_mail_becomes_one_message(cast):
    ticket = cast.case()
    facts = {"kind": "INCOMING", "visibility": "PUBLIC", "channel": "EMAIL", "at": NOW, "author_name": "N"}
    Message.objects.create(ticket=ticket, sender_role="REQUESTER", text="a", inbound_id=7, **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(ticket=ticket, sender_role="REQUESTER", text="a", inbound_id=7, **facts)


def test_every_state_that_the_actions_bring_about_is_sound(cast):
    for state in State:
        in_state(cast, state)
    assess(cast, cast.case(), needed_by=soon(1), danger=True, danger_note="Noen kan bli skadet")
