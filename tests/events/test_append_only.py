"""Rows that the database itself keeps from being changed or deleted, on both databases."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from saksgang.events.actions import record
from saksgang.events.models import Event
from saksgang.inbound.models import InboundMail
from saksgang.lib import append_only, clock
from saksgang.lib.append_only import _protected
from saksgang.tickets.models import Attachment, Message
from tests.cast import SETUP

EXPECTED = {"events_event", "tickets_message", "tickets_attachment", "inbound_inboundmail"}
# A value for each kind of column, unlike the one that stands there.
TABLES = sorted(EXPECTED)


@pytest.fixture
def rows(cast) -> dict[str, int]:
    """One row in every protected table."""
    message = Message.objects.get(ticket=cast.case())
    attachment = Attachment.objects.create(message=message, name="a", content_type="a/b", size=1, sha256="0" * 64)
    now = clock.now()
    mail = InboundMail.objects.create(
        mailbox=cast.ikt, door="smtp", raw_sha256="0" * 64, size=1, received_at=now, try_at=now, purge_after=now
    )
    return {
        "events_event": record("team_added", by=SETUP, subject=cast.network, reason="Fordi").pk,
        "tickets_message": message.pk,
        "tickets_attachment": attachment.pk,
        "inbound_inboundmail": mail.pk,
    }


def run(statement: str, *values) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def test_these_tables_are_protected(db):
    assert set(append_only.protected_tables()) == EXPECTED
    assert append_only.missing() == []


@pytest.mark.parametrize("table", TABLES)
def test_no_protected_column_can_be_changed(rows, table):
    for column in _protected[table].columns:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            run(f'UPDATE "{table}" SET "{column}" = "{column}" WHERE id = %s', rows[table])


@pytest.mark.parametrize("table", TABLES)
def test_no_protected_row_can_be_deleted(rows, table):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(f'DELETE FROM "{table}" WHERE id = %s', rows[table])
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(f'DELETE FROM "{table}"')


def test_what_the_actions_may_not_do_the_models_may_not_either(cast, rows):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Message.objects.filter(pk=rows["tickets_message"]).update(text="Noe annet")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.get(pk=rows["events_event"]).save()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Attachment.objects.get(pk=rows["tickets_attachment"]).delete()


@pytest.mark.parametrize(
    ("model", "words"),
    [(Message, "text"), (Event, "reason"), (Attachment, "name"), (InboundMail, "envelope_to")],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_redaction_is_let_through_once_and_cannot_be_undone(cast, rows, model, words):
    one = model.objects.filter(pk=rows[model._meta.db_table])
    assert one.update(**{words: "[slettet]"}, redacted_at=clock.now(), redacted_by_id=cast.kari.pk) == 1
    assert one.values_list(words, flat=True).get() == "[slettet]"
    for changes in (
        {words: "Noe annet"},
        {words: "Noe annet", "redacted_at": clock.now()},
        {"redacted_at": None, "redacted_by_id": None},
        {words: "Noe annet", "redacted_at": None, "redacted_by_id": None},
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            one.update(**changes)


def test_what_may_change_still_can(cast, rows):
    other = cast.case()
    assert Message.objects.filter(pk=rows["tickets_message"]).update(ticket=other) == 1
    assert InboundMail.objects.filter(pk=rows["inbound_inboundmail"]).update(subject="Lest") == 1


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("kind", ["update", "delete"])
def test_a_trigger_that_was_dropped_is_named_and_put_back(db, table, kind):
    name = f"{table}_no_{kind}"
    run(f'DROP TRIGGER "{name}"' + ("" if connection.vendor == "sqlite" else f' ON "{table}"'))
    assert append_only.missing() == [name]
    append_only.install()
    assert append_only.missing() == []


def test_removing_and_installing_again_leaves_nothing_out(db):
    append_only.remove()
    assert len(append_only.missing()) == 2 * len(EXPECTED)
    append_only.install()
    append_only.install()
    assert append_only.missing() == []


def test_a_protected_table_cannot_be_emptied(db):
    """By TRUNCATE on PostgreSQL. SQLite has none: there the word itself is refused."""
    refusal = "append-only" if connection.vendor == "postgresql" else "syntax error"
    for table in TABLES:
        with pytest.raises(DatabaseError, match=refusal), transaction.atomic():
            run(f'TRUNCATE "{table}" CASCADE')
