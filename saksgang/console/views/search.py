"""The one search box: a number, a name, a department, a phone number, or words of a subject."""

from __future__ import annotations

import re

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from saksgang.access.roles import Permission
from saksgang.console.pages import ConsoleRequest, SeeOther, page
from saksgang.console.rows import Rows
from saksgang.console.ticket_page import page_of
from saksgang.people.queries import find_persons
from saksgang.tickets import queries
from saksgang.tickets.models import Ticket

LONGEST = 200
_NUMBER = re.compile(r"#?\s*([0-9]{1,18})")


@require_safe
@page(Permission.READ_TICKETS)
def show(request: ConsoleRequest) -> HttpResponse:
    words = request.GET.get("q", "")[:LONGEST].strip()
    cases = Ticket.objects.visible_to(request.person)
    number = _NUMBER.fullmatch(words)
    if number and cases.filter(pk=int(number[1])).exists():
        return SeeOther(reverse("console:ticket", args=[int(number[1])]))
    rows = queries.search(cases, words, limit=queries.PAGE + 1)
    context = {
        "query": words,
        "rows": Rows(request.person, teams=True, states=True).draw(rows[: queries.PAGE]),
        "more": len(rows) > queries.PAGE,
        "persons": find_persons(words) if words else [],
    }
    return page_of(request, "console/search.html", context)
