"""A file on a case, for whoever may see the case (S9)."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from saksgang.access.roles import Permission
from saksgang.console.downloads import download
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.models import Attachment, Ticket


@require_safe
@page(Permission.READ_TICKETS)
def show(request: ConsoleRequest, pk: int) -> HttpResponseBase:
    cases = Ticket.objects.visible_to(request.person)
    there = Attachment.objects.filter(redacted_at__isnull=True, message__ticket__in=cases)
    file = get_object_or_404(there, pk=pk)
    return download(file.sha256, name=file.name, content_type=file.content_type)
