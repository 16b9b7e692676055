"""The end of a case, and its new beginning."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saksgang.catalogue.kinds import TicketType
from saksgang.console.case.case import Case
from saksgang.console.case.forms.assessment import UNKNOWN, FactsForm
from saksgang.console.case.forms.box import BoxForm
from saksgang.console.case.forms.writing import CopyForm
from saksgang.console.fields import Line, Words
from saksgang.tickets.actions.closure import NEEDS_NOTE
from saksgang.tickets.actions.deviation import lacks_report
from saksgang.tickets.actions.ending import Parts
from saksgang.tickets.kinds import CloseReason, Consequence, Impact
from saksgang.tickets.models import Ticket

# Importing and becoming an improvement have ways of their own; what was closed as a duplicate once is merged now.
NEVER_CHOSEN = (CloseReason.DUPLICATE, CloseReason.IMPORTED, CloseReason.BECAME_IMPROVEMENT)


def lacks(ticket: Ticket) -> set[str]:
    """Names of the fields that are asked for: what a case of this type is not solved without."""
    if ticket.assessed_at is None:
        return {"type", "service", "impact", "consequence"}
    if ticket.type != TicketType.INCIDENT:
        return set()
    found = {
        "service": ticket.service_id is None,
        "impact": ticket.impact == Impact.UNKNOWN,
        "consequence": ticket.consequence in (None, Consequence.UNKNOWN),
        "deviation": lacks_report(ticket),
    }
    return {name for name, missing in found.items() if missing}


class SolvingFields(FactsForm):
    """What solving needs more than an answer: the facts that the case's type still lacks. A fresh page draws these alone."""

    box = "resolution"
    deviation_number = Line(required=False, max_length=40)
    deviation_reason = Line(required=False, max_length=500)
    technical = Words(required=False)
    over = Line(required=False, max_length=500)
    orally = forms.BooleanField(required=False)

    def __init__(self, case: Case, **options: Any) -> None:
        super().__init__(case, **options)
        self.fields["deviation_number"].label = _("Number of the deviation")
        self.fields["deviation_reason"].label = _("Or why no deviation is reported")
        self.fields["technical"].label = _("Technical solution (ICT only)")
        self.fields["over"].label = _("A sub-case is not done. Why is the case solved without it?")
        self.fields["orally"].label = _("The requester was told on the phone or in person")

    def asks_service(self) -> bool:
        return bool(self.case.posted or self.missing())

    def missing(self) -> set[str]:
        return lacks(self.case.ticket)

    def assessed(self) -> dict[str, Any]:
        """What to assess the case as: what it says already, with what was filled in here."""
        ticket, filled = self.case.ticket, self.cleaned_data
        type, service = filled["type"] or ticket.type, filled["service"] or ticket.service
        kind = ticket.category if (type, service) == (ticket.type, ticket.service) else None
        return {
            "type": type,
            "service": service,
            "category": kind,
            "impact": filled["impact"] or ticket.impact or UNKNOWN,
            "consequence": filled["consequence"] or ticket.consequence,
            "needed_by": ticket.needed_by,
            "danger": ticket.danger,
            "danger_note": ticket.danger_note,
            "patient_harm": ticket.patient_harm,
            "harm_again": ticket.harm_again,
            "deviation_number": filled["deviation_number"],
            "deviation_reason": filled["deviation_reason"],
        }


class ResolutionForm(CopyForm, SolvingFields):
    """The answer that solves the case, and the facts that its type still lacks."""

    def __init__(self, case: Case, **options: Any) -> None:
        super().__init__(case, **options)
        self.fields["words"].label = _("Solution: what was done?")

    def clean(self) -> dict[str, Any]:
        if "type" in self.missing() and not self.cleaned_data.get("type"):
            self.add_error("type", _("Choose what kind of case it is."))
        return super().clean()


class ClosureForm(BoxForm):
    box = "closure"
    reason = forms.ChoiceField(error_messages={"required": gettext_lazy("Choose why it is closed.")})
    into = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    note = Line(required=False, max_length=1_000)
    words = Words(required=False)
    sub_cases = forms.ChoiceField(required=False, widget=forms.RadioSelect)

    def __init__(self, case: Case, **options: Any) -> None:
        super().__init__(case, **options)
        self.fields["sub_cases"].label = _("What becomes of the open sub-cases?")
        self.choose("sub_cases", list(Parts.choices))
        self.fields["reason"].label = _("Why is it closed without a solution?")
        self.fields["into"].label = _("Number of the case that goes on")
        self.fields["into"].help_text = _(
            "All that was said here, and everybody who asked, goes along. It can be undone."
        )
        self.fields["note"].label = _one_question_each()
        self.fields["note"].help_text = _("Only the desk sees this.")
        self.fields["words"].label = _("To the requester")
        self.choose("reason", [("", _("Choose")), *self._reasons()])

    def _reasons(self) -> list[tuple[str, Any]]:
        """Nobody failed to reply who was never asked."""
        hidden = {*NEVER_CHOSEN, *([] if self.case.ticket.pause_count else [CloseReason.NO_REPLY])}
        words = {CloseReason.MERGED: _("Merge it with another case")}
        return [(reason.value, words.get(reason, reason.label)) for reason in CloseReason if reason not in hidden]

    def clean(self) -> dict[str, Any]:
        facts = self.cleaned_data
        if facts.get("reason") == CloseReason.MERGED and not facts.get("into") and not self.errors:
            self.add_error("into", _("Write the number of the case that goes on."))
        if facts.get("reason") in NEEDS_NOTE and not facts.get("note") and "note" not in self.errors:
            self.add_error("note", str(NEEDS_NOTE[facts["reason"]]))
        return facts


def _one_question_each() -> SafeString:
    """The questions of all reasons; the page shows the one of the reason that is chosen (ticket.css)."""
    asked = {
        CloseReason.REFERRED: _("Whom was it referred to?"),
        CloseReason.DECLINED: _("Who declined it, and why?"),
        CloseReason.UNREACHABLE: _("How and how often did you try?"),
        CloseReason.ANSWERED_ORALLY: _("Whom did you answer, and what?"),
    }
    return format_html_join("", '<span class="asked" data-reason="{}">{}</span>', asked.items())


class ReopeningForm(BoxForm):
    box = "reopening"
    reason = Line(required=False, max_length=500)

    def __init__(self, case: Case, **options: Any) -> None:
        super().__init__(case, **options)
        self.fields["reason"].label = _("Why is it opened again?")


class DetachmentForm(BoxForm):
    """Takes one message out of the case. Its ids carry the message's, since the page may hold several."""

    reason = Line(required=False, max_length=500)

    def __init__(self, case: Case, message_id: int, **options: Any) -> None:
        self.box = f"detachment-{message_id}"
        super().__init__(case, **options)
        self.fields["reason"].label = _("Why does it not belong here?")
