"""What pages are compared with, both for somebody signed in: a bare response through all middleware, with the session, the
account and the permission looked up as for every page; and the console's frame with nothing in it.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from saksgang.access.roles import Permission
from saksgang.console.pages import page
from saksgang.console.shell import shell_context


@page(Permission.READ_TICKETS)
def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


@page(Permission.READ_TICKETS)
def empty(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/console.html", {"shell": shell_context(request)})


urlpatterns = [
    path("bench/bare", bare),
    path("bench/empty", empty),
    path("", include("saksgang.console.urls")),
]
