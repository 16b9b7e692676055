"""A case for somebody who phoned, wrote a note or came by: registered, or registered and solved, in one transaction."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from saksgang.console.registration import callers
from saksgang.people.models import Person
from saksgang.people.queries import address_of
from saksgang.tickets.actions import registration
from saksgang.tickets.actions.assessment import assess
from saksgang.tickets.actions.messages import Heard
from saksgang.tickets.actions.resolution import resolve
from saksgang.tickets.kinds import Impact
from saksgang.tickets.models import Ticket


@transaction.atomic
def register(*, by: Person, facts: dict[str, Any], acknowledge: bool = True) -> Ticket:
    """`facts` is what RegistrationForm has cleaned. Who is on the phone hears the number; who wrote a note gets a receipt."""
    requester = callers.requester(by=by, known=facts["known"], who=facts["who"], department=facts["department"])
    spoken = registration.channel_is_spoken(facts["channel"])
    return registration.register(
        by=by,
        channel=facts["channel"],
        subject=facts["what"],
        heard=Heard(facts["text"] or facts["what"], facts["contact_name"] or requester.name),
        team=facts["team"],
        requesters=[requester],
        contact_name=facts["contact_name"],
        department=facts["department"],
        acknowledge=acknowledge and not spoken and bool(address_of(requester)),
        place=facts["place"],
        callback_number=facts["callback_number"] or callers.read_who(facts["who"]).phone,
        equipment_number=facts["equipment_number"],
    )


@transaction.atomic
def register_solved(*, by: Person, facts: dict[str, Any]) -> Ticket:
    """Solved at once: the solution is the one message they get. Without a mail the agent has told them."""
    ticket = register(by=by, facts=facts, acknowledge=False)
    ticket = assess(
        ticket=ticket,
        by=by,
        type=facts["type"],
        service=facts["service"],
        impact=facts["impact"] or Impact.UNKNOWN,
        consequence=facts["consequence"] or None,
    )
    mailed = facts["mailed"]
    orally = registration.channel_is_spoken(facts["channel"]) or not mailed
    return resolve(ticket=ticket, by=by, words=facts["solution"], orally=orally, mailed=mailed)
