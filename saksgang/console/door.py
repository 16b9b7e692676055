"""Who comes in: people who are signed in. Everybody else signs in first, and what they had written comes along."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from saksgang.console import held
from saksgang.console.sign_in import BROWSER_COOKIE, SignInForm
from saksgang.people import signing_in
from saksgang.people.language import remember
from saksgang.people.models import Account


def from_script(request: HttpRequest) -> bool:
    """Whether a script asks, that would take the page for signing in for its answer."""
    if request.headers.get("X-Requested-With") or request.headers.get("HX-Request"):
        return True
    mode, accepted = request.headers.get("Sec-Fetch-Mode"), request.headers.get("Accept", "")
    if mode:
        return mode != "navigate"
    return bool(accepted) and "text/html" not in accepted and "*/*" not in accepted


def ask(request: Any) -> HttpResponseBase | None:
    """What answers instead of the page; nothing when it may go on. A form that was held back is given back to the request."""
    back = held.opened(request) if held.FIELD in request.POST else None
    if not request.user.is_authenticated:
        instead = _ask_to_sign_in(request, back)
        if instead:
            return instead
    if held.written_by_another(request, request.user.person):
        return _not_yours(request)
    if back:
        held.give_back(request, back)
        if held.written_by_another(request, request.user.person):
            return _not_yours(request)
    return None


def _ask_to_sign_in(request: Any, back: held.Held | None) -> HttpResponseBase | None:
    if from_script(request):
        return plainly(401, _("Sign in again."))
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    if held.FIELD not in request.POST:
        return _sign_in_page(request, SignInForm(request), held.seal(request), bool(request.FILES))
    if back is None:
        return redirect_to_login("/")
    if request.held:  # its token is no longer good: a sign-in is never taken from such a form
        return _sign_in_page(request, SignInForm(request), request.POST[held.FIELD], bool(back.files))
    form = SignInForm(request, data=request.POST)
    if not form.is_valid():
        return _sign_in_page(request, form, request.POST[held.FIELD], bool(back.files))
    let_in(request, form)
    return None


def let_in(request: HttpRequest, form: SignInForm) -> Account:
    """The session gets a new key, and so do the forms."""
    account: Account = form.get_user()
    login(request, account)
    request.entered = account  # type: ignore[attr-defined]
    return account


def greet(request: HttpRequest, response: HttpResponseBase) -> None:
    """What the answer to a sign-in leaves in the browser."""
    account: Account | None = getattr(request, "entered", None)
    if account:
        _know_again(request, response, account)
        remember(response, account.person.language)
        add_never_cache_headers(response)


def _know_again(request: HttpRequest, response: HttpResponseBase, account: Account) -> None:
    """The browser is known from now on, at every address where one can sign in. An expired or invented number is replaced."""
    known = request.COOKIES.get(BROWSER_COOKIE, "")
    response.set_cookie(
        BROWSER_COOKIE,
        known if signing_in.is_browser(known) else signing_in.new_browser(account),
        max_age=signing_in.KEEP_PLACES,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def plainly(status: int, words: str) -> HttpResponse:
    """An answer for scripts: never a page."""
    answer = HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = "no-store, private"
    return answer


def _sign_in_page(request: HttpRequest, form: SignInForm, sealed: str, files: bool) -> HttpResponse:
    context = {"form": form, "held": sealed, "held_back": True, "held_files": files}
    answer = render(request, "console/sign_in.html", context, status=422 if form.is_bound else 401)
    add_never_cache_headers(answer)
    return answer


def gone(request: HttpRequest) -> HttpResponse:
    """What was written for something that is not there any more, or not for this person's eyes: their own words, and nothing else.

    Raises Http404 when nothing was written.
    """
    sent = (str(request.POST.get(name, "")) for name in held.WORDS)
    words = [one for one in sent if one.strip()]
    if not words or from_script(request):
        raise Http404
    answer = render(request, "console/gone.html", {"words": words}, status=404)
    add_never_cache_headers(answer)
    return answer


def _not_yours(request: HttpRequest) -> HttpResponse:
    if from_script(request):
        return plainly(409, _("Somebody else is signed in now."))
    answer = render(request, "console/not_yours.html", status=403)
    add_never_cache_headers(answer)
    return answer
