"""Sending what was promised, and keeping what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from django.db import transaction
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext as _

from saksgang.events.actions import Robot
from saksgang.events.holding import is_held
from saksgang.lib import clock, files
from saksgang.lib.claiming import CLOCKS_APART, EVERY_ONE, OLDEST_FIRST, back_off, claim, due, lease, unclaimed
from saksgang.outbound.follower import rendered_for
from saksgang.outbound.models import DeliveryState, OutboundAttempt, OutboundMail
from saksgang.people.models import Person
from saksgang.tickets.actions.answering import answer_failed, answer_resent
from saksgang.tickets.actions.resolution import count_from_delivery
from saksgang.tickets.actions.taking_back import longest_wait
from saksgang.tickets.models import Message, MessageRecipient, Ticket
from saksgang.tickets.policies import Refused

MAIL = Robot("mail")
# These did not arrive, and nobody tries them any more.
LOST = (DeliveryState.FAILED, DeliveryState.BOUNCED)
GIVE_UP_AFTER = timedelta(days=2)
LONGEST_UNREACHED = timedelta(minutes=5)
# From so many failed tries on, the case shows that its mail is late.
DELAYED_AFTER = 3


class Answer(Protocol):
    """What the relay said."""

    @property
    def code(self) -> int | None: ...  # None when it said nothing

    @property
    def words(self) -> str: ...

    @property
    def accepted(self) -> bool: ...

    @property
    def refused_for_good(self) -> bool: ...


class Transport(Protocol):
    """Hands mails to a relay. Never raises for the relay's or the network's trouble: that is an Answer."""

    def send(self, *, envelope_from: str, recipient: str, raw: bytes) -> Answer: ...


# What waits for a relay that is slow leaves in this order.
URGENT, ANSWER, RECEIPT, BULK = range(4)
_URGENCY = Case(
    When(bulk=True, then=Value(BULK)),
    When(ticket__priority=1, then=Value(URGENT)),
    When(message__isnull=False, then=Value(ANSWER)),
    default=Value(RECEIPT),
    output_field=IntegerField(),
)


class Claimed(NamedTuple):
    """A mail in this worker's hands. They sort as they should leave: what failed before goes after what did not."""

    urgency: int
    tried: bool
    pk: int
    recipient: str
    until: datetime | None


def send_due(transport: Transport, *, limit: int = 50, only: Q = EVERY_ONE) -> int:
    """Sends the mails that are due, and that `only` is true of, one after the other. Returns how many were tried."""
    return sum(send(mail, transport) for mail in claim_due(limit=limit, only=only))


def claim_due(*, limit: int, urgency: int = BULK, only: Q = EVERY_ONE) -> list[Claimed]:
    """Takes the most urgent of the mails that are due, those that are less so than `urgency` left out."""
    if is_held():
        return []
    # A message taken back never leaves, however late the follower hears of it.
    rows = OutboundMail.objects.filter(
        unclaimed(), due("try_at", first=longest_wait()), only, pending=1, message__taken_back_at__isnull=True
    )
    rows = rows.annotate(urgency=_URGENCY)
    if urgency < BULK:
        rows = rows.filter(urgency__lte=urgency)
    ids = claim(rows.order_by("urgency", OLDEST_FIRST), limit=limit)
    found = OutboundMail.objects.filter(pk__in=ids).annotate(urgency=_URGENCY)
    return sorted(Claimed(one.urgency, bool(one.attempts), one.pk, one.recipient, one.claimed_until) for one in found)


def give_back(mails: Iterable[Claimed]) -> None:
    """Lets others send what was claimed and not begun."""
    for mail in mails:
        OutboundMail.objects.filter(pk=mail.pk, pending=1, claimed_until=mail.until).update(claimed_until=None)


def send(claimed: Claimed, transport: Transport) -> bool:
    """One try. False when the mail is no longer ours to send."""
    mail = _still_ours(claimed)
    if mail is None:
        return False
    raw = files.read(mail.raw_sha256)
    _keep(mail, transport.send(envelope_from=mail.envelope_from, recipient=mail.recipient, raw=raw))
    return True


