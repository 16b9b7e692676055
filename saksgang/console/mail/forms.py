"""Sorting a mail that was set aside."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from saksgang.console.fields import Line
from saksgang.inbound.models import InboundMail
from saksgang.people.models import Team
from saksgang.people.rules import folded_address, is_address


class SetAsideForm(forms.Form):
    """Making a case of it."""

    requester = Line(
        label=_("E-mail address of the requester"),
        required=False,
        max_length=254,
        help_text=_("Empty when nobody waits for an answer."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email"}),
    )
    team = forms.ModelChoiceField(
        label=_("Team"),
        queryset=Team.objects.none(),
        empty_label=None,
        error_messages={"required": _("Choose the team.")},
    )
    subject = Line(label=_("Subject"), required=False, max_length=250)

    prefix = "case"

    def __init__(self, data: QueryDict | None = None, *, mail: InboundMail) -> None:
        initial = {"requester": mail.from_address, "team": mail.mailbox.team_id, "subject": mail.subject}
        super().__init__(data, initial=initial)
        teams = self.fields["team"]
        if isinstance(teams, forms.ModelChoiceField):
            teams.queryset = Team.objects.filter(active=True).order_by("kind", "sort_key")
            teams.label_from_instance = lambda team: str(team.name)  # type: ignore[method-assign, assignment]

    def clean_requester(self) -> str:
        """A folded address, or nothing."""
        written: str = self.cleaned_data["requester"].strip()
        address = folded_address(written) if written else ""
        if address and not is_address(address):
            raise forms.ValidationError(_("This is not an e-mail address."))
        return address


class HandledForm(forms.Form):
    """Nothing more to do with it."""

    prefix = "handled"

    note = forms.CharField(
        label=_("What did you do with it?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say what you did with the mail.")},
    )
