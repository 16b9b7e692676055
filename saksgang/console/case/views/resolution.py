"""Answer and solve in one step, with the facts that the case still lacked."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.forms.ending import ResolutionForm
from saksgang.console.case.page import carry_out
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions import assessment, resolution

WRITTEN = ("words", "technical", "cc", "orally", "over")


@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)
    form = ResolutionForm(case, bound=case.posted)

    @transaction.atomic
    def resolve() -> None:
        if form.missing():
            assessment.assess(ticket=case.ticket, by=case.person, **form.assessed())
        written = {name: form.cleaned_data[name] for name in WRITTEN}
        resolution.resolve(ticket=case.ticket, by=case.person, kept=form.kept_files, **written)

    return carry_out(case, form, resolve, _("The case is solved."))
