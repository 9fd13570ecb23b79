"""How readers stand to sessions: the one read that the pages and the API share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Exists, OuterRef, Q

from events.models import Session
from registrations.enums import Action
from registrations.models import Registration, RegistrationLog
from registrations.rules import Standing, standing
from registrations.services.ledger import admit, count_seats

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from project.accounts.models import User
    from registrations.querysets import CountedSession, PlacedRegistration

RELATED = ("session__event", "session__venue", "invited_by")


@dataclass(frozen=True)
class Claim:
    """A registration with the session it is for, as its holder stands to it."""

    registration: Registration
    standing: Standing

    @property
    def place(self) -> int | None:
        """The number on the waiting list, for who waits and may know it."""
        current = cast("PlacedRegistration | None", self.standing.registration)
        return current.place if current and current.pk == self.registration.pk else None


def standings(*, sessions: Iterable[Session], person: User | None, now: datetime) -> list[Standing]:
    """How a reader stands to each session: one statement for the seats, one for the person's claims, and one more only for who waits and
    where a session asks for more than an audience and a unit. The event of each session must be loaded.
    """
    counted = _with_seats(list(sessions), person, now)
    own: list[Registration] = []
    if person is not None and counted:
        recent = Registration.objects.of(person).filter(_near(counted))
        swapped = RegistrationLog.objects.filter(registration=OuterRef("pk"), action=Action.SWAPPED_HERE)
        found = recent.still_of_interest(now).annotate(is_swapped=Exists(swapped))
        own = list(found.select_related(*RELATED))
        _tell_numbers(own, now)
    return [standing(session, person, own, now) for session in counted]


def _with_seats(sessions: list[Session], person: User | None, now: datetime) -> list[CountedSession]:
    """What `annotate_seats` and `annotate_admission` say, counted for the rows at hand: five subqueries less to build for every page."""
    for seats in count_seats(sessions).values():
        session: Any = seats.session  # gets the attributes that the database would have annotated
        is_held = session.held_until is not None and session.held_until > now
        session.seats_taken, session.waiting_count = seats.held, seats.waiting
        session.seats_left = max(0, session.capacity - seats.held)
        session.held_back = max(0, session.held_seats - seats.held_by_members) if is_held else 0
    admit(sessions, person, now)
    return cast("list[CountedSession]", sessions)


def _tell_numbers(own: Iterable[Registration], now: datetime) -> None:
    """The number in the queue, asked only for who waits, as most people do not."""
    waiting = [claim.pk for claim in own if claim.is_waiting]
    placed = Registration.objects.filter(pk__in=waiting).with_place(now) if waiting else []
    places = {row.pk: row.place for row in cast("Iterable[PlacedRegistration]", placed)}
    for claim in cast("Iterable[PlacedRegistration]", own):
        claim.place = places.get(claim.pk)


def _near(sessions: Iterable[CountedSession]) -> Q:
    """Claims in the slots of these sessions, and seats elsewhere that could be at the same time (product S2)."""
    starts, ends = min(row.starts_at for row in sessions), max(row.ends_at for row in sessions)
    at_that_time = Q(session__starts_at__lt=ends, session__ends_at__gt=starts)
    return Q(slot__in={session.slot for session in sessions}) | at_that_time


def claims(*, registrations: Iterable[Registration], person: User, now: datetime) -> list[Claim]:
    """A person's own registrations with their sessions, in the order given; two queries, however many there are."""
    own = list(registrations)
    sessions = Session.objects.filter(pk__in={registration.session_id for registration in own})
    related = sessions.select_related("event", "venue", "round")
    by_session = {row.session.pk: row for row in standings(sessions=related, person=person, now=now)}
    return [Claim(registration, by_session[registration.session_id]) for registration in own]
