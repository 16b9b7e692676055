"""A picture on a case, small in the conversation and whole by itself, for whoever may see the case. Its bytes say what it is."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from saksgang.access.roles import Permission
from saksgang.console.downloads import MOST_SHOWN_BYTES, picture
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.models import Attachment, Ticket


@require_safe
@page(Permission.READ_TICKETS)
def show(request: ConsoleRequest, pk: int) -> HttpResponseBase:
    cases = Ticket.objects.visible_to(request.person)
    there = Attachment.objects.filter(redacted_at__isnull=True, message__ticket__in=cases, size__lte=MOST_SHOWN_BYTES)
    file = get_object_or_404(there, pk=pk)
    return picture(file.sha256, name=file.name)
