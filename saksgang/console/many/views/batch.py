"""What came of doing something to several cases: what was done, what was not and why, and one press that takes all of it back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from saksgang.access.roles import Permission
from saksgang.console.answers import page_of
from saksgang.console.many import carrying
from saksgang.console.models import Batch
from saksgang.console.pages import ConsoleRequest, SeeOther, page
from saksgang.tickets.models import Ticket


@require_safe
@page(Permission.WORK_TICKETS)
def show(request: ConsoleRequest, number: int) -> HttpResponse:
    batch = _own(request, number)
    told = [pk for pk, _rest in (*batch.did, *batch.could_not)]
    # Handed over, a restricted case may be out of sight by now: then its number stands alone.
    subjects = dict(Ticket.objects.visible_to(request.person).filter(pk__in=told).values_list("pk", "subject"))
    context: dict[str, Any] = {
        "batch": batch,
        "title": _title(batch),
        "did": [(pk, subjects.get(pk)) for pk, _event in batch.did],
        "could_not": [(pk, subjects.get(pk), why) for pk, why in batch.could_not],
    }
    return page_of(request, "console/many/batch.html", context)


@require_POST
@page(Permission.WORK_TICKETS)
def undo(request: ConsoleRequest, number: int) -> HttpResponse:
    batch = _own(request, number)
    if not batch.undone:
        did, could_not = carrying.undo(batch, by=request.person)
        batch.did, batch.could_not, batch.undone = did, could_not, True
        batch.save()
    return SeeOther(reverse("console:batch", args=[batch.pk]))


def _own(request: ConsoleRequest, number: int) -> Batch:
    return get_object_or_404(Batch, pk=number, person=request.person)


def _title(batch: Batch) -> str:
    number = len(batch.did)
    if batch.undone:
        return ngettext("Taken back on %(number)s case", "Taken back on %(number)s cases", number) % {"number": number}
    words = {
        "take": ngettext("%(number)s case is yours", "%(number)s cases are yours", number),
        "give": ngettext("%(number)s case is given", "%(number)s cases are given", number),
        "handover": ngettext("%(number)s case is handed over", "%(number)s cases are handed over", number),
        "assess": ngettext("%(number)s case is assessed", "%(number)s cases are assessed", number),
        "wait": ngettext("%(number)s case waits", "%(number)s cases wait", number),
        "merge": ngettext("%(number)s case is merged into another", "%(number)s cases are merged into another", number),
        "major": ngettext(
            "%(number)s case belongs to the major incident", "%(number)s cases belong to the major incident", number
        ),
        "close": ngettext("%(number)s case is closed", "%(number)s cases are closed", number),
    }
    return words[batch.verb] % {"number": number}
