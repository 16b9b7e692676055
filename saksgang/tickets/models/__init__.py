"""A case and what hangs on it: the one address of these models, whichever file they stand in."""

from saksgang.tickets.models.call import Call
from saksgang.tickets.models.clarification import Clarification
from saksgang.tickets.models.major import MajorIncident, MajorMember, MajorUpdate
from saksgang.tickets.models.merge import TicketMerge
from saksgang.tickets.models.message import Attachment, Message, MessageRecipient, TicketMention
from saksgang.tickets.models.tally import Tally
from saksgang.tickets.models.ticket import (
    IdentityProof,
    Ticket,
    TicketFollower,
    TicketLink,
    TicketMailbox,
    TicketReader,
    TicketRequester,
)

__all__ = [
    "Attachment",
    "Call",
    "Clarification",
    "IdentityProof",
    "MajorIncident",
    "MajorMember",
    "MajorUpdate",
    "Message",
    "MessageRecipient",
    "Tally",
    "Ticket",
    "TicketFollower",
    "TicketLink",
    "TicketMailbox",
    "TicketMention",
    "TicketMerge",
    "TicketReader",
    "TicketRequester",
]