def _still_ours(claimed: Claimed) -> OutboundMail | None:
    """The mail as it is now, its claim renewed if slow mails before it have half used it up. None when it was taken back
    meanwhile, or another worker may have taken it.
    """
    now = clock.now()
    rows = OutboundMail.objects.filter(pk=claimed.pk, pending=1, claimed_until=claimed.until)
    mail = rows.filter(message__taken_back_at__isnull=True).first()
    if mail is None or mail.claimed_until is None:
        return None
    if now < mail.claimed_until - lease() / 2 < now + lease() + CLOCKS_APART:
        return mail
    renewed = rows.filter(claimed_until__gt=now).update(claimed_until=now + lease())
    return mail if renewed else None


@transaction.atomic
def _keep(mail: OutboundMail, answer: Answer) -> None:
    """Writes down one try and what follows from it, in one transaction."""
    now = clock.now()
    OutboundAttempt.objects.create(mail=mail, at=now, code=answer.code, answer=answer.words[:1000])
    mail.attempts += 1
    mail.claimed_until = None
    if answer.accepted:
        mail.state, mail.pending, mail.sent_at, mail.last_error = DeliveryState.SENT, 0, now, ""
    elif answer.refused_for_good or now - mail.created_at > GIVE_UP_AFTER:
        mail.state, mail.pending, mail.failed_at = DeliveryState.FAILED, 0, now
        mail.last_error = answer.words[:1000]
    else:
        wait = back_off(mail.attempts)
        # A relay that is back is soon noticed; a mail that it does not want now is tried ever more seldom.
        mail.try_at = now + (min(wait, LONGEST_UNREACHED) if answer.code is None else wait)
        mail.last_error = answer.words[:1000]
        if mail.attempts >= DELAYED_AFTER:
            mail.state = DeliveryState.DELAYED
    mail.save(
        update_fields=[
            "attempts", "claimed_until", "state", "pending", "sent_at", "failed_at", "try_at", "last_error",
        ]
    )  # fmt: skip
    _tell_case(mail)


@transaction.atomic
def resend(*, mail: OutboundMail, by: Person, address: str = "") -> None:
    """«Send på nytt»: the same bytes to the same recipient, as a promise made now. Every try stays written down.

    `address`: the same message to another address of theirs instead.
    """
    told = MessageRecipient.objects.filter(message=mail.message_id, address=mail.recipient).select_related(
        "message__ticket"
    )
    row = told.first()
    if row is None:
        raise Refused(_("This mail cannot be sent again. Write a new answer."))
    ticket = row.message.ticket
    lost = OutboundMail.objects.filter(message__ticket=ticket, state__in=LOST)
    others_failed = lost.exclude(pk=mail.pk).exists()
    answer_resent(ticket=ticket, by=by, told=row, others_failed=others_failed, address=address)
    # After the case, which keeps others out: whoever pressed first has sent it.
    now = clock.now()
    again = OutboundMail.objects.filter(pk=mail.pk, state__in=LOST).update(
        state=DeliveryState.QUEUED, pending=1, created_at=now, try_at=now, attempts=0, claimed_until=None,
        sent_at=None, failed_at=None, last_error="", bounce="", **(rendered_for(mail, row) if address else {}),
    )  # fmt: skip
    if not again:
        raise Refused(_("Somebody has sent it again already."))


def _tell_case(mail: OutboundMail) -> None:
    """An answer that failed comes back to its case; a solution that arrived starts the days until closing."""
    if mail.message_id is None:
        return  # a receipt
    ticket = Ticket(pk=_case_of(mail))
    if mail.state == DeliveryState.FAILED:
        person = Person.objects.filter(pk=mail.person_id).first() if mail.person_id else None
        answer_failed(
            ticket=ticket,
            by=MAIL,
            person=person,
            owed_again=mail.clears_answer,
            error=f"{mail.recipient}: {mail.last_error}",
        )
    elif mail.state == DeliveryState.SENT and mail.kind == "solution":
        count_from_delivery(ticket=ticket, by=MAIL)


def _case_of(mail: OutboundMail) -> int:
    """The case that the message lies on by now, which may have gone into another since the mail was promised."""
    return Message.objects.values_list("ticket_id", flat=True).get(pk=mail.message_id or 0)
