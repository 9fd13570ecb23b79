from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from events.enums import SessionStatus
from events.models import Session
from events.querysets import LONGEST_SESSION
from events.services import search
from events.services.refusals import UnableToChange
from project.accounts.services.roles import rights_of
from registrations.models import AccessLink, Registration
from registrations.rules.schedules import collected_until
from registrations.services.calendar import host_invites, invites, notifications
from registrations.services.lock import lock_session
from registrations.services.organizing.capacity import active_registrations, counted_session, refuse_unless_changeable
from registrations.services.seats import promises, room, waitlist
from registrations.services.seats.promises import NOTHING_RENEWED

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from events.models import Venue
    from project.accounts.models import User
    from registrations.querysets import CountedSession
    from registrations.services.seats.promises import Renewed

MOVED = ["starts_at", "ends_at", "closes_at", "held_seats", "held_until", "ical_sequence", "changed_at"]
FEWEST_TOLD = 5  # fewer people are "a few": with what the reader knows already, the number could identify somebody
FURTHEST_AHEAD = timedelta(days=5 * 366)  # anything later is a typing mistake


@dataclass(frozen=True, kw_only=True)
class MovePlan:
    """What a move means for the people who come: the session as it is, with its counts, and as it would be."""

    session: CountedSession
    after: Session
    clashes: int  # people, counting only sessions whose names the reader may see
    is_collected: bool  # people are not told before the organiser says so (specs/calendar.md 3.11)

    @property
    def has_few_clashes(self) -> bool:
        return 0 < self.clashes < FEWEST_TOLD

    @property
    def changes_nothing(self) -> bool:
        return (self.session.starts_at, self.session.ends_at) == (self.after.starts_at, self.after.ends_at)


@dataclass(frozen=True, kw_only=True)
class PlacePlan:
    """What another room or link means for the people who come: the session as it is, with its counts, and as it would
    be.
    """

    session: CountedSession
    after: Session
    is_collected: bool  # as in `MovePlan`

    @property
    def changes_nothing(self) -> bool:
        return (self.session.venue, self.session.join_url) == (self.after.venue, self.after.join_url)

    @property
    def is_about_the_link(self) -> bool:
        """Returns whether only the link changes, which concerns only people with a seat: nobody else has it."""
        return (
            notifications.kind_of_change(notifications.facts_about(self.session), self.after)
            == notifications.LINK_CHANGED
        )


def preview_move(*, session_key: UUID, starts_at: datetime, ends_at: datetime, reader: User, now: datetime) -> MovePlan:
    """Returns what `reschedule_session` would do now, as far as the reader may know. Writes nothing, and refuses the
    same.
    """
    session = counted_session(session_key, now)
    refuse_unless_changeable(session, now)
    _refuse_times(starts_at, ends_at, now)
    _refuse_if_people_are_inside(session)
    after = copy(session)
    after.starts_at, after.ends_at = starts_at, ends_at
    return MovePlan(
        session=session,
        after=after,
        clashes=_count_clashes(after, reader),
        is_collected=_is_collected(session, min(session.starts_at, starts_at), now),
    )


def preview_place(*, session_key: UUID, venue: Venue | None, join_url: str, now: datetime) -> PlacePlan:
    """Returns what `relocate_session` would do now. Writes nothing, and refuses the same."""
    session = counted_session(session_key, now)
    refuse_unless_changeable(session, now)
    _refuse_place(session, venue, join_url, now)
    after = copy(session)
    after.venue, after.join_url = venue, join_url
    return PlacePlan(session=session, after=after, is_collected=_is_collected(session, session.starts_at, now))


def reschedule_session(*, session_key: UUID, starts_at: datetime, ends_at: datetime, now: datetime) -> Session:
    """Moves a session in time; everybody with a seat gets an update of the same calendar entry (specs/calendar.md 3.4).

    `starts_at` and `ends_at` are timezone-aware. If sign-up closes later as a result, the waiting list may give out
    seats again, and does. Deadlines are renewed (`promises`): an open offer gets the deadline it would have if it were
    made now, or becomes a place in the queue again if it could not be made, and the mail says so; a hold keeps its
    distance to the start. Idempotent: the same times again send no mails. Raises `UnableToChange`: `cancelled`,
    `started`, `in-the-past`, `too-far-ahead`, `ends-before-start`, `too-long`, `people-inside`.
    """
    with transaction.atomic(durable=True):
        session = lock_session(session_key)
        waitlist.settle(event=session.event, now=now)
        refuse_unless_changeable(session, now)
        _refuse_times(starts_at, ends_at, now)
        if (session.starts_at, session.ends_at) == (starts_at, ends_at):
            return session
        _refuse_if_people_are_inside(session)
        was, by = notifications.facts_about(session), starts_at - session.starts_at
        _move(session, starts_at, ends_at, now)
        renewed = promises.renew([session] if by else [], now=now)
        tell_everybody(session=session, was=was, renewed=renewed, now=now)
        waitlist.fill(event=session.event, now=now)
    return session


