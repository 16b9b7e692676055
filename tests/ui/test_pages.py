"""The frames, the errors and the page of all components can be drawn, also where almost nothing is known."""

from datetime import UTC, datetime

import pytest
from django.template.loader import get_template
from django.test import RequestFactory

from saksgang.ui import samples

pytestmark = pytest.mark.once

NOW = datetime(2026, 3, 3, 13, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def plain(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_error_pages_need_no_context(name):
    html = get_template(f"{name}.html").render()
    assert 'data-color-scheme="auto"' in html
    assert html.count("<h1") == 1


def components(rf: RequestFactory, **cookies: str) -> str:
    request = rf.get("/")
    request.COOKIES.update(cookies)
    # The template alone: the context processors of sessions and messages belong to other rooms.
    return get_template("ui/components.html").template.render(samples.context(NOW) | {"request": request})


def test_every_component_is_drawn(rf):
    html = components(rf)
    for name in ("queue", "slip", "ticket", "message", "answer-box", "quick", "choice-card", "table", "timeline"):
        assert f'class="{name}' in html


def test_the_colour_scheme_of_the_cookie_stands_in_the_first_byte(rf):
    assert 'data-color-scheme="dark"' in components(rf, color_scheme="dark")
    assert 'data-color-scheme="auto"' in components(rf, color_scheme="purple")


def test_current_list_is_told_to_screen_readers(rf):
    assert components(rf).count('aria-current="page"') == 1
