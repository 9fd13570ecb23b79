"""The seats of an event at one moment, read under the lock. Every verb bases its decision on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Count, Max, Min, Q

from events.enums import SessionStatus
from events.models import Event, Session
from project.database.prepared import PreparedRead, together
from registrations.enums import HOLDING, Source, Status
from registrations.models import Registration
from registrations.querysets import TAKES_OF_A_HOLD, annotate_admission
from registrations.rules import (
    BOOKABLE,
    Window,
    held_back,
    is_of_hold_group,
    offer_expires_at,
    seats_free,
    seats_left,
    window,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from uuid import UUID

    from django.db.models import Aggregate, QuerySet

    from events.querysets import SessionQuerySet
    from project.accounts.models import User
    from registrations.querysets import AdmittedSession, RegistrationQuerySet

ONE_TICK = timedelta(microseconds=1)


@dataclass(kw_only=True)
class SessionSeats:
    """The seats of one session. A verb that gives seats out updates the numbers on the object, so nothing is counted
    twice.
    """

    session: AdmittedSession
    held: int
    people: int  # with a seat, or walked in: the room's own limit applies to these
    held_by_members: int = 0  # of the group for which seats are held back
    waiting: int = 0
    members_waiting: int = 0  # of the group for which seats are held back
    untold: int = 0  # waiting, and not told yet that seats are open to all
    newest_in_queue: datetime | None = None

    def free(self, *, is_member: bool) -> int:
        """Returns how many seats a person could take, as a member of the hold's group or not."""
        return seats_free(left=self.left, held_back=self.held_back, is_member=is_member)

    @property
    def left(self) -> int:
        return seats_left(self.session, taken=self.held, people=self.people)

    @property
    def held_back(self) -> int:
        return held_back(self.session, by_members=self.held_by_members)

    def free_for(self, person: User) -> int:
        return self.free(is_member=is_of_hold_group(self.session, person))

    def count(self, seats: int, *, is_member: bool) -> None:
        """Records that seats were given out or, with a negative number, came free."""
        self.held += seats
        self.people += seats
        self.held_by_members += seats if is_member else 0

    def count_for(self, person: User, seats: int) -> None:
        self.count(seats, is_member=is_of_hold_group(self.session, person))


