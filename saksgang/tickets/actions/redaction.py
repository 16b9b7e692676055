"""Taking words out for good: patient data that slipped in, or what a person has the right to have removed.

The one update that the append-only triggers let through. A tombstone says that something stood there, who removed it and when.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from saksgang.access.queries import check_may
from saksgang.access.roles import Permission
from saksgang.events.actions import record
from saksgang.events.models import Event
from saksgang.lib import clock, files
from saksgang.people.models import Person
from saksgang.tickets import policies
from saksgang.tickets.kinds import MessageKind
from saksgang.tickets.models import Attachment, Clarification, MajorIncident, MajorUpdate, Message, Ticket

TOMBSTONE = "[–]"


@transaction.atomic
def redact_message(*, message: Message, by: Person, reason: str) -> None:
    """Removes the words of a message, with its attachments. Raises Refused without a reason, or the second time."""
    ticket = Ticket.objects.select_for_update().get(pk=message.ticket_id)
    policies.check_may_work(by, ticket)
    _check(reason, done=message.redacted_at is not None)
    for attachment in message.attachments.filter(redacted_at__isnull=True):
        _bury(attachment, by)
    _empty(message, by)
    record("message_redacted", by=by, subject=message, ticket_id=ticket.pk, reason=reason.strip())


@transaction.atomic
def redact_attachment(*, attachment: Attachment, by: Person, reason: str) -> None:
    """Removes one file; its row stays, without a name."""
    ticket = Ticket.objects.select_for_update().get(pk=attachment.message.ticket_id)
    policies.check_may_work(by, ticket)
    _check(reason, done=attachment.redacted_at is not None)
    _bury(attachment, by)
    record("attachment_redacted", by=by, subject=attachment, ticket_id=ticket.pk, reason=reason.strip())


@transaction.atomic
def redact_event_reason(*, event: Event, by: Person, reason: str) -> None:
    """Removes the free text of an event; what happened, and when, stays."""
    ticket = Ticket.objects.select_for_update().get(pk=event.ticket_id or 0)
    policies.check_may_work(by, ticket)
    _check(reason, done=event.redacted_at is not None)
    Event.objects.filter(pk=event.pk).update(reason=TOMBSTONE, redacted_at=clock.now(), redacted_by_id=by.pk)
    record("event_redacted", by=by, subject=event, ticket_id=ticket.pk, reason=reason.strip())


@transaction.atomic
def redact_clarification(*, clarification: Clarification, by: Person, reason: str) -> None:
    """Removes the question and the reason of what was decided, and both from the history."""
    ticket = Ticket.objects.select_for_update().get(pk=clarification.ticket_id)
    policies.check_may_work(by, ticket)
    _check(reason, done=clarification.redacted_at is not None)
    now, decided = clock.now(), clarification.decision is not None
    Clarification.objects.filter(pk=clarification.pk).update(
        question=TOMBSTONE, reason=TOMBSTONE if decided else "", redacted_at=now, redacted_by=by
    )
    told = Event.objects.filter(ticket_id=ticket.pk, after__clarification_id=clarification.pk, redacted_at__isnull=True)
    told.update(reason=TOMBSTONE, redacted_at=now, redacted_by_id=by.pk)
    record("clarification_redacted", by=by, subject=clarification, ticket_id=ticket.pk, reason=reason.strip())


@transaction.atomic
def redact_deviation(*, ticket: Ticket, by: Person, reason: str) -> None:
    """Removes why no deviation was reported, where somebody wrote of the patient all the same. That there was a reason stays."""
    ticket = Ticket.objects.select_for_update().get(pk=ticket.pk)
    policies.check_may_work(by, ticket)
    _check(reason, done=ticket.deviation_reason in ("", TOMBSTONE))
    Ticket.objects.filter(pk=ticket.pk).update(
        deviation_reason=TOMBSTONE, deviation_redacted_at=clock.now(), deviation_redacted_by=by
    )
    record("deviation_redacted", by=by, subject=ticket, ticket_id=ticket.pk, reason=reason.strip())


@transaction.atomic
def redact_update(*, update: MajorUpdate, by: Person, reason: str) -> None:
    """Removes the words of an update to all, there and on every case that was told them."""
    check_may(by, Permission.WORK_TICKETS, team=update.major.team_id)
    _check(reason, done=update.redacted_at is not None)
    now = clock.now()
    said = {update.words, update.words_nn, update.words_en} - {""}
    MajorUpdate.objects.filter(pk=update.pk).update(
        words=TOMBSTONE, words_nn="", words_en="", redacted_at=now, redacted_by=by
    )
    told = Message.objects.filter(
        ticket__memberships__major=update.major, kind=MessageKind.STATUS, redacted_at__isnull=True
    )
    for message in told.distinct():
        if any(words in message.text for words in said):
            _empty(message, by)
    record("major_redacted", by=by, subject=update, after={"major_id": update.major_id}, reason=reason.strip())


@transaction.atomic
def redact_major(*, major: MajorIncident, by: Person, reason: str) -> None:
    """Removes the title of a fault of many and the words that it was solved with. What stands on its cases is removed there."""
    check_may(by, Permission.WORK_TICKETS, team=major.team_id)
    _check(reason, done=major.redacted_at is not None)
    resolution = TOMBSTONE if major.resolution else ""
    MajorIncident.objects.filter(pk=major.pk).update(
        title=TOMBSTONE, resolution=resolution, redacted_at=clock.now(), redacted_by=by
    )
    record("major_title_redacted", by=by, subject=major, reason=reason.strip())


def _check(reason: str, *, done: bool) -> None:
    if not reason.strip():
        raise policies.Refused(_("Say why it is removed."))
    if done:
        raise policies.Refused(_("It is removed already."))


def _empty(message: Message, by: Person) -> None:
    Message.objects.filter(pk=message.pk).update(
        text=TOMBSTONE, segments=[[False, TOMBSTONE]], html="", redacted_at=clock.now(), redacted_by=by
    )


def _bury(attachment: Attachment, by: Person) -> None:
    sha256 = attachment.sha256
    Attachment.objects.filter(pk=attachment.pk).update(name=TOMBSTONE, size=0, redacted_at=clock.now(), redacted_by=by)
    # The same bytes may hang on other messages, where nobody asked for them to go.
    if not Attachment.objects.filter(sha256=sha256, redacted_at__isnull=True).exists():
        transaction.on_commit(lambda: files.forget(sha256))
