from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import timedelta

import pytest
from django.test import Client

from saksgang.events import alarms
from saksgang.events.actions import claim
from saksgang.events.models import Delivery, LifeSign, Listening
from saksgang.inbound.actions import decide_pending
from saksgang.inbound.models import Door
from saksgang.inbound.storing import store
from saksgang.lib import clock
from saksgang.outbound import follower
from saksgang.upkeep.backup_folder import MANIFEST, Manifest
from tests.cast import SETUP

SAMPLE = re.compile(r'saksgang_[a-z_]+(\{[a-z]+="[A-Za-z_]+"\})? \d+(\.\d+)?')


def asked(address: str = "127.0.0.1", **headers) -> tuple[int, str]:
    answer = Client().get("/metrics", REMOTE_ADDR=address, headers=headers)
    return answer.status_code, answer.content.decode()


def numbers() -> dict[str, float]:
    return {
        name: float(number)
        for name, number in (line.rsplit(" ", 1) for line in asked()[1].splitlines() if not line.startswith("#"))
    }


def raw(nth: int, **headers) -> bytes:
    head = {"From": "nora@sykehus.example", "To": "ikt@sykehus.example", "Subject": f"Sak {nth}"} | headers
    return "".join(f"{name}: {value}\r\n" for name, value in head.items()).encode() + b"\r\nHei\r\n"


def test_every_line_is_what_prometheus_reads(cast, monkeypatch):
    cast.case()
    alarms.raise_alarm(kind="silent_mailbox", key="ikt", by=SETUP)
    status, text = asked()
    assert status == 200
    told = [line for line in text.splitlines() if not line.startswith("#")]
    assert len(told) >= 14
    assert [line for line in told if not SAMPLE.fullmatch(line)] == []
    for line in told:
        name = re.split(r"[{ ]", line)[0]
        assert f"# TYPE {name} gauge\n" in text
        assert f"# HELP {name} " in text
    assert text.endswith("\n")


def test_the_numbers(cast, settings, tmp_path):
    restricted = cast.case(acknowledge=True)
    cast.case()
    for nth in range(3):
        store(raw(nth), mailbox=cast.ikt, door=Door.SMTP)
    type(restricted).objects.filter(pk=restricted.pk).update(restricted=True)
    alarms.raise_alarm(kind="silent_mailbox", key="ikt", by=SETUP)
    alarms.raise_alarm(kind="silent_mailbox", key="e-helse", by=SETUP)
    LifeSign.objects.create(name="worker", seen_at=clock.now() - timedelta(seconds=90))
    follower.handle(claim("outbound")[0])
    Delivery.objects.filter(follower="outbound").update(dead=True)
    settings.BACKUP_DIR = str(tmp_path)
    (tmp_path / "20261123-0300").mkdir()
    manifest = Manifest("0.1", "sqlite", "", finished_at=(clock.now() - timedelta(hours=3)).isoformat())
    (tmp_path / "20261123-0300" / MANIFEST).write_text(json.dumps(asdict(manifest)))
    found = numbers()
    assert found['saksgang_cases_open{state="NEW"}'] == 2  # the restricted one too
    assert found['saksgang_cases_open{state="PLANNED"}'] == 0
    assert found["saksgang_mails_undecided"] == 3
    assert found["saksgang_outbox_pending"] == 1
    assert found["saksgang_deliveries_dead"] == Delivery.objects.count() > 0
    assert found['saksgang_alarms_open{kind="silent_mailbox"}'] == 2
    assert 90 <= found["saksgang_worker_seen_age_seconds"] < 200
    assert 3 * 3600 <= found["saksgang_backup_age_seconds"] < 3 * 3600 + 100


def test_who_listens_over_all_processes_that_gave_a_sign(db):
    now = clock.now()
    for process, age, streams, lag in (("a", 10, 40, 120), ("b", 60, 2, 300), ("gone", 150, 7, 9_000)):
        Listening.objects.create(process=process, seen_at=now - timedelta(seconds=age), streams=streams, lag_ms=lag)
    found = numbers()
    assert (found["saksgang_streams_open"], found["saksgang_streams_lag_seconds"]) == (42, 0.3)


def test_the_tray(cast):
    store(raw(1, From=""), mailbox=cast.ikt, door=Door.SMTP, envelope_from="")
    decide_pending()
    found = numbers()
    assert (found["saksgang_mails_undecided"], found["saksgang_mails_undecided_oldest_seconds"]) == (0, 0)
    assert found["saksgang_tray"] in (0, 1)
    assert found["saksgang_tray_overdue"] == 0


def test_as_many_queries_however_much_there_is(cast, django_assert_num_queries):
    for nth in range(5):
        cast.case()
        store(raw(nth), mailbox=cast.ikt, door=Door.SMTP)
    with django_assert_num_queries(15):
        asked()


def test_strangers_find_nothing(db, settings):
    unknown = Client().get("/no-such-page")
    for status, text in (asked("192.0.2.9"), asked("127.0.0.1", **{"x-forwarded-for": "192.0.2.9"})):
        assert status == unknown.status_code == 404
        assert "saksgang_" not in text
    settings.METRICS_TOKEN = "hemmelig-nok"
    assert asked("192.0.2.9", authorization="Bearer feil")[0] == 404
    assert asked("192.0.2.9", authorization="Basic hemmelig-nok")[0] == 404
    assert asked("192.0.2.9", authorization="Bearer hemmelig-nok")[0] == 200


@pytest.mark.parametrize("proxies", [[], ["127.0.0.1"]])
def test_s36_a_proxy_on_this_machine_opens_no_door(db, settings, proxies):
    import ipaddress

    settings.TRUSTED_PROXIES = [ipaddress.ip_network(one) for one in proxies]
    for header in ("x-forwarded-for", "x-real-ip", "forwarded", "via", "x-forwarded-proto"):
        assert asked("127.0.0.1", **{header: "127.0.0.1"})[0] == 404
