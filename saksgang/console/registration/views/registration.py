"""A new case in seconds: who, how and what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from saksgang.access.roles import Permission
from saksgang.console import kinds
from saksgang.console.announcements import announcing
from saksgang.console.answers import page_of
from saksgang.console.case.forms.assessment import type_cards
from saksgang.console.pages import ConsoleRequest, SeeOther, page
from saksgang.console.registration import callers, drafts, registering
from saksgang.console.registration.forms import NEW, RegistrationForm
from saksgang.console.registration.mentioned import FIELDS, offered
from saksgang.lib import clock
from saksgang.lib.numbers import whole_number
from saksgang.people.models import Person
from saksgang.tickets.models import Tally, Ticket
from saksgang.tickets.persons import person_known_to
from saksgang.tickets.policies import Refused


class Act(NamedTuple):
    """What one of the form's buttons does."""

    act: Callable[..., Ticket]
    done: str | Promise
    box: str  # the field that a refusal stands at


ACTS = {
    "register": Act(registering.register, gettext_lazy("Case %(number)s is registered."), ""),
    "solve": Act(registering.register_solved, gettext_lazy("Case %(number)s is registered and solved."), "solution"),
    "ask": Act(
        registering.register_asked,
        gettext_lazy("Case %(number)s is registered, and the triage team is asked."),
        "question",
    ),
}
DETAILS = ("text", "department", "contact_name", "place", "callback_number", "equipment_number", "team")


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.REGISTER_TICKETS, keeps_words=True)
def show(request: ConsoleRequest) -> HttpResponse:
    if "fragment" in request.GET:
        return _around(request)
    if request.method == "POST":
        return _send(request)
    known = _person(request, request.GET.get("who", ""))
    counted = _tally(request.GET.get("tally", ""))
    begun = drafts.draft_of(request.person)
    if known or counted or begun is None:
        initial: dict[str, Any] = {"who": known.name, "who_id": known.pk} if known else {}
        if counted:
            initial |= {"tally": counted.pk, "what": counted.category.name, "department": counted.department_id or ""}
        # What was begun for somebody else waits untouched: this form is then not kept in its place.
        return _page(request, RegistrationForm(request.person, initial=initial), known=known, waiting=begun is not None)
    form = RegistrationForm(request.person, initial=_written(begun))
    return _page(request, form, known=_person(request, begun.get("who_id", "")), begun=True)


def _send(request: ConsoleRequest) -> HttpResponse:
    if request.POST.get("do") == "forget" and not request.held:
        drafts.forget(request.person)
        return SeeOther(reverse("console:registration"))
    if request.POST.get("do") == "look":
        return _look(request)
    do = ACTS.get(request.POST.get("do", ""), ACTS["register"])
    form = RegistrationForm(request.person, request.POST, solve=do.box == "solution", ask=do.box == "question")
    valid = form.is_valid()
    if request.held:
        return _page(request, form, known=form.cleaned_data.get("known"))
    if valid:
        try:
            ticket = do.act(by=request.person, facts=form.cleaned_data)
        except Refused as refusal:
            form.add_error(do.box or None, str(refusal))
        else:
            drafts.forget(request.person)
            messages.success(request, str(do.done) % {"number": ticket.pk})
            return SeeOther(reverse("console:ticket", args=[ticket.pk]))
    return _page(request, form, known=form.cleaned_data.get("known"), status=422)


def _look(request: ConsoleRequest) -> HttpResponse:
    """Without script: who it is, what is open there and which faults are known, by what is filled in so far."""
    form = RegistrationForm(request.person, initial=_written(request.POST))
    return _page(request, form, known=_person(request, request.POST.get("who_id", "")))


def _written(sent: QueryDict) -> dict[str, Any]:
    return sent.dict() | {"mailed": "mailed" in sent, "take": sent.getlist("take")}


def _page(
    request: ConsoleRequest,
    form: RegistrationForm,
    *,
    known: Person | None,
    begun: bool = False,
    waiting: bool = False,
    status: int = 200,
) -> HttpResponse:
    """`begun`: the form holds the person's draft; `waiting`: a draft for somebody else is kept beside it."""
    who = str(form["who"].value() or "")
    context: dict[str, Any] = {
        "form": form,
        "begun": begun,
        "waiting": waiting,
        "details": [form[name] for name in DETAILS],
        "details_open": any(form[name].errors for name in DETAILS)
        or (begun and any(form.initial.get(name) for name in DETAILS[:-1])),
        "candidates": form.candidates,
        "new": NEW,
        "announced": announcing.current(clock.now()),
        "cards": type_cards(),
        "questions": _questions(),
        "answers": [("yes", _("Yes")), ("no", _("No"))],
        "chosen_type": form["type"].value(),
        "mentioned": offered(_filled(form)),
        **callers.around(request.person, known, who, _filled(form), form.meant),
    }
    return page_of(request, "console/registration/registration.html", context, status=status)


def _filled(form: RegistrationForm) -> dict[str, Any]:
    return {name: form[name].value() for name in ("department", "service", "major", "what", "text", "take", *FIELDS)}


def _questions() -> list[tuple[str, str]]:
    """Whether it shall be registered (clause R3): time, others, use against effort."""
    return [
        ("aid_now", _("Can you do it now, in ten minutes at most?")),
        ("aid_others", _("Must others do something?")),
        ("aid_worth", _("Will it help somebody to find it again?")),
    ]


def _around(request: ConsoleRequest) -> HttpResponse:
    """Who calls and what is open there, or what the words hold: fetched while the agent types."""
    if request.GET["fragment"] == "mentioned":
        return _fragment(request, "mentioned", {"mentioned": offered(request.GET)})
    known = _person(request, request.GET.get("who_id", ""))
    kind = kinds.meant(request.GET.get("category", ""))
    context = callers.around(request.person, known, request.GET.get("who", "")[:200], request.GET, kind)
    return _fragment(request, "around", context)


def _fragment(request: ConsoleRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    response = render(request, f"console/registration/{name}.html", context)
    response["Cache-Control"] = "no-store, private"
    return response


def _tally(pk: str) -> Tally | None:
    """What was only counted until now, and shall be a case."""
    wanted = whole_number(pk)
    return Tally.objects.filter(pk=wanted, ticket=None).select_related("category").first() if wanted else None


def _person(request: ConsoleRequest, pk: str) -> Person | None:
    wanted = whole_number(pk)
    return person_known_to(request.person, wanted) if wanted else None
