"""The worker: decides mails, tells followers, sends mails, and does what time brings about."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime

from django.conf import settings
from django.db import close_old_connections, connection
from django.utils import translation

from saksgang.channels.smtp_out.relay import configured
from saksgang.events.actions import claim, postpone
from saksgang.events.holding import is_held
from saksgang.inbound.actions import decide_pending
from saksgang.lib import clock
from saksgang.outbound.actions import send_due
from saksgang.worker import slots
from saksgang.worker.schedule import FOLLOWERS, JOBS, LEAVE_THE_HOUSE, Job

logger = logging.getLogger(__name__)

IDLE_SECONDS = 0.5


def run(stop: threading.Event) -> None:
    """Works until `stop` is set. One trouble in one place never ends the loop."""
    with translation.override(settings.LANGUAGE_CODE):
        while not stop.is_set():
            try:
                busy = run_once()
            except Exception:
                logger.exception("the worker's round failed")
                connection.close()
                busy = False
            if not busy:
                close_old_connections()
                stop.wait(IDLE_SECONDS)


def run_once() -> bool:
    """One round of everything. True when there may be more to do at once."""
    busy = bool(decide_pending())
    for name in FOLLOWERS:
        busy = bool(follow(name)) or busy
    with configured() as transport:
        busy = bool(send_due(transport)) or busy
    run_due_jobs()
    return busy


def follow(name: str) -> int:
    """Lets one follower hear of what is due. Returns how many events it was told."""
    if name in LEAVE_THE_HOUSE and is_held():
        return 0
    deliveries = claim(name)
    for delivery in deliveries:
        try:
            FOLLOWERS[name](delivery)
        except Exception as error:
            logger.exception("follower %s failed on event %s", name, delivery.event_id)
            postpone(delivery, f"{type(error).__name__}: {error}")
    return len(deliveries)


def run_due_jobs() -> None:
    """Runs each job whose time slot nobody has taken yet."""
    for job in JOBS:
        slot = slots.take(job.name, _slot_start(job, clock.now()))
        if slot is None:
            continue
        try:
            job.run()
        except Exception:
            logger.exception("job %s failed", job.name)
        slots.finish(slot)


def _slot_start(job: Job, now: datetime) -> datetime:
    seconds = int(job.every.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=UTC)
