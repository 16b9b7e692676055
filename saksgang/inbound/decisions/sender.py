"""Who wrote? The person who owns the address. A mail never makes an account and never acts for anybody (S12)."""

from __future__ import annotations

from dataclasses import replace

from saksgang.inbound.decisions.case import Case, Ending
from saksgang.inbound.forwards import inner_sender
from saksgang.inbound.models import Outcome
from saksgang.people.actions import person_of_address
from saksgang.people.models import PersonKind
from saksgang.people.queries import is_agent
from saksgang.people.rules import is_address
from saksgang.tickets.actions.core import MAIL


def decide(case: Case) -> Ending | None:
    if case.quiet:
        return None
    if case.sender_address in case.own_addresses:
        # Forwarded through one of our own mailboxes: the person is the one inside.
        _take_inner(case)
        case.because("sender", "inner_sender")
    if not is_address(case.sender_address):
        case.because("sender", "no_address")
        return Ending(Outcome.SET_ASIDE, set_aside="no_sender")
    if case.verdict.kind != "human":
        case.because("sender", "machine")
        return None
    kind = PersonKind.SUPPLIER if case.supplier else PersonKind.PERSON
    case.person = person_of_address(by=MAIL, address=case.sender_address, name=case.sender_name, kind=kind)
    case.because("sender", "person")
    _offer_inner(case)
    return None


def _take_inner(case: Case) -> None:
    case.sender_name, case.sender_address = inner_sender(case.mail) or ("", "")
    name = case.sender_name or case.sender_address
    case.heard = replace(case.heard, author_name=name, author_address=case.sender_address)


def _offer_inner(case: Case) -> None:
    """An agent forwards what somebody wrote to them: the case is offered to be that person's (mail.md 9)."""
    inner = inner_sender(case.mail)
    if not inner or not is_address(inner[1]) or inner[1] in {case.sender_address, *case.own_addresses}:
        return
    if case.person and is_agent(case.person):
        case.heard = replace(case.heard, inner=inner)
        case.because("sender", "agent_forwards")
