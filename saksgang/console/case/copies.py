"""«Svar alle»: who else got what the requester wrote. They are offered, never added: nobody subscribes by being on copy."""

from __future__ import annotations

from typing import NamedTuple

from saksgang.catalogue.queries import own_addresses
from saksgang.people.rules import folded_address, is_address
from saksgang.tickets.kinds import MessageKind, SenderRole
from saksgang.tickets.models import Message
from saksgang.tickets.queries import Recipient

MOST = 30  # a mail to the whole hospital is not answered to the whole hospital


class Copied(NamedTuple):
    """Somebody on a mail that came."""

    name: str
    address: str

    @property
    def shown(self) -> str:
        return f"{self.name} <{self.address}>" if self.name and self.name != self.address else self.address


def copied_on(message: Message) -> list[Copied]:
    """Everybody else that a mail went to, as its own headers say."""
    return [Copied(name, address) for name, address in message.copied]


def also_written_to(
    conversation: list[Message], recipients: dict[int, list[Recipient]], requesters: dict[int, list[str]]
) -> list[Copied]:
    """Who else got the requester's newest message: no requesters, no mailboxes of ours, nobody we write to as supplier."""
    newest = next((one for one in reversed(conversation) if one.sender_role == SenderRole.REQUESTER), None)
    if newest is None or not newest.copied:
        return []
    left_out = own_addresses() | {address for group in requesters.values() for address in group}
    left_out |= _suppliers(conversation, recipients)
    found: dict[str, Copied] = {}
    for name, address in newest.copied:
        folded = folded_address(address)
        if is_address(folded) and folded not in left_out:
            found.setdefault(folded, Copied(name, folded))
    return list(found.values())[:MOST]


def _suppliers(conversation: list[Message], recipients: dict[int, list[Recipient]]) -> set[str]:
    """Those that others than the requester are written to at, and those that wrote as supplier."""
    told = {
        told.address
        for message in conversation
        if message.kind == MessageKind.OUTWARD
        for told in recipients.get(message.pk, [])
    }
    return told | {message.author_address for message in conversation if message.sender_role == SenderRole.SUPPLIER}
