"""Hundreds of thousands of registrations in seconds: rows made by the database itself, in blocks of 1,000.

A block is 100 people and 10 events of 5 dates (35 coming, 15 past) with 14 seats each. Each date has 14 people with a
seat, 4 who wait and 2 who cancelled; each person has ten registrations. So every person and every page has the same
data, however many blocks there are. The first block has the next dates.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, models
from psycopg import sql

from events.models import Event, Session
from project.accounts.models import User
from project.outbox.models import Message
from registrations.models import Invite, Registration, RegistrationLog
from tests.factories import make_unit, make_venue

BLOCK, PEOPLE, EVENTS, SESSIONS = 1000, 100, 10, 50
UNITS, VENUES = 8, 20
SEATS = 14
FAR_AWAY = 1_000_000_000

# In each, `n` is the number of the row, from 1; sessions and registrations also know their block and place in it.
SESSION_KEY = "md5('session' || {})::uuid"
BLOCK_OF_SESSION, PLACE_OF_SESSION = "((n - 1) / 50)", "((n - 1) % 50)"
IS_COMING = f"{PLACE_OF_SESSION} % 10 < 7"
STARTS_AT = f"""date_trunc('hour', now()) + CASE
    WHEN NOT {IS_COMING} THEN -interval '70 days' - interval '12 hours' * ({PLACE_OF_SESSION} + n % 997)
    WHEN n <= 50 THEN interval '8 days' + interval '12 hours' * {PLACE_OF_SESSION}
    ELSE interval '40 days' + interval '1 hour' * (n * 37 % 2000) END"""
SESSION_OF, PLACE_IN_SESSION = "((n - 1) / 20 + 1)", "((n - 1) % 20)"
ATTENDEE = "((n - 1) / 1000 * 100 + (n - 1) % 100 + 1)"
STATUS = f"""CASE WHEN {PLACE_IN_SESSION} < 14 THEN 'CONFIRMED'
    WHEN {PLACE_IN_SESSION} < 18 THEN 'WAITLISTED' ELSE 'CANCELLED' END"""
BEFORE = "now() - interval '90 days' + interval '1 millisecond' * n"

ROWS: list[tuple[type[models.Model], int, dict[str, str]]] = [
    (
        User,
        PEOPLE,
        {
            "id": "n",
            "email": "'crowd' || n || '@demo.example'",
            "name": "'Crowd ' || n",
            "password": "'!'",
            "unit_id": f"n % {UNITS} + 1",
            "audience": "'STAFF'",
            "audience_source": "'SELF'",
            "joined_at": "now()",
        },
    ),
    (
        Event,
        EVENTS,
        {
            "id": "n",
            "slug": "'crowd-' || n",
            "kind": "'PERFORMANCE'",
            "status": "'PUBLISHED'",
            "seat_scope": "'SESSION'",
            "owner_id": f"n % {UNITS} + 1",
            "title_en": "'Performance ' || n",
            "title_nl": "'Voorstelling ' || n",
            "summary_en": "'An hour that stays with you.'",
            "created_at": "now()",
            "changed_at": "now()",
        },
    ),
    (
        Session,
        SESSIONS,
        {
            "id": "n",
            "key": SESSION_KEY.format("n"),
            "slot": SESSION_KEY.format("n"),
            "event_id": f"{BLOCK_OF_SESSION} * 10 + {PLACE_OF_SESSION} / 5 + 1",
            "venue_id": f"n % {VENUES} + 1",
            "status": f"CASE WHEN {IS_COMING} THEN 'SCHEDULED' ELSE 'HELD' END",
            "starts_at": STARTS_AT,
            "ends_at": f"{STARTS_AT} + interval '2 hours'",
            "capacity": str(SEATS),
            "changed_at": "now()",
        },
    ),
    (
        Registration,
        BLOCK,
        {
            "id": "n",
            "session_id": SESSION_OF,
            "attendee_id": ATTENDEE,
            "slot": SESSION_KEY.format(SESSION_OF),
            "status": STATUS,
            "created_at": BEFORE,
            "confirmed_at": f"CASE WHEN {PLACE_IN_SESSION} < 14 THEN {BEFORE} END",
            "waitlisted_at": f"CASE WHEN {PLACE_IN_SESSION} BETWEEN 14 AND 17 THEN {BEFORE} END",
            "cancelled_at": f"CASE WHEN {PLACE_IN_SESSION} > 17 THEN {BEFORE} END",
            "cancelled_by": f"CASE WHEN {PLACE_IN_SESSION} > 17 THEN 'PERSON' ELSE '' END",
        },
    ),
    (
        RegistrationLog,
        BLOCK,
        {"id": "n", "registration_id": "n", "actor_id": ATTENDEE, "at": BEFORE, "action": STATUS, "status": STATUS},
    ),
    (
        Invite,
        BLOCK,
        {
            "id": "n",
            "registration_id": "n",
            "attendee_id": ATTENDEE,
            "slot": SESSION_KEY.format(SESSION_OF),
            "address": f"'crowd' || {ATTENDEE} || '@demo.example'",
            "stamped_at": BEFORE,
            "state": f"CASE WHEN {PLACE_IN_SESSION} < 14 THEN 'ACTIVE' ELSE 'CANCELLED' END",
        },
    ),
    (
        Message,
        BLOCK,
        {
            "id": "n",
            "kind": "'registration-confirmed'",
            "recipient_id": ATTENDEE,
            "address": f"'crowd' || {ATTENDEE} || '@demo.example'",
            "status": "'SENT'",
            "created_at": BEFORE,
            "due_at": BEFORE,
            "sent_at": BEFORE,
        },
    ),
]


def make_places() -> None:
    """Makes the units and rooms to which the rows above refer, in an empty database. Other rows get keys far away from
    these.
    """
    for number in range(UNITS):
        make_unit(f"unit-{number}")
    for _ in range(VENUES):
        make_venue()
    with connection.cursor() as cursor:
        for model, *_ in ROWS:
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [model._meta.db_table, FAR_AWAY])


def grow(first: int, last: int) -> None:
    """Adds the blocks `first` to `last`, counted from 1."""
    with connection.cursor() as cursor:
        # Foreign keys are not checked, because these rows are known to be right.
        cursor.execute("SET session_replication_role = replica")
        for model, in_block, values in ROWS:
            cursor.execute(_insert(model, values, (first - 1) * in_block + 1, last * in_block))
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")  # so that nothing is written any more during the measurements


def _insert(model: type[models.Model], values: dict[str, str], first: int, last: int) -> sql.Composed:
    """Returns the INSERT; columns without a value get the default of the model."""
    fields = model._meta.concrete_fields
    columns: list[sql.Composable] = [sql.Identifier(str(field.column)) for field in fields]
    told = [sql.SQL(values[field.column]) if field.column in values else _default(field) for field in fields]
    return sql.SQL("INSERT INTO {} ({}) SELECT {} FROM generate_series({}::bigint, {}) AS n").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(columns),
        sql.SQL(", ").join(told),
        sql.Literal(first),
        sql.Literal(last),
    )


def _default(field: models.Field[Any, Any]) -> sql.Composable:
    if isinstance(field, models.UUIDField) and field.has_default():
        return sql.SQL("gen_random_uuid()")
    return sql.Literal(field.get_db_prep_save(field.get_default(), connection))
