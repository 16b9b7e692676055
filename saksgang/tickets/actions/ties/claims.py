"""What requesters are owed, when two cases become one and when they come apart again. Nobody's claim is lost either way."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Min

from saksgang.tickets import merges
from saksgang.tickets.actions.core import plain
from saksgang.tickets.kinds import MessageKind
from saksgang.tickets.models import Message, Ticket, TicketMerge, TicketRequester


class Claim(NamedTuple):
    """One requester's part in a merge, as it is written on it. Moments are ISO 8601, None where there was none."""

    person: int
    owed: str | None  # on the case that ended
    answered: str | None
    new: bool  # the other case did not have them before
    there_owed: str | None  # on the other case, before
    there_answered: str | None


def bring(ticket: Ticket, into: Ticket) -> list[Claim]:
    """Everybody who asked on `ticket` asks on `into` from now on; owed there is what either owed, from the earlier moment."""
    claims = []
    for asked in ticket.requesters.order_by("id"):
        there, new = TicketRequester.objects.get_or_create(
            ticket=into, person_id=asked.person_id, defaults={"contact_name": asked.contact_name}
        )
        claims.append(
            Claim(
                asked.person_id,
                plain(asked.answer_owed_since),
                plain(asked.answered_at),
                new,
                plain(there.answer_owed_since),
                plain(there.answered_at),
            )
        )
        _set(there, _earliest(there.answer_owed_since, asked.answer_owed_since))
        _set(asked, None)
    return claims


def give_back(merged: TicketMerge) -> None:
    """The claims as they were on both. Call when the messages have gone back: what is left with `into` came for it.

    Who has been answered since is owed again on the case that comes back: the answer was given to two matters at once.
    """
    others = [one for one in merges.absorbed(merged.into) if one.pk != merged.pk]
    for written in merged.before["claims"]:
        claim = Claim(*written)
        heir = next((one for one in others if claim.person in _persons(one)), None)
        there = TicketRequester.objects.filter(ticket=merged.into_id, person_id=claim.person).first()
        left = _asked_since(merged.into, claim.person, merged.at)
        goes = claim.new and heir is None and left is None
        owed = [_moment(claim.owed), _asked_since(merged.ticket, claim.person, merged.at)]
        if there and goes:
            owed.append(there.answer_owed_since)  # as when an answer of ours came back in the meantime
            there.delete()
        elif there:
            _set(there, _left_there(there, claim, left, heir))
        asked, _new = TicketRequester.objects.get_or_create(ticket=merged.ticket, person_id=claim.person)
        _set(asked, _earliest(*owed))
        if heir and claim.new:
            _hand_on(heir, claim.person)


def _left_there(
    there: TicketRequester, claim: Claim, left: datetime | None, heir: TicketMerge | None
) -> datetime | None:
    if plain(there.answered_at) != claim.there_answered:
        return there.answer_owed_since  # answered since: what is owed now was asked after that
    now = there.answer_owed_since if plain(there.answer_owed_since) != claim.owed else None
    brought = (
        next((Claim(*one).owed for one in heir.before["claims"] if one[0] == claim.person), None) if heir else None
    )
    before = None if claim.new else _moment(claim.there_owed)
    return _earliest(now, before, left, _moment(brought))


def _hand_on(heir: TicketMerge, person: int) -> None:
    """Another merge that stands brought them too: from now on it is that one which they came with."""
    heir.before["claims"] = [
        Claim(*one)._replace(new=True, there_owed=None) if one[0] == person else one for one in heir.before["claims"]
    ]
    heir.save(update_fields=["before"])


def _persons(merged: TicketMerge) -> list[int]:
    return [claim[0] for claim in merged.before["claims"]]


def _asked_since(ticket: Ticket, person: int, moment: datetime) -> datetime | None:
    wrote = Message.objects.filter(
        ticket=ticket, author_id=person, kind=MessageKind.INCOMING, unverified=False, at__gt=moment
    )
    return wrote.aggregate(first=Min("at"))["first"]


def _set(requester: TicketRequester, owed_since: datetime | None) -> None:
    requester.answer_owed_since = owed_since
    requester.save(update_fields=["answer_owed_since"])


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment), default=None)


def _moment(written: Any) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
