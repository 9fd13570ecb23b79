"""The standing of readers with regard to sessions: the one read that the pages and the API share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from events.models import Session
from project.database.prepared import PreparedRead
from registrations.enums import UNDO_WINDOW, Action, Status
from registrations.models import Registration, RegistrationLog
from registrations.querysets import annotate_admission, with_a_seat_for
from registrations.rules import Standing, Window, is_held, needs_group, standing, window
from registrations.services.seats import slots
from registrations.services.seats.availability import admit, count_seats

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from events.querysets import SessionQuerySet
    from project.accounts.models import User
    from registrations.querysets import CountedSession, PlacedRegistration, RegistrationQuerySet

RELATED = ("session__event", "session__venue", "invited_by")


@dataclass(frozen=True)
class Claim:
    """A registration with the standing of its holder on its session."""

    registration: Registration
    standing: Standing

    @property
    def place(self) -> int | None:
        """Returns the number on the waiting list, for people who wait and may know it."""
        current = cast("PlacedRegistration | None", self.standing.registration)
        return current.place if current and current.pk == self.registration.pk else None


def standings(*, sessions: Iterable[Session], person: User | None, now: datetime) -> list[Standing]:
    """Returns the standing of a reader on each session, with one statement for the person's claims. Sessions that were
    not read with their seats (`annotate_seats`) cost one more, and those not read with what admits somebody
    (`annotate_admission`) another if one of them has rules beyond audience and unit. The event of each must be loaded.
    """
    counted = _with_seats(list(sessions), person, now)
    own = _claims_near(counted, person, now) if person and counted else []
    due = _slots_where_the_list_is_due(counted, now)
    behind = _where_others_go_first(counted, own, now)
    return [
        standing(session, person, own, now, is_list_due=session.slot in due, lets_others_go_first=session.pk in behind)
        for session in counted
    ]


def just_claimed(*, person: User, now: datetime) -> list[Standing]:
    """Returns the person's standing on the dates that they claimed, or gave back, a moment ago."""
    recent = Registration.objects.of(person).still_of_interest(now).filter(created_at__gte=now - UNDO_WINDOW)
    sessions = Session.objects.upcoming(now).filter(pk__in=recent.order_by().values("session"))
    related = sessions.select_related("event__prerequisite", "venue").order_by("starts_at", "pk")
    return standings(sessions=related, person=person, now=now)


def group_matters(sessions: SessionQuerySet, person: User, now: datetime) -> bool:
    """Returns whether a seat of one of these sessions depends on a group that the person has not told us yet."""
    return any(needs_group(session, person, now) for session in annotate_admission(sessions, person, now))


def with_a_seat(sessions: SessionQuerySet, person: User | None, now: datetime) -> SessionQuerySet:
    """Narrows sessions with their seats (`annotate_seats`) down to those where this reader would get one, in agreement
    with `Standing.is_full`. One more statement for people who are signed in.
    """
    free = with_a_seat_for(sessions, person, now)
    if person is None:
        return free
    slots_been = Registration.objects.attended().of(person).values("slot")
    coming = Session.objects.filter(slot__in=slots_been, starts_at__gt=now).select_related("event")
    is_open = {session.pk for session in coming if window(session, now) == Window.OPEN}
    return free.exclude(pk__in=slots.somebody_goes_first(is_open)) if is_open else free


def _with_seats(sessions: list[Session], person: User | None, now: datetime) -> list[CountedSession]:
    """Adds what `annotate_seats` and `annotate_admission` would, but counts it for the rows already read: five fewer
    subqueries to build for every page.
    """
    uncounted = [session for session in sessions if not hasattr(session, "seats_left")]
    for seats in count_seats(uncounted, now=now).values() if uncounted else ():
        session: Any = seats.session  # gets the attributes that the database would have annotated
        session.seats_taken, session.waiting_count = seats.held, seats.waiting
        session.seats_left = seats.left
        session.held_back = seats.held_back if is_held(session, now) else 0
    admit([session for session in sessions if not hasattr(session, "has_access")], person, now)
    return cast("list[CountedSession]", sessions)


def _slots_where_the_list_is_due(sessions: Sequence[CountedSession], now: datetime) -> set[UUID]:
    """Where a seat is free although people wait, it may still be on its way to them: an offer expired or a hold ended,
    and the scheduler has not acted on it yet. One more statement, only where that is possible.
    """
    waited_for = [session for session in sessions if session.seats_left and session.waiting_count]
    due = {session.slot for session in waited_for if session.held_seats and not is_held(session, now)}
    slots = {session.slot for session in waited_for} - due
    if not slots:
        return due
    ended = Registration.objects.filter(status=Status.OFFERED, offer_expires_at__lte=now)
    return due | set(ended.filter(session__in=Session.objects.filter(slot__in=slots)).values_list("slot", flat=True))


def _where_others_go_first(sessions: Sequence[CountedSession], own: Sequence[Registration], now: datetime) -> set[int]:
    """Where a seat goes to whoever takes it, people who have attended another date let those who have not go first. One
    more statement, only for people who have attended.
    """
    slots_been = {claim.slot for claim in own if claim.is_confirmed and claim.has_attended}
    waited_for = (session for session in sessions if session.slot in slots_been and session.waiting_count)
    return slots.somebody_goes_first({session.pk for session in waited_for if window(session, now) == Window.OPEN})


def _claims_near(sessions: Sequence[CountedSession], person: User, now: datetime) -> list[Registration]:
    """Returns claims in the slots of these sessions, and seats elsewhere that may be at the same time (product S2)."""
    return _claims(
        person=person.pk,
        now=now,
        since=now - UNDO_WINDOW,
        first=min(session.starts_at for session in sessions),
        last=max(session.ends_at for session in sessions),
    )


def _claims_between(
    person: int, now: datetime, since: datetime, first: datetime, last: datetime
) -> RegistrationQuerySet:
    """Returns claims, each with the number in the queue, for people who wait and may know it, and whether an offered
    seat was accepted. Includes seats that were given up a moment ago for another one, because that can be undone.

    The slots are those with any date between `first` and `last`, because SQL that depends on a list of slots cannot be
    prepared. These are at least the slots of the sessions shown; `standing` picks the claims that concern a session.
    """
    dates = Session.objects.filter(slot=OuterRef("slot"), starts_at__lt=last, ends_at__gt=first)
    at_that_time = Q(session__starts_at__lt=last, session__ends_at__gt=first)
    own = Registration.objects.filter(Exists(dates) | at_that_time, attendee=person)
    accepted = RegistrationLog.objects.filter(registration=OuterRef("pk"), action=Action.ACCEPTED)
    recent = own.still_of_interest(since + UNDO_WINDOW) | own.gave_way(since=since)
    found = recent.with_place(now).annotate(is_accepted=Exists(accepted)).order_by("-pk")
    return found.select_related(*RELATED)


_claims = PreparedRead(_claims_between, person=int, **dict.fromkeys(("now", "since", "first", "last"), datetime))


def claims(*, registrations: Iterable[Registration], person: User, now: datetime) -> list[Claim]:
    """Returns a person's own registrations with their standings, in the order given, in two queries however many there
    are.
    """
    own = list(registrations)
    sessions = Session.objects.filter(pk__in={registration.session_id for registration in own})
    related = sessions.select_related("event", "venue", "round")
    by_session = {row.session.pk: row for row in standings(sessions=related, person=person, now=now)}
    return [Claim(registration, by_session[registration.session_id]) for registration in own]
