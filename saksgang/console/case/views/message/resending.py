"""«Send på nytt»: an answer that did not arrive, once more as it is, to the same address or to another."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.page import press
from saksgang.console.pages import ConsoleRequest, page
from saksgang.outbound.actions import resend
from saksgang.outbound.models import OutboundMail
from saksgang.tickets.models import Ticket


@require_POST
@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, pk: int) -> HttpResponse:
    cases = Ticket.objects.visible_to(request.person)
    mail = get_object_or_404(OutboundMail.objects.select_related("ticket"), pk=pk, ticket__in=cases)
    case = Case(request, mail.ticket_id)

    elsewhere = request.POST.get("address", "").strip()

    def send() -> None:
        resend(mail=mail, by=case.person, address=elsewhere)

    told = {"address": elsewhere or mail.recipient}
    return press(case, send, _("The answer is on its way again, to %(address)s.") % told)
