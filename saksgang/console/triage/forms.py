"""Each decision is a small form of its own: what it needs, the words to the requester, and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saksgang.catalogue.kinds import TicketType
from saksgang.console.fields import Words
from saksgang.console.improvements.choosing import ChoosingFields
from saksgang.lib import clock
from saksgang.people.models import Team, TeamKind
from saksgang.people.queries import active_teams, address_of
from saksgang.tickets import clarifications, queries
from saksgang.tickets.kinds import CLOSING_DECISIONS, Decision
from saksgang.tickets.languages import language_for
from saksgang.tickets.models import Clarification
from saksgang.ui.dates import long_date, short_when

POSTPONE = "POSTPONE"  # no decision: it waits for one


class DecisionForm(forms.Form):
    """`words` go to the requester; without a reason of its own they are the reason too."""

    use_required_attribute = False
    team = forms.ChoiceField(required=False, error_messages={"required": gettext_lazy("Choose the team.")})
    type = forms.ChoiceField(
        choices=TicketType,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say which type of case it is, so that it can be worked on.")},
    )
    words = Words(required=False)
    reason = Words(required=False)

    def __init__(self, asked: Clarification, decision: Decision, told: list[str], data: Any = None) -> None:
        self.decision, self.told, self.number = decision, told, asked.ticket_id
        super().__init__(data, auto_id=f"{decision.lower()}-%s")
        self.fields["type"].label = _("Which type of case is it?")
        if not asked.challenge or asked.ticket.type or decision in CLOSING_DECISIONS:
            del self.fields["type"]
        self.teams = {str(team.pk): team for team in active_teams() if team.kind != TeamKind.TRIAGE}
        if decision == Decision.TO_TEAM:
            self.fields["team"].required = True
            self.fields["team"].label = _("To which team?")
            choices = [("", _("Choose")), *((pk, team.name) for pk, team in self.teams.items())]
            self.fields["team"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["team"]
        self.fields["words"].label = _("To the requester")
        self.fields["reason"].label = _ASKED.get(decision, _("Why?"))
        if told:
            self.fields["reason"].help_text = _(
                "Only the desk sees this. Left empty, it says the same as to the requester."
            )
        else:
            del self.fields["words"]

    @property
    def label(self) -> str:
        return str(self.decision.label)

    @property
    def button(self) -> str:
        return _("Decide: %(decision)s") % {"decision": self.label}

    @property
    def done(self) -> str:
        return _("Decided: %(decision)s. #%(number)s") % {"decision": self.label, "number": self.number}

    def clean_team(self) -> Team:
        return self.teams[self.cleaned_data["team"]]

    def clean(self) -> dict[str, Any]:
        facts = self.cleaned_data
        if self.told and not facts.get("words"):
            self.add_error("words", _("The requester is told in the same step. Write what to tell them."))
        facts["reason"] = facts.get("reason") or facts.get("words", "")
        if not self.told and not facts["reason"]:
            self.add_error("reason", _("Say why, for whoever asked."))
        return facts


class ImprovementDecision(ChoosingFields, DecisionForm):
    """«Improvement»: which one it becomes, with the words in each requester's language."""

    def __init__(self, asked: Clarification, decision: Decision, told: list[str], data: Any = None) -> None:
        super().__init__(asked, decision, told, data)
        self.fields.pop("words", None)
        self.prepare(asked.ticket)

    def clean(self) -> dict[str, Any]:
        facts = ChoosingFields.clean(self)
        facts["reason"] = facts.get("reason") or facts.get("words", "")
        if not facts["reason"]:
            self.add_error("reason", _("Say why, for whoever asked."))
        return facts


class PostponeForm(forms.Form):
    """To the next meeting, with a reason. Whoever asked was promised a day, and hears of the new one."""

    decision = POSTPONE
    use_required_attribute = False
    words = Words(required=False)
    reason = Words(required=False)

    def __init__(self, asked: Clarification, told: list[str], data: Any = None) -> None:
        self.told, self.number, self.meeting = told, asked.ticket_id, clarifications.meeting_after(asked, clock.now())
        super().__init__(data, initial={"words": self._proposed(asked)}, auto_id="postpone-%s")
        self.fields["words"].label = _("To the requester")
        self.fields["reason"].label = _("Why does it wait?")
        self.fields["reason"].help_text = _(
            "Only the desk sees this. It counts as untreated at the meeting all the same."
        )
        if not told:
            del self.fields["words"]

    @property
    def label(self) -> str:
        return _("To the next meeting")

    @property
    def button(self) -> str:
        when = short_when(self.meeting.starts_at, clock.now()) if self.meeting else ""
        return _("Move it to %(when)s") % {"when": when}

    @property
    def done(self) -> str:
        return _("Moved to the next meeting. #%(number)s") % {"number": self.number}

    def _proposed(self, asked: Clarification) -> str:
        first = next(iter(queries.requesters(asked.ticket)), None)
        if not (first and self.meeting):
            return ""
        language = language_for(first.person, asked.ticket)
        with translation.override(language):
            day = long_date(clock.local(self.meeting.starts_at).date(), clock.local(clock.now()).date())
        return clarifications.moved_words(day, language)

    def clean(self) -> dict[str, Any]:
        facts = self.cleaned_data
        if not facts.get("reason"):
            self.add_error("reason", _("Say why it waits, for whoever asked."))
        if self.told and not facts.get("words"):
            self.add_error("words", _("The requester is told in the same step. Write what to tell them."))
        return facts


AnyForm = DecisionForm | PostponeForm


def form_of(asked: Clarification, decision: str, told: list[str], data: Any = None) -> AnyForm | None:
    """The form of what was chosen; None for what cannot be."""
    if decision == POSTPONE:
        return PostponeForm(asked, told, data)
    return _decision_form(asked, Decision(decision), told, data) if decision in Decision.values else None


def _decision_form(asked: Clarification, decision: Decision, told: list[str], data: Any = None) -> DecisionForm:
    made = ImprovementDecision if decision == Decision.IMPROVEMENT else DecisionForm
    return made(asked, decision, told, data)


_ASKED = {
    Decision.ANSWERED: gettext_lazy("The answer to the team that asked"),
    Decision.REFERRED: gettext_lazy("Whom was it referred to?"),
}


def forms_for(asked: Clarification, *, went: bool, refused: AnyForm | None = None) -> list[AnyForm]:
    """One for each decision that can be made, and then for none yet. Beside an incident that is worked on there is only an answer."""
    told, _left = reach(asked)
    decisions = [one for one in Decision if went or one == Decision.ANSWERED]
    if asked.ticket.restricted:  # nobody else would read of it on a list
        decisions = [one for one in decisions if one != Decision.IMPROVEMENT]
    offered: list[AnyForm] = [_decision_form(asked, decision, told) for decision in decisions]
    later = PostponeForm(asked, told)
    if later.meeting:
        offered.append(later)
    return [refused if refused and refused.decision == one.decision else one for one in offered]


def reach(asked: Clarification) -> tuple[list[str], list[str]]:
    """Names of those who are told, and of those of them who must be phoned."""
    asked_for = [row.person for row in queries.requesters(asked.ticket)]
    return [one.name for one in asked_for], [one.name for one in asked_for if not address_of(one)]
