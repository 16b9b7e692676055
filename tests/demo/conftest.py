from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.test import override_settings

from saksgang.demo import opening, plan

TUESDAY = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)  # 11.00 in Oslo, a working day


@pytest.fixture(scope="module")
def _told_once(django_db_setup, django_db_blocker):
    """Told once for all tests of a module, inside a transaction that is rolled back after the last of them."""
    plan._matrices.clear()
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(UNDO_SECONDS=10):  # as the demo itself has it
            opening.make_first(now=TUESDAY)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def told(_told_once, db):
    """The hospital with its first hundred cases, told on a Tuesday."""
