"""Several cases at once: what is asked before it is done, and the doing, in parts where they are very many."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from saksgang.access.roles import Permission
from saksgang.console.answers import page_of
from saksgang.console.case.forms.assessment import type_cards
from saksgang.console.case.forms.box import BoxForm
from saksgang.console.door import from_script
from saksgang.console.lists.asked import Asked, listed
from saksgang.console.lists.marks import MOST, marks, read
from saksgang.console.many.carrying import add_to, carry_out
from saksgang.console.many.several import Several
from saksgang.console.many.verbs import VERBS, Verb
from saksgang.console.models import Batch
from saksgang.console.pages import ConsoleRequest, SeeOther, page
from saksgang.lib import clock
from saksgang.lib.numbers import whole_number
from saksgang.people import queries as people
from saksgang.tickets.models import Ticket

SHORT = 10  # how many of the cases are named before they are done


@require_POST
@page(Permission.WORK_TICKETS, keeps_words=True)
def change(request: ConsoleRequest) -> HttpResponse:
    """`do`: a verb; `case`: marks. Without `go` it asks what the verb needs; with it, or where it needs nothing, it is done."""
    verb = VERBS.get(request.POST.get("do", ""))
    seen = read(request.POST.getlist("case"))
    if request.held and not (verb and seen):
        raise PermissionDenied  # nothing of it is worth showing again
    if verb is None or not seen:
        messages.info(request, _("Mark the cases first: the box at the start of each row."))
        return SeeOther(reverse("console:queue"))
    found = Ticket.objects.visible_to(request.person).select_related("service").in_bulk(seen)
    go = verb.form is None or "go" in request.POST
    form = verb.form(Several(request, list(found.values())), bound=go) if verb.form else None
    if request.held or not go or (form and not form.is_valid()):
        return _ask(request, verb, form, seen, found)
    facts = form.cleaned_data if form else {}
    into = facts.get("into")  # the one that the others go into, which may be among them
    do = partial(_do, verb, request, facts)
    todo = {number: event for number, event in seen.items() if number != into}
    did, could_not = carry_out(do, by=request.person, seen=todo, cases=found, beside=[into] if into else [])
    batch = _batch(request, verb)
    add_to(batch, did, could_not)
    told = reverse("console:batch", args=[batch.pk])
    # The page that does it part by part comes for the next part.
    return JsonResponse({"batch": batch.pk, "told": told}) if from_script(request) else SeeOther(told)


def _do(verb: Verb, request: ConsoleRequest, facts: dict[str, Any], ticket: Ticket) -> object:
    return verb.do(ticket, request.person, facts)


def _batch(request: ConsoleRequest, verb: Verb) -> Batch:
    """The one that this part belongs to, or a new one."""
    known = whole_number(request.POST.get("batch", "")) or 0
    begun = Batch.objects.filter(pk=known, person=request.person, verb=verb.name, undone=False).first()
    return begun or Batch(person=request.person, verb=verb.name, seen_at=clock.now())


def _ask(
    request: ConsoleRequest, verb: Verb, form: BoxForm | None, seen: dict[int, int], found: dict[int, Ticket]
) -> HttpResponse:
    shown = [found[number] for number in seen if number in found]
    context = {
        "verb": verb,
        "form": form,
        "marks": [f"{number}.{event}" for number, event in seen.items()],
        "named": shown[:SHORT],
        "unnamed": max(0, len(seen) - SHORT),
        "number": len(seen),
        "cards": type_cards(),
    }
    wrong = form and form.errors and not request.held
    return page_of(request, "console/many/many.html", context, status=422 if wrong else 200)


@require_safe
@page(Permission.WORK_TICKETS)
def marked(request: ConsoleRequest) -> HttpResponse:
    """The mark of every case of a list, in its order, so that all of it can be marked at once."""
    asked = Asked.read(request.GET, people.active_teams())
    found = listed(request.person, asked).order_by("queue_rank", "received_at", "id")
    every = marks(found.values_list("pk", flat=True)[:MOST])
    answer = JsonResponse({"marks": list(every.values())})
    answer["Cache-Control"] = "no-store, private"
    return answer
