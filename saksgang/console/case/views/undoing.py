"""Undoing one's own last change of the case, as long as nothing else has happened on it."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.page import press
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions import facts


@require_POST
@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)

    def undo() -> None:
        facts.undo_change(ticket=case.ticket, by=case.person)

    return press(case, undo, _("Undone: the case says what it said before."))
