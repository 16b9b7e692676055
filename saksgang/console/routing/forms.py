"""One routing rule as a form: when, and then which team."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saksgang.catalogue import queries as catalogue
from saksgang.catalogue.models import Category, Mailbox, RoutingRule, Service
from saksgang.catalogue.routing import in_words
from saksgang.console.fields import Line
from saksgang.console.routing.sentences import HOW
from saksgang.people.models import Department, Team, TeamKind
from saksgang.people.queries import active_teams, departments
from saksgang.people.rules import folded_address, folded_domain, is_address

_DOMAIN = re.compile(r"[^\s@<>/,;:]+\.[^\s@<>/,;:]+")
CONDITIONS = ("mailbox", "channel", "sender", "department", "service", "category", "words")


class RoutingForm(forms.Form):
    use_required_attribute = False

    channel = forms.ChoiceField(label=gettext_lazy("How it comes"), required=False)
    mailbox = forms.ChoiceField(label=gettext_lazy("Mailbox"), required=False)
    sender = Line(
        label=gettext_lazy("Sender"),
        required=False,
        max_length=254,
        help_text=gettext_lazy(
            "An address, or a domain such as lab.sykehus.example, which holds for those below it too."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    department = forms.ChoiceField(label=gettext_lazy("Department"), required=False)
    service = forms.ChoiceField(label=gettext_lazy("Service"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("Kind of case"), required=False)
    words = Line(
        label=gettext_lazy("One of these words"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("In subject or text, with commas between. «lab*» is every word that begins so."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    team = forms.ChoiceField(
        label=gettext_lazy("Then it goes to"), error_messages={"required": gettext_lazy("Choose the team.")}
    )
    question = Line(
        label=gettext_lazy("With this question"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Only for the triage team: what they are asked to decide."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    proposes = forms.ChoiceField(label=gettext_lazy("And this kind is proposed"), required=False)

    def __init__(self, data: QueryDict | None = None, *, rule: RoutingRule | None = None) -> None:
        super().__init__(data, initial=_as_written(rule) if rule else None)
        kinds = [(str(one.pk), one.name) for one in catalogue.categories()]
        mailboxes = Mailbox.objects.filter(active=True).order_by("address").values_list("pk", "address")
        self._offer("channel", [(one.value, str(one.label)) for one in HOW])
        self._offer("mailbox", [(str(pk), address) for pk, address in mailboxes])
        self._offer("department", [(str(pk), name) for pk, name in departments()])
        self._offer("service", [(str(one.pk), one.name) for one in catalogue.services()])
        self._offer("category", kinds)
        self._offer("proposes", kinds, _("None"))
        teams = list(active_teams())
        self.triage = {str(one.pk) for one in teams if one.kind == TeamKind.TRIAGE}
        self._offer("team", [(str(one.pk), one.name) for one in teams], _("Choose"))
        if rule:
            self._keep(rule)

    def _offer(self, name: str, choices: list[tuple[str, str]], nothing: str = "") -> None:
        self.fields[name].choices = [("", nothing or _("Any")), *choices]  # type: ignore[attr-defined]

    def _keep(self, rule: RoutingRule) -> None:
        """What the rule names stays a choice, also when it is retired."""
        for name in ("mailbox", "department", "service", "category", "proposes", "team"):
            named, choices = getattr(rule, name), self.fields[name].choices  # type: ignore[attr-defined]
            if named and str(named.pk) not in dict(choices):
                label = named.address if name == "mailbox" else named.name
                self.fields[name].choices = [*choices, (str(named.pk), label)]  # type: ignore[attr-defined]

    def clean_sender(self) -> str:
        """A folded address, a folded domain, or nothing."""
        written: str = self.cleaned_data["sender"].strip().removeprefix("@")
        if "@" in written:
            address = folded_address(written)
            if not is_address(address):
                raise forms.ValidationError(_("This is not an e-mail address."))
            return address
        domain = folded_domain(written)
        if domain and not _DOMAIN.fullmatch(domain):
            raise forms.ValidationError(_("This is neither an address nor a domain."))
        return domain

    def clean_words(self) -> str:
        written = self.cleaned_data["words"]
        words = in_words(written)
        if written and not words:
            raise forms.ValidationError(_("There is no word in this."))
        return "\n".join(words)

    def clean(self) -> dict[str, Any]:
        facts = self.cleaned_data
        if not self.errors and not any(facts.get(name) for name in CONDITIONS):
            self.add_error("words", _("Say when the rule holds: a word, a sender, or one of the others."))
        if not self.errors:
            self._check_asks(facts["team"], facts["question"])
        return facts

    def _check_asks(self, team: str, question: str) -> None:
        """To the triage team a case goes with a question only, and nobody else is asked one."""
        asks = team in self.triage
        if asks and not question:
            self.add_error("question", _("Write what you want the triage team to decide."))
        elif question and not self.triage:
            self.add_error("question", _("There is no triage team to ask."))
        elif question and not asks:
            self.add_error("question", _("Only the triage team is asked a question. Choose it as the team."))

    def facts(self) -> dict[str, Any]:
        """The fields of the rule."""
        told = self.cleaned_data
        return {
            "channel": told["channel"],
            "mailbox": _row(Mailbox, told["mailbox"]),
            "sender": told["sender"],
            "department": _row(Department, told["department"]),
            "service": _row(Service, told["service"]),
            "category": _row(Category, told["category"]),
            "words": told["words"],
            "team": _row(Team, told["team"]),
            "question": told["question"],
            "proposes": _row(Category, told["proposes"]),
        }


def _row(model: Any, pk: str) -> Any:
    return model.objects.get(pk=pk) if pk else None


def _as_written(rule: RoutingRule) -> dict[str, Any]:
    names = ("mailbox", "department", "service", "category", "team", "proposes")
    ids = {name: str(getattr(rule, f"{name}_id") or "") for name in names}
    sender = rule.sender if "@" in rule.sender or not rule.sender else f"@{rule.sender}"
    return (
        ids
        | {"channel": rule.channel, "sender": sender, "words": rule.words.replace("\n", ", ")}
        | {"question": rule.question}
    )
