"""The page of one fault of many: its forms, and what answers when one is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from saksgang.access.queries import NotAllowed, may
from saksgang.access.roles import Permission
from saksgang.catalogue.models import Disruption
from saksgang.console.answers import fragment, page_of
from saksgang.console.major import telling
from saksgang.console.major.forms import FactsForm, JoinForm, SolutionForm, UpdateForm
from saksgang.console.pages import ConsoleRequest, SeeOther
from saksgang.lib import clock
from saksgang.lib.numbers import whole_number
from saksgang.people.models import Person
from saksgang.tickets import majors
from saksgang.tickets.kinds import MajorState
from saksgang.tickets.models import MajorIncident, Ticket
from saksgang.tickets.policies import Refused

NAMED = 20  # of the cases that stay open when it is solved


def major_or_404(pk: int) -> MajorIncident:
    found = majors.one_or_none(pk)
    if found is None:
        raise Http404
    return found


def carry_out(
    request: ConsoleRequest,
    major: MajorIncident,
    form: forms.Form,
    do: Callable[[], object],
    done: Callable[[Any], str],
    *,
    box: str,
) -> HttpResponse:
    """Carries out one of the page's forms. Refused: the page again with the words as they were typed, and why.

    `done`: what the page says then, of what `do` returned.
    """
    valid = form.is_valid()
    if request.held:
        return draw(request, major, box, form)
    if not valid:
        return draw(request, major, box, form, status=422)
    try:
        result = do()
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return draw(request, major_or_404(major.pk), box, form, status=422)
    except NotAllowed:
        form.add_error(None, _("You may not do this on the case as it is now. Nothing was changed."))
        return draw(request, major, box, form, status=403)
    messages.success(request, done(result))
    return SeeOther(reverse("console:major", args=[major.pk]))


def draw(
    request: ConsoleRequest, major: MajorIncident, box: str = "", form: forms.Form | None = None, *, status: int = 200
) -> HttpResponse:
    """`form`: one that was refused or held; `box`: the panel that stands open. The others are fetched when they are opened."""
    viewer = request.person
    works = major.state == MajorState.OPEN and may(viewer, Permission.WORK_TICKETS, team=major.team_id)
    shown = _shown(request, major)
    stay = majors.stay_open(major) if works and box == "solution" else {}
    named = dict(list(stay.items())[:NAMED])
    drawn = _forms(major, named, box, works=works, ties=shown["ties"])
    subjects = _subjects(viewer, named) if named else {}
    context = shown | {
        "planned": major.announcement is not None and major.announcement.kind == Disruption.PLANNED,
        "stay": [(pk, subjects[pk], str(why.label)) for pk, why in named.items() if pk in subjects],
        "unnamed": len(stay) - len(named),
        "forms": drawn | ({box: form} if form is not None else {}),
        "opened": box,
        "works": works,
        "mark": "",
    }
    return page_of(request, "console/major/major.html", context, status=status)


def draw_shown(request: ConsoleRequest, major: MajorIncident) -> HttpResponse:
    """What follows by itself on the page, without the forms that somebody may be writing in."""
    return fragment(request, "console/major/shown.html", _shown(request, major))


def _shown(request: ConsoleRequest, major: MajorIncident) -> dict[str, Any]:
    now, viewer = clock.now(), request.person
    begins_after = whole_number(request.GET.get("after", "")) or 0
    rows, after = telling.cases(viewer, major, begins_after, now)
    return {
        "major": major,
        "since": telling.since(major, now),
        "confirming": telling.confirming(major, now),
        "facts": telling.facts(major, now),
        "counted": telling.counts(viewer, major),
        "rows": rows,
        "begins_after": begins_after,
        "after": after,
        "told": telling.updates(major, now),
        "redacts": may(viewer, Permission.WORK_TICKETS, team=major.team_id),
        "ties": major.state == MajorState.OPEN and may(viewer, Permission.HAND_OVER_TICKETS),
    }


def _subjects(viewer: Person, numbers: Iterable[int]) -> dict[int, str]:
    return dict(Ticket.objects.visible_to(viewer).filter(pk__in=list(numbers)).values_list("pk", "subject"))


def _forms(major: MajorIncident, stay: dict[int, Any], box: str, *, works: bool, ties: bool) -> dict[str, forms.Form]:
    """Those that this person may use, as far as they are open."""
    found: dict[str, forms.Form] = {}
    if works:
        found["word"] = UpdateForm()
    if works and box == "solution":
        found["solution"] = SolutionForm(stay)
    if works and box == "facts":
        found["facts"] = FactsForm(major)
    if ties:
        found["join"] = JoinForm()
    return found
