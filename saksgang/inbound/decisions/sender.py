"""Who wrote? The person who owns the address. A mail never makes an account and never acts for anybody (S12)."""

from __future__ import annotations

from dataclasses import replace

from saksgang.inbound.decisions.case import Case, Ending
from saksgang.inbound.models import Outcome
from saksgang.inbound.reading.headers import Address
from saksgang.inbound.senders.forwards import inner_sender
from saksgang.people.actions import person_of_address, unknown_sender
from saksgang.people.models import PersonKind
from saksgang.people.queries import is_agent
from saksgang.people.rules import folded_address, is_address
from saksgang.tickets.actions.core import MAIL

REPLY_TO = "reply_to"


def decide(case: Case) -> Ending | None:
    if case.quiet:
        return None
    if case.is_own(case.sender_address):
        # Forwarded through one of our own mailboxes: the person is the one inside.
        _take_inner(case)
        if not is_address(case.sender_address) and _offer_reply_to(case):
            case.person = unknown_sender(by=MAIL)
            case.heard = replace(case.heard, author_name=case.person.name, author_address="")
            case.because("sender", "rewritten")
            return None
        case.because("sender", "inner_sender")
    if not is_address(case.sender_address) or case.is_own(case.sender_address):
        case.because("sender", "no_address")
        return Ending(Outcome.SET_ASIDE, set_aside="no_sender")
    if case.verdict.kind != "human":
        case.because("sender", "machine")
        _offer_reply_to(case)
        return None
    kind = PersonKind.SUPPLIER if case.supplier else PersonKind.PERSON
    case.person = person_of_address(by=MAIL, address=case.sender_address, name=case.sender_name, kind=kind)
    case.because("sender", "person")
    if not _offer_inner(case):
        _offer_reply_to(case)
    return None


def _take_inner(case: Case) -> None:
    case.sender_name, inner = inner_sender(case.mail) or ("", "")
    case.sender_address = folded_address(inner)
    name = case.sender_name or case.sender_address
    case.heard = replace(case.heard, author_name=name, author_address=case.sender_address)


def _offer_inner(case: Case) -> bool:
    """An agent forwards what somebody wrote to them: the case is offered to be that person's (mail.md 9)."""
    inner = inner_sender(case.mail)
    if inner and case.person and _is_another(case, inner) and is_agent(case.person):
        case.heard = replace(case.heard, inner=inner)
        case.because("sender", "agent_forwards")
        return True
    return False


def _offer_reply_to(case: Case) -> bool:
    """A form writes as itself and names whoever filled it in: shown and offered, never taken unseen."""
    asked = next((one for one in case.mail.reply_to if _is_another(case, one)), None)
    if asked is None:
        return False
    case.heard = replace(case.heard, inner=asked, inner_source=REPLY_TO)
    case.because("sender", REPLY_TO)
    return True


def _is_another(case: Case, found: Address) -> bool:
    """Whether it is the address of somebody else than the sender and ourselves."""
    address = folded_address(found[1])
    return is_address(address) and address != case.sender_address and not case.is_own(address)
