"""Outages and planned downtime: what goes on and what is coming, told in receipts, here and where cases are registered."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from saksgang.access.queries import check_may, may
from saksgang.access.roles import Permission
from saksgang.catalogue import queries as catalogue
from saksgang.console.announcements import announcing
from saksgang.console.announcements.forms import AnnouncementForm
from saksgang.console.answers import page_of
from saksgang.console.pages import ConsoleRequest, SeeOther, page
from saksgang.lib import clock
from saksgang.tickets import majors
from saksgang.tickets.actions.major import downtime


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.READ_TICKETS, keeps_words=True)
def show(request: ConsoleRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, AnnouncementForm())
    check_may(request.person, Permission.WORK_TICKETS)  # whoever is on shift, in whichever team
    form = AnnouncementForm(request.POST)
    valid = form.is_valid()
    if request.held:
        return _page(request, form)
    if not valid:
        return _page(request, form, status=422)
    downtime.announce(by=request.person, **form.cleaned_data)
    messages.success(request, _("Announced. It stands in receipts and on the pages while it lasts."))
    return SeeOther(reverse("console:announcements"))


@require_POST
@page(Permission.READ_TICKETS)
def end(request: ConsoleRequest, pk: int) -> HttpResponse:
    check_may(request.person, Permission.WORK_TICKETS)
    downtime.end(by=request.person, announcement=get_object_or_404(catalogue.announced(clock.now()), pk=pk))
    messages.success(request, _("It is over, and no receipt tells of it any more."))
    return SeeOther(reverse("console:announcements"))


def _page(request: ConsoleRequest, form: AnnouncementForm, *, status: int = 200) -> HttpResponse:
    now = clock.now()
    announced = list(catalogue.announced(now))
    context = {
        "form": form if may(request.person, Permission.WORK_TICKETS) else None,
        "current": announcing.lines((one for one in announced if one.starts_at <= now), now),
        "majors": majors.of_announcements(announced),
        "coming": announcing.lines((one for one in announced if one.starts_at > now), now),
    }
    return page_of(request, "console/announcements/announcements.html", context, status=status)
