"""What is said on a case: answers, notes and conversations."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from saksgang.console.case.case import Case
from saksgang.console.case.forms.box import BoxForm, WithFiles
from saksgang.console.fields import Line, Words
from saksgang.console.models import LEAVES, STAYS


class CopyForm(WithFiles):
    """Words to the requesters, with copies and files. All of them are written in one box, and go on from its draft.

    Those that the requester's own mail also went to are offered, and get a copy only when they are chosen.
    """

    draft = LEAVES

    words = Words(required=False)
    everybody = forms.BooleanField(required=False)
    also = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    cc = Line(required=False, max_length=2_000)

    def __init__(self, case: Case, *, initial: dict[str, Any] | None = None, **options: Any) -> None:
        super().__init__(case, initial={"words": case.drafts.get(LEAVES, "")} | (initial or {}), **options)
        self.fields["cc"].label = _("Copy to")
        self.fields["cc"].help_text = _("E-mail addresses with a comma between them.")
        self.fields["everybody"].label = _("Reply to all")
        self.fields["also"].label = _("Copy to")
        self.choose("also", [(one.address, one.shown) for one in case.also_written_to])

    def clean_cc(self) -> list[str]:
        """Every address on copy: those that were chosen, and those that were written."""
        everybody = [one.address for one in self.case.also_written_to]
        chosen = everybody if self.cleaned_data.get("everybody") else self.cleaned_data.get("also", [])
        written = [address for address in re.split(r"[,;\s]+", self.cleaned_data["cc"]) if address]
        return list(dict.fromkeys([*chosen, *written]))


class AnswerForm(CopyForm):
    box = "answer"
    to = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, case: Case, **options: Any) -> None:
        super().__init__(case, **options)
        self.fields["words"].label = _("Answer")
        self.choose("to", [(str(one.person_id), one.person.name) for one in case.requesters])

    def clean_to(self) -> list[int] | None:
        """Ids of persons; None means everybody who asked."""
        return [int(chosen) for chosen in self.cleaned_data["to"]] or None


class NoteForm(WithFiles):
    box = draft = STAYS
    words = Words(required=False)

    def __init__(self, case: Case, **options: Any) -> None:
        super().__init__(case, initial={"words": case.drafts.get(STAYS, "")}, **options)
        self.fields["words"].label = _("Internal note")
        self.fields["words"].help_text = _("Write @ and a name, and that colleague is told.")


class ConversationForm(BoxForm):
    box = "conversation"
    draft = LEAVES
    whom = forms.ChoiceField(required=False)
    words = Words(required=False)
    mailed = forms.BooleanField(required=False)

    def __init__(self, case: Case, **options: Any) -> None:
        super().__init__(case, initial={"words": case.drafts.get(LEAVES, ""), "mailed": True}, **options)
        self.fields["whom"].label = _("Talked with")
        self.fields["words"].label = _("What did you agree on?")
        self.fields["mailed"].label = _("Send a confirmation by e-mail")
        people = [(str(one.person_id), one.contact_name or one.person.name) for one in case.requesters]
        self.choose("whom", people + ([("", _("Everybody who asked"))] if len(people) != 1 else []))
        self.answers = case.may_work  # of others it is written down, and nothing leaves
        if not self.answers:
            del self.fields["mailed"]

    def clean_whom(self) -> list[int] | None:
        return [int(self.cleaned_data["whom"])] if self.cleaned_data["whom"] else None
