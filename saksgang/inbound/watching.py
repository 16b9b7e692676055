"""How each mailbox is doing: who reads it, whether it answers, and whether its books balance with the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery

from saksgang.access.queries import check_may
from saksgang.access.roles import Permission
from saksgang.catalogue.models import Mailbox
from saksgang.events.actions import Robot, record
from saksgang.events.alarms import end_alarm, open_alarms, raise_alarm
from saksgang.inbound.actions import RAW_DAMAGED
from saksgang.inbound.models import Door, InboundMail, MailboxWatch, Outcome
from saksgang.inbound.reading.mail import read
from saksgang.lib import clock, files
from saksgang.lib.claiming import is_ahead, unclaimed
from saksgang.people.models import Person

MAIL = Robot("mail")
AT_ONCE = 500  # Message-IDs asked about in one query
LONGEST_LEASE = 90  # seconds; how long a mailbox lies still after the worker that read it was killed
ALARM_AFTER = timedelta(minutes=10)
FAILING = "mailbox_failing"
COUNT = "mailbox_count"


def lease() -> timedelta:
    """How long a worker holds a mailbox without word from it."""
    return timedelta(seconds=min(LONGEST_LEASE, settings.LEASE_SECONDS))


def hold(mailbox: Mailbox, holder: str) -> bool:
    """Takes the mailbox, or goes on holding it. False when another worker, on whichever node, has it."""
    MailboxWatch.objects.get_or_create(mailbox=mailbox)
    free = MailboxWatch.objects.filter(Q(holder=holder) | unclaimed(lease()), mailbox=mailbox)
    return free.update(holder=holder, claimed_until=clock.now() + lease()) == 1


def let_go(mailbox: Mailbox, holder: str) -> None:
    """Another worker may read the mailbox now."""
    MailboxWatch.objects.filter(mailbox=mailbox, holder=holder).update(holder="", claimed_until=None)


def note_success(mailbox: Mailbox) -> None:
    """The server answered, and everything was stored and moved."""
    _watch(mailbox, seen_at=clock.now(), failing_since=None, last_error="")
    _end(FAILING, mailbox)


def note_trouble(mailbox: Mailbox, words: str, *, all_stored: bool = False) -> None:
    """Something failed; `all_stored`: not so that a mail is left unstored. After ten minutes of it the alarm goes off."""
    now = clock.now()
    watch, _new = MailboxWatch.objects.get_or_create(mailbox=mailbox)
    since = min(watch.failing_since or now, now)  # a time that lies ahead would keep the alarm back
    if watch.seen_at and watch.seen_at >= since and not is_ahead(watch.seen_at) and not all_stored:
        since = now  # until now mail came in, though not without trouble
    _watch(
        mailbox, failing_since=since, last_error=words[:2000], seen_at=now if all_stored else watch.seen_at
    )  # fmt: skip
    if since <= now - ALARM_AFTER:
        raise_alarm(kind=FAILING, key=mailbox.slug, by=MAIL, details=words)


@transaction.atomic
def ask_for_count(*, mailbox: Mailbox, by: Person) -> None:
    """Mailbox and ledger are to be counted as soon as the worker that reads the mailbox comes to it."""
    check_may(by, Permission.READ_MAIL)
    _watch(mailbox, count_wanted_at=clock.now())
    record("mailbox_count_requested", by=by, subject=mailbox)


def want_counts() -> None:
    """Every mailbox is to be counted: once a night."""
    for mailbox in read_by_imap():
        _watch(mailbox, count_wanted_at=clock.now())


def count_wanted(mailbox: Mailbox) -> bool:
    return MailboxWatch.objects.filter(mailbox=mailbox, count_wanted_at__isnull=False).exists()


def missing_from_ledger(mailbox: Mailbox, *, unknown: int, kept: Iterable[bytes]) -> int:
    """How many mails on the server the ledger does not know.

    `unknown`: mails in the folder that is read; `kept`: the Message-ID header of each in the kept folder, empty without.
    Mails without an id cannot be told apart, so their numbers are compared.
    """
    there = Counter(read(header).message_id[:500] for header in kept)
    rows = InboundMail.objects.filter(mailbox=mailbox)
    # A mail that waits for its decision has not been read yet.
    waiting = rows.filter(pending=1).values_list("raw_sha256", flat=True)
    undecided = Counter(_header_id(sha256) for sha256 in waiting.iterator())
    # Which of those on the server these are, nobody can tell any more.
    lost = undecided.pop(None, 0) + rows.filter(set_aside_reason=RAW_DAMAGED).count()
    without_id = there.pop("", 0) - rows.filter(pending=0, message_id="").count() - undecided.pop("", 0)
    not_here = sum(there[one] for one in _unknown_ids(rows, list(there)) if one not in undecided)
    return unknown + max(0, max(0, without_id) + not_here - lost)


def _header_id(sha256: str) -> str | None:
    """None when the bytes are gone: that is no trouble of the mailbox, and `saksgang check` names the file."""
    try:
        return read(files.read(sha256)).message_id[:500]
    except FileNotFoundError:
        return None


def _unknown_ids(rows: QuerySet[InboundMail], ids: list[str]) -> Iterator[str]:
    """Those that no row has. Asked a few hundred at a time: a mailbox may have had a million mails."""
    for at in range(0, len(ids), AT_ONCE):
        asked = ids[at : at + AT_ONCE]
        known = set(rows.filter(message_id__in=asked).values_list("message_id", flat=True))
        yield from (one for one in asked if one not in known)


@transaction.atomic
def note_count(mailbox: Mailbox, *, waiting: int, kept: int, missing: int) -> None:
    """Writes the count down. What is missing is an alarm until a count finds nothing missing."""
    in_ledger = InboundMail.objects.filter(mailbox=mailbox, door=Door.IMAP).count()
    _watch(
        mailbox, waiting=waiting, kept=kept, in_ledger=in_ledger, missing=missing, counted_at=clock.now(),
        count_wanted_at=None,
    )  # fmt: skip
    if missing:
        words = f"{missing} mails lie on the server and are not in the ledger"
        raise_alarm(kind=COUNT, key=mailbox.slug, by=MAIL, details=words)
    else:
        _end(COUNT, mailbox)


def mailboxes() -> QuerySet[Mailbox]:
    """Every mailbox in use, with its door, how it is doing, and when a mail came last (`last_mail_at`, our test mails apart)."""
    mails = InboundMail.objects.filter(mailbox=OuterRef("pk")).exclude(outcome=Outcome.HEARTBEAT)
    last = Subquery(mails.order_by("-received_at").values("received_at")[:1])
    active = Mailbox.objects.filter(active=True).annotate(last_mail_at=last)
    return active.select_related("imap", "watch").order_by("slug")


def read_by_imap() -> QuerySet[Mailbox]:
    return Mailbox.objects.filter(active=True, imap__active=True)


def forget_closed() -> None:
    """A mailbox that is no longer read by IMAP fails no more, and nothing of it is missing."""
    alarms = Mailbox.objects.filter(slug__in=open_alarms().filter(kind__in=[FAILING, COUNT]).values("key"))
    for mailbox in alarms.exclude(pk__in=read_by_imap()):
        _watch(mailbox, failing_since=None, last_error="", missing=0)
        _end(FAILING, mailbox)
        _end(COUNT, mailbox)


def _watch(mailbox: Mailbox, **facts: Any) -> None:
    if not MailboxWatch.objects.filter(mailbox=mailbox).update(**facts):
        MailboxWatch.objects.get_or_create(mailbox=mailbox)
        MailboxWatch.objects.filter(mailbox=mailbox).update(**facts)


def _end(kind: str, mailbox: Mailbox) -> None:
    if open_alarms().filter(kind=kind, key=mailbox.slug).exists():  # most often there is none, and nothing is locked
        end_alarm(kind=kind, key=mailbox.slug, by=MAIL)
