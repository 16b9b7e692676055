"""Undoing one's own last change of the facts, or that one closed the case, as long as nothing else has happened on it.

A merge is undone at any time.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.page import press
from saksgang.console.case.undoing import goes_back
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions import closure, facts
from saksgang.tickets.actions.ties import merging


@require_POST
@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)

    def undo_change() -> None:
        facts.undo_change(ticket=case.ticket, by=case.person)

    def undo_closing() -> None:
        closure.undo_closing(ticket=case.ticket, by=case.person)

    def undo_merge() -> None:
        merging.undo_merge(ticket=case.ticket, by=case.person)

    if request.GET.get("do") == "merge":
        return press(case, undo_merge, _("The merge is undone: the case is itself again."))
    if request.GET.get("do") == "closing":
        return press(case, undo_closing, goes_back(case.ticket))
    return press(case, undo_change, _("Undone: the case says what it said before."))
