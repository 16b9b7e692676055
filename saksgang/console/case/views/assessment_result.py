"""The priority that the answers give, and why, while one still answers. Stores nothing."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from saksgang.access.roles import Permission
from saksgang.console.answers import fragment
from saksgang.console.case import facts
from saksgang.console.case.case import Case
from saksgang.console.case.forms.assessment import AssessmentForm
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions import assessment


@require_safe
@page(Permission.READ_TICKETS)
def show(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)
    form = AssessmentForm(case, bound=True)
    form.is_valid()  # what is not answered yet is only left out
    answers = assessment.Answers._make(form.cleaned_data.get(name) for name in assessment.Answers._fields)
    told = assessment.outlook(ticket=case.ticket, answers=answers) if answers.type and answers.impact else None
    context = {"told": told, "sentence": facts.sentence(told) if told else ""}
    return fragment(request, "console/case/result.html", context)
