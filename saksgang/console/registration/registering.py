"""A case for somebody who phoned, wrote a note or came by: registered, or registered and solved, in one transaction."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from saksgang.catalogue.models import RoutingRule
from saksgang.catalogue.queries import route
from saksgang.catalogue.routing import Arrival
from saksgang.console import harm
from saksgang.console.registration import callers
from saksgang.people.models import Person, PersonKind
from saksgang.people.queries import address_of
from saksgang.tickets.actions import registration
from saksgang.tickets.actions.assessment import assess
from saksgang.tickets.actions.clarification import ask, ask_by_rule
from saksgang.tickets.actions.identity import prove_as_registered, prove_signed_in
from saksgang.tickets.actions.major.membership import join
from saksgang.tickets.actions.messages import Heard
from saksgang.tickets.actions.resolution import resolve
from saksgang.tickets.actions.tallying import become_case
from saksgang.tickets.kinds import Impact
from saksgang.tickets.models import Tally, Ticket


@transaction.atomic
def register(*, by: Person, facts: dict[str, Any], acknowledge: bool = True) -> Ticket:
    """`facts` is what RegistrationForm has cleaned. Who is on the phone hears the number; who wrote a note gets a receipt."""
    counted = Tally.objects.filter(pk=facts["tally"] or 0).select_related("team").first()
    requester = callers.requester(by=by, known=facts["known"], who=facts["who"], department=facts["department"])
    spoken = registration.channel_is_spoken(facts["channel"])
    rule = None if facts["team"] else _rule(facts, requester)
    if rule and rule.question and facts["major"]:
        rule = None  # what it is, is known: nobody need be asked
    asks = rule is not None and bool(rule.question)
    ticket = registration.register(
        by=by,
        channel=facts["channel"],
        subject=facts["what"],
        heard=Heard(facts["text"] or facts["what"], facts["contact_name"] or requester.name),
        team=facts["team"] or (rule.team if rule and not asks else facts["own_team"]),
        rule=rule,
        requesters=[requester],
        contact_name=facts["contact_name"],
        department=facts["department"],
        acknowledge=acknowledge and not spoken and bool(address_of(requester)) and not asks,
        place=facts["place"],
        callback_number=facts["callback_number"] or callers.read_who(facts["who"]).phone,
        equipment_number=facts["equipment_number"],
        category=facts["category"],
    )
    ticket = _prove(ticket, requester, by, facts)
    if rule and asks:
        ticket = ask_by_rule(ticket=ticket, rule=rule, tell_them=acknowledge).ticket
    if facts["major"]:
        ticket = join(ticket=ticket, by=by, major=facts["major"])
    if counted:
        become_case(tally=counted, ticket=ticket, by=by)
    return ticket


def _prove(ticket: Ticket, requester: Person, by: Person, facts: dict[str, Any]) -> Ticket:
    """How we know who asks: as `by` says they checked it, or, of themselves, since they are signed in."""
    if requester.pk == by.pk and by.kind == PersonKind.PERSON:
        return prove_signed_in(ticket=ticket, by=by)
    if facts["way"]:
        return prove_as_registered(ticket=ticket, by=by, person=requester, way=facts["way"], note=facts["note"])
    return ticket


def _rule(facts: dict[str, Any], requester: Person) -> RoutingRule | None:
    """The routing rule that the case falls under, where nobody has said which team it is for."""
    department = facts["department"] or requester.department
    arrival = Arrival(
        text=f"{facts['what']}\n{facts['text']}",
        channel=facts["channel"],
        address=address_of(requester),
        department_id=department.pk if department else None,
        service_id=facts["service"].pk if facts["service"] else None,
        category_id=facts["category"].pk if facts["category"] else None,
    )
    return route(arrival)


@transaction.atomic
def register_asked(*, by: Person, facts: dict[str, Any]) -> Ticket:
    """None of the three types: registered, and with the triage team at once. What they are told there is the receipt."""
    ticket = register(by=by, facts=facts | {"team": facts["team"] or facts["own_team"]}, acknowledge=False)
    ask(ticket=ticket, by=by, question=facts["question"], words=facts["told"], challenge=True)
    return ticket


@transaction.atomic
def register_solved(*, by: Person, facts: dict[str, Any]) -> Ticket:
    """Solved at once: the solution is the one message they get. Without a mail the agent has told them."""
    # Whoever solves it at once has it: no rule sends it elsewhere.
    ticket = register(
        by=by, facts=facts | {"team": facts["team"] or facts["own_team"], "major": None}, acknowledge=False
    )
    ticket = assess(
        ticket=ticket,
        by=by,
        type=facts["type"],
        service=facts["service"],
        impact=facts["impact"] or Impact.UNKNOWN,
        consequence=facts["consequence"] or None,
        category=facts["category"],
        **{name: facts[name] for name in harm.NAMES},
    )
    mailed = facts["mailed"]
    orally = registration.channel_is_spoken(facts["channel"]) or not mailed
    return resolve(ticket=ticket, by=by, words=facts["solution"], orally=orally, mailed=mailed)
