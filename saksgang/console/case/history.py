"""A case's history as sentences: who did what, from what to what, and why. One table, kind → words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from saksgang.catalogue.kinds import TicketType
from saksgang.catalogue.models import Category, Service
from saksgang.catalogue.queries import routing_rule
from saksgang.console.routing.sentences import sentence as sentence_of
from saksgang.console.states import state_labels
from saksgang.events.models import Event
from saksgang.people.models import Department, Team
from saksgang.tickets import kinds, queries
from saksgang.tickets.models import MajorIncident
from saksgang.ui.dates import OSLO, clock, full_when, short_when, weekday_date

# Said after the name of whoever did it.
WHAT = {
    "ticket_registered": gettext_lazy("registered the case"),
    "ticket_imported": gettext_lazy("brought the case over from the old system"),
    "ticket_mailbox_added": gettext_lazy("noted that the same mail came to another mailbox"),
    "requester_added": gettext_lazy("added a requester"),
    "call_abandoned": gettext_lazy("gave up phoning"),
    "sub_case_opened": gettext_lazy("opened a sub-case"),
    "sub_case_ended": gettext_lazy("ended a sub-case"),
    "sub_case_withdrawn": gettext_lazy("closed it with the case that it was a part of"),
    "ticket_split": gettext_lazy("split the case"),
    "ticket_linked": gettext_lazy("linked the case"),
    "ticket_unlinked": gettext_lazy("took a link away"),
    "ticket_merged": gettext_lazy("merged the case into another"),
    "ticket_absorbed": gettext_lazy("merged another case into this one"),
    "merge_reverted": gettext_lazy("undid the merge"),
    "ticket_released": gettext_lazy("gave back a case that had been merged into this one"),
    "requester_included": gettext_lazy("added a requester"),
    "requester_replaced": gettext_lazy("changed who asked"),
    "facts_changed": gettext_lazy("changed the facts"),
    "affected_department_changed": gettext_lazy("changed the department"),
    "change_reverted": gettext_lazy("undid the change"),
    "requester_changed": gettext_lazy("made the one who wrote the forwarded mail the requester"),
    "requester_confirmed": gettext_lazy("kept the requester of the forwarded mail"),
    "ticket_restricted": gettext_lazy("restricted who can see the case"),
    "restriction_lifted": gettext_lazy("let everybody in the desk see the case again"),
    "sender_confirmed": gettext_lazy("confirmed who sent a message"),
    "sender_denied": gettext_lazy("said that somebody else sent a message"),
    "late_receipt_sent": gettext_lazy("sent a receipt that had been held back"),
    "receipt_joined": gettext_lazy("told of the case in the receipt for another one"),
    "ticket_taken": gettext_lazy("took the case"),
    "ticket_given": gettext_lazy("gave the case to a colleague"),
    "ticket_returned": gettext_lazy("gave the case back"),
    "ticket_put_back": gettext_lazy("put the case back"),
    "ticket_handed_over": gettext_lazy("handed the case over"),
    "ticket_handed_back": gettext_lazy("took back the hand-over"),
    "clarification_asked": gettext_lazy("asked the triage team"),
    "ticket_ending_postponed": gettext_lazy("ended the case, as soon as those without an e-mail address are phoned"),
    "clarification_postponed": gettext_lazy("moved the question to the triage team's next meeting"),
    "clarification_escalated": gettext_lazy("told the department head that the triage team has not decided"),
    "clarification_decided": gettext_lazy("decided what the triage team was asked"),
    "status_sent": gettext_lazy("told the requester how far the improvement has come"),
    "deviation_redacted": gettext_lazy("removed why no deviation was reported"),
    "clarification_redacted": gettext_lazy("removed what the triage team was asked"),
    "major_joined": gettext_lazy("tied the case to a major incident"),
    "major_left": gettext_lazy("took the case out of its major incident"),
    "major_facts_changed": gettext_lazy("changed what is known of the fault"),
    "major_update_told": gettext_lazy("told everybody how far the fault has come"),
    "major_left_open": gettext_lazy("solved the major incident, which does not answer this case"),
    "major_started": gettext_lazy("started the major incident"),
    "major_changed": gettext_lazy("changed the facts of the major incident"),
    "major_updated": gettext_lazy("wrote an update to everybody"),
    "major_solved": gettext_lazy("solved the major incident"),
    "major_redacted": gettext_lazy("removed the words of an update"),
    "major_title_redacted": gettext_lazy("removed the title of a major incident"),
    "ticket_assessed": gettext_lazy("assessed the case"),
    "assessment_withdrawn": gettext_lazy("took back the assessment"),
    "ticket_raised": gettext_lazy("raised the case in the queue, since it is past its solving time"),
    "priority_overridden": gettext_lazy("set the priority by hand"),
    "priority_override_dropped": gettext_lazy("let the computed priority count again"),
    "message_received": gettext_lazy("received a message"),
    "message_sent": gettext_lazy("answered the requester"),
    "message_sent_outward": gettext_lazy("wrote to others than the requester"),
    "supplier_phoned": gettext_lazy("phoned those who have the case"),
    "supplier_answered": gettext_lazy("noted that those who have the case say it is solved"),
    "answer_resent": gettext_lazy("sent the answer again"),
    "message_withdrawn": gettext_lazy("took back a message before it was sent"),
    "direct_mail_counted": gettext_lazy("counted a mail past the case as the answer"),
    "thanks_received": gettext_lazy("received thanks"),
    "thanks_reconsidered": gettext_lazy("saw that a message was more than thanks"),
    "message_detached": gettext_lazy("took a message out of the case"),
    "mention_closed": gettext_lazy("ticked off that they were mentioned"),
    "identity_checked": gettext_lazy("checked who asks"),
    "tally_added": gettext_lazy("counted something small"),
    "tally_registered": gettext_lazy("made the case of what had only been counted"),
    "note_written": gettext_lazy("wrote an internal note"),
    "conversation_logged": gettext_lazy("logged a conversation"),
    "answer_failed": gettext_lazy("noticed that an answer did not arrive"),
    "answer_delayed": gettext_lazy("noticed that an answer is late"),
    "solution_delivered": gettext_lazy("noted that the solution arrived"),
    "ticket_waits_for_requester": gettext_lazy("asked the requester, and waits for the answer"),
    "requester_reminded": gettext_lazy("reminded the requester of the question"),
    "ticket_waits_for_third_party": gettext_lazy("set the case to wait for others"),
    "ticket_planned": gettext_lazy("planned the case"),
    "ticket_resumed": gettext_lazy("brought the case back when the wait was over"),
    "next_step_postponed": gettext_lazy("moved the next step"),
    "date_promised": gettext_lazy("promised a date"),
    "ticket_resolved": gettext_lazy("solved the case"),
    "ticket_closed": gettext_lazy("closed the case"),
    "closing_reverted": gettext_lazy("undid the closing"),
    "ticket_reopened": gettext_lazy("opened the case again"),
    "message_redacted": gettext_lazy("removed the text of a message"),
    "attachment_redacted": gettext_lazy("removed an attachment"),
    "event_redacted": gettext_lazy("removed the words of an entry in the history"),
    "mail_decided": gettext_lazy("sorted a mail into the case"),
    "mail_registered": gettext_lazy("registered a mail that had been set aside"),
}
NO_ANSWER = gettext_lazy("called without getting an answer")
ROBOTS = {
    "mail": gettext_lazy("Mail reception"),
    "clock": gettext_lazy("The clock"),
    "import": gettext_lazy("The import"),
    "setup": gettext_lazy("The setup"),
    "outbound": gettext_lazy("Mail dispatch"),
    "routing": gettext_lazy("A routing rule"),
}
# Dots of another colour: words between people, and what went wrong.
MESSAGES = {
    "message_received",
    "message_sent",
    "message_sent_outward",
    "thanks_received",
    "conversation_logged",
    "ticket_resolved",
}
LATE = {"answer_failed", "ticket_raised"}

# What a reader wants to see change; the rest follows from it.
TOLD = {
    "state": gettext_lazy("state"),
    "team_id": gettext_lazy("team"),
    "assignee_id": gettext_lazy("assignee"),
    "affected_department_id": gettext_lazy("department"),
    "major_id": gettext_lazy("major incident"),
    "stays_open": gettext_lazy("stays open"),
    "type": gettext_lazy("type"),
    "service_id": gettext_lazy("service"),
    "category_id": gettext_lazy("kind of case"),
    "impact": gettext_lazy("impact"),
    "consequence": gettext_lazy("consequence"),
    "needed_by": gettext_lazy("needed by"),
    "patient_harm": gettext_lazy("patient harmed"),
    "harm_again": gettext_lazy("can happen again"),
    "deviation_number": gettext_lazy("number of the deviation"),
    "priority": gettext_lazy("priority"),
    "promised_by": gettext_lazy("promised date"),
    "wait_until": gettext_lazy("waits until"),
    "next_step": gettext_lazy("next step"),
    "close_reason": gettext_lazy("reason for closing"),
    "way": gettext_lazy("proof"),
    "clarify_due_at": gettext_lazy("to be decided by"),
    "decision": gettext_lazy("decision"),
    "address": gettext_lazy("address"),
}
# Facts in words: what they said before and after stands in the event's free text, a line each (tickets/actions/facts.py).
IN_WORDS = {
    "subject": gettext_lazy("subject"),
    "place": gettext_lazy("place"),
    "callback_number": gettext_lazy("number to call back"),
    "equipment_number": gettext_lazy("equipment number"),
}
CHOICES: dict[str, Any] = {
    "state": kinds.State,
    "type": TicketType,
    "impact": kinds.Impact,
    "consequence": kinds.Consequence,
    "patient_harm": kinds.Told,
    "harm_again": kinds.Told,
    "next_step": kinds.NextStep,
    "close_reason": kinds.CloseReason,
    "way": kinds.ProofWay,
    "decision": kinds.Decision,
    "stays_open": kinds.StaysOpen,
}
MOMENTS = {"needed_by", "promised_by", "wait_until", "next_step_due_at", "clarify_due_at"}
NOTHING = pgettext_lazy("history", "nothing")


class Names:
    """The names behind the ids that events hold; six queries however long the history is."""

    def __init__(self, events: Iterable[Event]) -> None:
        events = list(events)
        acting = {event.by_person_id for event in events if event.by_person_id}
        named = (_ids(events, field) for field in ("assignee_id", "person_id", "former_person_id"))
        self.persons = queries.names_of_persons(acting.union(*named))
        self.teams = _names(Team, "name", _ids(events, "team_id"))
        self.services = {one.pk: one.name for one in Service.objects.filter(pk__in=_ids(events, "service_id"))}
        self.categories = {one.pk: one.name for one in Category.objects.filter(pk__in=_ids(events, "category_id"))}
        self.majors = _names(MajorIncident, "title", _ids(events, "major_id"))
        self.states = state_labels()
        self.rules = {
            pk: sentence_of(routing_rule(pk)) for pk in _ids(events, "rule_id")
        }  # one at most: a case comes once
        self.departments = _names(Department, "name", _ids(events, "affected_department_id"))

    def of(self, field: str, key: int) -> str:
        tables = {
            "assignee_id": self.persons,
            "team_id": self.teams,
            "service_id": self.services,
            "category_id": self.categories,
            "major_id": self.majors,
        }
        return tables.get(field, self.departments).get(key) or f"#{key}"


def _ids(events: list[Event], field: str) -> set[int]:
    parts = (part for event in events for part in (event.before, event.after))
    return {part[field] for part in parts if part.get(field)}


def _names(model: Any, column: str, ids: set[int]) -> dict[int, str]:
    return dict(model.objects.filter(pk__in=ids).values_list("pk", column)) if ids else {}


def days(events: list[Event], now: datetime) -> list[dict[str, Any]]:
    """The history, oldest first, a day at a time: [{day, events: [{clock, exact, who, what, changes, why, drawn}]}]."""
    today = now.astimezone(OSLO).date()
    found: list[dict[str, Any]] = []
    for line in lines(events, now):
        day = line["at"].astimezone(OSLO).date()
        if not found or found[-1]["date"] != day:
            found.append({"date": day, "day": weekday_date(day, today), "events": []})
        found[-1]["events"].append(line)
    return found


def lines(events: list[Event], now: datetime) -> list[dict[str, Any]]:
    """Each event as words, in the order they are given."""
    names = Names(events)
    return [_line(event, names, now) for event in events]


def _line(event: Event, names: Names, now: datetime) -> dict[str, Any]:
    return {
        "at": event.at,
        "clock": clock(event.at),
        "exact": full_when(event.at),
        "who": _who(event, names),
        "what": sentence(event),
        "about": _about(event, names),
        "changes": _changes(event, names, now),
        "why": "" if event.redacted_at or "facts" in event.after else event.reason,
        "drawn": "message" if event.kind in MESSAGES else "late" if event.kind in LATE else "",
    }


def _who(event: Event, names: Names) -> str:
    if event.by_person_id:
        return names.persons.get(event.by_person_id, f"#{event.by_person_id}")
    known = ROBOTS.get(event.by_robot)
    return str(known) if known else _("The robot «%(name)s»") % {"name": event.by_robot}


# What events call another case that they tell of.
OTHER_CASE = (
    "duplicate_of", "new_ticket_id", "merged_ticket_id", "into_ticket_id", "sub_case_id", "other_ticket_id", "parent_ticket_id",
)  # fmt: skip


def sentence(event: Event) -> str:
    """What was done, as words after a name. A kind nobody has put into words yet is named as it is stored."""
    if event.kind == "conversation_logged" and event.after.get("outcome") == "not_reached":
        return str(NO_ANSWER)
    known = WHAT.get(event.kind)
    return str(known) if known else event.kind.replace("_", " ")


def _about(event: Event, names: Names) -> str:
    """Whom or which case it concerns, where the sentence alone does not say."""
    if number := next((event.after[name] for name in OTHER_CASE if event.after.get(name)), None):
        return f"#{number}"
    if rule := names.rules.get(event.after.get("rule_id")):
        return _("by the rule: %(rule)s") % {"rule": rule}
    person = event.after.get("person_id") if "former_person_id" not in event.after else None
    return names.persons.get(person, "") if person else ""


def _changes(event: Event, names: Names, now: datetime) -> list[dict[str, str]]:
    """[{label, before, after}] of what changed. A new case changed from nothing: that needs no telling."""
    if event.kind == "ticket_registered":
        return []
    changed = [
        _change(
            label, _value(field, event.before.get(field), names, now), _value(field, event.after[field], names, now)
        )
        for field, label in TOLD.items()
        if field in event.after and event.before.get(field) != event.after[field]
    ]
    return [*_changed_words(event), *_changed_requester(event, names), *changed]


def _change(label: Any, before: str, after: str) -> dict[str, str]:
    return {"label": str(label), "before": before, "after": after or str(NOTHING)}


def _changed_words(event: Event) -> list[dict[str, str]]:
    if event.redacted_at or "facts" not in event.after:
        return []
    lines = event.reason.split("\n")
    return [
        _change(IN_WORDS[fact], before, after)
        for fact, before, after in zip(event.after["facts"], lines[::2], lines[1::2], strict=True)
    ]


def _changed_requester(event: Event, names: Names) -> list[dict[str, str]]:
    if "former_person_id" not in event.after:
        return []
    before, after = (names.persons.get(event.after.get(key), "") for key in ("former_person_id", "person_id"))
    return [_change(pgettext("history", "requester"), before, after)]


def _value(field: str, value: Any, names: Names, now: datetime) -> str:
    if value in (None, ""):
        return ""
    if field in CHOICES:
        known = names.states.get(value) if field == "state" else dict(CHOICES[field].choices).get(value)
        return str(known or value)
    if field in MOMENTS:
        return short_when(datetime.fromisoformat(value), now)
    return names.of(field, value) if field.endswith("_id") else str(value)
