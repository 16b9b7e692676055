"""A page that is not there, or not for this person. Whoever is signed in keeps the search box and the lists around them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views import defaults

from saksgang.access.queries import may
from saksgang.access.roles import Permission
from saksgang.console.answers import page_of
from saksgang.people.models import Account


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _inside(request, 404) or defaults.page_not_found(request, exception)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _inside(request, 403) or defaults.permission_denied(request, exception)


def _inside(request: Any, status: int) -> HttpResponse | None:
    """The page inside the agents' frame; None for those whom the frame is not for."""
    account = getattr(request, "user", None)
    if not isinstance(account, Account) or not may(account.person, Permission.READ_TICKETS):
        return None
    request.person, request.held = account.person, ""
    return page_of(request, "console/lost.html", {"missing": status == 404}, status=status)
