"""Writing from a case to others than its requester."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from saksgang.catalogue import queries as catalogue
from saksgang.console.case.case import Case
from saksgang.console.case.forms.box import WithFiles
from saksgang.console.fields import Line, Words
from saksgang.console.models import LEAVES
from saksgang.tickets.kinds import MessageKind, SenderRole


class OutwardForm(WithFiles):
    box = "outward"
    draft = LEAVES
    supplier = forms.ChoiceField(required=False)
    to = Line(required=False, max_length=2_000)
    words = Words(required=False)

    def __init__(self, case: Case, **options: Any) -> None:
        start = {"words": case.drafts.get(LEAVES, ""), "to": ", ".join(_written_with(case))}
        super().__init__(case, initial=start, **options)
        self.fields["supplier"].label = _("Supplier")
        self.fields["to"].label = _("E-mail addresses, with a comma between them")
        self.fields["words"].label = _("Message")
        known = [(one.address, f"{one.name} <{one.address}>") for one in catalogue.suppliers() if one.address]
        self.choose("supplier", [("", pgettext("supplier", "None")), *known] if known else [])

    @property
    def offers_suppliers(self) -> bool:
        return bool(self.fields["supplier"].choices)  # type: ignore[attr-defined]

    def clean_to(self) -> list[str]:
        """Every address, the chosen supplier's first; the action says which of them is none."""
        written = [address for address in re.split(r"[,;\s]+", self.cleaned_data["to"]) if address]
        chosen = self.cleaned_data.get("supplier")
        return [chosen, *written] if chosen else written


def _written_with(case: Case) -> list[str]:
    """With whom the case was last written about, to go on with: who answered, or those we wrote to."""
    for message in reversed(case.conversation):
        if message.kind == MessageKind.OUTWARD and message.taken_back_at is None:
            return [told.address for told in case.recipients.get(message.pk, [])]
        if message.sender_role == SenderRole.SUPPLIER and message.author_address:
            return [message.author_address]
    return []
