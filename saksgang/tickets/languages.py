"""In which language somebody is written to about a case."""

from __future__ import annotations

from saksgang.people.models import Language, Person
from saksgang.people.queries import is_agent
from saksgang.tickets.kinds import Channel, MessageKind
from saksgang.tickets.mail_reference import without_mark
from saksgang.tickets.models import Message, Ticket
from saksgang.tickets.rules.language import language_of


def language_for(person: Person, ticket: Ticket) -> str:
    """Whoever has chosen a language, or came to us from a list that tells it, gets that one; others the one they wrote in."""
    if person.language != Language.NB or person.external_id or is_agent(person):
        return person.language
    wrote = Message.objects.filter(ticket=ticket, author=person, kind=MessageKind.INCOMING, channel=Channel.EMAIL)
    first = wrote.order_by("id").first()
    if first is None:
        return person.language
    own = [words for folded, words in first.segments if not folded] if first.segments else [first.text]
    return language_of("\n".join([without_mark(ticket.subject), *own]))
