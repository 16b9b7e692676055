"""What is about to slip, for the person who looks: their own cases and their teams', and the mails nobody has sorted."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from saksgang.access.queries import may
from saksgang.access.roles import Permission
from saksgang.console.announcements import announcing
from saksgang.console.answers import fragment, page_of
from saksgang.console.lists import alarm_words, leading
from saksgang.console.lists.rows import Rows
from saksgang.console.mail.words import set_aside_words
from saksgang.console.pages import ConsoleRequest, page
from saksgang.console.shell import capped, my_team_ids
from saksgang.events.alarms import open_alarms
from saksgang.events.life_signs import silent_since
from saksgang.events.queries import dead_deliveries
from saksgang.inbound import queries as mail
from saksgang.lib import clock
from saksgang.people.models import Person
from saksgang.tickets import queries, slipping
from saksgang.tickets.mentions import mentioned_to
from saksgang.tickets.models import Ticket

SHORT = 8


@require_safe
@page(Permission.READ_TICKETS)
def show(request: ConsoleRequest) -> HttpResponse:
    chosen = request.GET.get("list", "")
    ours = _looked_after(request.person)
    if chosen in _words():
        lists = {"given": queries.given_to(request.person), "mentioned": mentioned_to(request.person)}
        lists |= leading.lists(request.person, ours) | slipping.slipping(ours, clock.now())
        if chosen in lists:
            return _whole(request, chosen, lists[chosen])
    rows = Rows(request.person, teams=True, states=True)
    sections = [_section(rows, name, found) for name, found in _first_rows(request.person, ours).items() if found]
    context: dict[str, Any] = {"sections": sections, "announced": announcing.current(clock.now())}
    context |= leading.whole_hospital(request.person)
    context["leads"] = leading.leads(request.person)
    if may(request.person, Permission.READ_MAIL):
        context |= _mails(request.person, rows) | {"alarms": alarm_words.lines(open_alarms(), silent_since())}
    context["calm"] = not (
        sections
        or any(
            context.get(name) for name in ("alarms", "unclear", "undecided", "dead", "questions", "behind", "escalated")
        )
    )
    if "fragment" in request.GET:
        return fragment(request, "console/lists/front_lists.html", context)
    return page_of(request, "console/lists/front.html", context)


def _looked_after(person: Person) -> Any:
    """One's own cases and those of one's teams."""
    cases = Ticket.objects.visible_to(person)
    teams = my_team_ids(person)
    return cases if teams is None else cases.filter(team_id__in=teams) | cases.filter(assignee=person)


def _first_rows(person: Person, ours: Any) -> dict[str, list[tuple[Any, ...]]]:
    """List → its first rows, most pressing first."""
    most = queries.COUNT_CAP + 1
    mentioned = list(mentioned_to(person).values_list(*queries.ROW_FIELDS)[:most])
    own = {"given": queries.first_given_to(person), "mentioned": mentioned}
    return own | leading.first_rows(person, ours) | slipping.first_rows(ours, clock.now(), most)


def _section(rows: Rows, name: str, found: list[tuple[Any, ...]]) -> dict[str, Any]:
    """One list with its first rows."""
    title, why = _words()[name]
    drawn = rows.draw(found[:SHORT])
    return {
        "name": name,
        "title": title,
        "why": why,
        "rows": drawn,
        "count": capped(len(found)),
        "more": len(found) > SHORT,
    }


def _words() -> dict[str, tuple[str, str]]:
    """List → its heading, and why the cases stand there."""
    return {
        "given": (_("Given to you"), _("A colleague has given you these, and you have not begun on them.")),
        "mentioned": (
            _("You are mentioned"),
            _(
                "A colleague asks something of you in a note. It stands here until you say something on the case, or tick it off."
            ),
        ),
        "urgent": (
            _("Priority 1 and 2 in the whole hospital"),
            _("Every open case of all teams that you may see."),
        ),
        "pingpong": (
            _("Going to and fro"),
            _("Teams have handed these over three times or more. Somebody must say where they belong."),
        ),
        "unconfirmed": (
            _("Senders to confirm"),
            _("Our mail server says that somebody else may have written. Ring them, and say on the case who it was."),
        ),
        "failed": (_("Answers that did not arrive"), _("The requester has not got the answer. Send it another way.")),
        "not_assessed": (_("Must be assessed"), _("Nobody has looked at how urgent these are.")),
        "untaken": (_("Must be taken"), _("Nobody has taken these, and it is time.")),
        "owed": (_("Answers owed"), _("The requester waits for a word from us.")),
        "due": (
            pgettext("list of cases", "Due"),
            _("What was agreed or planned is due within two hours, or is overdue."),
        ),
    }


def _mails(person: Person, rows: Rows) -> dict[str, Any]:
    unclear = mail.tray(person)
    drawn = [
        {
            "id": row["id"],
            "subject": row["subject"] or _("(no subject)"),
            "reason": set_aside_words(row["set_aside_reason"]) if row["outcome"] else _("being tried again now"),
            "due": rows.due.words(row["due_at"]),
        }
        for row in unclear[:SHORT]
    ]
    return {
        "unclear": drawn,
        "unclear_count": capped(len(unclear)),
        "unclear_more": len(unclear) > SHORT,
        "undecided": mail.overdue().count(),
        "dead": dead_deliveries().count(),
    }


def _whole(request: ConsoleRequest, name: str, cases: QuerySet[Ticket]) -> HttpResponse:
    """One of the lists from end to end."""
    found = queries.by_due(cases, after=request.GET.get("after", ""))
    rows = Rows(request.person, teams=True, states=True).lines(found.rows)
    title, why = _words()[name]
    context = {"title": title, "why": why, "name": name, "rows": rows, "next": found.next_key}
    return page_of(request, "console/lists/front_list.html", context)
