"""Rows of cases as pages draw them: words, marks and times, made once in Python so that the template only prints them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import Any, NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from saksgang.console.due import Age, Due
from saksgang.console.lists.marks import marks
from saksgang.console.states import TONES, state_labels
from saksgang.people.models import Person
from saksgang.people.rules import initials
from saksgang.tickets.kinds import PINGPONG, NextStep, State
from saksgang.tickets.rules.queue import is_raised
from saksgang.tickets.states import QUEUED
from saksgang.ui.addresses import url
from saksgang.ui.tags import priority as priority_mark
from saksgang.ui.words import once_a_language

Row = dict[str, Any]

# What a list is drawn from, fifty times a page: as text it costs a tenth of what a template does.
LINE = (
    '<tr%(attributes)s><td class="queue-priority">%(box)s%(priority)s</td><td class="queue-number">%(number)s</td>'
    '<td class="queue-what"><div class="queue-line"><a class="queue-subject" href="%(url)s">%(subject)s</a>'
    '<span class="queue-where">%(where)s</span>%(marks)s</div></td>'
    '<td class="queue-age">%(age)s</td>'
    '<td class="queue-step"><div class="queue-next"><span class="what">%(what)s</span>'
    '<span class="due" data-due="%(tone)s">%(due)s</span></div></td>'
    '<td class="queue-owner"%(untaken)s>%(owner)s</td></tr>\n'
)
WORDS = ("subject", "where", "age", "what", "due", "owner")  # what people and the hospital have written

BOX = '<input type="checkbox" name="case" form="many" value="%s" aria-label="%s">'


class Labels(NamedTuple):
    """The words and marks that rows have in common."""

    priorities: dict[int | None, SafeString]
    steps: dict[str, str]
    new_message: SafeString
    failed: SafeString
    given: SafeString
    raised: SafeString
    restricted: SafeString
    pingpong: SafeString
    major: SafeString
    untaken: str
    taken_by: str
    taken_by_you: str
    box: str


@once_a_language
def labels() -> Labels:
    # Its full name does not fit the column; the mark beside the subject says the rest.
    shorter = {NextStep.ANSWER_AGAIN.value: pgettext("next step", "Answer again")}
    return Labels(
        priorities={number: priority_mark(number) for number in (None, 1, 2, 3, 4)},
        steps={step.value: str(step.label) for step in NextStep} | shorter,
        new_message=tag("answer", _("New reply")),
        failed=tag("danger", _("Answer not delivered")),
        given=tag("answer", _("Given to you")),
        raised=tag("danger", pgettext("place in the queue", "raised: past its time")),
        restricted=tag("warning", _("Restricted")),
        pingpong=tag("warning", pgettext("case", "to and fro")),
        major=tag("info", pgettext("tag", "Major incident")),
        untaken=pgettext("case", "not taken"),
        taken_by=_("taken by %(initials)s"),
        taken_by_you=_("taken by you"),
        box=_("Mark case %(number)s"),
    )


class Rows:
    """Draws the rows of one page for one person. Labels and addresses are looked up once, whatever the number of rows.

    `teams`: also say whose team a case is in. `states`: the list may hold more than what stands in the queue.
    """

    def __init__(self, person: Person, *, teams: bool = False, states: bool = False) -> None:
        self.person = person
        self.due = Due()
        self.age = Age(self.due.now)
        self.teams = teams
        self.address = url("console:ticket", 0).removesuffix("0")
        self.labels = labels()
        self.states = state_labels() if states else {}
        self.owners: dict[int, str] = {person.pk: self.labels.taken_by_you}

    def draw(self, cases: Iterable[tuple[Any, ...]]) -> list[Row]:
        return [self._row(*case) for case in cases]

    def lines(self, cases: list[tuple[Any, ...]], *, markable: bool = False) -> SafeString:
        """The rows of a table (lists/columns.html). `markable`: with a box at the start of each, to do something to several at once."""
        boxes = self._boxes(case[0] for case in cases) if markable else {}
        drawn = [LINE % _escaped(row, boxes.get(row["number"], "")) for row in self.draw(cases)]
        return mark_safe("".join(drawn))  # noqa: S308 - its words are escaped

    def _boxes(self, numbers: Iterable[int]) -> dict[str, str]:
        words = self.labels.box
        return {
            str(number): BOX % (mark, escape(words % {"number": number})) for number, mark in marks(numbers).items()
        }

    def _row(  # noqa: PLR0917 - in the order of tickets.queries.ROW_FIELDS
        self, number: int, subject: str, state: str, _type: str, priority: int | None, rank: int | None,
        received: datetime, step: str | None, due: datetime | None, postponed: int, new_message: datetime | None,
        failed: datetime | None, _owed: int, owner: str | None, team: str | None, department: str | None,
        _service: str | None, restricted: bool, owner_id: int | None, given: datetime | None, handed_over: int,
        major_id: int | None,
    ) -> Row:  # fmt: skip
        tone, words = self.due.words(due) if due else ("", "")
        marks = self._marks(state, postponed, new_message, failed, restricted)
        if major_id:
            marks = self.labels.major + marks
        if is_raised(rank, priority):
            marks = self.labels.raised + marks
        if handed_over >= PINGPONG:
            marks += self.labels.pingpong
        if given and owner_id == self.person.pk:
            marks = self.labels.given + marks
        return {
            "number": str(number),
            "url": f"{self.address}{number}",
            "subject": subject,
            "priority": self.labels.priorities[priority],
            "where": " · ".join(name for name in (department, team if self.teams else None) if name),
            "age": self.age.words(received),
            "what": self.labels.steps[step] if step else "",
            "due": words,
            "tone": tone,
            "owner": self.owner(owner_id, owner) if owner_id else self.labels.untaken if step else "",
            "untaken": not owner_id and bool(step),
            "attributes": _attributes(late=tone == "over", unread=new_message is not None),
            "marks": marks,
        }

    def _marks(
        self, state: str, postponed: int, new_message: datetime | None, failed: datetime | None, restricted: bool
    ) -> SafeString:
        marks = []
        if new_message:
            marks.append(self.labels.new_message)
        if failed:
            marks.append(self.labels.failed)
        if self.states and state not in QUEUED:
            marks.append(tag(TONES[State(state)], self.states[state]))
        if postponed:
            marks.append(tag("", postponed_words(postponed)))
        if restricted:
            marks.append(self.labels.restricted)
        return mark_safe("".join(marks))  # noqa: S308 - each was made by format_html

    def owner(self, pk: int, name: str | None) -> str:
        if pk not in self.owners:
            self.owners[pk] = self.labels.taken_by % {"initials": initials(name or "")}
        return self.owners[pk]


def _escaped(row: Row, box: str) -> dict[str, str]:
    """What LINE is filled with."""
    return (
        row
        | {name: escape(row[name]) for name in WORDS}
        | {"box": box, "untaken": " data-untaken" if row["untaken"] else ""}
    )


def tag(tone: str, words: str) -> SafeString:
    """A small mark: its tone is one of badge.css."""
    return format_html('<span class="tag" data-tone="{}">{}</span>', tone, words)


def postponed_words(times: int) -> str:
    return ngettext("postponed once", "postponed %(times)s times", times) % {"times": times}


def _attributes(*, late: bool, unread: bool) -> SafeString:
    return mark_safe((" data-late" if late else "") + (" data-unread" if unread else ""))  # noqa: S308 - our own words
