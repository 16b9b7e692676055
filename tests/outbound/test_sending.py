"""Handing mails to the relay, and what follows from each of its answers."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime, timedelta

import pytest

from saksgang.channels.smtp_out.relay import Answer
from saksgang.lib import clock
from saksgang.lib.claiming import lease
from saksgang.lib.clock import OSLO
from saksgang.outbound.actions import send_due
from saksgang.outbound.models import DeliveryState, OutboundAttempt, OutboundMail
from saksgang.tickets.actions import answering, resolution
from saksgang.tickets.kinds import NextStep, State
from saksgang.tickets.mail_reference import return_address
from tests.outbound.test_follower import promised
from tests.tickets.steps import SOLUTION, assess, events_of, fresh, owed

NOW = datetime(2026, 3, 11, 10, 0, tzinfo=OSLO)
TAKEN = Answer(250, "OK")
BUSY = Answer(451, "try later")
NO_SUCH_USER = Answer(550, "no such user")
SILENCE = Answer(None, "TimeoutError")


class Relay:
    """Says what it is told to, and remembers what it was handed."""

    def __init__(self, *answers: Answer, during=lambda: None) -> None:
        self.answers, self.during, self.handed = list(answers), during, []

    def send(self, *, envelope_from: str, recipient: str, raw: bytes) -> Answer:
        self.handed.append((envelope_from, recipient, raw))
        self.during()
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture(autouse=True)
def _now():
    with clock.at(NOW):
        yield


@pytest.fixture
def answered(cast):
    """An answer to Nora that waits to be sent."""
    ticket = assess(cast, cast.case())
    answering.answer(ticket=ticket, by=cast.kari, words="Hei")
    (mail,) = promised()
    return mail


@pytest.fixture
def solved(cast):
    ticket = assess(cast, cast.case())
    resolution.resolve(ticket=ticket, by=cast.kari, words=SOLUTION)
    (mail,) = promised()
    return mail


def again(mail: OutboundMail) -> OutboundMail:
    return OutboundMail.objects.get(pk=mail.pk)


def test_what_the_relay_took_is_sent(answered):
    relay = Relay(TAKEN)
    assert send_due(relay) == 1
    mail = again(answered)
    assert (mail.state, mail.pending, mail.sent_at, mail.attempts) == (DeliveryState.SENT, 0, NOW, 1)
    assert [(sent, to) for sent, to, _raw in relay.handed] == [
        (return_address("ikt@sykehus.example", mail.header_id), "nora@sykehus.example")
    ]
    assert send_due(relay) == 0
    assert len(relay.handed) == 1


@pytest.mark.parametrize("trouble", [BUSY, SILENCE], ids=["4xx", "no answer"])
def test_trouble_is_tried_again_later_and_later_with_the_same_bytes(answered, trouble):
    relay, waits = Relay(trouble), []
    for tries in range(1, 5):
        assert send_due(relay) == 1
        mail = again(answered)
        assert (mail.attempts, mail.pending, mail.claimed_until) == (tries, 1, None)
        assert mail.state == (DeliveryState.DELAYED if tries >= 3 else DeliveryState.QUEUED)
        assert send_due(relay) == 0
        waits.append(mail.try_at - NOW)
        OutboundMail.objects.update(try_at=NOW)
    assert waits == [timedelta(seconds=seconds) for seconds in (10, 40, 90, 160)]
    assert len({raw for _from, _to, raw in relay.handed}) == 1
    assert list(OutboundAttempt.objects.values_list("code", flat=True)) == [trouble.code] * 4
    assert owed(answered.ticket) == set()
    assert send_due(Relay(TAKEN)) == 1
    assert again(answered).state == DeliveryState.SENT


@pytest.mark.parametrize("trouble", [BUSY, SILENCE], ids=["4xx", "no answer"])
def test_after_two_days_it_has_failed_and_the_answer_is_owed_again(cast, answered, trouble):
    with clock.at(NOW + timedelta(days=2)):
        send_due(Relay(trouble))
    assert again(answered).pending == 1
    with clock.at(NOW + timedelta(days=2, hours=1)):
        send_due(Relay(trouble))
        mail = again(answered)
    assert (mail.state, mail.pending) == (DeliveryState.FAILED, 0)
    assert owed(mail.ticket) == {"Nora Sykepleier"}
    assert fresh(mail.ticket).next_step == NextStep.ANSWER_AGAIN


def test_a_refusal_for_good_brings_the_case_back_at_once(answered):
    send_due(Relay(NO_SUCH_USER))
    mail = again(answered)
    assert (mail.state, mail.failed_at, mail.last_error) == (DeliveryState.FAILED, NOW, "no such user")
    assert owed(mail.ticket) == {"Nora Sykepleier"}
    event = events_of(mail.ticket)[-1]
    assert (event.kind, event.by_robot) == ("answer_failed", "mail")
    assert "nora@sykehus.example" in event.reason


def test_a_solution_that_does_not_arrive_opens_the_case_again(solved):
    assert fresh(solved.ticket).state == State.RESOLVED
    send_due(Relay(NO_SUCH_USER))
    after = fresh(solved.ticket)
    assert (after.state, after.answers_owed, after.next_step) == (State.IN_PROGRESS, 1, NextStep.ANSWER_AGAIN)


def test_a_solution_that_arrives_starts_the_days_until_closing(solved):
    with clock.at(NOW + timedelta(hours=20)):
        send_due(Relay(TAKEN))
    assert fresh(solved.ticket).close_after == NOW + timedelta(days=14, hours=20)


def test_a_receipt_that_fails_owes_nothing(cast):
    ticket = cast.case(acknowledge=True)
    (mail,) = promised()
    before = fresh(ticket).lock_version
    send_due(Relay(NO_SUCH_USER))
    assert again(mail).state == DeliveryState.FAILED
    assert fresh(ticket).lock_version == before


def test_a_copy_that_fails_makes_no_answer_owed(cast):
    ticket = cast.case()
    answering.answer(ticket=ticket, by=cast.kari, words="Hei", cc=["gone@sykehus.example"])
    promised()
    send_due(Relay(TAKEN, NO_SUCH_USER))
    assert owed(ticket) == set()


def test_every_try_is_kept(answered):
    for answer in (BUSY, SILENCE, TAKEN):
        OutboundMail.objects.update(try_at=NOW)
        send_due(Relay(answer))
    tries = list(OutboundAttempt.objects.order_by("id").values_list("code", "answer"))
    assert tries == [(451, "try later"), (None, "TimeoutError"), (250, "OK")]


def test_what_one_worker_holds_no_other_sends(answered):
    other = Relay(TAKEN)
    first = Relay(TAKEN, during=lambda: send_due(other))
    send_due(first)
    assert (len(first.handed), len(other.handed)) == (1, 0)


def test_a_worker_that_died_is_replaced_when_its_lease_is_over(answered):
    OutboundMail.objects.update(claimed_until=NOW + lease())
    relay = Relay(TAKEN)
    assert send_due(relay) == 0
    with clock.at(NOW + lease() + timedelta(seconds=1)):
        assert send_due(relay) == 1


def test_a_slow_relay_never_makes_two_workers_send_the_same(cast):
    """Each mail takes four minutes; the lease is five. Another worker looks for work during each."""
    for _ in range(4):
        answering.answer(ticket=cast.case(), by=cast.kari, words="Hei")
    promised()
    handed: list[str] = []

    with ExitStack() as moved:

        class Slow:
            workers = 1

            def send(self, *, envelope_from, recipient, raw):
                handed.append(raw.decode())
                moved.enter_context(clock.at(NOW + timedelta(minutes=4 * len(handed))))
                if self.workers == 1:
                    self.workers = 2
                    send_due(self)
                    self.workers = 1
                return TAKEN

        moved.enter_context(clock.at(NOW))
        send_due(Slow())
    assert len(handed) == len(set(handed)) == 4


def test_an_idle_worker_does_nothing(cast):
    assert send_due(Relay(TAKEN)) == 0


@pytest.mark.parametrize(("code", "minutes"), [(None, 5), (451, 30)])
def test_a_relay_that_is_back_is_noticed_within_five_minutes(answered, code, minutes):
    OutboundMail.objects.update(attempts=40)
    send_due(Relay(Answer(code, "not now")))
    mail = again(answered)
    assert mail.try_at == NOW + timedelta(minutes=minutes)
