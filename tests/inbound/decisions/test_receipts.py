"""Who gets a receipt at once, whose is held back by a limit and why, and when it is sent after all (mail.md 10)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saksgang.catalogue.actions import announce
from saksgang.events.alarms import open_alarms
from saksgang.events.models import Event
from saksgang.inbound.decisions import receipts
from saksgang.inbound.models import InboundMail, Receipt
from saksgang.lib import clock
from saksgang.tickets.actions import answering, closure
from saksgang.tickets.kinds import CloseReason
from tests.cast import SETUP
from tests.inbound.decisions.mails import FORGED, NORA, OUR_SERVER, arrives, mail, reasons

START = clock.now()


@pytest.fixture(autouse=True)
def _two_an_hour(settings):
    settings.RECEIPTS_PER_ADDRESS, settings.RECEIPTS_PER_HOUR = 2, 3
    settings.MAIL_OWN_DOMAINS = ("klinikk.example",)
    settings.MAIL_AUTHSERV_ID = OUR_SERVER


@pytest.fixture
def write(cast):
    """A mail of other words each time, so many minutes after the start; what became of its receipt."""
    written = iter(range(1000))

    def arrive(sender: str = NORA, *, after: float = 0, **headers: str) -> Receipt:
        with clock.at(START + timedelta(minutes=after)):
            row = arrives(mail(f"Feil nummer {next(written)}.", sender=sender, **headers), cast.ikt)
        return Receipt.objects.get(ticket=row.ticket)

    return arrive


def told(receipt: Receipt) -> tuple[str, str]:
    return receipt.state, receipt.reason


def strangers(write, number: int, *, after: float = 0) -> list[tuple[str, str]]:
    return [told(write(f"per{nth}.{after}@annet.example", after=after)) for nth in range(number)]


def storms() -> list[str]:
    return sorted(open_alarms().filter(kind="mail_storm").values_list("key", flat=True))


def release(*, after: float) -> int:
    with clock.at(START + timedelta(minutes=after)):
        return receipts.release()


def promised(receipt: Receipt) -> bool:
    return Event.objects.get(ticket_id=receipt.ticket_id, kind="ticket_registered").after["acknowledge"]


def test_a_known_person_and_a_new_one_of_our_domains_are_vouched_for_and_a_stranger_is_not(write):
    assert told(write(NORA)) == ("promised", "vouched")
    for address in ("ny@klinikk.example", "ny@barn.klinikk.example"):
        assert told(write(address)) == ("promised", "vouched")
    for address in ("per@annet.example", "per@annenklinikk.example"):
        assert told(write(address)) == ("promised", "")


def test_a_receipt_is_promised_with_the_case_and_kept_with_its_time(write, cast):
    receipt = write(after=5)
    assert promised(receipt)
    assert (receipt.person, receipt.at) == (cast.nora, START + timedelta(minutes=5))
    assert reasons(InboundMail.objects.get(ticket=receipt.ticket))[-1] == "team:mailbox"


def test_a_forged_mail_gets_none(write):
    receipt = write(**FORGED)
    assert (told(receipt), promised(receipt)) == (("withheld", "forged"), False)
    assert reasons(InboundMail.objects.get(ticket=receipt.ticket))[-1] == "acknowledgement:forged"


def test_no_receipt_is_planned_for_machines_and_for_whoever_is_unknown(cast):
    machine = mail(sender="noreply@intranett.example", auto_submitted="auto-generated")
    unknown = mail(sender="ikt@sykehus.example", reply_to="Per <per@annet.example>")
    suppressed = mail(x_auto_response_suppress="All")
    rows = [arrives(one, cast.ikt) for one in (machine, unknown, suppressed)]
    assert [row.outcome for row in rows] == ["new_ticket"] * 3
    assert [reasons(row)[-1] for row in rows] == ["team:mailbox", "acknowledgement:sender_unknown", "team:mailbox"]
    assert not Receipt.objects.exists()


def test_one_address_gets_two_an_hour_and_the_rest_is_held(write):
    assert [told(write(after=nth)) for nth in range(3)] == [("promised", "vouched")] * 2 + [
        ("held", "enough_for_this_address")
    ]
    held = Receipt.objects.latest("id")
    assert not promised(held)
    assert reasons(InboundMail.objects.get(ticket=held.ticket))[-1] == "acknowledgement:enough_for_this_address"
    assert storms() == ["nora@sykehus.example"]
    assert "2 receipts within an hour" in open_alarms().get(kind="mail_storm").details
    assert told(write("dag@sykehus.example", after=4))[0] == "promised", "nobody is silenced because of another"
    assert told(write(after=60))[0] == "promised", "the first is an hour old"


def test_strangers_together_get_three_an_hour_and_those_we_know_are_not_counted(write):
    write(NORA)
    assert strangers(write, 4) == [("promised", "")] * 3 + [("held", "enough_in_all")]
    assert storms() == ["*"]
    assert "3 receipts within an hour" in open_alarms().get(kind="mail_storm").details
    assert told(write("dag@sykehus.example"))[0] == "promised"
    assert strangers(write, 1, after=60) == [("promised", "")]


def test_what_a_clock_that_was_ahead_wrote_is_not_counted(write):
    strangers(write, 3, after=180)
    assert strangers(write, 1) == [("promised", "")]


def outage(kind: str = "outage") -> None:
    announce(
        by=SETUP, kind=kind, words="DIPS er nede", service=None, starts_at=START - timedelta(minutes=5), ends_at=None
    )


def test_during_an_outage_everybody_is_told_and_none_of_it_is_counted(write):
    outage()
    assert strangers(write, 5) == [("promised", "outage")] * 5
    assert [told(write(NORA)) for _ in range(3)] == [("promised", "outage")] * 2 + [("held", "enough_for_this_address")]


def test_receipts_of_an_outage_do_not_count_afterwards(write, monkeypatch):
    outage()
    write(NORA)
    write(NORA)
    monkeypatch.setattr(receipts, "current_announcements", lambda now: [])
    assert told(write(NORA)) == ("promised", "vouched")


def test_planned_downtime_is_no_outage(write):
    outage("downtime")
    assert strangers(write, 4)[-1] == ("held", "enough_in_all")


# Afterwards


def test_one_late_receipt_names_all_of_a_persons_cases(write):
    held = [write(after=nth) for nth in range(5)][2:]
    assert release(after=30) == 0
    assert storms() == ["nora@sykehus.example"], "something is held back still"
    assert release(after=62) == 1
    found = list(Receipt.objects.filter(pk__in=[one.pk for one in held]).order_by("id"))
    assert [told(one) for one in found] == [
        ("told", "enough_for_this_address"), ("told", "enough_for_this_address"), ("promised", "vouched"),
    ]  # fmt: skip
    assert {one.at for one in found} == {START + timedelta(minutes=62)}
    assert storms() == []
    assert release(after=130) == 0


def test_whoever_was_answered_or_whose_case_is_closed_needs_none(write, cast):
    answered, closed, open_still = [write(after=nth) for nth in range(5)][2:]
    answering.answer(ticket=answered.ticket, by=cast.kari, words="Vi ser på det.")
    closure.close(ticket=closed.ticket, by=cast.kari, reason=CloseReason.SPAM)
    assert release(after=62) == 1
    states = [Receipt.objects.get(pk=one.pk) for one in (answered, closed, open_still)]
    assert [one.state for one in states] == ["needless", "needless", "promised"]
    assert {one.at for one in states} == {START + timedelta(minutes=62)}


def test_strangers_are_told_as_the_hours_limit_lets_them(write):
    strangers(write, 8)
    assert release(after=59) == 0
    assert release(after=61) == 3
    assert sorted({told(one) for one in Receipt.objects.all()}) == [("held", "enough_in_all"), ("promised", "")]
    assert storms() == ["*"]
    assert release(after=122) == 2
    assert storms() == []


def test_a_storm_lasts_as_long_as_the_limit_is_in_sight(write, cast):
    *_told, held = [write(f"per{nth}@annet.example") for nth in range(4)]
    closure.close(ticket=held.ticket, by=cast.kari, reason=CloseReason.SPAM)
    release(after=30)
    assert (receipts.held().count(), storms()) == (0, ["*"])
    release(after=61)
    assert storms() == []


def test_one_run_looks_at_so_many_persons_and_the_next_at_the_others(write, monkeypatch):
    for nth in range(4):
        write(NORA, after=nth)
        write("dag@sykehus.example", after=nth)
    monkeypatch.setattr(receipts, "MOST_PERSONS", 1)
    assert [release(after=64), release(after=64), release(after=64)] == [1, 1, 0]


def test_and_as_long_as_somebodys_receipt_is_held_because_of_it(write):
    strangers(write, 3)
    held = write("ola@annet.example")
    for _ in range(2):  # they have their share of the next hour already
        assert write("ola@annet.example", after=61).state == "promised"
    assert release(after=62) == 0
    assert (told(Receipt.objects.get(pk=held.pk)), storms()) == (("held", "enough_in_all"), ["*"])


def test_one_address_storm_ends_without_the_others(write):
    for nth in range(3):
        write(NORA, after=nth)
        write("dag@sykehus.example", after=nth + 30)
    assert storms() == ["dag@sykehus.example", "nora@sykehus.example"]
    release(after=63)
    assert storms() == ["dag@sykehus.example"]
