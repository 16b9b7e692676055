"""What the employees have got, newest first."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from saksgang.demo.models import ReceivedMail
from saksgang.lib import text
from saksgang.people.models import PersonAddress

SHOWN = 50


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    wanted = text.one_line(request.GET.get("recipient", ""), 254)
    mails = ReceivedMail.objects.order_by("-at", "-id")
    if wanted:
        mails = mails.filter(recipient=wanted)
    shown = list(mails[:SHOWN])
    names = names_of({mail.recipient for mail in shown})
    context = {
        "rows": [(mail, names.get(mail.recipient, mail.recipient)) for mail in shown],
        "readers": _readers(),
        "wanted": wanted,
    }
    return render(request, "demo/inbox.html", context)


def names_of(addresses: set[str]) -> dict[str, str]:
    """Address → name, for those who are known."""
    return dict(PersonAddress.objects.filter(address__in=addresses).values_list("address", "person__name"))


def _readers() -> list[tuple[str, str, int]]:
    """Everybody who has got something, as (address, name, how many), by name."""
    counted = dict(ReceivedMail.objects.values_list("recipient").annotate(number=Count("id")))
    names = names_of(set(counted))
    readers = [(address, names.get(address) or address, number) for address, number in counted.items()]
    return sorted(readers, key=lambda reader: reader[1].lower())
