"""A line of tickets.jsonl → a case as the old system knew it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from saksgang.catalogue.kinds import TicketType
from saksgang.catalogue.queries import hours_of
from saksgang.lib import html, text
from saksgang.people.rules import folded_address
from saksgang.tickets.actions.unattended.importing import OldCase, OldMessage
from saksgang.tickets.kinds import (
    NOTHING_HAPPENED,
    Channel,
    CloseReason,
    Consequence,
    Impact,
    MessageKind,
    SenderRole,
    State,
    Told,
    Visibility,
)
from saksgang.tickets.rules.deadlines import furthest
from saksgang.tickets.states import PAUSED
from saksgang.upkeep.importing.directory import Directory
from saksgang.upkeep.importing.files import Files
from saksgang.upkeep.importing.lines import (
    Row,
    Wrong,
    addresses,
    chosen,
    in_order,
    key,
    listed,
    long_text,
    moment,
    needed_past,
    past,
    several,
    words,
    yes,
)
from saksgang.upkeep.importing.spreading import Spread

# What the old system may call a state, and our own names as `saksgang export` writes them.
STATES = {
    "new": State.NEW,
    "open": State.IN_PROGRESS,
    "waiting": State.WAITING_THIRD_PARTY,
    "planned": State.PLANNED,
    "resolved": State.CLOSED,
    "closed": State.CLOSED,
    "in_progress": State.IN_PROGRESS,
    "waiting_requester": State.WAITING_THIRD_PARTY,  # its reminders would go to people who know nothing of this system
    "waiting_third_party": State.WAITING_THIRD_PARTY,
}
ON_ITS_WAY = timedelta(days=1)  # a mail may have been written before the case was registered
LOWEST = 4  # other systems go on to 5


def _named(values: type) -> dict[str, str]:
    return {one.value.lower(): str(one.value) for one in values}  # type: ignore[attr-defined]


CHANNELS, TYPES, IMPACTS = _named(Channel), _named(TicketType), _named(Impact)
CONSEQUENCES, REASONS = _named(Consequence), _named(CloseReason)
ROLES, KINDS, VISIBILITIES = _named(SenderRole), _named(MessageKind), _named(Visibility)
TOLD = _named(Told)
KIND_OF_ROLE = {SenderRole.AGENT: MessageKind.ANSWER, SenderRole.MACHINE: MessageKind.AUTOMATIC}


class Reader:
    """Reads cases; keeps their files on the way."""

    def __init__(self, directory: Directory, files: Files, spread: Spread, system: str) -> None:
        self.directory, self.files, self.spread, self.system = directory, files, spread, system

    def read(self, row: Row) -> OldCase:
        """Raises Wrong where the line cannot be taken in."""
        state = chosen(row, "state", STATES, State.CLOSED) if row.get("state") else _no_state()
        received_at = needed_past(row, "created")
        closed_at, updated_at = past(row, "closed"), past(row, "updated")
        in_order("created", received_at, "closed", closed_at)
        in_order("created", received_at, "updated", updated_at)
        team = self.directory.team(row, needed=state != State.CLOSED)
        agent = self._agent(row)
        if state == State.IN_PROGRESS and agent is None:
            state = State.NEW  # nobody whom we know has it
        requesters = self._requesters(row)
        messages = self._messages(row, team, agent, requesters)
        for message in messages:
            in_order("created", received_at, "at", message.at, slack=ON_ITS_WAY)
        last = max([received_at, *(message.at for message in messages)])
        old_number = words(row, "old_number", 40) or key(row)
        return OldCase(
            old_system=words(row, "old_system", 40) or self.system,
            old_number=old_number,
            subject=words(row, "subject", 1000),
            state=state,
            team_id=team,
            received_at=received_at,
            state_since=(closed_at if state == State.CLOSED else None) or updated_at or last,
            due_at=self._due_at(row, state, team, old_number),
            channel=chosen(row, "channel", CHANNELS, str(Channel.IMPORT.value)),
            priority=_priority(row),
            assignee_id=agent if state != State.NEW else None,
            close_reason=chosen(row, "close_reason", REASONS, str(CloseReason.IMPORTED.value)),
            requesters=requesters,
            messages=messages,
            readers=tuple(
                dict.fromkeys(self._person(one, "agent", "readers") for one in listed(row, "readers", object))
            ),
            followers=_followers(row),
            mailboxes=self._mailboxes(row),
            facts=self._facts(row, state),
        )

    def _agent(self, row: Row) -> int | None:
        named = row.get("agent")
        return self.directory.person(named, "agent") if named is not None else None

    def _person(self, named: object, kind: str, field: str) -> int:
        found = self.directory.person(named, kind)
        if found is None:
            raise Wrong(
                f"«{field}» names {kind} {named!r:.60}, who is not in {kind}s.jsonl, or whose line is wrong. Add them."
            )
        return found

    def _requesters(self, row: Row) -> tuple[tuple[int, str], ...]:
        """Those who asked, each once: `requester`, or `requesters`, as numbers or as {no, contact}."""
        named = [row["requester"]] if row.get("requester") is not None else listed(row, "requesters", object)
        found: dict[int, str] = {}
        for one in named:
            told: Row = one if isinstance(one, dict) else {"no": one}
            found.setdefault(self._person(told.get("no"), "requester", "requesters"), words(told, "contact", 200))
        return tuple(found.items())

    def _messages(
        self, row: Row, team: int | None, agent: int | None, requesters: tuple[tuple[int, str], ...]
    ) -> tuple[OldMessage, ...]:
        first = requesters[0][0] if requesters else None
        usual = {
            SenderRole.AGENT: (agent, self.directory.team_names.get(team or 0, "?")),
            SenderRole.REQUESTER: (first, "?"),
        }
        read = [self._message(one, usual) for one in listed(row, "messages", dict)]
        return tuple(sorted(read, key=lambda message: message.at))

    def _message(self, row: Row, usual_authors: dict[SenderRole, tuple[int | None, str]]) -> OldMessage:
        """`usual_authors`: role → who wrote it, and under which name, where the message itself does not say."""
        role = SenderRole(chosen(row, "by", ROLES, "")) if row.get("by") else _no_author()
        visibility = chosen(row, "visibility", VISIBILITIES, str(Visibility.PUBLIC.value))
        usual = MessageKind.NOTE if visibility == Visibility.INTERNAL else KIND_OF_ROLE.get(role, MessageKind.INCOMING)
        kind = chosen(row, "kind", KINDS, str(usual.value))
        markup = long_text(row, "html")
        author, nobody = usual_authors.get(role, (None, "?"))
        if row.get("author") is not None:
            author = self._person(row["author"], "agent" if role == SenderRole.AGENT else "requester", "author")
        at, redacted_at = needed_past(row, "at"), past(row, "redacted_at")
        in_order("at", at, "redacted_at", redacted_at)
        return OldMessage(
            at=at,
            role=role,
            kind=kind,
            visibility=Visibility.INTERNAL if kind == MessageKind.NOTE else visibility,
            channel=chosen(row, "channel", CHANNELS, str(Channel.IMPORT.value)),
            text=long_text(row, "text") or html.to_text(markup),
            html=html.clean(markup) if markup else "",
            author_id=author,
            author_name=words(row, "name", 200) or self.directory.names.get(author or 0, nobody),
            author_address=_author_address(row),
            outcome=words(row, "outcome", 20),
            header_id=words(row, "message_id", 500),
            redacted_at=redacted_at,
            files=tuple(self.files.take(file) for file in listed(row, "attachments", dict)),
            mentions=tuple(
                dict.fromkeys(self._person(one, "agent", "mentions") for one in listed(row, "mentions", object))
            ),
        )

    def _due_at(self, row: Row, state: str, team: int | None, number: str) -> datetime:
        """A waiting case keeps its own time, if that lies ahead and no further than the rules allow."""
        if state in PAUSED:
            until = moment(row, "wait_until")
            now = self.spread.now
            if until and now < until <= furthest(state, False, now, hours_of(team)):
                return until
        return self.spread.due_at(number, team)

    def _mailboxes(self, row: Row) -> tuple[int, ...]:
        written = addresses(listed(row, "mailboxes", str))
        return tuple({pk for address in written if (pk := self.directory.mailboxes.get(address))})

    def _facts(self, row: Row, state: str) -> dict[str, Any]:
        """Columns that are taken over as they are. None of them counts as an assessment."""
        waits = state in PAUSED
        needed_by = moment(row, "needed_by")
        type, service = chosen(row, "type", TYPES, None), self.directory.service(row)
        return {
            "type": type,
            "category_id": self.directory.category(row, service, type),
            "impact": chosen(row, "impact", IMPACTS, None),
            "consequence": chosen(row, "consequence", CONSEQUENCES, None),
            "service_id": service,
            "affected_department_id": self.directory.department(row),
            "restricted": yes(row, "restricted"),
            "place": words(row, "place", 100),
            "callback_number": words(row, "callback_number", 30),
            "equipment_number": words(row, "equipment_number", 60),
            "resolution": long_text(row, "resolution"),
            "technical_resolution": long_text(row, "technical_resolution"),
            "close_note": long_text(row, "close_note"),
            "time_critical": needed_by is not None,
            "needed_by": needed_by,
            "promised_by": moment(row, "promised_by"),
            "danger": yes(row, "danger"),
            "danger_note": _danger_note(row),
            **_harm(row, type, state),
            "waiting_for": words(row, "waiting_for", 200) if waits else "",
            "waiting_reference": words(row, "waiting_reference", 100) if waits else "",
        }


def _author_address(row: Row) -> str:
    """As it was written: it is shown, and answers go to requesters. Two of them would be one that nobody has."""
    written = words(row, "address", 2000)
    if len(several(written)) > 1:
        raise Wrong(
            f"«address» of a message names several: {written:.80}. Its author has one; put the others among the followers."
        )
    return folded_address(written) if written else ""


def _danger_note(row: Row) -> str:
    if not yes(row, "danger"):
        return ""
    note = long_text(row, "danger_note")
    if not note.strip():
        raise Wrong(
            "«danger» is true without «danger_note». Write a sentence on who is in danger and how, or leave both out."
        )
    return note


def _harm(row: Row, type: str | None, state: str) -> dict[str, str | None]:
    """What was said of a patient's harm: asked of faults only."""
    harm = chosen(row, "patient_harm", TOLD, None) if type == TicketType.INCIDENT else None
    number, why = words(row, "deviation_number", 40), words(row, "deviation_reason", 500)
    excused = chosen(row, "close_reason", REASONS, str(CloseReason.IMPORTED.value)) in NOTHING_HAPPENED
    if harm == Told.YES and state == State.CLOSED and not (number or why or excused):
        raise Wrong(
            "«patient_harm» is «yes» on a case that is done, without «deviation_number». Write it, or a «deviation_reason»."
        )
    again = chosen(row, "harm_again", TOLD, None) if harm == Told.YES else None
    return {"patient_harm": harm, "harm_again": again, "deviation_number": number, "deviation_reason": why}


def _no_state() -> State:
    raise Wrong(f"«state» is missing. Use one of: {', '.join(STATES)}.")


def _no_author() -> SenderRole:
    raise Wrong(f"a message does not say who wrote it. Give it «by»: {', '.join(ROLES)}.")


def _priority(row: Row) -> int | None:
    value = row.get("priority")
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= LOWEST + 1:
        raise Wrong(f"«priority» is {value!r:.40}. Use 1 (most urgent) to 5, or leave it out.")
    return min(value, LOWEST)


def _followers(row: Row) -> tuple[tuple[str, str], ...]:
    found = {}
    for one in listed(row, "followers", dict):
        for address in addresses([words(one, "address", 2000)]):
            found[address] = text.one_line(words(one, "name", 200), 200)
    return tuple(found.items())
