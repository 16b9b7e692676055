"""Mail: whether it can come in, whether it can go out, and whether anybody works on what has come."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from saksgang.catalogue.models import ImapDoor, Mailbox
from saksgang.channels.smtp_out.relay import configured
from saksgang.events.alarms import open_alarms
from saksgang.events.holding import ALARM as HELD
from saksgang.events.holding import held_since
from saksgang.events.life_signs import all_silent, last_seen, silent, silent_since
from saksgang.events.models import Delivery
from saksgang.events.queries import dead_deliveries
from saksgang.inbound import heartbeats
from saksgang.inbound.models import InboundMail, MailboxWatch
from saksgang.inbound.queries import overdue
from saksgang.lib import clock, files
from saksgang.lib.claiming import is_ahead, longer_ago, unclaimed
from saksgang.lib.sealing import Unopenable, unseal
from saksgang.outbound.models import OutboundMail
from saksgang.tickets.actions.taking_back import longest_wait
from saksgang.tickets.calls import oldest_due
from saksgang.tickets.models import Ticket
from saksgang.tickets.states import PAUSED
from saksgang.upkeep.backup_folder import place_of

MOST_FILES = 1000  # looked for by one check
RELAY_SECONDS = 10  # a patience that suits somebody who waits for the answer
TEST_MAIL_SECONDS = 120
# A worker that runs leaves nothing undone for so long.
LATE = timedelta(minutes=5)
FIRST_MAIL = timedelta(days=1)
CALLS_LATE = timedelta(days=1)


def check_relay() -> Iterator[str]:
    answer = configured(timeout=RELAY_SECONDS).probe()
    if not answer.accepted:
        place = f"{settings.SMTP_OUT_HOST}:{settings.SMTP_OUT_PORT}"
        yield f"The relay {place} does not take mail: {answer.words}. See SAKSGANG_SMTP_OUT_* in docs/operations.md."


def check_mailboxes() -> Iterator[str]:
    active = Mailbox.objects.filter(active=True).order_by("slug")
    if not active:
        yield "There is no active mailbox: no mail can come in or go out. Write one, and run: saksgang configure"
    read_by_imap = set(ImapDoor.objects.filter(active=True).values_list("mailbox_id", flat=True))
    for mailbox in active:
        waited = mailbox.added_at and mailbox.added_at < clock.now() - FIRST_MAIL
        if mailbox.pk in read_by_imap or not waited or InboundMail.objects.filter(mailbox=mailbox).exists():
            continue
        yield (
            f"The mailbox {mailbox.slug} ({mailbox.address}) has never had a mail. Send it one; if nothing comes, see that "
            "the mail server hands its mail to Saksgang, or give it an [mailbox.imap]."
        )


def check_imap_doors() -> Iterator[str]:
    doors = ImapDoor.objects.filter(active=True, mailbox__active=True).select_related("mailbox")
    watches = {watch.mailbox_id: watch for watch in MailboxWatch.objects.all()}
    for door in doors.order_by("mailbox__slug"):
        yield from _secret(door)
        yield from _watch(door, watches.get(door.mailbox_id))


def _secret(door: ImapDoor) -> Iterator[str]:
    if not door.sealed_secret:
        yield f"The mailbox {door.mailbox.slug} has no password. Write password_env, and run: saksgang configure"
        return
    try:
        unseal(door.sealed_secret)
    except Unopenable:
        yield (
            f"The password of the mailbox {door.mailbox.slug} cannot be opened: the key that sealed it is gone. Put the "
            "old key back (SAKSGANG_MAILBOX_KEYS, or DATA_DIR/keys/mailbox_key), or run: saksgang configure"
        )


def _watch(door: ImapDoor, watch: MailboxWatch | None) -> Iterator[str]:
    slug, place = door.mailbox.slug, f"{door.host}:{door.port}"
    if watch is None or (watch.seen_at is None and watch.failing_since is None):
        yield f"The mailbox {slug} has never been read at {place}. See that «saksgang work» runs."
    elif watch.failing_since:
        since = _when(watch.failing_since)
        yield f"The mailbox {slug} has not been readable at {place} since {since}: {watch.last_error}. Mend that, or its [mailbox.imap]."
    elif watch.seen_at and (
        is_ahead(watch.seen_at) or watch.seen_at < clock.now() - LATE - timedelta(seconds=2 * door.poll_seconds)
    ):
        yield f"The mailbox {slug} was last read {_when(watch.seen_at)}. See that «saksgang work» runs."
    if watch and watch.missing:
        yield f"The mailbox {slug} holds {watch.missing} mails that the ledger does not know. See the front page."


def check_test_mails() -> Iterator[str]:
    """Asks for a test mail to every mailbox, and waits until each is back: relay, mail server, door and worker in one."""
    out = {mailbox: heartbeats.ask(mailbox) for mailbox in Mailbox.objects.filter(active=True).order_by("slug")}
    end = time.monotonic() + TEST_MAIL_SECONDS
    while out and time.monotonic() < end:
        time.sleep(1)
        out = {mailbox: since for mailbox, since in out.items() if not heartbeats.is_back(mailbox, since=since)}
    for mailbox, since in out.items():
        left = MailboxWatch.objects.filter(mailbox=mailbox, heartbeat_sent_at__gte=since).exists()
        if not left:
            yield f"No test mail left for {mailbox.address}. See that «saksgang work» runs, and that the relay takes mail."
            continue
        address = f"+ addresses ({mailbox.address.replace('@', '+…@')})" if mailbox.tagged_returns else mailbox.address
        yield (
            f"A test mail to {mailbox.slug} has not come back within {TEST_MAIL_SECONDS} seconds. See that the mail server "
            f"delivers mail to {address} to Saksgang"
            + ("; if it cannot, set tagged_returns = false for this mailbox." if mailbox.tagged_returns else ".")
        )


def check_worker() -> Iterator[str]:
    """Whether one runs, and whether work lies undone all the same."""
    late, cure = clock.now() - LATE, "See that «saksgang work» runs, and its log."
    if last_seen() is None:
        yield "No worker has ever run here: nothing is read, decided or sent. Start it: saksgang work"
    elif (since := silent_since()) and all_silent():
        yield f"The worker has given no sign of life since {_when(since)}: nothing is read, decided or sent. {cure}"
    elif since:
        yield f"A part of the worker stands still since {_when(since)}: {', '.join(sorted(silent()))}. {cure}"
    if waiting := sum(
        files.path_of(sha256).exists() for sha256 in overdue().values_list("raw_sha256", flat=True)[:MOST_FILES]
    ):
        yield f"{waiting} mails have waited undecided for more than five minutes. {cure}"
    if waiting := Delivery.objects.filter(unclaimed(), longer_ago("due_at", LATE), dead=False, attempts=0).count():
        yield f"{waiting} events have waited for more than five minutes to be told on. {cure}"
    if waiting := OutboundMail.objects.filter(
        unclaimed(), longer_ago("created_at", LATE + longest_wait()), pending=1, attempts=0
    ).count():
        yield f"{waiting} mails have waited for more than five minutes to leave. {cure}"
    ended = Ticket.objects.filter(state__in=sorted(PAUSED), wait_until__lt=late)
    if waiting := ended.count():
        yield f"{waiting} cases wait although their time is up. {cure}"


def check_hold() -> Iterator[str]:
    if since := held_since():
        yield (
            f"Since {_when(since)} this installation is held, as every restored or moved one is: nothing leaves, and no mailbox is "
            "read. See what would leave, and let it go: saksgang release"
        )


def check_files() -> Iterator[str]:
    """Mails that cannot be worked on because their bytes are gone: neither the worker nor the mail server can mend that."""
    undecided = InboundMail.objects.filter(pending=1) | InboundMail.objects.filter(
        set_aside_reason="failed", handled_at__isnull=True
    )
    yield from _lost(undecided, "of which a case should be made")
    yield from _lost(OutboundMail.objects.filter(pending=1), "which should leave")


def _lost(mails: QuerySet[Any], which: str) -> Iterator[str]:
    waiting = mails.order_by("id").values_list("id", "raw_sha256")[:MOST_FILES]
    for pk, sha256 in waiting.iterator():
        path = files.path_of(sha256)
        if not path.exists():
            yield (
                f"The file {path} of mail {pk}, {which}, is missing. Put it back from a backup, where it lies under "
                f"{place_of(sha256)}; a mail that was set aside is then tried again from the list of unclear mail."
            )


def check_alarms() -> Iterator[str]:
    if dead := dead_deliveries().count():
        yield f"{dead} promises could not be kept after every try. See the front page."
    for alarm in open_alarms().exclude(kind=HELD):  # told by itself
        yield f"An alarm goes off since {_when(alarm.raised_at)}: {alarm.kind} {alarm.key}. {alarm.details or 'See the front page.'}"


def check_calls() -> Iterator[str]:
    """People without e-mail are told by phone: one day overdue, somebody must hear of it."""
    oldest = oldest_due()
    if oldest and oldest < clock.now() - CALLS_LATE:
        yield f"Somebody without e-mail should have been phoned by {_when(oldest)}. See the page «Phone» in the desk."


def _when(moment: datetime) -> str:
    return f"{clock.local(moment):%Y-%m-%d %H:%M}"
