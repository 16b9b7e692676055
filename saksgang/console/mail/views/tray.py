"""The tray: mails that could not become a case by themselves, and what a person does with each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from saksgang.access.queries import may
from saksgang.access.roles import Permission
from saksgang.console.answers import page_of
from saksgang.console.due import Due
from saksgang.console.mail.forms import HandledForm, SetAsideForm
from saksgang.console.mail.views.ledger import mail_or_404, show_mail
from saksgang.console.mail.words import reason_words, set_aside_words
from saksgang.console.pages import ConsoleRequest, SeeOther, page
from saksgang.inbound import actions, queries
from saksgang.inbound.decisions import receipts
from saksgang.inbound.models import InboundMail
from saksgang.lib import clock
from saksgang.people.actions import person_of_address
from saksgang.people.models import Person
from saksgang.tickets.models import Ticket
from saksgang.tickets.policies import Refused
from saksgang.ui.dates import short_when

MOST_HELD = 100  # receipts held back, as the page lists them


@require_safe
@page(Permission.READ_MAIL)
def show(request: ConsoleRequest) -> HttpResponse:
    times, lying = Due(), queries.tray(request.person)
    tried = queries.retries(row["id"] for row in lying)
    rows = [
        row
        | {
            "sender": row["from_name"] or row["from_address"] or _("unknown sender"),
            "subject": row["subject"] or _("(no subject)"),
            "reason": set_aside_words(row["set_aside_reason"]) if row["outcome"] else "",
            "due": times.words(row["due_at"]),
            "trying": row["outcome"] is None,
            "tried": _tried(row, tried.get(row["id"])),
        }
        for row in lying
    ]
    held = [
        {
            "number": one.ticket_id,
            "name": one.person.name,
            "at": one.at,
            "why": reason_words(["acknowledgement", one.reason]),
        }
        for one in receipts.held().filter(ticket__in=Ticket.objects.visible_to(request.person))[:MOST_HELD]
    ]
    context = {
        "rows": rows,
        "held_receipts": held,
        "now": clock.now(),
        "may_sort": may(request.person, Permission.SORT_MAIL),
    }
    return page_of(request, "console/mail/tray.html", context)


def _tried(row: dict[str, Any], retry: queries.Retry | None) -> str:
    """What came of «Prøv igjen»; nothing while it is not known yet."""
    if retry is None or row["outcome"] is None:
        return ""
    told = {"name": retry.by, "when": short_when(retry.at, clock.now())}
    if retry.before == row["set_aside_reason"]:
        return _("%(name)s tried it again %(when)s: the reason is the same.") % told
    return _("%(name)s tried it again %(when)s: now there is another reason.") % told


@require_POST
@page(Permission.SORT_MAIL)
def retry(request: ConsoleRequest, pk: int) -> HttpResponse:
    mail = mail_or_404(request, pk)
    done = _("The mail is tried again now. Here it says what came of it: it becomes a case, or it stays with its time.")
    return _carry_out(request, lambda: actions.retry(mail=mail, by=request.person), done)


@require_POST
@page(Permission.SORT_MAIL, keeps_words=True)
def register(request: ConsoleRequest, pk: int) -> HttpResponse:
    mail = mail_or_404(request, pk)
    form = SetAsideForm(request.POST, mail=mail)
    valid = form.is_valid()
    if request.held:
        return show_mail(request, mail, form=form)
    if not valid:
        return show_mail(request, mail, form=form, status=422)
    try:
        ticket = _register(mail, request.person, form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return show_mail(request, mail, form=form, status=422)
    messages.success(request, _("The mail became case %(number)s.") % {"number": ticket.pk})
    return SeeOther(reverse("console:ticket", args=[ticket.pk]))


@transaction.atomic
def _register(mail: InboundMail, by: Person, facts: dict[str, Any]) -> Ticket:
    """A new address becomes a person only if the case is made."""
    address = facts["requester"]
    name = mail.from_name if address == mail.from_address else ""
    requester = person_of_address(by=by, address=address, name=name) if address else None
    return actions.register_set_aside(
        mail=mail, by=by, team=facts["team"], requester=requester, subject=facts["subject"]
    )


@require_POST
@page(Permission.SORT_MAIL, keeps_words=True)
def handle(request: ConsoleRequest, pk: int) -> HttpResponse:
    mail = mail_or_404(request, pk)
    form = HandledForm(request.POST)
    valid = form.is_valid()
    if request.held:
        return show_mail(request, mail, form=form)
    if not valid:
        return show_mail(request, mail, form=form, status=422)
    note = form.cleaned_data["note"]
    return _carry_out(
        request,
        lambda: actions.mark_handled(mail=mail, by=request.person, note=note),
        _("The mail is out of the tray."),
    )


def _carry_out(request: ConsoleRequest, act: Callable[[], None], done: str) -> HttpResponse:
    """Back to the tray, with what happened; somebody else may have dealt with the mail meanwhile."""
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return SeeOther(reverse("console:mail_tray"))
