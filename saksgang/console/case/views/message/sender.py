"""«Bekreft avsender»: a mail that our mail server calls forged. Was it written by whom it says?"""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saksgang.access.roles import Permission
from saksgang.console.case.case import message_on_case
from saksgang.console.case.page import press
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions.arrivals import confirm_sender, deny_sender

ANSWERS = {"confirm": confirm_sender, "deny": deny_sender}


@require_POST
@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, pk: int) -> HttpResponse:
    message, case = message_on_case(request, pk)
    said = request.POST.get("do", "")
    if said not in ANSWERS or not message.unverified:
        raise Http404

    def settle() -> None:
        ANSWERS[said](message=message, by=case.person)

    done = _("The sender is confirmed.") if said == "confirm" else _("The message stays marked, and asks for nothing.")
    return press(case, settle, done)
