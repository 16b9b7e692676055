"""What every page of the console shares: who asks, what they may, and what they see around it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from saksgang.access.queries import NotAllowed, may
from saksgang.access.roles import Permission
from saksgang.people.models import Person
from saksgang.tickets import queries
from saksgang.tickets.models import Ticket

View = Callable[..., HttpResponseBase]


class ConsoleRequest(HttpRequest):
    """A request of somebody signed in; `page` makes sure of it."""

    person: Person


def page(permission: Permission) -> Callable[[View], View]:
    """Only for people who hold `permission` somewhere. Others sign in first, or are told that they may not."""

    def decorate(view: View) -> View:
        @wraps(view)
        def asked(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            account = request.user
            if not account.is_authenticated:
                return redirect_to_login(request.get_full_path())
            request.person = account.person
            if not may(request.person, permission):
                raise PermissionDenied
            try:
                return view(request, *args, **kwargs)
            except NotAllowed as refusal:
                raise PermissionDenied from refusal

        return asked

    return decorate


def ticket_or_404(request: ConsoleRequest, number: int) -> Ticket:
    """The case, if this person may see it. To everybody else it does not exist."""
    ticket = queries.case(request.person, number)
    if ticket is None:
        raise Http404
    return ticket
