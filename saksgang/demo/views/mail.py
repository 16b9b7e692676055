"""One mail that an employee got, and a reply to it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from saksgang.demo import posting
from saksgang.demo.forms import ReplyForm
from saksgang.demo.models import ReceivedMail
from saksgang.demo.views.inbox import names_of
from saksgang.inbound.reading.mail import read
from saksgang.lib import files
from saksgang.outbound.models import OutboundMail


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, pk: int) -> HttpResponse:
    mail = get_object_or_404(ReceivedMail, pk=pk)
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        sha256, answer = posting.send(posting.reply_to(mail, form.cleaned_data["words"]), [mail.sender_address])
        if answer.accepted:
            return redirect("demo:way", sha256=sha256)
        messages.error(request, _("The mail could not be sent: %(answer)s") % {"answer": answer.words})
    sent = OutboundMail.objects.filter(header_id=mail.header_id).first()
    context = {
        "mail": mail,
        "name": names_of({mail.recipient}).get(mail.recipient, mail.recipient),
        "words": read(files.read(mail.raw_sha256)).text.strip(),
        "number": sent.ticket_id if sent else None,
        "form": form,
    }
    return render(request, "demo/mail.html", context)
