"""What happens to a seat that comes free, depending on the time left until the session: the table of product Q4."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING

import holidays

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from events.models import Session

SHORTEST_OFFER = timedelta(hours=2)  # of working time: the person asked must have a fair chance to read it
WORK_BEGINS, WORK_ENDS = time(8), time(20)
SATURDAY = 5
LONGEST_BREAK = timedelta(days=14)  # no two weeks are without several working days
QUIET_FROM, QUIET_UNTIL = time(22), time(7)

# Invitations of colleagues (product S4): working hours to answer, as for offers, but never less than a day.
COLLEAGUE_ANSWERS_WITHIN = timedelta(hours=24)  # of working time
COLLEAGUE_LAST_CALL = timedelta(hours=28)  # a day to answer, and 4 hours for people waiting by then
COLLEAGUE_LEAVES_THE_LIST = timedelta(hours=4)
COLLEAGUES_AT_ONCE = 3


class Window(Enum):
    SEATED = "SEATED"
    OFFERED = "OFFERED"
    OPEN = "OPEN"
    CLOSED = "CLOSED"


def window(session: Session, now: datetime) -> Window:
    """Returns what happens to a seat that comes free now. Windows only ever follow each other in the order of the enum.
    They count back from the last moment, which is the start or the closing of sign-up, whichever is earlier. Where the
    rule (product Q4) leaves the exact boundaries open, they are, with the usual hours:
    - "more than 72 h" is SEATED, so at exactly 72 h it is OFFERED;
    - "under 4 h" is OPEN, and so is exactly 4 h, since an offer made then would expire at once;
    - "fewer than 2 working hours" until those 4 h is OPEN, so with exactly 2 it is still OFFERED;
    - "never after the start or the closing" is CLOSED from that very moment on.
    Seating takes precedence: an event with 0 and 0 hours seats people until the last moment. An event that gives 0
    working hours to answer makes no offers; it is OPEN where others are OFFERED, since nobody could answer in time.
    """
    event = session.event
    if now >= session.last_moment:
        return Window.CLOSED
    if now < session.last_moment - timedelta(hours=event.seated_until_hours):
        return Window.SEATED
    if event.offer_working_hours == 0 or add_working_time(now, SHORTEST_OFFER, session.zone) > offers_end_at(session):
        return Window.OPEN
    return Window.OFFERED


@dataclass(frozen=True)
class TurningPoints:
    """When a free seat is no longer booked at once: from when on it is offered, and after when it is for whoever takes
    it first. None: never.
    """

    offered_from: datetime | None
    open_from: datetime | None


def turning_points(session: Session) -> TurningPoints:
    """Returns the boundaries of `window` for this session, as dates. At `open_from` itself a seat is still offered,
    unless this session has no time for offers at all.
    """
    event = session.event
    if event.seated_until_hours == 0:
        return TurningPoints(None, None)
    seated_until = session.last_moment - timedelta(hours=event.seated_until_hours)
    last_offer = subtract_working_time(offers_end_at(session), SHORTEST_OFFER, session.zone)
    if event.offer_working_hours == 0 or last_offer <= seated_until:
        return TurningPoints(None, seated_until)
    return TurningPoints(seated_until, last_offer)


def offer_expires_at(session: Session, now: datetime) -> datetime:
    """Returns until when an offer made now holds its seat. Only meaningful while `window` is OFFERED; otherwise the
    result may lie in the past.
    """
    answered_by = add_working_time(now, timedelta(hours=session.event.offer_working_hours), session.zone)
    return min(answered_by, offers_end_at(session))


def colleague_answers_by(session: Session, now: datetime) -> datetime | None:
    """Returns until when a colleague who is invited now may answer: for 24 working hours, but not during the last hours
    before closing, which are for people on the waiting list. They get at least two hours, up to the closing; None once
    that has passed. After the date changed, the same counts from then on.
    """
    if now >= session.last_moment:
        return None
    answered_by = add_working_time(now, COLLEAGUE_ANSWERS_WITHIN, session.zone)
    in_time = min(answered_by, session.last_moment - COLLEAGUE_LEAVES_THE_LIST)
    return min(max(in_time, now + SHORTEST_OFFER), session.last_moment)


def offers_end_at(session: Session) -> datetime:
    return session.last_moment - timedelta(hours=session.event.offered_until_hours)


def add_working_time(start: datetime, hours: timedelta, zone: ZoneInfo) -> datetime:
    """Returns the earliest moment that is this much working time after `start`; `start` itself for none."""
    if hours <= timedelta(0):
        return start
    spans = _working_spans(start, zone)
    begin, end = next(spans)
    while hours > end - begin:
        hours -= end - begin
        begin, end = next(spans)
    return begin + hours


def subtract_working_time(end: datetime, hours: timedelta, zone: ZoneInfo) -> datetime:
    """Returns the latest moment from which there is this much working time until `end`; at most a day of it."""
    spans = takewhile(lambda span: span[0] < end, _working_spans(end - LONGEST_BREAK, zone))
    for begin, span_end in reversed(list(spans)):
        stop = min(span_end, end)
        if hours <= stop - begin:
            return stop - hours
        hours -= stop - begin
    return end - LONGEST_BREAK


def working_time_between(start: datetime, end: datetime, zone: ZoneInfo) -> timedelta:
    """Returns zero if `end` is not after `start`."""
    total = timedelta(0)
    for span_begin, span_end in _working_spans(start, zone):
        if span_begin >= end:
            break
        total += min(span_end, end) - span_begin
    return total


def is_quiet(now: datetime, zone: ZoneInfo) -> bool:
    """Returns whether it is between 22:00 and 07:00 local time of the session, when no mail asks people to hurry."""
    local = now.astimezone(zone).time()
    return local >= QUIET_FROM or local < QUIET_UNTIL


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in _public_holidays(day.year)


def _working_spans(start: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """Yields the spans of working time (Mon-Fri 8-20 in the zone) from `start` on. They are in UTC, so that lengths are
    right even across a change of the clocks.
    """
    start = start.astimezone(UTC)
    day = start.astimezone(zone).date()
    while True:
        if is_working_day(day):
            begin = max(start, datetime.combine(day, WORK_BEGINS, zone).astimezone(UTC))
            end = datetime.combine(day, WORK_ENDS, zone).astimezone(UTC)
            if begin < end:
                yield begin, end
        day += timedelta(days=1)


@cache
def _public_holidays(year: int) -> frozenset[date]:
    """Returns the Dutch public holidays, wherever the session is: the people who answer work at the university.
    Good Friday is one (Algemene termijnenwet, art. 3), and so is the fifth of May, once in five years.
    """
    return frozenset(holidays.country_holidays("NL", years=year))
