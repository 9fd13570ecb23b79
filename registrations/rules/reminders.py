"""When people are reminded of a session, and asked whether they are still coming (product K5).
All times are Amsterdam time, wherever the session is: it is the reader who must not be woken.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from registrations.rules.clock import Window, is_working_day, window

if TYPE_CHECKING:
    from datetime import date

    from events.models import Session

HOUSE = ZoneInfo("Europe/Amsterdam")
DAY_BEGINS, DAY_ENDS = time(8), time(21)  # none of these mails outside these hours, however late the scheduler is
LATEST_HOUR = time(20)  # so that there is an hour left to send many
LAST_REMINDER = timedelta(hours=1)  # before the start; later it would only be read afterwards
JUST_HEARD = timedelta(hours=12)  # people who had a mail about this seat so recently need no reminder
ASKED_AT = time(9)
ASKED_DAYS_AHEAD = 3
JUST_SEATED = timedelta(hours=24)  # people who took the seat so recently have just said that they are coming
ASKING_LASTS = timedelta(hours=24)


def reminder_at(session: Session) -> datetime:
    """Returns the day before at the hour of the start, but not before 08:00 nor after 20:00. That is 24 hours by the
    clock on the wall, even if the clocks change in between.
    """
    start = session.starts_at.astimezone(HOUSE)
    hour = min(max(start.time(), DAY_BEGINS), LATEST_HOUR)
    return _moment(start.date() - timedelta(days=1), hour)


def is_time_to_remind(session: Session, now: datetime) -> bool:
    """A late scheduler still sends the reminder, as long as it is daytime and people can read it before they leave."""
    return reminder_at(session) <= now < session.starts_at - LAST_REMINDER and is_day(now)


def heard_long_ago(session: Session) -> datetime:
    """People whose last full mail about this seat (the confirmation or a change) was sent by this moment need a
    reminder.
    """
    return reminder_at(session) - JUST_HEARD


def asked_at(session: Session) -> datetime:
    """Returns 09:00 on the third working day before the day of the session: Monday for a session on a Thursday,
    Wednesday for one on a Monday.
    """
    day, left = session.starts_at.astimezone(HOUSE).date(), ASKED_DAYS_AHEAD
    while left:
        day -= timedelta(days=1)
        left -= is_working_day(day)
    return _moment(day, ASKED_AT)


def is_time_to_ask(session: Session, now: datetime) -> bool:
    """Lasts one day, so that a late scheduler does not ask on the day of the reminder, and only while a seat that is
    given back would still go to the waiting list rather than to whoever happens to look (product Q4).
    """
    moment = asked_at(session)
    may_still_seat = window(session, now) in {Window.SEATED, Window.OFFERED}
    return moment <= now < moment + ASKING_LASTS and is_day(now) and may_still_seat


def seated_long_ago(session: Session) -> datetime:
    """People who took the seat at this moment or earlier may be asked."""
    return asked_at(session) - JUST_SEATED


def is_day(now: datetime) -> bool:
    return DAY_BEGINS <= now.astimezone(HOUSE).time() < DAY_ENDS


def day_of(session: Session) -> date:
    """Returns the day by which reminders are grouped: one mail reminds somebody of all their sessions of that day."""
    return session.starts_at.astimezone(HOUSE).date()


def _moment(day: date, hour: time) -> datetime:
    """Converts to UTC, because Python's arithmetic within one zone ignores changes of the clocks."""
    return datetime.combine(day, hour, HOUSE).astimezone(UTC)
