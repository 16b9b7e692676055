from __future__ import annotations

import pytest

from saksgang.lib import clock
from tests.tickets.steps import WEDNESDAY


@pytest.fixture(autouse=True)
def _wednesday():
    """Every test here starts on an ordinary Wednesday at ten."""
    with clock.at(WEDNESDAY):
        yield
