"""The page of a case: how a form on it is carried out, and what answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from saksgang.access.queries import NotAllowed
from saksgang.console.answers import page_of
from saksgang.console.case import repeats, undoing
from saksgang.console.case.case import Case
from saksgang.console.case.parts import parts
from saksgang.console.models import Draft
from saksgang.console.pages import SeeOther
from saksgang.tickets import policies, queries
from saksgang.tickets.actions import freshness
from saksgang.tickets.models import Ticket


def carry_out(
    case: Case,
    form: Any,
    do: Callable[[], object],
    done: str,
    *,
    beside: Callable[[], Iterable[int]] = tuple,
    undo: str = "",
) -> HttpResponse:
    """Carries out a form of the page. Refused: the page again with the words as they were typed, and why.

    What was sent by mail can be taken back for a few seconds: then that is what the page says, instead of `done`.
    `beside`: the numbers of other cases that the form changes too; `undo`: the address that undoes it.
    """
    if not case.posted:
        return draw(case, opened=form.box)
    valid = form.is_valid()
    if case.request.held:
        return draw(case, form=form, opened=form.box)
    if not valid:
        return _wrong(case, form)
    try:
        with transaction.atomic():
            freshness.hold(ticket=case.ticket, by=case.person, seen=case.seen, beside=beside())
            if not repeats.said_already(case.ticket.pk, case.person, form, case.seen):
                do()
    except policies.Stale:
        return draw(_stopped(case), form=form, opened=form.box, status=409)
    except policies.Refused as refusal:
        form.add_error(None, str(refusal))
        return draw(case, form=form, opened=form.box, status=422)
    except NotAllowed:
        form.add_error(None, _not_allowed())
        return draw(case, form=form, opened=form.box, status=403)
    sent = undoing.just_sent(case.ticket.pk, case.person) or undoing.Sent(done, _while_newest(case, undo))
    return leave(case, form.draft, sent.words, undo=sent.undo)


def _wrong(case: Case, form: Any) -> HttpResponse:
    """What was right when the page was made may be wrong by what came since: that is shown first."""
    if case.seen is not None and freshness.since(case.ticket.pk, case.person, case.seen):
        return draw(_stopped(case), form=form, opened=form.box, status=409)
    return draw(case, form=form, opened=form.box, status=422)


def press(case: Case, do: Callable[[], object], done: str, *, undo: str = "", opened: str = "") -> HttpResponse:
    """Carries out a button of the page, which asks nothing. Refused: the page as it is by now, and why.

    `undo`: the address that undoes it; `opened`: the panel that stands open afterwards.
    """
    if case.request.held:
        return draw(case)
    try:
        with transaction.atomic():
            freshness.hold(ticket=case.ticket, by=case.person, seen=case.seen)
            do()
    except policies.Stale:
        return draw(_stopped(case), status=409)
    except policies.Refused as refusal:
        return draw(_anew(case), problem=str(refusal), status=422)
    except NotAllowed:
        return draw(_anew(case), problem=_not_allowed(), status=403)
    return leave(case, "", done, undo=_while_newest(case, undo), opened=opened)


def _while_newest(case: Case, undo: str) -> str:
    """The address that undoes what was just done, refused as soon as anybody does something else."""
    return f"{undo}&seen={queries.newest_event(case.ticket.pk)}" if undo else ""


def _stopped(case: Case) -> Case:
    """The page as it is by now, with what came."""
    now = _anew(case)
    now.stopped = True
    return now


def leave(case: Case, draft: str, done: str, *, undo: str = "", opened: str = "") -> HttpResponse:
    """What was written is said: its draft goes, and the page shows what came of it."""
    Draft.objects.filter(ticket=case.ticket, person=case.person, box=draft).delete()
    messages.success(case.request, done, extra_tags=f"undo:{undo}" if undo else "")
    # Handing over or letting go of a restricted case may end one's own sight of it.
    gone = case.ticket.restricted and not Ticket.objects.visible_to(case.person).filter(pk=case.ticket.pk).exists()
    return SeeOther(reverse("console:front") if gone else case.url + (f"?open={opened}#acts" if opened else ""))


def draw(case: Case, *, form: Any = None, opened: str = "", problem: str = "", status: int = 200) -> HttpResponse:
    return page_of(case.request, "console/case/ticket.html", parts(case, form, opened, problem), status=status)


def _anew(case: Case) -> Case:
    """The case as it is by now."""
    return Case(case.request, case.ticket.pk)


def _not_allowed() -> str:
    return _("You may not do this on the case as it is now. Nothing was changed.")
