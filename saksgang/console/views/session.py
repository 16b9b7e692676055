"""Signing in and out."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saksgang.access.roles import Permission
from saksgang.console import door
from saksgang.console.addresses import next_or_front
from saksgang.console.pages import ConsoleRequest, SeeOther, page
from saksgang.console.sign_in import SignInForm


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
        door.let_in(request, form)
        response = SeeOther(target)
        door.greet(request, response)
        return response
    context = {"form": form, "next": target}
    return render(request, "console/sign_in.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return SeeOther(reverse("console:sign_in"))


@require_safe
@page(Permission.READ_TICKETS)
def state(request: ConsoleRequest) -> HttpResponse:
    """For a page that stood open while one signed in again: the token that its forms need from now on."""
    answer = HttpResponse(status=204)
    answer["X-Form-Token"] = get_token(request)
    answer["Cache-Control"] = "no-store, private"
    return answer


@never_cache
@require_safe
@page(Permission.READ_TICKETS)
def signed_in(request: ConsoleRequest) -> HttpResponse:
    """Where signing in from an open page leads: that page goes on by itself, and this one is closed."""
    return render(request, "console/signed_in.html")
