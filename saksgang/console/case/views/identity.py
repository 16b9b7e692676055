"""Who asks: checked before they get what demands it."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.forms.identity import IdentityForm
from saksgang.console.case.page import carry_out
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions import identity


@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)
    form = IdentityForm(case, bound=case.posted)

    def prove() -> None:
        identity.prove(ticket=case.ticket, by=case.person, **form.cleaned_data)

    return carry_out(case, form, prove, _("It is kept that you checked who asks."))
