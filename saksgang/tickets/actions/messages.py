"""Writing messages down: shared by every action that speaks or hears."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import getaddresses

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from saksgang.events.actions import Actor
from saksgang.lib import clock, files, text
from saksgang.lib.bulk import insert
from saksgang.lib.prepared import prepared
from saksgang.people.models import Person, PersonAddress
from saksgang.people.queries import address_of
from saksgang.people.rules import folded_address, is_address
from saksgang.tickets.actions.core import clear_set_step
from saksgang.tickets.actions.telling import calling
from saksgang.tickets.kinds import Channel, MessageKind, SenderRole, Visibility
from saksgang.tickets.models import (
    Attachment,
    Message,
    MessageRecipient,
    Ticket,
    TicketFollower,
    TicketMention,
    TicketRequester,
)
from saksgang.tickets.policies import Refused
from saksgang.tickets.rules.secrets import tells_a_secret

SYSTEM_NAME = "Saksgang"


@dataclass(frozen=True)
class KeptFile:
    """A file whose bytes are safely stored already."""

    name: str
    content_type: str
    size: int
    sha256: str
    inline: bool = False


def keep_file(*, name: str, content_type: str, content: bytes, inline: bool = False) -> KeptFile:
    """Stores the bytes. Done before the transaction: no disk flush holds the database's lock."""
    kind = content_type if content_type.isascii() and content_type.isprintable() else ""
    return KeptFile(
        name=text.safe_file_name(name, "vedlegg"),
        content_type=kind[:100] or "application/octet-stream",
        size=len(content),
        sha256=files.keep(content),
        inline=inline,
    )


@dataclass(frozen=True)
class Heard:
    """Something that came in: the words, who wrote them, and the files with them."""

    text: str
    author_name: str
    author_address: str = ""
    segments: tuple[tuple[bool, str], ...] = ()
    html: str = ""
    cleaner_version: int = 0
    files: tuple[KeptFile, ...] = ()
    inbound_id: int | None = None
    header_id: str = ""
    copied: tuple[tuple[str, str], ...] = ()  # (name, address) of everybody else it went to, our own mailboxes apart
    inner: tuple[str, str] = (
        "",
        "",
    )  # name and address of whose case it may be: who wrote the mail inside, or Reply-To
    inner_source: str = ""  # which of the two: "" or "reply_to"
    unverified: bool = False  # our mail server says that the sender is forged
    undecoded: tuple[str, ...] = ()  # what could not be decoded
    came_for: int | None = None  # the case that its thread named, where that one was merged into the one it joins


def write_heard(
    ticket: Ticket,
    heard: Heard,
    *,
    author: Person | None,
    channel: str,
    role: str,
    kind: str,
    at: datetime,
    visibility: str = Visibility.PUBLIC,
) -> Message:
    """Stores an incoming message as it is, whole."""
    whole = text.strip_controls(heard.text)
    joined = "".join(part for _folded, part in heard.segments)
    segments = heard.segments if joined == whole else ((False, whole),)
    message = Message.objects.create(
        ticket=ticket,
        kind=kind,
        visibility=visibility,
        channel=channel,
        at=at,
        author=author,
        author_name=text.one_line(heard.author_name or heard.author_address or "?", 200),
        author_address=heard.author_address[:254],
        sender_role=role,
        text=whole,
        segments=[[folded, part] for folded, part in segments],
        html=heard.html,
        cleaner_version=heard.cleaner_version,
        inbound_id=heard.inbound_id,
        header_id=heard.header_id[:500],
        copied=[list(one) for one in heard.copied],
        inner_name=heard.inner[0][:200],
        inner_address=heard.inner[1][:254],
        inner_source=heard.inner_source,
        unverified=heard.unverified,
        undecoded=list(heard.undecoded),
        came_for_id=heard.came_for,
    )
    attach(message, heard.files)
    return message


