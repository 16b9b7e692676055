"""What a case says of itself, mended where it stands: its subject and place, its department, who asked.

Each change tells from what to what. As long as nothing else has happened on the case, whoever made it can undo it.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from saksgang.events.models import Event
from saksgang.lib import clock, text
from saksgang.people.models import Department, Person
from saksgang.tickets import policies
from saksgang.tickets.actions.core import lock, search_text, store
from saksgang.tickets.actions.freshness import own_newest
from saksgang.tickets.actions.telling import calling
from saksgang.tickets.mail_reference import without_mark
from saksgang.tickets.models import Ticket, TicketRequester

# Facts in words → how long they may be. An event holds no words but its free text, which can be redacted: there stand the
# words before and after of each fact that `facts` names, a line each, for they are all of one line.
LONGEST = {"subject": 250, "place": 100, "callback_number": 30, "equipment_number": 60}


@transaction.atomic
def change_words(*, ticket: Ticket, by: Person, **words: str) -> Ticket:
    """Another subject, place, call-back number or equipment number. The subject is never empty; the others may be."""
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    wanted = {fact: text.one_line(_bare(fact, said), LONGEST[fact]) for fact, said in words.items()}
    if not wanted.get("subject", "-"):
        raise policies.Refused(_("Write what the case is about."))
    changed = {fact: said for fact, said in wanted.items() if said != getattr(ticket, fact)}
    if not changed:
        raise policies.Refused(_("It says so already."))
    lines = _set_words(ticket, changed)
    store(ticket, "facts_changed", by=by, reason=lines, after={"facts": list(changed)})
    return ticket


@transaction.atomic
def change_department(*, ticket: Ticket, by: Person, department: Department | None) -> Ticket:
    """Whose work is affected, when that is not where the requester belongs."""
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    if ticket.affected_department == department:
        raise policies.Refused(_("It says so already."))
    ticket.affected_department = department
    _find_anew(ticket)
    store(ticket, "affected_department_changed", by=by)
    return ticket


@transaction.atomic
def include_requester(*, ticket: Ticket, by: Person, person: Person) -> Ticket:
    """One more who asked: they are owed an answer from now on."""
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    _check_new(ticket, person)
    TicketRequester.objects.create(ticket=ticket, person=person, answer_owed_since=clock.now())
    _find_anew(ticket)
    store(ticket, "requester_included", by=by, after={"person_id": person.pk})
    return ticket


@transaction.atomic
def replace_requester(*, ticket: Ticket, by: Person, former: Person, person: Person) -> Ticket:
    """The case is `person`'s and not `former`'s: what was owed is owed to them. The ward follows, where it was the former's."""
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    _check_new(ticket, person)
    _swap(ticket, former, person)
    if ticket.affected_department_id == former.department_id:
        ticket.affected_department = person.department or ticket.affected_department
    _find_anew(ticket)
    store(ticket, "requester_replaced", by=by, after={"person_id": person.pk, "former_person_id": former.pk})
    return ticket


@transaction.atomic
def undo_change(*, ticket: Ticket, by: Person) -> Ticket:
    """The case says again what it said before one's last change. Raises Refused when anything has happened since."""
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    changed = own_newest(ticket, by, *_UNDOING)
    told, lines = _UNDOING[changed.kind](ticket, changed)
    if "affected_department_id" in changed.before:
        known = Department.objects.filter(pk=changed.before["affected_department_id"])
        ticket.affected_department = known.first()
    _find_anew(ticket)
    store(ticket, "change_reverted", by=by, reason=lines, after=told)
    return ticket


def _bare(fact: str, said: str) -> str:
    return without_mark(said) if fact == "subject" else said  # the mark in it is another case's


def _set_words(ticket: Ticket, words: dict[str, str]) -> str:
    """The lines that the event holds: before and after, fact by fact."""
    lines = []
    for fact, said in words.items():
        lines += [getattr(ticket, fact), said]
        setattr(ticket, fact, said)
    _find_anew(ticket)
    return "\n".join(lines)


def _find_anew(ticket: Ticket) -> None:
    everybody = TicketRequester.objects.filter(ticket=ticket).select_related("person__department").order_by("id")
    ticket.search_folded = search_text(ticket, everybody)


def _check_new(ticket: Ticket, person: Person) -> None:
    if not ticket.open:
        raise policies.Refused(_("The case is solved or closed. Reopen it first."))
    if TicketRequester.objects.filter(ticket=ticket, person=person).exists():
        raise policies.Refused(_("%(name)s is a requester already.") % {"name": person.name})


def _swap(ticket: Ticket, former: Person, person: Person) -> None:
    swapped = TicketRequester.objects.filter(ticket=ticket, person=former).update(person=person)
    if not swapped:
        raise policies.Refused(_("%(name)s is no requester of the case.") % {"name": former.name})
    calling.follow(ticket, former, person)


Undone = tuple[dict[str, Any], str]  # what the event tells, and its lines


def _words_again(ticket: Ticket, changed: Event) -> Undone:
    facts, lines = changed.after["facts"], changed.reason.split("\n")
    return {"facts": facts}, _set_words(ticket, dict(zip(facts, lines[::2], strict=True)))


def _department_again(ticket: Ticket, changed: Event) -> Undone:
    return {}, ""


def _one_fewer(ticket: Ticket, changed: Event) -> Undone:
    person = changed.after["person_id"]
    TicketRequester.objects.filter(ticket=ticket, person_id=person).delete()
    return {"former_person_id": person}, ""


def _former_again(ticket: Ticket, changed: Event) -> Undone:
    person, former = (Person.objects.get(pk=changed.after[key]) for key in ("person_id", "former_person_id"))
    _swap(ticket, person, former)
    return {"person_id": former.pk, "former_person_id": person.pk}, ""


_UNDOING = {
    "facts_changed": _words_again,
    "affected_department_changed": _department_again,
    "requester_included": _one_fewer,
    "requester_replaced": _former_again,
}
