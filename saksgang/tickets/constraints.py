"""What must always hold of a case, whoever writes to its table: kept by the database itself."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from saksgang.catalogue.kinds import TicketType
from saksgang.tickets import kinds, states


def both_or_neither(*names: str) -> Q:
    """All of these are set, or none is."""
    return Q(**{f"{name}__isnull": True for name in names}) | Q(**{f"{name}__isnull": False for name in names})


OF_A_CLARIFICATION: list[models.BaseConstraint] = [
    models.UniqueConstraint(fields=["ticket"], condition=Q(decision__isnull=True), name="clarification_one_open"),
    models.CheckConstraint(name="clarification_asks", condition=~Q(question="")),
    models.CheckConstraint(
        name="clarification_asked_by_one",
        condition=Q(asked_by__isnull=False, rule__isnull=True) | Q(asked_by__isnull=True, rule__isnull=False),
    ),
    models.CheckConstraint(
        name="clarification_decided_whole",
        condition=Q(decision__isnull=True, decided_at__isnull=True, decided_by__isnull=True, reason="")
        | (
            Q(decision__isnull=False, decision__in=kinds.Decision.values)
            & Q(decided_at__isnull=False, decided_by__isnull=False)
            & ~Q(reason="")
        ),
    ),
    models.CheckConstraint(
        name="clarification_escalated_when",
        condition=Q(escalated_to__isnull=True) | Q(escalated_at__isnull=False),
    ),
    models.CheckConstraint(
        name="clarification_redaction_pair", condition=both_or_neither("redacted_at", "redacted_by")
    ),
]

OF_A_MAJOR_INCIDENT: list[models.BaseConstraint] = [
    models.CheckConstraint(name="major_has_title", condition=~Q(title="")),
    # Its cases are solved with these, so they are never unknown.
    models.CheckConstraint(name="major_says_impact", condition=Q(impact__in=kinds.KNOWN_IMPACTS)),
    models.CheckConstraint(name="major_says_consequence", condition=Q(consequence__in=kinds.KNOWN_CONSEQUENCES)),
    models.CheckConstraint(
        name="major_solved_whole",
        condition=Q(state=kinds.MajorState.OPEN, solved_at__isnull=True, solved_by__isnull=True, resolution="")
        | (Q(state=kinds.MajorState.SOLVED, solved_at__isnull=False, solved_by__isnull=False) & ~Q(resolution="")),
    ),
    models.CheckConstraint(name="major_redaction_pair", condition=both_or_neither("redacted_at", "redacted_by")),
]

OF_A_TICKET: list[models.BaseConstraint] = [
    models.CheckConstraint(
        name="ticket_open_has_next_step",
        condition=Q(open=0)
        | Q(
            open=1,
            team__isnull=False,
            next_step__isnull=False,
            next_step_due_at__isnull=False,
            next_step__in=kinds.NextStep.values,
        ),
    ),
    models.CheckConstraint(
        name="ticket_open_says_state",
        condition=Q(open=1, state__in=sorted(states.OPEN)) | Q(open=0, state__in=sorted(states.DONE)),
    ),
    models.CheckConstraint(
        name="ticket_queue_rank",
        condition=Q(state__in=sorted(states.QUEUED), queue_rank__isnull=False, queue_rank__in=[10, 15, 20, 30, 40])
        | (~Q(state__in=sorted(states.QUEUED)) & Q(queue_rank__isnull=True))
        | Q(queue_rank__isnull=False, queue_rank=15, next_step__isnull=False, next_step="CONFIRM_SENDER"),
    ),
    models.CheckConstraint(
        name="ticket_answered_before_done",
        condition=Q(open=1)
        | Q(answers_owed=0)
        | Q(
            state=kinds.State.CLOSED,
            close_reason__isnull=False,
            close_reason__in=kinds.NOBODY_IS_OWED,
            closed_at__isnull=False,
        ),
    ),
    models.CheckConstraint(
        name="ticket_ends_when_told",
        condition=Q(ends_as__isnull=True)
        | Q(
            ends_as__isnull=False,
            ends_as__in=kinds.EndsAs.values,
            open=1,
            wait_until__isnull=True,
            clarify_due_at__isnull=True,
            new_message_at__isnull=True,
        ),
    ),
    models.CheckConstraint(name="ticket_set_step_pair", condition=both_or_neither("set_step", "set_step_due_at")),
    models.CheckConstraint(name="ticket_taken_pair", condition=both_or_neither("assignee", "taken_at")),
    models.CheckConstraint(
        name="ticket_given_to_somebody",
        condition=Q(given_at__isnull=True, given_by__isnull=True)
        | Q(given_at__isnull=False, given_by__isnull=False, assignee__isnull=False),
    ),
    models.CheckConstraint(name="ticket_assessed_pair", condition=both_or_neither("assessed_at", "assessed_by")),
    models.CheckConstraint(name="ticket_resolved_pair", condition=both_or_neither("resolved_at", "resolved_by")),
    models.CheckConstraint(
        name="ticket_override_pair",
        condition=both_or_neither("override_priority", "override_at", "override_by"),
    ),
    models.CheckConstraint(
        name="ticket_override_reason", condition=Q(override_priority__isnull=True) | ~Q(override_reason="")
    ),
    models.CheckConstraint(
        name="ticket_closed_who_and_when",
        condition=Q(state=kinds.State.CLOSED, closed_at__isnull=False, closed_by__isnull=False, closed_by_robot="")
        | (Q(state=kinds.State.CLOSED, closed_at__isnull=False, closed_by__isnull=True) & ~Q(closed_by_robot=""))
        | (
            ~Q(state=kinds.State.CLOSED)
            & Q(closed_at__isnull=True, closed_by__isnull=True, closed_by_robot="", close_reason__isnull=True)
        ),
    ),
    models.CheckConstraint(
        name="ticket_closed_says_why",
        condition=~Q(state=kinds.State.CLOSED) | Q(close_reason__isnull=False) | Q(resolved_at__isnull=False),
    ),
    models.CheckConstraint(
        name="ticket_resolved_is_whole",
        condition=(Q(resolved_at__isnull=True) & ~Q(state=kinds.State.RESOLVED))
        | (
            Q(resolved_at__isnull=False, type__isnull=False, type__in=TicketType.values)
            & ~Q(resolution="")
            & (
                ~Q(type=TicketType.INCIDENT)
                | Q(
                    service__isnull=False,
                    impact__isnull=False,
                    consequence__isnull=False,
                    impact__in=kinds.KNOWN_IMPACTS,
                    consequence__in=kinds.KNOWN_CONSEQUENCES,
                )
            )
        ),
    ),
    models.CheckConstraint(
        name="ticket_category_is_whole",
        condition=Q(category__isnull=True) | Q(type__isnull=False, service__isnull=False),
    ),
    models.CheckConstraint(
        name="ticket_given_to_the_proven",
        condition=Q(proofs_lacking=0)
        | (Q(resolved_at__isnull=True) & (Q(close_reason__isnull=True) | ~Q(close_reason="ANSWERED_ORALLY"))),
    ),
    models.CheckConstraint(
        name="ticket_priority_when_assessed",
        # An imported case brings the old system's priority, before anybody has assessed it here.
        condition=Q(priority__isnull=True, assessed_at__isnull=True, override_priority__isnull=True)
        | Q(priority__isnull=False, assessed_at__isnull=False, priority__gte=1, priority__lte=4)
        | Q(priority__isnull=False, override_priority__isnull=False, priority__gte=1, priority__lte=4),
    ),
    models.CheckConstraint(
        name="ticket_time_critical_says_when", condition=Q(time_critical=False) | Q(needed_by__isnull=False)
    ),
    models.CheckConstraint(
        name="ticket_at_triage_until",
        condition=Q(at_triage=False) | Q(at_triage=True, open=1, clarify_due_at__isnull=False),
    ),
    models.CheckConstraint(
        name="ticket_not_under_itself", condition=Q(parent__isnull=True) | ~Q(parent=models.F("id"))
    ),
    models.CheckConstraint(
        name="ticket_restricted_by_itself", condition=Q(restricted=False) | Q(restricted=True, major__isnull=True)
    ),
    models.CheckConstraint(
        name="ticket_lent_by_its_major",
        condition=Q(facts_lent=False) | Q(facts_lent=True, major__isnull=False, assessed_at__isnull=False),
    ),
    models.CheckConstraint(name="ticket_danger_says_what", condition=Q(danger=False) | ~Q(danger_note="")),
    models.CheckConstraint(
        name="ticket_harm_is_reported",
        condition=Q(patient_harm__isnull=True)
        | ~Q(patient_harm=kinds.Told.YES)
        | Q(open=1)
        | ~Q(deviation_number="")
        | ~Q(deviation_reason="")
        | Q(close_reason__isnull=False, close_reason__in=kinds.NOTHING_HAPPENED),
    ),
    models.CheckConstraint(
        name="ticket_again_of_a_harm",
        condition=Q(harm_again__isnull=True)
        | Q(patient_harm__isnull=False, patient_harm=kinds.Told.YES, harm_again__in=kinds.Told.values),
    ),
    models.CheckConstraint(
        name="ticket_harm_is_an_answer",
        condition=Q(patient_harm__isnull=True)
        | Q(type__isnull=False, type=TicketType.INCIDENT, patient_harm__in=kinds.Told.values),
    ),
    models.CheckConstraint(
        name="ticket_deviation_redacted",
        condition=both_or_neither("deviation_redacted_at", "deviation_redacted_by"),
    ),
    models.CheckConstraint(
        name="ticket_waits_until",
        condition=Q(state__in=sorted(states.PAUSED), wait_until__isnull=False)
        | (~Q(state__in=sorted(states.PAUSED)) & Q(wait_until__isnull=True)),
    ),
]
