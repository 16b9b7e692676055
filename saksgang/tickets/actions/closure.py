"""Closing otherwise than by solving: always with a reason, and never past somebody who is owed an answer (clause H2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saksgang.events.actions import Robot
from saksgang.people.models import Person, Team
from saksgang.tickets import policies
from saksgang.tickets.actions import told
from saksgang.tickets.actions.core import lock, store
from saksgang.tickets.actions.ending import end, lock_with_parent, settle_parts, tell_parent
from saksgang.tickets.actions.freshness import own_newest
from saksgang.tickets.actions.identity import check_proven
from saksgang.tickets.actions.messages import speak
from saksgang.tickets.actions.resolution import check_all_answered
from saksgang.tickets.actions.telling import calling
from saksgang.tickets.actions.undoing import ends, put_where_it_was
from saksgang.tickets.kinds import NOBODY_IS_OWED, REQUESTER_IS_TOLD, CloseReason, EndsAs, MessageKind
from saksgang.tickets.models import Message, Ticket, TicketRequester
from saksgang.tickets.rules.deadlines import REMINDER_DAYS

# These say more than the reason itself does. What to say to somebody who leaves it out.
NEEDS_NOTE = {
    CloseReason.REFERRED: gettext_lazy("Write whom it was referred to."),
    CloseReason.DECLINED: gettext_lazy("Write who declined it, and why."),
    CloseReason.UNREACHABLE: gettext_lazy("Write how and how often you tried."),
    CloseReason.ANSWERED_ORALLY: gettext_lazy("Write whom you answered, and what."),
}


@transaction.atomic
def close(
    *,
    ticket: Ticket,
    by: Person,
    reason: str,
    note: str = "",
    words: str = "",
    sub_cases: str = "",
    calls_by: Team | None = None,
) -> Ticket:
    """Closes with a reason. `note` stays in the desk; `words` go to the requester, where the reason demands it.

    `sub_cases`: what becomes of those that are open (ending.Parts). `calls_by`: the team that phones those whom no mail reaches; the
    case ends when it has. None: they must have been phoned already.
    """
    _check_reason(reason, note)
    ticket = lock_with_parent(ticket)
    policies.check_may_work(by, ticket)
    policies.check_can("close", ticket)
    withdrawn = settle_parts(ticket, by=by, what=sub_cases)
    reminded = ticket.reminders_sent >= len(REMINDER_DAYS) and not calling.waiting(ticket).exists()
    if reason == CloseReason.NO_REPLY and not reminded:
        raise policies.Refused(_("The requester has not been reminded twice yet."))
    if reason == CloseReason.ANSWERED_ORALLY:
        check_proven(ticket)
    after: dict[str, Any] = {"sub_case_ids": withdrawn} if withdrawn else {}
    ended = ends(ticket)
    if reason in REQUESTER_IS_TOLD and TicketRequester.objects.filter(ticket=ticket).exists():
        if not words.strip():
            raise policies.Refused(_("The requester is told in the same step. Write what to tell them."))
        after["message_id"] = speak(ticket, by=by, words=words, kind=MessageKind.CLOSING).pk
        if calls_by and told.must_be_phoned_first(ticket):
            told.put_off(ticket, ends_as=reason, note=note, team=calls_by, by=by, after=after)
            return ticket
    if reason not in NOBODY_IS_OWED:
        check_all_answered(ticket)
    end(ticket, reason=reason, note=note, by=by)
    store(ticket, "ticket_closed", by=by, before=ended, after=after)
    tell_parent(ticket, by=by, words=note or str(CloseReason(reason).label))
    return ticket


def _check_reason(reason: str, note: str) -> None:
    """Raises Refused for a reason that another action sets, and for one that says too little by itself."""
    if reason in (CloseReason.DUPLICATE, CloseReason.MERGED, CloseReason.IMPORTED):
        raise policies.Refused(_("This reason is set by its own action."))
    if reason == CloseReason.BECAME_IMPROVEMENT:
        raise policies.Refused(
            _("Put it on a team's list of improvements: then its requester hears what becomes of it.")
        )
    if reason in NEEDS_NOTE and not note.strip():
        raise policies.Refused(str(NEEDS_NOTE[CloseReason(reason)]))


@transaction.atomic
def undo_closing(*, ticket: Ticket, by: Person) -> Ticket:
    """The case is where it was before one closed it: nobody was told, and nothing has happened on it since."""
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    closed = own_newest(ticket, by, "ticket_closed")
    if closed.after.keys() & {"message_id", "sub_case_ids", "improvement_id", "was_put_off"}:
        raise policies.Refused(_("Others have been told that it is closed. Open it again, and say why."))
    ticket.close_reason = ticket.closed_at = ticket.closed_by = None
    ticket.close_note = ""
    store(ticket, "closing_reverted", by=by, since=put_where_it_was(ticket, closed))
    return ticket


@transaction.atomic
def close_as_improvement(
    *,
    ticket: Ticket,
    by: Person,
    improvement_id: int,
    words: str,
    note: str = "",
    to: Iterable[int] | None = None,
    sub_cases: str = "",
    calls_by: Team | None = None,
) -> Message | None:
    """It stands on a team's list from now on, as the improvement with this id: for the room that keeps the lists.

    Its requesters (ids of persons; None: all) are told with `words`. None is returned where nobody asked.
    `sub_cases`, `calls_by`: as for closing.
    """
    ticket = lock_with_parent(ticket)
    policies.check_may_work(by, ticket)
    policies.check_can("close", ticket)
    if ticket.restricted:
        raise policies.Refused(_("This case is restricted: more people would read about it on a list of improvements."))
    withdrawn = settle_parts(ticket, by=by, what=sub_cases)
    ended = ends(ticket)
    message = None
    if TicketRequester.objects.filter(ticket=ticket).exists():
        if not words.strip():
            raise policies.Refused(_("The requester is told in the same step. Write what to tell them."))
        message = speak(ticket, by=by, words=words, kind=MessageKind.CLOSING, to=to)
    after: dict[str, Any] = {"improvement_id": improvement_id} | ({"sub_case_ids": withdrawn} if withdrawn else {})
    after |= {"message_id": message.pk} if message else {}
    if calls_by and told.must_be_phoned_first(ticket):
        told.put_off(ticket, ends_as=EndsAs.BECAME_IMPROVEMENT, note=note, team=calls_by, by=by, after=after)
        return message
    check_all_answered(ticket)
    end(ticket, reason=CloseReason.BECAME_IMPROVEMENT, note=note, by=by)
    store(ticket, "ticket_closed", by=by, before=ended, after=after)
    tell_parent(ticket, by=by, words=note or str(CloseReason.BECAME_IMPROVEMENT.label))
    return message


@transaction.atomic
def close_after_window(*, ticket: Ticket, by: Robot) -> Ticket:
    """Fourteen days after it was solved, without a word. The solution mail said so."""
    ticket = lock(ticket)
    policies.check_can("close_after_window", ticket)
    end(ticket, reason=None, note="", by=by)
    store(ticket, "ticket_closed", by=by)
    return ticket
