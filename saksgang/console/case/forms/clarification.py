"""Asking the triage team about a case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext as _

from saksgang.console.case.case import Case
from saksgang.console.case.forms.box import BoxForm
from saksgang.console.fields import Words
from saksgang.lib import clock
from saksgang.tickets import clarifications
from saksgang.tickets.clarifications import Due
from saksgang.tickets.languages import language_for
from saksgang.ui.dates import long_date, short_when


class ClarificationForm(BoxForm):
    """The question, and what the requester is told: proposed in their language, with the day it is due."""

    box = "clarification"
    question = Words(required=False)
    urgent = forms.BooleanField(required=False)
    challenge = forms.BooleanField(required=False)
    words = Words(required=False)

    def __init__(self, case: Case, **options: Any) -> None:
        triage = clarifications.triage_team()
        self.due = clarifications.due_for(triage, clock.now()) if triage else None
        self.told = [one.person for one in case.requesters]
        self.unreached = [one.person.name for one in case.requesters if not case.addresses.get(one.person_id)]
        super().__init__(
            case, initial={"words": self._proposed(case), "challenge": "challenge" in case.request.GET}, **options
        )
        self.fields["question"].label = _("What shall the triage team decide?")
        self.fields["urgent"].label = _("Urgent: the manager of the day, within four working hours")
        self.fields["challenge"].label = _("None of the three types fits: they decide which it is")
        self.fields["words"].label = _("To the requester")
        if self.told:
            self.fields["words"].widget.attrs["lang"] = language_for(self.told[0], case.ticket)

    @property
    def stays(self) -> bool:
        return clarifications.stays(self.case.ticket)

    @property
    def when(self) -> str:
        """By when it is decided, as a date."""
        return due_words(self.due) if self.due else ""

    def _proposed(self, case: Case) -> str:
        if not (self.told and self.due):
            return ""
        language = language_for(self.told[0], case.ticket)
        with translation.override(language):
            day = long_date(clock.local(self.due.at).date(), clock.local(clock.now()).date())
        return clarifications.words_of(case.ticket, day, language)


def due_words(due: Due) -> str:
    """«På møtet onsdag 3. desember kl. 08.15, Møterom 4», or by when, and who has it."""
    when = {"when": short_when(due.at, clock.now())}
    if due.meeting:
        place = f", {due.meeting.place}" if due.meeting.place else ""
        return _("At the meeting %(when)s") % when + place
    if due.owner:
        return _("By %(when)s: %(name)s has it") % {**when, "name": due.owner.name}
    return _("By %(when)s. Nobody has the day as manager.") % when
