"""A raw file that our disk has damaged: never read as if it were whole, never left so where another copy is."""

from __future__ import annotations

import pytest

from saksgang.inbound import mending
from saksgang.inbound.actions import decide_pending, register_set_aside
from saksgang.inbound.models import Door, InboundMail
from saksgang.inbound.storing import store
from saksgang.lib import files
from saksgang.tickets.models import Ticket
from saksgang.tickets.policies import Refused
from saksgang.upkeep.checks.files import check_files

pytestmark = pytest.mark.django_db

RAW = (
    b"From: Nora Sykepleier <nora@sykehus.example>\r\nTo: ikt@sykehus.example\r\nSubject: Skriver\r\n"
    b"Date: Mon, 23 Nov 2026 08:00:00 +0100\r\nMessage-ID: <1@sykehus.example>\r\n\r\nDen svarer ikke.\r\n"
)


def damage(sha256: str, content: bytes) -> None:
    place = files.path_of(sha256)
    place.chmod(0o600)
    place.write_bytes(content)


@pytest.fixture(params=[b"", RAW[:60], RAW.replace(b"svarer", b"virker")], ids=["emptied", "cut short", "changed"])
def row(request, cast) -> InboundMail:
    row = store(RAW, mailbox=cast.ikt, door=Door.SMTP, envelope_from="nora@sykehus.example")
    damage(row.raw_sha256, request.param)
    return row


def test_it_makes_no_case_and_the_ledger_says_why(row):
    decide_pending()
    row.refresh_from_db()
    assert (row.outcome, row.set_aside_reason) == ("set_aside", "raw_damaged")
    assert not Ticket.objects.exists()


def test_the_same_mail_delivered_again_mends_it(row, cast):
    decide_pending()
    again = store(RAW, mailbox=cast.ikt, door=Door.SMTP, envelope_from="nora@sykehus.example")
    assert files.read(again.raw_sha256) == RAW
    assert mending.look_at_mended() == 1
    decide_pending()
    assert sorted(InboundMail.objects.values_list("outcome", flat=True)) == ["duplicate", "new_ticket"]
    assert Ticket.objects.get().subject == "Skriver"


def test_a_file_put_back_by_hand_is_noticed(row):
    decide_pending()
    assert mending.look_at_mended() == 0
    damage(row.raw_sha256, RAW)
    assert mending.look_at_mended() == 1
    decide_pending()
    row.refresh_from_db()
    assert (row.outcome, row.set_aside_reason) == ("new_ticket", "")


def test_the_check_names_the_file(row):
    (sentence,) = list(check_files())
    assert str(files.path_of(row.raw_sha256)) in sentence
    damage(row.raw_sha256, RAW)
    assert list(check_files()) == []


def test_no_case_is_made_of_it_by_hand(row, cast):
    decide_pending()
    with pytest.raises(Refused, match="sikkerhetskopien"):
        register_set_aside(mail=row, by=cast.kari, team=cast.service_desk, requester=cast.nora, subject="Skriver")
    assert not Ticket.objects.exists()


def test_its_page_shows_nothing_of_what_lies_there(row, cast, client):
    decide_pending()
    client.force_login(cast.kari.account)
    page = client.get(f"/mail/{row.pk}").content.decode()
    assert "skadet på disken" in page
    assert "virker ikke" not in page
    assert client.get(f"/mail/{row.pk}/raw").status_code == 404
