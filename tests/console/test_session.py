import pytest
from django.test import Client

from saksgang.people.models import Language
from tests.cast import PASSWORD
from tests.console.desk import signed_in


def enter(client, **changes):
    return client.post("/sign-in", {"username": "kari", "password": PASSWORD} | changes)


def test_signing_in_and_out(cast):
    client = Client()
    response = enter(client)
    assert (response.status_code, response["Location"]) == (303, "/")
    assert client.cookies["language"].value == "nb"
    assert client.get("/").status_code == 200
    assert client.post("/sign-out")["Location"] == "/sign-in"
    assert client.get("/").status_code == 302


def test_the_user_name_is_found_whatever_its_letters(cast):
    assert enter(Client(), username="KARI").status_code == 303


def refused(client, **changes) -> str:
    client.cookies["language"] = "en"
    response = enter(client, **changes)
    assert response.status_code == 422
    assert "sessionid" not in response.cookies
    page = response.content.decode()
    return page[page.index("ds-error-summary") : page.index("</div>", page.index("ds-error-summary"))]


def test_s27_every_refusal_sounds_alike(cast):
    wrong = refused(Client(), password="feil-passord")
    unknown = refused(Client(), username="finnes-ikke")
    cast.knut.account.is_active = False
    cast.knut.account.save(update_fields=["is_active"])
    closed = refused(Client(), username="knut")
    cast.liv.active = False
    cast.liv.save(update_fields=["active"])
    left = refused(Client(), username="liv")
    assert wrong == unknown == closed == left


def test_s27_an_unknown_name_is_hashed_too(cast, monkeypatch):
    from saksgang.people.models import Account

    hashed = []
    plain = Account.set_password
    monkeypatch.setattr(Account, "set_password", lambda self, raw: hashed.append(raw) or plain(self, raw))
    refused(Client(), username="finnes-ikke")
    assert hashed == [PASSWORD]


@pytest.mark.parametrize("name", ["", "\x00kari", "k" * 10_000, "<script>alert(1)</script>", "kari\r\nSet-Cookie: a=b"])
def test_odd_names_are_refused_plainly(cast, name):
    response = enter(Client(), username=name)
    assert response.status_code == 422
    assert b"<script>alert" not in response.content


def test_s26_the_session_gets_a_new_key(cast):
    client = Client()
    client.get("/sign-in")
    session = client.session
    session["planted"] = "yes"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    enter(client)
    assert client.cookies["sessionid"].value != before


def test_s26_a_new_password_ends_other_sessions(cast):
    client = signed_in(cast.kari)
    cast.kari.account.set_password("et-helt-nytt-passord")
    cast.kari.account.save()
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "\\\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        "/\r\nX: y",
        "%00",
    ],
)
def test_s29_next_leads_to_our_own_pages_only(cast, wanted):
    assert enter(Client(), next=wanted)["Location"] in ("/", "%00")


def test_next_leads_back(cast):
    client = Client()
    asked = client.get("/queue?show=mine")
    assert asked["Location"] == "/sign-in?next=/queue%3Fshow%3Dmine"
    assert enter(client, next="/queue?show=mine")["Location"] == "/queue?show=mine"
    assert client.get("/sign-in?next=/mail")["Location"] == "/mail"


def test_signing_in_sets_the_persons_own_language(cast):
    cast.kari.language = Language.NN
    cast.kari.save(update_fields=["language"])
    assert enter(Client()).cookies["language"].value == "nn"


def test_choosing_a_language_lasts(cast):
    client = signed_in(cast.kari)
    response = client.post("/language", {"language": "nn", "next": "/queue"})
    assert (response.status_code, response["Location"]) == (303, "/queue")
    assert response.cookies["language"].value == "nn"
    cast.kari.refresh_from_db()
    assert cast.kari.language == "nn"
    assert b'<html lang="nn"' in client.get("/queue").content


def test_choosing_a_language_signed_out_sets_the_cookie_only(cast):
    response = Client().post("/language", {"language": "en", "next": "//evil.example"})
    assert response["Location"] == "/"
    assert response.cookies["language"].value == "en"


def test_a_language_that_we_do_not_speak_changes_nothing(cast):
    response = signed_in(cast.kari).post("/language", {"language": "../../etc"})
    assert "language" not in response.cookies
