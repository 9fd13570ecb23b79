"""Statements whose SQL is compiled once per process.

Building and compiling a query costs Django several times what sending it and reading the rows costs, and gives the same
SQL every time. A prepared statement compiles it on the first call and then only sends new values; rows become models as
usual. Several statements that do not need each other's results can be sent `together`.

This is only for the few statements of the busiest requests, and for mails, of which one worker renders thousands
(tests/architecture/test_prepared.py names them). Everywhere else use a queryset: it does the same, and is easier to
read.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model
from django.db.transaction import TransactionManagementError

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper
    from django.db.models import Field, QuerySet
    from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")
Instance = TypeVar("Instance", bound=Model)
RARE = 918_273_000  # example values must not occur in a query by themselves
EXAMPLES: dict[type, Callable[[int], object]] = {
    int: lambda number: RARE + number,
    str: lambda number: f"example {RARE + number}",
    UUID: lambda number: UUID(int=RARE + number),
    datetime: lambda number: datetime(1901, 1, 1, tzinfo=UTC) + timedelta(days=number),
}


class UnableToPrepare(Exception):
    """The SQL of the statement depends on a value, or a value is not sent as it was given."""


@dataclass(frozen=True)
class _Made:
    rows: QuerySet[Any, Any]
    compiler: SQLCompiler
    sql: str
    parameters: Sequence[object]
    examples: Mapping[str, object]  # in the form in which they are sent
    converters: Any  # of the columns; Django would otherwise look them up for each query


class PreparedRead(Generic[Row]):
    """A read. `build` makes its queryset from named values of the types in `kinds`: `int`, `str`, `UUID` or `datetime`.
    Calling it with such values returns the rows.

    A value must not change the SQL, so None, lists, models, and bools that decide about a filter are impossible;
    `prefetch_related` is ignored. The first call raises `UnableToPrepare` if the SQL depends on a value. Every call
    raises `TypeError` for a value of another type.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], **kinds: type) -> None:
        self._build, self._kinds = build, kinds

    def __call__(self, **values: object) -> list[Row]:
        return self.send(**values).rows()

    def send(self, **values: object) -> SentRead[Row]:
        """Sends the statement; `rows()` of the result waits for the answer. Within `together` several can be under
        way.
        """
        made, connection = self._made, connections[DEFAULT_DB_ALIAS]
        if made.rows.query.select_for_update and not connection.in_atomic_block:
            raise TransactionManagementError("A read that locks needs a transaction.")  # Django checks while compiling
        sent = {name: _as_sent(values[name], kind, connection) for name, kind in self._kinds.items()}
        parameters: tuple[Any, ...] = tuple(sent[name] if name else fixed for name, fixed in self._places)
        cursor = connection.cursor()
        try:
            cursor.execute(made.sql, parameters)
        except BaseException:
            cursor.close()
            raise
        return SentRead(made, cursor, connection)

    @cached_property
    def _made(self) -> _Made:
        return self._make(1)

    @cached_property
    def _places(self) -> Sequence[tuple[str | None, object]]:
        """Returns, for each parameter of the SQL, the name of the value that goes there, or None and the constant that
        does.

        Compares the parameters of two compilations with different examples: those that differ come from a value.
        """
        one, two = self._made, self._make(2)
        if one.sql != two.sql:
            raise UnableToPrepare("The SQL depends on a value.")
        pairs = zip(one.parameters, two.parameters, strict=True)
        places = [(None if here == there else _whose(here, there, one, two), here) for here, there in pairs]
        if missing := self._kinds.keys() - {name for name, _ in places}:
            raise UnableToPrepare(f"Nowhere in the SQL: {', '.join(sorted(missing))}")
        return places

    def _make(self, lot: int) -> _Made:
        numbers = range(lot * len(self._kinds), (lot + 1) * len(self._kinds))
        examples = {
            name: EXAMPLES[kind](number) for (name, kind), number in zip(self._kinds.items(), numbers, strict=True)
        }
        rows = self._build(**examples)
        compiler = rows.query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, parameters = compiler.as_sql()
        sent = {name: _as_sent(examples[name], kind, compiler.connection) for name, kind in self._kinds.items()}
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        return _Made(rows, compiler, sql, parameters, sent, converters)


def _whose(here: object, there: object, one: _Made, two: _Made) -> str:
    for name, example in one.examples.items():
        if here == example and there == two.examples[name]:
            return name
    raise UnableToPrepare("A value was changed before it was sent.")


def _as_sent(value: object, kind: type, connection: BaseDatabaseWrapper) -> object:
    """Converts a value as Django's fields do while compiling: numbers and UUIDs may be given as text, and SQLite has
    neither datetimes nor UUIDs. Raises `TypeError` if the value is not of this type.
    """
    if isinstance(value, str) and kind in {int, UUID}:
        value = kind(value)
    if not isinstance(value, kind):
        raise TypeError(f"{kind.__name__} expected, not {type(value).__name__}")
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value


