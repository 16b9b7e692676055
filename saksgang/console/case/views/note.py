"""An internal note."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.forms.writing import NoteForm
from saksgang.console.case.page import carry_out
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions import answering
from saksgang.tickets.mentions import calls_in


@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)
    form = NoteForm(case, bound=case.posted)

    def note() -> None:
        answering.note(ticket=case.ticket, by=case.person, words=form.cleaned_data["words"], kept=form.kept_files)

    return carry_out(case, form, note, _done(case, form) if case.posted and form.is_valid() else "")


def _done(case: Case, form: NoteForm) -> str:
    """What is said when the note is saved: who is told, and which name was nobody's."""
    calls = calls_in(case.ticket, form.cleaned_data["words"])
    told = [name for person, name in calls.names.items() if person != case.person.pk]
    said = [_("The note is saved. Only the desk sees it.")]
    if told:
        said.append(_("%(names)s: told.") % {"names": ", ".join(told)})
    if calls.unknown:
        unknown = ", ".join(f"@{name}" for name in calls.unknown)
        said.append(
            _("Nobody who can see the case is called %(names)s, so nobody was told by that.") % {"names": unknown}
        )
    return " ".join(said)
