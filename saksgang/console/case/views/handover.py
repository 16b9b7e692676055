"""Handing a case over to another team."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.forms.moving import HandoverForm
from saksgang.console.case.page import carry_out
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions import assignment


@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)
    form = HandoverForm(case, bound=case.posted)

    def hand_over() -> None:
        assignment.hand_over(ticket=case.ticket, by=case.person, **form.cleaned_data)

    team = form.cleaned_data.get("team") if form.is_bound and form.is_valid() else None
    done = _("Handed over to %(team)s.") % {"team": team.name if team else ""}
    undo = f"{reverse('console:ticket_assignment', args=[number])}?do=hand_back"
    return carry_out(case, form, hand_over, done, undo=undo)
