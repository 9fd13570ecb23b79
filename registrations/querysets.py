from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypedDict, cast
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest

from registrations.enums import ACTIVE, ATTENDED, HOLDING, UNDO_WINDOW, CancelledBy, Source, Status

if TYPE_CHECKING:
    from datetime import datetime

    from django_stubs_ext import WithAnnotations

    from events.models import Session
    from events.querysets import SessionQuerySet
    from project.accounts.models import User
    from registrations.models import Registration


class SeatCounts(TypedDict):
    seats_taken: int
    seats_left: int
    waiting_count: int


class DoorCounts(SeatCounts):
    inside_count: int
    walk_in_count: int


class Place(TypedDict):
    place: int | None


if TYPE_CHECKING:
    CountedSession = WithAnnotations[Session, SeatCounts]
    PlacedRegistration = WithAnnotations[Registration, Place]
    DoorSession = WithAnnotations[Session, DoorCounts]

REFERENCE = re.compile(r"[0-9a-f]{6}")
IS_SEAT = Q(status__in=HOLDING) & ~Q(source=Source.WALK_IN)


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def active(self) -> RegistrationQuerySet:
        return self.filter(status__in=ACTIVE)

    def holding_a_seat(self) -> RegistrationQuerySet:
        """Walk-ins are people in the room, not seats (product.md, "A seat is a seat")."""
        return self.filter(IS_SEAT)

    def waiting(self) -> RegistrationQuerySet:
        return self.filter(status=Status.WAITLISTED)

    def attended(self) -> RegistrationQuerySet:
        return self.filter(status=Status.CONFIRMED, attendance__in=ATTENDED)

    def at_the_door(self) -> RegistrationQuerySet:
        """Who may be let in: a seat, already let in without one, or still waiting for one."""
        return self.filter(status__in=[*HOLDING, Status.WAITLISTED])

    def found_by_name(self, text: str) -> RegistrationQuerySet:
        """Every word must be in the name or the address; no word finds nobody."""
        found = self if text.split() else self.none()
        for word in text.split():
            found = found.filter(Q(attendee__name__icontains=word) | Q(attendee__email__icontains=word))
        return found

    def found_by_reference(self, text: str) -> RegistrationQuerySet:
        """The six signs of a discreet mail (`Registration.reference`) are the beginning of the key."""
        sign = text.strip().lower()
        if not REFERENCE.fullmatch(sign):
            return self.none()
        return self.filter(key__range=(UUID(sign.ljust(32, "0")), UUID(sign.ljust(32, "f"))))

    def in_queue_order(self) -> RegistrationQuerySet:
        return self.order_by("priority", "waitlisted_at", "pk")

    def of(self, person: User) -> RegistrationQuerySet:
        return self.filter(attendee=person)

    def in_slot(self, slot: UUID) -> RegistrationQuerySet:
        return self.filter(slot=slot)

    def still_of_interest(self, now: datetime) -> RegistrationQuerySet:
        """The active ones, and those given back a moment ago, which can still be undone."""
        recent = Q(status=Status.CANCELLED, cancelled_by=CancelledBy.PERSON, cancelled_at__gte=now - UNDO_WINDOW)
        return self.filter(Q(status__in=ACTIVE) | recent).order_by("-pk")

    def given_back_recently(self, now: datetime) -> RegistrationQuerySet:
        return self.filter(
            status=Status.CANCELLED, cancelled_by=CancelledBy.PERSON, cancelled_at__gte=now - UNDO_WINDOW
        )

    def with_place(self) -> RegistrationQuerySet:
        """`place`: the number in the waiting list of the session, from 1; nothing for who does not wait or may not know (discreet)."""
        ahead = (
            self.model.objects.waiting()
            .filter(session=OuterRef("session"))
            .filter(
                Q(priority__lt=OuterRef("priority"))
                | Q(priority=OuterRef("priority"), waitlisted_at__lt=OuterRef("waitlisted_at"))
                | Q(priority=OuterRef("priority"), waitlisted_at=OuterRef("waitlisted_at"), pk__lte=OuterRef("pk"))
            )
        )
        place = Case(When(Q(status=Status.WAITLISTED, session__event__is_discreet=False), then=_count(ahead)))
        return self.annotate(place=place)


def annotate_seats(sessions: SessionQuerySet) -> models.QuerySet[CountedSession]:
    """`seats_taken`, `seats_left` and `waiting_count` per session, as subqueries, so a page costs the same at 1 and at 30 rows."""
    registrations: RegistrationQuerySet = apps.get_model("registrations", "Registration")._default_manager.all()  # noqa: SLF001  # the documented access by class
    here = registrations.filter(session=OuterRef("pk"))
    counted = sessions.annotate(
        seats_taken=_count(here.filter(IS_SEAT)),
        waiting_count=_count(here.filter(status=Status.WAITLISTED)),
    )
    seats_left = Greatest(F("capacity") - F("seats_taken"), Value(0))
    return cast("models.QuerySet[CountedSession]", counted.annotate(seats_left=seats_left))


def annotate_door(sessions: SessionQuerySet) -> models.QuerySet[DoorSession]:
    """The counts of the door beside those of the seats: `inside_count` and, apart from the seats, `walk_in_count`."""
    registrations: RegistrationQuerySet = apps.get_model("registrations", "Registration")._default_manager.all()  # noqa: SLF001  # the documented access by class
    here = registrations.filter(session=OuterRef("pk"), status=Status.CONFIRMED)
    counted = annotate_seats(sessions).annotate(
        inside_count=_count(here.filter(attendance__in=ATTENDED)),
        walk_in_count=_count(here.filter(source=Source.WALK_IN)),
    )
    return cast("models.QuerySet[DoorSession]", counted)


def _count(rows: models.QuerySet[Registration]) -> Coalesce:
    counted = rows.order_by().values("session").annotate(rows=Count("pk")).values("rows")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
