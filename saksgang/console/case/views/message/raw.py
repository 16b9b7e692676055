"""The mail behind a message, byte for byte as it came."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from saksgang.access.roles import Permission
from saksgang.console.downloads import download
from saksgang.console.pages import ConsoleRequest, page
from saksgang.inbound.models import InboundMail
from saksgang.tickets.models import Message, Ticket


@require_safe
@page(Permission.READ_MAIL)
def show(request: ConsoleRequest, pk: int) -> HttpResponseBase:
    cases = Ticket.objects.visible_to(request.person)
    message = get_object_or_404(Message, pk=pk, ticket__in=cases, redacted_at__isnull=True, inbound_id__isnull=False)
    mail = get_object_or_404(InboundMail, pk=message.inbound_id, redacted_at__isnull=True)
    return download(mail.raw_sha256, name=f"saksgang-{message.ticket_id}-{message.pk}.eml")
