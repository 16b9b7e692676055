"""Which improvement a case becomes: found as one types its title, or a new one. On a case, and where the triage team decides.

Nothing new is made before one has looked: where others like it stand on a list, the form asks once whether it is one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saksgang.console.fields import Line, Words
from saksgang.console.improvements.words import joining_words, new_words, stands
from saksgang.improvements import queries
from saksgang.improvements.actions.taking_in import New
from saksgang.improvements.actions.telling import Reader, readers_of
from saksgang.improvements.kinds import Size
from saksgang.improvements.models import Improvement
from saksgang.lib.numbers import whole_number
from saksgang.people.models import Language
from saksgang.people.queries import address_of
from saksgang.tickets.models import Ticket

NEW = "new"
LANGUAGES = {
    Language.NB: gettext_lazy("To the requester"),
    Language.NN: gettext_lazy("To the requester, in nynorsk"),
    Language.EN: gettext_lazy("To the requester, in English"),
}


class ChoosingFields(forms.Form):
    """`become()` says what the case becomes, `said()` what each language's requesters are told."""

    title = Line(
        max_length=200,
        label=gettext_lazy("What should become better?"),
        help_text=gettext_lazy("Others may have asked for it: choose it then from what is found as you type."),
        error_messages={"required": gettext_lazy("Write in a few words what should become better.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    improvement = forms.CharField(required=False, widget=forms.HiddenInput)
    which = forms.ChoiceField(
        required=False, label=gettext_lazy("Is it one of these?"), widget=forms.RadioSelect, choices=()
    )
    list_team = forms.ChoiceField(
        label=gettext_lazy("On whose list?"), error_messages={"required": gettext_lazy("Choose the team.")}
    )
    effort = forms.ChoiceField(required=False, label=gettext_lazy("How much work is it?"), choices=Size.choices)
    gain = forms.ChoiceField(required=False, label=gettext_lazy("How much does it help?"), choices=Size.choices)

    def prepare(self, ticket: Ticket) -> None:
        """Call once the form is made: its teams, and the words in the languages of those who are told."""
        self.readers: Sequence[Reader] = readers_of([ticket.pk])
        self.unreached = [one.person.name for one in self.readers if not address_of(one.person)]
        self.teams = {str(team.pk): team for team in queries.teams_with_lists()}
        choices = [("", _("Choose")), *((pk, team.name) for pk, team in self.teams.items())]
        self.fields["list_team"].choices = choices  # type: ignore[attr-defined]
        self.initial.setdefault("title", ticket.subject)
        own = str(ticket.service.owner_team_id if ticket.service and ticket.service.owner_team_id else ticket.team_id)
        self.initial.setdefault("list_team", own if own in self.teams else "")
        self.initial.update({"effort": Size.UNKNOWN, "gain": Size.UNKNOWN})
        self.languages = list(dict.fromkeys(one.language for one in self.readers))
        for language in self.languages:
            self.fields[f"words_{language}"] = words_field(language)
            self.initial[f"words_{language}"] = new_words(language)
        self._offer()

    def _offer(self) -> None:
        """What is like it, as answers to the one question; without any there is no question."""
        typed = self.data.get("title", "") if self.is_bound else ""
        self.found = {str(one.pk): one for one in queries.like(typed[:200])} if typed else {}
        lines = [(pk, f"{one.title} ({one.team.name}, {stands(one).lower()})") for pk, one in self.found.items()]
        self.fields["which"].choices = [*lines, (NEW, _("No, it is a new one"))]  # type: ignore[attr-defined]

    @property
    def asks(self) -> bool:
        """Whether the question is put: others like it are known, and something was sent."""
        return self.is_bound and bool(self.found) and not self.data.get("improvement")

    @property
    def word_fields(self) -> list[Any]:
        return [self[f"words_{language}"] for language in self.languages]

    def clean(self) -> dict[str, Any]:
        facts = self.cleaned_data
        self.joined = self._joined(facts)
        if self.joined is None and self.found and facts.get("which") != NEW and "title" not in self.errors:
            self.add_error("which", _("Something like it stands on a list already. Say whether it is the same."))
        if self.joined is not None:
            self.errors.pop("list_team", None)
        for language in self.languages:
            if not facts.get(f"words_{language}"):
                told = _("The requester is told in the same step. Write what to tell them.")
                self.add_error(f"words_{language}", told)
        facts["words"] = facts.get(f"words_{self.languages[0]}", "") if self.languages else ""
        return facts

    def _joined(self, facts: dict[str, Any]) -> Improvement | None:
        chosen = facts.get("improvement") or facts.get("which") or NEW
        if chosen == NEW:
            return None
        if chosen in self.found:
            return self.found[chosen]
        pk = whole_number(chosen)
        known = Improvement.objects.filter(pk=pk).select_related("team").first() if pk is not None else None
        if known is None:
            self.add_error("title", _("The improvement that you chose is not there any more. Choose again."))
        return known

    def become(self) -> Improvement | New:
        facts = self.cleaned_data
        if self.joined is not None:
            return self.joined
        sizes = {name: facts[name] or Size.UNKNOWN for name in ("effort", "gain")}
        return New(team=self.teams[facts["list_team"]], title=facts["title"], **sizes)

    def said(self) -> dict[str, str]:
        """Language → words. A proposal that was left as it was says where the improvement stands that one joins."""
        said = {language: self.cleaned_data[f"words_{language}"] for language in self.languages}
        if self.joined is None:
            return said
        return {
            language: joining_words(self.joined, language) if words == new_words(language) else words
            for language, words in said.items()
        }


def words_field(language: str) -> Words:
    """The words to those who read this language, read out in it."""
    field = Words(required=False, label=LANGUAGES[Language(language)])
    field.widget.attrs["lang"] = language
    return field
