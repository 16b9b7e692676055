"""What others have done on a case since its page was made: one line over it, for a page that stands open."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from saksgang.access.roles import Permission
from saksgang.console.answers import fragment
from saksgang.console.case import came
from saksgang.console.case.case import Case
from saksgang.console.pages import ConsoleRequest, page
from saksgang.lib import clock
from saksgang.tickets.actions import freshness
from saksgang.tickets.models import Message


@require_safe
@page(Permission.READ_TICKETS)
def show(request: ConsoleRequest, number: int) -> HttpResponse:
    """The same that would stop a form of the page (tickets/actions/freshness.py), said before anybody sends one."""
    case = Case(request, number)
    events = freshness.since(number, case.person, case.newest if case.seen is None else case.seen, case.newest)
    newest = events[-1:]
    messages = Message.objects.filter(pk__in=came.message_ids(newest))
    context = {"lines": came.lines(newest, messages, clock.now()), "more": len(events) - 1, "newest": case.newest}
    return fragment(request, "console/case/news.html", context | {"address": case.url})
