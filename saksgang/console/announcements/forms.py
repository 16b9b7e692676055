"""Announcing an outage or planned downtime."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saksgang.catalogue import queries as catalogue
from saksgang.catalogue.models import Disruption, Service
from saksgang.console.fields import Line, Moment
from saksgang.lib import clock


class AnnouncementForm(forms.Form):
    use_required_attribute = False

    kind = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        choices=Disruption.choices,
        initial=Disruption.OUTAGE,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether it is an outage or planned downtime.")},
    )
    service = forms.ChoiceField(label=gettext_lazy("Service"), required=False)
    words = Line(
        label=gettext_lazy("What should people know?"),
        max_length=300,
        help_text=gettext_lazy("One sentence. It stands in every receipt while it lasts, so write no names."),
        error_messages={"required": gettext_lazy("Write what people should know.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    starts_at = Moment(label=gettext_lazy("From"), required=False, help_text=gettext_lazy("Empty means now."))
    ends_at = Moment(
        label=gettext_lazy("To"), required=False, help_text=gettext_lazy("Empty until you say it is over.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.services = {str(service.pk): service for service in catalogue.services()}
        known = [(pk, service.name) for pk, service in self.services.items()]
        self.fields["service"].choices = [("", _("None in particular")), *known]  # type: ignore[attr-defined]

    def clean_service(self) -> Service | None:
        return self.services.get(self.cleaned_data["service"])

    def clean(self) -> dict[str, Any]:
        facts = self.cleaned_data
        starts, ends = facts.get("starts_at"), facts.get("ends_at")
        if facts.get("kind") == Disruption.PLANNED and not starts and "starts_at" not in self.errors:
            self.add_error("starts_at", _("Say when it begins."))
        if ends and ends <= max(starts or clock.now(), clock.now()):
            self.add_error("ends_at", _("It must end later than it begins, and later than now."))
        return facts
