"""Taking back what one has just sent. The words are in their box again, and nobody has got anything."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saksgang.access.roles import Permission
from saksgang.console.case import undoing
from saksgang.console.case.case import message_on_case
from saksgang.console.case.page import press
from saksgang.console.pages import ConsoleRequest, page
from saksgang.improvements.actions.leaving import take_back_message


@require_POST
@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, pk: int) -> HttpResponse:
    message, case = message_on_case(request, pk)
    opened = undoing.opened_after(message)

    @transaction.atomic
    def withdraw() -> None:
        take_back_message(message=message, by=case.person)
        undoing.give_back(message, case.person)

    done = _("Taken back: nobody got it. Your text is in the box again.")
    if message.attachments.exists():
        done = _("Taken back: nobody got it. Your text is in the box again. Choose the attachments once more.")
    return press(case, withdraw, done, opened=opened)
