"""Reads for pages."""

from __future__ import annotations

from django.db.models import QuerySet

from saksgang.events.models import Delivery


def dead_deliveries() -> QuerySet[Delivery]:
    """Events that a follower could not take in after every try: a person must look."""
    return Delivery.objects.filter(dead=True)
