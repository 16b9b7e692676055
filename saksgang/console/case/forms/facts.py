"""What a case says of itself: its subject, where it is, which department, who asked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saksgang.console.case.case import Case
from saksgang.console.case.forms.box import BoxForm
from saksgang.console.fields import Line, Suggesting
from saksgang.lib import text
from saksgang.lib.numbers import LARGEST
from saksgang.people.models import Department, Person
from saksgang.people.queries import find_persons
from saksgang.people.rules import folded_address, is_address
from saksgang.tickets.actions.facts import LONGEST
from saksgang.tickets.persons import persons_known_to

TOO = "too"


class WordsForm(BoxForm):
    """Facts of one line each, as they are now."""

    def __init__(self, case: Case, **options: Any) -> None:
        known = {fact: getattr(case.ticket, fact) for fact in self.base_fields}
        super().__init__(case, initial=known, **options)


class SubjectForm(WordsForm):
    box = "subject"
    subject = Line(required=False, max_length=LONGEST["subject"])

    def __init__(self, case: Case, **options: Any) -> None:
        super().__init__(case, **options)
        self.fields["subject"].label = _("What is the case about?")


class PlaceForm(WordsForm):
    box = "place"
    place = Line(required=False, max_length=LONGEST["place"])
    callback_number = Line(required=False, max_length=LONGEST["callback_number"])
    equipment_number = Line(required=False, max_length=LONGEST["equipment_number"])

    def __init__(self, case: Case, **options: Any) -> None:
        super().__init__(case, **options)
        self.fields["place"].label = _("Place or room")
        self.fields["callback_number"].label = _("Number to call back")
        self.fields["equipment_number"].label = _("Equipment number")


class DepartmentForm(BoxForm):
    """By typing: the browser offers the names."""

    box = "department"
    department = Line(required=False, max_length=200, widget=Suggesting())

    def __init__(self, case: Case, **options: Any) -> None:
        affected = case.ticket.affected_department
        super().__init__(case, initial={"department": affected.name if affected else ""}, **options)
        self.fields["department"].label = _("Department")
        names = Department.objects.order_by("sort_key").values_list("name", flat=True)
        self.fields["department"].widget.suggestions = list(names)

    def clean_department(self) -> Department | None:
        typed = self.cleaned_data["department"]
        found = Department.objects.filter(folded=text.fold(typed)).order_by("id").first() if typed else None
        if typed and found is None:
            raise forms.ValidationError(_("We know no department by this name. Choose one of those that are offered."))
        return found


class RequesterForm(BoxForm):
    """Who asked: somebody else, or one more. Chosen while one types; without script the words alone say who."""

    box = "requester"
    who = Line(required=False, max_length=200)
    who_id = forms.IntegerField(required=False, min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    instead = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": gettext_lazy("Say in whose place.")}
    )

    def __init__(self, case: Case, **options: Any) -> None:
        self.former = {str(one.person_id): one.person for one in case.requesters}
        first = next(iter(self.former), "") if len(self.former) == 1 else TOO
        super().__init__(case, initial={"instead": first}, **options)
        self.fields["who"].label = _("Whose case is it?")
        self.fields["instead"].label = _("In whose place?")
        names = [(pk, _("Instead of %(name)s") % {"name": one.name}) for pk, one in self.former.items()]
        self.choose("instead", [*names, (TOO, _("In addition to those who asked"))])

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        said["former"] = self.former.get(said.get("instead", ""))
        if "who" not in self.errors:
            said["known"] = self._known(said)
        return said

    def _known(self, said: dict[str, Any]) -> Person | None:
        """Whom the words mean; nobody where they are the address of somebody we do not know yet."""
        reachable, who = persons_known_to(self.case.person), said.get("who", "")
        chosen = said.get("who_id")
        known = reachable.filter(pk=chosen, active=True).first() if chosen else None
        if known:
            return known
        found = find_persons(who, reachable)
        if len(found) == 1:
            return reachable.get(pk=found[0]["id"])
        if found:
            names = ", ".join(
                f"{one['name']} ({one['department']})" if one["department"] else one["name"] for one in found
            )
            self.add_error("who", _("Several go by these words: %(names)s. Write more.") % {"names": names})
        elif not is_address(folded_address(who)):
            self.add_error("who", _("Nobody found. Write a name, an extension or an e-mail address."))
        return None
