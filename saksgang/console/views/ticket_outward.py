"""«Skriv til andre»: a message to a supplier or another body, of which the requester is not told."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from saksgang.access.roles import Permission
from saksgang.console.forms.outward import OutwardForm
from saksgang.console.pages import ConsoleRequest, page
from saksgang.console.ticket_page import TicketPage
from saksgang.tickets.actions import outward


@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = TicketPage(request, number)
    form = OutwardForm(case, bound=case.posted)

    def write() -> None:
        said = form.cleaned_data
        outward.write(ticket=case.ticket, by=case.person, words=said["words"], to=said["to"], kept=form.kept_files)

    return case.run(form, write, _("The message is on its way. The requester is not told."))
