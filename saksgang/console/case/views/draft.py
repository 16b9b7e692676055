"""Keeps what somebody has half written, while they write it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST

from saksgang.access.roles import Permission
from saksgang.console.answers import draft_saved
from saksgang.console.fields import LONGEST_TEXT
from saksgang.console.models import LEAVES, STAYS, Draft
from saksgang.console.pages import ConsoleRequest, page, ticket_or_404
from saksgang.lib import clock, text


@require_POST
@page(Permission.READ_TICKETS)
def save(request: ConsoleRequest, number: int, box: str) -> HttpResponse:
    ticket = ticket_or_404(request, number)
    if box not in (LEAVES, STAYS):
        raise Http404
    words = text.strip_controls(request.POST.get("body", ""))
    if len(words) > LONGEST_TEXT:
        return HttpResponse(status=422)
    if words.strip():
        known = {"text": words, "changed_at": clock.now()}
        Draft.objects.update_or_create(ticket=ticket, person=request.person, box=box, defaults=known)
    else:
        Draft.objects.filter(ticket=ticket, person=request.person, box=box).delete()
    return draft_saved()
