"""All of the file or none of it: one transaction, one action for each thing that differs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.utils import translation

from saksgang.upkeep.configuring import checking, desk, document, post, references, rules_of_time, staff
from saksgang.upkeep.configuring.document import Complaints, Entry
from saksgang.upkeep.configuring.secret_places import Secrets
from saksgang.upkeep.configuring.sections import SECTIONS
from saksgang.upkeep.configuring.telling import Told

Setter = Callable[[Entry, Told, Secrets], None]

SETTERS: dict[str, Setter] = {
    "department": desk.set_department,
    "team": desk.set_team,
    "service": desk.set_service,
    "category": desk.set_category,
    "person": staff.set_person,
    "mailbox": post.set_mailbox,
    "supplier": post.set_supplier,
    "team_hours": rules_of_time.set_team_hours,
    "special_day": rules_of_time.set_special_day,
    "meeting": rules_of_time.set_meeting,
    "on_call": rules_of_time.set_on_call,
    "mail_text": post.set_mail_text,
    "target": rules_of_time.set_target,
    "priority": rules_of_time.set_priority,
    "routing": post.set_routing,
    "state_label": desk.set_state_label,
}


def configure(path: Path, *, dry_run: bool) -> tuple[list[str], list[str]]:
    """(what was added and changed, what is wrong with the file). When something is wrong, nothing was changed."""
    complaints, told, secrets = Complaints(path.name), Told(), Secrets(path.parent)
    with translation.override("en"):
        entries = checking.checked(document.read(path, complaints), complaints)
        references.check(entries, complaints, secrets)
        if complaints:
            return [], complaints.told()
        with transaction.atomic():
            _carry_out(entries, told, secrets, complaints)
            if dry_run or complaints:
                transaction.set_rollback(True)
    return ([] if complaints else told.lines), complaints.told()


def _carry_out(entries: list[Entry], told: Told, secrets: Secrets, complaints: Complaints) -> None:
    for section in SECTIONS:
        for entry in (one for one in entries if one.section == section):
            try:
                with transaction.atomic():
                    SETTERS[section](entry, told, secrets)
            except (IntegrityError, ObjectDoesNotExist) as error:
                # What the checks before could not foresee: two sections that take the same name, and the like.
                words = f"The database refuses this {section}: {str(error).strip().splitlines()[0]}."
                complaints.add(entry.line, f"{words} Look for another with the same name or address.")
