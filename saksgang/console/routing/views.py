"""Routing rules: read by every agent, written by those who set the desk up, and tried on the newest cases before they are saved."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from saksgang.access.queries import check_may, may
from saksgang.access.roles import Permission
from saksgang.catalogue import queries as catalogue
from saksgang.catalogue.actions import add_routing_rule, change_routing_rule, move_routing_rule, switch_routing_rule
from saksgang.catalogue.models import RoutingRule
from saksgang.console.answers import page_of
from saksgang.console.pages import ConsoleRequest, SeeOther, page
from saksgang.console.routing.forms import RoutingForm
from saksgang.console.routing.sentences import sentence
from saksgang.console.routing.trying import tried


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.READ_TICKETS, keeps_words=True)
def show(request: ConsoleRequest) -> HttpResponse:
    if request.method != "POST":
        return _list(request, RoutingForm())
    check_may(request.person, Permission.ADMINISTER)
    form = RoutingForm(request.POST)
    valid = form.is_valid()
    if request.held or not valid:
        return _list(request, form, status=200 if request.held else 422)
    if request.POST.get("do") == "try":
        return _list(request, form, trial=_trial(request, form, None))
    add_routing_rule(by=request.person, **form.facts())
    messages.success(request, _("The rule is added after the others."))
    return SeeOther(reverse("console:routing"))


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.ADMINISTER, keeps_words=True)
def rule(request: ConsoleRequest, pk: int) -> HttpResponse:
    asked = get_object_or_404(RoutingRule, pk=pk)
    standing = _standing(asked)
    if request.method != "POST":
        return _one(request, standing, RoutingForm(rule=standing))
    form = RoutingForm(request.POST, rule=standing)
    valid = form.is_valid()
    if request.held:
        return _one(request, standing, form)
    if standing.pk != asked.pk:
        form.add_error(
            None, _("Somebody has changed the rule while you wrote. See how it stands above, and press once more.")
        )
        return _one(request, standing, form, status=409)
    if not valid:
        return _one(request, standing, form, status=422)
    if request.POST.get("do") == "try":
        return _one(request, standing, form, trial=_trial(request, form, standing))
    change_routing_rule(by=request.person, rule=standing, **form.facts())
    messages.success(request, _("The rule is changed. Cases that it has sent keep the sentence as it stood."))
    return SeeOther(reverse("console:routing"))


@require_POST
@page(Permission.ADMINISTER)
def place(request: ConsoleRequest, pk: int) -> HttpResponse:
    """One place up or down, or to rest and to hold again."""
    standing = _standing(get_object_or_404(RoutingRule, pk=pk))
    do = request.POST.get("do")
    if do in ("up", "down"):
        move_routing_rule(by=request.person, rule=standing, up=do == "up")
        messages.success(request, _("The rule is moved."))
    elif do in ("rest", "hold"):
        switch_routing_rule(by=request.person, rule=standing, active=do == "hold")
        messages.success(
            request, _("The rule holds again.") if do == "hold" else _("The rule rests: no case is sent by it.")
        )
    return SeeOther(reverse("console:routing"))


def _standing(asked: RoutingRule) -> RoutingRule:
    """The rule itself, or what it has become."""
    while asked.replaced_at is not None:
        successor = RoutingRule.objects.filter(former=asked).first()
        if successor is None:
            raise Http404
        asked = successor
    return catalogue.routing_rule(asked.pk)


def _trial(request: ConsoleRequest, form: RoutingForm, former: RoutingRule | None) -> dict[str, Any]:
    """What the rule in the form says, and what it would have done."""
    facts = form.facts()
    return {"sentence": sentence(RoutingRule(**facts)), "found": tried(request.person, RoutingRule(**facts), former)}


def _list(
    request: ConsoleRequest, form: RoutingForm, *, trial: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    rows = list(catalogue.routing_rows())
    lines = [{"id": one.pk, "sentence": sentence(one), "holds": catalogue.rule_holds(one)} for one in rows]
    may_change = may(request.person, Permission.ADMINISTER)
    context = {"rows": lines, "form": form if may_change else None, "trial": trial}
    return page_of(request, "console/routing/routing.html", context, status=status)


def _one(
    request: ConsoleRequest,
    standing: RoutingRule,
    form: RoutingForm,
    *,
    trial: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"rule": standing, "sentence": sentence(standing), "form": form, "trial": trial}
    return page_of(request, "console/routing/routing_rule.html", context, status=status)
