"""S27: how often a password may be guessed."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from saksgang.lib import clock
from saksgang.people import signing_in
from saksgang.people.models import SignInFailure, SignInPlace

HERE, THERE = "192.0.2.1", "192.0.2.2"


def tries(number: int, username: str = "kari", address: str = HERE) -> list[bool]:
    """Whether each of so many wrong tries was let through to the password."""
    return [signing_in.begin(username=username, address=address) is not None for _ in range(number)]


@pytest.fixture
def later(monkeypatch):
    def move(**much) -> None:
        moment = clock.now() + timedelta(**much)
        monkeypatch.setattr(clock, "now", lambda: moment)

    return move


@pytest.mark.parametrize("username", ["kari", "finnes-ikke"])
def test_s27_five_tries_a_name_whether_or_not_anybody_has_it(cast, username, later):
    assert tries(7, username) == [True] * 5 + [False] * 2
    assert tries(1, username.upper(), THERE) == [False], "other letters and another address are the same name"
    assert tries(1, "knut") == [True]
    later(minutes=14)
    assert tries(1, username) == [False]
    later(minutes=2)
    assert tries(6, username) == [True] * 5 + [False], "what was refused in between does not count"


def test_s27_thirty_tries_an_address(cast):
    assert [tries(1, f"navn{nth}")[0] for nth in range(32)] == [True] * 30 + [False] * 2
    assert tries(1, "kari", THERE) == [True]


def test_s27_an_ipv6_network_counts_as_one_address(cast):
    assert [tries(1, f"navn{nth}", f"2001:db8::{nth:x}")[0] for nth in range(31)] == [True] * 30 + [False]
    assert tries(1, "kari", "2001:db8:0:1::1") == [True]


def test_s27_signing_in_clears_the_name(cast):
    assert tries(4) == [True] * 4
    signing_in.succeeded(signing_in.begin(username="kari", address=HERE), cast.kari.account)
    assert tries(6) == [True] * 5 + [False]


def test_s27_strangers_do_not_keep_the_owner_out_where_they_sign_in_each_day(cast):
    signing_in.succeeded(signing_in.begin(username="kari", address=HERE), cast.kari.account)
    assert tries(6, address=THERE) == [True] * 5 + [False]
    assert tries(6, address=HERE) == [True] * 5 + [False], "and there one guesses five times too"


def test_s27_nothing_that_was_typed_is_kept(cast):
    tries(1, "hemmelig-i-testene", HERE)
    row = SignInFailure.objects.values().get()
    assert "hemmelig" not in str(row)
    assert HERE not in str(row)
    assert len(row["name_hash"]) == len(row["address_hash"]) == 64


def test_old_rows_go(cast, later):
    tries(3)
    signing_in.succeeded(signing_in.begin(username="knut", address=HERE), cast.knut.account)
    assert signing_in.forget_old() == 0
    later(days=2)
    assert signing_in.forget_old() == 3
    later(days=90)
    assert signing_in.forget_old() == 1
    assert not SignInPlace.objects.exists()


def test_s27_many_tries_at_once_are_all_counted(live_cast):
    passed: list[bool] = []

    def guess() -> None:
        try:
            passed.extend(tries(3))
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 12
    assert sum(passed) <= 5
