"""What every page of the console shares: who asks, what they may, and what they see around it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirectBase
from django.urls import reverse
from django.utils.translation import gettext as _

from saksgang.access.queries import NotAllowed, may
from saksgang.access.roles import Permission
from saksgang.catalogue import queries as catalogue
from saksgang.console import door
from saksgang.people.models import Person
from saksgang.tickets import queries
from saksgang.tickets.models import Ticket

View = Callable[..., HttpResponseBase]


class ConsoleRequest(HttpRequest):
    """A request of somebody signed in; `page` makes sure of it."""

    person: Person
    held: str  # why a form that came is only shown, and not carried out; empty as a rule


class SeeOther(HttpResponseRedirectBase):
    """A form was carried out: the browser goes on with GET, so that loading anew does nothing twice."""

    status_code = 303


def page(permission: Permission, *, keeps_words: bool = False) -> Callable[[View], View]:
    """Only for people who hold `permission` somewhere. Others sign in first, or are told that they may not.

    `keeps_words`: the view shows a form that was held back (`request.held`) and does nothing of what it says. Every other view is
    not even asked about such a form.
    """

    def decorate(view: View) -> View:
        def answered(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            request.person = request.user.person
            if not may(request.person, permission):
                raise PermissionDenied
            if request.held and not keeps_words:
                messages.warning(request, _("You were signed out, so nothing was done. Press once more."))
                return SeeOther(reverse("console:front"))
            try:
                return view(request, *args, **kwargs)
            except NotAllowed as refusal:
                raise PermissionDenied from refusal
            except Http404:
                return door.gone(request)

        @wraps(view)
        def asked(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            request.held = getattr(request, "held", "")
            with catalogue.held():
                answer = door.ask(request) or answered(request, *args, **kwargs)
            door.greet(request, answer)
            return answer

        asked.keeps_words = keeps_words  # type: ignore[attr-defined]
        return asked

    return decorate


def ticket_or_404(request: ConsoleRequest, number: int) -> Ticket:
    """The case, if this person may see it. To everybody else it does not exist."""
    ticket = queries.case(request.person, number)
    if ticket is None:
        raise Http404
    return ticket
