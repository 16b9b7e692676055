"""The mail log: every mail that came in, what became of it, and why."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from saksgang.access.queries import may
from saksgang.access.roles import Permission
from saksgang.console.answers import page_of
from saksgang.console.downloads import download
from saksgang.console.mail.forms import HandledForm, SetAsideForm
from saksgang.console.mail.words import reason_words, set_aside_words
from saksgang.console.pages import ConsoleRequest, page
from saksgang.inbound import queries
from saksgang.inbound.models import InboundMail, Outcome
from saksgang.lib import clock, files, text
from saksgang.lib.numbers import whole_number

SHOWN_BYTES = 64 * 1024
TONES = {Outcome.NEW_TICKET: "done", Outcome.REPLY: "done", Outcome.BOUNCE: "danger", Outcome.SET_ASIDE: "warning"}


@require_safe
@page(Permission.READ_MAIL)
def ledger(request: ConsoleRequest) -> HttpResponse:
    outcome = request.GET.get("outcome", "")
    if outcome not in (*Outcome.values, queries.UNDECIDED):
        outcome = ""
    words = text.one_line(request.GET.get("words", ""), 100)
    known = whole_number(request.GET.get("before", ""))
    found = queries.ledger(request.person, before=known, outcome=outcome, words=words)
    context = {
        "rows": [_row(row) for row in found[: queries.PAGE]],
        "next": found[queries.PAGE - 1]["id"] if len(found) > queries.PAGE else None,
        "before": known,
        "outcome": outcome,
        "words": words,
        "outcomes": [*Outcome.choices, (queries.UNDECIDED, _("Not decided yet"))],
        "now": clock.now(),
    }
    return page_of(request, "console/mail/ledger.html", context)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    outcome = row["outcome"]
    waits = outcome == Outcome.SET_ASIDE and row["handled_at"] is None
    return row | {
        "sender": row["from_name"] or row["from_address"],
        "subject": row["subject"] or _("(no subject)"),
        "label": str(Outcome(outcome).label) if outcome else _("Not decided yet"),
        "tone": TONES.get(outcome, "") if outcome != Outcome.SET_ASIDE or waits else "",
        "reason": set_aside_words(row["set_aside_reason"]) if waits else "",
        "late": waits and row["due_at"] < clock.now(),
    }


@require_safe
@page(Permission.READ_MAIL)
def show(request: ConsoleRequest, pk: int) -> HttpResponse:
    return show_mail(request, mail_or_404(request, pk))


def mail_or_404(request: ConsoleRequest, pk: int) -> InboundMail:
    """The delivery, if this person may read it: that of a restricted case is seen by those who see the case."""
    mail = queries.readable_by(request.person).select_related("mailbox__team", "handled_by").filter(pk=pk).first()
    if mail is None or not queries.may_read(request.person, mail):
        raise Http404
    return mail


def show_mail(request: ConsoleRequest, mail: InboundMail, *, form: Any = None, status: int = 200) -> HttpResponse:
    """The page of one delivery; `form` is one that was sent and refused."""
    waits = mail.outcome == Outcome.SET_ASIDE and mail.handled_at is None
    raw, cut = _raw_text(mail)
    context: dict[str, Any] = {
        "mail": mail,
        "label": str(Outcome(mail.outcome).label) if mail.outcome else _("Not decided yet"),
        "tone": TONES.get(Outcome(mail.outcome), "") if mail.outcome else "",
        "reasons": [reason_words(reason) for reason in mail.reasons],
        "set_aside": set_aside_words(mail.set_aside_reason) if mail.set_aside_reason else "",
        "duplicates": list(
            queries.readable_by(request.person)
            .filter(duplicate_of=mail)
            .values("id", "mailbox__slug", "received_at")[:20]
        ),
        "raw": raw,
        "cut": cut,
        "now": clock.now(),
    }
    if waits and may(request.person, Permission.SORT_MAIL):
        context["registration"] = form if isinstance(form, SetAsideForm) else SetAsideForm(mail=mail)
        context["handling"] = form if isinstance(form, HandledForm) else HandledForm()
        context["opened"] = form
    return page_of(request, "console/mail/row.html", context, status=status)


def _raw_text(mail: InboundMail) -> tuple[str | None, bool]:
    """The first part of the raw mail as text, and whether there is more. None when the bytes are gone or damaged."""
    if mail.redacted_at:
        return None, False
    try:
        start = files.read(mail.raw_sha256)[: SHOWN_BYTES + 1]
    except FileNotFoundError:
        return None, False
    return text.strip_controls(start[:SHOWN_BYTES].decode("utf-8", "replace")), len(start) > SHOWN_BYTES


@require_safe
@page(Permission.READ_MAIL)
def raw(request: ConsoleRequest, pk: int) -> FileResponse:
    """The mail as it came, byte for byte: always a download, never shown by the browser."""
    mail = mail_or_404(request, pk)
    if mail.redacted_at:
        raise Http404
    return download(mail.raw_sha256, name=f"mail-{mail.pk}.eml")
