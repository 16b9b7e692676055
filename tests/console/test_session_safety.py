"""S26 to S29 at the door: sessions, guessing, forms from elsewhere. Through the real pages."""

from __future__ import annotations

import os
import subprocess
import sys
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from saksgang.people.actions import let_sign_in
from saksgang.people.models import SignInFailure
from saksgang.worker.housekeeping import delete_old_sign_ins
from tests.cast import PASSWORD, SETUP
from tests.console.desk import signed_in

TOO_MANY = "There have been too many tries to sign in"


def enter(username: str, password: str, address: str = "192.0.2.1"):
    client = Client(REMOTE_ADDR=address)
    client.cookies["language"] = "en"
    return client, client.post("/sign-in", {"username": username, "password": password})


def test_s26_the_session_key_changes_at_sign_in_and_the_old_one_opens_nothing(cast):
    victim = Client()
    session = victim.session
    session["planted"] = True
    session.save()
    victim.cookies["sessionid"] = session.session_key
    victim.post("/sign-in", {"username": "kari", "password": PASSWORD})
    stranger = Client()
    stranger.cookies["sessionid"] = session.session_key
    assert victim.get("/queue").status_code == 200
    assert stranger.get("/queue").status_code == 302


def test_s26_a_closed_account_is_out_at_the_next_request(cast):
    client = signed_in(cast.kari)
    assert client.get("/queue").status_code == 200
    let_sign_in(by=SETUP, account=cast.kari.account, active=False)
    assert client.get("/queue").status_code == 302
    assert client.post("/tickets/new", {}).status_code == 401


def test_s26_somebody_who_has_left_is_out_at_the_next_request(cast):
    client = signed_in(cast.kari)
    cast.kari.active = False
    cast.kari.save(update_fields=["active"])
    assert client.get("/queue").status_code in (302, 403)


def test_s26_a_new_password_by_the_command_ends_every_session(cast, monkeypatch):
    clients = [signed_in(cast.kari), signed_in(cast.kari)]
    monkeypatch.setattr("getpass.getpass", lambda **_prompt: "et-helt-nytt-passord-4")
    call_command("changepassword", "kari", stdout=StringIO())
    assert [client.get("/queue").status_code for client in clients] == [302, 302]


def test_s27_after_five_tries_all_are_told_to_wait_alike(cast):
    said = {}
    for username in ("kari", "finnes-ikke"):
        for _ in range(5):
            client, answer = enter(username, "feil-passord")
            assert TOO_MANY not in answer.content.decode()
        client, answer = enter(username, PASSWORD)
        assert answer.status_code == 422
        assert "sessionid" not in client.cookies
        page = answer.content.decode()
        said[username] = page[page.index("ds-error-summary") :].replace(username, "NAME").partition("<form")[0]
    assert TOO_MANY in said["kari"]
    assert said["kari"] == said["finnes-ikke"]


def test_s27_at_a_shared_address_strangers_wait_and_who_works_there_signs_in(cast):
    enter("kari", PASSWORD)
    for nth in range(31):
        enter(f"navn{nth}", "feil-passord")
    told = {name: enter(name, "feil-passord")[1].content.decode() for name in ("kari", "knut", "finnes-ikke")}
    assert all(TOO_MANY in page for page in told.values()), "known there or not, the words are the same"
    assert enter("knut", PASSWORD)[1].status_code == 422
    assert enter("kari", PASSWORD)[1].status_code == 303


def test_s27_a_try_that_is_held_back_costs_one_hash_too(cast, monkeypatch):
    for _ in range(5):
        enter("kari", "feil-passord")
    account = get_user_model()
    hashed: list[str] = []
    plain = account.set_password
    monkeypatch.setattr(account, "set_password", lambda self, raw: hashed.append(raw) or plain(self, raw))
    enter("kari", PASSWORD)
    assert len(hashed) == 1


