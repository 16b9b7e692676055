"""A case becomes an improvement, a new one or one that others have asked for: one action, with the word to its requesters in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.db import transaction
from django.utils.translation import gettext as _

from saksgang.events.actions import record
from saksgang.improvements.actions.ranking import hold_list, next_rank
from saksgang.improvements.actions.steps import due_after, write_step
from saksgang.improvements.actions.telling import Reader, check_words, promise, readers_of
from saksgang.improvements.kinds import Size, Step
from saksgang.improvements.models import Improvement, ImprovementCase
from saksgang.improvements.policies import check_has_list, check_takes_cases
from saksgang.lib import clock, text
from saksgang.people.models import Person, Team
from saksgang.tickets.actions.answering import answer
from saksgang.tickets.actions.clarification import decide
from saksgang.tickets.actions.closure import close_as_improvement
from saksgang.tickets.actions.ending import lock_with_parent
from saksgang.tickets.kinds import Decision
from saksgang.tickets.models import Clarification, Message, Ticket
from saksgang.tickets.policies import Refused


@dataclass(frozen=True)
class New:
    """An improvement that is not on any list yet."""

    team: Team
    title: str
    description: str = ""
    effort: str = Size.UNKNOWN
    gain: str = Size.UNKNOWN


# Ends the case below: the improvement's id, the words, and to whom they go → the message.
Ending = Callable[[int, str, list[int]], Message | None]


@transaction.atomic
def take_in(
    *, ticket: Ticket, by: Person, into: Improvement | New, words: Mapping[str, str], sub_cases: str = ""
) -> Improvement:
    """The case is closed and stands behind the improvement. `words`: language → what its requesters are told.

    `sub_cases`: what becomes of those that are open, as for closing. Raises Refused for a restricted case, for one behind
    another improvement, and for an improvement that is over.
    """

    def end(improvement_id: int, said: str, to: list[int]) -> Message | None:
        return close_as_improvement(
            ticket=ticket, by=by, improvement_id=improvement_id, words=said, to=to, sub_cases=sub_cases
        )

    return _take_in(ticket, by, into, words, end)


@transaction.atomic
def decide_in_triage(
    *, clarification: Clarification, by: Person, reason: str, into: Improvement | New, words: Mapping[str, str]
) -> Improvement:
    """The triage team's decision «improvement»: the same, with the answer to whoever asked them."""

    def end(improvement_id: int, said: str, to: list[int]) -> Message | None:
        return decide(
            clarification=clarification,
            by=by,
            decision=Decision.IMPROVEMENT,
            reason=reason,
            words=said,
            improvement_id=improvement_id,
            to=to,
        )

    return _take_in(clarification.ticket, by, into, words, end)


def _take_in(ticket: Ticket, by: Person, into: Improvement | New, words: Mapping[str, str], end: Ending) -> Improvement:
    ticket = lock_with_parent(ticket)
    _check_joins(ticket, into)
    readers = readers_of([ticket.pk])
    check_words(readers, words)
    improvement = _made(into, by) if isinstance(into, New) else _held(into)
    told = _end(ticket, by, readers, words, lambda said, to: end(improvement.pk, said, to))
    ImprovementCase.objects.get_or_create(
        ticket=ticket, defaults={"improvement": improvement, "joined_at": clock.now(), "joined_by": by}
    )
    stands = improvement.steps.latest("pk")
    for language, message in told.items():
        promise(stands, [one for one in readers if one.language == language], message)
    if not isinstance(into, New):
        record("improvement_joined", by=by, subject=improvement, after={"case": ticket.pk})
    return improvement


def _check_joins(ticket: Ticket, into: Improvement | New) -> None:
    if ticket.restricted:
        raise Refused(_("This case is restricted: more people would read about it on a list of improvements."))
    known = ImprovementCase.objects.filter(ticket=ticket).select_related("improvement").first()
    if known and (isinstance(into, New) or known.improvement_id != into.pk):
        raise Refused(
            _("The case stands behind «%(title)s» already. Choose that one, or take the case out of it first.")
            % {"title": known.improvement.title}
        )


def _made(new: New, by: Person) -> Improvement:
    check_has_list(new.team.kind, active=new.team.active)
    title = text.one_line(new.title, 200)
    if not title:
        raise Refused(_("Write in a few words what should become better."))
    team = hold_list(new.team.pk)
    made = Improvement(team=team, title=title, folded=text.fold(title), step=Step.TAKEN_IN)
    made.description, made.effort, made.gain = text.strip_controls(new.description).strip(), new.effort, new.gain
    made.made_at, made.made_by = clock.now(), by
    made.rank, made.due_at = next_rank(team.pk), due_after(made)
    made.save(force_insert=True)
    write_step(made, by=by)
    record("improvement_made", by=by, subject=made, after={"team_id": team.pk, "rank": made.rank})
    return made


def _held(improvement: Improvement) -> Improvement:
    held = Improvement.objects.select_for_update().get(pk=improvement.pk)
    check_takes_cases(held)
    return held


def _end(
    ticket: Ticket,
    by: Person,
    readers: list[Reader],
    words: Mapping[str, str],
    end: Callable[[str, list[int]], Message | None],
) -> dict[str, Message]:
    """Language → the message. Those of other languages than the first are answered before the case is closed to the rest."""
    spoken = [(language, [one.person.pk for one in group]) for language, group in _by_language(readers)]
    told = {language: answer(ticket=ticket, by=by, words=words[language], to=to) for language, to in spoken[1:]}
    first, to = spoken[0] if spoken else ("", [])
    closing = end(words.get(first, ""), to)
    return told | ({first: closing} if closing else {})


def _by_language(readers: list[Reader]) -> list[tuple[str, list[Reader]]]:
    return [(language, list(group)) for language, group in groupby(readers, key=lambda one: one.language)]
