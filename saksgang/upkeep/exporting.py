"""Everything given back as JSON lines (docs/import-format.md), some hundred cases at a time, however many there are.

Cases are written before the people they name: somebody who comes while the export runs is then in the files too.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import Model, QuerySet

from saksgang.catalogue.models import Service
from saksgang.events.models import Event
from saksgang.improvements.models import Improvement, ImprovementCase
from saksgang.lib import files
from saksgang.people.models import Account, Department, Membership, Person, PersonAddress, Team
from saksgang.tickets.models import (
    Attachment,
    Call,
    Clarification,
    IdentityProof,
    MajorIncident,
    MajorUpdate,
    Message,
    MessageRecipient,
    Tally,
    Ticket,
    TicketFollower,
    TicketLink,
    TicketMailbox,
    TicketMention,
    TicketMerge,
    TicketReader,
    TicketRequester,
)
from saksgang.upkeep.progress import Step, note, progress

BATCH = 200

Row = dict[str, Any]

# Column → its name in the file, where that is another.
CASE = {
    "id": "no", "subject": "subject", "channel": "channel", "state": "state", "type": "type", "priority": "priority",
    "team_id": "team", "received_at": "created", "closed_at": "closed", "state_since": "updated", "impact": "impact",
    "consequence": "consequence", "service__name_nb": "service", "category__name_nb": "category", "affected_department__name": "department",
    "restricted": "restricted", "place": "place", "callback_number": "callback_number", "equipment_number": "equipment_number",
    "resolution": "resolution", "technical_resolution": "technical_resolution", "close_reason": "close_reason",
    "close_note": "close_note", "wait_until": "wait_until", "waiting_for": "waiting_for",
    "waiting_reference": "waiting_reference", "old_system": "old_system", "old_number": "old_number",
    # For whoever reads the files elsewhere; an import does not need them.
    "registered_at": "registered", "changed_at": "changed", "taken_at": "taken", "assessed_at": "assessed",
    "first_answered_at": "first_answered",
    "resolved_at": "resolved", "needed_by": "needed_by", "promised_by": "promised_by", "danger": "danger",
    "danger_note": "danger_note", "patient_harm": "patient_harm", "harm_again": "harm_again",
    "deviation_number": "deviation_number", "deviation_reason": "deviation_reason",
    "override_priority": "override_priority", "override_reason": "override_reason",
    "next_step": "next_step", "next_step_due_at": "next_step_due", "reopened_count": "reopened_count",
    "parent_id": "parent", "major_id": "major", "ends_as": "ends_as",
}  # fmt: skip
SAID = {
    "at": "at", "sender_role": "by", "kind": "kind", "visibility": "visibility", "channel": "channel", "text": "text",
    "html": "html", "author_name": "name", "author_address": "address", "outcome": "outcome", "redacted_at": "redacted_at",
    "header_id": "message_id", "copied": "copied", "inner_name": "inner_name", "inner_address": "inner_address",
    "inner_source": "inner_source", "unverified": "unverified", "undecoded": "undecoded",
}  # fmt: skip
ATTACHED = {
    "name": "name", "content_type": "type", "size": "size", "sha256": "sha256", "inline": "inline", "redacted_at": "redacted_at",
}  # fmt: skip
PERSON = {
    "id": "no", "name": "name", "kind": "kind", "department__name": "department", "title": "title", "phone": "phone",
    "language": "language", "answer_via": "answer_via", "external_id": "external_id", "active": "active",
}  # fmt: skip
TEAM = {"id": "no", "name": "name", "slug": "slug", "kind": "kind", "section": "section", "active": "active"}
DEPARTMENT = {"name": "name", "phone": "phone"}
SERVICE = {
    "id": "no", "name_nb": "name", "name_nn": "name_nn", "name_en": "name_en", "criticality": "criticality",
    "owner_team_id": "owner_team", "medical_device": "medical_device", "active": "active",
}  # fmt: skip
# What hangs on cases and is read by whoever reads the files elsewhere.
BESIDE: dict[str, tuple[type[Model], dict[str, str]]] = {
    "clarifications.jsonl": (
        Clarification,
        {
            "id": "no", "ticket_id": "case", "question": "question", "challenge": "challenge", "urgent": "urgent", "asked_at": "asked",
            "asked_by_id": "asked_by", "rule_id": "rule", "asking_team_id": "asking_team", "due_at": "due",
            "postponed_count": "postponed", "decision": "decision", "decided_at": "decided", "decided_by_id": "decided_by",
            "reason": "reason", "redacted_at": "redacted_at",
        },
    ),
    "proofs.jsonl": (
        IdentityProof,
        {
            "id": "no", "ticket_id": "case", "person_id": "person", "way": "way", "note": "note", "at": "at", "by_id": "by",
        },
    ),
    "merges.jsonl": (
        TicketMerge,
        {
            "id": "no", "ticket_id": "case", "into_id": "into", "at": "at", "by_id": "by", "undone_at": "undone",
            "undone_by_id": "undone_by",
        },
    ),
    "tallies.jsonl": (
        Tally,
        {
            "id": "no", "category__name_nb": "category", "department__name": "department", "minutes": "minutes", "at": "at",
            "team_id": "team", "ticket_id": "case",
        },
    ),
    "majors.jsonl": (
        MajorIncident,
        {
            "id": "no", "title": "title", "service__name_nb": "service", "impact": "impact", "consequence": "consequence",
            "began_at": "began", "team_id": "team", "state": "state", "resolution": "resolution", "solved_at": "solved",
            "redacted_at": "redacted_at",
        },
    ),
    "major_updates.jsonl": (
        MajorUpdate,
        {
            "id": "no", "major_id": "major", "words": "words", "words_nn": "words_nn", "words_en": "words_en", "at": "at",
            "by_id": "by", "redacted_at": "redacted_at",
        },
    ),
    "improvements.jsonl": (
        Improvement,
        {
            "id": "no", "team_id": "team", "title": "title", "description": "description", "note": "note", "effort": "effort",
            "gain": "gain", "step": "step", "planned_for": "planned_for", "rank": "rank", "made_at": "made",
            "made_by_id": "made_by", "redacted_at": "redacted_at",
        },
    ),
    "improvement_cases.jsonl": (
        ImprovementCase,
        {"id": "no", "improvement_id": "improvement", "ticket_id": "case", "joined_at": "joined"},
    ),
    "calls.jsonl": (
        Call,
        {
            "id": "no", "message_id": "message", "person_id": "person", "due_at": "due", "tries": "tries", "done_at": "done",
            "done_by_id": "done_by", "outcome": "outcome",
        },
    ),
}  # fmt: skip
HAPPENED = {
    "id": "no", "kind": "kind", "version": "version", "at": "at", "by_person_id": "by_person", "by_robot": "by_robot",
    "subject_kind": "subject_kind", "subject_id": "subject", "ticket_id": "ticket", "before": "before", "after": "after",
    "reason": "reason", "redacted_at": "redacted_at",
}  # fmt: skip


@dataclass
class Given:
    """What was written. `missing`: hashes of attachments whose bytes are not there, or are others."""

    lines: dict[str, int] = field(default_factory=dict)
    files: int = 0
    missing: list[str] = field(default_factory=list)


def give_back(folder: Path) -> Given:
    """Writes everything into a new or empty folder, which only its owner can read."""
    is_new = not folder.exists()
    try:
        return _give_back(folder)
    except BaseException:
        for path in (*folder.glob("*.jsonl"), folder / "files"):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        if is_new:
            folder.rmdir()
        note("Nothing of the export was left.")
        raise


def _give_back(folder: Path) -> Given:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    (folder / "files").mkdir(mode=0o700)
    given = Given()
    agents = _agents()
    rows: dict[str, Iterable[Row]] = {
        "tickets.jsonl": _cases(folder / "files", given, agents),
        "requesters.jsonl": (row for row in _persons() if row["no"] not in agents),
        "agents.jsonl": (row | agents[row["no"]] for row in _persons() if row["no"] in agents),
        "teams.jsonl": _named(Team.objects.all(), TEAM),
        "services.jsonl": _named(Service.objects.all(), SERVICE),
        "departments.jsonl": _named(Department.objects.all(), DEPARTMENT),
        "events.jsonl": _named(Event.objects.all(), HAPPENED),
    }
    for name, (model, names) in BESIDE.items():
        rows[name] = _named(model._default_manager.all(), names)
    for name, found in rows.items():
        total = Ticket.objects.count() if name == "tickets.jsonl" else None
        with progress(name, total=total, unit="lines") as step:
            given.lines[name] = _write(folder / name, found, step)
    return given


def _write(path: Path, rows: Iterable[Row], step: Step) -> int:
    written = 0
    with path.open("w", encoding="utf-8") as file:
        path.chmod(0o600)
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False, default=_plain) + "\n")
            written += 1
            step(1)
    return written


def _plain(value: date) -> str:
    return value.isoformat()


def _named(rows: QuerySet[Any], names: dict[str, str]) -> Iterator[Row]:
    """Every row under the names of the file, in the order of their ids, read some hundred at a time."""
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk").values("pk", *names)[:BATCH]):
        last = batch[-1]["pk"]
        for row in batch:
            yield _renamed(row, names)


def _renamed(row: Row, names: dict[str, str]) -> Row:
    """Only what is there: an empty value says nothing."""
    return {name: row[column] for column, name in names.items() if row[column] not in (None, "", [])}


def _agents() -> dict[int, Row]:
    """Who works in a team or can sign in → what agents.jsonl says of them beside what it says of everybody."""
    agents: dict[int, Row] = {
        pk: {"login": name, "teams": []} for pk, name in Account.objects.values_list("person_id", "username")
    }
    for person, team in Membership.objects.order_by("pk").values_list("person_id", "team_id"):
        agents.setdefault(person, {"teams": []})["teams"].append(team)
    return agents


def _persons() -> Iterator[Row]:
    last = 0
    while batch := list(Person.objects.filter(pk__gt=last).order_by("pk").values(*PERSON)[:BATCH]):
        last = batch[-1]["id"]
        emails = _by(PersonAddress, "person_id", [row["id"] for row in batch], "address")
        for row in batch:
            yield _renamed(row, PERSON) | {"emails": [one["address"] for one in emails[row["id"]]]}


def _by(model: type[Model], owner: str, ids: list[int], *columns: str) -> dict[int, list[Row]]:
    """What hangs on each of these, in order: owner → rows."""
    found: dict[int, list[Row]] = defaultdict(list)
    rows = model._default_manager.filter(**{f"{owner}__in": ids}).order_by("pk").values(owner, *columns)
    for row in rows:
        found[row[owner]].append(row)
    return found


def _cases(folder: Path, given: Given, agents: dict[int, Row]) -> Iterator[Row]:
    columns = (*CASE, "assignee_id")
    last = 0
    while batch := list(Ticket.objects.filter(pk__gt=last).order_by("pk").values(*columns)[:BATCH]):
        last = batch[-1]["id"]
        around = Around([row["id"] for row in batch], agents)
        for row in batch:
            case = _renamed(row, CASE) | around.of(row["id"])
            if row["assignee_id"]:
                case["agent"] = around.person(row["assignee_id"])
            for message in case["messages"]:
                _keep_files(message, folder, given)
            yield case


class Around:
    """What hangs on some cases, each kind read once for all of them."""

    def __init__(self, ids: list[int], agents: dict[int, Row]) -> None:
        self.agents = agents
        self.requesters = _by(
            TicketRequester, "ticket_id", ids, "person_id", "contact_name", "answer_owed_since", "answered_at"
        )
        self.readers = _by(TicketReader, "ticket_id", ids, "person_id")
        self.followers = _by(TicketFollower, "ticket_id", ids, "address", "name")
        self.mailboxes = _by(TicketMailbox, "ticket_id", ids, "mailbox__address")
        self.links = _by(TicketLink, "ticket_id", ids, "kind", "other_id")
        self.messages = _by(Message, "ticket_id", ids, "id", "author_id", *SAID)
        said = [row["id"] for rows in self.messages.values() for row in rows]
        self.attachments = _by(Attachment, "message_id", said, *ATTACHED)
        self.mentions = _by(TicketMention, "message_id", said, "person_id", "closed_at")
        self.recipients = _by(MessageRecipient, "message_id", said, "name", "address", "copy")

    def person(self, pk: int) -> str:
        """Somebody as the files name them."""
        return f"agent:{pk}" if pk in self.agents else f"requester:{pk}"

    def of(self, case: int) -> Row:
        return {
            "requesters": [self._requester(row) for row in self.requesters[case]],
            "readers": [self.person(row["person_id"]) for row in self.readers[case]],
            "followers": [{"address": row["address"], "name": row["name"]} for row in self.followers[case]],
            "mailboxes": [row["mailbox__address"] for row in self.mailboxes[case]],
            "links": [{"kind": row["kind"], "no": row["other_id"]} for row in self.links[case]],
            "messages": [self._message(row) for row in self.messages[case]],
        }

    def _requester(self, row: Row) -> Row:
        names = {"contact_name": "contact", "answer_owed_since": "answer_owed_since", "answered_at": "answered_at"}
        return {"no": self.person(row["person_id"])} | _renamed(row, names)

    def _message(self, row: Row) -> Row:
        message = _renamed(row, SAID)
        if row["author_id"]:
            message["author"] = self.person(row["author_id"])
        if attached := self.attachments[row["id"]]:
            message["attachments"] = [_renamed(one, ATTACHED) for one in attached]
        if mentioned := [one for one in self.mentions[row["id"]] if one["closed_at"] is None]:
            message["mentions"] = [self.person(one["person_id"]) for one in mentioned]
        if told := self.recipients[row["id"]]:
            message["to"] = [{"name": one["name"], "address": one["address"], "copy": one["copy"]} for one in told]
        return message


def _keep_files(message: Row, folder: Path, given: Given) -> None:
    for attachment in message.get("attachments", ()):
        if "redacted_at" not in attachment and not (folder / attachment["sha256"]).exists():
            _copy(attachment["sha256"], folder, given)


def _copy(sha256: str, folder: Path, given: Given) -> None:
    """The bytes of one attachment, checked on the way."""
    found = hashlib.sha256()
    place = folder / sha256
    try:
        with place.open("wb") as file:
            for piece in files.chunks(sha256):
                found.update(piece)
                file.write(piece)
    except FileNotFoundError:
        found = hashlib.sha256(b"missing")
    if found.hexdigest() == sha256:
        given.files += 1
    else:
        place.unlink(missing_ok=True)
        given.missing.append(sha256)
