"""Whether a patient was or could have been harmed: one question to a fault, the same wherever it is assessed. Decision 0035."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saksgang.catalogue.kinds import TicketType
from saksgang.console.fields import Line
from saksgang.tickets.actions.deviation import NOT_A_NUMBER, is_number
from saksgang.tickets.kinds import Told

NAMES = ("patient_harm", "harm_again", "deviation_number", "deviation_reason")


class HarmFields(forms.Form):
    """Shown for a fault only; the three that follow from «yes» are shown with it."""

    patient_harm = forms.ChoiceField(
        label=gettext_lazy("Was, or could, a patient have been harmed?"),
        required=False,
        choices=Told,
        widget=forms.RadioSelect,
    )
    harm_again = forms.ChoiceField(
        label=gettext_lazy("Can it happen again?"), required=False, choices=Told, widget=forms.RadioSelect
    )
    deviation_number = Line(label=gettext_lazy("Number of the deviation"), required=False, max_length=40)
    deviation_reason = Line(label=gettext_lazy("Or why no deviation is reported"), required=False, max_length=500)

    def clean_deviation_number(self) -> str:
        number: str = self.cleaned_data["deviation_number"].strip()
        if number and not is_number(number):
            raise forms.ValidationError(str(NOT_A_NUMBER))
        return number


def check(form: forms.Form, facts: dict[str, Any]) -> None:
    """Leaves out what was not asked, and adds every error at once. `facts`: the form's answers; nothing is asked of other types.

    Of a medical device the question is answered, if only with «don't know». Where somebody is in danger it holds nobody up.
    """
    fault = facts.get("type") == TicketType.INCIDENT
    service = facts.get("service")
    if not fault:
        facts.update(patient_harm="", harm_again="")
    elif service and service.medical_device and not facts.get("patient_harm") and "patient_harm" not in form.errors:
        form.add_error("patient_harm", _("Answer whether a patient was or could have been harmed."))
    if facts.get("patient_harm") != Told.YES:
        facts.update(harm_again="", deviation_number="", deviation_reason="")
    elif not facts.get("harm_again") and "harm_again" not in form.errors:
        form.add_error("harm_again", _("Answer whether it can happen again."))
