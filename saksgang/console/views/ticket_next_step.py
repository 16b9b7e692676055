"""Moving the next step with a reason; promising a date for an order; ending a wait early."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from saksgang.access.roles import Permission
from saksgang.console.forms.moving import PostponementForm, PromiseForm
from saksgang.console.pages import ConsoleRequest, page
from saksgang.console.ticket_page import TicketPage
from saksgang.tickets.actions import waiting


@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = TicketPage(request, number)
    if request.POST.get("do") == "resume":
        return _resume(case)
    if request.POST.get("do") == "promise":
        promised = PromiseForm(case, bound=True)

        def promise() -> None:
            waiting.promise(ticket=case.ticket, by=case.person, **promised.cleaned_data)

        return case.run(promised, promise, _("The date is promised, and the requester is told."))
    form = PostponementForm(case, bound=case.posted)

    def postpone() -> None:
        waiting.postpone(ticket=case.ticket, by=case.person, **form.cleaned_data)

    return case.run(form, postpone, _("The next step is postponed."))


def _resume(case: TicketPage) -> HttpResponse:
    def resume() -> None:
        waiting.resume(ticket=case.ticket, by=case.person)

    return case.press(resume, _("The wait is over."))
