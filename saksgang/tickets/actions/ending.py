"""How a case ends, and what that is for the case that it is a part of, and for its own parts with other teams."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from saksgang.events.actions import Actor, Robot
from saksgang.lib import clock
from saksgang.people.models import Person
from saksgang.tickets import policies
from saksgang.tickets.actions.core import lock, put_first, store
from saksgang.tickets.actions.deviation import check_reported
from saksgang.tickets.actions.messages import write_own
from saksgang.tickets.kinds import CloseReason, MessageKind, NextStep, State, Visibility
from saksgang.tickets.models import Ticket

READ_END_MINUTES = 120


class Parts(models.TextChoices):
    """What becomes of open sub-cases when their case is closed."""

    KEEP = "KEEP", pgettext_lazy("sub-cases", "They go on by themselves")
    CLOSE = "CLOSE", pgettext_lazy("sub-cases", "They are closed too: the other teams need not do it")


def end(ticket: Ticket, *, reason: str | None, note: str, by: Actor) -> None:
    """The case as closed, by whom and why. The caller asks whether it may be, and stores.

    Raises Refused where a deviation must be reported first.
    """
    check_reported(ticket, closing=reason)
    ticket.last_assignee = ticket.assignee or ticket.last_assignee
    ticket.state = State.CLOSED
    ticket.close_reason, ticket.close_note = reason, note.strip()
    ticket.closed_at = clock.now()
    ticket.closed_by = by if isinstance(by, Person) else None
    ticket.closed_by_robot = by.name if isinstance(by, Robot) else ""
    ticket.new_message_at = ticket.thanked_at = None


def lock_with_parent(ticket: Ticket) -> Ticket:
    """The case, locked, and before it the one that it is a part of, whose number is the lower one."""
    if ticket.parent_id:
        lock(Ticket(pk=ticket.parent_id))
    return lock(ticket)


def open_parts(ticket: Ticket) -> list[Ticket]:
    """The sub-cases that are not done yet."""
    if not ticket.sub_case_count:
        return []
    return list(Ticket.objects.filter(parent=ticket, open=1).order_by("pk"))


def check_parts_done(ticket: Ticket, *, why: str) -> None:
    """Raises Refused while a sub-case is open and nobody has said `why` the case is solved without it."""
    parts = open_parts(ticket)
    if parts and not why.strip():
        numbers = ", ".join(f"#{one.pk}" for one in parts)
        raise policies.Refused(
            _("Sub-case %(numbers)s is not done. Wait for it, or say why the case is solved without it.")
            % {"numbers": numbers}
        )


def settle_parts(ticket: Ticket, *, by: Person, what: str) -> list[int]:
    """Returns the numbers of those that are closed with it. Raises Refused where some are open and nobody says what becomes of them.

    Whoever closes the case takes back what they asked of other teams: that needs no work of theirs.
    """
    parts = open_parts(ticket)
    if parts and what not in Parts.values:
        numbers = ", ".join(f"#{one.pk}" for one in parts)
        raise policies.Refused(_("Sub-case %(numbers)s is not done. Say what becomes of it.") % {"numbers": numbers})
    withdrawn = parts if what == Parts.CLOSE else []
    for one in withdrawn:
        part = lock(one)
        end(part, reason=CloseReason.WITHDRAWN, note="", by=by)
        store(part, "sub_case_withdrawn", by=by, after={"parent_ticket_id": ticket.pk})
    return [one.pk for one in withdrawn]


def tell_parent(ticket: Ticket, *, by: Person, words: str) -> None:
    """The end of a sub-case, as a note and the next step on the case that it is a part of. Nobody outside is told.

    Of a restricted one only that it is done, where more people read the whole.
    """
    if ticket.parent_id is None:
        return
    parent = lock(Ticket(pk=ticket.parent_id))
    said = _("Sub-case #%(number)s is done: %(words)s") % {"number": ticket.pk, "words": words.strip()}
    if ticket.restricted and not parent.restricted:
        said = _("Sub-case #%(number)s is done.") % {"number": ticket.pk}
    note = write_own(parent, by=by, kind=MessageKind.NOTE, words=said, visibility=Visibility.INTERNAL)
    if parent.open:
        put_first(parent, NextStep.FOLLOW_UP, minutes=READ_END_MINUTES)
    store(parent, "sub_case_ended", by=by, after={"message_id": note.pk, "sub_case_id": ticket.pk})
