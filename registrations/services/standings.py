"""How readers stand to sessions: the one read that the pages and the API share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.db.models import Exists, OuterRef, Q

from events.models import Session
from registrations.enums import Action
from registrations.models import Registration, RegistrationLog
from registrations.querysets import as_seen_by
from registrations.rules import Standing, standing

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


def standings(*, sessions: Iterable[CountedSession], person: User | None, now: datetime) -> list[Standing]:
    """How a reader stands to each session, with one query for all of them. The event of each session must be loaded."""
    counted = list(sessions)
    own: list[Registration] = []
    if person is not None and counted:
        recent = Registration.objects.of(person).filter(_near(counted))
        swapped = RegistrationLog.objects.filter(registration=OuterRef("pk"), action=Action.SWAPPED_HERE)
        found = recent.still_of_interest(now).with_place(now).annotate(is_swapped=Exists(swapped))
        own = list(found.select_related(*RELATED))
    return [standing(session, person, own, now) for session in counted]


def _near(sessions: Iterable[CountedSession]) -> Q:
    """Claims in the slots of these sessions, and seats elsewhere that could be at the same time (product S2)."""
    starts, ends = min(row.starts_at for row in sessions), max(row.ends_at for row in sessions)
    at_that_time = Q(session__starts_at__lt=ends, session__ends_at__gt=starts)
    return Q(slot__in={session.slot for session in sessions}) | at_that_time


def claims(*, registrations: Iterable[Registration], person: User, now: datetime) -> list[Claim]:
    """A person's own registrations with their sessions, in the order given; two queries, however many there are."""
    own = list(registrations)
    sessions = Session.objects.filter(pk__in={registration.session_id for registration in own})
    counted = as_seen_by(sessions.select_related("event", "venue", "round"), person, now)
    by_session = {row.session.pk: row for row in standings(sessions=counted, person=person, now=now)}
    return [Claim(registration, by_session[registration.session_id]) for registration in own]
