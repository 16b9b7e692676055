"""Solving a fault for all who reported it: «everything is up again» after downtime, too."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from saksgang.access.roles import Permission
from saksgang.console.major.forms import SolutionForm
from saksgang.console.major.page import carry_out, draw, major_or_404
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets import majors
from saksgang.tickets.actions.major.incident import Solved, solve


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WORK_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, pk: int) -> HttpResponse:
    major = major_or_404(pk)
    if request.method != "POST":
        return draw(request, major, "solution")
    form = SolutionForm(majors.stay_open(major), request.POST)

    def end() -> Solved:
        return solve(major=major, by=request.person, **form.cleaned_data)

    return carry_out(request, major, form, end, _told, box="solution")


def _told(done: Solved) -> str:
    number = len(done.solved)
    words = ngettext(
        "The fault is solved, and %(number)s case with it.",
        "The fault is solved, and %(number)s cases with it.",
        number,
    )
    told = words % {"number": number}
    if done.stays_open:
        told += " " + _("These stay open, and each is followed up by itself: %(numbers)s.") % {
            "numbers": ", ".join(f"#{pk}" for pk in done.stays_open)
        }
    return told
