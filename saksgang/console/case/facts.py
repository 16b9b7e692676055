"""The facts of a case, as plain rows for the template."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from saksgang.catalogue import queries as catalogue
from saksgang.catalogue.kinds import TicketType
from saksgang.catalogue.models import Criticality, RoutingRule, Service
from saksgang.console import states
from saksgang.console.routing import sentences
from saksgang.tickets import kinds
from saksgang.tickets.models import Ticket
from saksgang.tickets.neighbours import Part
from saksgang.tickets.rules import priority
from saksgang.ui.dates import OSLO, full_when, short_when
from saksgang.ui.tags import priority as priority_mark
from saksgang.ui.tags import when

Fact = dict[str, Any]


def state_tag(ticket: Ticket) -> dict[str, str]:
    """The state's name, as the hospital calls it, and its tone."""
    own = catalogue.state_labels().get(ticket.state, "")
    return {"name": own or str(kinds.State(ticket.state).label), "tone": states.TONES[kinds.State(ticket.state)]}


def next_step(ticket: Ticket, now: datetime) -> dict[str, str] | None:
    """What must happen next and by when: {what, due, tone, postponed}. Nothing for a case that is done."""
    if not (ticket.next_step and ticket.next_step_due_at):
        return None
    late = ticket.next_step_due_at < now
    due = _("overdue: was due %(when)s") if late else _("due %(when)s")
    today = ticket.next_step_due_at.astimezone(OSLO).date() == now.astimezone(OSLO).date()
    times = ticket.postponed_count
    return {
        "what": str(kinds.NextStep(ticket.next_step).label),
        "due": due % {"when": short_when(ticket.next_step_due_at, now)},
        "paper": due % {"when": full_when(ticket.next_step_due_at)},
        "tone": "over" if late else "soon" if today else "",
        "postponed": ngettext("postponed once", "postponed %(times)s times", times) % {"times": times} if times else "",
    }


def sentence(ticket: Ticket) -> str:
    """Why the case has its priority, in one sentence."""
    service = ticket.service
    return priority.sentence(
        ticket.priority_steps,
        impact=str(kinds.Impact(ticket.impact).label) if ticket.impact else "",
        service=service.name if service else "",
        criticality=str(Criticality(service.criticality).label) if service else "",
        consequence=str(kinds.Consequence(ticket.consequence).label) if ticket.consequence else "",
        override_reason=ticket.override_reason,
    )


def device_words(service: Service) -> str:
    """What whoever is about to do something with a medical device must know first."""
    return _("Medical device. Do not restart, update or take it over without an agreement with %(team)s.") % {
        "team": service.owner_team.name
    }


def owned_by(service: Service) -> str:
    """Why a case goes to the team that owns its service."""
    return _("It is about %(service)s, which %(team)s owns.") % {
        "service": service.name,
        "team": service.owner_team.name,
    }


def facts(ticket: Ticket, mailboxes: list[str], now: datetime) -> list[Fact]:
    """Label, value and why, in the order they are read. Asked facts show when they lack; the others only when set."""
    rule = catalogue.routing_rule(ticket.routing_rule_id) if ticket.routing_rule_id else None
    return [
        *_assessed(ticket, now),
        *_proposed(ticket, rule),
        *_where(ticket, mailboxes, rule),
        *_when(ticket, now),
        *_end(ticket, now),
    ]


def _fact(label: str, value: Any, *, unset: str = "", why: str = "", box: str = "") -> Fact:
    """`box`: the form in which the fact is changed where it stands."""
    return {"label": label, "value": value or unset, "unset": not value, "why": why, "box": box}


def _set(label: str, value: Any, why: str = "") -> list[Fact]:
    return [_fact(label, value, why=why)] if value else []


def _assessed(ticket: Ticket, now: datetime) -> list[Fact]:
    asked = pgettext("fact", "not assessed") if ticket.assessed_at is None else pgettext("fact", "don't know")
    impact = str(kinds.Impact(ticket.impact).label) if ticket.impact else ""
    consequence = str(kinds.Consequence(ticket.consequence).label) if ticket.consequence else ""
    found = [
        _fact(_("Priority"), priority_mark(ticket.priority, "words"), why=sentence(ticket)),
        _fact(_("Type"), str(TicketType(ticket.type).label) if ticket.type else "", unset=asked),
        *_set(_("Kind"), ticket.category.name if ticket.category else ""),
        _fact(_("Service"), ticket.service.name if ticket.service else "", unset=asked),
        _fact(pgettext("fact", "Affected"), impact, unset=asked),
    ]
    if ticket.type == TicketType.INCIDENT:
        found.append(_fact(_("Consequence"), consequence, unset=asked))
    found += _set(_("Needed by"), when(ticket.needed_by, now))
    found += _set(_("Danger to life and health"), ticket.danger_note)
    return found + _harm(ticket)


def _harm(ticket: Ticket) -> list[Fact]:
    """What was said of a patient's harm, and the deviation that was reported of it."""
    if ticket.patient_harm is None:
        return []
    again = kinds.Told(ticket.harm_again) if ticket.harm_again else None
    why = _("can it happen again: %(answer)s") % {"answer": str(again.label).lower()} if again else ""
    return [
        _fact(_("Patient harmed"), str(kinds.Told(ticket.patient_harm).label), why=why),
        *_set(_("Deviation"), ticket.deviation_number),
        *_set(_("No deviation because"), ticket.deviation_reason),
    ]


