"""Quick registration: who, how and what on one line; everything else is optional."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from saksgang.access.queries import may
from saksgang.access.roles import Permission
from saksgang.catalogue import queries as catalogue
from saksgang.catalogue.kinds import TicketType
from saksgang.catalogue.models import Category
from saksgang.console import harm, kinds
from saksgang.console.fields import Line, Words
from saksgang.console.harm import HarmFields
from saksgang.console.registration.callers import place_that_rings
from saksgang.console.registration.mentioned import FIELDS, mentioned
from saksgang.console.shell import my_team_ids
from saksgang.lib import clock
from saksgang.lib.numbers import LARGEST, whole_number
from saksgang.people.models import Department, Person, Team
from saksgang.people.queries import FoundPerson, active_teams, departments, exactly, find_persons
from saksgang.tickets import majors
from saksgang.tickets.actions.tallying import LONGEST
from saksgang.tickets.kinds import CHECKED_WAYS, Channel, Consequence, Impact, ProofWay, Told
from saksgang.tickets.persons import person_known_to, persons_known_to

CHANNELS = (Channel.PHONE, Channel.NOTE, Channel.CHAT, Channel.WALK_IN)
NEW = "new"


def _line(label: Any, limit: int, **options: Any) -> Line:
    return Line(
        label=label, max_length=limit, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}), **options
    )


class RegistrationForm(HarmFields):
    use_required_attribute = False

    who = _line(gettext_lazy("Who"), 200)
    who_id = forms.IntegerField(required=False, min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    who_choice = forms.CharField(required=False)  # asked when the name typed is like one we know
    who_asked = forms.CharField(required=False, widget=forms.HiddenInput)  # the name that was asked about
    channel = forms.ChoiceField(
        label=gettext_lazy("Channel"),
        choices=[(one.value, one.label) for one in CHANNELS],
        error_messages={"required": gettext_lazy("Choose how they got in touch.")},
    )
    what = _line(gettext_lazy("What"), 250)

    tally = forms.IntegerField(required=False, min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    department = forms.ChoiceField(label=gettext_lazy("Department"), required=False)
    contact_name = _line(
        gettext_lazy("Contact"), 200, help_text=gettext_lazy("Who speaks, when a ward or a shared phone calls.")
    )
    place = _line(gettext_lazy("Place or room"), 100)
    callback_number = _line(gettext_lazy("Number to call back"), 30)
    equipment_number = _line(gettext_lazy("Equipment number"), 60)
    take = forms.MultipleChoiceField(required=False, choices=[(name, name) for name in FIELDS])  # drawn in around.html
    text = Words(label=gettext_lazy("More about it"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    team = forms.ChoiceField(label=gettext_lazy("Team"), error_messages={"required": gettext_lazy("Choose the team.")})

    major = forms.CharField(required=False, max_length=20)  # drawn with what is known of who calls (around.html)

    solution = Words(label=gettext_lazy("What was done?"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    category = _line(gettext_lazy("Kind of case"), kinds.LONGEST)
    way = forms.ChoiceField(
        label=gettext_lazy("How did you check who asks?"),
        required=False,
        choices=CHECKED_WAYS,
        widget=forms.RadioSelect,
    )
    note = _line(gettext_lazy("Which leader?"), 200)
    type = forms.ChoiceField(required=False, choices=TicketType)
    service = forms.ChoiceField(label=gettext_lazy("Service"), required=False)
    impact = forms.ChoiceField(
        label=gettext_lazy("Who was affected?"),
        required=False,
        choices=[choice for choice in Impact.choices if choice[0] != Impact.UNKNOWN],
        widget=forms.RadioSelect,
    )
    consequence = forms.ChoiceField(
        label=gettext_lazy("What did the fault do to the work?"),
        required=False,
        choices=[choice for choice in Consequence.choices if choice[0] != Consequence.UNKNOWN],
        widget=forms.RadioSelect,
    )
    mailed = forms.BooleanField(
        label=pgettext_lazy("registration", "Send the solution by e-mail too"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Without an e-mail you have told them yourself."),
    )

    question = Words(
        label=gettext_lazy("What shall the triage team decide?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    told = Words(
        label=gettext_lazy("To the requester"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("By e-mail, or a line says that they must be phoned."),
    )

    def __init__(self, by: Person, *args: Any, solve: bool = False, ask: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.solve, self.ask = solve, ask
        self.meant = kinds.meant(self.data.get("category") or self.initial.get("category") or "")
        if self.meant and self.is_bound:
            self.data = kinds.filled_in(self.data, self.meant)
        self.candidates: list[FoundPerson] = []
        self.teams = {str(team.pk): team for team in active_teams()}
        self.services = {str(service.pk): service for service in catalogue.services()}
        wards = ((str(pk), name) for pk, name in departments())
        self._choices("department", [("", _("The requester's own")), *wards])
        self._choices("service", [("", _("Choose")), *((pk, service.name) for pk, service in self.services.items())])
        self.majors = {str(one.pk): one for one in majors.going_on(clock.now())}
        self._offer_teams()
        if not self.is_bound:
            self._ask_solution()

    def _offer_teams(self) -> None:
        """The agent's own team first; where there are rules, they choose unless the agent does."""
        mine = [str(pk) for pk in my_team_ids(self.by) or ()]
        self.own = next((pk for pk in self.teams if pk in mine), next(iter(self.teams), ""))
        ruled = bool(self.own and catalogue.routing_rules())
        by_rule = _("As the routing rules say, otherwise %(team)s")
        first = [("", by_rule % {"team": self.teams[self.own].name})] if ruled else []
        self._choices("team", [*first, *((pk, team.name) for pk, team in self.teams.items())])
        self.fields["team"].initial = "" if ruled else self.own
        self.fields["team"].required = not ruled

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        facts = self.cleaned_data
        facts["team"], facts["own_team"] = self.teams.get(facts.get("team", "")), self.teams.get(self.own)
        chosen = facts.get("major", "")
        facts["major"] = self.majors.get(chosen)
        if chosen and facts["major"] is None:
            self.add_error(None, _("The fault that you chose is solved. See whether it is another one."))
        facts["service"] = self.services.get(facts.get("service", ""))
        chosen = facts.get("department", "")
        facts["department"] = Department.objects.filter(pk=chosen).first() if chosen else None
        facts["known"] = self._known(facts)
        if not facts.get("what") and "what" not in self.errors:
            self.add_error("what", _("Write what it is about. One line is enough."))
        self._clean_taken(facts)
        self._clean_kind(facts)
        if self.solve:
            self._clean_solved(facts)
        if self.ask:
            self._clean_asked(facts)
        self._ask_solution()
        return facts

    def _clean_taken(self, facts: dict[str, Any]) -> None:
        """What was found in the words and ticked; what the agent wrote in the field itself counts more."""
        found = mentioned(f"{facts.get('what', '')}\n{facts.get('text', '')}")
        for name in facts.get("take", []):
            facts[name] = facts.get(name) or found.get(name, "")

    def _ask_solution(self) -> None:
        """Only solving asks these, but then none is optional; so they are drawn as they are meant, after the check."""
        for name in ("solution", "service", "impact", "consequence", "question", "told"):
            self.fields[name].required = True

    def clean_category(self) -> Category | None:
        words = self.cleaned_data["category"]
        if words and self.meant is None:
            raise forms.ValidationError(kinds.unclear(words))
        if words and self.ask:
            raise forms.ValidationError(_("A case of a known kind is of its type. Leave the kind empty to ask."))
        return self.meant

    def _clean_kind(self, facts: dict[str, Any]) -> None:
        """What the kind says, and how it was checked who asks. Without that it can be registered, but not solved."""
        kind = facts.get("category")
        if kind and not self.solve:  # type and service stand in the panel for solving only
            facts["type"], facts["service"] = kind.type, kind.service
        elif kind and (words := kinds.misfit(kind, facts)):
            self.add_error("category", words)
        if not kind or not kind.demands_proof or facts["known"] == self.by:  # who asks for themselves is signed in
            facts["way"] = ""
        elif self.solve and not facts.get("way") and "way" not in self.errors:
            self.add_error("way", _("Choose how you checked it. Nobody gets this before."))
        elif facts.get("way") == ProofWay.LEADER and not facts.get("note"):
            self.add_error("note", _("Write which leader confirmed it."))
        if kind and kind.demands_proof and facts["major"]:
            self.add_error("category", _("«%(kind)s» is no part of a fault.") % {"kind": kind.name})

    def _known(self, facts: dict[str, Any]) -> Person | None:
        """Whom the agent chose; an error when that is not clear yet."""
        who = facts.get("who", "")
        choice = facts.get("who_choice", "") if facts.get("who_asked") == who else ""
        wanted = facts.get("who_id") or whole_number(choice)
        known = person_known_to(self.by, wanted) if wanted else None
        if known or "who" in self.errors:
            return known
        if not who:
            self.add_error("who", _("Write who it is for: a name, an extension, or «unknown» and the place."))
        elif one := exactly(who, persons_known_to(self.by)):
            return one
        elif choice != NEW and not place_that_rings(who):
            self.candidates = find_persons(who, persons_known_to(self.by))
            if self.candidates:
                self.add_error("who", _("We know somebody by these words. Choose whom you mean."))
        return None

    def _clean_solved(self, facts: dict[str, Any]) -> None:
        asked = [("solution", _("Say what was done.")), ("type", _("Choose what kind of case it was."))]
        if facts.get("type") == TicketType.INCIDENT:
            asked += [
                ("service", _("Choose the service.")),
                ("impact", _("Choose who was affected.")),
                ("consequence", _("Choose what the fault did to the work.")),
            ]
        for name, words in asked:
            if not facts.get(name) and name not in self.errors:
                self.add_error(name, words)
        harm.check(self, facts)
        if facts.get("patient_harm") == Told.YES and not (
            facts.get("deviation_number") or facts.get("deviation_reason")
        ):
            self.add_error("deviation_number", _("Write the deviation's number, or why none is reported."))
        self._clean_own_team(
            facts, _("You do not work in %(team)s. Choose your own team, or register the case without solving it.")
        )

    def _clean_asked(self, facts: dict[str, Any]) -> None:
        """What goes to the triage team with its question (clause M1)."""
        asked = [
            ("question", _("Write what you want the triage team to decide.")),
            ("told", _("The requester is told in the same step. Write what to tell them.")),
        ]
        for name, words in asked:
            if not facts.get(name) and name not in self.errors:
                self.add_error(name, words)
        self._clean_own_team(
            facts, _("You do not work in %(team)s. Choose your own team: the answer comes back there.")
        )

    def _clean_own_team(self, facts: dict[str, Any], words: str) -> None:
        team = facts["team"] or facts["own_team"]
        if team and "team" not in self.errors and not may(self.by, Permission.WORK_TICKETS, team=team.pk):
            self.add_error("team", words % {"team": team.name})


