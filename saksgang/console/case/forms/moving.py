"""Where a case goes next: another team, a wait, a later time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saksgang.access.queries import who_may
from saksgang.access.roles import Permission
from saksgang.catalogue.queries import hours_of
from saksgang.catalogue.working_time import add_days
from saksgang.console.case import history
from saksgang.console.case.case import Case
from saksgang.console.case.forms.box import BoxForm
from saksgang.console.case.forms.writing import CopyForm
from saksgang.console.fields import Line, Moment, Words
from saksgang.lib import clock
from saksgang.people.models import Person, Team, TeamKind
from saksgang.people.queries import away_until
from saksgang.tickets import queries
from saksgang.tickets.rules.deadlines import FURTHEST_DAYS
from saksgang.ui.dates import weekday_date


class HandoverForm(BoxForm):
    box = "handover"
    team = forms.ChoiceField(error_messages={"required": gettext_lazy("Choose the team.")})
    reason = Words(required=False)

    def __init__(self, case: Case, **options: Any) -> None:
        super().__init__(case, **options)
        self.fields["team"].label = _("To which team?")
        self.fields["reason"].label = _("Why does the case belong there?")
        # To the triage team a case goes with a question (forms/clarification.py).
        ordinary = (team for team in case.teams if team.kind != TeamKind.TRIAGE)
        others = [(str(team.pk), team.name) for team in ordinary if team.pk != case.ticket.team_id]
        self.choose("team", [("", _("Choose")), *others])
        # Whoever hands it on once more reads first why others did.
        handed = queries.handovers(case.ticket) if case.ticket.pingpong else []
        self.earlier = history.lines(handed, clock.now())

    def clean_team(self) -> Team:
        chosen = self.cleaned_data["team"]
        return next(team for team in self.case.teams if str(team.pk) == chosen)


class GivingForm(BoxForm):
    """To a colleague of the case's team. Who is away stands there with the day they are back after; nothing else is told of anybody."""

    box = "giving"
    to = forms.ChoiceField(error_messages={"required": gettext_lazy("Choose the colleague.")})
    reason = Line(required=False, max_length=500)

    def __init__(self, case: Case, **options: Any) -> None:
        super().__init__(case, **options)
        left_out = {case.ticket.assignee_id, case.person.pk}
        colleagues = who_may(Permission.WORK_TICKETS, team=case.ticket.team_id).order_by("sort_key", "pk")
        self.colleagues = {str(one.pk): one for one in colleagues if one.pk not in left_out}
        today = clock.local(clock.now()).date()
        away = away_until(today)
        self.fields["to"].label = _("To whom?")
        self.fields["reason"].label = _("What should they know?")
        names = [(pk, _with_absence(one.name, away.get(one.pk), today)) for pk, one in self.colleagues.items()]
        self.choose("to", [("", _("Choose")), *names])

    def clean_to(self) -> Person:
        return self.colleagues[self.cleaned_data["to"]]


def _with_absence(name: str, until: date | None, today: date) -> str:
    return _("%(name)s, away until %(day)s") % {"name": name, "day": weekday_date(until, today)} if until else name


def first_until(team_id: int | None) -> datetime:
    """Ten working days: time for both reminders before the case comes back by itself. At the half hour before."""
    until = add_days(clock.now(), FURTHEST_DAYS, hours_of(team_id))
    return until.replace(minute=until.minute // 30 * 30, second=0, microsecond=0)


class WaitFields(BoxForm):
    """What a wait needs more than an answer: for whom, or why, and until when. A fresh page draws these alone."""

    box = "waiting"
    then = forms.ChoiceField(error_messages={"required": gettext_lazy("Choose what the case waits for.")})
    until = Moment(error_messages={"required": gettext_lazy("Say until when it waits.")})
    waiting_for = Line(required=False, max_length=200)
    reference = Line(required=False, max_length=100)
    reason = Line(required=False, max_length=200)

    def __init__(self, case: Case, **options: Any) -> None:
        super().__init__(case, initial={"until": first_until(case.ticket.team_id)}, **options)
        self.choose("then", [(then, then) for then in ("requester", "others", "plan")])
        self.fields["until"].label = _("Until when, at the latest?")
        self.fields["waiting_for"].label = _("Who has it?")
        self.fields["reference"].label = _("Their case number")
        self.fields["reason"].label = _("Why then?")


class WaitingForm(WaitFields, CopyForm):
    """An answer after which the case waits: for the requester, for others, or until a date."""

    def __init__(self, case: Case, **options: Any) -> None:
        super().__init__(case, **options)
        self.fields["words"].label = _("To the requester")


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
