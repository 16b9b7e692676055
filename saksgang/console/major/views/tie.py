"""The fault of many that a case belongs to: joining one by one press, and «something else»."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.page import press
from saksgang.console.pages import ConsoleRequest, page
from saksgang.lib.numbers import whole_number
from saksgang.tickets.actions.major.membership import join, leave
from saksgang.tickets.majors import one_or_none
from saksgang.tickets.policies import Refused


@require_POST
@page(Permission.HAND_OVER_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    """`do`: join, with `major`; or leave."""
    case = Case(request, number)
    if request.POST.get("do") == "leave":
        done = _("The case goes on by itself, with what it had before.")
        return press(case, lambda: leave(ticket=case.ticket, by=case.person), done)
    return press(case, lambda: _join(case), _("The case belongs to the major incident now."))


def _join(case: Case) -> None:
    major = one_or_none(whole_number(case.request.POST.get("major", "")) or 0)
    if major is None:
        raise Refused(_("There is no such major incident."))
    join(ticket=case.ticket, by=case.person, major=major)
