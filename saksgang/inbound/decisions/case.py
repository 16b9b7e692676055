"""What is known of one mail while it is decided on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

from saksgang.catalogue.models import Supplier
from saksgang.catalogue.queries import supplier_of_address
from saksgang.inbound.models import InboundMail
from saksgang.inbound.reading.mail import ReadMail
from saksgang.inbound.senders.authentication import fails_authentication
from saksgang.inbound.senders.classes import Verdict, is_own
from saksgang.inbound.senders.forwarding import authserv_of
from saksgang.people.models import Person, Team
from saksgang.people.rules import folded_address
from saksgang.tickets.actions.messages import Heard
from saksgang.tickets.mail_reference import id_in_return_address
from saksgang.tickets.models import Ticket

# Where a mail server notes whom it delivered to.
ADDRESSEE_HEADERS = ("delivered-to", "x-original-to", "envelope-to")


def tagged_ids(row: InboundMail, mail: ReadMail) -> list[str]:
    """Our Message-IDs in the addresses that a mail came to."""
    addressees = [row.envelope_to, *(address for _, address in (*mail.to, *mail.cc))]
    addressees += [value for name in ADDRESSEE_HEADERS for value in (mail.headers or {}).get(name, ())]
    return [one for one in map(id_in_return_address, addressees) if one]


@dataclass
class Case:
    """One mail on its way. Decisions fill in the lower half."""

    row: InboundMail
    mail: ReadMail
    verdict: Verdict
    heard: Heard
    own_addresses: frozenset[str]
    reasons: list[list[str]] = field(default_factory=list)

    # Who wrote, as far as known: the mail's From, or of a forwarded mail the one inside.
    sender_name: str = ""
    sender_address: str = ""

    person: Person | None = None
    ticket: Ticket | None = None  # the case that it joins
    follows: Ticket | None = None  # the case that it names, without proof or too late
    team: Team | None = None
    speaks_as: str = ""  # "" a person or machine as usual; thanks, supplier, direct
    quiet: bool = False  # joins without waking anybody: absence replies, receipts, loops
    copy_of: Ticket | None = None  # the same mail came to another mailbox in other words, and became this case
    repeats: InboundMail | None = None  # the same sender wrote the same words before

    @property
    def tagged_ids(self) -> list[str]:
        """Our Message-IDs that the addresses name which the mail came to: reports and robots write to the return address."""
        return tagged_ids(self.row, self.mail)

    def __post_init__(self) -> None:
        self.sender_name, self.sender_address = self.mail.from_name, folded_address(self.mail.from_address)
        self.heard = replace(self.heard, unverified=self.unverified)

    @cached_property
    def unverified(self) -> bool:
        """Our mail server says that the sender is forged: such a mail proves nothing and moves nothing."""
        return fails_authentication(self.mail, authserv_of(self.row.mailbox))

    def is_own(self, address: str) -> bool:
        """Whether mail to an address would come back to us, with a mark in it or without."""
        return is_own(address, self.own_addresses)

    @cached_property
    def supplier(self) -> Supplier | None:
        """The supplier that the sender's address belongs to."""
        return supplier_of_address(self.sender_address)

    def because(self, decision: str, finding: str) -> None:
        """Leaves a reason: which decision, and what it found, as codes that a page puts into words."""
        self.reasons.append([decision, finding])


@dataclass(frozen=True)
class Ending:
    """The matter is settled. `ticket` where it has one; `set_aside` says why a person must look."""

    outcome: str
    ticket: Ticket | None = None
    duplicate_of: InboundMail | None = None
    set_aside: str = ""


Decision = Callable[[Case], Ending | None]
