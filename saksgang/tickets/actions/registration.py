"""Every channel ends here: a registered case with one number (clause B2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from saksgang.access.queries import check_may
from saksgang.access.roles import Permission
from saksgang.catalogue.models import Category, Mailbox, RoutingRule
from saksgang.events.actions import Actor, record
from saksgang.lib import clock, text
from saksgang.people.models import Department, Person, Team
from saksgang.tickets import policies
from saksgang.tickets.actions.core import derive_with, lock, plain, search_text, store
from saksgang.tickets.actions.messages import Heard, write_heard
from saksgang.tickets.kinds import Channel, LinkKind, MessageKind, SenderRole, State
from saksgang.tickets.mail_reference import without_mark
from saksgang.tickets.models import Message, Ticket, TicketLink, TicketMailbox, TicketReader, TicketRequester


@transaction.atomic
def register(
    *,
    by: Actor,
    channel: str,
    subject: str,
    heard: Heard,
    team: Team,
    requesters: Iterable[Person] = (),
    received_at: datetime | None = None,
    contact_name: str = "",
    department: Department | None = None,
    mailbox: Mailbox | None = None,
    follows: Ticket | None = None,
    like: Ticket | None = None,
    author: Person | None = None,
    automatic: bool = False,
    acknowledge: bool = False,
    place: str = "",
    callback_number: str = "",
    equipment_number: str = "",
    rule: RoutingRule | None = None,
    category: Category | None = None,
) -> Ticket:
    """A new case: not assessed, in a team, with its first message. Each requester is owed an answer from `received_at`.

    `automatic`: a machine wrote it; it has no requester. `acknowledge`: the requesters get a receipt. `like`: the case that it
    derives from (as it does from `follows`): when that one is restricted, so is this, to the same readers. `rule`: the rule
    that chose the team. `category`: the kind of case, where whoever registers it knows; how much it hurts is still to be assessed.
    """
    if isinstance(by, Person):
        check_may(by, Permission.REGISTER_TICKETS)
    people, received = list(requesters), received_at or clock.now()
    first = people[0] if people else None
    asked = [TicketRequester(person=person, contact_name=contact_name, answer_owed_since=received) for person in people]
    ticket = open_ticket(
        subject=subject or heard.text,
        channel=channel,
        team=team,
        received_at=received,
        asked=asked,
        affected_department=department or (first.department if first else None),
        place=place,
        callback_number=callback_number,
        equipment_number=equipment_number,
        like=like or follows,
        rule=rule,
        category=category,
    )
    _tie(ticket, mailbox, follows)
    message = write_heard(
        ticket,
        heard,
        author=author or first,
        channel=channel,
        role=SenderRole.MACHINE if automatic else SenderRole.REQUESTER,
        kind=MessageKind.AUTOMATIC if automatic else MessageKind.INCOMING,
        at=received,
    )
    announce(ticket, by=by, message=message, asked=asked, acknowledge=acknowledge, mailbox=mailbox)
    return ticket


def _tie(ticket: Ticket, mailbox: Mailbox | None, follows: Ticket | None) -> None:
    if mailbox:
        TicketMailbox.objects.create(ticket=ticket, mailbox=mailbox)
    if follows:
        TicketLink.objects.create(ticket=ticket, other=follows, kind=LinkKind.FOLLOWS)


def open_ticket(
    *,
    subject: str,
    channel: str,
    team: Team,
    received_at: datetime,
    asked: list[TicketRequester],
    affected_department: Department | None = None,
    place: str = "",
    callback_number: str = "",
    equipment_number: str = "",
    like: Ticket | None = None,
    rule: RoutingRule | None = None,
    parent: Ticket | None = None,
    category: Category | None = None,
) -> Ticket:
    """The row of a new case with those who asked: new, not assessed, its next step due; restricted when `like` is."""
    now = clock.now()
    ticket = Ticket(
        subject=text.one_line(without_mark(subject), 250) or "-",  # the mark in it is another case's
        channel=channel,
        team=team,
        routing_rule=rule,
        received_at=received_at,
        registered_at=now,
        changed_at=now,
        state=State.NEW,
        state_since=received_at,
        team_since=received_at,
        affected_department=affected_department,
        place=text.one_line(place, 100),
        callback_number=text.one_line(callback_number, 30),
        equipment_number=text.one_line(equipment_number, 60),
        restricted=like is not None and like.restricted,
        parent=parent,
    )
    if category:
        ticket.category, ticket.service, ticket.type = category, category.service, category.type
        ticket.proofs_lacking = len(asked) if category.demands_proof else 0
    derive_with(ticket, now, owed_since=received_at if asked else None, answers_owed=len(asked))
    ticket.search_folded = search_text(ticket, asked)
    ticket.save(force_insert=True)
    for requester in asked:
        requester.ticket = ticket
    TicketRequester.objects.bulk_create(asked)
    if like is not None and like.restricted:
        name_readers(ticket, like)
    return ticket


def name_readers(ticket: Ticket, like: Ticket) -> None:
    """Whoever reads the restricted case that this one derives from, by name or because they have or had it, reads this one too."""
    named = TicketReader.objects.filter(ticket=like).values_list("person_id", flat=True)
    readers = {*named, *(pk for pk in (like.assignee_id, like.last_assignee_id) if pk)}
    TicketReader.objects.bulk_create(TicketReader(ticket=ticket, person_id=pk) for pk in sorted(readers))


def announce(
    ticket: Ticket,
    *,
    by: Actor,
    message: Message,
    asked: list[TicketRequester],
    acknowledge: bool,
    mailbox: Mailbox | None = None,
) -> None:
    """The event that a case was registered."""
    after = {
        "channel": ticket.channel,
        "state": ticket.state,
        "team_id": ticket.team_id,
        "rule_id": ticket.routing_rule_id,
        "message_id": message.pk,
        "requester_ids": [requester.person_id for requester in asked],
        "acknowledge": acknowledge,
        "mailbox_id": mailbox.pk if mailbox else None,
        "next_step": ticket.next_step,
        "next_step_due_at": plain(ticket.next_step_due_at),
        "answers_owed": ticket.answers_owed,
    }
    if ticket.category:
        names = ("type", "service_id", "category_id", "proofs_lacking")
        after |= {name: getattr(ticket, name) for name in names}
    record("ticket_registered", by=by, subject=ticket, ticket_id=ticket.pk, after=after)


@transaction.atomic
def add_mailbox(*, ticket: Ticket, mailbox: Mailbox, by: Actor) -> None:
    """The same mail came to another mailbox too: still one case."""
    ticket = lock(ticket)
    _mailbox, new = TicketMailbox.objects.get_or_create(ticket=ticket, mailbox=mailbox)
    if new:
        store(ticket, "ticket_mailbox_added", by=by, after={"mailbox_id": mailbox.pk})


@transaction.atomic
def change_requester(*, message: Message, by: Person, person: Person) -> Ticket:
    """The case is not the forwarding agent's but `person`'s, who wrote the mail inside: they are owed the answer, and get the receipt."""
    ticket = lock(message.ticket)
    policies.check_may_work(by, ticket)
    _settle(message, by)
    old = TicketRequester.objects.filter(ticket=ticket, person=message.author).first()
    owed_since = old.answer_owed_since if old else message.at
    if old and old.person_id != person.pk:
        old.delete()
    TicketRequester.objects.get_or_create(ticket=ticket, person=person, defaults={"answer_owed_since": owed_since})
    ticket.affected_department = person.department or ticket.affected_department
    everybody = TicketRequester.objects.filter(ticket=ticket).select_related("person__department")
    ticket.search_folded = search_text(ticket, everybody)
    after = {"message_id": message.pk, "requester_ids": [person.pk], "acknowledge": message.channel == Channel.EMAIL}
    store(ticket, "requester_changed", by=by, after=after)
    return ticket


@transaction.atomic
def keep_requester(*, message: Message, by: Person) -> Ticket:
    """The case is the forwarding agent's own."""
    ticket = lock(message.ticket)
    policies.check_may_work(by, ticket)
    _settle(message, by)
    store(ticket, "requester_confirmed", by=by, after={"message_id": message.pk})
    return ticket


