"""Starting a fault of many: of a case, of several that were marked, of an outage, or of nothing yet."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from saksgang.access.roles import Permission
from saksgang.catalogue.models import Announcement
from saksgang.catalogue.queries import announced
from saksgang.console.answers import page_of
from saksgang.console.major import telling
from saksgang.console.major.forms import StartForm
from saksgang.console.pages import ConsoleRequest, SeeOther, page
from saksgang.lib import clock
from saksgang.lib.numbers import whole_number
from saksgang.tickets import majors
from saksgang.tickets.actions.major.incident import start
from saksgang.tickets.actions.major.membership import join
from saksgang.tickets.kinds import Consequence, Impact
from saksgang.tickets.models import MajorIncident, Ticket
from saksgang.tickets.policies import Refused

MOST = 100


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.HAND_OVER_TICKETS, keeps_words=True)
def show(request: ConsoleRequest) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    cases, outage = _cases(request, asked), _outage(asked)
    if request.method != "POST":
        return _page(request, StartForm(initial=_known(cases, outage)), cases, outage)
    form = StartForm(request.POST)
    valid = form.is_valid()
    if request.held:
        return _page(request, form, cases, outage)
    if not valid:
        return _page(request, form, cases, outage, status=422)
    try:
        major = _start(request, form.cleaned_data, cases, outage)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, cases, outage, status=422)
    messages.success(request, _("Started. Write an update, so that those who report it know how it stands."))
    return SeeOther(reverse("console:major", args=[major.pk]))


@transaction.atomic
def _start(
    request: ConsoleRequest, facts: dict[str, Any], cases: list[Ticket], outage: Announcement | None
) -> MajorIncident:
    major = start(by=request.person, announcement=outage, **facts)
    for ticket in cases:
        join(ticket=ticket, by=request.person, major=major)
    return major


def _cases(request: ConsoleRequest, asked: QueryDict) -> list[Ticket]:
    """The cases it is started of: numbers, or marks of a list («number.event»)."""
    numbers = [whole_number(one.partition(".")[0]) or 0 for one in asked.getlist("case")[:MOST]]
    seen = Ticket.objects.visible_to(request.person).select_related("service", "category")
    return list(seen.filter(pk__in=numbers).order_by("pk"))


def _outage(asked: QueryDict) -> Announcement | None:
    wanted = whole_number(asked.get("announcement", "")) or 0
    return announced(clock.now()).filter(pk=wanted).first()


def _known(cases: list[Ticket], outage: Announcement | None) -> dict[str, Any]:
    """What is known of it already. The fault of several is what the first of them said it was."""
    known: dict[str, Any] = {"impact": Impact.DEPARTMENTS, "consequence": Consequence.STOPS}
    if outage:
        known |= {"title": outage.words, "service": outage.service_id or "", "began_at": clock.local(outage.starts_at)}
    if cases:
        first = cases[0]
        services = [one.service_id for one in cases if one.service_id]
        kinds = [one.category for one in cases if one.category and not one.category.demands_proof]
        places = {one.affected_department_id for one in cases}
        known |= {
            "title": first.subject,
            "service": services[0] if services else "",
            "category": kinds[0].name if kinds else "",
            "began_at": clock.local(min(one.received_at for one in cases)),
            "department": (places.pop() or "") if len(places) == 1 else "",
        }
    return known


def _page(
    request: ConsoleRequest, form: StartForm, cases: list[Ticket], outage: Announcement | None, *, status: int = 200
) -> HttpResponse:
    now = clock.now()
    context = {
        "form": form,
        "cases": cases,
        "outage": outage,
        "going_on": telling.lines(request.person, majors.going_on(now), now),
    }
    return page_of(request, "console/major/start.html", context, status=status)