def _proposed(ticket: Ticket, rule: RoutingRule | None) -> list[Fact]:
    """The kind that a routing rule proposes, until somebody has looked."""
    unsaid = ticket.assessed_at is None and ticket.category_id is None
    proposed = rule.proposes if rule and unsaid else None
    return _set(_("Proposed kind"), proposed.name if proposed else "")


def _where(ticket: Ticket, mailboxes: list[str], rule: RoutingRule | None) -> list[Fact]:
    department, unsaid = ticket.affected_department, pgettext("fact", "not said")
    phone = _("phone %(number)s") % {"number": department.phone} if department and department.phone else ""
    team = ticket.team.name if ticket.team else ""
    sent = sentences.sentence(rule) if rule and not ticket.handed_over_count else ""
    return [
        _fact(_("Team"), team, unset=pgettext("fact", "none"), why=sent, box="handover"),
        _fact(_("Assignee"), assignee(ticket), unset=_("not taken"), box="giving"),
        _fact(_("Department"), department.name if department else "", unset=unsaid, why=phone, box="department"),
        _fact(_("Place"), ticket.place, unset=unsaid, box="place"),
        *_set(_("Call back on"), ticket.callback_number),
        *_set(_("Equipment"), ticket.equipment_number),
        *_set(_("Mailbox"), ", ".join(mailboxes)),
        *_set(_("Old number"), ticket.old_number, why=ticket.old_system),
    ]


def _when(ticket: Ticket, now: datetime) -> list[Fact]:
    reference = _("their number %(reference)s") % {"reference": ticket.waiting_reference}
    waits = _("Planned because") if ticket.state == kinds.State.PLANNED else _("Waiting for")
    return [
        *_set(_("Promised date"), when(ticket.promised_by, now)),
        *_set(
            waits, ticket.waiting_for if ticket.wait_until else "", why=reference if ticket.waiting_reference else ""
        ),
        *_set(_("Waits until"), when(ticket.wait_until, now)),
    ]


def _end(ticket: Ticket, now: datetime) -> list[Fact]:
    reason = str(kinds.CloseReason(ticket.close_reason).label) if ticket.close_reason else ""
    reopened = ticket.reopened_count
    times = ngettext("once", "%(times)s times", reopened) % {"times": reopened}
    closes = ticket.close_after if ticket.state == kinds.State.RESOLVED else None
    return [
        *_set(_("Closes by itself"), when(closes, now), why=_("Unless the requester writes before that.")),
        *_set(_("Closed because"), reason, why=ticket.close_note),
        *_set(_("Technical solution"), ticket.technical_resolution if not ticket.open else ""),
        *_set(_("Reopened"), times if reopened else ""),
    ]


def assignee(ticket: Ticket) -> str:
    """«tatt av Kari Nordmann (KN)», or nothing."""
    if ticket.assignee is None:
        return ""
    return _("taken by %(name)s (%(initials)s)") % {
        "name": ticket.assignee.name,
        "initials": ticket.assignee.initials,
    }


def part_lines(parts: list[Part], ticket_id: int) -> list[SafeString]:
    """«delsak #12 Svitsjen: Nettverk, Under arbeid», and of a part the case that it belongs to."""
    labels = states.state_labels() if parts else {}
    return [
        format_html(
            '{} <a href="{}">#{} {}</a>: {}, {}',
            _("sub-case") if one.parent_id == ticket_id else _("is a sub-case of"),
            reverse("console:ticket", args=[one.id]),
            one.id,
            one.subject,
            one.team,
            labels[one.state],
        )
        for one in parts
    ]


def link_lines(rows: list[dict[str, Any]]) -> list[SafeString]:
    """«er duplikat av #12 Skriver», one for each case that this one hangs together with."""
    words = {
        (kinds.LinkKind.DUPLICATE, True): _("is a duplicate of"),
        (kinds.LinkKind.DUPLICATE, False): _("has the duplicate"),
        (kinds.LinkKind.MERGED, False): _("has in it"),
        (kinds.LinkKind.SPLIT, True): _("was split from"),
        (kinds.LinkKind.SPLIT, False): _("was split, and the other half is"),
        (kinds.LinkKind.RELATED, True): _("belongs with"),
        (kinds.LinkKind.RELATED, False): _("belongs with"),
        (kinds.LinkKind.FOLLOWS, True): _("follows"),
        (kinds.LinkKind.FOLLOWS, False): _("is followed by"),
        (kinds.LinkKind.DETACHED, True): _("was detached from"),
        (kinds.LinkKind.DETACHED, False): _("a message was detached to"),
    }
    return [
        format_html(
            '{} <a href="{}">#{} {}</a>',
            words[kinds.LinkKind(row["kind"]), row["forward"]],
            reverse("console:ticket", args=[row["id"]]),
            row["id"],
            row["subject"],
        )
        for row in rows
        if (row["kind"], row["forward"]) != (kinds.LinkKind.MERGED, True)  # the banner says where it goes on
    ]
