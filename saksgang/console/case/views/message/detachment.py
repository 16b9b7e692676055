"""Taking a message out of the case that it joined by mistake."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.forms.ending import DetachmentForm
from saksgang.console.case.page import carry_out
from saksgang.console.pages import ConsoleRequest, page
from saksgang.inbound.actions import detach
from saksgang.tickets.models import Message, Ticket


@page(Permission.SORT_MAIL, keeps_words=True)
def change(request: ConsoleRequest, pk: int) -> HttpResponse:
    cases = Ticket.objects.visible_to(request.person)
    message = get_object_or_404(Message, pk=pk, ticket__in=cases)
    case = Case(request, message.ticket_id)
    form = DetachmentForm(case, pk, bound=case.posted)

    def take_out() -> None:
        detach(message=message, by=case.person, reason=form.cleaned_data["reason"])

    return carry_out(case, form, take_out, _("The message is a case of its own now. The link stands among the facts."))
