"""«Regn som svar»: a mail that an agent sent past the desk was the answer."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saksgang.access.roles import Permission
from saksgang.console.case.case import message_on_case
from saksgang.console.case.page import press
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions.arrivals import count_as_answer


@require_POST
@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, pk: int) -> HttpResponse:
    message, case = message_on_case(request, pk)

    def count() -> None:
        count_as_answer(message=message, by=case.person)

    return press(case, count, _("The mail counts as the answer."))
