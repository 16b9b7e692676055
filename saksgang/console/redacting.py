"""Taking words out for good: the page that shows them, asks why, and does it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saksgang.console.answers import page_of
from saksgang.console.fields import Line
from saksgang.console.pages import ConsoleRequest, SeeOther
from saksgang.tickets.policies import Refused


class RedactionForm(forms.Form):
    use_required_attribute = False
    reason = Line(
        label=gettext_lazy("Why are they removed?"),
        max_length=200,
        help_text=gettext_lazy("It stands in the history. Do not repeat what is removed."),
        error_messages={"required": gettext_lazy("Say why it is removed.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def answer(request: ConsoleRequest, words: Iterable[str], redact: Callable[[str], None], back: str) -> HttpResponse:
    """GET: what would go, and the question why. POST: it goes, by `redact` with the reason. `back`: where one comes from.

    Whoever calls has made sure that this person may.
    """
    if request.method != "POST":
        return _page(request, words, RedactionForm(), back)
    form = RedactionForm(request.POST)
    valid = form.is_valid()
    if request.held:
        return _page(request, words, form, back)
    if valid:
        try:
            redact(form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The words are removed."))
            return SeeOther(back)
    return _page(request, words, form, back, status=422)


def _page(
    request: ConsoleRequest, words: Iterable[str], form: RedactionForm, back: str, *, status: int = 200
) -> HttpResponse:
    context = {"removes": [said for said in words if said], "form": form, "back": back}
    return page_of(request, "console/redaction.html", context, status=status)
