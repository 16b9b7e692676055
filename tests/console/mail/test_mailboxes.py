from datetime import timedelta

import pytest

from saksgang.catalogue import actions as catalogue
from saksgang.events.models import Event
from saksgang.inbound import watching
from saksgang.inbound.models import MailboxWatch
from saksgang.lib import clock
from tests.cast import SETUP
from tests.console.desk import signed_in


@pytest.fixture
def door(cast):
    return catalogue.set_imap_door(
        by=SETUP, mailbox=cast.ikt, host="imap.sykehus.example", user="ikt", secret="hemmelig-passord"
    )


def rows(cast) -> dict:
    response = signed_in(cast.kari).get("/mailboxes")
    assert b"hemmelig-passord" not in response.content
    return {row["mailbox"].slug: row for row in response.context["rows"]}


def test_each_mailbox_tells_how_mail_comes_and_how_it_is_doing(cast, door):
    assert {slug: row["label"] for slug, row in rows(cast).items()} == {
        "ikt": "Not read yet",
        "e-helse": "Handed to us",
    }
    watching.note_success(cast.ikt)
    assert rows(cast)["ikt"]["label"] == "In order"
    watching.note_trouble(cast.ikt, "UID 7 was not moved: NO <script>", all_stored=True)
    assert rows(cast)["ikt"]["tone"] == "warning"
    with clock.at(clock.now() + timedelta(minutes=1)):
        watching.note_trouble(cast.ikt, "the server does not let us in")
    page = signed_in(cast.kari).get("/mailboxes").content.decode()
    assert rows(cast)["ikt"]["tone"] == "danger"
    assert "the server does not let us in" in page
    assert "imap.sykehus.example" in page


def test_what_a_server_says_is_shown_as_words(cast, door):
    watching.note_trouble(cast.ikt, "<script>x</script>")
    assert b"<script>x" not in signed_in(cast.kari).get("/mailboxes").content


def test_the_books(cast, door):
    watching.note_count(cast.ikt, waiting=1, kept=1234, missing=0)
    page = signed_in(cast.kari).get("/mailboxes").content.decode()
    assert "None is missing" in page
    assert "1\u202f234 kept on the server" in page
    watching.note_count(cast.ikt, waiting=1, kept=4, missing=1)
    assert "1 is missing from the mail log" in signed_in(cast.kari).get("/mailboxes").content.decode()


def test_counting_now(cast, door):
    client = signed_in(cast.kari)
    assert client.post(f"/mailboxes/{cast.ikt.pk}/count")["Location"] == "/mailboxes"
    assert MailboxWatch.objects.get(mailbox=cast.ikt).count_wanted_at
    assert Event.objects.filter(kind="mailbox_count_requested", by_person_id=cast.kari.pk).count() == 1
    assert b"A count is on its way" in client.get("/mailboxes").content


def test_what_is_not_read_by_imap_is_not_counted(cast, door):
    client = signed_in(cast.kari)
    assert client.post(f"/mailboxes/{cast.ehelse.pk}/count").status_code == 404
    catalogue.set_imap_door(by=SETUP, mailbox=cast.ikt, active=False)
    assert client.post(f"/mailboxes/{cast.ikt.pk}/count").status_code == 404
    assert client.get(f"/mailboxes/{cast.ikt.pk}/count").status_code == 405
    assert rows(cast)["ikt"]["label"] == "Handed to us"


def test_queries_do_not_grow_with_the_mailboxes(cast, door, django_assert_max_num_queries):
    client = signed_in(cast.kari)
    for nth in range(20):
        catalogue.add_mailbox(by=SETUP, slug=f"m{nth}", address=f"m{nth}@sykehus.example", name="M", team=cast.network)
    with django_assert_max_num_queries(8):
        assert len(client.get("/mailboxes").context["rows"]) == 22


def test_without_any_mailbox(cast):
    for one in (cast.ikt, cast.ehelse):
        catalogue.change_mailbox(by=SETUP, mailbox=one, active=False)
    assert b"No mailbox yet" in signed_in(cast.kari).get("/mailboxes").content
