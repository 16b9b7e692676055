"""Colleagues as one types «@» in a note, for the list <mention-lookup>: those who may see the case."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from saksgang.access.roles import Permission
from saksgang.console.pages import ConsoleRequest, page, ticket_or_404
from saksgang.lib import text
from saksgang.tickets.mentions import who_can_be_mentioned

MOST = 8


@require_safe
@page(Permission.READ_TICKETS)
def show(request: ConsoleRequest, number: int) -> HttpResponse:
    ticket = ticket_or_404(request, number)
    typed = text.fold(request.GET.get("q", "")[:100])
    others = (one for one in who_can_be_mentioned(ticket) if one.pk != request.person.pk)
    found = [one for one in others if f" {typed}" in f" {text.fold(one.name)}"]
    response = render(request, "console/case/mentionable.html", {"found": found[:MOST]})
    response["Cache-Control"] = "no-store, private"
    return response
