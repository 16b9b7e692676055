"""Ticking off that one was mentioned in a note."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.page import press
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions.telling import mentioning


@require_POST
@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)

    def tick_off() -> None:
        mentioning.tick_off(ticket=case.ticket, by=case.person)

    return press(case, tick_off, _("Ticked off: the case has left your list of mentions."))