def _settle(message: Message, by: Person) -> None:
    """Whose case it is, is said once. Raises Refused when somebody was quicker."""
    fresh = Message.objects.select_for_update().get(pk=message.pk)
    if fresh.settled_at:
        raise policies.Refused(_("Somebody has settled this already."))
    fresh.settled_at, fresh.settled_by = clock.now(), by
    fresh.save(update_fields=["settled_at", "settled_by"])


@transaction.atomic
def acknowledge_late(*, tickets: list[Ticket], person: Person, by: Actor) -> None:
    """One receipt for all of a person's cases whose receipts were held back; it goes with the newest of them."""
    *others, last = sorted(tickets, key=lambda one: one.pk)
    message = Message.objects.filter(ticket=last).order_by("id").first()
    after = {
        "acknowledge": True,
        "message_id": message.pk if message else None,
        "requester_ids": [person.pk],
        "numbers": [one.pk for one in (*others, last)],
    }
    record("late_receipt_sent", by=by, subject=last, ticket_id=last.pk, after=after)
    for one in others:
        record("receipt_joined", by=by, subject=one, ticket_id=one.pk, after={"new_ticket_id": last.pk})


def channel_is_spoken(channel: str) -> bool:
    """Whether the requester is there while the case is registered."""
    return channel in (Channel.PHONE, Channel.WALK_IN, Channel.CHAT)
