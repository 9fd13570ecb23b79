from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models
from django.db.models import Q

from events.enums import EventStatus
from events.models import Event, Initiative, Round, Session, Venue, slot_of
from events.services import search
from events.services.programme.agreement import identity_of
from events.services.programme.plans import Columns, EventPlan, Programme, SessionPlan, UnitPlan, VenuePlan
from project.accounts.models import Headcount, Unit, User

if TYPE_CHECKING:
    from events.querysets import SessionQuerySet

Row = TypeVar("Row", bound=models.Model)


@dataclass
class Outcome:
    """What an import did, in rows."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


class Writer:
    """Writes a checked programme: adds new rows, changes rows that differ, deletes nothing."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.outcome = Outcome()

    def write(self, programme: Programme) -> Outcome:
        for unit in programme.units:
            self._write_unit(unit)
        _lock_events(programme)
        for venue in programme.venues:
            self._write_venue(venue)
        self.units = {unit.code: unit for unit in Unit.objects.all()}
        self.venues = {venue.code: venue for venue in Venue.objects.all()}
        for event in _prerequisites_first(programme.events):
            self._write_event(event)
        for plan in programme.initiatives:
            columns = {**plan.columns, "unit": self.units.get(plan.unit)}
            self._put(Initiative, {"slug": plan.columns["slug"]}, columns)
        search.refresh(_found_by_other_words(programme))
        return self.outcome

    def _write_unit(self, plan: UnitPlan) -> None:
        unit = self._put(Unit, {"code": plan.code}, plan.columns)
        for audience, counted_on, people in plan.headcounts:
            day = {"unit": unit, "audience": audience, "counted_on": counted_on}
            self._put(Headcount, day, {"people": people})

    def _write_venue(self, plan: VenuePlan) -> None:
        """A room's new name or address changes all its dates: calendars must be updated (specs/calendar.md R52)."""
        changed = self.outcome.changed
        venue = self._put(Venue, {"code": plan.code}, plan.columns)
        if self.outcome.changed > changed:
            Session.objects.filter(venue=venue).update(changed_at=self.now)

    def _write_event(self, plan: EventPlan) -> None:
        known = Event.objects.filter(slug=plan.slug).first()
        prerequisite = Event.objects.filter(slug=plan.prerequisite).first() if plan.prerequisite else None
        columns = {**plan.columns, "owner": self.units[plan.owner], "prerequisite": prerequisite}
        if known and known.status != EventStatus.DRAFT:
            columns["status"] = known.status  # an import never undoes a publication or a cancellation
        event = self._put(Event, {"slug": plan.slug}, columns, {"created_at": self.now, "changed_at": self.now})
        event.coordinators.set(User.objects.filter(email__in=plan.coordinators))
        rounds = {
            inner["number"]: self._put(Round, {"event": event, "number": inner["number"]}, inner)
            for inner in plan.rounds
        }
        existing = {identity_of(session): session for session in event.sessions.select_related("venue")}
        for session in plan.sessions:
            self._write_session(session, event, rounds.get(session.round_number), existing.get(session.identity))

    def _write_session(self, plan: SessionPlan, event: Event, round_: Round | None, known: Session | None) -> None:
        if known:
            self._change(known, plan.columns)
            return
        session = Session(
            event=event,
            round=round_,
            venue=self.venues.get(plan.venue),
            changed_at=self.now,
            **plan.columns,
            **plan.hold,
        )
        session.slot = slot_of(session)
        session.save(force_insert=True)
        self.outcome.created += 1

    def _put(self, model: type[Row], match: dict[str, Any], columns: Columns, at_first: Columns | None = None) -> Row:
        row = model._default_manager.filter(**match).first()  # noqa: SLF001  # the documented access by class
        if row:
            self._change(row, columns)
            return row
        self.outcome.created += 1
        return model._default_manager.create(**{**match, **columns, **(at_first or {})})  # noqa: SLF001  # the same

    def _change(self, row: models.Model, columns: Columns) -> None:
        changed = [name for name, value in columns.items() if getattr(row, name) != value]
        if not changed:
            self.outcome.unchanged += 1
            return
        for name in changed:
            setattr(row, name, columns[name])
        if isinstance(row, Event | Session):
            row.changed_at = self.now
            changed.append("changed_at")
        row.save(update_fields=changed)
        self.outcome.changed += 1


def _lock_events(programme: Programme) -> None:
    """Locks every event of which a row may change, before any row changes (docs/architecture.md, "Seats").

    Locking them later could deadlock with a verb that holds an event and waits for one of its dates. Always in the
    same order, so that two imports at once cannot deadlock either.
    """
    rooms = [plan.columns["code"] for plan in programme.venues]
    in_those_rooms = Session.objects.filter(venue__code__in=rooms).order_by().values("event")
    named = Q(slug__in=[plan.slug for plan in programme.events])
    list(Event.objects.select_for_update(no_key=True).filter(named | Q(pk__in=in_those_rooms)).order_by("pk"))


def _found_by_other_words(programme: Programme) -> SessionQuerySet:
    """Returns the dates whose event, room or unit is in the programme: their search words may have changed."""
    rooms = [plan.columns["code"] for plan in programme.venues]
    of_units = Q(event__owner__code__in=[plan.code for plan in programme.units])
    of_events = Q(event__slug__in=[plan.slug for plan in programme.events])
    return Session.objects.filter(of_events | of_units | Q(venue__code__in=rooms))


def _prerequisites_first(plans: list[EventPlan]) -> list[EventPlan]:
    """Sorts events so that each comes after its prerequisite. Circles were refused before."""
    required = {plan.slug: plan.prerequisite for plan in plans}

    def depth(slug: str) -> int:
        return 1 + depth(required[slug]) if slug in required else 0

    return sorted(plans, key=lambda plan: depth(plan.slug))
