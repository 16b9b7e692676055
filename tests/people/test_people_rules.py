from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from saksgang.people import actions, queries, rules
from saksgang.people.models import Person, PersonAddress
from tests.cast import SETUP


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Kari@Sykehus.Example", "kari@sykehus.example"),
        (" Kari Nordmann <KARI@sykehus.example> ", "kari@sykehus.example"),
        ("Åse.Øyen@Sykehus.Example", "åse.øyen@sykehus.example"),
        ("Kåre@HÅNDVERK.example", "kåre@håndverk.example"),
        ("kåre@xn--hndverk-exa.example", "kåre@håndverk.example"),
        ("k@XN--HNDVERK-EXA.example", "k@håndverk.example"),
        ("a\u030ase@sykehus.example", "åse@sykehus.example"),
        ("strauß@straße.example", "strauß@straße.example"),
        ("k@xn--strae-oqa.example", "k@straße.example"),
        ("k@xn--i-7iq.example", "k@xn--i-7iq.example"),
        ("k@xn--99999999999.example", "k@xn--99999999999.example"),
        ("", ""),
    ],
)
def test_addresses_are_compared_folded(written, folded):
    assert rules.folded_address(written) == folded


@pytest.mark.parametrize("address", ["a@x.example", "a.b+c@x.example", "o'brien@x.example", "åse@sykehus.example"])
def test_mail_could_go_there(address):
    assert rules.is_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "", "a", "@x.example", "a@", "a@b", "a@.", "a b@x.example", "a@x.example,b@x.example", "a@b@x.example", "<a@x.example>",
        "a@x.example\r\nBcc: b@x.example", "a@x.example\x00", '"a"@x.example', "a\\@x.example", "x" * 300 + "@x.example",
    ],
)  # fmt: skip
def test_s19_what_could_break_a_header_is_no_address(address):
    assert not rules.is_address(address)


@pytest.mark.parametrize(
    "written",
    [
        "no\u017fa@x.example",
        "\u212aari@x.example",
        "kari@\u017fykehus.example",
        "kari@sy\u212aehus.example",
        "\u0130da@x.example",
    ],
)
def test_s12_no_letter_outside_ascii_becomes_one_inside(written):
    assert not rules.folded_address(written).isascii()


@pytest.mark.parametrize(
    ("address", "wire"),
    [
        ("kåre@håndverk.example", "kåre@xn--hndverk-exa.example"),
        ("a@x_y.example", "a@x_y.example"),
        ("a@straße.example", "a@xn--strae-oqa.example"),
    ],
)
def test_a_domain_travels_as_ascii(address, wire):
    assert rules.travelling_address(address) == wire
    assert rules.folded_address(wire) == address


@pytest.mark.parametrize(
    ("phone", "digits"),
    [("12 34 56 78", "12345678"), ("+47 33 34 20 00", "+4733342000"), ("tlf. 4444", "4444"), ("", "")],
)
def test_phone_numbers_are_compared_as_digits(phone, digits):
    assert rules.digits(phone) == digits


@pytest.mark.parametrize(("name", "initials"), [("Kari Nordmann", "KN"), ("Åse", "Å"), ("a b c", "AC"), ("", "")])
def test_initials(name, initials):
    assert rules.initials(name) == initials


def test_an_address_is_one_persons(cast):
    assert actions.person_of_address(by=SETUP, address="NORA@sykehus.example", name="En annen") == cast.nora
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.add_person(by=SETUP, name="En annen", addresses=("Nora@Sykehus.Example",))


@pytest.mark.django_db(transaction=True)
def test_two_mails_at_once_from_somebody_new_make_one_person(live_cast):
    start, made = threading.Barrier(4), []

    def work() -> None:
        try:
            start.wait()
            made.append(actions.person_of_address(by=SETUP, address="ny@sykehus.example", name="Ny").pk)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert len(made) == 4
    assert len(set(made)) == 1
    assert PersonAddress.objects.filter(address="ny@sykehus.example").count() == 1
    assert Person.objects.filter(name="Ny").count() == 1


@pytest.mark.parametrize("words", ["nora", "NORA", "4444", "syke nora", "nora@sykehus", "sengepost nora", "Øyepol dag"])
def test_persons_are_found_as_one_types(cast, words):
    found = [row["name"] for row in queries.find_persons(words, Person.objects.all())]
    assert ("Dag Lege" if "dag" in words else "Nora Sykepleier") in found


@pytest.mark.parametrize("words", ["%", "_", "   ", "", "finnes ikke"])
def test_s30_wildcards_find_nobody(cast, words):
    assert queries.find_persons(words, Person.objects.all()) == []
