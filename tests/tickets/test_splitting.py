"""B2 and H2: one mail about two things becomes two cases, and both owe an answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saksgang.access.queries import NotAllowed
from saksgang.lib import clock
from saksgang.tickets.actions import answering, restriction
from saksgang.tickets.actions.messages import Heard, KeptFile
from saksgang.tickets.actions.ties.splitting import split
from saksgang.tickets.kinds import LinkKind, State
from saksgang.tickets.models import Attachment, Message, TicketLink
from saksgang.tickets.policies import Refused
from tests.tickets.steps import fresh, in_state, nothing_happens, one_event, owed, reply

SUBJECT = "Ny PC til vaktrommet"


def ids(ticket):
    return list(Message.objects.filter(ticket=ticket).order_by("pk").values_list("pk", flat=True))


def test_both_halves_owe_an_answer(cast):
    ticket = cast.case()
    with clock.at(clock.now() + timedelta(hours=2)):
        later = reply(cast, ticket, words="Og så trenger vi en ny PC.")
        with one_event(ticket, "ticket_split", cast.kari):
            new = split(ticket=ticket, by=cast.kari, messages=[later.pk], subject=SUBJECT)
    assert (ids(new), later.pk in ids(ticket)) == ([later.pk], False)
    assert (owed(ticket), owed(new)) == ({"Nora Sykepleier"}, {"Nora Sykepleier"})
    assert (new.received_at, new.team, new.subject, new.assessed_at) == (later.at, ticket.team, SUBJECT, None)
    assert new.requesters.get().answer_owed_since == later.at
    assert TicketLink.objects.get(ticket=new, other=ticket).kind == LinkKind.SPLIT


def test_a_mail_about_two_things_stands_on_both(cast):
    kept = KeptFile(name="bilde.png", content_type="image/png", size=3, sha256="0" * 64)
    heard = Heard("Skriveren er tom. Og vi trenger en ny PC.", "Nora", files=(kept,), header_id="<en@sykehus.example>")
    ticket = cast.case(heard=heard)
    [first] = ids(ticket)
    new = split(ticket=ticket, by=cast.kari, messages=[first], subject=SUBJECT)
    assert ids(ticket) == [first]
    again = Message.objects.get(ticket=new)
    assert (again.text, again.header_id, again.detached_from) == (heard.text, "", ticket)
    assert Attachment.objects.filter(sha256="0" * 64).count() == 2
    assert (owed(ticket), owed(new)) == ({"Nora Sykepleier"}, {"Nora Sykepleier"})


def test_whoever_was_answered_is_owed_an_answer_to_what_was_split_off(cast):
    ticket = cast.case()
    later = reply(cast, ticket, words="Og så trenger vi en ny PC.")
    answering.answer(ticket=fresh(ticket), by=cast.kari, words="Skriveren er fylt.")
    new = split(ticket=fresh(ticket), by=cast.kari, messages=[later.pk], subject=SUBJECT)
    assert (owed(ticket), owed(new)) == (set(), {"Nora Sykepleier"})


def test_of_notes_alone_everybody_who_asked_is_owed(cast):
    ticket = cast.case(requesters=[cast.nora, cast.dag])
    note = answering.note(ticket=ticket, by=cast.kari, words="Dette er egentlig to saker.")
    new = split(ticket=fresh(ticket), by=cast.kari, messages=[note.pk], subject=SUBJECT)
    assert owed(new) == owed(ticket) == {"Nora Sykepleier", "Dag Lege"}


def test_what_we_wrote_stays_in_its_thread(cast):
    ticket = cast.case()
    answer = answering.answer(ticket=ticket, by=cast.kari, words="Vi ser på det.")
    with nothing_happens(ticket), pytest.raises(Refused):
        split(ticket=fresh(ticket), by=cast.kari, messages=[answer.pk], subject=SUBJECT)


def test_messages_of_other_cases_are_not_taken_along(cast):
    ticket, other = cast.case(), cast.case()
    with nothing_happens(ticket), nothing_happens(other), pytest.raises(Refused):
        split(ticket=ticket, by=cast.kari, messages=ids(other), subject=SUBJECT)


@pytest.mark.parametrize("state", [State.RESOLVED, State.CLOSED])
def test_a_case_that_is_done_is_opened_first(cast, state):
    ticket = in_state(cast, state)
    with nothing_happens(ticket), pytest.raises(Refused):
        split(ticket=ticket, by=cast.kari, messages=ids(ticket), subject=SUBJECT)


def test_what_a_split_needs(cast):
    ticket = cast.case()
    for wrong in ({"messages": []}, {"subject": " "}):
        with nothing_happens(ticket), pytest.raises(Refused):
            split(**{"ticket": ticket, "by": cast.kari, "messages": ids(ticket), "subject": SUBJECT, **wrong})
    with nothing_happens(ticket), pytest.raises(NotAllowed):
        split(ticket=ticket, by=cast.nils, messages=ids(ticket), subject=SUBJECT)


def test_half_of_a_restricted_case_has_the_same_readers(cast):
    ticket = cast.case()
    restriction.restrict(ticket=ticket, by=cast.kari, readers=[cast.nils], reason="Personalsak")
    new = split(ticket=fresh(ticket), by=cast.kari, messages=ids(ticket), subject=SUBJECT)
    assert new.restricted
    assert set(new.readers.values_list("person__name", flat=True)) == {cast.kari.name, cast.nils.name}
