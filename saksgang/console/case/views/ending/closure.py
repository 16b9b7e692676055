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
from saksgang.tickets.actions.ties import merging
from saksgang.tickets.kinds import REQUESTER_IS_TOLD, CloseReason
from saksgang.tickets.merges import seen_case

SAID = ("reason", "note", "words", "sub_cases")


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
        if said["reason"] == CloseReason.MERGED:
            into = seen_case(case.person, form.cleaned_data["into"])
            merging.merge(ticket=case.ticket, into=into, by=case.person)
        else:
            closure.close(ticket=case.ticket, by=case.person, **said)

    def into() -> list[int]:
        said = form.cleaned_data
        return [said["into"]] if said["reason"] == CloseReason.MERGED and said["into"] else []

    said = form.cleaned_data if form.is_bound and form.is_valid() else {}
    return carry_out(case, form, close, _done(said), beside=into, undo=_undo(case, said))


def _done(said: dict[str, Any]) -> str:
    if said.get("reason") == CloseReason.MERGED:
        return _("The cases are merged: they go on as #%(number)s.") % {"number": said["into"]}
    return _("The case is closed: %(reason)s.") % {"reason": CloseReason(said["reason"]).label} if said else ""


def _undo(case: Case, said: dict[str, Any]) -> str:
    """What others were told of is not undone by a press: a mail is taken back as long as it has not left."""
    told = said.get("reason") in REQUESTER_IS_TOLD and bool(case.requesters)
    what = "merge" if said.get("reason") == CloseReason.MERGED else "closing"
    return "" if told else f"{reverse('console:ticket_undoing', args=[case.ticket.pk])}?do={what}"
