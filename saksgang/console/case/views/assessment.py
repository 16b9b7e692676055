"""Assessing a case; its priority follows."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from saksgang.access.roles import Permission
from saksgang.console import harm
from saksgang.console.case.belongs import belongs
from saksgang.console.case.case import Case
from saksgang.console.case.forms.assessment import AssessmentForm
from saksgang.console.case.page import carry_out
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions import assessment, assignment

ANSWERS = ("type", "service", "category", "impact", "needed_by", "danger", "danger_note", *harm.NAMES)


@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)
    form = AssessmentForm(case, bound=case.posted)

    def assess() -> None:
        goes_to = belongs(case.ticket, form.cleaned_data["service"], form.cleaned_data["category"])
        answers = {name: form.cleaned_data[name] for name in ANSWERS}
        consequence = form.cleaned_data["consequence"] or None
        assessment.assess(ticket=case.ticket, by=case.person, consequence=consequence, **answers)
        if goes_to and form.cleaned_data["hand_over"]:  # the agent has said so in the same step
            assignment.hand_over(ticket=case.ticket, by=case.person, team=goes_to.team, reason=goes_to.why)

    return carry_out(case, form, assess, _("The case is assessed. Its priority and the reason for it stand beside it."))
