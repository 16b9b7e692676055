"""The mailboxes: whether each is read, what is wrong with it, and whether its books balance with the ledger."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from saksgang.access.roles import Permission
from saksgang.console.answers import page_of
from saksgang.console.pages import ConsoleRequest, SeeOther, page
from saksgang.inbound import watching
from saksgang.inbound.models import MailboxWatch
from saksgang.lib import clock
from saksgang.ui.dates import short_when


@require_safe
@page(Permission.READ_MAIL)
def show(request: ConsoleRequest) -> HttpResponse:
    context = {"rows": [_row(mailbox) for mailbox in watching.mailboxes()], "now": clock.now()}
    return page_of(request, "console/mail/mailboxes.html", context)


@require_POST
@page(Permission.READ_MAIL)
def count(request: ConsoleRequest, pk: int) -> HttpResponse:
    mailbox = get_object_or_404(watching.read_by_imap(), pk=pk)
    watching.ask_for_count(mailbox=mailbox, by=request.person)
    messages.success(request, _("The mailbox is counted in a moment. Load the page again to see the numbers."))
    return SeeOther(reverse("console:mailboxes"))


def _row(mailbox: Any) -> dict[str, Any]:
    door, watch = getattr(mailbox, "imap", None), getattr(mailbox, "watch", None)
    imap = door is not None and door.active
    return {
        "mailbox": mailbox,
        "watch": watch if imap else None,
        "imap": imap,
        "last": watch.seen_at if imap and watch else None if imap else mailbox.last_mail_at,
        "door": _("IMAP from %(host)s") % {"host": door.host} if door and imap else _("SMTP or a command"),
        **_state(watch, imap=imap),
    }


def _test_mail(watch: MailboxWatch | None) -> str:
    """Whether our own test mail made its round, where one is sent."""
    if watch is None or watch.heartbeat_sent_at is None:
        return ""
    if watch.heartbeat_back_at and watch.heartbeat_out_since is None:
        return _("The test mail came back %(when)s.") % {"when": short_when(watch.heartbeat_back_at, clock.now())}
    return _("The test mail has not come back yet.")


def _state(watch: MailboxWatch | None, *, imap: bool) -> dict[str, str]:
    """How the mailbox is doing, as a word with its tone, and what that means."""
    if not imap:
        return {"label": pgettext("mailbox", "Handed to us"), "tone": "", "meaning": _test_mail(watch)}
    if watch is None or (watch.seen_at is None and watch.failing_since is None):
        return {"label": pgettext("mailbox", "Not read yet"), "tone": "warning", "meaning": ""}
    if watch.failing_since is None:
        return {"label": pgettext("mailbox", "In order"), "tone": "done", "meaning": ""}
    if watch.seen_at and watch.seen_at >= watch.failing_since:
        meaning = _("New mail comes in, but it could not be tidied away in the mailbox.")
        return {"label": pgettext("mailbox", "Comes in, with trouble"), "tone": "warning", "meaning": meaning}
    meaning = _("New mail does not come in. It lies safe in the mailbox until this is mended.")
    return {"label": pgettext("mailbox", "Fails"), "tone": "danger", "meaning": meaning}
