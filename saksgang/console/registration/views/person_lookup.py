"""Persons as one types, for the combobox <person-lookup>; and what their ward has open."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from saksgang.access.roles import Permission
from saksgang.console.pages import ConsoleRequest, page
from saksgang.console.registration.callers import place_that_rings
from saksgang.people.queries import find_persons
from saksgang.tickets.persons import persons_known_to


@require_safe
@page(Permission.READ_TICKETS)
def show(request: ConsoleRequest) -> HttpResponse:
    words = request.GET.get("q", "")[:200]
    found = find_persons(words, persons_known_to(request.person))
    # Where a place can ask: the ward that the extension rings at, before those who work there.
    place = place_that_rings(words) if "place" in request.GET else None
    response = render(
        request, "console/registration/person_lookup.html", {"found": found, "place": place, "words": words}
    )
    response["Cache-Control"] = "no-store, private"
    return response
