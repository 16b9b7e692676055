"""What is written on an improvement: its facts, and taking words out of it for good."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from saksgang.events.actions import record
from saksgang.events.models import Event
from saksgang.improvements.actions.ranking import close_gap, hold_list, next_rank
from saksgang.improvements.models import Improvement, ImprovementStep
from saksgang.improvements.policies import check_has_list, check_may_decide
from saksgang.lib import clock, text
from saksgang.people.models import Person, Team
from saksgang.tickets.actions.redaction import TOMBSTONE
from saksgang.tickets.policies import Refused

SIZES = ("effort", "gain")
TEXTS = ("title", "description", "note")


@transaction.atomic
def change(*, improvement: Improvement, by: Person, team: Team | None = None, **facts: Any) -> Improvement:
    """Sets title, description, note, effort and gain; `team`: on whose list it stands, last there. What does not differ is not written."""
    for pk in sorted({improvement.team_id, team.pk if team else improvement.team_id}):
        hold_list(pk)
    held = Improvement.objects.select_for_update().get(pk=improvement.pk)
    check_may_decide(by, held.team_id)
    title = text.one_line(facts.get("title", held.title), 200)
    if not title:
        raise Refused(_("Write in a few words what should become better."))
    known = {**facts, "title": title}
    changed = [name for name in (*TEXTS, *SIZES) if name in known and getattr(held, name) != known[name]]
    before: dict[str, Any] = {name: getattr(held, name) for name in changed if name in SIZES}
    for name in changed:
        setattr(held, name, known[name])
    held.folded = text.fold(held.title)
    after: dict[str, Any] = {name: known[name] for name in changed if name in SIZES}
    if team and team.pk != held.team_id:
        before["team_id"], after["team_id"] = held.team_id, team.pk
        _hand_over(held, team)
    if not changed and not after:
        return held
    held.save(update_fields=[*changed, "folded", "team", "rank"])
    if words := [name for name in changed if name in TEXTS]:
        after["facts"] = words
    record("improvement_changed", by=by, subject=held, before=before, after=after)
    return held


def _hand_over(held: Improvement, team: Team) -> None:
    check_has_list(team.kind, active=team.active)
    left, rank = held.team_id, held.rank
    if rank is None:
        held.team = team
        return
    place = next_rank(team.pk)
    Improvement.objects.filter(pk=held.pk).update(team=team, rank=place)
    held.team, held.rank = team, place
    close_gap(left, rank)


@transaction.atomic
def redact(*, improvement: Improvement, by: Person, reason: str) -> None:
    """Removes its words, those of its steps and those in its history; that it was there, and what became of it, stays."""
    if not reason.strip():
        raise Refused(_("Say why it is removed."))
    held = Improvement.objects.select_for_update().get(pk=improvement.pk)
    check_may_decide(by, held.team_id)
    now = clock.now()
    Improvement.objects.filter(pk=held.pk).update(
        title=TOMBSTONE, folded="", description="", note="", redacted_at=now, redacted_by=by
    )
    steps = ImprovementStep.objects.filter(improvement=held).exclude(reason="")
    steps.update(reason=TOMBSTONE, redacted_at=now, redacted_by=by)
    told = Event.objects.filter(subject_kind="improvement", subject_id=held.pk, redacted_at__isnull=True)
    told.exclude(reason="").update(reason=TOMBSTONE, redacted_at=now, redacted_by_id=by.pk)
    record("improvement_redacted", by=by, subject=held, reason=reason.strip())
