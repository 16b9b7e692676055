"""What others did on a case while somebody wrote: shown where they wrote it, each thing under its own true heading."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from saksgang.console.case import history
from saksgang.console.case.messages import plain_words
from saksgang.events.models import Event
from saksgang.tickets.actions.ties.detachment import CAME_IN
from saksgang.tickets.models import Message
from saksgang.ui.dates import short_when

# Entries that tell what became of a message, not what it says.
ABOUT_A_MESSAGE = {
    "message_withdrawn",
    "answer_resent",
    "message_detached",
    "message_redacted",
    "thanks_reconsidered",
    "direct_mail_counted",
    "requester_changed",
    "requester_confirmed",
    "sender_confirmed",
    "sender_denied",
}
SHOWN_LETTERS = 1_500


def lines(events: list[Event], conversation: Iterable[Message], now: datetime) -> list[dict[str, Any]]:
    """[{title, words, more, changes, why}], oldest first. `conversation`: the messages of the case as its page shows them."""
    messages = {message.pk: message for message in conversation}
    found = []
    for event, told in zip(events, history.lines(events, now), strict=True):
        brought = None if event.kind in ABOUT_A_MESSAGE else messages.get(event.after.get("message_id", 0))
        words = plain_words(brought) if brought and not brought.redacted_at else ""
        found.append(
            {
                "title": _title(event, told, brought, now),
                "words": words[:SHOWN_LETTERS],
                "more": brought.pk if brought and len(words) > SHOWN_LETTERS else None,
                "changes": told["changes"],
                "why": told["why"],
            }
        )
    return found


def message_ids(events: list[Event]) -> set[int]:
    """The messages that came, to be marked in the conversation."""
    return {event.after["message_id"] for event in events if event.kind not in ABOUT_A_MESSAGE and _has_message(event)}


def _has_message(event: Event) -> bool:
    return isinstance(event.after.get("message_id"), int)


def _title(event: Event, told: dict[str, Any], brought: Message | None, now: datetime) -> str:
    """«Jonas Lie svarte innmelder kl. 10.12», «Ny melding fra Nora Sykepleier kl. 10.12»."""
    when = short_when(event.at, now)
    if brought and brought.kind in CAME_IN:
        return _("New message from %(name)s %(when)s") % {"name": brought.author_name, "when": when}
    return _("%(who)s %(did)s %(when)s") % {"who": told["who"], "did": told["what"], "when": when}
