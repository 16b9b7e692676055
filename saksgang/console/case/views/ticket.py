"""One case: all that was said and done, and what can be done next."""

from __future__ import annotations

from django.http import HttpResponse

from saksgang.access.roles import Permission
from saksgang.console.case import reading
from saksgang.console.case.case import Case
from saksgang.console.case.page import draw
from saksgang.console.pages import ConsoleRequest, page


@page(Permission.READ_TICKETS)
def show(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)
    answer = draw(case, opened=request.GET.get("open", ""))
    reading.remember(number, case.person, case.last_message_id, case.seen_until)
    return answer
