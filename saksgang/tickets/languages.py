"""In which language somebody on a case is written to, and the same words in the languages of all who read them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.db.models import Min

from saksgang.people.models import Account, Language, Person
from saksgang.tickets.kinds import Channel, MessageKind
from saksgang.tickets.mail_reference import without_mark
from saksgang.tickets.models import Message, Ticket, TicketRequester
from saksgang.tickets.rules.language import language_of


def language_for(person: Person, ticket: Ticket) -> str:
    """Whoever has chosen a language, or came to us from a list that tells it, gets that one; others the one they wrote in."""
    return _languages([(ticket, person)])[ticket.pk, person.pk]


def languages_of(requesters: Collection[TicketRequester]) -> dict[tuple[int, int], str]:
    """(case, person) → the language of each requester, in as many queries for one as for hundreds. They come with case and person."""
    return _languages([(one.ticket, one.person) for one in requesters])


def _languages(pairs: Collection[tuple[Ticket, Person]]) -> dict[tuple[int, int], str]:
    persons = {person.pk for _ticket, person in pairs}
    agents = set(Account.objects.filter(person__in=persons, is_active=True).values_list("person_id", flat=True))
    open_ = [
        (ticket, person)
        for ticket, person in pairs
        if person.language == Language.NB and not person.external_id and person.pk not in agents
    ]
    wrote = _first_words(open_)
    return {
        (ticket.pk, person.pk): _written(ticket, wrote.get((ticket.pk, person.pk))) or person.language
        for ticket, person in pairs
    }


def _first_words(pairs: Collection[tuple[Ticket, Person]]) -> dict[tuple[int, int | None], Message]:
    mailed = Message.objects.filter(
        ticket__in={ticket.pk for ticket, _person in pairs},
        author__in={person.pk for _ticket, person in pairs},
        kind=MessageKind.INCOMING,
        channel=Channel.EMAIL,
    )
    firsts = mailed.values("ticket_id", "author_id").annotate(first=Min("id")).values("first")
    asked = {(ticket.pk, person.pk) for ticket, person in pairs}
    found = {(one.ticket_id, one.author_id): one for one in Message.objects.filter(pk__in=firsts)} if pairs else {}
    return {key: one for key, one in found.items() if key in asked}


def _written(ticket: Ticket, first: Message | None) -> str:
    if first is None:
        return ""
    own = [words for folded, words in first.segments if not folded] if first.segments else [first.text]
    return language_of("\n".join([without_mark(ticket.subject), *own]))


def in_their_languages(ticket: Ticket, persons: Iterable[Person], said: Mapping[str, str]) -> str:
    """`said`: language → words, bokmål always. Where those who read them have several languages, the words stand once in each."""
    if len(set(said.values())) == 1:
        return said[Language.NB]
    words = [said.get(language_for(person, ticket)) or said[Language.NB] for person in persons]
    return "\n\n".join(dict.fromkeys(words)) or said[Language.NB]
