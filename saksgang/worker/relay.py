"""The relay that mails leave through, as the settings name it."""

from __future__ import annotations

from django.conf import settings

from saksgang.channels.smtp_out.relay import Relay


def relay() -> Relay:
    """The relay that the settings name."""
    return Relay(
        host=settings.SMTP_OUT_HOST,
        port=settings.SMTP_OUT_PORT,
        starttls=settings.SMTP_OUT_STARTTLS,
        user=settings.SMTP_OUT_USER,
        password=settings.SMTP_OUT_PASSWORD,
        timeout=settings.SMTP_OUT_TIMEOUT,
    )
