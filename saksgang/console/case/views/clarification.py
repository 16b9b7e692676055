"""Asking the triage team about a case."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.forms.clarification import ClarificationForm
from saksgang.console.case.page import carry_out
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions import clarification


@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)
    form = ClarificationForm(case, bound=case.posted)

    def ask() -> None:
        clarification.ask(ticket=case.ticket, by=case.person, **form.cleaned_data)

    return carry_out(case, form, ask, _("The triage team has been asked."))
