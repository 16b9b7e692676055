"""Small tidying that keeps tables short."""

from __future__ import annotations

from datetime import timedelta

from saksgang.lib import clock
from saksgang.worker.models import Slot

KEEP_SLOTS = timedelta(days=7)


def delete_old_slots() -> int:
    """Forgets runs of a week ago. Returns how many."""
    deleted, _by_model = Slot.objects.filter(starts_at__lt=clock.now() - KEEP_SLOTS).delete()
    return deleted
