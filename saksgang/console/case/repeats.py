"""A form that is sent twice (a double press, a page that the browser sends anew) is carried out once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from saksgang.events.models import Event
from saksgang.lib import clock
from saksgang.lib.prepared import prepared
from saksgang.people.models import Person
from saksgang.tickets.models import Message

# Box → what the history calls it when its words are said.
SAYS = {
    "answer": {"message_sent"},
    "note": {"note_written"},
    "conversation": {"conversation_logged"},
    "outward": {"message_sent_outward"},
    "waiting": {"ticket_waits_for_requester", "ticket_waits_for_third_party", "ticket_planned"},
    "promise": {"date_promised"},
    "resolution": {"ticket_resolved"},
    "closure": {"ticket_closed"},
    "clarification": {"clarification_asked"},
    "improvement": {"ticket_closed"},
}
# How far back one looks for a form that does not say what its page was made with.
DOUBLE_PRESS = timedelta(minutes=1)


@prepared
def _done(ticket_id: int, person_id: int, seen: int) -> QuerySet[Event]:
    return Event.objects.filter(ticket_id=ticket_id, by_person_id=person_id, pk__gt=seen)


def said_already(ticket_id: int, by: Person, form: Any, seen: int | None) -> bool:
    """Whether this person said the very same from this box since its page was made. Call while the case is held."""
    words = form.cleaned_data.get("words", "")
    if not words or form.box not in SAYS:
        return False
    lately = clock.now() - DOUBLE_PRESS
    since = _done(ticket_id, by.pk, seen or 0)
    done = [event for event in since if event.kind in SAYS[form.box] and (seen is not None or event.at >= lately)]
    ids = [event.after["message_id"] for event in done if event.after.get("message_id")]
    if not ids:
        return False
    same = Message.objects.filter(pk__in=ids, text=words, taken_back_at__isnull=True)
    return any(_files(message) == _chosen(form) and _addressed(message) >= _wanted(form) for message in same)


def _files(message: Message) -> list[str]:
    return sorted(message.attachments.values_list("sha256", flat=True))


def _chosen(form: Any) -> list[str]:
    return sorted(file.sha256 for file in getattr(form, "kept_files", ()))


def _addressed(message: Message) -> set[str]:
    told = message.recipients.values_list("person_id", "address")
    return {str(part) for one in told for part in one if part}


def _wanted(form: Any) -> set[str]:
    """Whom the form names; those it leaves to the case are the same each time."""
    named = [*(form.cleaned_data.get("to") or ()), *(form.cleaned_data.get("cc") or ())]
    return {str(one).lower() for one in named}
