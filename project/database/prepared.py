"""Statements whose SQL is made once in the life of a process.

Building a query and compiling it costs Django several times what it costs to send it and to read the answer, and makes the same text every
time. A prepared statement sends the text of the first time with the values of this time; rows become models as ever. Several that do not
need each other's answers go out `together`. It is for the few statements of the busiest requests. Everywhere else a queryset says the same,
and is easier to read.
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
RARE = 918_273_000  # so that an example is nothing that a query names itself
EXAMPLES: dict[type, Callable[[int], object]] = {
    int: lambda number: RARE + number,
    str: lambda number: f"example {RARE + number}",
    UUID: lambda number: UUID(int=RARE + number),
    datetime: lambda number: datetime(1901, 1, 1, tzinfo=UTC) + timedelta(days=number),
}


class UnableToPrepare(Exception):
    """The text depends on a value, or a value does not stand in it as it is given."""


@dataclass(frozen=True)
class _Made:
    rows: QuerySet[Any, Any]
    compiler: SQLCompiler
    sql: str
    parameters: Sequence[object]
    examples: Mapping[str, object]  # as they are sent
    converters: Any  # of the columns, which Django otherwise asks each field for each time


class PreparedRead(Generic[Row]):
    """`build` makes a queryset from values of the named kinds: `int`, `str`, `UUID` or `datetime`. A call takes them and answers the rows.

    No value can be what changes the text: None, a list, a model, a bool that decides about a filter. `prefetch_related` does nothing.
    Raises `UnableToPrepare` at the first call where that was overlooked, and `TypeError` for a value of another kind.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], **kinds: type) -> None:
        self._build, self._kinds = build, kinds

    def __call__(self, **values: object) -> list[Row]:
        return self.ask(**values).rows()

    def ask(self, **values: object) -> Asked[Row]:
        """Sends the statement; `rows` of what it answers waits. Within `together` several are on their way at once."""
        made, connection = self._made, connections[DEFAULT_DB_ALIAS]
        if made.rows.query.select_for_update and not connection.in_atomic_block:
            raise TransactionManagementError("A read that locks needs a transaction.")  # Django asks when it compiles
        sent = {name: _as_sent(values[name], kind, connection) for name, kind in self._kinds.items()}
        parameters: tuple[Any, ...] = tuple(sent[name] if name else fixed for name, fixed in self._places)
        cursor = connection.cursor()
        try:
            cursor.execute(made.sql, parameters)
        except BaseException:
            cursor.close()
            raise
        return Asked(made, cursor, connection)

    @cached_property
    def _made(self) -> _Made:
        return self._make(1)

    @cached_property
    def _places(self) -> Sequence[tuple[str | None, object]]:
        """For each parameter the value that goes there, or what always does. Told by a second text of other examples: what comes of a
        value differs.
        """
        one, two = self._made, self._make(2)
        if one.sql != two.sql:
            raise UnableToPrepare("The text depends on a value.")
        pairs = zip(one.parameters, two.parameters, strict=True)
        places = [(None if here == there else _whose(here, there, one, two), here) for here, there in pairs]
        if missing := self._kinds.keys() - {name for name, _ in places}:
            raise UnableToPrepare(f"Nowhere in the text: {', '.join(sorted(missing))}")
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
    raise UnableToPrepare("Something was made of a value before it was sent.")


def _as_sent(value: object, kind: type, connection: BaseDatabaseWrapper) -> object:
    """As fields say it while they compile: a text may name a number or a key, and SQLite knows neither moments nor UUIDs."""
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
class Asked(Generic[Row]):
    """A statement that is on its way."""

    _made: _Made
    _cursor: CursorWrapper
    _connection: BaseDatabaseWrapper

    def rows(self) -> list[Row]:
        """The queryset as if it had just been compiled and run by the connection of this thread. Changes nothing that calls share."""
        with self._cursor as cursor:
            chunks = [cursor.fetchall()]
        made = self._made
        compiler = copy.copy(made.compiler)
        compiler.connection = self._connection
        compiler.execute_sql = lambda *_, **__: chunks  # type: ignore[method-assign,assignment]  # this is the point
        compiler.get_converters = lambda *_: made.converters  # type: ignore[method-assign]  # the same
        query = copy.copy(made.rows.query)
        query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]  # the same
        rows = type(made.rows)(model=made.rows.model, query=query, using=DEFAULT_DB_ALIAS)
        rows._iterable_class = made.rows._iterable_class  # noqa: SLF001  # models or rows of values, as the queryset says
        rows._fields = made.rows._fields  # type: ignore[attr-defined]  # and in that order
        return list(rows)


class _Trip(threading.local):
    """What is to be read once the statements of `together` are answered; None while each waits for its own."""

    arrivals: list[Callable[[], None]] | None = None


_trip = _Trip()


@contextmanager
def together() -> Iterator[None]:
    """Sends the prepared statements of this block without waiting for the answer of each: under a lock a round trip is what costs most.

    Reads are `ask`ed, and their rows taken after the block; rows that are inserted have their keys after it. Other reads may stand in the
    block and wait as ever; a change of rows raises `UnableToPrepare`, as Django would take the number of changed rows for none. The error of a
    statement comes at the end of the block at the latest. On SQLite nothing travels, and each statement is answered at once; so it is outside a
    transaction, where psycopg would go on believing in what failed.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql" or not connection.in_atomic_block or _trip.arrivals is not None:
        yield
        return
    arrivals = _trip.arrivals = []
    try:
        connection.ensure_connection()
        with connection.execute_wrapper(_refuse_changes), connection.wrap_database_errors, _pipeline(connection):
            yield
    finally:
        _trip.arrivals = None
    for arrive in arrivals:
        arrive()


def _pipeline(connection: BaseDatabaseWrapper) -> AbstractContextManager[object]:
    return connection.connection.pipeline()  # type: ignore[no-any-return]  # of psycopg


def _refuse_changes(execute: Callable[..., Any], sql: str, *details: Any) -> Any:
    if sql.lstrip().startswith(("UPDATE", "DELETE")):
        raise UnableToPrepare("Rows are changed where several statements go out together.")
    return execute(sql, *details)


class PreparedInsert(Generic[Instance]):
    """New rows of a table, as `bulk_create` writes them: no signals, and the key comes back. A single row, which most are, goes without
    Django's compiler. What a row refers to must have been saved before. Raises `UnableToPrepare` at the first call for a table whose columns
    the database fills in.
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
        if _trip.arrivals is None:
            _take_key(row, cursor)
        else:
            _trip.arrivals.append(partial(_take_key, row, cursor))
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001  # documented

    @cached_property
    def _fields(self) -> list[Field[Any, Any]]:
        """All columns but the key."""
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


def _take_key(row: Model, cursor: CursorWrapper) -> None:
    with cursor:
        row.pk = cursor.fetchone()[0]
