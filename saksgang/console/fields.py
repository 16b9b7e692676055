"""Fields that the forms of the console share."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saksgang.lib import text

LONGEST_TEXT = 50_000


class Line(forms.CharField):
    """One line: breaks and control characters become blanks, so that none reaches a header (S19)."""

    def to_python(self, value: Any) -> str:
        return text.one_line(super().to_python(value) or "", LONGEST_TEXT)


class Suggesting(forms.TextInput):
    """One line for which the browser offers what is known."""

    suggestions: tuple[str, ...] | list[str] = ()


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
