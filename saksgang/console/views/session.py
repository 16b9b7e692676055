"""Signing in and out."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from saksgang.console.addresses import next_or_front
from saksgang.console.forms.session import BROWSER_COOKIE, SignInForm
from saksgang.console.ticket_page import SeeOther
from saksgang.console.views.language import remember
from saksgang.people import signing_in
from saksgang.people.models import Account


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The session gets a new key at sign-in, and `next` leads to our own pages only."""
    target = next_or_front(request)
    if request.user.is_authenticated and request.user.person.active:
        return SeeOther(target)
    form = SignInForm(request, data=request.POST if request.method == "POST" else None)
    if form.is_valid():
        account = form.get_user()
        login(request, account)
        response = SeeOther(target)
        _know_again(request, response, account)
        remember(response, account.person.language)
        return response
    context = {"form": form, "next": target, "languages": settings.LANGUAGES}
    return render(request, "console/sign_in.html", context, status=422 if form.is_bound else 200)


def _know_again(request: HttpRequest, response: HttpResponse, account: Account) -> None:
    """The browser is known from now on. An expired or invented number is replaced."""
    known = request.COOKIES.get(BROWSER_COOKIE, "")
    response.set_cookie(
        BROWSER_COOKIE,
        known if signing_in.is_browser(known) else signing_in.new_browser(account),
        max_age=signing_in.KEEP_PLACES,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path=reverse("console:sign_in"),
    )


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return SeeOther(reverse("console:sign_in"))
