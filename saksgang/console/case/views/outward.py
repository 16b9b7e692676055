"""«Skriv til andre»: a message to a supplier or another body, of which the requester is not told."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.forms.outward import OutwardForm
from saksgang.console.case.page import carry_out
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions import outward


@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)
    form = OutwardForm(case, bound=case.posted)

    def write() -> None:
        said = form.cleaned_data
        outward.write(ticket=case.ticket, by=case.person, words=said["words"], to=said["to"], kept=form.kept_files)

    return carry_out(case, form, write, _("The message is on its way. The requester is not told."))