class EventSeats:
    """The sessions of an event that have not started, with their seats. `own`: the claims, on any session of the event,
    of the person for whom the seats were read. `next_expiry`: when the first open offer expires. `has_ended`: a date
    has ended and that has not been recorded yet (`slots.let_go`).
    """

    def __init__(
        self,
        event: Event,
        seats: dict[int, SessionSeats],
        *,
        own: Sequence[Registration] = (),
        next_expiry: datetime | None = None,
        has_ended: bool = False,
    ) -> None:
        self.event = event
        self.own = own
        self.has_ended = has_ended
        self._seats = seats
        self._next_expiry = next_expiry

    def __getitem__(self, session: Session) -> SessionSeats:
        """Also works for a session that has started; no seat of it is given out any more."""
        found = self._seats.get(session.pk)
        return found or SessionSeats(session=cast("AdmittedSession", session), held=session.capacity, people=0)

    def __iter__(self) -> Iterator[SessionSeats]:
        return iter(self._seats.values())

    def find(self, session_key: UUID) -> SessionSeats | None:
        return next((seats for seats in self if seats.session.key == session_key), None)

    def of(self, session_id: int) -> SessionSeats | None:
        return self._seats.get(session_id)

    def claims_of(self, person: User, *, slot: UUID | None = None) -> list[Registration]:
        """Returns the claims, each with its session, of the person for whom the seats were read: in one slot, or in the
        whole event.
        """
        return self._with_sessions([claim for claim in self.own if slot in {None, claim.slot}], person)

    def claims_now(self, person: User) -> list[Registration]:
        """Returns all claims of the person on the event, read again after a verb has changed something."""
        active = Registration.objects.active().of(person).filter(session__event=self.event)
        return self._with_sessions(list(active.order_by("pk")), person)

    def _with_sessions(self, claims: list[Registration], person: User) -> list[Registration]:
        """Sessions that have not started are loaded already; those that have are fetched together."""
        begun = [claim.session_id for claim in claims if claim.session_id not in self._seats]
        fetched = Session.objects.in_bulk(begun) if begun else {}
        for claim in claims:
            known = self._seats.get(claim.session_id)
            claim.session, claim.attendee = known.session if known else fetched[claim.session_id], person
            claim.session.event = self.event
        return claims

    def window(self, seats: SessionSeats, now: datetime) -> Window:
        is_bookable = self.event.status in BOOKABLE and seats.session.status == SessionStatus.SCHEDULED
        return window(seats.session, now) if is_bookable else Window.CLOSED

    def windows(self, *, at: datetime, now: datetime) -> dict[int, Window]:
        """Returns, by session, what a seat becomes that came free `at` one moment but is only given out `now`, which
        may be later.

        The result is as if it had been given out on time, except that nothing is given out after the last moment, and
        nobody is made an offer that would already have expired.
        """
        return {seats.session.pk: self._window_as_of(seats, at, now) for seats in self}

    def _window_as_of(self, seats: SessionSeats, at: datetime, now: datetime) -> Window:
        current, then = self.window(seats, now), self.window(seats, at)
        is_too_late = then == Window.OFFERED and offer_expires_at(seats.session, at) <= now
        return current if is_too_late or current == Window.CLOSED else then

    def next_due(self, now: datetime) -> datetime | None:
        """Returns the earliest moment up to now at which an offer expired or a hold ended, and that nobody has acted on
        yet.
        """
        ends = [seats.session.held_until for seats in self if seats.session.held_seats]
        return min((moment for moment in [*ends, self._next_expiry] if moment and moment <= now), default=None)

    def next_moment_in_queue(self, now: datetime) -> datetime:
        """Returns a moment strictly after that of everybody who waits for the event, even when the clock stands still
        (architecture.md, "Seats").
        """
        newest = [seats.newest_in_queue for seats in self if seats.newest_in_queue]
        return max([now, *(moment + ONE_TICK for moment in newest)])

    def may_give(self, now: datetime) -> bool:
        """Returns whether somebody waits while a seat is free that the waiting list gives out, or that they have to be
        told of.
        """
        return any(self._may_give_here(seats, now) for seats in self)

    def _may_give_here(self, seats: SessionSeats, now: datetime) -> bool:
        is_wanted = seats.waiting and seats.free(is_member=False)
        if not is_wanted and not (seats.members_waiting and seats.free(is_member=True)):
            return False
        window_now = self.window(seats, now)
        return window_now in {Window.SEATED, Window.OFFERED} or (window_now == Window.OPEN and seats.untold > 0)


def read_event_seats(event: Event, *, now: datetime, person: User | None = None) -> EventSeats:
    """Reads the seats under the lock: one statement for the sessions and one for the claims of `person`, in one round
    trip; one for the claims of everybody; and one more if a session has admission rules beyond audience and unit.
    Together these plain statements cost a third of a single one that does it all.
    """
    with together():
        coming = _coming.send(event=event.pk, now=now)
        own = _claims_of_person.send(event=event.pk, person=person.pk) if person else None
    seats = {session.pk: _empty(session, event) for session in coming.rows()}
    count = _counted_with_members if _has_hold(seats) else _counted_claims
    counted = list(count(event=event.pk, now=now))
    expiries = [_note(seats.get(row["session_id"]), row) for row in counted]
    has_ended = any(row["session_id"] not in seats and row["status"] != Status.OFFERED for row in counted)
    admit([row.session for row in seats.values()], person, now)
    next_expiry = min((moment for moment in expiries if moment), default=None)
    return EventSeats(event, seats, own=own.rows() if own else [], next_expiry=next_expiry, has_ended=has_ended)


