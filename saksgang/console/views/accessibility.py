"""How well everybody can use the pages, and what is known to be lacking. Open to all, signed in or not."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from saksgang.catalogue.models import Mailbox
from saksgang.ui.dates import full_date

# When the pages were last gone through. Set it anew whenever the list of what is lacking changes.
ASSESSED_ON = date(2026, 11, 23)


@never_cache
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Whoever finds something lacking writes to the hospital's own desk: the mailbox that was added first."""
    mailbox = Mailbox.objects.filter(active=True).order_by("id").first()
    context = {
        "address": mailbox.address if mailbox else "",
        "assessed_on": full_date(ASSESSED_ON),
    }
    return render(request, "console/accessibility.html", context)