def replace_html(message: Message, cleaned: str, version: int) -> None:
    """Stores a message's HTML as a newer cleaner left it. Its words as text never change."""
    Message.objects.filter(pk=message.pk).update(html=cleaned, cleaner_version=version)


def write_own(
    ticket: Ticket,
    *,
    by: Actor,
    kind: str,
    words: str,
    visibility: str = Visibility.PUBLIC,
    channel: str = Channel.EMAIL,
    outcome: str = "",
    kept: Iterable[KeptFile] = (),
) -> Message:
    """Stores what an agent wrote or said. Raises Refused where a secret stands in it."""
    author = by if isinstance(by, Person) else None
    words = text.strip_controls(words).strip()
    if ticket.category and ticket.category.demands_proof and tells_a_secret(words):
        raise Refused(_("A password or a code seems to stand in the text. Never write it down: give it another way."))
    message = Message.objects.create(
        ticket=ticket,
        kind=kind,
        visibility=visibility,
        channel=channel,
        at=clock.now(),
        author=author,
        author_name=author.name if author else SYSTEM_NAME,
        sender_role=SenderRole.AGENT if author else SenderRole.MACHINE,
        text=words,
        segments=[[False, words]],
        outcome=outcome,
    )
    attach(message, kept)
    if author:  # whoever says something on the case has seen that they were mentioned
        theirs = TicketMention.objects.filter(ticket=ticket, person=author, closed_at__isnull=True)
        theirs.update(closed_at=message.at)
    return message


def attach(message: Message, kept: Iterable[KeptFile]) -> None:
    Attachment.objects.bulk_create(
        Attachment(
            message=message,
            name=file.name,
            content_type=file.content_type,
            size=file.size,
            sha256=file.sha256,
            inline=file.inline,
        )
        for file in kept
    )


@prepared
def _requesters(ticket_id: int) -> QuerySet[TicketRequester]:
    return TicketRequester.objects.filter(ticket_id=ticket_id).select_related("person").order_by("id")


def speak(
    ticket: Ticket,
    *,
    by: Actor,
    words: str,
    kind: str = MessageKind.ANSWER,
    to: Iterable[int] | None = None,
    cc: Iterable[str] = (),
    kept: Iterable[KeptFile] = (),
    orally: bool = False,
    mailed: bool = True,
) -> Message:
    """A person's message to requesters (ids of persons; None: all of them), which is the answer they were owed.

    `orally`: it was said, so those without an address have it too. `mailed`: it also goes by mail, and who has no address is to
    be phoned: what they are owed stays owed until somebody has. Raises Refused when nobody would get it.
    """
    wanted = None if to is None else set(to)
    requesters = [requester for requester in _requesters(ticket.pk) if wanted is None or requester.person_id in wanted]
    copies = _copies(ticket, cc) if mailed else []
    message = write_own(
        ticket,
        by=by,
        kind=kind,
        words=words,
        kept=kept,
        channel=Channel.PHONE if orally else Channel.EMAIL,
    )
    left = [one.person for one in requesters if not _tell(message, one, orally=orally, mailed=mailed)]
    if not requesters or (left and not mailed):
        raise Refused(_("Nobody on this case would hear of it. Phone them, and log the conversation."))
    calling.must_phone(ticket, message, left)
    if orally and isinstance(by, Person):
        calling.reached(ticket, [one.person_id for one in requesters], by)
    if copies:
        told = {row.address for row in MessageRecipient.objects.filter(message=message)}
        for address in copies:
            if address not in told:
                MessageRecipient.objects.create(message=message, address=address, copy=True)
    if len(left) < len(requesters):
        ticket.last_word_at = clock.now()
        ticket.first_answered_at = ticket.first_answered_at or ticket.last_word_at
    ticket.new_message_at = ticket.thanked_at = ticket.answer_failed_at = None
    clear_set_step(ticket)
    return message


