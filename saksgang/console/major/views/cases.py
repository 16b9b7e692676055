"""The cases that hang under a fault: one more by its number, and «something else» for one that does not belong."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saksgang.access.roles import Permission
from saksgang.console.major.forms import JoinForm
from saksgang.console.major.page import carry_out, major_or_404
from saksgang.console.pages import ConsoleRequest, SeeOther, page
from saksgang.lib.numbers import whole_number
from saksgang.tickets.actions.major.membership import join, leave
from saksgang.tickets.models import MajorIncident, Ticket
from saksgang.tickets.policies import Refused


@require_POST
@page(Permission.HAND_OVER_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, pk: int) -> HttpResponse:
    """`leave`: the number of a case that is something else; else one joins by the number that is written."""
    major = major_or_404(pk)
    if "leave" in request.POST and not request.held:
        return _take_out(request, major)
    form = JoinForm(request.POST)

    def add() -> Ticket:
        return join(ticket=_case(request, form.cleaned_data["number"]), by=request.person, major=major)

    return carry_out(
        request,
        major,
        form,
        add,
        lambda ticket: _("#%(number)s is one of them now.") % {"number": ticket.pk},
        box="join",
    )


def _take_out(request: ConsoleRequest, major: MajorIncident) -> HttpResponse:
    number = whole_number(request.POST["leave"]) or 0
    try:
        leave(ticket=_case(request, number, of=major), by=request.person)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(
            request, _("#%(number)s is a case by itself again, with what it had before.") % {"number": number}
        )
    return SeeOther(reverse("console:major", args=[major.pk]))


def _case(request: ConsoleRequest, number: int, of: MajorIncident | None = None) -> Ticket:
    """Raises Refused where there is no such case for this person."""
    cases = Ticket.objects.visible_to(request.person)
    found = (cases.filter(major=of) if of else cases).filter(pk=number).first()
    if found is None:
        raise Refused(_("There is no such case for you."))
    return found
