"""Making an improvement of a case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from saksgang.console.case.case import Case
from saksgang.console.case.forms.box import BoxForm
from saksgang.console.improvements.choosing import ChoosingFields
from saksgang.tickets.actions.ending import Parts


class ImprovementForm(ChoosingFields, BoxForm):
    box = "improvement"
    sub_cases = forms.ChoiceField(required=False, widget=forms.RadioSelect)

    def __init__(self, case: Case, **options: Any) -> None:
        super().__init__(case, **options)
        self.fields["sub_cases"].label = _("What becomes of the open sub-cases?")
        self.choose("sub_cases", list(Parts.choices))
        self.prepare(case.ticket)
