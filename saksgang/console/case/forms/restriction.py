"""Naming those who alone may read a case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from saksgang.console.case.case import Case
from saksgang.console.case.forms.box import BoxForm
from saksgang.console.fields import Line
from saksgang.people.models import Person
from saksgang.people.queries import active_agents
from saksgang.tickets.models import TicketReader


class RestrictionForm(BoxForm):
    box = "restriction"
    readers = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    reason = Line(required=False, max_length=500)

    def __init__(self, case: Case, **options: Any) -> None:
        named = TicketReader.objects.filter(ticket=case.ticket).values_list("person_id", flat=True)
        super().__init__(case, initial={"readers": [str(pk) for pk in named]}, **options)
        self.agents = {str(agent.pk): agent for agent in active_agents() if agent.pk != case.person.pk}
        self.fields["readers"].label = _("Who can read it, besides you, its assignee and the team's leaders?")
        self.fields["reason"].label = _("Why?")
        self.choose("readers", [(pk, agent.name) for pk, agent in self.agents.items()])

    def clean_readers(self) -> list[Person]:
        return [self.agents[pk] for pk in self.cleaned_data["readers"]]

    @property
    def people(self) -> list[dict[str, Any]]:
        """[{pk, name, chosen}] for the page's checkboxes."""
        chosen = set(self["readers"].value() or ())
        return [{"pk": pk, "name": agent.name, "chosen": pk in chosen} for pk, agent in self.agents.items()]
