"""Cases from another system: many at once, each with all that was said, one event, and nobody told.

Made by the same rules as other cases (`core.derive_with`): who is owed an answer, the place in the queue, the targets. What the old
system knew stays as it was: when it came, was answered and was closed. A case is known by (old_system, old_number): once here, it is
never made again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from saksgang.events.actions import Robot, record_many
from saksgang.lib import clock, html, text
from saksgang.lib.bulk import insert
from saksgang.people.models import Person
from saksgang.tickets import states
from saksgang.tickets.actions.core import derive_with, search_text
from saksgang.tickets.actions.messages import KeptFile
from saksgang.tickets.actions.redaction import TOMBSTONE
from saksgang.tickets.kinds import CloseReason, MessageKind, NextStep, SenderRole, State, Visibility
from saksgang.tickets.models import (
    Attachment,
    Message,
    Ticket,
    TicketFollower,
    TicketMailbox,
    TicketMention,
    TicketReader,
    TicketRequester,
)

IMPORT = Robot("import")
OVERRIDE_REASON = "importert"
# A person's word to the requester. Receipts and reminders answer nothing.
ANSWERS = {MessageKind.ANSWER, MessageKind.SOLUTION, MessageKind.CLOSING, MessageKind.CONVERSATION}
NOBODY_ELSE = 5_061_842_733  # PostgreSQL's lock for the one import at a time; a number of our own


class OldFile(NamedTuple):
    """A file of an old message; `redacted_at` where only its tombstone is left."""

    kept: KeptFile
    redacted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OldMessage:
    """Something that was said in the old system."""

    at: datetime
    role: str
    kind: str
    visibility: str
    channel: str
    text: str
    html: str = ""  # cleaned
    author_id: int | None = None
    author_name: str = ""
    author_address: str = ""
    outcome: str = ""
    header_id: str = ""  # of the mail that it came as: an answer to it finds the case
    redacted_at: datetime | None = None
    files: tuple[OldFile, ...] = ()
    mentions: tuple[int, ...] = ()  # who is called by name in a note, and has not seen to it yet


@dataclass(frozen=True, slots=True)
class OldCase:
    """A case as the old system knew it. `facts` are columns of the case that are taken over as they are."""

    old_system: str
    old_number: str
    subject: str
    state: str
    team_id: int | None
    received_at: datetime
    state_since: datetime
    due_at: datetime  # of an open one: when it is to be assessed, or followed up
    channel: str
    priority: int | None = None
    assignee_id: int | None = None
    close_reason: str = CloseReason.IMPORTED
    requesters: tuple[tuple[int, str], ...] = ()  # (person, contact name)
    messages: tuple[OldMessage, ...] = ()
    readers: tuple[int, ...] = ()
    followers: tuple[tuple[str, str], ...] = ()  # (address, name)
    mailboxes: tuple[int, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def import_cases(*, by: Robot, cases: Sequence[OldCase], importer: Person) -> list[OldCase]:
    """Makes those of `cases` that are not here yet, and returns them. `importer` stands for what a person must have done."""
    _one_import_at_a_time()
    new = _not_here(cases)
    people = _people(new)
    now = clock.now()
    made = [_drawn_up(case, people, importer, now) for case in new]
    tickets = insert([ticket for ticket, _asked in made])
    for ticket, asked in made:
        for requester in asked:
            requester.ticket = ticket
    insert([requester for _ticket, asked in made for requester in asked])
    _write_who_sees(tickets, new)
    _write_messages(tickets, new, importer)
    record_many(
        "ticket_imported",
        by=by,
        changes=[
            (ticket, ticket.pk, {"state": ticket.state, "team_id": ticket.team_id, "priority": ticket.priority})
            for ticket in tickets
        ],
    )
    return new


@transaction.atomic
def start_numbers_above(number: int) -> None:
    """The next case gets a number above this one. Never lets a number come twice."""
    table = Ticket._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            known = "SELECT 1 FROM sqlite_sequence WHERE name = %s"
            cursor.execute(
                f"INSERT INTO sqlite_sequence (name, seq) SELECT %s, 0 WHERE NOT EXISTS ({known})",  # noqa: S608 - fixed text
                [table, table],
            )
            cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s AND seq < %s", [number, table, number])
        else:
            cursor.execute(
                "SELECT setval(own, %s) FROM (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS own) AS one "
                "WHERE COALESCE(pg_sequence_last_value(own), 0) < %s",
                [number, table, number],
            )


def _one_import_at_a_time() -> None:
    """Two imports would both find a case missing. On SQLite the transaction itself keeps the other out."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NOBODY_ELSE])


def here_already(old_numbers: Iterable[str]) -> set[tuple[str, str]]:
    """Which cases with these old numbers are here, as (old_system, old_number)."""
    known = Ticket.objects.filter(old_number__in=list(old_numbers))
    return set(known.values_list("old_system", "old_number"))


def _not_here(cases: Sequence[OldCase]) -> list[OldCase]:
    here = here_already(case.old_number for case in cases)
    return [case for case in cases if (case.old_system, case.old_number) not in here]


def _people(cases: Iterable[OldCase]) -> dict[int, Person]:
    ids = {person for case in cases for person, _contact in case.requesters}
    return Person.objects.select_related("department").in_bulk(ids)


