"""Telling requesters how far something has come. It answers nothing, and moves no case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from saksgang.events.actions import Actor
from saksgang.tickets.actions.core import lock, store
from saksgang.tickets.actions.messages import tell
from saksgang.tickets.kinds import MessageKind
from saksgang.tickets.models import Message, Ticket


@transaction.atomic
def send_status(*, ticket: Ticket, by: Actor, words: str, to: Iterable[int], about: dict[str, Any]) -> Message:
    """A word to these requesters (ids of persons) about what stands above the case, whose room says who may. `about`: for the event."""
    ticket = lock(ticket)
    message = tell(ticket, by=by, words=words, kind=MessageKind.STATUS, to=to)
    store(ticket, "status_sent", by=by, after={"message_id": message.pk, **about})
    return message
