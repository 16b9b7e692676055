"""What the head of a case asks or tells: thanks that may mean it is solved, somebody else's mail inside, no receipt."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from saksgang.access.queries import may
from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.copies import Copied
from saksgang.console.case.facts import device_words, owned_by
from saksgang.console.improvements.words import stands
from saksgang.console.mail.words import reason_words
from saksgang.console.triage.agenda import asked_by
from saksgang.improvements.queries import of_case
from saksgang.inbound.decisions.sender import REPLY_TO
from saksgang.lib import clock
from saksgang.tickets import merges, queries
from saksgang.tickets.actions.deviation import lacks_report
from saksgang.tickets.kinds import CloseReason, Decision, EndsAs, MajorState
from saksgang.tickets.mentions import open_mentions
from saksgang.tickets.models import Clarification, Message, Ticket
from saksgang.tickets.policies import may_work
from saksgang.ui.dates import short_when


def banners(case: Case, rows: list[dict[str, Any]], mails: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """{newest_unread, thanked, device, to_report, given, mentioned, asked, to_phone, ends_as, merged, wish, many_report, forwarded,
    no_receipt}.

    `mails`: its rows of the ledger, for those who may read it.
    """
    unread = next((row["id"] for row in reversed(rows) if row["unread"]), None)
    thanks = next((row["id"] for row in reversed(rows) if row.get("settle") == "thanks"), None)
    thanked = thanks if case.ticket.thanked_at and case.can("resolve") else None
    return {
        "newest_unread": None if unread == thanked or case.stopped else unread,  # what came is told in its place
        "thanked": thanked,
        "device": _device(case),
        "to_report": bool(case.ticket.open) and lacks_report(case.ticket),
        "given": _given(case),
        "mentioned": open_mentions(case.person).get(case.ticket.pk),
        "asked": _asked(case),
        "to_phone": _to_phone(case),
        "ends_as": str(EndsAs(case.ticket.ends_as).label) if case.ticket.ends_as else "",
        "merged": _merged(case),
        "wish": _improvement(case),
        "many_report": _many_report(case),
        "forwarded": _forwarded(case),
        "no_receipt": _no_receipt(case, mails),
    }


def _device(case: Case) -> dict[str, Any] | None:
    """What must be known of a medical device, and the hand-over to the team that looks after it while the case is elsewhere."""
    service = case.ticket.service
    if service is None or not service.medical_device or not case.ticket.open:
        return None
    owner = service.owner_team
    goes = owner.pk != case.ticket.team_id and case.can("hand_over")
    return {"words": device_words(service), "owner": owner if goes else None, "why": owned_by(service)}


def _given(case: Case) -> dict[str, str] | None:
    """Who gave this person the case, and what they said to it, until something is done on it."""
    ticket = case.ticket
    if ticket.given_at is None or ticket.given_by is None or ticket.assignee_id != case.person.pk:
        return None
    return {"by": ticket.given_by.name, "why": queries.reason_of(ticket, "ticket_given")}


def _to_phone(case: Case) -> list[str]:
    """Those who are told by phone what is written, and have not been: name, number and by when."""
    left = {one.person_id: one for one in reversed(case.calls) if one.done_at is None}  # the first that is due of each
    now = clock.now()
    return [
        " · ".join(
            filter(None, [one.person.name, one.person.phone or one.person.answer_via, short_when(one.due_at, now)])
        )
        for one in left.values()
    ]


def _asked(case: Case) -> dict[str, Any] | None:
    """What the triage team is asked about the case; of an open one that is decided, what they said last."""
    newest = next(iter(case.clarifications), None)
    if newest is None or (newest.decision and not case.ticket.open):
        return None
    return {
        "open": newest.decision is None,
        "head": _decided(newest) if newest.decision else _waits(newest),
        "question": newest.question,
        "by": asked_by(newest),
        "reason": newest.reason,
        "url": "" if newest.decision else reverse("console:triage_question", args=[newest.pk]),
        "decides": may(case.person, Permission.DECIDE_CLARIFICATIONS, team=newest.triage_id),
    }


def _merged(case: Case) -> dict[str, Any] | None:
    """Which case this one goes on in; who may work in both takes them apart again."""
    if case.ticket.close_reason != CloseReason.MERGED:
        return None
    found = merges.standing(case.ticket)
    if found is None:
        return None
    seen = Ticket.objects.visible_to(case.person).filter(pk=found.into_id).exists()
    told = {"name": found.by.name, "when": short_when(found.at, clock.now())}
    return {
        "into": found.into if seen else None,
        "told": _("Merged by %(name)s, %(when)s") % told,
        "undoes": seen and case.may_work and may_work(case.person, found.into),
    }


def _improvement(case: Case) -> dict[str, Any] | None:
    """What a case that was closed for it stands behind, and how far it has come."""
    if case.ticket.close_reason != CloseReason.BECAME_IMPROVEMENT:
        return None
    found = of_case(case.ticket)
    if found is None:
        return None
    url = reverse("console:improvement", args=[found.pk])
    return {"title": found.title, "team": found.team.name, "stands": stands(found), "url": url}


def _many_report(case: Case) -> dict[str, Any] | None:
    """The fault of many that the case belongs to, or those that it may belong to: {one, offered, ties}."""
    one = case.ticket.major
    offered = [] if one else [(major.pk, major.title, major.service.name) for major in case.offered_majors]
    if not (one or offered):
        return None
    ties = case.holds(Permission.HAND_OVER_TICKETS) and bool(case.ticket.open)
    told = {"pk": one.pk, "title": one.title, "solved": one.state == MajorState.SOLVED} if one else None
    return {"one": told, "offered": offered, "ties": ties}


def _waits(asked: Clarification) -> str:
    when = {"when": short_when(asked.due_at, clock.now())}
    if asked.owner:
        return _("The triage team is asked: %(name)s decides by %(when)s") % {**when, "name": asked.owner.name}
    return _("The triage team is asked: due %(when)s") % when


def _decided(asked: Clarification) -> str:
    name = asked.decided_by.name if asked.decided_by else ""
    decision = Decision(asked.decision or "").label.lower()
    return _("The triage team decided: %(decision)s (%(name)s)") % {"decision": decision, "name": name}


def _forwarded(case: Case) -> dict[str, Any] | None:
    """A mail names somebody else than its sender, inside or in Reply-To, and nobody has said yet whose case it is."""
    first: Message | None = case.conversation[0] if case.conversation else None
    if first is None or not first.inner_address or first.settled_at or not (case.may_work and case.ticket.open):
        return None
    return {
        "message_id": first.pk,
        "by": first.author_name,
        "reply_to": first.inner_source == REPLY_TO,
        "inner": Copied(first.inner_name, first.inner_address).shown,
    }


def _no_receipt(case: Case, mails: dict[int, dict[str, Any]]) -> str:
    """Why the requester has heard nothing from us yet: no receipt went out, and nobody has answered."""
    if case.ticket.first_answered_at or not case.ticket.open:
        return ""
    reasons = (reason for mail in mails.values() for reason in mail["reasons"] if reason[:1] == ["acknowledgement"])
    return next((reason_words(reason) for reason in reasons), "")
