"""Which department the case is about."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.forms.facts import DepartmentForm
from saksgang.console.case.page import carry_out
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions import facts


@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)
    form = DepartmentForm(case, bound=case.posted)

    def mend() -> None:
        facts.change_department(ticket=case.ticket, by=case.person, **form.cleaned_data)

    return carry_out(case, form, mend, _("The department is changed."), undo=case.undo_url)
