"""Another priority than the computed one, and back."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.forms.assessment import PriorityForm
from saksgang.console.case.page import carry_out, press
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions import assessment


@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)
    if request.POST.get("do") == "drop":
        return _drop(case)
    form = PriorityForm(case, bound=case.posted)

    def override() -> None:
        assessment.override(ticket=case.ticket, by=case.person, **form.cleaned_data)

    return carry_out(case, form, override, _("The priority is set."))


def _drop(case: Case) -> HttpResponse:
    def drop() -> None:
        assessment.drop_override(ticket=case.ticket, by=case.person)

    return press(case, drop, _("The computed priority counts again."))
