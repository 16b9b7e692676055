"""S36: what a proxy says counts only when the settings name that proxy."""

from __future__ import annotations

import ipaddress

import pytest
from django.test import Client

from saksgang.config import environment as env
from saksgang.config.proxies import DIRECT, believe_proxies
from saksgang.lib.bad_setting import BadSetting

pytestmark = pytest.mark.once

PROXIES = [ipaddress.ip_network("127.0.0.1"), ipaddress.ip_network("10.1.0.0/16"), ipaddress.ip_network("fd00::/8")]


@pytest.fixture
def proxies(settings):
    settings.TRUSTED_PROXIES = PROXIES


def client_of(peer: str, chain: str | None = None, **headers: str) -> str:
    meta = {"REMOTE_ADDR": peer, **headers}
    if chain is not None:
        meta["HTTP_X_FORWARDED_FOR"] = chain
    believe_proxies(meta)
    return meta["REMOTE_ADDR"]


@pytest.mark.parametrize(
    ("peer", "chain", "client"),
    [
        ("127.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("127.0.0.1", "6.6.6.6, 192.0.2.7", "192.0.2.7"),  # the first was written by the client itself
        ("127.0.0.1", "6.6.6.6, 192.0.2.7, 10.1.2.3", "192.0.2.7"),  # two proxies of ours
        ("127.0.0.1", "10.1.2.3", "10.1.2.3"),
        ("127.0.0.1", None, "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "192.0.2.7, unknown", "127.0.0.1"),
        ("127.0.0.1", "192.0.2.7, <script>", "127.0.0.1"),
        ("127.0.0.1", "192.0.2.7,,10.1.2.3", "10.1.2.3"),
        ("::ffff:127.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("fd00::1", "2001:db8::7", "2001:db8::7"),
        ("192.0.2.9", "127.0.0.1", "192.0.2.9"),  # a stranger who pretends to be this machine
        ("192.0.2.9", "10.1.2.3, 127.0.0.1", "192.0.2.9"),
        ("", "192.0.2.7", ""),
        ("unix:", "192.0.2.7", "unix:"),
    ],
)
def test_s36_the_last_hop_that_is_no_proxy_of_ours_is_the_client(proxies, peer, chain, client):
    assert client_of(peer, chain) == client


def test_s36_strangers_headers_are_taken_away(proxies):
    forged = {
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_HOST": "evil.example",
        "HTTP_X_REAL_IP": "127.0.0.1",
        "HTTP_FORWARDED": "for=127.0.0.1;proto=https",
    }
    meta = {"REMOTE_ADDR": "192.0.2.9", **forged}
    believe_proxies(meta)
    assert meta == {"REMOTE_ADDR": "192.0.2.9", DIRECT: False}


@pytest.mark.parametrize(
    ("told", "believed"), [("https", "https"), ("http", "http"), ("https, http", None), ("x", None)]
)
def test_a_trusted_proxy_says_whether_there_was_https(proxies, told, believed):
    meta = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_PROTO": told}
    believe_proxies(meta)
    assert meta.get("HTTP_X_FORWARDED_PROTO") == believed


@pytest.fixture
def https(settings):
    """As the settings are behind a proxy with HTTPS."""
    settings.TRUSTED_PROXIES = PROXIES
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.CSRF_TRUSTED_ORIGINS = env.origin("https://desk.sykehus.example/")
    settings.ALLOWED_HOSTS = ["desk.sykehus.example"]


def test_s36_hsts_is_sent_behind_our_proxy_and_to_nobody_who_only_says_so(db, https):
    by_proxy = {"headers": {"host": "desk.sykehus.example", "x-forwarded-proto": "https"}}
    assert "max-age=31536000" in Client().get("/sign-in", **by_proxy)["Strict-Transport-Security"]
    stranger = Client().get("/sign-in", **by_proxy, REMOTE_ADDR="192.0.2.9")
    assert "Strict-Transport-Security" not in stranger


def test_s36_a_forwarded_host_is_never_believed(db, https):
    asked = {"headers": {"host": "desk.sykehus.example", "x-forwarded-host": "evil.example"}}
    assert Client().get("/sign-in", **asked).status_code == 200
    assert Client().get("/sign-in", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    ("origin", "status"), [("https://desk.sykehus.example", 422), ("https://evil.example", 403), ("null", 403)]
)
def test_forms_of_the_address_that_people_use_are_taken_without_another_setting(db, https, origin, status):
    client = Client(enforce_csrf_checks=True)
    page = client.get("/sign-in", headers={"host": "desk.sykehus.example"}).content.decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    fields = {"csrfmiddlewaretoken": token, "username": "finnes-ikke", "password": "feil"}
    sent = client.post("/sign-in", fields, headers={"host": "desk.sykehus.example", "origin": origin})
    assert sent.status_code == status


def test_networks_are_read_or_refused(monkeypatch):
    monkeypatch.setenv("SAKSGANG_THING", "127.0.0.1, 10.1.0.0/16 fd00::/8")
    assert env.networks("THING") == PROXIES
    monkeypatch.setenv("SAKSGANG_THING", "proxy.sykehus.example")
    with pytest.raises(BadSetting, match=r"SAKSGANG_THING: .*write addresses or networks"):
        env.networks("THING")


@pytest.mark.parametrize(
    ("url", "origins"),
    [
        ("https://desk.sykehus.example/", ["https://desk.sykehus.example"]),
        ("https://desk.sykehus.example:8443", ["https://desk.sykehus.example:8443"]),
        ("http://localhost:8000", []),
        ("desk", []),
    ],
)
def test_the_origin_of_an_address(url, origins):
    assert env.origin(url) == origins
