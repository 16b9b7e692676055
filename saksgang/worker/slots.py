"""Of several workers one does each run of periodic work: the one that takes its slot."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from saksgang.lib import clock
from saksgang.lib.claiming import is_ahead
from saksgang.worker.models import Slot


def take(job: str, starts_at: datetime) -> Slot | None:
    """The slot of this run; None when it is taken."""
    slots = Slot.objects.filter(job=job)
    last = slots.order_by("-starts_at").values_list("starts_at", flat=True).first()
    if last and is_ahead(last):
        # The clock was ahead, and is right again: as long as those slots stand, nothing would be done at their times.
        slots.filter(starts_at__gt=starts_at).delete()
    elif last and last >= starts_at:
        return None
    try:
        with transaction.atomic():
            return Slot.objects.create(job=job, starts_at=starts_at)
    except IntegrityError:  # another worker took it
        return None


def finish(slot: Slot) -> None:
    Slot.objects.filter(pk=slot.pk).update(finished_at=clock.now())
