"""Taking back what one has just sent: what the page says while it can be done, and where the words go back to."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from saksgang.console.models import LEAVES, Draft
from saksgang.events.models import Event
from saksgang.lib import clock
from saksgang.lib.prepared import prepared
from saksgang.people.models import Person, Team
from saksgang.tickets.actions.taking_back import can_take_back
from saksgang.tickets.models import Message, Ticket
from saksgang.ui.dates import short_when

# What the case's history calls the sending → the way it was sent, where the words stand again.
BOXES = {
    "message_sent": "answer",
    "ticket_resolved": "resolution",
    "ticket_closed": "closure",
    "ticket_waits_for_requester": "waiting",
    "ticket_waits_for_third_party": "waiting",
    "ticket_planned": "waiting",
    "message_sent_outward": "outward",
}


class Sent(NamedTuple):
    """What was sent just now, in words, and where it is taken back."""

    words: str
    undo: str  # an address, and for how many seconds it is offered


@prepared
def _newest(ticket_id: int) -> QuerySet[Event]:
    return Event.objects.filter(ticket_id=ticket_id).order_by("-id")[:1]


@prepared
def _mailed(message_id: int) -> QuerySet[Message]:
    return Message.objects.filter(pk=message_id, recipients__isnull=False)[:1]


def just_sent(ticket_id: int, person: Person) -> Sent | None:
    """What the newest entry of the case's history sent by mail, when this person may still take it back."""
    if not settings.UNDO_SECONDS:
        return None
    for event in _newest(ticket_id):
        message = next(iter(_mailed(event.after.get("message_id") or 0)), None)
        if message and can_take_back(message, person):
            undo = reverse("console:message_withdrawal", args=[message.pk])
            until = event.after.get("wait_until")
            when = short_when(datetime.fromisoformat(until), clock.now()) if until else ""
            words = _words(BOXES.get(event.kind, "")) % {"seconds": settings.UNDO_SECONDS, "until": when}
            return Sent(words, f"{undo} {settings.UNDO_SECONDS}")
    return None


def _words(box: str) -> str:
    words = {
        "answer": _("The answer is sent in %(seconds)s seconds."),
        "resolution": _("The case is solved. The answer is sent in %(seconds)s seconds."),
        "closure": _("The case is closed. The message is sent in %(seconds)s seconds."),
        "waiting": _("The case waits: %(until)s. The message is sent in %(seconds)s seconds."),
    }
    return words.get(box) or _("The message is sent in %(seconds)s seconds.")


def goes_back(ticket: Ticket) -> str:
    """Where the case is when the newest thing on it is undone, in words."""
    newest = Event.objects.filter(ticket_id=ticket.pk).order_by("-id").first()
    before = newest.before if newest else {}
    team = Team.objects.filter(pk=before.get("team_id", ticket.team_id) or 0).first()
    owner = Person.objects.filter(pk=before.get("assignee_id", ticket.assignee_id) or 0).first()
    where = {"team": team.name if team else "", "name": owner.name if owner else ""}
    if owner:
        return _("Undone: %(name)s has the case again, in %(team)s.") % where
    return _("Undone: nobody has taken the case, and it stands with %(team)s.") % where


def opened_after(message: Message) -> str:
    """Where the words of a message that was taken back stand again. Those of a closing stand in the answer: the case is open."""
    events = Event.objects.filter(ticket_id=message.ticket_id, kind__in=BOXES).order_by("-id")[:5]
    box = next((BOXES[event.kind] for event in events if event.after.get("message_id") == message.pk), "answer")
    return "answer" if box == "closure" else box


def give_back(message: Message, person: Person) -> None:
    """The words as the person's draft again, before what they have begun on since."""
    drafts = Draft.objects.filter(ticket=message.ticket_id, person=person, box=LEAVES)
    begun = drafts.values_list("text", flat=True).first()
    text = f"{message.text}\n\n{begun}" if begun else message.text
    known = {"text": text, "changed_at": clock.now()}
    Draft.objects.update_or_create(ticket_id=message.ticket_id, person=person, box=LEAVES, defaults=known)
