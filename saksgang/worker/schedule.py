"""Everything that happens without a browser, on one screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from saksgang.events import holding
from saksgang.events.models import Delivery
from saksgang.inbound import clock_watch, mending, silence, watching
from saksgang.inbound.decisions import receipts
from saksgang.lib import passing
from saksgang.outbound import follower as outbound
from saksgang.outbound import watching as relay_watch
from saksgang.tickets.actions.unattended import clockwork
from saksgang.worker import heartbeats, housekeeping, telling

# Who hears of events. Which kinds each hears stands in settings.FOLLOWERS.
FOLLOWERS: dict[str, Callable[[Delivery], None]] = {
    "outbound": outbound.handle,
    "webhook": telling.tell,
}
# These speak to somebody outside, and wait while the installation is held. The others only write down what is to leave.
LEAVE_THE_HOUSE = {"webhook"}


@dataclass(frozen=True)
class Job:
    """Periodic work. One run for each `every`, whichever worker comes first."""

    name: str
    every: timedelta
    run: Callable[[], object]


JOBS = (
    Job("clockwork", timedelta(minutes=1), clockwork.run_minute),
    Job("triage", timedelta(minutes=5), clockwork.watch_triage),
    Job("untreated", timedelta(minutes=5), clockwork.escalate_untreated),
    Job("downtime", timedelta(minutes=5), clockwork.watch_downtime),
    Job("mail_silence", timedelta(minutes=5), silence.watch),
    Job("hold", timedelta(minutes=1), holding.watch),
    Job("mended_mails", timedelta(minutes=5), mending.look_at_mended),
    Job("held_receipts", timedelta(minutes=5), receipts.release),
    Job("clock", timedelta(minutes=5), clock_watch.watch),
    Job("relay_silence", timedelta(minutes=1), relay_watch.watch),
    Job("passing_rows", timedelta(minutes=1), passing.forget),
    Job("mailbox_counts", timedelta(days=1), watching.want_counts),
    Job("old_slots", timedelta(days=1), housekeeping.delete_old_slots),
    Job("old_sign_ins", timedelta(days=1), housekeeping.delete_old_sign_ins),
)
# These wait for the relay, which may be slow: they have a loop of their own.
RELAY_JOBS = (Job("heartbeats", timedelta(seconds=30), heartbeats.send_due),)
