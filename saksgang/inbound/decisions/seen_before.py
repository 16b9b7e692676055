"""Has this mail come before? Then this delivery is a duplicate, and its case names this mailbox too (mail.md 2 and 8)."""

from __future__ import annotations

from collections.abc import Iterator

from saksgang.inbound.decisions import sameness
from saksgang.inbound.decisions.case import Case, Ending
from saksgang.inbound.models import InboundMail, MailIdentity, Outcome
from saksgang.inbound.reading.mail import ReadMail, read
from saksgang.lib import files
from saksgang.tickets.actions.core import MAIL
from saksgang.tickets.actions.registration import add_mailbox
from saksgang.tickets.merges import lives_on_in

MOST_RELATIVES = 20


def decide(case: Case) -> Ending | None:
    if case.mail.date is None:
        return None  # nothing tells a mail without a date from the next one
    first = _holder(case.row, sameness.exact(case.mail))
    if first:
        return _duplicate(case, first)
    if _holder(case.row, sameness.family(case.mail)) is None:
        return None
    relatives = list(_relatives(case))
    for other, mail in relatives:
        if _is_copy(case, other, mail):
            return _duplicate(case, other)
    _join_copy(case, [other for other, _mail in relatives])
    return None


def _holder(row: InboundMail, key: str) -> InboundMail | None:
    """The delivery that holds the key, None when it is this one. The unique key settles races; the lock makes copies of
    one mail wait for each other.
    """
    identity, _new = MailIdentity.objects.get_or_create(key=key, defaults={"mail": row})
    if identity.mail_id == row.pk:
        return None
    MailIdentity.objects.select_for_update().get(pk=identity.pk)
    return InboundMail.objects.select_related("ticket").get(pk=identity.mail_id)


def _relatives(case: Case) -> Iterator[tuple[InboundMail, ReadMail]]:
    """Earlier deliveries of the same id, sender and second, as they read; one whose bytes are gone tells nothing."""
    mail = case.mail
    decided = InboundMail.objects.filter(message_id=mail.message_id[:500], sent_at=mail.date, pending=0)
    for other in decided.exclude(outcome=Outcome.DUPLICATE).order_by("id")[:MOST_RELATIVES]:
        try:
            theirs = read(files.read(other.raw_sha256))
        except OSError:
            continue
        if theirs.from_address == mail.from_address:
            yield other, theirs


def _is_copy(case: Case, other: InboundMail, mail: ReadMail) -> bool:
    if other.mailbox_id == case.row.mailbox_id:
        return sameness.exact(case.mail) == sameness.exact(mail)  # decided before the key told all of it
    return sameness.adds_nothing(case.mail, mail)


def _join_copy(case: Case, others: list[InboundMail]) -> None:
    """A copy of another mailbox's mail that says more than that one: it belongs to the same case, where somebody sees the rest."""
    if not case.mail.message_id or any(other.mailbox_id == case.row.mailbox_id for other in others):
        return
    first = next((other for other in others if other.ticket), None)
    if first and first.ticket:
        case.because("seen_before", "other_words")
        case.copy_of = first.ticket
        _name_mailbox(case, first)


def _duplicate(case: Case, first: InboundMail) -> Ending:
    case.because("seen_before", "same_mail")
    _name_mailbox(case, first)
    return Ending(Outcome.DUPLICATE, ticket=first.ticket, duplicate_of=first)


def _name_mailbox(case: Case, first: InboundMail) -> None:
    if first.ticket and first.mailbox_id != case.row.mailbox_id:
        add_mailbox(ticket=lives_on_in(first.ticket), mailbox=case.row.mailbox, by=MAIL)
        case.because("seen_before", "other_mailbox")
