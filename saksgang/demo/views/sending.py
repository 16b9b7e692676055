"""The demo's first page: write to the desk as an employee, and follow the mail on its way."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from saksgang.catalogue.models import Mailbox
from saksgang.demo import posting
from saksgang.demo.examples import EXAMPLES
from saksgang.demo.forms import SendForm
from saksgang.demo.hospital_data import PASSWORD, SIGN_INS
from saksgang.demo.models import ReceivedMail
from saksgang.inbound.models import InboundMail
from saksgang.outbound.models import OutboundMail


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        form = SendForm(request.POST)
        if form.is_valid():
            return _send(request, form)
    else:
        form = SendForm(initial=_example(request.GET.get("example", "")))
    return render(request, "demo/start.html", _page(form))


def _page(form: SendForm) -> dict[str, Any]:
    return {"form": form, "examples": EXAMPLES, "sign_ins": SIGN_INS, "password": PASSWORD}


def _example(key: str) -> dict[str, str]:
    for example in EXAMPLES:
        if example.key == key:
            return example.initial()
    return {}


def _send(request: HttpRequest, form: SendForm) -> HttpResponse:
    facts = form.cleaned_data
    boxes = Mailbox.objects.filter(active=True).order_by("id")
    if facts["mailbox"] != "both":
        boxes = boxes.filter(slug=facts["mailbox"])
    to = list(boxes.values_list("address", flat=True))
    written = posting.new_mail(sender=facts["sender"], to=to, subject=facts["subject"], words=facts["words"])
    sha256, answer = posting.send(written, to)
    if answer.accepted:
        return redirect("demo:way", sha256=sha256)
    messages.error(request, _("The mail could not be sent: %(answer)s") % {"answer": answer.words})
    return render(request, "demo/start.html", _page(form))


@require_GET
def way(request: HttpRequest, sha256: str) -> HttpResponse:
    """What became of a mail that was just sent: stored, decided on, answered with a receipt."""
    rows = list(
        InboundMail.objects.filter(raw_sha256=sha256).select_related("ticket__team", "mailbox").order_by("id")[:5]
    )
    if not rows:
        raise Http404
    first = next((row for row in rows if row.ticket_id), rows[0])
    context: dict[str, Any] = {"rows": rows, "first": first, "sha256": sha256, "got": _receipt(first)}
    return render(request, "demo/way.html", context)


def _receipt(row: InboundMail) -> ReceivedMail | None:
    """The newest mail that the sender got about the case since they wrote."""
    if row.ticket_id is None:
        return None
    ids = OutboundMail.objects.filter(ticket_id=row.ticket_id, created_at__gte=row.received_at).values("header_id")
    return ReceivedMail.objects.filter(header_id__in=ids, recipient=row.from_address).order_by("-id").first()
