"""The one search box: a number, a name, a department, a phone number, or words of a subject."""

from __future__ import annotations

import re

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from saksgang.access.roles import Permission
from saksgang.console.answers import page_of
from saksgang.console.lists.rows import Rows
from saksgang.console.pages import ConsoleRequest, SeeOther, page
from saksgang.lib import text
from saksgang.people.queries import find_persons
from saksgang.tickets import queries
from saksgang.tickets.models import Ticket
from saksgang.tickets.persons import persons_known_to

LONGEST = 200
# «382», «#382», «SAK-382», «sak nr. 382», «[SAK-382-7kq2mx9b]», «[Sak ID# 382]», however wide and with whatever blanks.
_NAMED = (
    r"(?:sak(?:snummer|snr|en|a)?|case|ticket|referanse|reference|ref|number|nummer|nr|no|id)[\s.:#\u2010-\u2015-]*"
)
_NUMBER = re.compile(rf"[\[(]?\s*((?:{_NAMED})*)#?\s*([0-9]{{1,19}})(?:-[a-z2-7]{{8}})?\s*[\])]?\.?")


@require_safe
@page(Permission.READ_TICKETS)
def show(request: ConsoleRequest) -> HttpResponse:
    words = request.GET.get("q", "")[:LONGEST].strip()
    cases = Ticket.objects.visible_to(request.person)
    number = _NUMBER.fullmatch(text.fold(words))
    if number and (found := queries.by_number(cases, number[2], old="id" in number[1])):
        return SeeOther(reverse("console:ticket", args=[found]))
    # What one may not see is not there: then the number is looked for as a word.
    rows = queries.search(cases, number[2] if number else words, limit=queries.PAGE + 1)
    context = {
        "query": words,
        "rows": Rows(request.person, teams=True, states=True).lines(rows[: queries.PAGE]),
        "more": len(rows) > queries.PAGE,
        "persons": find_persons(words, persons_known_to(request.person)) if words else [],
    }
    return page_of(request, "console/lists/search.html", context)