def _move(session: Session, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """The closing of sign-up and the hold keep their distance to the start, personal links expire at the new start, and
    everybody is reminded again.
    """
    by = starts_at - session.starts_at
    if session.closes_at:
        session.closes_at += by
    session.starts_at, session.ends_at, session.changed_at = starts_at, ends_at, now
    session.ical_sequence += 1
    promises.move_hold(session, by, now=now)
    session.save(update_fields=MOVED)
    AccessLink.objects.filter(session=session).update(expires_at=starts_at)
    Registration.objects.filter(session=session).update(reminded_at=None, asked_at=None, told_open_at=None)


def relocate_session(*, session_key: UUID, venue: Venue | None, join_url: str, now: datetime) -> Session:
    """Gives a session another room or link, and updates the calendar entries (specs/calendar.md 3.5, 3.6). A larger
    room may let more people in.

    Raises `UnableToChange`: `cancelled`, `started`, `nowhere` (neither room nor link), `room-too-small`.
    """
    with transaction.atomic(durable=True):
        session = lock_session(session_key)
        waitlist.settle(event=session.event, now=now)
        refuse_unless_changeable(session, now)
        _refuse_place(session, venue, join_url, now)
        if (session.venue, session.join_url) == (venue, join_url):
            return session
        was = notifications.facts_about(session)
        session.venue, session.join_url, session.changed_at = venue, join_url, now
        session.ical_sequence += 1
        session.save(update_fields=["venue", "join_url", "ical_sequence", "changed_at"])
        search.refresh(Session.objects.filter(pk=session.pk))
        tell_everybody(session=session, was=was, now=now)
        waitlist.fill(event=session.event, now=now)
    return session


def tell_everybody(*, session: Session, was: dict[str, Any], now: datetime, renewed: Renewed = NOTHING_RENEWED) -> None:
    """Tells the people who attend, wait or lead of another time or place, and of what that did to their offer. Under
    the lock, after the change. `was`: what they knew (`notifications.facts_about`).
    """
    over = [offer for offer in renewed.ended if offer.is_cancelled]
    told = invites.revise([*active_registrations(session), *over], was=was, offers=renewed.facts, now=now)
    promises.tell(renewed.without(told), now=now)
    waitlist.forget_strangers(over)
    host_invites.revise(session=session, was=was, now=now)


def _is_collected(session: CountedSession, starts_at: datetime, now: datetime) -> bool:
    is_anybody_told = session.seats_taken or session.waiting_count
    return bool(is_anybody_told) and collected_until(session.event, starts_at=starts_at, now=now) is not None


def _refuse_if_people_are_inside(session: Session) -> None:
    """People who have been checked in came at the current time; after a move they would count as present at another."""
    if Registration.objects.attended().filter(session=session).exists():
        raise UnableToChange(
            "people-inside", _("People have been checked in already, so this date cannot move any more.")
        )


def _count_clashes(after: Session, reader: User) -> int:
    """Returns how many people with a seat here have a seat elsewhere at that time, in sessions whose names the reader
    may see too.

    Any other figure would reveal who has a seat in somebody else's session. Discreet sessions do not count, on either
    side (specs/privacy.md 3).
    """
    rights = rights_of(reader)
    if after.event.is_discreet or not rights.may_organize(after.event.owner_id):
        return 0
    seen = Session.objects.organized_by(rights).filter(event__is_discreet=False, status=SessionStatus.SCHEDULED)
    then = seen.filter(starts_at__lt=after.ends_at, ends_at__gt=after.starts_at).exclude(pk=after.pk)
    here = Registration.objects.holding_a_seat().filter(session=after).values("attendee")
    both = Registration.objects.holding_a_seat().filter(attendee__in=here, session__in=then)
    return both.values("attendee").distinct().count()


def _refuse_times(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if starts_at > now + FURTHEST_AHEAD:
        raise UnableToChange("too-far-ahead", _("Choose a date nearer to today."), field="date")
    if starts_at <= now:
        raise UnableToChange("in-the-past", _("Choose a moment in the future."), field="date")
    if ends_at <= starts_at:
        raise UnableToChange("ends-before-start", _("The end must be after the start."), field="end")
    if ends_at - starts_at > LONGEST_SESSION:
        raise UnableToChange("too-long", _("A session ends within a week."), field="end")


def _refuse_place(session: Session, venue: Venue | None, join_url: str, now: datetime) -> None:
    if venue is None and not join_url:
        raise UnableToChange("nowhere", _("Choose a room, or enter a link to join online."), field="venue")
    if venue and venue.capacity < room.people_expected(session, now):
        text = _("This room holds %(people)s people, and more than that are expected.")
        raise UnableToChange("room-too-small", text % {"people": venue.capacity}, field="venue")
    if venue and venue.capacity < session.capacity:
        text = _("This room holds %(people)s people and the session has %(seats)s seats.")
        counts = {"people": venue.capacity, "seats": session.capacity}
        raise UnableToChange("room-too-small", text % counts, field="venue")
