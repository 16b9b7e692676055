"""The form that every box on the page of a case shares, and its attachments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from saksgang.console.case.case import Case
from saksgang.console.fields import Files
from saksgang.tickets.actions.messages import KeptFile, keep_file

# A file that came with a refused form stays chosen for as long as a session lasts.
KEPT_SECONDS = settings.SESSION_COOKIE_AGE


class BoxForm(forms.Form):
    """A form on the page of a case. `box` names it: its panel and its ids; `draft`: where its words are kept while they are written."""

    box = ""
    draft = ""
    use_required_attribute = False

    def __init__(self, case: Case, *, bound: bool = False, initial: dict[str, Any] | None = None) -> None:
        self.case = case
        sent = case.request.POST if case.posted else case.request.GET
        super().__init__(
            data=sent if bound else None,
            files=case.request.FILES if bound else None,
            initial=initial,
            auto_id=f"{self.box}-%s",
        )
        self.kept_files: list[KeptFile] = []

    def choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        field.choices = choices  # type: ignore[attr-defined]
        # It stood there when the page was made: somebody was moved, a team was closed.
        field.error_messages["invalid_choice"] = _("What you chose is not among the choices any more. Choose again.")


class WithFiles(BoxForm):
    """A form with attachments. Files that came with a refused form are kept, and need not be chosen again."""

    files_chosen = Files(required=False)
    max_bytes = settings.ATTACHMENT_MAX_BYTES

    def __init__(self, case: Case, **options: Any) -> None:
        super().__init__(case, **options)
        self.fields["files_chosen"].label = _("Attachments")

    @property
    def _salt(self) -> str:
        return f"kept-file-{self.case.person.pk}"

    def clean(self) -> dict[str, Any]:
        # Bytes are stored before any transaction: no disk flush holds the database's lock.
        fresh = [
            keep_file(name=file.name or "", content_type=file.content_type or "", content=file.read())
            for file in self.cleaned_data.get("files_chosen", [])
        ]
        self.kept_files = [*self._kept_before(), *fresh]
        return self.cleaned_data

    def _kept_before(self) -> list[KeptFile]:
        found = []
        for token in self.data.getlist("kept"):  # type: ignore[attr-defined]
            try:
                found.append(KeptFile(*signing.loads(token, salt=self._salt, max_age=KEPT_SECONDS)))
            except signing.BadSignature:
                self.add_error("files_chosen", _("Choose the file again."))
        return found

    @property
    def kept(self) -> list[dict[str, str]]:
        """The files that are kept already, each with the token that proves it was this person's."""
        return [
            {
                "name": file.name,
                "size": filesizeformat(file.size),
                "token": signing.dumps([file.name, file.content_type, file.size, file.sha256], salt=self._salt),
            }
            for file in self.kept_files
        ]
