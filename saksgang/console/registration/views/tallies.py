"""What is only counted: counting one, the newest, and what they come to."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from saksgang.access.queries import may
from saksgang.access.roles import Permission
from saksgang.console.answers import page_of
from saksgang.console.pages import ConsoleRequest, SeeOther, page
from saksgang.console.registration import tallying
from saksgang.console.registration.forms import TallyForm
from saksgang.lib import clock
from saksgang.tickets.actions.tallying import ALIKE, DAYS, is_repeating, tally
from saksgang.tickets.policies import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.READ_TICKETS, keeps_words=True)
def show(request: ConsoleRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, TallyForm(request.person))
    form = TallyForm(request.person, request.POST)
    valid = form.is_valid()
    if request.held:
        return _page(request, form)
    if valid:
        try:
            counted = tally(by=request.person, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("category", str(refusal))
        else:
            words = _("Counted: %(kind)s.") % {"kind": counted.category.name}
            if is_repeating(counted):
                words += " " + _(
                    "It is the same at the same place for at least the third time in a week: make a case of it."
                )
            messages.success(request, words)
            return SeeOther(reverse("console:tallies"))
    return _page(request, form, status=422)


def _page(request: ConsoleRequest, form: TallyForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form if may(request.person, Permission.WORK_TICKETS) else None,
        "tallies": tallying.rows(request.person),
        "totals": tallying.totals(),
        "now": clock.now(),
        "alike": ALIKE,
        "days": DAYS,
    }
    return page_of(request, "console/registration/tallies.html", context, status=status)
