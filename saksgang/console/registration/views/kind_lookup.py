"""Kinds of case as one types, for the combobox <kind-lookup>."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from saksgang.access.roles import Permission
from saksgang.catalogue import queries as catalogue
from saksgang.catalogue.kinds import TicketType
from saksgang.catalogue.matching import meant
from saksgang.console.pages import ConsoleRequest, page


@require_safe
@page(Permission.READ_TICKETS)
def show(request: ConsoleRequest) -> HttpResponse:
    found = meant(catalogue.categories(), request.GET.get("q", "")[:120])
    kinds = [{"kind": one, "type": TicketType(one.type).label} for one in found]
    response = render(request, "console/registration/kind_lookup.html", {"found": kinds})
    response["Cache-Control"] = "no-store, private"
    return response
