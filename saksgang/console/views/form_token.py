"""A form whose token is not good: the page was made before the last sign-in, in this or another tab, or it comes from elsewhere."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch, reverse
from django.views.csrf import csrf_failure

from saksgang.console import held
from saksgang.console.addresses import next_or_front
from saksgang.console.door import from_script, plainly
from saksgang.console.pages import SeeOther


def refused(request: Any, reason: str = "") -> HttpResponseBase:
    """Never carries anything out. One of our own forms is shown again with its words, and a token that is good."""
    if from_script(request):
        answer = plainly(403, "")
        answer["X-Form-Token"] = "old"
        return answer
    if request.path == reverse("console:sign_in") and _is_ours(request):
        return SeeOther(f"{request.path}?next={next_or_front(request)}")
    match = request.resolver_match
    keeps = bool(match) and getattr(match.func, "keeps_words", False)
    if request.method == "POST" and keeps and not _is_from_elsewhere(request):
        return _shown_again(request, match) or csrf_failure(request, reason)
    return csrf_failure(request, reason)


def _shown_again(request: Any, match: ResolverMatch) -> HttpResponseBase | None:
    """The form with its words, or the page that asks to sign in. Nothing when the page is not there for this person."""
    request.held = held.old_page_notice()
    try:
        answer: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    except (Http404, PermissionDenied):
        return None
    if answer.status_code == 200:
        answer.status_code = 403
    return answer


def _is_ours(request: Any) -> bool:
    origin = request.headers.get("Origin")
    return request.headers.get("Sec-Fetch-Site") == "same-origin" or (
        bool(origin) and (origin in settings.CSRF_TRUSTED_ORIGINS or urlsplit(origin).netloc == request.get_host())
    )


def _is_from_elsewhere(request: Any) -> bool:
    """Browsers say where a form comes from; what says nothing has no session by a form of another site (SameSite)."""
    says = request.headers.get("Origin") or request.headers.get("Sec-Fetch-Site")
    return bool(says) and not _is_ours(request)
