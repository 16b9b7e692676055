"""A part of a case that another team does: a case of its own, with its own clock, that owes nobody outside an answer."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from saksgang.lib import clock
from saksgang.people.models import Person, Team, TeamKind
from saksgang.tickets import policies
from saksgang.tickets.actions.core import lock, store
from saksgang.tickets.actions.messages import write_own
from saksgang.tickets.actions.registration import announce, open_ticket
from saksgang.tickets.kinds import MessageKind, Visibility
from saksgang.tickets.models import Ticket


@transaction.atomic
def open_sub_case(*, ticket: Ticket, by: Person, team: Team, subject: str, words: str) -> Ticket:
    """Asks another team for a part of the case: `words` say what they should do. Returns the new case.

    Where the case is restricted, so is its part, to the same readers. Raises Refused for a part of a part.
    """
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    _check(ticket, team, words)
    part = open_ticket(
        subject=subject or ticket.subject,
        channel=ticket.channel,
        team=team,
        received_at=clock.now(),
        asked=[],
        affected_department=ticket.affected_department,
        place=ticket.place,
        callback_number=ticket.callback_number,
        equipment_number=ticket.equipment_number,
        like=ticket,
        parent=ticket,
    )
    note = write_own(part, by=by, kind=MessageKind.NOTE, words=words, visibility=Visibility.INTERNAL)
    announce(part, by=by, message=note, asked=[], acknowledge=False)
    ticket.sub_case_count += 1
    store(ticket, "sub_case_opened", by=by, after={"new_ticket_id": part.pk})
    return part


def _check(ticket: Ticket, team: Team, words: str) -> None:
    policies.check_can("hand_over", ticket)
    if ticket.parent_id:
        raise policies.Refused(
            _("This is a sub-case itself. Open the new one from case %(number)s.") % {"number": ticket.parent_id}
        )
    if team.pk == ticket.team_id or team.kind == TeamKind.TRIAGE:
        raise policies.Refused(_("Choose another team for the sub-case."))
    if not words.strip():
        raise policies.Refused(_("Say what the other team should do."))
