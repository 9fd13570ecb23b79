"""Deadlines that depend on when a date starts and closes: those of open offers and of seats held for a group. This
module renews them when these times change. Always under the lock.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from events.enums import SessionStatus
from events.models import Session
from registrations.enums import Action, CancelledBy, Source, Status
from registrations.models import Registration
from registrations.rules import Window, colleague_answers_by, offer_expires_at, window
from registrations.services.calendar import notifications
from registrations.services.seats import claims, waitlist

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, timedelta

    from events.models import Event
    from events.querysets import SessionQuerySet

COLUMNS = ("status", "source", "offer_expires_at", "cancelled_at", "cancelled_by", "invited_address")


@dataclass(frozen=True, kw_only=True)
class Renewed:
    """`prolonged`: offers with a different deadline. `ended`: offers that could not be kept; these people wait again in
    their old place, or have no claim any more if they had only been invited.
    """

    prolonged: list[Registration] = field(default_factory=list)
    ended: list[Registration] = field(default_factory=list)

    @property
    def facts(self) -> dict[int, dict[str, Any]]:
        """Returns what a mail says about it, by the registration's primary key."""
        until = {row.pk: {"until": row.offer_expires_at.isoformat()} for row in self.prolonged if row.offer_expires_at}
        return until | {row.pk: {notifications.LOST_OFFER: True} for row in self.ended}

    def without(self, told: Iterable[Registration]) -> Renewed:
        heard = set(told)
        return Renewed(
            prolonged=[row for row in self.prolonged if row not in heard],
            ended=[row for row in self.ended if row not in heard],
        )


NOTHING_RENEWED = Renewed()


def renew(sessions: Iterable[Session], *, now: datetime) -> Renewed:
    """Gives each open offer the deadline it would have if it were made now. An offer that could not be made any more
    becomes a place in the queue again, with its old moment of joining. People invited by a colleague can answer
    until shortly before sign-up closes; if that is over, the invitation ends.

    The sessions must come with their event, both as they are after the change. Sends no mails and gives out no seats.
    """
    here = {session.pk: session for session in sessions}
    open_offers = Registration.objects.filter(session__in=here, status=Status.OFFERED, offer_expires_at__gt=now)
    renewed = Renewed()
    for offer in open_offers.select_related("attendee").order_by("pk"):
        offer.session = here[offer.session_id]
        expires_at = _expires_at(offer, now)
        if expires_at is None:
            _end(offer, now)
            renewed.ended.append(offer)
        elif expires_at != offer.offer_expires_at:
            offer.offer_expires_at = expires_at
            renewed.prolonged.append(offer)
    Registration.objects.bulk_update([*renewed.prolonged, *renewed.ended], COLUMNS)
    claims.record(renewed.ended, action=Action.OFFER_LOST, actor=None, now=now)
    return renewed


def clock_of(session: Session) -> tuple[object, ...]:
    """Returns everything that the deadline of an offer depends on except the start: what an organiser can change about
    it without moving the date.
    """
    event = session.event
    return session.closes_at, event.seated_until_hours, event.offered_until_hours, event.offer_working_hours


def clocks(now: datetime, **of: object) -> dict[int, tuple[object, ...]]:
    """Returns the clocks of the coming dates, by primary key, for `keep_up`."""
    return {session.pk: clock_of(session) for session in _to_come(now, **of)}


def keep_up(before: Mapping[int, tuple[object, ...]], *, now: datetime) -> None:
    """Renews the offers of dates whose clock differs from `before`. Sends one mail to each person whose offer changed,
    as nothing else tells them, and gives out what came free. Under the locks of the events.
    """
    changed: dict[Event, list[Session]] = defaultdict(list)
    for session in _to_come(now, pk__in=before):
        if clock_of(session) != before[session.pk]:
            changed[session.event].append(session)
    for event, sessions in changed.items():
        renewed = renew(sessions, now=now)
        tell(renewed, now=now)
        waitlist.forget_strangers([offer for offer in renewed.ended if offer.is_cancelled])
        waitlist.fill(event=event, now=now)


def _to_come(now: datetime, **of: object) -> SessionQuerySet:
    coming = Session.objects.filter(status=SessionStatus.SCHEDULED, starts_at__gt=now, **of)
    return coming.select_related("event", "venue").order_by("event", "pk")


def tell(renewed: Renewed, *, now: datetime) -> None:
    people = [*renewed.prolonged, *renewed.ended]
    notifications.tell(
        [(row, None) for row in people], kind=notifications.OFFER_CHANGED, facts_of=renewed.facts, now=now
    )


def move_hold(session: Session, by: timedelta, *, now: datetime) -> None:
    """Moves the end of a hold along with the start, but not beyond the closing of sign-up. A hold whose end is past by
    then is over. The caller saves the session.
    """
    if not session.held_seats or session.held_until is None:
        return
    session.held_until = min(session.held_until + by, session.last_moment)
    if session.held_until <= now:
        session.held_seats = 0


def _expires_at(offer: Registration, now: datetime) -> datetime | None:
    if offer.is_from_colleague:
        return colleague_answers_by(offer.session, now)
    can_be_made = window(offer.session, now) in {Window.SEATED, Window.OFFERED}
    return offer_expires_at(offer.session, now) if can_be_made else None


def _end(offer: Registration, now: datetime) -> None:
    offer.offer_expires_at, offer.invited_address = None, ""
    if offer.waitlisted_at is None:
        offer.status, offer.cancelled_at, offer.cancelled_by = Status.CANCELLED, now, CancelledBy.HOUSE
    else:
        offer.status, offer.source = Status.WAITLISTED, Source.SELF
