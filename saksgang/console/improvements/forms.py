"""One improvement: what becomes of it, with the words to everybody who asked; its facts; its place on the list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from saksgang.console.fields import Line, Words
from saksgang.console.improvements.choosing import words_field
from saksgang.console.improvements.words import step_words, with_date
from saksgang.improvements import queries
from saksgang.improvements.actions.telling import behind
from saksgang.improvements.kinds import LEADS_TO, Size, Step
from saksgang.improvements.models import Improvement
from saksgang.people.models import Team

VERBS = {
    Step.PLANNED: pgettext_lazy("improvement", "Plan it"),
    Step.DONE: pgettext_lazy("improvement", "It is done"),
    Step.DECLINED: pgettext_lazy("improvement", "Decline it"),
    Step.TAKEN_IN: pgettext_lazy("improvement", "Take it up again"),
}


class StepForm(forms.Form):
    """`said()`: language → what everybody who reads it is told, with the date of a plan in its place."""

    use_required_attribute = False
    planned_for = forms.DateField(
        label=gettext_lazy("Planned for"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Write the date it is planned for."),
            "invalid": gettext_lazy("Write the date it is planned for."),
        },
    )
    reason = Words(required=False, label=gettext_lazy("Why?"), help_text=gettext_lazy("Only the desk sees this."))

    def __init__(self, improvement: Improvement, step: Step, languages: list[str], data: Any = None) -> None:
        self.step, self.languages = step, languages
        super().__init__(data, auto_id=f"{step.lower()}-%s")
        if step != Step.PLANNED:
            del self.fields["planned_for"]
        elif improvement.planned_for:
            self.initial["planned_for"] = improvement.planned_for
        for language in languages:
            self.fields[f"words_{language}"] = words_field(language)
            self.initial[f"words_{language}"] = step_words(step, language)

    @property
    def label(self) -> str:
        return str(VERBS[self.step])

    def clean_planned_for(self) -> Any:
        day = self.cleaned_data["planned_for"]
        if not 2000 <= day.year <= 2100:
            raise forms.ValidationError(_("Write a date of this century."))
        return day

    def clean(self) -> dict[str, Any]:
        facts = self.cleaned_data
        for language in self.languages:
            if not facts.get(f"words_{language}"):
                self.add_error(
                    f"words_{language}", _("The requester is told in the same step. Write what to tell them.")
                )
        if self.step == Step.DECLINED and not facts.get("reason"):
            self.add_error("reason", _("Say why it is declined, for those who read it later."))
        return facts

    def said(self) -> dict[str, str]:
        day = self.cleaned_data.get("planned_for")
        said = {language: self.cleaned_data[f"words_{language}"] for language in self.languages}
        return {language: with_date(words, language, day) if day else words for language, words in said.items()}


def forms_for(improvement: Improvement, refused: StepForm | None = None) -> list[StepForm]:
    """One for each step that it can come to now."""
    languages = languages_behind(improvement)
    return [
        refused if refused and refused.step == step else StepForm(improvement, step, languages)
        for step in LEADS_TO[Step(improvement.step)]
    ]


def languages_behind(improvement: Improvement) -> list[str]:
    """The languages of those who asked for it, the one that most have first."""
    spoken = [one.language for one in behind(improvement)]
    return sorted(set(spoken), key=lambda language: (-spoken.count(language), language))


class FactsForm(forms.Form):
    use_required_attribute = False
    title = Line(
        max_length=200,
        label=gettext_lazy("What should become better?"),
        error_messages={"required": gettext_lazy("Write in a few words what should become better.")},
    )
    description = Words(required=False, label=gettext_lazy("Description"))
    effort = forms.ChoiceField(required=False, label=gettext_lazy("How much work is it?"), choices=Size.choices)
    gain = forms.ChoiceField(required=False, label=gettext_lazy("How much does it help?"), choices=Size.choices)
    list_team = forms.ChoiceField(
        label=gettext_lazy("On whose list?"), error_messages={"required": gettext_lazy("Choose the team.")}
    )
    note = Words(required=False, label=gettext_lazy("Note for those who decide"))

    def __init__(self, improvement: Improvement, data: Any = None) -> None:
        self.teams = {str(team.pk): team for team in [*queries.teams_with_lists(), improvement.team]}
        names = ("title", "description", "effort", "gain", "note")
        known = {name: getattr(improvement, name) for name in names}
        super().__init__(data, initial=known | {"list_team": str(improvement.team_id)}, auto_id="facts-%s")
        choices = [(pk, team.name) for pk, team in self.teams.items()]
        self.fields["list_team"].choices = choices  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        told = self.cleaned_data
        team: Team = self.teams[told["list_team"]]
        sizes = {name: told[name] or Size.UNKNOWN for name in ("effort", "gain")}
        return {name: told[name] for name in ("title", "description", "note")} | sizes | {"team": team}
