"""Moving the next step with a reason; promising a date for an order; ending a wait early."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.forms.moving import PostponementForm, PromiseForm
from saksgang.console.case.page import carry_out, press
from saksgang.console.pages import ConsoleRequest, page
from saksgang.lib import clock
from saksgang.tickets.actions import waiting
from saksgang.ui.dates import short_when


@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)
    if request.POST.get("do") == "resume":
        return _resume(case)
    if request.POST.get("do") == "promise":
        promised = PromiseForm(case, bound=True)

        def promise() -> None:
            waiting.promise(ticket=case.ticket, by=case.person, **promised.cleaned_data)

        return carry_out(case, promised, promise, _("The date is promised, and the requester is told."))
    form = PostponementForm(case, bound=case.posted)

    def postpone() -> None:
        waiting.postpone(ticket=case.ticket, by=case.person, **form.cleaned_data)

    until = form.cleaned_data.get("until") if form.is_bound and form.is_valid() else None
    when = {"when": short_when(until, clock.now()) if until else ""}
    return carry_out(case, form, postpone, _("The next step is postponed: %(when)s.") % when)


def _resume(case: Case) -> HttpResponse:
    def resume() -> None:
        waiting.resume(ticket=case.ticket, by=case.person)

    return press(case, resume, _("The wait is over."))