@dataclass(frozen=True)
class SentRead(Generic[Row]):
    """A statement that was sent and whose rows were not read yet."""

    _made: _Made
    _cursor: CursorWrapper
    _connection: BaseDatabaseWrapper

    def rows(self) -> list[Row]:
        """Waits for the rows and returns them as the queryset would. Works on copies, since `_Made` is shared by all
        calls.
        """
        with self._cursor as cursor:
            chunks = [cursor.fetchall()]
        made = self._made
        compiler = copy.copy(made.compiler)
        compiler.connection = self._connection
        compiler.execute_sql = lambda *_, **__: chunks  # type: ignore[method-assign,assignment]  # the rows are here already
        compiler.get_converters = lambda *_: made.converters  # type: ignore[method-assign]  # the same
        query = copy.copy(made.rows.query)
        query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]  # the same
        rows = type(made.rows)(model=made.rows.model, query=query, using=DEFAULT_DB_ALIAS)
        rows._iterable_class = made.rows._iterable_class  # noqa: SLF001  # models or rows of values, as the queryset says
        rows._fields = made.rows._fields  # type: ignore[attr-defined]  # and in that order
        return list(rows)


class _Pending(threading.local):
    """What to do once the statements of `together` are answered; None outside of it, where each statement waits."""

    callbacks: list[Callable[[], None]] | None = None


_pending = _Pending()


@contextmanager
def together() -> Iterator[None]:
    """Sends the prepared statements of this block as one pipeline (libpq), without waiting for each answer: under a
    lock, round trips cost most.

    `send` reads within the block and call `rows()` after it; inserted rows have their keys after it. Other reads may be
    in the block and wait as usual. An UPDATE or DELETE raises `UnableToPrepare`, because Django would read its row
    count too early and see 0: beware of code far below that adds one. An error of a statement is raised at the end of
    the block at the latest.

    Has no effect on SQLite, and outside a transaction, where psycopg would keep using a statement whose preparation
    failed.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql" or not connection.in_atomic_block or _pending.callbacks is not None:
        yield
        return
    callbacks = _pending.callbacks = []
    try:
        connection.ensure_connection()
        with connection.execute_wrapper(_refuse_changes), connection.wrap_database_errors, _pipeline(connection):
            yield
    finally:
        _pending.callbacks = None
    for callback in callbacks:
        callback()


def _pipeline(connection: BaseDatabaseWrapper) -> AbstractContextManager[object]:
    return connection.connection.pipeline()  # type: ignore[no-any-return]  # of psycopg


def _refuse_changes(execute: Callable[..., Any], sql: str, *details: Any) -> Any:
    if sql.lstrip().startswith(("UPDATE", "DELETE")):
        raise UnableToPrepare("Rows are changed within a block of `together`.")
    return execute(sql, *details)


class PreparedInsert(Generic[Instance]):
    """Inserts rows as `bulk_create` does: no signals, and each row gets its key. A single row, the usual case, skips
    Django's compiler. Rows that it refers to must be saved already. Raises `UnableToPrepare` at the first call if the
    database fills in any column but the key.
    """

    def __init__(self, model: type[Instance]) -> None:
        self._model, self._options = model, model._meta  # noqa: SLF001  # the documented access

    def __call__(self, rows: Sequence[Instance]) -> None:
        if len(rows) == 1 and rows[0].pk is None:
            self._insert(rows[0])
        else:
            self._model._default_manager.bulk_create(rows)  # noqa: SLF001  # the documented access by class

    def _insert(self, row: Instance) -> None:
        connection = connections[DEFAULT_DB_ALIAS]
        values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in self._fields]  # noqa: FBT003  # as Django calls it
        cursor = connection.cursor()
        cursor.execute(self._sql, values)
        if _pending.callbacks is None:
            _set_key(row, cursor)
        else:
            _pending.callbacks.append(partial(_set_key, row, cursor))
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001  # documented

    @cached_property
    def _fields(self) -> list[Field[Any, Any]]:
        """The columns of the statement: all but the key."""
        meta = self._options
        if meta.parents or [field.name for field in meta.db_returning_fields] != [meta.pk.name]:
            raise UnableToPrepare(f"The database fills in columns of {meta.db_table}, or it has a parent.")
        return [field for field in meta.concrete_fields if field is not meta.pk]

    @cached_property
    def _sql(self) -> str:
        quoted = connections[DEFAULT_DB_ALIAS].ops.quote_name
        columns = ", ".join(quoted(str(field.column)) for field in self._fields)
        places = ", ".join("%s" for _ in self._fields)
        table, key = quoted(self._options.db_table), quoted(str(self._options.pk.column))
        return f"INSERT INTO {table} ({columns}) VALUES ({places}) RETURNING {table}.{key}"  # noqa: S608  # our own names


def _set_key(row: Model, cursor: CursorWrapper) -> None:
    with cursor:
        row.pk = cursor.fetchone()[0]
