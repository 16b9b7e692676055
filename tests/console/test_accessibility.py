import pytest
from django.test import Client

from saksgang.catalogue.models import Mailbox
from saksgang.console.views.accessibility import ASSESSED_ON
from tests.console.desk import signed_in


def statement(language="en") -> str:
    client = Client()
    client.cookies["language"] = language
    answer = client.get("/accessibility")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_statement_is_open_to_all_and_says_what_holds_and_what_is_lacking(cast):
    words = statement()
    for said in ("WCAG 2.1", "Uutilsynet", "What we know is lacking", "screen reader", "How it was tested"):
        assert said in words
    assert f"{ASSESSED_ON.day} November {ASSESSED_ON.year}" in words


def test_whoever_is_stuck_writes_to_the_hospitals_own_first_mailbox(cast):
    assert 'href="mailto:ikt@sykehus.example"' in statement()
    Mailbox.objects.filter(slug="ikt").update(active=False)
    assert 'href="mailto:e-helse@sykehus.example"' in statement()


def test_without_a_mailbox_it_still_says_whom_to_tell(db):
    words = statement()
    assert "mailto:" not in words
    assert "Tell the ICT department" in words


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_it_can_be_read_in_each_language(cast, language):
    assert f'<html lang="{language}"' in statement(language)


def test_it_is_linked_from_the_sign_in_page_and_from_the_menu(cast):
    assert 'href="/accessibility"' in Client().get("/sign-in").content.decode()
    assert 'href="/accessibility"' in signed_in(cast.kari).get("/queue").content.decode()


def test_it_is_read_only():
    assert Client().post("/accessibility").status_code == 405
