"""The agenda of the triage team, and one question on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from saksgang.access.queries import NotAllowed, check_may, may
from saksgang.access.roles import Permission
from saksgang.catalogue.queries import meetings_held, next_meeting
from saksgang.console.answers import fragment, page_of
from saksgang.console.pages import ConsoleRequest, SeeOther, page
from saksgang.console.triage import agenda as lines
from saksgang.console.triage.forms import AnyForm, ImprovementDecision, PostponeForm, form_of, forms_for, reach
from saksgang.improvements.actions.taking_in import decide_in_triage
from saksgang.lib import clock
from saksgang.lib.numbers import whole_number
from saksgang.tickets import policies, queries
from saksgang.tickets.actions import freshness
from saksgang.tickets.actions.clarification import decide, postpone
from saksgang.tickets.clarifications import many_questions, seen_by
from saksgang.tickets.kinds import Decision
from saksgang.tickets.models import Clarification
from saksgang.ui.dates import short_when


@require_safe
@page(Permission.READ_TICKETS)
def agenda(request: ConsoleRequest) -> HttpResponse:
    now = clock.now()
    meeting = next_meeting(now)
    context = {
        "rows": lines.lines(many_questions(request.person), now),
        "meeting": short_when(meeting.starts_at, now) if meeting else "",
        "place": meeting.place if meeting else "",
    }
    if "fragment" in request.GET:
        return fragment(request, "console/triage/rows.html", context)
    return page_of(request, "console/triage/agenda.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.READ_TICKETS, keeps_words=True)
def question(request: ConsoleRequest, pk: int) -> HttpResponse:
    asked = get_object_or_404(seen_by(request.person), pk=pk)
    if request.method != "POST":
        return _page(request, asked)
    check_may(request.person, Permission.DECIDE_CLARIFICATIONS, team=asked.triage_id)
    form = form_of(asked, request.POST.get("decision", ""), reach(asked)[0], request.POST)
    if form is None:
        return _page(request, asked, status=422)
    valid = form.is_valid()
    if request.held:
        return _page(request, asked, form)
    if not valid:
        return _page(request, asked, form, status=422)
    return _carry_out(request, asked, form)


def _carry_out(request: ConsoleRequest, asked: Clarification, form: AnyForm) -> HttpResponse:
    """Decides, and leads on to the next question of the agenda."""
    if (asked.decision, asked.decided_by_id) == (form.decision, request.person.pk):
        return SeeOther(reverse("console:triage"))  # pressed twice
    after = lines.place(request.person, asked.pk)["after"]
    try:
        with transaction.atomic():
            freshness.hold(ticket=asked.ticket, by=request.person, seen=_mark(request))
            _decide(request, asked, form)
    except policies.Stale:
        form.add_error(None, _("Something happened on the case while you wrote. Read it, and press once more."))
        return _page(request, asked, form, status=409)
    except policies.Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, asked, form, status=422)
    except NotAllowed:
        form.add_error(None, _("You may not do this on the case as it is now. Nothing was changed."))
        return _page(request, asked, form, status=403)
    messages.success(request, form.done)
    return SeeOther(reverse("console:triage_question", args=[after]) if after else reverse("console:triage"))


def _decide(request: ConsoleRequest, asked: Clarification, form: AnyForm) -> None:
    told = form.cleaned_data
    if isinstance(form, PostponeForm):
        postpone(clarification=asked, by=request.person, **told)
    elif isinstance(form, ImprovementDecision):
        decide_in_triage(
            clarification=asked, by=request.person, reason=told["reason"], into=form.become(), words=form.said()
        )
    else:
        decide(clarification=asked, by=request.person, decision=form.decision, **told)


def _mark(request: ConsoleRequest) -> int:
    """The newest event that the page was made with; one that cannot be read has seen nothing."""
    return whole_number(request.POST.get("seen", "")) or 0


def _page(
    request: ConsoleRequest, asked: Clarification, form: AnyForm | None = None, *, status: int = 200
) -> HttpResponse:
    now = clock.now()
    decides = asked.decision is None and may(request.person, Permission.DECIDE_CLARIFICATIONS, team=asked.triage_id)
    context: dict[str, Any] = {
        "asked": asked,
        "who": lines.asked_by(asked),
        "due": lines.due(asked, meetings_held(asked.asked_at, now), now) if asked.decision is None else "",
        "decided": str(Decision(asked.decision).label) if asked.decision else "",
        "case": lines.case_lines(asked, now),
        "before": lines.asked_before(asked, now),
        "place": lines.place(request.person, asked.pk),
        "forms": forms_for(asked, went=asked.ticket.at_triage, refused=form) if decides else [],
        "refused": form,
        "unreached": reach(asked)[1],
        "seen": queries.newest_event(asked.ticket_id),
    }
    return page_of(request, "console/triage/question.html", context, status=status)
