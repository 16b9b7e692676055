"""What every page asks for its frame follows an index: it must not grow with the ledger."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saksgang.catalogue.models import Mailbox
from saksgang.console.shell import counts
from saksgang.inbound.models import InboundMail
from saksgang.lib import clock


def decided(nth: int, mailbox: Mailbox) -> InboundMail:
    at = clock.now() - timedelta(minutes=nth)
    return InboundMail(
        mailbox=mailbox, door="smtp", raw_sha256=f"{nth:064}", size=2000, received_at=at, try_at=at, subject="Hei",
        purge_after=at + timedelta(days=730), mail_class="human", outcome="heartbeat",
        decided_at=at, pending=0,
    )  # fmt: skip


@pytest.fixture
def long_ledger(cast):
    """Many mails long since decided, and a planner that knows that nearly all rows are alike."""
    InboundMail.objects.bulk_create([decided(nth, Mailbox.objects.first()) for nth in range(400)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE inbound_inboundmail")


def test_unclear_mail_is_counted_without_reading_the_ledger(cast, long_ledger):
    with CaptureQueriesContext(connection) as asked:
        counts(cast.kari)
    statement = next(one["sql"] for one in asked.captured_queries if "AS unclear" in one["sql"])
    with connection.cursor() as cursor:
        cursor.execute(("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + statement)
        plan = "\n".join(str(line) for line in cursor.fetchall())
    assert "inbound_inboundmail" in plan
    assert "SCAN inbound_inboundmail" not in plan
    assert "Seq Scan on inbound_inboundmail" not in plan
