"""Handing a case over to another team."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from saksgang.access.roles import Permission
from saksgang.console.forms.moving import HandoverForm
from saksgang.console.pages import ConsoleRequest, page
from saksgang.console.ticket_page import TicketPage
from saksgang.tickets.actions import assignment


@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = TicketPage(request, number)
    form = HandoverForm(case, bound=case.posted)

    def hand_over() -> None:
        assignment.hand_over(ticket=case.ticket, by=case.person, **form.cleaned_data)

    team = form.cleaned_data.get("team") if form.is_bound and form.is_valid() else None
    return case.run(form, hand_over, _("Handed over to %(team)s.") % {"team": team.name if team else ""})
