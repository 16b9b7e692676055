"""Queries that Django compiles once and that run with other values afterwards.

Turning a queryset into SQL costs several times what the database needs to answer it, and a page of a case asks some twenty
questions. The rule of what is asked stays written as a queryset: it is compiled with numbers that stand in for the real ones,
and what comes of it (the SQL, where each number goes, how a row is read) is kept for as long as the process lives.

    @prepared
    def _files(ticket_id: int) -> QuerySet:
        return Attachment.objects.filter(message__ticket_id=ticket_id).values_list("id", "name")

    rows = _files(12)

The arguments are ids: whole numbers, never None. Nothing else may change what is asked: no language, no clock, no `if` on their
values. The queryset is either plain (objects, `select_related` too) or a `values_list` of several columns; nothing is fetched
beside it, so `prefetch_related` does nothing here. One that locks its rows (`select_for_update`) is refused outside a transaction,
as Django refuses it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models.query import ModelIterable, get_related_populators
from django.db.transaction import TransactionManagementError

# Nobody has these ids: each holds the place of one argument while the query is compiled.
STAND_INS = tuple(range(-4769, -4709))
# No row has an id beyond this, and no database takes such a number.
LARGEST_ID = 2**63 - 1

Row = list[Any]


@dataclass(frozen=True)
class Statement:
    """A compiled query: its SQL, its parameters with stand-ins among them, and what makes results of its rows."""

    sql: str
    parameters: tuple[Any, ...]
    read: Callable[[Iterable[Any]], list[Any]]
    locks: bool

    def filled(self, values: tuple[int, ...]) -> list[Any]:
        """The parameters, with the values where their stand-ins are."""
        given = dict(zip(STAND_INS, values, strict=False))
        # A parameter may be of a class that tells the driver its column's type; the value is told the same way.
        return [type(one)(given[one]) if isinstance(one, int) and one in given else one for one in self.parameters]

    def run(self, values: tuple[int, ...]) -> list[Any]:
        if self.locks and not connection.in_atomic_block:
            raise TransactionManagementError("rows are locked inside a transaction")
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.filled(values))
            return self.read(cursor.fetchall())


class Prepared:
    """A function from ids to rows. `build` is called once for each kind of database, with stand-ins."""

    def __init__(self, build: Callable[..., models.QuerySet[Any]]) -> None:
        self.build = build
        self._known: dict[str, Statement | None] = {}

    def __call__(self, *values: int) -> list[Any]:
        statement = self.statement(len(values))
        if statement is None or any(value > LARGEST_ID for value in values):
            return []
        return statement.run(values)

    def statement(self, takes: int) -> Statement | None:
        """None: whatever the values, nothing is found, and the database need not be asked. `takes`: how many ids."""
        if takes > len(STAND_INS):
            raise ValueError(f"a prepared query takes {len(STAND_INS)} ids at most")
        if connection.vendor not in self._known:
            self._known[connection.vendor] = _compiled(self.build(*STAND_INS[:takes]))
        return self._known[connection.vendor]


def prepared(build: Callable[..., models.QuerySet[Any]]) -> Prepared:
    """Makes a prepared query of a function that returns a queryset."""
    return Prepared(build)


def _compiled(queryset: models.QuerySet[Any]) -> Statement | None:
    compiler = queryset.query.get_compiler(connection=connection)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        return None
    converters = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])
    make = _maker(compiler) if queryset._iterable_class is ModelIterable else tuple

    def read(rows: Iterable[Any]) -> list[Any]:
        whole = compiler.apply_converters(rows, converters) if converters else rows
        return [make(row) for row in whole]

    return Statement(sql, tuple(parameters), read, queryset.query.select_for_update)


def _maker(compiler: Any) -> Callable[[Row], models.Model]:
    """What makes an object of a row, and those that select_related() brought with it: as Django's ModelIterable does."""
    info = compiler.klass_info
    kind, columns = info["model"], info["select_fields"]
    start, end = columns[0], columns[-1] + 1
    names = [column[0].target.attname for column in compiler.select[start:end]]
    related = get_related_populators(info, compiler.select, "default")  # type: ignore[call-arg] # a later Django's

    def make(row: Row) -> models.Model:
        made: models.Model = kind.from_db("default", names, row[start:end])
        for one in related:
            one.populate(row, made)
        return made

    return make