class TallyForm(forms.Form):
    """What is only counted: what kind it was, where, and how long it took. Nobody is named."""

    use_required_attribute = False

    category = _line(gettext_lazy("Kind of case"), kinds.LONGEST)
    department = forms.ChoiceField(label=gettext_lazy("Department"), required=False)
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"),
        initial=5,
        min_value=1,
        max_value=LONGEST,
        error_messages={"required": gettext_lazy("Write how many minutes it took.")},
    )
    team = forms.ChoiceField(label=gettext_lazy("Team"), error_messages={"required": gettext_lazy("Choose the team.")})

    def __init__(self, by: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = {str(team.pk): team for team in active_teams() if may(by, Permission.WORK_TICKETS, team=team.pk)}
        own = [str(pk) for pk in my_team_ids(by) or ()]
        self.teams = mine
        self.fields["category"].required = True
        self.fields["category"].widget.attrs["autofocus"] = True
        self.fields["category"].error_messages["required"] = _("Write what kind of case it was.")
        self._choices("department", [("", _("Not said")), *((str(pk), name) for pk, name in departments())])
        self._choices("team", [(pk, team.name) for pk, team in mine.items()])
        self.fields["team"].initial = next((pk for pk in mine if pk in own), next(iter(mine), ""))

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_category(self) -> Category:
        words = self.cleaned_data["category"]
        if kind := kinds.meant(words):
            return kind
        raise forms.ValidationError(kinds.unclear(words))

    def clean_department(self) -> Department | None:
        chosen = self.cleaned_data["department"]
        return Department.objects.filter(pk=chosen).first() if chosen else None

    def clean_team(self) -> Team:
        return self.teams[self.cleaned_data["team"]]
