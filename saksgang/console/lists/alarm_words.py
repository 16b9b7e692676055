"""What is wrong for now, in sentences: what it is, what is safe, and what to do. One line for each kind of alarm."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from saksgang.catalogue.models import Mailbox
from saksgang.events.models import Alarm
from saksgang.lib import clock
from saksgang.ui.dates import short_when

# The front page tells this one by itself, with how many mails it is.
TOLD_OTHERWISE = "mail_undecided"


class Words(NamedTuple):
    """How a kind of alarm is told. `%(name)s` is the mailbox or the address that it is about."""

    tone: str
    what: str | Promise
    do: str | Promise
    page: str  # where one sees more


WORDS: dict[str, Words] = {
    "mailbox_failing": Words(
        "danger",
        _("We cannot read the mailbox %(name)s"),
        _("New mail waits safely on the mail server. Tell an administrator, and answer the phone until it works."),
        "console:mailboxes",
    ),
    "heartbeat_lost": Words(
        "danger",
        _("Our test mail to %(name)s has not come back"),
        _("Mail to or from us may be stuck. Ask whoever runs the mail server, and answer the phone until it works."),
        "console:mailboxes",
    ),
    "mailbox_count": Words(
        "danger",
        _("Mails lie in %(name)s that are not in our mail log"),
        _(
            "They are still on the mail server. Have the mailbox counted again; if it still says so, tell an administrator."
        ),
        "console:mailboxes",
    ),
    "held": Words(
        "danger",
        _("No mail leaves, and no mailbox is read"),
        _(
            "Saksgang has been restored or moved, and is held until an administrator has looked: saksgang release. Answers are kept "
            "until then. Phone the requesters who cannot wait."
        ),
        "console:mailboxes",
    ),
    "relay_failing": Words(
        "danger",
        _("Our mails do not leave"),
        _("The answers are kept and go out by themselves when it works. Phone the requesters who cannot wait."),
        "console:mail",
    ),
    "clock_wrong": Words(
        "danger",
        _("The clock here and the times in the mails are far apart"),
        _(
            "Deadlines and times on the cases may be wrong, or mail is held up on its way. Tell an administrator, who looks at "
            "the server's clock."
        ),
        "console:mail",
    ),
    "silent_mailbox": Words(
        "warning",
        _("Unusually long since mail came to %(name)s"),
        _("It may be a quiet day. Send a mail to it yourself, and see whether it becomes a case."),
        "console:mailboxes",
    ),
    "mail_storm": Words(
        "warning",
        _("Unusually many cases by mail from %(name)s"),
        _("The mails become cases, but the sender gets no receipts for now. See what they are about."),
        "console:mail",
    ),
    "nobody_decides": Words(
        "warning",
        _("Nobody decides what the triage team is asked"),
        _(
            "It has no meeting within five working days, no manager of the day and no leader. Tell an administrator, who sets them up."
        ),
        "console:triage",
    ),
    "not_confirmed_up": Words(
        "warning",
        _("Planned downtime is over by its plan, and nobody has confirmed that everything is up"),
        _("Look for yourself, and solve the major incident: those who reported it get their answer."),
        "console:majors",
    ),
}
# Page → what the way there is called.
LINKS = {
    "console:mailboxes": _("See the mailboxes"),
    "console:mail": _("See the mail log"),
    "console:triage": _("See the agenda"),
    "console:majors": _("See the major incidents"),
}
STORM_OF_ALL = Words(
    "warning",
    _("Unusually many cases by mail within an hour"),
    _("The mails become cases, but nobody gets receipts for now. See what they are about: it may be one large fault."),
    "console:mail",
)
# The worker raises all other alarms, and cannot raise this one.
WORKER_SILENT = (
    _("Saksgang has done nothing by itself since %(when)s"),
    _(
        "No mail is read or sent, and no reminder comes. Nothing is lost: it goes on when the worker is started again. "
        "Tell an administrator, and answer the phone until then."
    ),
)


def lines(alarms: Iterable[Alarm], silent_since: datetime | None = None) -> list[dict[str, str]]:
    """[{tone, what, do, url, link}], the gravest first. A kind that is not known here is shown as it was written down.

    `silent_since`: the worker's last sign of life, when that is too long ago.
    """
    first = [_worker_line(silent_since)] if silent_since else []
    told = [alarm for alarm in alarms if alarm.kind != TOLD_OTHERWISE]
    slugs = {alarm.key for alarm in told}
    names = dict(Mailbox.objects.filter(slug__in=slugs).values_list("slug", "address")) if slugs else {}
    return first + sorted((_line(alarm, names) for alarm in told), key=lambda line: line["tone"] != "danger")


def _worker_line(silent_since: datetime) -> dict[str, str]:
    what, do = WORKER_SILENT
    return {
        "tone": "danger",
        "what": str(what) % {"when": short_when(silent_since, clock.now())},
        "do": str(do),
        "url": "",
        "link": "",
    }


def _line(alarm: Alarm, names: dict[str, str]) -> dict[str, str]:
    known = STORM_OF_ALL if (alarm.kind, alarm.key) == ("mail_storm", "*") else WORDS.get(alarm.kind)
    if known is None:
        return {"tone": "danger", "what": f"{alarm.kind} {alarm.key}", "do": alarm.details, "url": "", "link": ""}
    return {
        "tone": known.tone,
        "what": str(known.what) % {"name": names.get(alarm.key, alarm.key)},
        "do": str(known.do),
        "url": reverse(known.page),
        "link": str(LINKS[known.page]),
    }
