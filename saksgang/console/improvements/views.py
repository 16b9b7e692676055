"""The lists of what should become better: read by everybody in the desk, ranked and decided by the team and the triage managers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saksgang.access.roles import Permission
from saksgang.console import redacting
from saksgang.console.answers import fragment, page_of
from saksgang.console.improvements import lines
from saksgang.console.improvements.forms import FactsForm, StepForm, forms_for, languages_behind
from saksgang.console.improvements.words import stands
from saksgang.console.pages import ConsoleRequest, SeeOther, page, ticket_or_404
from saksgang.improvements import queries
from saksgang.improvements.actions.changing import change, redact
from saksgang.improvements.actions.leaving import take_out
from saksgang.improvements.actions.ranking import move
from saksgang.improvements.actions.steps import take_step
from saksgang.improvements.kinds import Step
from saksgang.improvements.models import Improvement, ImprovementCase
from saksgang.improvements.policies import check_may_decide, may_decide
from saksgang.lib import clock
from saksgang.lib.numbers import whole_number
from saksgang.people.models import Team
from saksgang.tickets import policies

LONGEST = 200
LAST_PLACE = 1_000_000  # no list is longer, and no column overflows


@require_safe
@page(Permission.READ_TICKETS)
def every_list(request: ConsoleRequest) -> HttpResponse:
    now = clock.now()
    if "fragment" in request.GET:
        return fragment(request, "console/improvements/lists.html", _every_list(request, now))
    sought = request.GET.get("q", "")[:LONGEST].strip()
    alike = queries.like(sought, lines.FIRST * 4)
    found = [
        line | {"team": one.team.name} for one, line in zip(alike, lines.lines(alike, request.person, now), strict=True)
    ]
    context = _every_list(request, now) | {"sought": sought, "found": found}
    return page_of(request, "console/improvements/improvements.html", context)


def _every_list(request: ConsoleRequest, now: datetime) -> dict[str, Any]:
    return {
        "lists": lines.all_lists(request.person, now),
        "mine": set(request.person.memberships.values_list("team_id", flat=True)),
    }


@require_safe
@page(Permission.READ_TICKETS)
def like(request: ConsoleRequest) -> HttpResponse:
    """Those that are like what one types, for the combobox of a case."""
    found = [
        {"id": one.pk, "title": one.title, "team": one.team.name, "stands": stands(one)}
        for one in queries.like(request.GET.get("q", "")[:LONGEST])
    ]
    response = render(request, "console/improvements/like.html", {"found": found})
    response["Cache-Control"] = "no-store, private"
    return response


@require_safe
@page(Permission.READ_TICKETS)
def team_list(request: ConsoleRequest, pk: int) -> HttpResponse:
    team, now = get_object_or_404(Team, pk=pk), clock.now()
    first = _first(request)
    listed = list(queries.ranked(team).filter(rank__gte=first)[: lines.MOST + 1])
    context = {
        "team": team,
        "rows": lines.lines(listed[: lines.MOST], request.person, now),
        "first": first,
        "before": max(first - lines.MOST, 1),
        "after": first + lines.MOST if len(listed) > lines.MOST else None,
        "over": lines.lines(queries.over(team)[: lines.OVER_MOST], request.person, now) if first == 1 else [],
        "ranks": may_decide(request.person, team.pk),
    }
    if "fragment" in request.GET:
        return fragment(request, "console/improvements/ranked.html", context)
    return page_of(request, "console/improvements/team_list.html", context)


def _first(request: ConsoleRequest) -> int:
    """The place that a page of the list begins with."""
    return min(max(whole_number(request.GET.get("from", "")) or 1, 1), LAST_PLACE)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.READ_TICKETS, keeps_words=True)
def one(request: ConsoleRequest, pk: int) -> HttpResponse:
    improvement = _improvement(pk)
    if request.method != "POST":
        return _follow(request, improvement) if "fragment" in request.GET else _page(request, improvement)
    check_may_decide(request.person, improvement.team_id)
    step = request.POST.get("step", "")
    if step not in Step.values:
        return _page(request, improvement, status=422)
    form = StepForm(improvement, Step(step), languages_behind(improvement), request.POST)
    valid = form.is_valid()
    if request.held:
        return _page(request, improvement, step_form=form)
    if not valid:
        return _page(request, improvement, step_form=form, status=422)
    return _carry_out(request, improvement, form)


def _carry_out(request: ConsoleRequest, improvement: Improvement, form: StepForm) -> HttpResponse:
    seen = whole_number(request.POST.get("seen", "")) or 0
    newest = improvement.steps.latest("pk")
    if newest.pk > seen and (newest.step, newest.decided_by_id) == (form.step, request.person.pk):
        return SeeOther(reverse("console:improvement", args=[improvement.pk]))  # pressed twice
    told = form.cleaned_data
    try:
        take_step(
            improvement=improvement,
            by=request.person,
            step=form.step,
            words=form.said(),
            reason=told["reason"],
            planned_for=told.get("planned_for"),
            seen=seen,
        )
    except policies.Refused as refusal:
        form.add_error(None, str(refusal))
        status = 409 if isinstance(refusal, policies.Stale) else 422
        return _page(request, _improvement(improvement.pk), step_form=form, status=status)
    messages.success(request, _("Decided. Everybody who asked for it is told."))
    return SeeOther(reverse("console:improvement", args=[improvement.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.READ_TICKETS, keeps_words=True)
def facts(request: ConsoleRequest, pk: int) -> HttpResponse:
    improvement = _improvement(pk)
    if request.method != "POST":
        return _page(request, improvement)
    check_may_decide(request.person, improvement.team_id)
    form = FactsForm(improvement, request.POST)
    valid = form.is_valid()
    if request.held:
        return _page(request, improvement, facts_form=form)
    if not valid:
        return _page(request, improvement, facts_form=form, status=422)
    try:
        change(improvement=improvement, by=request.person, **form.facts())
    except policies.Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, improvement, facts_form=form, status=422)
    messages.success(request, _("The change is saved."))
    return SeeOther(reverse("console:improvement", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.READ_TICKETS, keeps_words=True)
def redaction(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Everything that is written on it, and the reasons of its steps."""
    improvement, by = _improvement(pk), request.person
    check_may_decide(by, improvement.team_id)
    reasons = [step.reason for step in queries.steps_of(improvement)]
    words = [improvement.title, improvement.description, improvement.note, *reasons]
    back = reverse("console:improvement", args=[pk])
    return redacting.answer(request, words, lambda why: redact(improvement=improvement, by=by, reason=why), back)


