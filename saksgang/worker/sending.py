"""Sends on several lanes, so that a mail that the relay takes a minute for costs only itself.

One lane is enough for a relay that answers. Only while every lane that is open is held up, the next one opens; the last of them
take urgent mails only.
"""

from __future__ import annotations

import logging
import threading
import time
from bisect import insort
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.utils import translation

from saksgang.channels.smtp_out.relay import Relay, configured
from saksgang.lib.claiming import lease
from saksgang.outbound.actions import ANSWER, BULK, RECEIPT, URGENT, Claimed, claim_due, give_back, send

logger = logging.getLogger(__name__)

LANES = (BULK, BULK, BULK, BULK, RECEIPT, ANSWER, ANSWER, URGENT)  # the least urgent that each takes
IN_HAND = 50  # mails claimed and not begun, and as many again of those that may not wait for these
HELD_UP_AFTER = 0.5  # seconds that a lane is at one mail
MAILS_A_CONNECTION = 50
LEAVE_SECONDS = 3  # how long a worker that is told to stop lets the relay finish


class Sending:
    """The mails in this worker's hands, and the lanes that they leave by."""

    def __init__(self, transport: Callable[[], Relay] = configured) -> None:
        self.transport = transport
        self._lock = threading.Lock()
        self._waiting: list[Claimed] = []  # the most urgent first
        self._lanes: dict[int, Lane] = {}

    def round(self) -> bool:
        """Takes up what is due and sees to the lanes. Never waits for the relay."""
        for least in (BULK, RECEIPT, ANSWER, URGENT):
            if not self._claim(least):
                break
        with self._lock:
            lanes = list(self._lanes.values())
        for lane in lanes:
            lane.give_up_if_stuck()
        self._open_lane()
        return False

    def stop(self) -> None:
        """Lets go: what was not begun is others', and what the relay does not take in time is tried again."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
            lanes = list(self._lanes.values())
        give_back(waiting)
        for last, hang_up in ((LEAVE_SECONDS, False), (1, True)):
            end = time.monotonic() + last
            for lane in lanes:
                if hang_up and lane.is_alive():
                    lane.hang_up()
                lane.join(timeout=max(0.0, end - time.monotonic()))

    def next(self, lane: Lane) -> Claimed | None:
        """The next mail for a lane. Mails to one recipient leave one after the other. None ends the lane."""
        with self._lock:
            lane.mail = None
            busy = {one.mail.recipient for one in self._lanes.values() if one.mail}
            for mail in self._waiting:
                if mail.urgency <= lane.takes and mail.recipient not in busy:
                    self._waiting.remove(mail)
                    lane.begin(mail)
                    return mail
            del self._lanes[lane.nth]
        return None

    def _claim(self, urgency: int) -> bool:
        """Takes mails that are at least so urgent. True when there may be more than there is room for."""
        with self._lock:
            room = IN_HAND - sum(mail.urgency <= urgency for mail in self._waiting)
        claimed = claim_due(limit=room, urgency=urgency) if room > 0 else []
        with self._lock:
            for mail in claimed:
                insort(self._waiting, mail)
        return len(claimed) == room

    def _open_lane(self) -> None:
        with self._lock:
            lanes = self._lanes.values()
            if not self._waiting or not all(lane.is_held_up for lane in lanes):
                return
            busy = {lane.mail.recipient for lane in lanes if lane.mail}
            most = min((mail.urgency for mail in self._waiting if mail.recipient not in busy), default=BULK + 1)
            for nth, takes in enumerate(LANES):
                if nth not in self._lanes and most <= takes:
                    self._lanes[nth] = lane = Lane(self, nth)
                    lane.start()
                    return


class Lane(threading.Thread):
    """One connection to the relay, for as long as there are mails for it."""

    def __init__(self, sending: Sending, nth: int) -> None:
        super().__init__(name=f"send-{nth}", daemon=True)
        self.sending, self.nth, self.takes = sending, nth, LANES[nth]
        self.mail: Claimed | None = None
        self._since = time.monotonic()
        self._relay: Relay | None = None

    def run(self) -> None:
        with translation.override(settings.LANGUAGE_CODE):
            while self._send_some():
                pass
        connection.close()

    def _send_some(self) -> bool:
        """Some mails over one connection. False when there are no more."""
        with self.sending.transport() as self._relay:
            for _ in range(MAILS_A_CONNECTION):
                mail = self.sending.next(self)
                if mail is None:
                    return False
                try:
                    send(mail, self._relay)
                except Exception:
                    # Its claim ends, and it is tried again; the others go on.
                    logger.exception("mail %s could not be sent", mail.pk)
                    connection.close()
        return True

    def begin(self, mail: Claimed) -> None:
        self.mail, self._since = mail, time.monotonic()

    @property
    def is_held_up(self) -> bool:
        return time.monotonic() - self._since > HELD_UP_AFTER

    def give_up_if_stuck(self) -> None:
        """Before the claim ends: another worker would send the same mail beside us."""
        if self.mail and time.monotonic() - self._since > 0.8 * lease().total_seconds():
            self.hang_up()

    def hang_up(self) -> None:
        if self._relay:
            self._relay.hang_up()
