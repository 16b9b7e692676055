"""From a stored mail to its outcome: claim, read, decide, all of it in one transaction that either happens or does not."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from saksgang.access.queries import check_may
from saksgang.access.roles import Permission
from saksgang.catalogue.models import Mailbox
from saksgang.catalogue.queries import held, hours_of, own_addresses
from saksgang.catalogue.working_time import add_minutes
from saksgang.events.actions import Actor, record
from saksgang.inbound import decisions
from saksgang.inbound.decisions import Case, Ending
from saksgang.inbound.decisions import ticket as ticket_decision
from saksgang.inbound.models import InboundMail, Outcome
from saksgang.inbound.reading.mail import ReadMail, read
from saksgang.inbound.senders.classes import classify, is_own
from saksgang.inbound.senders.forwarding import ignored_headers
from saksgang.lib import clock, files, html, text
from saksgang.lib.claiming import abandoned, back_off, claim, due
from saksgang.people.models import Person, Team
from saksgang.people.rules import folded_address
from saksgang.tickets.actions import registration
from saksgang.tickets.actions.core import MAIL
from saksgang.tickets.actions.messages import Heard, KeptFile, keep_file
from saksgang.tickets.actions.ties import detachment
from saksgang.tickets.kinds import Channel
from saksgang.tickets.mail_reference import is_loop_mark, number_in_message_id
from saksgang.tickets.models import Message, Ticket
from saksgang.tickets.policies import Refused

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
RAW_DAMAGED = "raw_damaged"
MOST_COPIED = 50
LARGEST_HTML = 2_000_000  # letters
SHOWN_OF_TOO_LONG = 20_000
TRAY_MINUTES = 120  # working minutes until somebody must have looked at a mail set aside


def decide_pending(*, limit: int = 50) -> int:
    """Decides the stored mails that wait. Returns how many were taken up. What fails is tried again, then set aside."""
    rows = _claim(limit)
    with held():  # rules and hours are read once for those that are taken up together
        for row in rows:
            try:
                decide(row)
            except Exception as error:
                logger.exception("mail %s could not be decided", row.pk)
                _postpone(row, error)
    return len(rows)


def _claim(limit: int) -> list[InboundMail]:
    """Mails that nobody has touched, many at once. When there are none, one that was in the hands of a worker that died.

    Such a mail is taken by itself and counted: if it is what kills the workers, it is set aside in the end and not tried for ever,
    and the mails that were claimed beside it come through.
    """
    rows = InboundMail.objects.filter(due("try_at"), pending=1)
    ids = claim(rows.filter(claimed_until__isnull=True), limit=limit)
    if not ids:
        ids = claim(rows.filter(abandoned()), limit=1, attempts=F("attempts") + 1)
    return list(InboundMail.objects.filter(pk__in=ids).select_related("mailbox__team").order_by("id"))


def decide(row: InboundMail) -> None:
    """Reads one mail and settles it. Ends with exactly one outcome, or raises and leaves everything as it was."""
    if row.attempts > MAX_ATTEMPTS:
        _set_aside(row, "failed")
        return
    try:
        mail = read(files.read(row.raw_sha256))
    except files.Damaged:
        _set_aside(row, RAW_DAMAGED)
        return
    _note_about(row, mail)
    own = own_addresses()
    verdict = classify(
        mail,
        own_addresses=own,
        own_message_ids=lambda header_id: number_in_message_id(header_id) is not None,
        is_own_mark=is_loop_mark,
        envelope_sender=row.envelope_from,
        ignored_headers=ignored_headers(row.mailbox),
    )
    # Attachments are flushed to disk before the transaction, which holds the database's one write lock on SQLite.
    heard = _heard(mail, row, own)
    with transaction.atomic():
        if not InboundMail.objects.select_for_update().filter(pk=row.pk, pending=1).exists():
            return  # another worker was quicker
        case = Case(row=row, mail=mail, verdict=verdict, heard=heard, own_addresses=own)
        _settle(case, _ending(case))


def _note_about(row: InboundMail, mail: ReadMail) -> None:
    """Which case the mail names, kept at once: whatever becomes of it, only those who may see that case see the mail."""
    found = ticket_decision.about(row, mail)
    if found and row.about_id != found.pk:
        row.about = found
        InboundMail.objects.filter(pk=row.pk).update(about=found)


def _ending(case: Case) -> Ending:
    for decision in decisions.ORDER:
        ending = decision(case)
        if ending is not None:
            return ending
    raise RuntimeError("the last decision always ends the matter")


def _heard(mail: ReadMail, row: InboundMail, own: frozenset[str]) -> Heard:
    whole = text.strip_controls(mail.text)
    words = whole if not mail.is_too_long else whole[:SHOWN_OF_TOO_LONG]
    kept_html = mail.html if len(mail.html) <= LARGEST_HTML else ""  # the text says the same
    return Heard(
        text=words,
        author_name=mail.from_name or mail.from_address,
        author_address=mail.from_address,
        segments=() if mail.is_too_long else _segments(mail),
        html=html.clean(kept_html) if kept_html else "",
        cleaner_version=html.CLEANER_VERSION if kept_html else 0,
        files=(*_whole_text(mail, whole), *_attachments(mail)),
        inbound_id=row.pk,
        header_id=mail.message_id,
        copied=_copied(mail, own),
        undecoded=mail.undecoded,
    )


def _segments(mail: ReadMail) -> tuple[tuple[bool, str], ...]:
    return tuple((segment.folded, text.strip_controls(segment.text)) for segment in mail.segments)


def _attachments(mail: ReadMail) -> tuple[KeptFile, ...]:
    return tuple(
        keep_file(name=one.name, content_type=one.type, content=one.content, inline=one.inline)
        for one in mail.attachments
    )


def _whole_text(mail: ReadMail, whole: str) -> tuple[KeptFile, ...]:
    """A text that no page can show, as a file: nothing of it is lost."""
    if not mail.is_too_long:
        return ()
    return (keep_file(name="tekst.txt", content_type="text/plain", content=whole.encode("utf-8", "replace")),)


def _copied(mail: ReadMail, own: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Everybody else the mail went to: neither its sender nor ourselves, each once."""
    found: dict[str, str] = {}
    for name, address in (*mail.to, *mail.cc):
        if address and address != mail.from_address and not is_own(address, own):
            found.setdefault(folded_address(address), text.one_line(name, 200))
    return tuple((name, address) for address, name in list(found.items())[:MOST_COPIED])


