"""Persons as one types, for the combobox <person-lookup>; and what their ward has open."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from saksgang.access.roles import Permission
from saksgang.console.pages import ConsoleRequest, page
from saksgang.people.queries import find_persons
from saksgang.tickets.persons import persons_known_to


@require_safe
@page(Permission.READ_TICKETS)
def show(request: ConsoleRequest) -> HttpResponse:
    found = find_persons(request.GET.get("q", "")[:200], persons_known_to(request.person))
    response = render(request, "console/registration/person_lookup.html", {"found": found})
    response["Cache-Control"] = "no-store, private"
    return response
