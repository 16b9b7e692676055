"""`saksgang release`: lets go what a restore or a move holds. Lists what would leave and what would be read, and asks."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Iterator

from django.conf import settings
from django.utils import translation

from saksgang.catalogue.models import ImapDoor, Mailbox
from saksgang.events import holding
from saksgang.events.actions import claim, postpone
from saksgang.events.models import Delivery
from saksgang.lib import clock
from saksgang.lib.readiness import refuse_unmigrated
from saksgang.outbound import follower
from saksgang.outbound.models import OutboundMail

logger = logging.getLogger(__name__)

OUTBOUND, WEBHOOK = "outbound", "webhook"
SHOWN = 500  # mails told one by one; the rest are counted
YES = {"y", "yes", "j", "ja"}


def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="saksgang release",
        description="A restored or moved installation is held: nothing leaves, and no mailbox is read. This lists what would, and lets go.",
    )
    parser.add_argument("--yes", action="store_true", help="let go without asking")
    options = parser.parse_args(arguments)
    if refuse_unmigrated():
        return 1
    since = holding.held_since()
    if since is None:
        _say("Nothing is held.")
        return 0
    _write_letters()
    _say(f"Held since {clock.local(since):%Y-%m-%d %H:%M}.")
    for sentence in what_would_happen():
        _say(sentence)
    if not (options.yes or _agreed()):
        _say("It is still held. Nothing has left.")
        return 1
    holding.let_go()
    _say("✓ Let go: mails leave and mailboxes are read as soon as `saksgang work` runs.")
    return 0


def what_would_happen() -> Iterator[str]:
    """Sentences on everything that leaves or is fetched as soon as nothing is held."""
    yield from _mails()
    if untold := Delivery.objects.filter(follower=OUTBOUND).count():
        yield f"{untold} events whose mails could not be written yet: see the log, and the front page."
    for door in ImapDoor.objects.filter(active=True, mailbox__active=True).select_related("mailbox").order_by("pk"):
        place = f"{door.user} at {door.host}:{door.port}, folder {door.folder}"
        yield f"The mailbox {door.mailbox.slug} ({door.mailbox.address}) would be read: {place}."
    for slug, address in Mailbox.objects.filter(active=True, heartbeat_minutes__gt=0).values_list("slug", "address"):
        yield f"Test mails would leave for the mailbox {slug} ({address})."
    if alarms := Delivery.objects.filter(follower=WEBHOOK, dead=False).count():
        yield f"{alarms} alarms would be told to SAKSGANG_ALARM_WEBHOOK_URL."
    yield "See that the installation it comes from does not run any more, or has none of these mailboxes."


def _mails() -> Iterator[str]:
    waiting = OutboundMail.objects.filter(pending=1, message__taken_back_at__isnull=True).order_by("id")
    number = waiting.count()
    yield f"{number} mails would leave:" if number else "No mail waits to leave."
    for mail in waiting[:SHOWN]:
        yield f"  {mail.recipient}: {mail.kind} on case {mail.ticket_id}, since {clock.local(mail.created_at):%Y-%m-%d %H:%M}"
    if number > SHOWN:
        yield f"  … and {number - SHOWN} more."


def _write_letters() -> None:
    """What was promised and not written yet becomes mails that can be listed. The worker does the same, and nothing leaves by it."""
    with translation.override(settings.LANGUAGE_CODE):
        while deliveries := claim(OUTBOUND):
            for delivery in deliveries:
                try:
                    follower.handle(delivery)
                except Exception as error:
                    logger.exception("the mails of event %s could not be written", delivery.event_id)
                    postpone(delivery, f"{type(error).__name__}: {error}")


def _agreed() -> bool:
    """Whether somebody says yes. Where nobody can be asked, nobody has."""
    if not sys.stdin.isatty():
        _say("Nobody can be asked here. To let go all the same: saksgang release --yes")
        return False
    try:
        return input("Let go? [y/N] ").strip().lower() in YES
    except EOFError:
        return False


def _say(sentence: str) -> None:
    print(sentence)  # noqa: T201 - the command's answer
