"""Who wrote? The person who owns the address. A mail never makes an account and never acts for anybody (S12)."""

from __future__ import annotations

from saksgang.inbound.decisions.case import Case, Ending
from saksgang.inbound.forwards import inner_sender
from saksgang.inbound.models import Outcome
from saksgang.people.actions import person_of_address
from saksgang.people.rules import is_address
from saksgang.tickets.actions.core import MAIL


def decide(case: Case) -> Ending | None:
    if case.quiet:
        return None
    name, address = case.mail.from_name, case.mail.from_address
    if address in case.own_addresses:
        # Forwarded through one of our own mailboxes: the person is the one inside.
        inner = inner_sender(case.mail)
        name, address = inner or ("", "")
        case.because("sender", "inner_sender")
    if not is_address(address):
        case.because("sender", "no_address")
        return Ending(Outcome.SET_ASIDE, set_aside="no_sender")
    if case.verdict.kind == "human":
        case.person = person_of_address(by=MAIL, address=address, name=name)
        case.because("sender", "person")
    else:
        case.because("sender", "machine")
    return None
