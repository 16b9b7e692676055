"""Closing without a solution, always with a reason; and opening again."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.forms.ending import ClosureForm, ReopeningForm
from saksgang.console.case.page import carry_out
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions import closure, reopening
from saksgang.tickets.kinds import REQUESTER_IS_TOLD, CloseReason
from saksgang.tickets.models import Ticket
from saksgang.tickets.policies import Refused

SAID = ("reason", "note", "words")


@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)
    if request.POST.get("do") == "reopen":
        again = ReopeningForm(case, bound=True)

        def reopen() -> None:
            reopening.reopen(ticket=case.ticket, by=case.person, reason=again.cleaned_data["reason"])

        return carry_out(case, again, reopen, _("The case is open again."))
    form = ClosureForm(case, bound=case.posted)

    def close() -> None:
        said = {name: form.cleaned_data[name] for name in SAID}
        if said["reason"] == CloseReason.DUPLICATE:
            original = _visible(case, form.cleaned_data["original"])
            closure.close_as_duplicate(ticket=case.ticket, by=case.person, original=original)
        else:
            closure.close(ticket=case.ticket, by=case.person, **said)

    def original() -> list[int]:
        said = form.cleaned_data
        return [said["original"]] if said["reason"] == CloseReason.DUPLICATE and said["original"] else []

    said = form.cleaned_data if form.is_bound and form.is_valid() else {}
    return carry_out(case, form, close, _done(said), beside=original, undo=_undo(case, said))


def _done(said: dict[str, Any]) -> str:
    if said.get("reason") == CloseReason.DUPLICATE:
        return _("The case is closed: it goes on as #%(number)s.") % {"number": said["original"]}
    return _("The case is closed: %(reason)s.") % {"reason": CloseReason(said["reason"]).label} if said else ""


def _undo(case: Case, said: dict[str, Any]) -> str:
    """What others were told of is not undone by a press: a mail is taken back as long as it has not left."""
    told = said.get("reason") in (CloseReason.DUPLICATE, *REQUESTER_IS_TOLD) and bool(case.requesters)
    return "" if told else f"{reverse('console:ticket_undoing', args=[case.ticket.pk])}?do=closing"


def _visible(case: Case, number: int) -> Ticket:
    """The case with this number. One that the person may not see is answered like one that is not there."""
    original = Ticket.objects.visible_to(case.person).filter(pk=number).first()
    if original is None:
        raise Refused(_("There is no case %(number)s.") % {"number": number})
    return original
