from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, Count, Min, Q, When
from django.utils import timezone

from events.enums import EventStatus, InitiativeCategory, SessionStatus

if TYPE_CHECKING:
    from events.models import Event, Initiative, Session  # noqa: F401  # named in the base of the class below
    from project.accounts.models import Unit
    from project.accounts.rules import Rights

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)
LONGEST_SESSION = timedelta(days=7)
OPEN_TO_READ = (EventStatus.PUBLISHED, EventStatus.UNLISTED, EventStatus.CANCELLED)


class EventQuerySet(models.QuerySet["Event"]):
    def published(self) -> EventQuerySet:
        return self.filter(status=EventStatus.PUBLISHED)

    def public(self) -> EventQuerySet:
        """Events that strangers may know about: nothing unlisted, nothing discreet."""
        return self.filter(status=EventStatus.PUBLISHED, is_discreet=False)

    def readable(self) -> EventQuerySet:
        """Events that anybody with the address may read; drafts and archived ones are for organisers."""
        return self.filter(status__in=OPEN_TO_READ)

    def organized_by(self, rights: Rights) -> EventQuerySet:
        if rights.organizes_everywhere:
            return self
        return self.filter(owner__in=rights.organized_units)

    def with_next_date(self, now: datetime) -> EventQuerySet:
        """Adds `next_date`, the start of the next date, and `dates_coming`, how many dates have not started."""
        coming = Q(sessions__starts_at__gt=now, sessions__status=SessionStatus.SCHEDULED)
        return self.annotate(
            next_date=Min("sessions__starts_at", filter=coming), dates_coming=Count("sessions", filter=coming)
        )


class SessionQuerySet(models.QuerySet["Session"]):
    def listed(self) -> SessionQuerySet:
        listed = self.filter(event__status=EventStatus.PUBLISHED, is_unlisted=False)
        return listed.exclude(status=SessionStatus.CANCELLED)

    def readable(self) -> SessionQuerySet:
        return self.filter(event__status__in=OPEN_TO_READ)

    def public(self) -> SessionQuerySet:
        """Sessions that strangers may know about: nothing unlisted, nothing discreet."""
        return self.filter(event__status=EventStatus.PUBLISHED, event__is_discreet=False, is_unlisted=False)

    def announced(self, *, first: datetime, last: datetime, today: datetime) -> SessionQuerySet:
        """Sessions for public calendars; cancelled ones until the end of their day (specs/calendar.md R50, R54).

        They start at or after `first` and before `last`; `today` is when the day began.
        """
        near = self.public().filter(starts_at__gte=first, starts_at__lt=last)
        return near.filter(~Q(status=SessionStatus.CANCELLED) | Q(ends_at__gte=today))

    def upcoming(self, now: datetime) -> SessionQuerySet:
        return self.not_over(now, earliest_start(now))

    def not_over(self, now: datetime, earliest: datetime) -> SessionQuerySet:
        """Sessions that have not ended. `earliest` follows from `now`, and lets the database skip past sessions."""
        return self.filter(starts_at__gt=earliest, ends_at__gt=now)

    def starting_between(self, first: date | None, last: date | None) -> SessionQuerySet:
        """Sessions that start on these days, both included, in the default time zone. Accepts any date."""
        narrowed = self
        if first:
            narrowed = narrowed.filter(starts_at__gte=_midnight(first))
        if last:
            narrowed = narrowed.filter(starts_at__lt=_midnight(last) + timedelta(days=1))
        return narrowed

    def organized_by(self, rights: Rights) -> SessionQuerySet:
        if rights.organizes_everywhere:
            return self
        return self.filter(event__owner__in=rights.organized_units)

    def admitting_audience(self, admitted_as: frozenset[str]) -> SessionQuerySet:
        return self.filter(admits_audience(admitted_as))

    def admitting_unit(self, code: str) -> SessionQuerySet:
        return self.filter(admits_unit(code))


def admits_audience(admitted_as: frozenset[str]) -> Q:
    """Sessions open to these audiences; a session without a rule of its own follows its event."""
    condition = Q(audiences="", event__audiences="")
    for audience in admitted_as:
        condition |= Q(audiences__has=audience) | Q(audiences="", event__audiences__has=audience)
    return condition


def admits_unit(code: str | None) -> Q:
    """Sessions open to the unit; those open to all units if there is no code."""
    everywhere = Q(units="", event__units="")
    return everywhere | Q(units__has=code) | Q(units="", event__units__has=code) if code else everywhere


def earliest_start(now: datetime) -> datetime:
    """Returns the earliest start of a session that has not ended: none lasts longer (`events.services.editing`)."""
    return now - LONGEST_SESSION


def _midnight(day: date) -> datetime:
    """Returns the start of a day in the default time zone. Clamps dates that databases cannot hold."""
    return timezone.make_aware(datetime.combine(min(max(day, FIRST_DAY), LAST_DAY), time.min))


class InitiativeQuerySet(models.QuerySet["Initiative"]):
    def listed(self, *, unit: Unit | None, category: str | None) -> InitiativeQuerySet:
        """Sorted by category in the order of the enum. For a unit, includes initiatives of several units."""
        found = self.select_related("unit").order_by(_in_enum_order(), "slug")
        found = found.filter(Q(unit=unit) | Q(unit__isnull=True)) if unit else found
        return found.filter(category=category) if category else found


def _in_enum_order() -> Case:
    return Case(*(When(category=code, then=place) for place, code in enumerate(InitiativeCategory.values)))
