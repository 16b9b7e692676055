"""«Ring»: whom the team must phone, and how it went. «Talked with» counts as told; «no answer» says when to try again."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from saksgang.access.queries import check_may
from saksgang.access.roles import Permission
from saksgang.console import held
from saksgang.console.answers import fragment, page_of
from saksgang.console.calls import lines
from saksgang.console.fields import LONGEST_TEXT
from saksgang.console.pages import ConsoleRequest, SeeOther, page
from saksgang.lib import clock, text
from saksgang.lib.numbers import whole_number
from saksgang.tickets import policies
from saksgang.tickets.actions import answering, freshness
from saksgang.tickets.calls import seen_by
from saksgang.tickets.models import Call


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.READ_TICKETS, keeps_words=True)
def calls(request: ConsoleRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request)
    call = get_object_or_404(seen_by(request.person), pk=whole_number(request.POST.get("call", "")) or 0)
    check_may(request.person, Permission.WORK_TICKETS, team=call.message.ticket.team_id)
    words = text.strip_controls(request.POST.get("words", "")).strip()[:LONGEST_TEXT]
    if request.held:
        return _page(request, call, words)
    if call.done_at:
        messages.success(request, _("%(name)s has been phoned already.") % {"name": call.person.name})
        return SeeOther(reverse("console:calls"))
    return _carry_out(request, call, words)


def _carry_out(request: ConsoleRequest, call: Call, words: str) -> HttpResponse:
    ticket, seen = call.message.ticket, whole_number(request.POST.get("seen", "")) or 0
    try:
        with transaction.atomic():
            freshness.hold(ticket=ticket, by=request.person, seen=seen)
            told = _log(request, call, words)
    except policies.Stale:
        problem = _("Something happened on the case while you phoned. Read it, and press once more.")
        return _page(request, call, words, problem=problem, status=409)
    except policies.Refused as refusal:
        return _page(request, call, words, problem=str(refusal), status=422)
    messages.success(request, told)
    return SeeOther(reverse("console:calls"))


def _log(request: ConsoleRequest, call: Call, words: str) -> str:
    """Writes down how it went. Returns what the page says to it."""
    ticket, by, to = call.message.ticket, request.person, [call.person_id]
    name = {"name": call.person.name}
    if request.POST.get("do") == "not_reached":
        answering.log_no_answer(ticket=ticket, by=by, words=words, to=to)
        return _("Noted: %(name)s did not answer. The line says when to try again.") % name
    if request.POST.get("do") == "give_up":
        answering.give_up_calling(ticket=ticket, by=by, words=words, to=to)
        return _("Noted: %(name)s could not be reached. What is owed to them is still owed.") % name
    words = words or lines.said_by_default(call)
    answering.log_conversation(ticket=ticket, by=by, words=words, to=to, mailed=False)
    return _("Noted: %(name)s has been told.") % name


def _page(
    request: ConsoleRequest, call: Call | None = None, words: str = "", *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "rows": lines.rows(request.person, clock.now()),
        "most": lines.MOST,
        "opened": call.pk if call else None,
        "typed": words,
        "problem": problem,
    }
    if "fragment" in request.GET and request.method != "POST":
        asking = {"shell": {"writer": held.writer(request.person)}}
        return fragment(request, "console/calls/rows.html", context | asking)
    return page_of(request, "console/calls/calls.html", context, status=status)
