from __future__ import annotations

import pytest

from saksgang.tickets.rules.secrets import tells_a_secret

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "words",
    [
        "Passordet ditt er Sommer2026.",
        "Hei, passord: Abc!123",
        "Nytt passord=x7Kq-22",
        "PIN 4711",
        "PIN-koden er 4711",
        "Engangskode: 993 er gammel, kode 882134 gjelder.",
        "Your password is hunter2!",
        "passordet blir Vinter#26",
    ],
)
def test_a_secret_in_full_is_found(words):
    assert tells_a_secret(words)


@pytest.mark.parametrize(
    "words",
    [
        "Passordet er nullstilt!",
        "Passordet er sendt på SMS.",
        "Vi ringer deg med koden. Ikke del passordet med noen.",
        "Feilkode 0x80070005 i loggen",
        "Passordet må ha 12 tegn",
        "Passord: se egen melding",
        "Saken gjelder romkode?",
        "",
    ],
)
def test_talking_of_one_is_allowed(words):
    assert not tells_a_secret(words)
