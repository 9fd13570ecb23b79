"""The format of a programme: its fields and their allowed values. `events/demo/` is an example."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext as _

from events.enums import ComingAgain, EventKind, EventStatus, InitiativeCategory, SeatScope, SessionLanguage
from events.models import MAX_SEATS, Event, Initiative, Session, Venue
from events.models.timezones import is_region
from events.services import slugs
from events.services.editing import OFFER_LEAST, OFFER_MOST
from events.services.moments import day_of_end
from events.services.programme.fields import HOUSE_TIMEZONE
from events.services.programme.plans import (
    Columns,
    EventPlan,
    InitiativePlan,
    Programme,
    SessionPlan,
    UnitPlan,
    VenuePlan,
)
from project.accounts.enums import Audience, UnitKind
from project.accounts.models import Unit

if TYPE_CHECKING:
    from datetime import date, datetime

    from events.services.programme.fields import Fields

IMPORTED_STATUSES = (EventStatus.DRAFT, EventStatus.PUBLISHED, EventStatus.UNLISTED, EventStatus.ARCHIVED)
MAX_PEOPLE = 1_000_000
MAX_ROUNDS = 20
MAX_HOURS = 24 * 60
LONGEST_TEXT = 10_000


def add_file(programme: Programme, file: Fields) -> None:
    programme.units += [_unit(fields) for fields in file.children("units")]
    programme.venues += [_venue(fields) for fields in file.children("venues")]
    programme.events += [_event(fields) for fields in file.children("events")]
    programme.initiatives += [_initiative(fields) for fields in file.children("initiatives")]
    file.refuse_the_rest()


def _unit(fields: Fields) -> UnitPlan:
    columns: Columns = {
        "code": fields.code("code", most=_most(Unit, "code")),
        "kind": fields.choice("kind", UnitKind.values, UnitKind.FACULTY),
        **fields.both_languages("name", most=_most(Unit, "name_en")),
    }
    for language in ("en", "nl"):
        if not columns[f"name_{language}"]:
            fields.refuse("name", _("A unit has a name in both languages."))
    counts = [count for people in fields.children("people") for count in _headcounts(people)]
    fields.refuse_the_rest()
    return UnitPlan(written=fields, columns=columns, headcounts=counts)


def _headcounts(fields: Fields) -> list[tuple[str, date, int]]:
    """Head counts per audience on one day: `{on: 2026-10-01, STUDENT: 80, STAFF: 40}`."""
    day = fields.day("on")
    counted = [audience for audience in Audience.values if fields.has(audience)]
    counts = [(audience, day, fields.number(audience, least=0, most=MAX_PEOPLE)) for audience in counted]
    fields.refuse_the_rest()
    return [(audience, on, people) for audience, on, people in counts if on]


def _venue(fields: Fields) -> VenuePlan:
    columns: Columns = {
        "code": fields.code("code", most=_most(Venue, "code")),
        "name": fields.text("name", most=_most(Venue, "name"), needed=True),
        "room": fields.text("room", most=_most(Venue, "room")),
        "address": fields.text("address", most=_most(Venue, "address")),
        "capacity": fields.number("people", least=1, most=MAX_PEOPLE),
        **fields.long_texts("directions", most=LONGEST_TEXT),
        **fields.long_texts("accessibility", most=LONGEST_TEXT),
        "latitude": fields.decimal("latitude"),
        "longitude": fields.decimal("longitude"),
    }
    fields.refuse_the_rest()
    return VenuePlan(written=fields, columns=columns)


def _event(fields: Fields) -> EventPlan:
    columns: Columns = {
        "slug": fields.code("slug", most=_most(Event, "slug")),
        "kind": fields.choice("kind", EventKind.values),
        "status": fields.choice("status", IMPORTED_STATUSES, EventStatus.DRAFT),
        "is_discreet": fields.yes_or_no("discreet", default=False),
        "seat_scope": fields.choice("one_seat_per", SeatScope.values, SeatScope.EVENT),
        "coming_again": fields.choice("coming_again", ComingAgain.values, ComingAgain.BEHIND),
        "audiences": fields.choices("audiences", Audience.values),
        "units": tuple(sorted(set(fields.words("units")))),
        "cancel_until_hours": fields.number("cancel_until_hours", least=0, most=MAX_HOURS, default=24),
        "needs_approval": fields.yes_or_no("approval", default=False),
        **_waiting_list_hours(fields),
        **_event_texts(fields),
    }
    plan = EventPlan(
        written=fields,
        columns=columns,
        owner=fields.text("owner", needed=True),
        prerequisite=fields.text("prerequisite"),
        coordinators=[address.lower() for address in fields.words("coordinators")],
        rounds=[_round(inner) for inner in fields.children("rounds")],
        sessions=_sessions(fields),
    )
    fields.refuse_the_rest()
    _refuse_slug(plan)
    return plan


def _waiting_list_hours(fields: Fields) -> Columns:
    """Until when a free seat is booked at once, until when it is offered, and how long an offer is valid."""
    columns = {
        "seated_until_hours": fields.number("seated_until_hours", least=0, most=MAX_HOURS, default=72),
        "offered_until_hours": fields.number("offered_until_hours", least=0, most=MAX_HOURS, default=4),
        "offer_working_hours": fields.number("offer_working_hours", least=OFFER_LEAST, most=OFFER_MOST, default=12),
    }
    if columns["seated_until_hours"] < columns["offered_until_hours"]:
        fields.refuse("seated_until_hours", _("Offers come after this, so it is not less than offered_until_hours."))
    return columns


def _event_texts(fields: Fields) -> Columns:
    columns = {
        **fields.both_languages("title", most=_most(Event, "title_en")),
        **fields.both_languages("summary", most=_most(Event, "summary_en")),
        **fields.long_texts("description", most=LONGEST_TEXT),
        **fields.long_texts("content_note", most=LONGEST_TEXT),
        **fields.long_texts("bring", most=LONGEST_TEXT),
        **fields.long_texts("aftercare", most=LONGEST_TEXT),
        **fields.long_texts("questions", most=LONGEST_TEXT),
    }
    _refuse_untitled(fields, columns)
    return columns


def _round(fields: Fields) -> Columns:
    columns: Columns = {
        "number": fields.number("number", least=1, most=MAX_ROUNDS),
        **fields.both_languages("title", most=_most(Event, "title_en")),
    }
    fields.refuse_the_rest()
    return columns


def _sessions(event: Fields) -> list[SessionPlan]:
    """Every date of an event; `each_session` holds the fields that they share."""
    shared = event.child("each_session")
    dates = event.children("sessions")
    for fields in dates:
        if shared:
            fields.fall_back_on(shared)
    return [_session(fields) for fields in dates]


def _session(fields: Fields) -> SessionPlan:
    timezone = fields.text("timezone") or HOUSE_TIMEZONE
    if not is_region(timezone):
        fields.refuse("timezone", _("There is no such time zone. Write Europe/Amsterdam."))
        timezone = HOUSE_TIMEZONE
    columns: Columns = {
        **_times(fields, timezone),
        "timezone": timezone,
        "capacity": fields.number("seats", least=1, most=MAX_SEATS),
        "language": fields.choice("language", SessionLanguage.values, SessionLanguage.ENGLISH),
        "join_url": fields.link("join_url", most=_most(Session, "join_url")),
        "has_waiting_list": fields.yes_or_no("waiting_list", default=True),
        "audiences": fields.choices("audiences", Audience.values),
        "units": tuple(sorted(set(fields.words("units")))),
        "is_unlisted": fields.yes_or_no("unlisted", default=False),
        **fields.both_languages("title", most=_most(Session, "title_en")),
    }
    plan = SessionPlan(
        written=fields,
        columns=columns,
        hold=_hold(fields, columns),
        venue=fields.text("venue"),
        round_number=fields.number("round", least=1, most=MAX_ROUNDS, default=0),
    )
    fields.refuse_the_rest()
    if not plan.venue and not columns["join_url"]:
        fields.refuse("venue", _("Give a venue, or a link to join online."))
    return plan


def _hold(session: Fields, columns: Columns) -> Columns:
    """`hold: {seats: 20, units: me, until: 2026-11-02 12:00}` keeps 20 seats for a group until that moment."""
    fields = session.child("hold")
    if fields is None:
        return {}
    until = fields.moment("until", columns["timezone"])
    hold: Columns = {
        "held_seats": fields.number("seats", least=1, most=max(columns["capacity"], 1)),
        "held_audiences": fields.choices("audiences", Audience.values),
        "held_units": tuple(sorted(set(fields.words("units")))),
        "held_until": until,
    }
    fields.refuse_the_rest()
    if not hold["held_audiences"] and not hold["held_units"]:
        fields.refuse("", _("Say for whom: audiences, units or both."))
    last_moment = columns["closes_at"] or columns["starts_at"]
    if not fields.has("until"):
        fields.refuse("until", _("Say until when, such as 2026-11-02 12:00."))
    elif until and last_moment and until > last_moment:
        fields.refuse("until", _("Seats are held until the start or the closing of sign-up at the latest."))
    return hold


def _times(fields: Fields, timezone: str) -> Columns:
    starts_at, ends_at = _start_and_end(fields, timezone)
    closes_at = fields.moment("closes", timezone)
    if starts_at and ends_at and ends_at <= starts_at:
        fields.refuse("to", _("The end comes before the start."))
    if starts_at and closes_at and closes_at > starts_at:
        fields.refuse("closes", _("Sign-up must close before the start, or at the start."))
    opens_at = fields.moment("opens", timezone)
    return {"starts_at": starts_at, "ends_at": ends_at, "opens_at": opens_at, "closes_at": closes_at}


def _start_and_end(fields: Fields, timezone: str) -> tuple[datetime | None, datetime | None]:
    """Reads `on`, `from` and `to`, or `from: now +25` with `lasts: "2:00"`.

    `to` may be past midnight; `last` is the last day of a longer session; `all_day: true` replaces both times.
    """
    starts_at = fields.soon("from")
    if starts_at:
        fields.skip("on", "to", "last")
        length = fields.clock("lasts")
        return starts_at, starts_at + timedelta(hours=length.hour, minutes=length.minute) if length else None
    day, last = fields.day("on"), fields.day("last") if fields.has("last") else None
    start, end = _clocks(fields)
    if day is None or start is None or end is None:
        return None, None
    ends_on = day_of_end(day=day, start=start, end=end, last_day=last)
    return fields.moment_of("from", day, start, timezone), fields.moment_of("to", ends_on, end, timezone)


def _clocks(fields: Fields) -> tuple[time | None, time | None]:
    if not fields.yes_or_no("all_day", default=False):
        return fields.clock("from"), fields.clock("to")
    fields.skip("from", "to")
    return time.min, time.min


def _initiative(fields: Fields) -> InitiativePlan:
    columns: Columns = {
        "slug": fields.code("slug", most=_most(Initiative, "slug")),
        "category": fields.choice("category", InitiativeCategory.values),
        **fields.both_languages("title", most=_most(Initiative, "title_en")),
        **fields.long_texts("summary", most=LONGEST_TEXT),
        "link": fields.link("link", most=_most(Initiative, "link")),
        "contact": fields.address("contact"),
    }
    _refuse_untitled(fields, columns)
    plan = InitiativePlan(written=fields, columns=columns, unit=fields.text("unit"))
    fields.refuse_the_rest()
    return plan


def _refuse_untitled(fields: Fields, columns: Columns) -> None:
    if not columns["title_en"] and not columns["title_nl"]:
        fields.refuse("title", _("Give a title, in English or in Dutch."))


def _refuse_slug(plan: EventPlan) -> None:
    if plan.slug in slugs.RESERVED:
        plan.written.refuse("slug", _("A page of the house has this address. Choose another."))
    if plan.columns["is_discreet"] and not slugs.is_opaque(plan.slug):
        text = _("The address of a discreet event tells nothing: letters and digits, such as %(slug)s.")
        plan.written.refuse("slug", text % {"slug": slugs.opaque()})


def _most(model: type[models.Model], column: str) -> int:
    length: int = model._meta.get_field(column).max_length  # type: ignore[union-attr, assignment]  # noqa: SLF001  # public by name
    return length
