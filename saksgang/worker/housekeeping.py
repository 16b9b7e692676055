"""Small tidying that keeps tables short."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.models import Session

from saksgang.lib import clock
from saksgang.people import signing_in
from saksgang.worker.models import Slot

KEEP_SLOTS = timedelta(days=7)


def delete_old_slots() -> int:
    """Forgets runs of a week ago. Returns how many."""
    deleted, _by_model = Slot.objects.filter(starts_at__lt=clock.now() - KEEP_SLOTS).delete()
    return deleted


def delete_old_sign_ins() -> int:
    """Forgets sessions that are over, failed sign-ins, and from where people signed in long ago. Returns how many."""
    deleted, _by_model = Session.objects.filter(expire_date__lt=clock.now()).delete()
    return deleted + signing_in.forget_old()
