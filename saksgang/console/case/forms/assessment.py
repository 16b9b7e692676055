"""What a case is, and how much it hurts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from saksgang.catalogue.kinds import TicketType
from saksgang.catalogue.models import Category, Service
from saksgang.console import harm, kinds
from saksgang.console.case.case import Case
from saksgang.console.case.forms.box import BoxForm
from saksgang.console.fields import Line, Moment, Words
from saksgang.console.harm import HarmFields
from saksgang.tickets.kinds import Consequence, Impact

UNKNOWN = "unknown"


def type_cards() -> list[dict[str, str]]:
    """The three types with definition and examples (clauses Y1 to Y3)."""
    return [
        {
            "value": TicketType.INCIDENT,
            "name": str(TicketType.INCIDENT.label),
            "text": _("A fault or defect in equipment or a service."),
            "examples": _("No network. The printer is down. An employment contract cannot be created."),
        },
        {
            "value": TicketType.SERVICE_REQUEST,
            "name": str(TicketType.SERVICE_REQUEST.label),
            "text": _("A question, information or guidance."),
            "examples": _("Forgotten password. New or changed user. Access to e-mail."),
        },
        {
            "value": TicketType.ORDER,
            "name": str(TicketType.ORDER.label),
            "text": _("Buying or ordering new equipment or access."),
            "examples": _("New PC or phone. Access card. Software."),
        },
    ]


class FactsForm(BoxForm):
    """Type, service, impact and consequence: asked when assessing, and what is missing of them when solving."""

    type = forms.ChoiceField(
        required=False,
        choices=TicketType,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what kind of case it is.")},
    )
    service = forms.ChoiceField(required=False, error_messages={"required": gettext_lazy("Choose the service.")})
    impact = forms.ChoiceField(
        required=False,
        choices=Impact,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose who is affected.")},
    )
    consequence = forms.ChoiceField(required=False, choices=Consequence, widget=forms.RadioSelect)

    def __init__(self, case: Case, *, initial: dict[str, Any] | None = None, **options: Any) -> None:
        ticket = case.ticket
        known = {
            "type": ticket.type,
            "service": ticket.service_id or (UNKNOWN if ticket.assessed_at else ""),
            "impact": ticket.impact,
            "consequence": ticket.consequence,
        }
        super().__init__(case, initial=known | (initial or {}), **options)
        self.fields["service"].label = _("Service")
        self.fields["impact"].label = _("Who is affected?")
        self.fields["consequence"].label = _("What does the fault do to the work?")
        if not self.asks_service():
            return
        services = [(str(one.pk), one.name) for one in case.services]
        if ticket.service and not ticket.service.active:  # retired since it was chosen
            services.append((str(ticket.service.pk), ticket.service.name))
        self.choose("service", [("", _("Choose")), *services, (UNKNOWN, pgettext("service", "Don't know"))])

    def asks_service(self) -> bool:
        """Whether the list of services is needed at all: reading it costs a query."""
        return True

    def clean_service(self) -> Service | None:
        chosen = self.cleaned_data["service"]
        if str(self.case.ticket.service_id) == chosen:
            return self.case.ticket.service
        services = self.case.services if chosen else []
        return next((one for one in services if str(one.pk) == chosen), None)


class AssessmentForm(HarmFields, FactsForm):
    """The kind of case by typing gives type and service; without one they are chosen."""

    box = "assessment"
    category = Line(required=False, max_length=kinds.LONGEST)
    time_critical = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    needed_by = Moment(required=False)
    danger = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    danger_note = Line(required=False, max_length=500)
    hand_over = forms.BooleanField(required=False)

    def __init__(self, case: Case, **options: Any) -> None:
        ticket = case.ticket
        known = {
            "time_critical": "yes" if ticket.time_critical else "no",
            "needed_by": ticket.needed_by,
            "danger": "yes" if ticket.danger else "no",
            "danger_note": ticket.danger_note,
            **{name: getattr(ticket, name) for name in harm.NAMES},
            "category": ticket.category.name if ticket.category else "",
        }
        if kind := case.proposed:
            known |= {"category": kind.name, "type": kind.type, "service": str(kind.service_id)}
        super().__init__(case, initial=known, **options)
        self.meant = kinds.meant(self.data.get("category") or "", ticket.category)
        if self.meant:
            self.data = kinds.filled_in(self.data, self.meant)
        self.fields["category"].label = _("Kind of case")
        for name in ("type", "service", "impact"):
            self.fields[name].required = True
        answers = [("no", _("No")), ("yes", _("Yes")), (UNKNOWN, pgettext("answer", "Don't know"))]
        self.choose("time_critical", answers)
        self.choose("danger", answers)
        self.fields["time_critical"].label = _("Is it time-critical for the user?")
        self.fields["needed_by"].label = _("Needed by")
        self.fields["danger"].label = _("Is it a danger to life and health?")
        self.fields["hand_over"].label = _("Hand the case over to that team")
        self.fields["danger_note"].label = _("Who is in danger, and of what? One sentence.")

    def clean_category(self) -> Category | None:
        words = self.cleaned_data["category"]
        if words and self.meant is None:
            raise forms.ValidationError(kinds.unclear(words))
        return self.meant

    def clean(self) -> dict[str, Any]:
        facts = self.cleaned_data
        if (kind := facts.get("category")) and (words := kinds.misfit(kind, facts)):
            self.add_error("category", words)
        if facts.get("type") == TicketType.INCIDENT and not facts.get("consequence"):
            self.add_error("consequence", _("Choose what the fault does to the work."))
        if facts.get("time_critical") != "yes":
            facts["needed_by"] = None
        elif not facts.get("needed_by") and "needed_by" not in self.errors:
            self.add_error("needed_by", _("Say when it is needed."))
        facts["danger"] = facts.get("danger") == "yes"
        harm.check(self, facts)
        return facts


class PriorityForm(BoxForm):
    """Another priority than the computed one, with the reason."""

    box = "priority"
    value = forms.TypedChoiceField(
        coerce=int,
        choices=[(n, str(n)) for n in (1, 2, 3, 4)],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the priority.")},
    )
    reason = Words(required=False)

    def __init__(self, case: Case, **options: Any) -> None:
        super().__init__(case, initial={"value": case.ticket.priority}, **options)
        self.fields["value"].label = _("Priority by hand")
        self.fields["reason"].label = _("Why?")
