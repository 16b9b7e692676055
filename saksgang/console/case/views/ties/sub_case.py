"""Giving a part of the case to another team."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.forms.ties import SubCaseForm
from saksgang.console.case.page import carry_out
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions.ties import sub_cases


@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)
    form = SubCaseForm(case, bound=case.posted)

    def part() -> None:
        sub_cases.open_sub_case(ticket=case.ticket, by=case.person, **form.cleaned_data)

    team = form.cleaned_data.get("team") if form.is_bound and form.is_valid() else None
    done = _("%(team)s has got a sub-case. Its end will stand here as a note.") % {"team": team.name if team else ""}
    return carry_out(case, form, part, done)
