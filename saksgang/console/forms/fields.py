"""Fields and the form that every box on the page of a case shares."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saksgang.lib import text
from saksgang.tickets.actions.messages import KeptFile, keep_file

if TYPE_CHECKING:
    from saksgang.console.ticket_page import TicketPage

LONGEST_TEXT = 50_000
# A file that came with a refused form stays chosen for as long as a session lasts.
KEPT_SECONDS = settings.SESSION_COOKIE_AGE


class Line(forms.CharField):
    """One line: breaks and control characters become blanks, so that none reaches a header (S19)."""

    def to_python(self, value: Any) -> str:
        return text.one_line(super().to_python(value) or "", LONGEST_TEXT)


class Words(forms.CharField):
    """Several lines, without control characters."""

    widget = forms.Textarea

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=LONGEST_TEXT, **options)

    def to_python(self, value: Any) -> str:
        return text.strip_controls(super().to_python(value) or "").strip()


class Moment(forms.DateTimeField):
    """A time on Oslo's clock, as the browser's own field for dates gives it."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_error_messages: ClassVar = {"invalid": gettext_lazy("Write both a date and a time of day.")}

    def to_python(self, value: Any) -> datetime | None:
        moment: datetime | None = super().to_python(value)
        # Far years overflow when a time zone is reckoned with; none of them is meant.
        if moment and not 2000 <= moment.year <= 2100:
            raise forms.ValidationError(_("Write a date of this century."))
        return moment


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class Files(forms.FileField):
    """Any number of files, each within the limit."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        chosen = data if isinstance(data, list | tuple) else [data] if data else []
        return [self._checked(file) for file in chosen]

    def _checked(self, file: UploadedFile) -> UploadedFile:
        if (file.size or 0) > settings.ATTACHMENT_MAX_BYTES:
            raise forms.ValidationError(
                _("«%(name)s» is too large. A file can be %(size)s at most.")
                % {"name": file.name, "size": filesizeformat(settings.ATTACHMENT_MAX_BYTES)}
            )
        return file


class BoxForm(forms.Form):
    """A form on the page of a case. `box` names it: its panel, its draft and its ids."""

    box = ""
    use_required_attribute = False

    def __init__(self, case: TicketPage, *, bound: bool = False, initial: dict[str, Any] | None = None) -> None:
        self.case = case
        super().__init__(
            data=case.request.POST if bound else None,
            files=case.request.FILES if bound else None,
            initial=initial,
            auto_id=f"{self.box}-%s",
        )
        self.kept_files: list[KeptFile] = []

    def choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        field.choices = choices  # type: ignore[attr-defined]


class WithFiles(BoxForm):
    """A form with attachments. Files that came with a refused form are kept, and need not be chosen again."""

    files_chosen = Files(required=False)
    max_bytes = settings.ATTACHMENT_MAX_BYTES

    def __init__(self, case: TicketPage, **options: Any) -> None:
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
