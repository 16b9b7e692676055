"""«Ikke bare takk»: a message that was taken for a mere thank-you is owed an answer after all."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saksgang.access.roles import Permission
from saksgang.console.case.case import message_on_case
from saksgang.console.case.page import press
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions.arrivals import was_more_than_thanks


@require_POST
@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, pk: int) -> HttpResponse:
    message, case = message_on_case(request, pk)

    def reconsider() -> None:
        was_more_than_thanks(message=message, by=case.person)

    return press(case, reconsider, _("The message counts as one that waits for an answer."))