def _settle(case: Case, ending: Ending) -> None:
    row = case.row
    _tell(case)
    row.outcome, row.ticket, row.duplicate_of = ending.outcome, ending.ticket, ending.duplicate_of
    row.reasons = case.reasons
    if ending.set_aside:
        _into_tray(row, ending.set_aside)
    else:
        row.due_at = None
    _finish(row)


def _tell(case: Case) -> None:
    """What the ledger's page shows of the mail."""
    row, mail = case.row, case.mail
    row.message_id = mail.message_id[:500]
    row.from_name = text.one_line(case.sender_name, 200)
    row.from_address = text.one_line(case.sender_address, 254)
    row.subject = text.one_line(mail.subject, 250)
    row.search_folded = text.fold(f"{row.subject} {row.from_name} {row.from_address}")
    row.sent_at = mail.date
    row.mail_class = case.verdict.kind


def _into_tray(row: InboundMail, reason: str) -> None:
    row.set_aside_reason = reason
    row.due_at = row.due_at or add_minutes(clock.now(), TRAY_MINUTES, hours_of(row.mailbox.team_id))


DECIDED = (
    "message_id", "from_name", "from_address", "subject", "search_folded", "sent_at", "mail_class", "outcome", "reasons", "decided_at",
    "ticket", "duplicate_of", "set_aside_reason", "due_at", "claimed_until", "last_error", "pending",
)  # fmt: skip


def _finish(row: InboundMail) -> None:
    row.decided_at, row.pending, row.claimed_until, row.last_error = clock.now(), 0, None, ""
    row.save(update_fields=DECIDED)
    after: dict[str, Any] = {"outcome": row.outcome, "set_aside": row.set_aside_reason}
    record("mail_decided", by=MAIL, subject=row, ticket_id=row.ticket_id, after=after)


def _postpone(row: InboundMail, error: Exception) -> None:
    words = f"{type(error).__name__}: {error}"[:1000]
    row.attempts += 1
    InboundMail.objects.filter(pk=row.pk, pending=1).update(
        claimed_until=None, last_error=words, attempts=row.attempts, try_at=clock.now() + back_off(row.attempts)
    )
    if row.attempts >= MAX_ATTEMPTS:
        _set_aside(row, "failed", error=words)


