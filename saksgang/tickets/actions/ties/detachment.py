"""Taking a message out of a case that it joined by mistake: it becomes a case of its own."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from saksgang.access.queries import check_may
from saksgang.access.roles import Permission
from saksgang.people.models import Person
from saksgang.tickets import policies
from saksgang.tickets.actions.core import lock, store
from saksgang.tickets.actions.registration import announce, open_ticket
from saksgang.tickets.kinds import LinkKind, MessageKind
from saksgang.tickets.mail_reference import without_mark
from saksgang.tickets.models import Message, Ticket, TicketLink, TicketRequester

CAME_IN = (MessageKind.INCOMING, MessageKind.AUTOMATIC, MessageKind.THANKS, MessageKind.DIRECT)


@transaction.atomic
def detach(*, message: Message, by: Person, subject: str, reason: str = "") -> Ticket:
    """Moves an incoming message to a new case of its sender's, in the same team. Returns the new case."""
    check_may(by, Permission.SORT_MAIL)
    if message.kind not in CAME_IN:
        raise policies.Refused(_("Only a message that came in can be detached."))
    old = lock(message.ticket)
    if Message.objects.filter(ticket=old).order_by("id").values_list("pk", flat=True).first() == message.pk:
        raise policies.Refused(_("This is the case's first message. Close the case instead."))
    if old.team is None:
        raise policies.Refused(_("The case has no team."))
    asked = []
    if message.author and message.kind == MessageKind.INCOMING:
        asked.append(TicketRequester(person=message.author, answer_owed_since=message.at))
    new = open_ticket(
        subject=without_mark(subject) or message.text,
        channel=message.channel,
        team=old.team,
        received_at=message.at,
        asked=asked,
        affected_department=message.author.department if asked and message.author else None,
        like=old,
    )
    Message.objects.filter(pk=message.pk).update(ticket=new, detached_from=old)
    _owe_what_the_others_ask(old, message)
    TicketLink.objects.create(ticket=new, other=old, kind=LinkKind.DETACHED)
    announce(new, by=by, message=message, asked=asked, acknowledge=False)
    store(
        old, "message_detached", by=by, after={"message_id": message.pk, "new_ticket_id": new.pk}, reason=reason.strip()
    )
    return new


def _owe_what_the_others_ask(old: Ticket, message: Message) -> None:
    """What was owed because of this message is owed on its new case; the old one owes for what else its sender wrote."""
    asked = TicketRequester.objects.filter(ticket=old, person=message.author, answer_owed_since=message.at).first()
    if asked:
        later = Message.objects.filter(
            ticket=old, author=message.author, kind=MessageKind.INCOMING, at__gte=message.at
        ).order_by("at")
        asked.answer_owed_since = later.values_list("at", flat=True).first()
        asked.save(update_fields=["answer_owed_since"])
    if old.new_message_at == message.at:
        old.new_message_at = None
