"""Lists in a browser: what must never be cut off is not."""

from __future__ import annotations

import pytest

from tests.console.case.test_browser import visit  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.once]

CUT_OFF = "cells => cells.filter(one => one.scrollWidth > one.clientWidth).map(one => one.textContent)"


@pytest.mark.parametrize("width", [320, 1024, 1440, 2560])
def test_the_numbers_of_a_million_cases_fit(visit, width):  # noqa: F811
    page = visit("/components")
    page.set_viewport_size({"width": width, "height": 900})
    numbers = page.locator("td.queue-number")
    assert "1010385" in numbers.all_text_contents()
    assert numbers.evaluate_all(CUT_OFF) == []