@transaction.atomic
def _set_aside(row: InboundMail, reason: str, *, error: str = "") -> None:
    """A mail that we cannot settle: a person sees it, with its raw text."""
    if not InboundMail.objects.select_for_update().filter(pk=row.pk, pending=1).exists():
        return
    row.outcome, row.reasons = Outcome.SET_ASIDE, [["worker", reason]]
    _into_tray(row, reason)
    _finish(row)
    InboundMail.objects.filter(pk=row.pk).update(last_error=error)


@transaction.atomic
def retry(*, mail: InboundMail, by: Person) -> None:
    """Lets the decisions look at a set-aside mail again."""
    check_may(by, Permission.SORT_MAIL)
    look_again(mail=mail, by=by)


def look_again(*, mail: InboundMail, by: Actor) -> None:
    """The decisions start anew for a set-aside mail. Raises Refused when somebody has dealt with it. Call in a transaction."""
    row = _open_tray_row(mail)
    why = row.set_aside_reason
    # It keeps the time by which somebody must have looked: it may lie here again in a moment.
    row.outcome = row.decided_at = None
    row.set_aside_reason, row.pending, row.attempts, row.try_at = "", 1, 0, clock.now()
    row.save(update_fields=["outcome", "decided_at", "set_aside_reason", "pending", "attempts", "try_at"])
    record("mail_retried", by=by, subject=row, before={"set_aside": why})


@transaction.atomic
def register_set_aside(*, mail: InboundMail, by: Person, team: Team, requester: Person | None, subject: str) -> Ticket:
    """Makes a case of a set-aside mail, for the person that an agent recognised. It names every mailbox the mail came to."""
    check_may(by, Permission.SORT_MAIL)
    row = _open_tray_row(mail)
    try:
        read_again = read(files.read(row.raw_sha256))
    except files.Damaged as gone:
        raise Refused(_("The mail's file on our disk is damaged. Take it from the backup, and try again.")) from gone
    ticket = registration.register(
        by=by,
        channel=Channel.EMAIL,
        subject=subject or row.subject,
        heard=_heard(read_again, row, own_addresses()),
        team=team,
        requesters=[requester] if requester else [],
        received_at=row.received_at,
        mailbox=row.mailbox,
        like=row.about,
    )
    for other in Mailbox.objects.filter(inboundmail__duplicate_of=row).distinct():
        registration.add_mailbox(ticket=ticket, mailbox=other, by=by)
    row.outcome, row.ticket, row.due_at, row.set_aside_reason = Outcome.NEW_TICKET, ticket, None, ""
    row.handled_at, row.handled_by = clock.now(), by
    row.reasons = [*row.reasons, ["person", "registered"]]
    row.save(update_fields=["outcome", "ticket", "due_at", "set_aside_reason", "handled_at", "handled_by", "reasons"])
    record("mail_registered", by=by, subject=row, ticket_id=ticket.pk)
    return ticket


@transaction.atomic
def mark_handled(*, mail: InboundMail, by: Person, note: str) -> None:
    """Out of the tray: somebody looked, and says what came of it."""
    check_may(by, Permission.SORT_MAIL)
    if not note.strip():
        raise Refused(_("Say what you did with the mail."))
    row = _open_tray_row(mail)
    row.handled_at, row.handled_by, row.handled_note = clock.now(), by, note.strip()
    row.save(update_fields=["handled_at", "handled_by", "handled_note"])
    record("mail_handled", by=by, subject=row, reason=note.strip())


def _open_tray_row(mail: InboundMail) -> InboundMail:
    row = InboundMail.objects.select_for_update().select_related("mailbox").get(pk=mail.pk)
    if row.outcome != Outcome.SET_ASIDE or row.handled_at:
        raise Refused(_("Somebody has dealt with this mail already."))
    return row


@transaction.atomic
def detach(*, message: Message, by: Person, reason: str) -> Ticket:
    """Takes a mail out of the case that it joined by mistake; the ledger follows. Returns its new case."""
    row = InboundMail.objects.filter(pk=message.inbound_id).first() if message.inbound_id else None
    subject = row.subject if row else ""
    ticket = detachment.detach(message=message, by=by, subject=subject, reason=reason)
    if row:
        row.ticket, row.reasons = ticket, [*row.reasons, ["person", "detached"]]
        row.save(update_fields=["ticket", "reasons"])
    return ticket
