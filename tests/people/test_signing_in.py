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


# --- one address for the whole hospital -------------------------------------------------------------------------------


def sign_in(person, username: str, address: str = HERE, browser: str = "") -> None:
    signing_in.succeeded(signing_in.begin(username=username, address=address, browser=browser), person.account)


@pytest.fixture
def hospital(cast):
    """Kari and Knut have signed in from the hospital's address."""
    sign_in(cast.kari, "kari")
    sign_in(cast.knut, "knut")
    return cast


@pytest.mark.parametrize("names", ["of nobody", "of everybody", "of one"])
def test_s27_wrong_passwords_from_a_shared_address_keep_nobody_out_who_signs_in_there(hospital, names):
    guessed = {
        "of nobody": [f"navn{nth}" for nth in range(60)],
        "of everybody": ["kari", "nils", "liv", "trine", "nora", *(f"navn{nth}" for nth in range(60))],
        "of one": ["nils"] * 60,
    }[names]
    for name in guessed:
        tries(1, name)
    assert tries(1, "knut") == [True]
    assert signing_in.begin(username="kari", address=HERE) is not None


def test_s27_strangers_at_a_shared_address_have_to_wait_and_can_after_a_while(hospital, later):
    assert [tries(1, f"navn{nth}")[0] for nth in range(31)] == [True] * 30 + [False]
    assert tries(1, "nils") == [False], "who has never signed in from here"
    assert tries(1, "nils", THERE) == [True]
    later(minutes=16)
    assert tries(1, "nils") == [True]


def test_s27_what_strangers_try_and_what_the_known_try_are_counted_apart(hospital):
    assert tries(6, "kari") == [True] * 5 + [False], "at her own place too one guesses five times"
    assert tries(6, "kari", THERE) == [True] * 5 + [False]
    assert [tries(1, f"navn{nth}")[0] for nth in range(30)] == [True] * 30


def test_s27_the_known_names_of_an_address_are_not_all_guessed_at(hospital, monkeypatch):
    monkeypatch.setattr(signing_in, "PER_ADDRESS", 4)
    assert tries(4, "kari") == [True] * 4
    assert tries(5, "knut") == [True] * 2 + [False] * 3, "three for each of the two names"


def test_s27_a_browser_is_known_wherever_it_is_and_whoever_guesses_beside_it(cast):
    browser = signing_in.new_browser()
    sign_in(cast.kari, "kari", HERE, browser)
    assert tries(6, "kari", HERE) == [True] * 5 + [False], "somebody at the same address without it"
    assert signing_in.begin(username="kari", address=HERE, browser=browser) is not None
    assert signing_in.begin(username="kari", address=THERE, browser=browser) is not None
    for _nth in range(3):
        signing_in.begin(username="kari", address=THERE, browser=browser)
    assert signing_in.begin(username="kari", address=THERE, browser=browser) is None, "it guesses five times too"


@pytest.mark.parametrize("cookie", ["", "x", "x:y:z", "a" * 5000, "\x00", "æ:ø"])
def test_s27_an_invented_browser_is_none(cast, cookie):
    sign_in(cast.kari, "kari", THERE, cookie)
    assert not signing_in.is_browser(cookie)
    assert SignInPlace.objects.count() == 1
    assert [signing_in.begin(username="kari", address=HERE, browser=cookie) is None for _ in range(6)] == [
        False
    ] * 5 + [True]


def test_s27_a_browser_is_known_for_those_only_who_signed_in_there(cast):
    browser = signing_in.new_browser()
    sign_in(cast.kari, "kari", HERE, browser)
    tries(5, "knut", THERE)
    assert signing_in.begin(username="knut", address=THERE, browser=browser) is None


def test_s27_nobody_is_told_apart_where_strangers_have_to_wait(hospital):
    """A wrong password of somebody known there sounds like a stranger's that is held back."""
    assert not signing_in.begin(username="kari", address=HERE).sounds_held_back
    for nth in range(31):
        tries(1, f"navn{nth}")
    assert signing_in.begin(username="kari", address=HERE).sounds_held_back
    assert signing_in.begin(username="nils", address=HERE) is None
    tries(6, "knut", THERE)
    assert signing_in.begin(username="knut", address=HERE).sounds_held_back


def test_a_clock_that_was_ahead_keeps_nobody_out(cast):
    with clock.at(clock.now() + timedelta(hours=3)):
        tries(6)
    assert tries(1) == [True]


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
