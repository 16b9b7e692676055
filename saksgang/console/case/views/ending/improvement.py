"""Making an improvement of a case: it is closed, and its requester told, in the same step."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.forms.improvement import ImprovementForm
from saksgang.console.case.page import carry_out
from saksgang.console.pages import ConsoleRequest, page
from saksgang.improvements.actions.taking_in import take_in


@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)
    form = ImprovementForm(case, bound=case.posted)

    def become() -> None:
        parts = form.cleaned_data["sub_cases"]
        take_in(ticket=case.ticket, by=case.person, into=form.become(), words=form.said(), sub_cases=parts)

    return carry_out(case, form, become, _("The case is closed, and stands on the list of improvements."))
