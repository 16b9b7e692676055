"""Several people on one case, of several languages: each gets the word on a step in their own, by mail or by phone."""

from __future__ import annotations

import pytest

from saksgang.events.actions import claim
from saksgang.improvements.actions.taking_in import New, take_in
from saksgang.improvements.kinds import Step
from saksgang.improvements.models import ImprovementWord
from saksgang.outbound import follower
from saksgang.outbound.models import OutboundMail
from saksgang.people.actions import add_person
from saksgang.tickets.actions.answering import log_conversation
from saksgang.tickets.models import Call, TicketRequester
from tests.cast import SETUP
from tests.improvements.steps import DONE, PLANNED, TAKEN_IN, nynorsk, step_to
from tests.outbound.test_follower import body

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(cast):
    """Language → who asked in it, all on one case: two in bokmål, one in nynorsk, one in English, one by phone in nynorsk."""
    english = add_person(by=SETUP, name="Emma Smith", addresses=("emma@sykehus.example",), language="en")
    by_phone = add_person(by=SETUP, name="Gunnhild Reinhald", language="nn", answer_via="tlf. 5511")
    people = {"nb": [cast.nora, cast.dag], "nn": [nynorsk(cast)], "en": [english]}
    ticket = cast.case(requesters=[english, cast.nora, by_phone, *people["nn"], cast.dag])
    log_conversation(ticket=ticket, by=cast.kari, words="Vi ser på det.", to=[by_phone.pk])
    return ticket, people, by_phone


def mails() -> dict[str, str]:
    """Address → what the newest mail to it says."""
    for delivery in claim("outbound"):
        follower.handle(delivery)
    return {mail.recipient: body(mail) for mail in OutboundMail.objects.order_by("id")}


def test_each_reads_their_own_words_and_nobody_elses(cast, asked):
    ticket, people, by_phone = asked
    improvement = take_in(
        ticket=ticket, by=cast.kari, into=New(cast.service_desk, "Skriv ut fra mobilen"), words=TAKEN_IN
    )
    for step, said in ((Step.TAKEN_IN, TAKEN_IN), (Step.PLANNED, PLANNED), (Step.DONE, DONE)):
        if step != Step.TAKEN_IN:
            step_to(cast, improvement, step)
        found = mails()
        for language, persons in people.items():
            for person in persons:
                mail = found[person.addresses.get().address]
                assert [other for other, words in said.items() if words in mail] == [language]
    called = list(Call.objects.filter(person=by_phone).order_by("pk").values_list("message__text", flat=True))
    assert called[-2:] == [PLANNED["nn"], DONE["nn"]]
    steps = improvement.steps.order_by("pk")
    everybody = set(TicketRequester.objects.filter(ticket=ticket).values_list("person_id", flat=True))
    for step in steps:
        words = list(ImprovementWord.objects.filter(step=step).values_list("person_id", flat=True))
        assert sorted(words) == sorted(everybody)


def test_the_frame_of_each_mail_is_in_the_language_of_who_reads_it(cast, asked):
    ticket, people, _by_phone = asked
    take_in(ticket=ticket, by=cast.kari, into=New(cast.service_desk, "Skriv ut fra mobilen"), words=TAKEN_IN)
    found = mails()
    english = found[people["en"][0].addresses.get().address]
    assert TAKEN_IN["en"] in english
    for words in ("Hilsen", "saksnummer", "Svar på", "Helsing"):
        assert words.lower() not in english.lower()