def _drawn_up(
    case: OldCase, people: dict[int, Person], importer: Person, now: datetime
) -> tuple[Ticket, list[TicketRequester]]:
    """The unsaved rows of a case and of those who asked."""
    asked = _asked(case, people)
    answers = [message.at for message in case.messages if _is_answer(message)]
    owed = [one.answer_owed_since for one in asked if one.answer_owed_since]
    ticket = Ticket(
        subject=text.one_line(case.subject, 250) or "-",
        channel=case.channel,
        state=case.state,
        team_id=case.team_id,
        received_at=case.received_at,
        registered_at=case.received_at,
        changed_at=now,
        state_since=case.state_since,
        team_since=case.received_at,
        old_system=case.old_system,
        old_number=case.old_number,
        first_answered_at=answers[0] if answers else None,
        last_word_at=answers[-1] if answers else None,
        **case.facts,
    )
    if case.assignee_id:
        ticket.assignee_id, ticket.taken_at = case.assignee_id, answers[0] if answers else case.received_at
    if asked and not ticket.affected_department_id:
        ticket.affected_department_id = asked[0].person.department_id
    _keep_priority(ticket, case.priority, importer, now)
    if ticket.state == State.CLOSED:
        ticket.close_reason, ticket.closed_at, ticket.closed_by_robot = case.close_reason, case.state_since, IMPORT.name
        ticket.last_assignee_id = case.assignee_id
    else:
        _set_due(ticket, case.due_at)
        ticket.new_message_at = min(owed) if owed and answers else None
    derive_with(ticket, now, owed_since=min(owed, default=None), answers_owed=len(owed))
    ticket.search_folded = search_text(ticket, asked)
    return ticket, asked


def _keep_priority(ticket: Ticket, priority: int | None, importer: Person, now: datetime) -> None:
    """The old system's priority counts, as one set by hand, until somebody assesses the case."""
    if priority is None:
        return
    ticket.priority = ticket.override_priority = priority
    ticket.override_reason, ticket.override_at, ticket.override_by = OVERRIDE_REASON, now, importer
    ticket.priority_steps = [["override", priority]]


def _set_due(ticket: Ticket, due_at: datetime) -> None:
    if State(ticket.state) in states.PAUSED:
        ticket.wait_until = due_at
    else:
        # As a step that was moved: so it falls away by itself when the case is assessed.
        ticket.next_step, ticket.postponed_to = NextStep.ASSESS, due_at


def _asked(case: OldCase, people: dict[int, Person]) -> list[TicketRequester]:
    """Those who asked. An answer is owed since the first message that nobody answered, as everywhere; none on a closed case."""
    owed: dict[int, datetime | None] = {person: case.received_at for person, _contact in case.requesters}
    answered_at: datetime | None = None
    for message in case.messages:
        if _is_answer(message):
            owed, answered_at = dict.fromkeys(owed), message.at
        elif message.role == SenderRole.REQUESTER and message.kind == MessageKind.INCOMING:
            claims = [message.author_id] if message.author_id in owed else list(owed)
            owed.update({person: owed[person] or message.at for person in claims})
    done = case.state == State.CLOSED
    return [
        TicketRequester(
            person=people[person],
            contact_name=contact,
            answer_owed_since=None if done else owed[person],
            answered_at=None if owed[person] and not done else answered_at,
        )
        for person, contact in case.requesters
    ]


def _is_answer(message: OldMessage) -> bool:
    return (
        message.role == SenderRole.AGENT
        and message.kind in ANSWERS
        and message.visibility == Visibility.PUBLIC
        and message.outcome != "not_reached"
    )


def _write_who_sees(tickets: list[Ticket], cases: list[OldCase]) -> None:
    both = list(zip(tickets, cases, strict=True))
    insert(TicketReader(ticket=ticket, person_id=person) for ticket, case in both for person in case.readers)
    insert(
        TicketFollower(ticket=ticket, address=address, name=name)
        for ticket, case in both
        for address, name in case.followers
    )
    insert(TicketMailbox(ticket=ticket, mailbox_id=mailbox) for ticket, case in both for mailbox in case.mailboxes)


def _write_messages(tickets: list[Ticket], cases: list[OldCase], importer: Person) -> None:
    said = [
        (_message(ticket, old, importer), old)
        for ticket, case in zip(tickets, cases, strict=True)
        for old in case.messages
    ]
    insert([message for message, _old in said])
    insert([_attachment(message, file, importer) for message, old in said for file in old.files])
    insert(
        TicketMention(ticket_id=message.ticket_id, message=message, person_id=person)
        for message, old in said
        for person in old.mentions
    )


def _message(ticket: Ticket, old: OldMessage, importer: Person) -> Message:
    return Message(
        ticket=ticket,
        kind=old.kind,
        visibility=old.visibility,
        channel=old.channel,
        at=old.at,
        author_id=old.author_id,
        author_name=old.author_name,
        author_address=old.author_address,
        sender_role=old.role,
        text=old.text,
        segments=[[False, old.text]],
        html=old.html,
        cleaner_version=html.CLEANER_VERSION if old.html else 0,
        outcome=old.outcome,
        header_id=old.header_id,
        redacted_at=old.redacted_at,
        redacted_by=importer if old.redacted_at else None,
    )


def _attachment(message: Message, file: OldFile, importer: Person) -> Attachment:
    kept, redacted_at = file
    return Attachment(
        message=message,
        name=TOMBSTONE if redacted_at else kept.name,
        content_type=kept.content_type,
        size=kept.size,
        sha256=kept.sha256,
        inline=kept.inline,
        redacted_at=redacted_at,
        redacted_by=importer if redacted_at else None,
    )
