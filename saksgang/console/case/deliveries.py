"""How the mails of an answer fared: a quiet mark for what arrived, and for what did not the reason and every way on."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from saksgang.console.case import delivery_words
from saksgang.outbound.models import Bounce, DeliveryState
from saksgang.tickets.kinds import CallOutcome
from saksgang.tickets.models import Call, TicketRequester
from saksgang.tickets.queries import Recipient
from saksgang.ui.dates import full_when, short_when

LOST = (DeliveryState.FAILED, DeliveryState.BOUNCED)
# The worst news about an answer's mails is told first.
WORST_FIRST = (
    DeliveryState.FAILED,
    DeliveryState.BOUNCED,
    DeliveryState.DELAYED,
    DeliveryState.QUEUED,
    DeliveryState.SENT,
)


class Reach(NamedTuple):
    """How requesters are reached when a mail is not: person → phone number, person → addresses."""

    phones: dict[int, str]
    addresses: dict[int, list[str]]


def reach(requesters: list[TicketRequester], addresses: dict[int, list[str]]) -> Reach:
    return Reach({one.person_id: one.person.phone for one in requesters if one.person.phone}, addresses)


# What only some of them have: a name that is not there costs a template ten times one that is empty.
PLAIN: dict[str, Any] = {"resend": None, "paper": "", "why": "", "said": ""}


def marks(recipients: list[Recipient], sent: list[dict[str, Any]], reach: Reach, now: datetime) -> list[dict[str, Any]]:
    """Who an answer goes to, in groups that fared alike: {state, icon, words, to, …}. Each that is lost stands by itself."""
    states = {mail["recipient"]: mail for mail in sent}
    groups: dict[str, list[str]] = {}
    lost: list[dict[str, Any]] = []
    for recipient in recipients:
        name = recipient.name or recipient.address
        shown = _("%(name)s (copy)") % {"name": name} if recipient.copy else name
        fared = states.get(recipient.address)
        if fared and fared["state"] in LOST:
            lost.append(
                {**PLAIN, **_fared(fared["state"], [fared], now), **_ways_on(recipient, fared, reach), "to": shown}
            )
        else:
            groups.setdefault(fared["state"] if fared else DeliveryState.QUEUED, []).append(shown)
    alike = [
        {
            **PLAIN,
            **_fared(state, [mail for mail in sent if mail["state"] == state], now),
            "to": ", ".join(groups[state]),
        }
        for state in WORST_FIRST
        if state in groups
    ]
    return lost + alike


def calls(made: list[Call], now: datetime) -> list[dict[str, Any]]:
    """Those whom no mail reaches: who is still to be phoned, and who has been."""
    return [
        {**PLAIN, **_phoned(one, now), "to": one.person.name} for one in made if one.outcome != CallOutcome.WITHDRAWN
    ]


def _phoned(one: Call, now: datetime) -> dict[str, str]:
    if one.done_at is None:
        late = one.due_at < now
        said = _("Not told yet: phone, overdue since %(when)s") if late else _("Not told yet: phone by %(when)s")
        return {"state": "delayed", "icon": "phone", "words": said % {"when": short_when(one.due_at, now)}}
    by = {"name": one.done_by.name if one.done_by else "", "when": short_when(one.done_at, now)}
    if one.outcome == CallOutcome.GIVEN_UP:
        return {
            "state": "failed",
            "icon": "phone",
            "words": _("Not told: could not be reached (%(name)s, %(when)s)") % by,
        }
    return {"state": "delivered", "icon": "phone", "words": _("Told by phone by %(name)s %(when)s") % by}


def receipts(sent: list[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """The receipts of a case, one small line each."""
    return [{"to": mail["recipient"], "at": mail["created_at"], **_fared(mail["state"], [mail], now)} for mail in sent]


def _ways_on(recipient: Recipient, mail: dict[str, Any], reach: Reach) -> dict[str, Any]:
    """What can be done about a mail that is lost: the same again, another address (one that is known, or a new one), the phone."""
    person = recipient.person_id or 0
    others = [address for address in reach.addresses.get(person, []) if address != recipient.address]
    return {
        "resend": mail["id"],
        "address": recipient.address,
        "other": others[0] if others else "",
        "phone": reach.phones.get(person, ""),
    }


def _fared(state: str, mails: list[dict[str, Any]], now: datetime) -> dict[str, str]:
    """`why` in plain words, and what the servers `said`."""
    newest: dict[str, Any] = mails[-1] if mails else {"sent_at": None, "last_error": ""}
    if state == DeliveryState.SENT and newest["sent_at"]:
        said, at = _("Delivered %(when)s"), newest["sent_at"]
        words, paper = said % {"when": short_when(at, now)}, said % {"when": full_when(at)}
        return {"state": "delivered", "icon": "check", "words": words, "paper": paper}
    said = newest["last_error"][:300]
    told = {"why": delivery_words.why(newest["last_error"]), "said": said}
    if state in LOST:
        return {"state": "failed", "icon": "error", "words": _not_delivered(newest.get("bounce", "")), **told}
    if state == DeliveryState.DELAYED:
        words = pgettext("delivery", "Delayed. It is tried again.")
        return {"state": "delayed", "icon": "hourglass", "words": words, **told}
    return {"state": "queued", "icon": "clock", "words": pgettext("delivery", "Waiting to be sent")}


def _not_delivered(bounce: str) -> str:
    if bounce == Bounce.SOFT:
        return pgettext("delivery", "Came back for now")
    if bounce == Bounce.HARD:
        return pgettext("delivery", "Came back")
    return pgettext("delivery", "Not delivered")