def tell(ticket: Ticket, *, by: Actor, words: str, kind: str, to: Iterable[int] | None = None) -> Message:
    """A word to the requesters (ids of persons; None: all): by mail, and who has no address is to be phoned.

    It answers nothing: what is owed stays owed.
    """
    wanted = None if to is None else set(to)
    message = write_own(ticket, by=by, kind=kind, words=words)
    left = []
    for requester in _requesters(ticket.pk):
        if wanted is not None and requester.person_id not in wanted:
            continue
        if address := address_of(requester.person):
            MessageRecipient.objects.create(
                message=message, person=requester.person, name=requester.person.name, address=address
            )
            ticket.last_word_at = message.at
        else:
            left.append(requester.person)
    calling.must_phone(ticket, message, left)
    return message


def write_to_all(
    cases: list[Ticket], asked: Mapping[int, list[TicketRequester]], *, by: Person, words: Mapping[int, str], kind: str
) -> dict[int, int]:
    """What `tell` writes, on many cases in a few statements: case → its message. `asked`, `words`: by case.

    Raises Refused where a secret stands in the words.
    """
    if any(tells_a_secret(one) for one in set(words.values())):
        raise Refused(_("A password or a code seems to stand in the text. Never write it down: give it another way."))
    now = clock.now()
    written = insert(
        Message(
            ticket=ticket,
            kind=kind,
            visibility=Visibility.PUBLIC,
            channel=Channel.EMAIL,
            at=now,
            author=by,
            author_name=by.name,
            sender_role=SenderRole.AGENT,
            text=words[ticket.pk],
            segments=[[False, words[ticket.pk]]],
        )
        for ticket in cases
    )
    persons = {requester.person_id for theirs in asked.values() for requester in theirs}
    newest_first = PersonAddress.objects.filter(person_id__in=persons).order_by("-id")
    addresses = dict(newest_first.values_list("person_id", "address"))  # of several, the first one counts
    insert(
        MessageRecipient(message=message, person=one.person, name=one.person.name, address=addresses[one.person_id])
        for message in written
        for one in asked.get(message.ticket_id, ())
        if one.person_id in addresses
    )
    for ticket, message in zip(cases, written, strict=True):
        theirs = asked.get(ticket.pk, ())
        left = [one.person for one in theirs if one.person_id not in addresses]
        if left:
            calling.must_phone(ticket, message, left)
        if len(left) < len(theirs):
            ticket.last_word_at = now
    return {message.ticket_id: message.pk for message in written}


def _tell(message: Message, requester: TicketRequester, *, orally: bool, mailed: bool) -> bool:
    """Addresses the message to one requester and clears what they were owed. False when it cannot reach them."""
    address = address_of(requester.person) if mailed else ""
    if address:
        decides = message.kind in (MessageKind.SOLUTION, MessageKind.CLOSING) or requester.answer_owed_since is not None
        MessageRecipient.objects.create(
            message=message,
            person=requester.person,
            name=requester.person.name,
            address=address,
            cleared_answer=decides and not orally,
            owed_since=requester.answer_owed_since,
        )
    if not (address or orally):
        return False
    requester.answer_owed_since = None
    requester.answered_at = clock.now()
    requester.save(update_fields=["answer_owed_since", "answered_at"])
    return True


def _copies(ticket: Ticket, cc: Iterable[str]) -> list[str]:
    copies = read_addresses(cc)
    for address in copies:
        TicketFollower.objects.get_or_create(ticket=ticket, address=address)
    return copies


def read_addresses(written: Iterable[str]) -> list[str]:
    """Folded addresses, each once. Raises Refused for what is none, or more than one."""
    addresses = []
    for one in written:
        address = folded_address(one)
        if len(getaddresses([one])) != 1 or not is_address(address):  # a second address would be lost in silence
            raise Refused(_("«%(address)s» is not an e-mail address.") % {"address": one})
        addresses.append(address)
    return list(dict.fromkeys(addresses))
