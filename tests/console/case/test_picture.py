"""A picture that came with a mail is shown small, by its own bytes and only to whoever sees the case; nothing else is ever shown."""

from __future__ import annotations

import pytest
from django.urls import reverse

from saksgang.lib import clock
from saksgang.tickets.actions import restriction
from tests.console.case.help import browser, page
from tests.console.case.test_attachment import fetched, with_file
from tests.lib.test_pictures import GIF, JPEG, PNG, VP8X


def where(file):
    return reverse("console:picture", args=[file.pk])


def fetch(person, file):
    return fetched(browser(person), where(file))


@pytest.mark.parametrize(
    ("content", "kind"), [(PNG, "image/png"), (JPEG, "image/jpeg"), (GIF, "image/gif"), (VP8X, "image/webp")]
)
def test_a_picture_is_what_its_bytes_say_and_can_do_nothing(cast, content, kind):
    _ticket, file = with_file(cast, "bilde.png", "image/png", content)
    answer = fetch(cast.kari, file)
    assert (answer.status_code, answer.body, answer["Content-Type"]) == (200, content, kind)
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    "content",
    [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html><script>alert(1)</script>", b"%PDF-1.7", b"hei", PNG[:10]],
)
def test_what_only_says_that_it_is_a_picture_is_not_shown(cast, content):
    _ticket, file = with_file(cast, "bilde.png", "image/png", content)
    assert fetch(cast.kari, file).status_code == 404


def test_a_wall_of_dots_and_a_large_file_are_only_downloaded(cast, monkeypatch):
    wall = PNG[:16] + (30_000).to_bytes(4, "big") * 2
    ticket, file = with_file(cast, "bilde.png", "image/png", wall)
    assert fetch(cast.kari, file).status_code == 404
    monkeypatch.setattr("saksgang.console.case.messages.MOST_SHOWN_BYTES", len(wall) - 1)
    html = page(browser(cast.kari), ticket)
    assert where(file) not in html
    assert reverse("console:attachment", args=[file.pk]) in html


@pytest.mark.parametrize(("who", "status"), [("kari", 200), ("liv", 200), ("knut", 404), ("nils", 404), ("trine", 404)])
def test_a_picture_on_a_restricted_case_is_not_there_for_others(cast, who, status):
    ticket, file = with_file(cast, "bilde.png", "image/png", PNG)
    restriction.restrict(ticket=ticket, by=cast.kari, readers=[], reason="Personalsak")
    assert fetch(getattr(cast, who), file).status_code == status


def test_one_that_was_removed_is_gone_from_the_page_and_from_its_address(cast):
    ticket, file = with_file(cast, "bilde.png", "image/png", PNG)
    type(file).objects.filter(pk=file.pk).update(redacted_at=clock.now(), redacted_by=cast.liv)
    assert fetch(cast.kari, file).status_code == 404
    assert where(file) not in page(browser(cast.kari), ticket)


def test_somebody_not_signed_in_is_asked_to(cast):
    _ticket, file = with_file(cast, "bilde.png", "image/png", PNG)
    assert browser(None).get(where(file)).status_code == 302


def test_the_page_shows_pictures_small_and_other_files_by_name(cast):
    ticket, file = with_file(cast, "bilde.png", "image/png", PNG)
    html = page(browser(cast.kari), ticket)
    assert f'<img src="{where(file)}" loading="lazy" alt="Show bilde.png">' in html
    other, drawing = with_file(cast, "tegning.svg", "image/svg+xml", b"<svg/>")
    assert where(drawing) not in page(browser(cast.kari), other)
