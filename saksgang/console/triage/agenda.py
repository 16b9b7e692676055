"""The triage team's agenda as lines, and one question with its case in five lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from saksgang.catalogue.kinds import TicketType
from saksgang.catalogue.queries import meetings_held
from saksgang.console.states import state_labels
from saksgang.lib.prepared import prepared
from saksgang.people.models import Person
from saksgang.tickets import clarifications, queries
from saksgang.tickets.kinds import Decision, MessageKind
from saksgang.tickets.models import Clarification, Message
from saksgang.ui.dates import short_when
from saksgang.ui.tags import priority

BEGINNING = 400  # characters of what the requester wrote


def lines(rows: Sequence[Clarification], now: datetime) -> list[dict[str, Any]]:
    """[{id, question, case, who, due, late}], in order of due."""
    held = meetings_held(min((one.asked_at for one in rows), default=now), now)
    return [
        {
            "id": one.pk,
            "question": one.question,
            "case": f"#{one.ticket_id} {one.ticket.subject}",
            "restricted": one.ticket.restricted,
            "who": asked_by(one),
            "due": due(one, held, now),
            "late": one.due_at < now,
        }
        for one in rows
    ]


def place(viewer: Person, pk: int) -> dict[str, Any]:
    """Where a question stands on the agenda: «3 of 7», and the questions before and after it."""
    order = list(clarifications.agenda(viewer).values_list("pk", flat=True)[: clarifications.MOST_QUESTIONS])
    if pk not in order:
        return {"nth": 0, "of": len(order), "before": None, "after": order[0] if order else None}
    at = order.index(pk)
    return {
        "nth": at + 1,
        "of": len(order),
        "before": order[at - 1] if at else None,
        "after": order[at + 1] if at + 1 < len(order) else None,
    }


def asked_by(one: Clarification) -> str:
    if one.asked_by is None:
        return _("Asked by a routing rule for %(team)s") % {"team": one.asking_team.name}
    return _("Asked by %(name)s for %(team)s") % {"name": one.asked_by.name, "team": one.asking_team.name}


def due(one: Clarification, held: list[datetime], now: datetime) -> str:
    """By when, whose it is, and how many of the meetings that were held it has waited through."""
    late = _("overdue: was due %(when)s") if one.due_at < now else _("due %(when)s")
    told = [late % {"when": short_when(one.due_at, now)}]
    if one.urgent:
        told.append(_("urgent"))
    if one.owner:
        told.append(_("%(name)s has it") % {"name": one.owner.name})
    if meetings := sum(met > one.asked_at for met in held):
        waited = ngettext("waited through one meeting", "waited through %(times)s meetings", meetings)
        told.append(waited % {"times": meetings})
    if one.postponed_count:
        moved = ngettext(
            "moved to a later meeting once", "moved to a later meeting %(times)s times", one.postponed_count
        )
        told.append(moved % {"times": one.postponed_count})
    return " · ".join(told)


def case_lines(one: Clarification, now: datetime) -> dict[str, Any]:
    """The case in five lines: what, of what kind and where, who asked, how it stands, how it began."""
    ticket = one.ticket
    said = _first_words(ticket.pk)
    beginning = " ".join(said[0].text.split()) if said else ""
    kind = str(TicketType(ticket.type).label) if ticket.type else pgettext("fact", "not assessed")
    department = ticket.affected_department.name if ticket.affected_department else ""
    requesters = ", ".join(row.contact_name or row.person.name for row in queries.requesters(ticket))
    return {
        "number": ticket.pk,
        "subject": ticket.subject,
        "restricted": ticket.restricted,
        "priority": priority(ticket.priority, "words"),
        "kind": [part for part in (kind, ticket.service.name if ticket.service else "", department) if part],
        "requesters": requesters or _("no requester"),
        "state": state_labels()[ticket.state],
        "received": short_when(ticket.received_at, now),
        "beginning": beginning[:BEGINNING] + ("…" if len(beginning) > BEGINNING else ""),
    }


def asked_before(one: Clarification, now: datetime) -> list[dict[str, str]]:
    """What was asked about the same case before, and what became of it."""
    return [
        {
            "question": former.question,
            "decision": str(Decision(former.decision).label),
            "reason": former.reason,
            "when": short_when(former.decided_at, now) if former.decided_at else "",
            "by": former.decided_by.name if former.decided_by else "",
        }
        for former in clarifications.of_case(one.ticket)
        if former.decision and former.pk != one.pk
    ]


@prepared
def _first_words(ticket_id: int) -> QuerySet[Message]:
    came = Message.objects.filter(ticket_id=ticket_id, kind__in=(MessageKind.INCOMING, MessageKind.CONVERSATION))
    return came.order_by("id")[:1]
