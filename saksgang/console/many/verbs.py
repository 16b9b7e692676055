"""What can be done to several cases at once: each is the action of one case, with its own form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saksgang.console.case.case import Case
from saksgang.console.case.forms.assessment import AssessmentForm
from saksgang.console.case.forms.box import BoxForm
from saksgang.console.case.forms.ending import ClosureForm
from saksgang.console.case.forms.moving import GivingForm, HandoverForm, first_until
from saksgang.console.fields import Line, Moment, Words
from saksgang.console.many.several import Several
from saksgang.people.models import Person
from saksgang.tickets import majors
from saksgang.tickets.actions import assessment, assignment, closure, waiting
from saksgang.tickets.actions.major import membership
from saksgang.tickets.actions.ties import merging
from saksgang.tickets.kinds import CloseReason
from saksgang.tickets.merges import seen_case
from saksgang.tickets.models import MajorIncident, Ticket

Facts = dict[str, Any]


class WaitForm(BoxForm):
    """The same words to each case's requesters, and what all of them wait for."""

    box = "waiting"
    then = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": gettext_lazy("Choose what the case waits for.")}
    )
    words = Words(error_messages={"required": gettext_lazy("Write what the requesters are told.")})
    until = Moment(error_messages={"required": gettext_lazy("Say until when it waits.")})
    waiting_for = Line(required=False, max_length=200)
    reference = Line(required=False, max_length=100)
    reason = Line(required=False, max_length=200)

    def __init__(self, case: Case, **options: Any) -> None:
        super().__init__(case, initial={"until": first_until(case.ticket.team_id), "then": "others"}, **options)
        self.fields["then"].label = _("What do they wait for?")
        self.fields["words"].label = _("To the requesters")
        self.fields["until"].label = _("Until when, at the latest?")
        self.fields["waiting_for"].label = _("Who has it?")
        self.fields["reference"].label = _("Their case number")
        self.fields["reason"].label = _("Why then?")
        self.choose("then", [("requester", _("The requesters")), ("others", _("Others")), ("plan", _("A date"))])

    def clean(self) -> Facts:
        facts = self.cleaned_data
        if facts.get("then") == "others" and not facts.get("waiting_for"):
            self.add_error("waiting_for", _("Say whom the case waits for."))
        if facts.get("then") == "plan" and not facts.get("reason"):
            self.add_error("reason", _("Say why the case waits until then."))
        return facts


class CloseForm(ClosureForm):
    """Each reason but the one that names another case."""

    def _reasons(self) -> list[tuple[str, Any]]:
        return [(value, label) for value, label in super()._reasons() if value != CloseReason.MERGED]


class MergeForm(BoxForm):
    """The case that the others go into: the oldest of them, unless another is named."""

    box = "merge"
    into = forms.IntegerField(
        min_value=1,
        max_value=2**62,
        error_messages={"required": gettext_lazy("Write the number of the case that goes on.")},
    )

    def __init__(self, case: Several, **options: Any) -> None:
        oldest = min(case.cases, key=lambda one: (one.received_at, one.pk), default=None)
        super().__init__(case, initial={"into": oldest.pk if oldest else None}, **options)
        self.fields["into"].label = _("Number of the case that goes on")
        self.fields["into"].help_text = _(
            "All that was said here, and everybody who asked, goes along. It can be undone."
        )


class MajorForm(BoxForm):
    """Which fault of many the cases belong to."""

    box = "major"
    major = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": gettext_lazy("Choose which fault they belong to.")}
    )

    def __init__(self, case: Case, **options: Any) -> None:
        super().__init__(case, **options)
        self.known = {str(one.pk): one for one in majors.open_ones()}
        self.fields["major"].label = _("Which fault do they belong to?")
        self.choose("major", [(pk, f"{one.title} · {one.service.name}") for pk, one in self.known.items()])

    def clean_major(self) -> MajorIncident:
        return self.known[self.cleaned_data["major"]]


@dataclass(frozen=True)
class Verb:
    name: str
    button: str | Promise  # what it says when it is done
    form: type[BoxForm] | None  # None: it asks nothing, and is carried out at once
    do: Callable[[Ticket, Person, Facts], object]


def _take(ticket: Ticket, by: Person, facts: Facts) -> object:
    return assignment.take(ticket=ticket, by=by)


def _give(ticket: Ticket, by: Person, facts: Facts) -> object:
    return assignment.give(ticket=ticket, by=by, **facts)


def _hand_over(ticket: Ticket, by: Person, facts: Facts) -> object:
    return assignment.hand_over(ticket=ticket, by=by, **facts)


def _assess(ticket: Ticket, by: Person, facts: Facts) -> object:
    said = {name: value for name, value in facts.items() if name not in ("time_critical", "hand_over")}
    return assessment.assess(ticket=ticket, by=by, **said)


def _wait(ticket: Ticket, by: Person, facts: Facts) -> object:
    said = {"words": facts["words"], "until": facts["until"]}
    if facts["then"] == "others":
        known = {"waiting_for": facts["waiting_for"], "reference": facts["reference"]}
        return waiting.wait_for_third_party(ticket=ticket, by=by, **said, **known)
    if facts["then"] == "plan":
        return waiting.plan(ticket=ticket, by=by, reason=facts["reason"], **said)
    return waiting.wait_for_requester(ticket=ticket, by=by, **said)


def _close(ticket: Ticket, by: Person, facts: Facts) -> object:
    return closure.close(ticket=ticket, by=by, **{name: facts[name] for name in ("reason", "note", "words")})


def _merge(ticket: Ticket, by: Person, facts: Facts) -> object:
    return merging.merge(ticket=ticket, into=seen_case(by, facts["into"]), by=by)


def _tie(ticket: Ticket, by: Person, facts: Facts) -> object:
    return membership.join(ticket=ticket, by=by, **facts)


VERBS = {
    verb.name: verb
    for verb in (
        Verb("take", gettext_lazy("Take the cases"), None, _take),
        Verb("give", gettext_lazy("Give the cases: they are told"), GivingForm, _give),
        Verb("handover", gettext_lazy("Hand over: the cases leave your team"), HandoverForm, _hand_over),
        Verb("assess", gettext_lazy("Save the assessment of all"), AssessmentForm, _assess),
        Verb("wait", gettext_lazy("Let them wait: the requesters are told"), WaitForm, _wait),
        Verb("merge", gettext_lazy("Merge the cases"), MergeForm, _merge),
        Verb("major", gettext_lazy("Tie the cases to the major incident"), MajorForm, _tie),
        Verb("close", gettext_lazy("Close the cases"), CloseForm, _close),
    )
}
