"""One row for each run of periodic work, so that of several workers only one does it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Slot(models.Model):
    job = models.CharField(max_length=40)
    starts_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["job", "starts_at"], name="slot_once")]
