"""Closing otherwise than by solving: always with a reason, and never past somebody who is owed an answer (clause H2)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saksgang.events.actions import Actor, Robot
from saksgang.lib import clock
from saksgang.people.models import Person
from saksgang.tickets import policies
from saksgang.tickets.actions.core import lock, store
from saksgang.tickets.actions.freshness import own_newest
from saksgang.tickets.actions.identity import check_proven
from saksgang.tickets.actions.messages import speak
from saksgang.tickets.actions.registration import add_requester
from saksgang.tickets.actions.resolution import check_all_answered
from saksgang.tickets.actions.undoing import ends, put_where_it_was
from saksgang.tickets.kinds import NOBODY_IS_OWED, REQUESTER_IS_TOLD, CloseReason, LinkKind, MessageKind, State
from saksgang.tickets.models import Ticket, TicketLink, TicketRequester
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
) -> Ticket:
    """Closes with a reason. `note` stays in the desk; `words` go to the requester, where the reason demands it."""
    if reason in (CloseReason.DUPLICATE, CloseReason.MERGED, CloseReason.IMPORTED):
        raise policies.Refused(_("This reason is set by its own action."))
    if reason in NEEDS_NOTE and not note.strip():
        raise policies.Refused(str(NEEDS_NOTE[CloseReason(reason)]))
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    policies.check_can("close", ticket)
    if reason == CloseReason.NO_REPLY and ticket.reminders_sent < len(REMINDER_DAYS):
        raise policies.Refused(_("The requester has not been reminded twice yet."))
    if reason == CloseReason.ANSWERED_ORALLY:
        check_proven(ticket)
    after: dict[str, Any] = {}
    ended = ends(ticket)
    if reason in REQUESTER_IS_TOLD and TicketRequester.objects.filter(ticket=ticket).exists():
        if not words.strip():
            raise policies.Refused(_("The requester is told in the same step. Write what to tell them."))
        after["message_id"] = speak(ticket, by=by, words=words, kind=MessageKind.CLOSING).pk
    if reason not in NOBODY_IS_OWED:
        check_all_answered(ticket)
    _close(ticket, reason=reason, note=note, by=by)
    store(ticket, "ticket_closed", by=by, before=ended, after=after)
    return ticket


@transaction.atomic
def undo_closing(*, ticket: Ticket, by: Person) -> Ticket:
    """The case is where it was before one closed it: nobody was told, and nothing has happened on it since."""
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    closed = own_newest(ticket, by, "ticket_closed")
    if closed.after.keys() & {"message_id", "duplicate_of"}:
        raise policies.Refused(_("Others have been told that it is closed. Open it again, and say why."))
    ticket.close_reason = ticket.closed_at = ticket.closed_by = None
    ticket.close_note = ""
    store(ticket, "closing_reverted", by=by, since=put_where_it_was(ticket, closed))
    return ticket


@transaction.atomic
def close_as_duplicate(*, ticket: Ticket, by: Person, original: Ticket) -> Ticket:
    """The same matter stands in another case: its requesters are owed their answer there from now on."""
    if original.pk == ticket.pk:
        raise policies.Refused(_("A case cannot be a duplicate of itself."))
    # Always the lower number first, so that two agents who close each other's case never wait for one another.
    first, second = sorted((ticket, original), key=lambda one: one.pk)
    locked = {one.pk: lock(one) for one in (first, second)}
    ticket = locked[ticket.pk]
    policies.check_may_work(by, ticket)
    if not locked[original.pk].open:
        raise policies.Refused(
            _("Case %(number)s is solved or closed. Solve this one by itself.") % {"number": original.pk}
        )
    policies.check_can("close", ticket)
    if ticket.restricted and not locked[original.pk].restricted:
        raise policies.Refused(
            _("This case is restricted, and case %(number)s is not: more people would read what comes.")
            % {"number": original.pk}
        )
    for requester in TicketRequester.objects.filter(ticket=ticket).select_related("person"):
        add_requester(ticket=original, person=requester.person, by=by, owed_since=requester.answer_owed_since)
    TicketRequester.objects.filter(ticket=ticket).update(answer_owed_since=None)  # owed over there now
    TicketLink.objects.get_or_create(ticket=ticket, other=original, kind=LinkKind.DUPLICATE)
    _close(ticket, reason=CloseReason.DUPLICATE, note="", by=by)
    store(ticket, "ticket_closed", by=by, after={"duplicate_of": original.pk})
    return ticket


@transaction.atomic
def close_after_window(*, ticket: Ticket, by: Robot) -> Ticket:
    """Fourteen days after it was solved, without a word. The solution mail said so."""
    ticket = lock(ticket)
    policies.check_can("close_after_window", ticket)
    _close(ticket, reason=None, note="", by=by)
    store(ticket, "ticket_closed", by=by)
    return ticket


def _close(ticket: Ticket, *, reason: str | None, note: str, by: Actor) -> None:
    ticket.last_assignee = ticket.assignee or ticket.last_assignee
    ticket.state = State.CLOSED
    ticket.close_reason, ticket.close_note = reason, note.strip()
    ticket.closed_at = clock.now()
    ticket.closed_by = by if isinstance(by, Person) else None
    ticket.closed_by_robot = by.name if isinstance(by, Robot) else ""
    ticket.new_message_at = ticket.thanked_at = None
