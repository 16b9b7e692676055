"""B3: each case keeps who did what, when, from what to what; so do two that become one, one that becomes two, and a part of one.

What was said and what is owed goes along and comes back, seen from the requesters' mailboxes. That words of years ago are found
comes with search.
"""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from playwright.sync_api import expect

from saksgang.events.models import Event
from saksgang.tickets.kinds import State
from saksgang.tickets.models import Message, Ticket
from tests.acceptance.conftest import text_of
from tests.acceptance.pages import box, fill, open_case, send
from tests.tickets.steps import assess, fresh, owed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def history_of(page, desk, ticket) -> str:
    page.goto(f"{desk.url}/tickets/{ticket.pk}/history")
    return page.locator("main").inner_text()


def words_of(page) -> str:
    return page.locator(".ticket-conversation").inner_text()


@pytest.fixture
def two(desk) -> list[Ticket]:
    """Nora and Dag write about the same printer, and each has a receipt."""
    desk.send(desk.cast.nora, "Skriveren på vaktrommet er tom.", subject="Skriver")
    desk.send(desk.cast.dag, "Får ikke skrevet ut på vaktrommet.", subject="Utskrift")
    desk.work()
    return list(Ticket.objects.order_by("pk"))


def merge(page, desk, ticket, into) -> None:
    open_case(page, desk, ticket)
    form = box(page, "closure")
    fill(form, reason="MERGED", into=into.pk)
    send(form)


def answer(page, desk, ticket, words: str) -> None:
    open_case(page, desk, ticket)
    form = box(page, "answer")
    fill(form, words=words)
    send(form)
    desk.work()


def test_b3_every_change_is_told_and_nobody_can_change_what_was_told(desk, sign_in):
    page = sign_in(desk.cast.kari)
    ticket = assess(desk.cast, desk.cast.case())
    open_case(page, desk, ticket)
    form = box(page, "handover")
    fill(form, team=desk.cast.network.pk, reason="Det er nettet.")
    send(form)
    told = history_of(page, desk, ticket)
    for words in ("Kari Nordmann", "Servicesenter", "Nettverk", "Det er nettet."):
        assert words in told
    event = Event.objects.filter(ticket_id=ticket.pk).latest("pk")
    for change in (lambda: Event.objects.filter(pk=event.pk).update(reason="Noe annet"), event.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_b3_two_cases_about_one_thing_become_one_and_come_apart_again(desk, sign_in, two):
    into, ticket = two
    receipt = desk.inbox(desk.cast.dag)[-1]
    page = sign_in(desk.cast.kari)
    merge(page, desk, ticket, into)
    open_case(page, desk, into)
    said = words_of(page)
    assert said.index("Skriveren på vaktrommet er tom.") < said.index("Får ikke skrevet ut på vaktrommet.")
    desk.reply(receipt, "Det haster litt.", desk.cast.dag)
    desk.work()
    assert Message.objects.get(text__startswith="Det haster litt.").ticket == into
    answer(page, desk, into, "Vi fyller på papir nå.")
    for person in (desk.cast.nora, desk.cast.dag):
        assert "Vi fyller på papir nå." in text_of(desk.inbox(person)[-1])
    assert owed(into) == set()

    open_case(page, desk, ticket)
    expect(page.locator(".banner", has_text=f"#{into.pk}")).to_be_visible()
    with page.expect_navigation():
        page.locator('form[action$="do=merge"] button').click()
    said = words_of(page)
    assert "Får ikke skrevet ut på vaktrommet." in said
    assert "Det haster litt." in said
    assert "Skriveren på vaktrommet er tom." not in said
    assert owed(ticket) == {"Dag Lege"}, "the answer was given to two matters at once"
    answer(page, desk, ticket, "Din skriver er en annen. Den er også fylt nå.")
    assert "Din skriver er en annen." in text_of(desk.inbox(desk.cast.dag)[-1])
    assert "Din skriver" not in text_of(desk.inbox(desk.cast.nora)[-1])
    assert owed(ticket) == set()

    for one, words in ((ticket, ("slo saken sammen med en annen", "angret sammenslåingen")),
                       (into, ("slo en annen sak sammen med denne", "ga tilbake en sak"))):  # fmt: skip
        told = history_of(page, desk, one)
        assert all(word in told for word in words), told


def test_b3_one_mail_about_two_things_becomes_two_cases_and_both_are_answered(desk, sign_in):
    desk.send(desk.cast.nora, "Skriveren er tom. Og vi trenger en PC til.", subject="To ting")
    desk.work()
    ticket = desk.only_ticket()
    page = sign_in(desk.cast.kari)
    open_case(page, desk, ticket)
    box(page, "sub-case")  # the same panel
    form = page.locator('form[action$="/split"]')
    form.locator("input[name=chosen]").first.check()
    fill(form, subject="PC til vaktrommet")
    send(form)
    new = Ticket.objects.latest("pk")
    assert (new.subject, owed(new), owed(ticket)) == ("PC til vaktrommet", {"Nora Sykepleier"}, {"Nora Sykepleier"})
    for one, words in ((ticket, "Papir er fylt på."), (new, "PC-en er bestilt.")):
        answer(page, desk, one, words)
        assert words in text_of(desk.inbox(desk.cast.nora)[-1])
    desk.reply(desk.inbox(desk.cast.nora)[-1], "Når kommer den?", desk.cast.nora)
    desk.work()
    assert Message.objects.get(text__startswith="Når kommer den?").ticket == new


def test_b3_another_team_does_a_part_and_the_requester_hears_from_one_place(desk, sign_in):
    desk.send(desk.cast.nora, "Nettet er borte på rom 12.", subject="Nett")
    desk.work()
    ticket = assess(desk.cast, desk.only_ticket())
    received = len(desk.inbox(desk.cast.nora))
    page = sign_in(desk.cast.kari)
    open_case(page, desk, ticket)
    form = box(page, "sub-case")
    fill(form, team=desk.cast.network.pk, words="Kan dere sjekke porten i svitsjen?")
    send(form)
    part = Ticket.objects.latest("pk")
    open_case(page, desk, ticket)
    form = box(page, "resolution")
    fill(form, words="Nettet på rom 12 er oppe igjen.")
    send(form)
    assert fresh(ticket).open, "an open part asks first"

    page = sign_in(desk.cast.nils)
    assess(desk.cast, part, by=desk.cast.nils)
    open_case(page, desk, part)
    form = box(page, "resolution")
    fill(form, words="Byttet porten i svitsjen.")
    send(form)
    desk.work()
    assert fresh(part).state == State.RESOLVED
    assert len(desk.inbox(desk.cast.nora)) == received, "she hears from the case that she wrote to, and from no other"

    page = sign_in(desk.cast.kari)
    open_case(page, desk, ticket)
    assert "Byttet porten i svitsjen." in words_of(page)
    form = box(page, "resolution")
    fill(form, words="Nettet på rom 12 er oppe igjen.")
    send(form)
    desk.work()
    assert fresh(ticket).state == State.RESOLVED
    assert "Nettet på rom 12 er oppe igjen." in text_of(desk.inbox(desk.cast.nora)[-1])
