"""How the case hangs together with others: a part of it for another team, one case made two, two that belong together."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saksgang.console.case.case import Case
from saksgang.console.case.forms.box import BoxForm
from saksgang.console.case.messages import plain_words
from saksgang.console.fields import Line, Words
from saksgang.lib import clock
from saksgang.people.models import Team, TeamKind
from saksgang.tickets.actions.ties.splitting import CAN_GO
from saksgang.ui.dates import short_when

SHOWN_LETTERS = 90  # of each message that one chooses among


class SubCaseForm(BoxForm):
    box = "subcase"
    team = forms.ChoiceField(error_messages={"required": gettext_lazy("Choose the team that does the part.")})
    subject = Line(required=False, max_length=250)
    words = Words(error_messages={"required": gettext_lazy("Say what the other team should do.")})

    def __init__(self, case: Case, **options: Any) -> None:
        super().__init__(case, initial={"subject": case.ticket.subject}, **options)
        self.fields["team"].label = _("Which team does it?")
        self.fields["subject"].label = _("What is the sub-case about?")
        self.fields["words"].label = _("What should they do?")
        others = [team for team in case.teams if team.kind != TeamKind.TRIAGE and team.pk != case.ticket.team_id]
        self.choose("team", [("", _("Choose")), *((str(team.pk), team.name) for team in others)])

    def clean_team(self) -> Team:
        chosen = self.cleaned_data["team"]
        return next(team for team in self.case.teams if str(team.pk) == chosen)


class SplitForm(BoxForm):
    box = "split"
    chosen = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose the messages that the new case is about.")},
    )
    subject = Line(max_length=250, error_messages={"required": gettext_lazy("Say what the new case is about.")})

    def __init__(self, case: Case, **options: Any) -> None:
        super().__init__(case, **options)
        self.fields["chosen"].label = _("Which messages go to the new case?")
        self.fields["subject"].label = _("What is the new case about?")
        now = clock.now()
        can_go = [one for one in case.conversation if one.kind in CAN_GO and one.redacted_at is None]
        self.choose(
            "chosen",
            [
                (
                    str(one.pk),
                    f"{one.author_name}, {short_when(one.at, now)}: {Truncator(plain_words(one)).chars(SHOWN_LETTERS)}",
                )
                for one in can_go
            ],
        )

    @property
    def messages(self) -> list[dict[str, Any]]:
        """[{pk, words, chosen}] for the page's checkboxes."""
        chosen = set(self["chosen"].value() or ())
        choices = self.fields["chosen"].choices  # type: ignore[attr-defined]
        return [{"pk": pk, "words": words, "chosen": pk in chosen} for pk, words in choices]

    def clean_chosen(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data["chosen"]]


class LinkForm(BoxForm):
    box = "link"
    other = forms.IntegerField(
        min_value=1,
        max_value=2**62,
        error_messages={"required": gettext_lazy("Write the number of the other case.")},
    )

    def __init__(self, case: Case, **options: Any) -> None:
        super().__init__(case, **options)
        self.fields["other"].label = _("Number of the case that it belongs with")
