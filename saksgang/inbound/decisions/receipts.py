"""Receipts: who gets one at once, whose is held back by a limit, and the one that is sent when the flood is over (mail.md 10).

A limit keeps loops and storms from doing harm. It never silences one person because of another: the hour's total counts only
receipts to senders whom nobody vouches for.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from saksgang.catalogue.models import Disruption
from saksgang.catalogue.queries import current_announcements
from saksgang.events.alarms import end_alarm, open_alarms, raise_alarm
from saksgang.inbound.decisions.case import Case
from saksgang.inbound.models import Receipt, ReceiptState
from saksgang.lib import clock
from saksgang.lib.claiming import CLOCKS_APART
from saksgang.people.models import Person
from saksgang.people.queries import address_of, is_vouched_for
from saksgang.tickets.actions.core import MAIL
from saksgang.tickets.actions.registration import acknowledge_late
from saksgang.tickets.models import Ticket

STORM = "mail_storm"
WITHIN = timedelta(hours=1)
MOST_PERSONS = 200  # whose receipts are looked at in one run

# Receipts that count nowhere in the hour's total, and why.
OUTAGE, VOUCHED = "outage", "vouched"
IN_ALL, FOR_ADDRESS = "enough_in_all", "enough_for_this_address"


class Plan(NamedTuple):
    state: str
    reason: str


def plan(case: Case) -> Plan | None:
    """What to do about the receipt for the new case of a mail; None when nobody could be told anything. Leaves its reason."""
    if case.person is None or not case.verdict.answerable:
        if case.verdict.reason == "sender_rewritten":
            case.because("acknowledgement", "sender_unknown")
        return None
    found = _plan(case, case.person)
    if found.state in (ReceiptState.HELD, ReceiptState.WITHHELD):
        case.because("acknowledgement", found.reason)
    return found


def _plan(case: Case, person: Person) -> Plan:
    if case.unverified:
        return Plan(ReceiptState.WITHHELD, "forged")
    known = _is_one_of_us(person, case.sender_address)
    outage = any(one.kind == Disruption.OUTAGE for one in current_announcements(clock.now()))
    if _address_has_enough(person, outage=outage):
        _alarm(case.sender_address, settings.RECEIPTS_PER_ADDRESS)
        return Plan(ReceiptState.HELD, FOR_ADDRESS)
    if outage or known:
        return Plan(ReceiptState.PROMISED, OUTAGE if outage else VOUCHED)
    if _all_have_enough():
        _alarm("*", settings.RECEIPTS_PER_HOUR)
        return Plan(ReceiptState.HELD, IN_ALL)
    return Plan(ReceiptState.PROMISED, "")


def note(ticket: Ticket, person: Person, made: Plan) -> None:
    """Writes down what was planned, so that it is counted, shown and, where it is held, sent."""
    Receipt.objects.create(ticket=ticket, person=person, state=made.state, reason=made.reason, at=clock.now())


def _is_one_of_us(person: Person, address: str) -> bool:
    """People whom the desk knows otherwise than by a mail, and addresses of the hospital's own domains."""
    domain = address.rpartition("@")[2]
    own = any(domain == one or domain.endswith(f".{one}") for one in settings.MAIL_OWN_DOMAINS)
    return own or is_vouched_for(person)


def _recent() -> QuerySet[Receipt]:
    """Those of the last hour. One whose time lies ahead was written by a clock that was wrong, and is no longer counted."""
    now = clock.now()
    return Receipt.objects.filter(state=ReceiptState.PROMISED, at__gt=now - WITHIN, at__lt=now + CLOCKS_APART)


def _address_has_enough(person: Person, *, outage: bool = False) -> bool:
    """Those that told of an outage count by themselves: two desks that answer each other fall silent during one as well."""
    theirs = _recent().filter(person=person)
    counted = theirs.filter(reason=OUTAGE) if outage else theirs.exclude(reason=OUTAGE)
    return counted.count() >= settings.RECEIPTS_PER_ADDRESS


def _all_have_enough() -> bool:
    return (
        len(_recent().filter(reason="").values_list("pk")[: settings.RECEIPTS_PER_HOUR]) >= settings.RECEIPTS_PER_HOUR
    )


def _alarm(key: str, number: int) -> None:
    raise_alarm(kind=STORM, key=key, by=MAIL, details=f"{number} receipts within an hour: more are held back")


def held() -> QuerySet[Receipt]:
    """Receipts that a limit holds back, the oldest first."""
    return Receipt.objects.filter(state=ReceiptState.HELD).select_related("ticket", "person").order_by("id")


def release() -> int:
    """Tells those whose receipts were held, as far as the limits let it: each person by one receipt that names all their cases.

    Returns how many were told. Run every few minutes.
    """
    told = 0
    waiting = list(dict.fromkeys(held().values_list("person_id", flat=True)[: MOST_PERSONS * 10]))[:MOST_PERSONS]
    for person in Person.objects.filter(pk__in=waiting).order_by("id"):
        told += _release_to(person)
    _end_storms()
    return told


@transaction.atomic
def _release_to(person: Person) -> int:
    rows = list(held().select_for_update(of=("self",)).filter(person=person))
    needless = [row.pk for row in rows if row.ticket.first_answered_at or not row.ticket.open]
    Receipt.objects.filter(pk__in=needless).update(state=ReceiptState.NEEDLESS, at=clock.now())
    rows = [row for row in rows if row.pk not in needless]
    if not rows or _address_has_enough(person):
        return 0
    vouched = _is_one_of_us(person, address_of(person))
    if not vouched and _all_have_enough():
        return 0
    acknowledge_late(tickets=[row.ticket for row in rows], person=person, by=MAIL)
    *others, last = rows
    Receipt.objects.filter(pk__in=[row.pk for row in others]).update(state=ReceiptState.TOLD, at=clock.now())
    last.state, last.reason, last.at = ReceiptState.PROMISED, VOUCHED if vouched else "", clock.now()
    last.save(update_fields=["state", "reason", "at"])
    return 1


def _end_storms() -> None:
    """A storm is over when nothing is held back because of it, and the limit is out of sight."""
    for alarm in open_alarms().filter(kind=STORM):
        reason = IN_ALL if alarm.key == "*" else FOR_ADDRESS
        waits = held().filter(reason=reason)
        if alarm.key != "*":
            waits = waits.filter(person__addresses__address=alarm.key)
        if not waits.exists() and not (alarm.key == "*" and _all_have_enough()):
            end_alarm(kind=STORM, key=alarm.key, by=MAIL)