@require_POST
@page(Permission.READ_TICKETS)
def place(request: ConsoleRequest, pk: int) -> HttpResponse:
    """To a place of its list: the one that is written, the one it was dragged to, or one up or down."""
    improvement = _improvement(pk)
    try:
        to = move(improvement=improvement, by=request.person, to=_place(request, improvement))
    except policies.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("«%(title)s» is number %(place)s now.") % {"title": improvement.title, "place": to})
    address, first = reverse("console:improvements_of_team", args=[improvement.team_id]), _first(request)
    return SeeOther(f"{address}?from={first}" if first > 1 else address)


def _place(request: ConsoleRequest, improvement: Improvement) -> int:
    """0 where nothing that can be read was asked for: the action says what is wrong."""
    rank = improvement.rank or 0
    do, dragged = request.POST.get("do"), whole_number(request.POST.get("to", ""))
    if do in ("up", "down"):
        return max(rank - 1, 1) if do == "up" else rank + 1
    if dragged is not None:
        return min(dragged, LAST_PLACE) + _first(request)  # the first row of a page is number 0
    return min(whole_number(request.POST.get("place", "")) or 0, LAST_PLACE)


@require_POST
@page(Permission.READ_TICKETS)
def take_case_out(request: ConsoleRequest, pk: int, number: int) -> HttpResponse:
    ticket = ticket_or_404(request, number)
    case = get_object_or_404(ImprovementCase, improvement=pk, ticket=ticket)
    try:
        take_out(ticket=case.ticket, by=request.person, reason=request.POST.get("reason", "")[:LONGEST])
    except policies.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Case #%(number)s does not stand behind it any more.") % {"number": number})
    return SeeOther(reverse("console:improvement", args=[pk]))


def _improvement(pk: int) -> Improvement:
    return get_object_or_404(Improvement.objects.select_related("team", "made_by"), pk=pk)


def _page(
    request: ConsoleRequest,
    improvement: Improvement,
    *,
    step_form: StepForm | None = None,
    facts_form: FactsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    decides = may_decide(request.person, improvement.team_id)
    context = _shown(request, improvement) | {
        "forms": forms_for(improvement, step_form) if decides else [],
        "facts": (facts_form or FactsForm(improvement)) if decides else None,
        "seen": queries.steps_of(improvement)[-1].pk,
    }
    return page_of(request, "console/improvements/improvement.html", context, status=status)


def _follow(request: ConsoleRequest, improvement: Improvement) -> HttpResponse:
    """What follows by itself on the page, without the forms of which somebody may be writing one."""
    return fragment(request, "console/improvements/shown.html", _shown(request, improvement))


def _shown(request: ConsoleRequest, improvement: Improvement) -> dict[str, Any]:
    now, viewer = clock.now(), request.person
    return {
        "improvement": improvement,
        "line": lines.lines([improvement], viewer, now)[0],
        "cases": lines.cases(improvement, viewer, now),
        "steps": lines.steps(improvement, now),
        "past": lines.history(improvement),
        "untold": queries.not_told_yet(improvement, viewer),
    }
