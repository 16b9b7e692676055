"""Rows that are true for a moment only: in no backup, copy or export, and forgotten when their moment is over."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.apps import apps
from django.db import models

from saksgang.lib import clock


class Passing(models.Model):
    """Whoever reads them leaves out those that nobody has renewed for `LASTS`."""

    LASTS: ClassVar[timedelta] = timedelta(minutes=1)

    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        abstract = True


def kinds() -> list[type[Passing]]:
    """Every table of such rows: whoever adds one need think of no backup."""
    return [model for model in apps.get_models() if issubclass(model, Passing)]


def tables() -> set[str]:
    return {kind._meta.db_table for kind in kinds()}


def forget() -> int:
    """Deletes those whose moment is over. Returns how many."""
    return sum(kind._default_manager.filter(seen_at__lt=clock.now() - kind.LASTS).delete()[0] for kind in kinds())
