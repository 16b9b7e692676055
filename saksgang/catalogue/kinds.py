"""What sorts of cases there are. Kinds of case name them, and so do cases; so they lie below both."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class TicketType(models.TextChoices):
    INCIDENT = "INCIDENT", pgettext_lazy("ticket type", "Incident")
    SERVICE_REQUEST = "SERVICE_REQUEST", pgettext_lazy("ticket type", "Service request")
    ORDER = "ORDER", pgettext_lazy("ticket type", "Order")
