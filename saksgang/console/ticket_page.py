"""The page of a case: what it knows, and how a form on it is carried out and answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from saksgang.access.queries import NotAllowed, may
from saksgang.access.roles import Permission
from saksgang.catalogue import queries as catalogue
from saksgang.catalogue.models import Service
from saksgang.console import copies, repeats, undoing
from saksgang.console.models import Draft
from saksgang.console.pages import ConsoleRequest, SeeOther, ticket_or_404
from saksgang.console.shell import shell_context
from saksgang.events.models import Event
from saksgang.lib.prepared import prepared
from saksgang.people import queries as people
from saksgang.people.models import Person, Team
from saksgang.tickets import policies, queries
from saksgang.tickets.actions import freshness
from saksgang.tickets.models import Message, Ticket, TicketRequester
from saksgang.tickets.states import MOVES


@prepared
def _drafts(ticket_id: int, person_id: int) -> QuerySet[Draft, Any]:
    return Draft.objects.filter(ticket_id=ticket_id, person_id=person_id).values_list("box", "text")


class TicketPage:
    """One case as one person sees it. What several parts of the page ask is read once."""

    def __init__(self, request: ConsoleRequest, number: int) -> None:
        self.request = request
        self.person: Person = request.person
        # Read before the case: what the page shows is never older than what it says it has seen.
        self.newest = queries.newest_event(number)
        self.ticket: Ticket = ticket_or_404(request, number)
        # What was seen by whoever sends a form or fetches a panel. None: they come from no page of the case.
        self.seen = _mark(request.POST.get("seen") or request.GET.get("seen"))
        self.stopped = False

    @property
    def posted(self) -> bool:
        return self.request.method == "POST"

    @cached_property
    def requesters(self) -> list[TicketRequester]:
        return queries.requesters(self.ticket)

    @cached_property
    def conversation(self) -> list[Message]:
        return queries.conversation(self.ticket)

    @cached_property
    def recipients(self) -> dict[int, list[queries.Recipient]]:
        """Message → those it went to."""
        return queries.recipients(self.ticket)

    @cached_property
    def also_written_to(self) -> list[copies.Copied]:
        """Whom «Svar alle» means."""
        return copies.also_written_to(self.conversation, self.recipients, self.addresses)

    @cached_property
    def addresses(self) -> dict[int, list[str]]:
        """Requester → where mail reaches them."""
        return queries.addresses_of_requesters(self.ticket)

    @cached_property
    def links(self) -> list[dict[str, Any]]:
        """The cases that this one hangs together with."""
        return queries.links(self.person, self.ticket)

    @cached_property
    def services(self) -> list[Service]:
        return catalogue.services()

    @cached_property
    def teams(self) -> list[Team]:
        return people.active_teams()

    @cached_property
    def drafts(self) -> dict[str, str]:
        """Box → what this person has half written in it."""
        return dict(_drafts(self.ticket.pk, self.person.pk))

    @cached_property
    def last_message_id(self) -> int:
        return max((message.pk for message in self.conversation), default=0)

    @property
    def mark(self) -> int:
        """The newest event that whoever looks at this page has seen; its forms carry it."""
        return self.newest if self.seen is None or self.stopped else min(self.seen, self.newest)

    @cached_property
    def came(self) -> list[Event]:
        """What others did since the page was made from which a form was just stopped."""
        return freshness.since(self.ticket.pk, self.person, self.seen or 0, self.newest) if self.stopped else []

    @cached_property
    def may_work(self) -> bool:
        return policies.may_work(self.person, self.ticket)

    def holds(self, permission: Permission) -> bool:
        return may(self.person, permission)

    def can(self, move: str) -> bool:
        """Whether a button for the move makes sense: this person may, and the case's state allows it."""
        return self.may_work and move in MOVES and policies.can(move, self.ticket)

    @property
    def url(self) -> str:
        return reverse("console:ticket", args=[self.ticket.pk])

    # --- answers -----------------------------------------------------------------------------------------------------

    def run(
        self, form: Any, do: Callable[[], object], done: str, *, beside: Callable[[], Iterable[int]] = tuple
    ) -> HttpResponse:
        """Carries out a form of the page. Refused: the page again with the words as they were typed, and why.

        What was sent by mail can be taken back for a few seconds: then that is what the page says, instead of `done`.
        `beside`: the numbers of other cases that the form changes too.
        """
        if not self.posted:
            return self.show(opened=form.box)
        valid = form.is_valid()
        if self.request.held:
            return self.show(form=form, opened=form.box)
        if not valid:
            return self.show(form=form, opened=form.box, status=422)
        try:
            with transaction.atomic():
                freshness.hold(ticket=self.ticket, by=self.person, seen=self.seen, beside=beside())
                if not repeats.said_already(self.ticket.pk, self.person, form, self.seen):
                    do()
        except policies.Stale:
            return self._stop().show(form=form, opened=form.box, status=409)
        except policies.Refused as refusal:
            form.add_error(None, str(refusal))
            return self.show(form=form, opened=form.box, status=422)
        except NotAllowed:
            form.add_error(None, _not_allowed())
            return self.show(form=form, opened=form.box, status=403)
        sent = undoing.just_sent(self.ticket.pk, self.person)
        return self.leave(form.box, sent.words, undo=sent.undo) if sent else self.leave(form.box, done)

    def press(self, do: Callable[[], object], done: str, *, undo: str = "", opened: str = "") -> HttpResponse:
        """Carries out a button of the page, which asks nothing. Refused: the page as it is by now, and why.

        `undo`: the address that undoes it; `opened`: the panel that stands open afterwards.
        """
        if self.request.held:
            return self.show()
        try:
            with transaction.atomic():
                freshness.hold(ticket=self.ticket, by=self.person, seen=self.seen)
                do()
        except policies.Stale:
            return self._stop().show(status=409)
        except policies.Refused as refusal:
            return TicketPage(self.request, self.ticket.pk).show(problem=str(refusal), status=422)
        except NotAllowed:
            return TicketPage(self.request, self.ticket.pk).show(problem=_not_allowed(), status=403)
        undo = f"{undo}&seen={queries.newest_event(self.ticket.pk)}" if undo else ""
        return self.leave("", done, undo=undo, opened=opened)

    def _stop(self) -> TicketPage:
        """The page as it is by now, with what came."""
        now = TicketPage(self.request, self.ticket.pk)
        now.stopped = True
        return now

    def leave(self, box: str, done: str, *, undo: str = "", opened: str = "") -> HttpResponse:
        """What was written is said: its draft goes, and the page shows what came of it."""
        Draft.objects.filter(ticket=self.ticket, person=self.person, box=box).delete()
        messages.success(self.request, done, extra_tags=f"undo:{undo}" if undo else "")
        # Handing over or letting go of a restricted case may end one's own sight of it.
        gone = self.ticket.restricted and not Ticket.objects.visible_to(self.person).filter(pk=self.ticket.pk).exists()
        return SeeOther(reverse("console:front") if gone else self.url + (f"?open={opened}#acts" if opened else ""))

    def show(self, *, form: Any = None, opened: str = "", problem: str = "", status: int = 200) -> HttpResponse:
        from saksgang.console.ticket_parts import parts

        return page_of(self.request, "console/ticket.html", parts(self, form, opened, problem), status=status)


def _not_allowed() -> str:
    return _("You may not do this on the case as it is now. Nothing was changed.")


def _mark(written: str | None) -> int | None:
    """A mark as a page carries it. One that cannot be read has seen nothing."""
    if written is None:
        return None
    return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else 0


def message_on_case(request: ConsoleRequest, pk: int) -> tuple[Message, TicketPage]:
    """A message and the page of its case, if this person may see it. To everybody else it does not exist."""
    message = get_object_or_404(Message, pk=pk, ticket__in=Ticket.objects.visible_to(request.person))
    return message, TicketPage(request, message.ticket_id)


def page_of(request: ConsoleRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page inside the agents' frame. It holds what is said on a case, so nothing on the way may keep it."""
    context = {"held": request.held, **context, "shell": shell_context(request)}
    answer = render(request, template, context, status=status)
    answer["Cache-Control"] = "no-store, private"
    return answer