def test_s27_the_browser_is_known_again_by_a_cookie_that_names_nobody(cast):
    client, answer = enter("kari", PASSWORD)
    cookie = answer.cookies["known_browser"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert "kari" not in cookie.value
    for _ in range(6):
        enter("kari", "feil-passord")
    assert enter("kari", PASSWORD)[1].status_code == 422, "another browser at that address"
    client.post("/sign-out")
    again = client.post("/sign-in", {"username": "kari", "password": PASSWORD})
    assert again.status_code == 303
    assert again.cookies["known_browser"].value == cookie.value


def test_s27_the_right_password_clears_the_count(cast):
    for _ in range(4):
        enter("kari", "feil-passord")
    assert enter("kari", PASSWORD)[1].status_code == 303
    assert not SignInFailure.objects.exists()


def test_s36_the_address_is_the_clients_and_not_what_it_says(cast):
    """A stranger who names another address with each try is still one."""
    for nth in range(31):
        client = Client(REMOTE_ADDR="192.0.2.66", headers={"x-forwarded-for": f"10.0.0.{nth}"})
        client.cookies["language"] = "en"
        answer = client.post("/sign-in", {"username": f"navn{nth}", "password": "feil"})
    assert TOO_MANY in answer.content.decode()


def test_s27_an_unknown_name_costs_one_hash_as_a_known_one_does(cast, monkeypatch):
    account = get_user_model()
    hashed: list[str] = []
    for name in ("set_password", "check_password"):
        plain = getattr(account, name)
        monkeypatch.setattr(account, name, lambda self, raw, plain=plain: hashed.append(raw) or plain(self, raw))
    enter("finnes-ikke", "feil")
    enter("kari", "feil")
    assert len(hashed) == 2


def test_the_daily_tidying(cast):
    enter("kari", "feil-passord")
    assert delete_old_sign_ins() == 0


def places(patterns=None, before: str = ""):
    """(address, view) of every page."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from places(one.url_patterns, route)
        elif isinstance(one, URLPattern):
            yield (
                route.replace("<number:number>", "1").replace("<number:pk>", "1").replace("<slug:box>", "note"),
                one.callback,
            )


ALL = list(places())


def test_s29_no_view_is_exempt_from_the_forms_token():
    assert [route for route, view in ALL if getattr(view, "csrf_exempt", False)] == []


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_s29_no_page_changes_anything_without_the_token(cast, method):
    cast.case()
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.kari.account)
    client.cookies["csrftoken"] = "x" * 32
    answers = {route: getattr(client, method)(f"/{route}").status_code for route, _view in ALL if "<" not in route}
    assert len(answers) > 30
    assert {route: status for route, status in answers.items() if status != 403} == {}


def test_s29_no_page_may_be_read_by_other_sites(cast):
    client = signed_in(cast.kari)
    cast.case()
    for route, _view in ALL:
        if "<" in route:
            continue
        for method in (client.get, client.options):
            answer = method(f"/{route}", headers={"origin": "https://evil.example"})
            assert not [name for name in answer.headers if name.lower().startswith("access-control-")], route


@pytest.mark.parametrize("address", ["/sign-in", "/language"])
@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_s29_next_stays_here(cast, address, wanted):
    fields = {"username": "kari", "password": PASSWORD, "language": "nb", "next": wanted}
    assert Client().post(address, fields)["Location"] == "/"
    assert signed_in(cast.kari).get(f"/sign-in?next={wanted}")["Location"] == "/"


WITHOUT_DEMO = """
import django; django.setup()
from django.conf import settings
from django.urls import Resolver404, resolve
from tests.console.test_session_safety import places
assert "saksgang.demo" not in settings.INSTALLED_APPS
try:
    resolve("/demo/")
except Resolver404:
    print(" ".join(route for route, _view in places()))
"""


def test_s28_no_page_sets_anything_up_and_the_demos_exist_only_in_the_demo(tmp_path):
    environment = os.environ | {
        "SAKSGANG_DEMO": "",
        "SAKSGANG_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "saksgang.config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_DEMO], env=environment, check=True, capture_output=True, text=True
    )
    routes = done.stdout.split()
    assert len(routes) > 30
    doors = ("setup", "set-up", "install", "demo", "admin", "debug", "register", "reset")
    assert [route for route in routes if any(route.split("/")[0] == door for door in doors)] == []
