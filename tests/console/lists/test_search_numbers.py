"""A case number as people write and paste it leads to the case; one that is not for one's eyes is not there."""

from __future__ import annotations

import pytest

from saksgang.tickets.actions.restriction import restrict
from saksgang.tickets.mail_reference import subject_mark
from saksgang.tickets.models import Ticket
from tests.console.case.help import browser
from tests.console.desk import numbers

WRITTEN = [
    "{n}", "#{n}", "# {n}", "SAK-{n}", "sak-{n}", "sak {n}", "Sak {n}", "SAK{n}", "sak#{n}", "sak #{n}", "[SAK-{n}]", "[ SAK-{n} ]",
    "saksnr {n}", "Saksnr. {n}", "saksnummer {n}", "Saksnummer: {n}", "sak nr. {n}", "sak nr {n}", "saken {n}", "saka {n}",
    "case {n}", "Case no. {n}", "nr. {n}", "  sak   {n}  ", "sak – {n}", "SAK\u2011{n}", "ＳＡＫ－{n}", "＃{n}", "sak\u00a0{n}", "{n}.",  # noqa: RUF001
]  # fmt: skip


def searched(person, words):
    return browser(person).get("/search", {"q": words})


@pytest.mark.parametrize("written", WRITTEN)
def test_leads_to_the_case(cast, written):
    ticket = cast.case()
    assert searched(cast.kari, written.format(n=ticket.pk)).headers.get("Location") == f"/tickets/{ticket.pk}"


def test_in_full_width_digits(cast):
    ticket = cast.case()
    wide = str(ticket.pk).translate({ord("0") + n: chr(0xFF10 + n) for n in range(10)})
    assert searched(cast.kari, f"sak {wide}")["Location"] == f"/tickets/{ticket.pk}"


def test_the_mark_of_our_mails(cast):
    ticket = cast.case()
    assert searched(cast.kari, subject_mark(ticket.pk))["Location"] == f"/tickets/{ticket.pk}"


@pytest.mark.parametrize("written", ["[Sak ID# {n}]", "sak id {n}", "Sak ID#{n}", "SAK-{n}", "{n}"])
def test_a_number_of_the_old_system(cast, written):
    ticket = cast.case()
    Ticket.objects.filter(pk=ticket.pk).update(old_number="987654", search_folded="987654")
    assert searched(cast.kari, written.format(n="987654"))["Location"] == f"/tickets/{ticket.pk}"


def test_an_old_number_that_is_also_one_of_ours(cast):
    ours, brought = cast.case(), cast.case()
    Ticket.objects.filter(pk=brought.pk).update(old_number=str(ours.pk))
    assert searched(cast.kari, f"SAK-{ours.pk}")["Location"] == f"/tickets/{ours.pk}"
    assert searched(cast.kari, f"[Sak ID# {ours.pk}]")["Location"] == f"/tickets/{brought.pk}"


@pytest.mark.parametrize("written", ["{n}", "SAK-{n}", "#{n}", "[Sak ID# {n}]"])
def test_one_that_one_may_not_see_is_not_found(cast, written):
    ticket = restrict(ticket=cast.case(), by=cast.kari, readers=[], reason="Gjelder en ansatt")
    Ticket.objects.filter(pk=ticket.pk).update(old_number=str(ticket.pk))
    answer = searched(cast.knut, written.format(n=ticket.pk))
    nothing = searched(cast.knut, written.format(n=999999))
    assert answer.status_code == nothing.status_code == 200
    assert numbers(answer) == []
    assert "No case was found" in answer.content.decode()


@pytest.mark.parametrize("words", ["sak", "sak 12 b", "saker 12", "skriver 12", "12 12", "sak-", "[]"])
def test_what_is_no_number_is_searched_for_as_words(cast, words):
    cast.case()
    assert searched(cast.kari, words).status_code == 200


def test_a_number_in_a_phone_number_is_still_found_as_a_word(cast):
    ticket = cast.case()
    Ticket.objects.filter(pk=ticket.pk).update(search_folded="tlf 55512345")
    assert numbers(searched(cast.kari, "55512345")) == [ticket.pk]
