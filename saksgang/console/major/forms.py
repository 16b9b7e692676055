"""Starting a fault of many, and what is written, changed and done on one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saksgang.access.queries import who_may
from saksgang.access.roles import Permission
from saksgang.catalogue import queries as catalogue
from saksgang.catalogue.models import Category, Service
from saksgang.console import kinds
from saksgang.console.fields import Line, Moment, Words
from saksgang.lib.numbers import LARGEST
from saksgang.people.models import Department, Person, Team
from saksgang.people.queries import active_teams, departments
from saksgang.tickets.kinds import Consequence, Impact, StaysOpen
from saksgang.tickets.models import MajorIncident

IMPACTS = [choice for choice in Impact.choices if choice[0] != Impact.UNKNOWN]
CONSEQUENCES = [choice for choice in Consequence.choices if choice[0] != Consequence.UNKNOWN]


def _impact() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Who is affected?"),
        choices=IMPACTS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose who is affected.")},
    )


def _consequence() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("What does the fault do to the work?"),
        choices=CONSEQUENCES,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what the fault does to the work.")},
    )


class StartForm(forms.Form):
    """What the fault is. Its cases that nobody has assessed have the answers from here."""

    use_required_attribute = False

    title = Line(
        label=gettext_lazy("What is the fault?"),
        max_length=200,
        help_text=gettext_lazy("In a few words. Those who report it read them, so write no names."),
        error_messages={"required": gettext_lazy("Write what the fault is, in a few words.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    category = Line(
        label=gettext_lazy("Kind of case"),
        max_length=kinds.LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    service = forms.ChoiceField(label=gettext_lazy("Service"), required=False)
    impact = _impact()
    consequence = _consequence()
    began_at = Moment(label=gettext_lazy("Since when?"), required=False, help_text=gettext_lazy("Empty means now."))
    department = forms.ChoiceField(
        label=gettext_lazy("Where?"), required=False, help_text=gettext_lazy("When it is one place.")
    )
    team = forms.ChoiceField(label=gettext_lazy("Team"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.meant = kinds.meant(self.data.get("category") or "")
        self.services = {str(one.pk): one for one in catalogue.services()}
        self.teams = {str(one.pk): one for one in active_teams()}
        self._choices("service", [("", _("Choose")), *((pk, one.name) for pk, one in self.services.items())])
        self._choices("department", [("", _("Several places")), *((str(pk), name) for pk, name in departments())])
        self._choices("team", [("", _("The service's own")), *((pk, one.name) for pk, one in self.teams.items())])

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_category(self) -> Category | None:
        words = self.cleaned_data["category"]
        if words and self.meant is None:
            raise forms.ValidationError(kinds.unclear(words))
        return self.meant

    def clean_service(self) -> Service:
        """The kind says it, where nothing is chosen."""
        chosen = self.services.get(self.cleaned_data["service"])
        if chosen is None and self.meant is None:
            raise forms.ValidationError(_("Choose the service."))
        return chosen or self.meant.service  # type: ignore[union-attr]

    def clean_department(self) -> Department | None:
        chosen = self.cleaned_data["department"]
        return Department.objects.filter(pk=chosen).first() if chosen else None

    def clean_team(self) -> Team | None:
        return self.teams.get(self.cleaned_data["team"])


class InLanguages(forms.Form):
    """The other languages that somebody writes the words in, beside bokmål."""

    use_required_attribute = False
    words_nn = Words(
        label=gettext_lazy("In nynorsk"), required=False, widget=forms.Textarea(attrs={"rows": 3, "lang": "nn"})
    )
    words_en = Words(
        label=gettext_lazy("In English"), required=False, widget=forms.Textarea(attrs={"rows": 3, "lang": "en"})
    )


class UpdateForm(InLanguages):
    """One word to everybody who is affected."""

    words = Words(
        label=gettext_lazy("To everybody affected"),
        error_messages={"required": gettext_lazy("Write what they shall know.")},
        widget=forms.Textarea(attrs={"rows": 4, "lang": "nb"}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="update-%s")


class SolutionForm(InLanguages):
    """The answer to all of them. `also`: cases with a new message that the answer is for all the same."""

    words = Words(
        label=gettext_lazy("The answer to all of them: what was done?"),
        error_messages={"required": gettext_lazy("Write what was done.")},
        widget=forms.Textarea(attrs={"rows": 4, "lang": "nb"}),
    )
    technical = Words(
        label=gettext_lazy("Technical solution (only ICT sees it)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    also = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, stay: dict[int, StaysOpen], data: Any = None) -> None:
        super().__init__(data, auto_id="solution-%s")
        self.fields["also"].label = _("Solve these too: I have read what is new in them")
        unread = [pk for pk, why in stay.items() if why == StaysOpen.NEW_MESSAGE]
        self.fields["also"].choices = [(str(pk), f"#{pk}") for pk in unread]  # type: ignore[attr-defined]
        if not unread:
            del self.fields["also"]

    def clean_also(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data["also"]]


class FactsForm(forms.Form):
    """What is known of the fault by now, and who sees to it."""

    use_required_attribute = False
    impact = _impact()
    consequence = _consequence()
    owner = forms.ChoiceField(label=gettext_lazy("Owner"), required=False)

    def __init__(self, major: MajorIncident, data: Any = None) -> None:
        initial = {"impact": major.impact, "consequence": major.consequence, "owner": major.owner_id or ""}
        super().__init__(data, auto_id="facts-%s", initial=initial)
        team = who_may(Permission.WORK_TICKETS, team=major.team_id).order_by("sort_key", "pk")
        self.people = {str(one.pk): one for one in team}
        choices = [("", _("Nobody")), *((pk, one.name) for pk, one in self.people.items())]
        self.fields["owner"].choices = choices  # type: ignore[attr-defined]

    def clean_owner(self) -> Person | None:
        return self.people.get(self.cleaned_data["owner"])


class JoinForm(forms.Form):
    """A case by its number."""

    use_required_attribute = False
    number = forms.IntegerField(
        label=gettext_lazy("Case number"),
        min_value=1,
        max_value=LARGEST,
        error_messages={"required": gettext_lazy("Write the number of the case.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="join-%s")
