"""Events with their dates, each as one: what is on, by series."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Count, Min, Window
from django.db.models.functions import RowNumber

from events.enums import SeatScope
from events.models import Session
from registrations.querysets import annotate_admission
from registrations.rules import is_spoken
from registrations.services.pages import catalogue
from registrations.services.pages.standings import standings

if TYPE_CHECKING:
    from datetime import datetime

    from events.models import Event
    from events.querysets import SessionQuerySet
    from project.accounts.models import User
    from registrations.rules import Standing

PAGE_SIZE = 12
MOST_DATES = 30  # of one event that are read; the page shows fewer
FEW_SEATS = 3
NOT_NEXT = ("not-eligible", "started", "closed")


@dataclass(frozen=True)
class Series:
    """An event, its nearest dates by start, and how many dates it has."""

    event: Event
    rows: list[Standing]
    number: int

    @property
    def is_conference(self) -> bool:
        """Its sessions are parts of a day, not dates to choose from."""
        return self.event.seat_scope == SeatScope.ROUND

    @cached_property
    def days(self) -> list[Standing]:
        """The first session of each day."""
        return list({row.session.local_start.date(): row for row in reversed(self.rows)}.values())[::-1]

    @property
    def own(self) -> list[Standing]:
        return [row for row in self.rows if row.registration]

    @property
    def almost_full(self) -> int:
        """How many dates have few seats left that the reader could take. Not told of discreet events."""
        seats = [row.shown_seats_left for row in self.rows if not row.is_full and row.refusal not in NOT_NEXT]
        return sum(1 for left in seats if left and left <= FEW_SEATS)

    @property
    def is_full(self) -> bool:
        return all(row.is_full for row in self.rows)

    def next_in(self, language: str) -> tuple[Standing, bool]:
        """Returns the next date that the reader may come to in this language, else in any; and whether it is later than
        one that is full.
        """
        coming = [row for row in self.rows if row.refusal not in NOT_NEXT] or self.rows
        coming = [row for row in coming if is_spoken(row.session, language)] or coming
        first = next((row for row in coming if row.registration or not row.is_full), coming[0])
        return first, first != coming[0]


def page_of(sessions: SessionQuerySet, *, page: int, person: User | None, now: datetime) -> list[Series]:
    """Returns the events of one page, by their next date, and one more if there are more. Two statements and those of
    `standings`, however many there are.
    """
    first = (page - 1) * PAGE_SIZE
    events = sessions.order_by().values("event").annotate(next=Min("starts_at"), number=Count("pk"))
    shown = events.order_by("next", "event")[first : first + PAGE_SIZE + 1]
    return of_events(sessions, dict(shown.values_list("event", "number")), person=person, now=now)


def of_events(
    sessions: SessionQuerySet, numbers: dict[int, int], *, person: User | None, now: datetime
) -> list[Series]:
    """Returns these events in this order, with those of their dates that are among `sessions`. `numbers`: how many each
    has.
    """
    if not numbers:
        return []
    place = Window(RowNumber(), partition_by="event", order_by=("starts_at", "pk"))
    nearest = sessions.order_by().filter(event__in=numbers).annotate(nth=place).filter(nth__lte=MOST_DATES)
    shown = catalogue.with_seats(Session.objects.filter(pk__in=nearest.values("pk")), now)
    rows: dict[int, list[Standing]] = {}
    for row in standings(sessions=annotate_admission(shown, person, now), person=person, now=now):
        rows.setdefault(row.session.event_id, []).append(row)
    return [Series(rows[event][0].session.event, rows[event], numbers[event]) for event in numbers if event in rows]
