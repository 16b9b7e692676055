"""Asking the triage team of the managers, and what they decide (clause T2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from saksgang.access.queries import check_may, head_of, may
from saksgang.access.roles import Permission
from saksgang.catalogue.kinds import TicketType
from saksgang.catalogue.models import RoutingRule
from saksgang.events.actions import Actor, Robot
from saksgang.lib import clock
from saksgang.people.models import Language, Person, Team, TeamKind
from saksgang.tickets import clarifications, policies
from saksgang.tickets.actions.assessment import assess
from saksgang.tickets.actions.assignment import assign, release
from saksgang.tickets.actions.closure import close, close_as_improvement
from saksgang.tickets.actions.core import clear_set_step, lock, put_first, store
from saksgang.tickets.actions.messages import tell
from saksgang.tickets.actions.reopening import FOLLOW_UP_MINUTES
from saksgang.tickets.clarifications import Due
from saksgang.tickets.kinds import CLOSING_DECISIONS, Consequence, Decision, Impact, MessageKind, NextStep, State
from saksgang.tickets.languages import in_their_languages
from saksgang.tickets.models import Clarification, Message, Ticket, TicketRequester

ROUTING = Robot("routing")


@transaction.atomic
def ask(
    *, ticket: Ticket, by: Person, question: str, words: str = "", urgent: bool = False, challenge: bool = False
) -> Clarification:
    """The case goes to the triage team with a question; an incident of priority 1 or 2 stays, with the question beside it.

    `words`: what its requesters are told. `urgent`: for the manager of the day instead of the next meeting. `challenge`: nobody can
    say which type of case it is; whoever decides does.
    """
    if not question.strip():
        raise policies.Refused(_("Write what you want the triage team to decide."))
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    asked = Clarification(
        triage=_whom_to_ask(ticket),
        question=question.strip(),
        asked_by=by,
        challenge=challenge and ticket.type is None,
        urgent=urgent,
    )
    return _ask(ticket, asked, by, lambda _due: _told(ticket, by, words))


@transaction.atomic
def ask_by_rule(*, ticket: Ticket, rule: RoutingRule, tell_them: bool) -> Clarification:
    """A routing rule sends a case that has just come to the triage team: none of the three types, until they say which.

    `tell_them`: its requesters hear of it in words of the product's own. That answers nobody, and is no priority and no end.
    """
    ticket = lock(ticket)
    asked = Clarification(
        triage=rule.team, question=rule.question, rule=rule, challenge=ticket.type is None, urgent=False
    )
    return _ask(ticket, asked, ROUTING, lambda due: _told_by_itself(ticket, due) if tell_them else {})


def _ask(ticket: Ticket, asked: Clarification, by: Actor, tell_them: Callable[[Due], dict[str, int]]) -> Clarification:
    due = clarifications.due_for(asked.triage, clock.now(), urgent=asked.urgent)
    asked.ticket, asked.asked_at = ticket, clock.now()
    asked.asking_team_id, asked.asking_assignee = ticket.team_id or 0, ticket.assignee
    asked.owner, asked.due_at, asked.at_meeting = due.owner, due.at, due.meeting is not None
    asked.save(force_insert=True)
    ticket.clarify_due_at = due.at
    ticket.clarifications_asked += 1
    if not clarifications.stays(ticket):
        _send(ticket, asked.triage, due.owner)
    after: dict[str, Any] = {
        "clarification_id": asked.pk,
        "urgent": asked.urgent,
        "clarify_due_at": due.at.isoformat(),
    }
    after |= tell_them(due)
    store(ticket, "clarification_asked", by=by, reason=asked.question, after=after)
    return asked


def _whom_to_ask(ticket: Ticket) -> Team:
    """Raises Refused where the case cannot be asked about now."""
    triage = clarifications.triage_team()
    if triage is None:
        raise policies.Refused(_("There is no triage team to ask."))
    if ticket.clarify_due_at:
        raise policies.Refused(_("The triage team has been asked about this case already."))
    policies.check_can("hand_over", ticket)
    return triage


def _send(ticket: Ticket, triage: Team, owner: Person | None) -> None:
    release(ticket)
    ticket.team, ticket.at_triage, ticket.postponed_to = triage, True, None
    clear_set_step(ticket)
    if owner:
        assign(ticket, owner)
        ticket.state = State.IN_PROGRESS


@transaction.atomic
def decide(
    *,
    clarification: Clarification,
    by: Person,
    decision: str,
    reason: str,
    words: str = "",
    team: Team | None = None,
    type: str | None = None,
    improvement_id: int | None = None,
    to: Iterable[int] | None = None,
) -> Message | None:
    """What becomes of the question, all of it in one step. `reason` stays in the desk, `words` go to the requesters.

    `team`: to which one, for TO_TEAM; `type`: of a challenge that goes on as a case; `improvement_id`, `to`: for IMPROVEMENT, as
    close_as_improvement() has them, whose message is returned. Raises Refused when it is decided already, or something is not said.
    """
    ticket = lock(clarification.ticket)
    asked = Clarification.objects.select_for_update().get(pk=clarification.pk)
    check_may(by, Permission.DECIDE_CLARIFICATIONS, team=asked.triage_id)
    went = ticket.at_triage
    _check_decision(asked, ticket, decision, reason, team)
    ticket = _with_type(asked, ticket, by, decision, type)
    if decision == Decision.IMPROVEMENT and improvement_id is None:
        raise policies.Refused(_("Say which improvement it becomes, or make a new one."))
    asked.decision, asked.decided_by, asked.decided_at = decision, by, clock.now()
    asked.reason = reason.strip()
    asked.save(update_fields=["decision", "decided_by", "decided_at", "reason"])
    ticket.at_triage, ticket.clarify_due_at = False, None
    after: dict[str, Any] = {"clarification_id": asked.pk, "decision": decision}
    ends = decision in CLOSING_DECISIONS
    if not ends:
        _move(ticket, asked, team if decision == Decision.TO_TEAM else None, went=went)
        after |= _told(ticket, by, words)
    store(ticket, "clarification_decided", by=by, reason=asked.reason, after=after)
    if improvement_id is not None and decision == Decision.IMPROVEMENT:
        return close_as_improvement(
            ticket=ticket,
            by=by,
            improvement_id=improvement_id,
            words=words,
            note=asked.reason,
            to=to,
            calls_by=asked.asking_team,
        )
    if ends:
        why = CLOSING_DECISIONS[Decision(decision)]
        close(ticket=ticket, by=by, reason=why, note=asked.reason, words=words, calls_by=asked.asking_team)
    return None


@transaction.atomic
def postpone(*, clarification: Clarification, by: Person, reason: str, words: str = "") -> Clarification:
    """Moves the question to the meeting after that which it waits for. It counts as untreated there all the same.

    `words` tell the requesters the new day. Raises Refused for what is urgent, and where no such meeting is near enough.
    """
    ticket = lock(clarification.ticket)
    asked = Clarification.objects.select_for_update().get(pk=clarification.pk)
    check_may(by, Permission.DECIDE_CLARIFICATIONS, team=asked.triage_id)
    if asked.decision:
        raise policies.Refused(_("This question is decided already."))
    if not reason.strip():
        raise policies.Refused(_("Say why it waits, for whoever asked."))
    meeting = clarifications.meeting_after(asked, clock.now())
    if meeting is None:
        raise policies.Refused(_("It cannot wait: it is urgent, or no later meeting is within ten working days."))
    asked.due_at, asked.at_meeting = meeting.starts_at, True
    asked.postponed_count += 1
    asked.save(update_fields=["due_at", "at_meeting", "postponed_count"])
    ticket.clarify_due_at, ticket.postponed_to = asked.due_at, None
    ticket.postponed_count += 1
    after = {"clarification_id": asked.pk, "clarify_due_at": asked.due_at.isoformat()} | _told(ticket, by, words)
    store(ticket, "clarification_postponed", by=by, reason=reason.strip(), after=after)
    return asked


@transaction.atomic
def escalate(*, clarification: Clarification, by: Robot) -> bool:
    """Nobody decided it at two meetings: the head of the section that asked is told, once. False when it is done already."""
    ticket = lock(clarification.ticket)
    asked = Clarification.objects.select_for_update(of=("self",)).select_related("asking_team").get(pk=clarification.pk)
    if asked.decision or asked.escalated_at:
        return False
    head = head_of(asked.asking_team.section)
    sees = head is not None and Ticket.objects.visible_to(head).filter(pk=ticket.pk).exists()
    asked.escalated_at, asked.escalated_to = clock.now(), head if sees else None
    asked.save(update_fields=["escalated_at", "escalated_to"])
    store(ticket, "clarification_escalated", by=by, after={"clarification_id": asked.pk})
    return True


def _check_decision(asked: Clarification, ticket: Ticket, decision: str, reason: str, team: Team | None) -> None:
    if asked.decision:
        raise policies.Refused(_("This question is decided already."))
    if not reason.strip():
        raise policies.Refused(_("Say why, for whoever asked."))
    if decision == Decision.TO_TEAM and (team is None or team.kind == TeamKind.TRIAGE):
        raise policies.Refused(_("Choose the team."))
    if not ticket.at_triage and decision != Decision.ANSWERED:
        raise policies.Refused(
            _("The case is with the team that works on it. Answer them: they hand it over or close it themselves.")
        )


def _with_type(asked: Clarification, ticket: Ticket, by: Person, decision: str, type: str | None) -> Ticket:
    """A challenge goes on as one of the three types. How much it hurts, whoever works on it finds out."""
    if not asked.challenge or ticket.type or decision in CLOSING_DECISIONS:
        return ticket
    if type not in TicketType.values:
        raise policies.Refused(_("Say which type of case it is, so that it can be worked on."))
    hurts = Consequence.UNKNOWN if type == TicketType.INCIDENT else None
    return assess(ticket=ticket, by=by, type=type, service=None, impact=Impact.UNKNOWN, consequence=hurts)


def _move(ticket: Ticket, asked: Clarification, team: Team | None, *, went: bool) -> None:
    """To the team that was chosen, or back to whoever asked. A question beside its case moves nothing."""
    if not went:
        return
    release(ticket)
    ticket.team, ticket.postponed_to = team or asked.asking_team, None
    clear_set_step(ticket)
    if team:
        return
    former = asked.asking_assignee
    if former and may(former, Permission.WORK_TICKETS, team=asked.asking_team_id):
        assign(ticket, former)
        ticket.state = State.IN_PROGRESS
    put_first(ticket, NextStep.FOLLOW_UP, minutes=FOLLOW_UP_MINUTES)


def _told_by_itself(ticket: Ticket, due: Due) -> dict[str, int]:
    """The requesters hear that the managers are asked, each in their language; nobody is there to write it."""
    requesters = TicketRequester.objects.filter(ticket=ticket).select_related("person")
    persons = [requester.person for requester in requesters]
    if not persons:
        return {}
    day = f"{clock.local(due.at):%d.%m.%Y}"
    said = {language: clarifications.words_of(ticket, day, language) for language in Language.values}
    words = in_their_languages(ticket, persons, said)
    return {"message_id": tell(ticket, by=ROUTING, words=words, kind=MessageKind.STATUS).pk}


def _told(ticket: Ticket, by: Person, words: str) -> dict[str, int]:
    """The message to the requesters, for the event. Raises Refused where there are any, and nothing is to be told."""
    if not TicketRequester.objects.filter(ticket=ticket).exists():
        return {}
    if not words.strip():
        raise policies.Refused(_("The requester is told in the same step. Write what to tell them."))
    return {"message_id": tell(ticket, by=by, words=words, kind=MessageKind.STATUS).pk}
