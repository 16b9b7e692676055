"""The priority that the answers give, and why, while one still answers. Stores nothing."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from saksgang.access.roles import Permission
from saksgang.console.answers import fragment
from saksgang.console.case import facts
from saksgang.console.case.belongs import belongs
from saksgang.console.case.case import Case
from saksgang.console.case.forms.assessment import AssessmentForm
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets import neighbours
from saksgang.tickets.actions import assessment
from saksgang.tickets.kinds import Impact
from saksgang.tickets.rules.priority import MANY_USERS


@require_safe
@page(Permission.READ_TICKETS)
def show(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)
    form = AssessmentForm(case, bound=True)
    form.is_valid()  # what is not answered yet is only left out
    answers = assessment.Answers._make(form.cleaned_data.get(name) for name in assessment.Answers._fields)
    told = assessment.outlook(ticket=case.ticket, answers=answers) if answers.type and answers.impact else None
    context = {
        "told": told,
        "sentence": facts.sentence(told) if told else "",
        "many": _many(case, answers),
        "owner": _owner(case, answers),
        "device": facts.device_words(answers.service) if answers.service and answers.service.medical_device else "",
        "ticket": case.ticket,
    }
    return fragment(request, "console/case/result.html", context)


def _many(case: Case, answers: assessment.Answers) -> str:
    """The fourth open case of one service from one place proposes that it is not a single user's."""
    place = case.ticket.affected_department
    if answers.service is None or place is None or answers.impact in (Impact.DEPARTMENTS, Impact.ORGANISATION):
        return ""
    number = neighbours.number_alike(case.person, case.ticket, answers.service.pk)
    if number < MANY_USERS:
        return ""
    told = {"number": number, "service": answers.service.name, "place": place.name}
    return (
        _("%(number)s open cases of %(service)s from %(place)s. Is it the same? Then some departments are affected.")
        % told
    )


def _owner(case: Case, answers: assessment.Answers) -> str:
    """Which other team the case belongs to, in words."""
    found = belongs(case.ticket, answers.service, answers.category) if case.can("hand_over") else None
    return found.short if found else ""
