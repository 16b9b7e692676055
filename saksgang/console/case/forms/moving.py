"""Where a case goes next: another team, a wait, a later time."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saksgang.catalogue.queries import hours_of
from saksgang.catalogue.working_time import add_days
from saksgang.console.case.case import Case
from saksgang.console.case.forms.box import BoxForm
from saksgang.console.fields import Line, Moment, Words
from saksgang.lib import clock
from saksgang.people.models import Team
from saksgang.tickets.rules.deadlines import FURTHEST_DAYS


class HandoverForm(BoxForm):
    box = "handover"
    team = forms.ChoiceField(error_messages={"required": gettext_lazy("Choose the team.")})
    reason = Words(required=False)

    def __init__(self, case: Case, **options: Any) -> None:
        super().__init__(case, **options)
        self.fields["team"].label = _("To which team?")
        self.fields["reason"].label = _("Why does the case belong there?")
        others = [(str(team.pk), team.name) for team in case.teams if team.pk != case.ticket.team_id]
        self.choose("team", [("", _("Choose")), *others])

    def clean_team(self) -> Team:
        chosen = self.cleaned_data["team"]
        return next(team for team in self.case.teams if str(team.pk) == chosen)


class WaitingForm(BoxForm):
    """Three waits in one panel: for the requester, for others, and until a date."""

    box = "waiting"
    kind = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": gettext_lazy("Choose what the case waits for.")}
    )
    until = Moment(error_messages={"required": gettext_lazy("Say until when it waits.")})
    waiting_for = Line(required=False, max_length=200)
    reference = Line(required=False, max_length=100)
    reason = Line(required=False, max_length=200)
    words = Words(required=False)

    def __init__(self, case: Case, **options: Any) -> None:
        # Ten working days: time for both reminders before the case comes back by itself.
        until = add_days(clock.now(), FURTHEST_DAYS, hours_of(case.ticket.team_id))
        start = {"kind": "requester", "until": until, "words": case.drafts.get(self.box, "")}
        super().__init__(case, initial=start, **options)
        self.fields["kind"].label = _("What does the case wait for?")
        self.choose(
            "kind",
            [
                ("requester", _("The requester")),
                ("others", _("A supplier or another body")),
                ("plan", _("A date: it is planned")),
            ],
        )
        self.fields["until"].label = _("Until when, at the latest?")
        self.fields["waiting_for"].label = _("Who has it?")
        self.fields["reference"].label = _("Their case number")
        self.fields["reason"].label = _("Why then?")
        self.fields["words"].label = _("To the requester")
        self.fields["words"].help_text = _("The question, or what happens now. It is sent by e-mail.")


class PostponementForm(BoxForm):
    box = "postponement"
    until = Moment(error_messages={"required": gettext_lazy("Say when the next step is to be done.")})
    reason = Line(required=False, max_length=500)

    def __init__(self, case: Case, **options: Any) -> None:
        super().__init__(case, **options)
        self.fields["until"].label = _("New time")
        self.fields["reason"].label = _("Why is it postponed?")


class PromiseForm(BoxForm):
    box = "promise"
    promised_by = Moment(error_messages={"required": gettext_lazy("Say which date you promise.")})
    words = Words(required=False)

    def __init__(self, case: Case, **options: Any) -> None:
        start = {"promised_by": case.ticket.promised_by}
        super().__init__(case, initial=start, **options)
        self.fields["promised_by"].label = _("Promised date")
        self.fields["words"].label = _("To the requester")
