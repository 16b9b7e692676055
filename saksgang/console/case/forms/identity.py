"""Who asks: how it was checked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saksgang.console.case.case import Case
from saksgang.console.case.forms.box import BoxForm
from saksgang.console.fields import Line
from saksgang.people.models import Person
from saksgang.tickets.actions.identity import whom_nobody_can_check
from saksgang.tickets.kinds import CHECKED_WAYS, ProofWay


class IdentityForm(BoxForm):
    """`hopeless`: why some of those who ask get nothing here, whatever they show."""

    box = "identity"
    person = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": gettext_lazy("Choose whom you checked.")}
    )
    way = forms.ChoiceField(
        choices=CHECKED_WAYS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how you checked it.")},
    )
    note = Line(required=False, max_length=200)

    def __init__(self, case: Case, **options: Any) -> None:
        left = [one.person for one in case.requesters if one.person_id not in case.proofs]
        why = {one.pk: whom_nobody_can_check(case.ticket, one) for one in left}
        self.hopeless = [words for words in why.values() if words]
        self.people = {str(one.pk): one for one in left if not why[one.pk]}
        only = next(iter(self.people)) if len(self.people) == 1 else None
        super().__init__(case, initial={"person": only}, **options)
        self.fields["person"].label = _("Whom did you check?")
        self.fields["way"].label = _("How?")
        self.fields["note"].label = _("Which leader?")
        self.choose("person", [(pk, _with_number(one)) for pk, one in self.people.items()])

    def clean_person(self) -> Person:
        return self.people[self.cleaned_data["person"]]

    def clean(self) -> dict[str, Any]:
        facts = self.cleaned_data
        if facts.get("way") == ProofWay.LEADER and not facts.get("note") and "note" not in self.errors:
            self.add_error("note", _("Write which leader confirmed it."))
        return facts


def _with_number(person: Person) -> str:
    """The number that we have, since that is the one to ring."""
    return (
        _("%(name)s, phone %(number)s") % {"name": person.name, "number": person.phone} if person.phone else person.name
    )
