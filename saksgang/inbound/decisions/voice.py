"""As what does a mail speak on the case that it joins: as its requester, a supplier, thanks, or an agent past the desk?"""

from __future__ import annotations

from saksgang.inbound.decisions.case import Case, Ending
from saksgang.inbound.senders.authentication import passes_authentication
from saksgang.inbound.senders.forwarding import authserv_of
from saksgang.people.queries import is_agent
from saksgang.tickets.actions.outward import was_written_to
from saksgang.tickets.models import Ticket, TicketRequester
from saksgang.tickets.rules.thanks import is_only_thanks

LOOKED_AT = 20_000


def decide(case: Case) -> Ending | None:
    if case.ticket is None or case.person is None or case.repeats:
        return None  # nobody is known where a machine wrote
    if case.unverified:
        case.because("voice", "unverified")
        return None
    for voice, speaks in (("supplier", _is_supplier), ("direct", _is_direct), ("thanks", _is_thanks)):
        if speaks(case, case.ticket):
            case.speaks_as = voice
            case.because("voice", voice)
            return None
    return None


def _is_thanks(case: Case, ticket: Ticket) -> bool:
    return says_thanks(case)


def says_thanks(case: Case) -> bool:
    """Thanks and nothing else: no file that is not a picture in a signature either."""
    if case.verdict.kind != "human" or any(not one.inline for one in case.mail.attachments):
        return False
    return is_only_thanks(case.mail.visible_text[:LOOKED_AT], sender=case.mail.from_name)


def _is_supplier(case: Case, ticket: Ticket) -> bool:
    """Somebody we wrote to on this case, or from a supplier's own domain; never one who asked."""
    if _is_requester(case, ticket):
        return False
    return case.supplier is not None or was_written_to(ticket, case.sender_address)


def _is_direct(case: Case, ticket: Ticket) -> bool:
    """An agent's mail that went to somebody who asked, with our mailbox on copy."""
    reached = {address for _name, address in case.heard.copied}
    if case.person is None or _is_requester(case, ticket) or not is_agent(case.person):
        return False
    return TicketRequester.objects.filter(ticket=ticket, person__addresses__address__in=reached).exists()


def _is_requester(case: Case, ticket: Ticket) -> bool:
    return TicketRequester.objects.filter(ticket=ticket, person=case.person).exists()


def supplier_vouched_for(case: Case) -> bool:
    """Whether our own server vouches that the mail is from a supplier's domain."""
    return case.supplier is not None and passes_authentication(case.mail, authserv_of(case.row.mailbox))
