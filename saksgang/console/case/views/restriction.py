"""Who may read a case: everybody in the desk, or only those who are named."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.forms.restriction import RestrictionForm
from saksgang.console.case.page import carry_out
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions import restriction


@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)
    form = RestrictionForm(case, bound=case.posted)

    def restrict() -> None:
        facts = form.cleaned_data
        restriction.restrict(ticket=case.ticket, by=case.person, readers=facts["readers"], reason=facts["reason"])

    def lift() -> None:
        restriction.lift(ticket=case.ticket, by=case.person, reason=form.cleaned_data["reason"])

    if request.POST.get("do") == "lift":
        return carry_out(case, form, lift, _("Everybody in the desk can read the case again."))
    return carry_out(case, form, restrict, _("Only those who are named can read the case now."))
