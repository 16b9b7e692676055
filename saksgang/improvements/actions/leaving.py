"""A case stands behind an improvement no more: its closing was taken back, or it was opened again and is something else."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from saksgang.access.queries import NotAllowed
from saksgang.access.roles import Permission
from saksgang.events.actions import record
from saksgang.improvements.actions.ranking import close_gap, hold_list
from saksgang.improvements.models import Improvement, ImprovementCase, ImprovementWord
from saksgang.improvements.policies import may_decide
from saksgang.people.models import Person
from saksgang.tickets.actions.core import lock
from saksgang.tickets.actions.taking_back import take_back
from saksgang.tickets.models import Message, Ticket
from saksgang.tickets.policies import Refused, may_work


@transaction.atomic
def take_out(*, ticket: Ticket, by: Person, reason: str) -> None:
    """An open case is something else after all: its requesters hear of the improvement no more."""
    ticket = lock(ticket)
    case = ImprovementCase.objects.select_related("improvement").get(ticket=ticket)
    if not (may_work(by, ticket) or may_decide(by, case.improvement.team_id)):
        raise NotAllowed(Permission.DECIDE_IMPROVEMENTS)
    if not ticket.open:
        raise Refused(_("The case is closed. Open it again first."))
    if not reason.strip():
        raise Refused(_("Say why it is taken out."))
    _leave(case, by, reason)


@transaction.atomic
def take_back_message(*, message: Message, by: Person) -> Ticket:
    """Takes back what one has just sent. A case that became an improvement by it is open again, and stands behind it no more."""
    ticket = take_back(message=message, by=by)
    case = (
        ImprovementCase.objects.filter(ticket=ticket, joined_at__gte=message.at).select_related("improvement").first()
    )
    if case:
        ImprovementWord.objects.filter(message=message).delete()
        _leave(case, by, "")
        _withdraw(case.improvement, by)
    return ticket


def _leave(case: ImprovementCase, by: Person, reason: str) -> None:
    """What was written to its requesters until now is theirs; they hear no more."""
    number, improvement = case.ticket_id, case.improvement
    case.delete()
    record("improvement_case_removed", by=by, subject=improvement, before={"case": number}, reason=reason.strip())


def _withdraw(improvement: Improvement, by: Person) -> None:
    """One that was made with the case that left, and on which nothing has been decided, goes with it."""
    hold_list(improvement.team_id)
    if improvement.made_by_id != by.pk or improvement.cases.exists() or improvement.steps.count() > 1:
        return
    ImprovementWord.objects.filter(step__improvement=improvement).delete()
    improvement.steps.all().delete()
    record("improvement_withdrawn", by=by, subject=improvement, before={"team_id": improvement.team_id})
    gone = Improvement.objects.get(pk=improvement.pk)
    improvement.delete()
    if gone.rank is not None:
        close_gap(gone.team_id, gone.rank)
