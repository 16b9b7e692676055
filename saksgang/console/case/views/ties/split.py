"""One case that was about two things becomes two."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.forms.ties import SplitForm
from saksgang.console.case.page import carry_out
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions.ties import splitting


@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)
    form = SplitForm(case, bound=case.posted)

    def divide() -> None:
        said = form.cleaned_data
        splitting.split(ticket=case.ticket, by=case.person, messages=said["chosen"], subject=said["subject"])

    return carry_out(case, form, divide, _("The case is split. The new one stands among the linked cases."))