def admit(sessions: Iterable[Session], person: User | None, now: datetime) -> None:
    """Records on the sessions what admits the person besides their audience and unit. Queries the database only if a
    session has such a rule.
    """
    noted = cast("Sequence[AdmittedSession]", list(sessions))
    for session in noted:
        session.has_access, session.has_done_prerequisite = False, False
    asking = [session for session in noted if session.is_unlisted or session.event.prerequisite_id]
    if person is None or not asking:
        return
    found = annotate_admission(Session.objects.filter(pk__in=[session.pk for session in asking]), person, now)
    answers = {pk: answer for pk, *answer in found.values_list("pk", "has_access", "has_done_prerequisite")}
    for session in asking:
        session.has_access, session.has_done_prerequisite = answers[session.pk]


def _empty(session: Session, event: Event) -> SessionSeats:
    session.event = event
    return SessionSeats(session=cast("AdmittedSession", session), held=0, people=0)


def count_seats(sessions: Iterable[Session], *, now: datetime) -> dict[int, SessionSeats]:
    """Returns the same numbers for a page, outside the lock and for sessions of any event, in one statement. The venue
    of each session must be loaded.

    Expired offers are not counted, because every verb ends them before it counts.
    """
    seats = {
        session.pk: SessionSeats(session=cast("AdmittedSession", session), held=0, people=0) for session in sessions
    }
    claims = Registration.objects.active().not_run_out(now).filter(session__in=seats)
    for row in _counted(claims, **MEMBERS if _has_hold(seats) else {}):
        _note(seats[row["session_id"]], row)
    return seats


def _has_hold(seats: dict[int, SessionSeats]) -> bool:
    return any(row.session.held_seats for row in seats.values())


def _sessions_to_come(event: int, now: datetime) -> SessionQuerySet:
    coming = Session.objects.filter(event=event, status=SessionStatus.SCHEDULED, starts_at__gt=now)
    return coming.select_related("venue").order_by("starts_at", "pk")


def _open_claims(event: int, now: datetime) -> RegistrationQuerySet:
    claims = Registration.objects.active().filter(session__event=event)
    over = Q(session__ends_at__lte=now, fills_slot=True)
    return claims.filter(Q(session__starts_at__gt=now) | Q(status=Status.OFFERED) | over)


def _own_claims(event: int, person: int) -> RegistrationQuerySet:
    return Registration.objects.active().filter(session__event=event, attendee=person).order_by("pk")


def _counted(claims: RegistrationQuerySet, **more: Aggregate) -> QuerySet[Registration, dict[str, Any]]:
    """Counts claims by session, status and source."""
    grouped = claims.without_passed_over().order_by().values("session_id", "status", "source")
    counted = grouped.annotate(
        rows=Count("pk"),
        told=Count("told_open_at"),
        next_expiry=Min("offer_expires_at"),
        newest_in_queue=Max("waitlisted_at"),
        **more,
    )
    return cast("QuerySet[Registration, dict[str, Any]]", counted)


MEMBERS = {"members": Count("pk", filter=TAKES_OF_A_HOLD)}
_coming = PreparedRead(_sessions_to_come, event=int, now=datetime)
_counted_claims = PreparedRead(lambda **values: _counted(_open_claims(**values)), event=int, now=datetime)
_counted_with_members = PreparedRead(
    lambda **values: _counted(_open_claims(**values), **MEMBERS), event=int, now=datetime
)
_claims_of_person = PreparedRead(_own_claims, event=int, person=int)


def _note(seats: SessionSeats | None, row: dict[str, Any]) -> datetime | None:
    """Adds one row of counts to the seats of its session. Returns when the first of its offers expires."""
    expiry: datetime | None = row["next_expiry"]
    if seats is None:
        return expiry
    if row["status"] in HOLDING:
        seats.people += row["rows"]
        if row["source"] != Source.WALK_IN:
            seats.held += row["rows"]
            seats.held_by_members += row.get("members", 0)
    elif row["status"] == Status.WAITLISTED:
        seats.waiting += row["rows"]
        seats.members_waiting += row.get("members", 0)
        seats.untold += row["rows"] - row["told"]
    if row["newest_in_queue"]:
        seats.newest_in_queue = max(row["newest_in_queue"], seats.newest_in_queue or row["newest_in_queue"])
    return expiry
