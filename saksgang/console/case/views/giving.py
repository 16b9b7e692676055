"""Giving a case to a colleague, who is told so."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.forms.moving import GivingForm
from saksgang.console.case.page import carry_out
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions import assignment


@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)
    form = GivingForm(case, bound=case.posted)

    def give() -> None:
        assignment.give(ticket=case.ticket, by=case.person, **form.cleaned_data)

    to = form.cleaned_data.get("to") if form.is_bound and form.is_valid() else None
    done = _("%(name)s has the case now, and is told.") % {"name": to.name if to else ""}
    return carry_out(case, form, give, done, undo=f"{reverse('console:ticket_assignment', args=[number])}?do=give_back")
