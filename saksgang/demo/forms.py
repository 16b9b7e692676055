"""What one fills in on the demo's pages."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from saksgang.catalogue.models import Mailbox
from saksgang.people.models import Person


class SendForm(forms.Form):
    """A mail from an employee to the desk."""

    sender = forms.ChoiceField(label=_("Send as"), error_messages={"required": _("Choose who writes.")})
    mailbox = forms.ChoiceField(label=_("To"), error_messages={"required": _("Choose a mailbox.")})
    subject = forms.CharField(label=_("Subject"), max_length=200, required=False)
    words = forms.CharField(
        label=_("Message"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=20_000,
        error_messages={"required": _("Write the message.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sender"].choices = _senders()  # type: ignore[attr-defined]
        boxes = Mailbox.objects.filter(active=True).order_by("id").values_list("slug", "address")
        self.fields["mailbox"].choices = [*boxes, ("both", _("Both mailboxes"))]  # type: ignore[attr-defined]


class ReplyForm(forms.Form):
    """A reply to a mail that an employee got."""

    words = forms.CharField(
        label=_("Reply"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=20_000,
        error_messages={"required": _("Write the reply.")},
    )


def _senders() -> list[tuple[str, list[tuple[str, str]]]]:
    """Employees with an address, grouped by department."""
    rows = (
        Person.objects.filter(department__isnull=False, account__isnull=True, addresses__isnull=False)
        .order_by("department__sort_key", "kind", "sort_key")
        .values_list("department__name", "addresses__address", "name", "title")
    )
    return [
        (place, [(address, f"{name}, {title}" if title else name) for _place, address, name, title in group])
        for place, group in groupby(rows, key=lambda row: row[0])
    ]
