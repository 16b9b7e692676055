"""«Prøv igjen» in the tray: the mail stays in sight, keeps its time, and says what came of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saksgang.inbound.actions import decide_pending
from saksgang.inbound.models import Outcome
from saksgang.lib import clock, files
from tests.console.desk import nav_count, signed_in
from tests.console.mail.test_ledger import mail

NO_SENDER = b"To: ikt@sykehus.example\r\nSubject: Hjelp\r\n\r\nSkjermen er svart\r\n"


@pytest.fixture
def lying(cast):
    return set_aside(cast, NO_SENDER)


def set_aside(cast, raw: bytes):
    due = clock.now() + timedelta(minutes=7)
    facts = {"outcome": Outcome.SET_ASIDE, "set_aside_reason": "no_sender", "due_at": due}
    return mail(cast, raw_sha256=files.keep(raw), from_name="", from_address="", **facts)


def test_while_it_is_tried_it_stays_in_sight_with_its_time(cast, lying):
    kari = signed_in(cast.kari)
    tray = kari.post(f"/mail/{lying.pk}/retry", follow=True)
    html = tray.content.decode()
    assert "being tried again now" in html
    assert "See what came of it" in html
    assert "Every mail has found its place" not in html
    assert nav_count(tray, "/mail/tray") == "1"
    assert "Nothing is slipping now" not in kari.get("/").content.decode()
    assert "The mail is being tried again now." in kari.get(f"/mail/{lying.pk}").content.decode()
    before = lying.due_at
    lying.refresh_from_db()
    assert lying.due_at == before


def test_it_keeps_its_time_and_tells_that_nothing_came_of_it(cast, lying):
    kari, before = signed_in(cast.kari), lying.due_at
    kari.post(f"/mail/{lying.pk}/retry")
    decide_pending()
    lying.refresh_from_db()
    assert (lying.outcome, lying.due_at) == (Outcome.SET_ASIDE, before)
    html = kari.get("/mail/tray").content.decode()
    assert "Kari Nordmann tried it again" in html
    assert ("the reason is the same" in html) == (lying.set_aside_reason == "no_sender")
    assert "being tried again now" not in html


def test_what_became_a_case_is_out_of_the_tray_and_has_no_time_left(cast):
    kari, lying = signed_in(cast.kari), set_aside(cast, b"From: Nora <nora@sykehus.example>\r\n" + NO_SENDER)
    kari.post(f"/mail/{lying.pk}/retry")
    decide_pending()
    lying.refresh_from_db()
    assert (lying.outcome, lying.due_at) == (Outcome.NEW_TICKET, None)
    tray = kari.get("/mail/tray")
    assert "Every mail has found its place" in tray.content.decode()
    assert nav_count(tray, "/mail/tray") == ""


def test_nobody_sorts_or_tries_it_once_more_meanwhile(cast, lying):
    kari = signed_in(cast.kari)
    kari.post(f"/mail/{lying.pk}/retry")
    assert (
        "Somebody has dealt with this mail already"
        in kari.post(f"/mail/{lying.pk}/retry", follow=True).content.decode()
    )
