from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypedDict, cast
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat, Greatest, Least

from events.querysets import admits_audience, admits_unit
from project.accounts.enums import Audience
from project.accounts.models import STAND_IN_DOMAIN
from project.text import folding
from registrations.enums import ACTIVE, ATTENDED, HOLDING, UNDO_WINDOW, CancelledBy, InviteState, Source, Status

if TYPE_CHECKING:
    from collections.abc import Iterable
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
    held_back: int


class DoorCounts(SeatCounts):
    inside_count: int
    walk_in_count: int


class Admission(TypedDict):
    has_access: bool
    has_done_prerequisite: bool


class Place(TypedDict):
    place: int | None


if TYPE_CHECKING:
    CountedSession = WithAnnotations[Session, SeatCounts]
    AdmittedSession = WithAnnotations[Session, Admission]
    PlacedRegistration = WithAnnotations[Registration, Place]
    DoorSession = WithAnnotations[Session, DoorCounts]

REFERENCE = re.compile(r"[0-9a-f]{6}")
IS_SEAT = Q(status__in=HOLDING) & ~Q(source=Source.WALK_IN)
FILLS_SLOT = IS_SEAT & Q(fills_slot=True)
HOLDS_A_CHAIR = Q(status__in=HOLDING)  # people who walked in sit on one too


def _in_hold_group() -> Q:
    """The same rule as `rules.in_hold_group`, for the database: the attendee belongs to the group that the session
    holds seats for.
    """
    of_unit = Q(session__held_units="") | Q(
        session__held_units__contains=Concat(Value(" "), F("attendee__unit__code"), Value(" "))
    )
    of_audience = Q(session__held_audiences="") | Q(
        session__held_audiences__contains=Concat(Value(" "), F("attendee__audience"), Value(" "))
    )
    for code in Audience:
        also = [audience for audience in Audience if audience != code and code in audience.admitted_as]
        if also:
            of_audience |= Q(attendee__audience__in=also, session__held_audiences__has=code)
    return of_unit & of_audience


IN_HOLD_GROUP = _in_hold_group()
# Invited colleagues who have not answered do not count as members: the number of seats left must not reveal who was
# invited, or that we invited, or that we know them.
TAKES_OF_A_HOLD = IN_HOLD_GROUP & ~Q(status=Status.OFFERED, source=Source.COLLEAGUE)


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def active(self) -> RegistrationQuerySet:
        return self.filter(status__in=ACTIVE)

    def holding_a_seat(self) -> RegistrationQuerySet:
        """Walk-ins are people in the room, not seats (product.md, "A seat is a seat")."""
        return self.filter(IS_SEAT)

    def not_run_out(self, now: datetime) -> RegistrationQuerySet:
        """Leaves out expired offers: they no longer hold a seat, whether or not the scheduler has ended them."""
        return self.exclude(status=Status.OFFERED, offer_expires_at__lte=now)

    def filling_the_slot(self) -> RegistrationQuerySet:
        """Seats on dates that are still to come or under way: the person cannot have another one in the slot. Only
        exact under the lock, after `settle`.
        """
        return self.filter(FILLS_SLOT)

    def been(self) -> RegistrationQuerySet:
        """Claims whose attendee has attended another date of the slot."""
        return self.filter(self._has_been())

    def not_been(self) -> RegistrationQuerySet:
        return self.filter(~self._has_been())

    def _has_been(self) -> Exists:
        mine = self.model.objects.filter(attendee=OuterRef("attendee"), slot=OuterRef("slot"))
        return Exists(mine.attended())

    def waiting(self) -> RegistrationQuerySet:
        return self.filter(status=Status.WAITLISTED)

    def queuing(self) -> RegistrationQuerySet:
        """People who wait and can get a seat. Deactivated accounts keep their place but are passed over."""
        return self.waiting().filter(attendee__is_active=True)

    def without_passed_over(self) -> RegistrationQuerySet:
        """Every claim except the waiting ones that `queuing` passes over."""
        return self.filter(~Q(status=Status.WAITLISTED) | Q(attendee__is_active=True))

    def of_people_in_use(self) -> RegistrationQuerySet:
        """Claims of people whom we send mail: people with an active account, and stand-ins, because the two must not be
        told apart.
        """
        return self.filter(Q(attendee__is_active=True) | Q(attendee__email__endswith=f"@{STAND_IN_DOMAIN}"))

    def attended(self) -> RegistrationQuerySet:
        return self.filter(status=Status.CONFIRMED, attendance__in=ATTENDED)

    def at_the_door(self) -> RegistrationQuerySet:
        """People who may be let in: with a seat, already let in without one, or still waiting for one."""
        return self.filter(status__in=[*HOLDING, Status.WAITLISTED]).without_passed_over()

    def found_by_name(self, text: str) -> RegistrationQuerySet:
        """Every word must be in the name or the address, in any order ("Last, First"), ignoring case, accents,
        apostrophes and hyphens (`project.text.folding`); without any word nobody is found. For the people of one
        session: it reads all their names.
        """
        terms = folding.terms(text)
        if not terms:
            return self.none()
        people = self.order_by().values_list("pk", "attendee__name", "attendee__email")
        known = ((pk, " ".join(folding.words(f"{name} {address}"))) for pk, name, address in people)
        return self.filter(pk__in=[pk for pk, words in known if all(folding.has(words, term) for term in terms)])

    def found_by_reference(self, text: str) -> RegistrationQuerySet:
        """The six characters in a discreet mail (`Registration.reference`) are the beginning of the key."""
        sign = text.strip().lower()
        if not REFERENCE.fullmatch(sign):
            return self.none()
        return self.filter(key__range=(UUID(sign.ljust(32, "0")), UUID(sign.ljust(32, "f"))))

    def in_queue_order(self) -> RegistrationQuerySet:
        """People who have attended another date come after people who have not."""
        return self.annotate(has_been=self._has_been()).order_by("priority", "has_been", "waitlisted_at", "pk")

    def of(self, person: User) -> RegistrationQuerySet:
        return self.filter(attendee=person)

    def in_slot(self, slot: UUID) -> RegistrationQuerySet:
        return self.filter(slot=slot)

    def still_of_interest(self, now: datetime) -> RegistrationQuerySet:
        """The active claims, and those given back so recently that it can still be undone."""
        recent = Q(status=Status.CANCELLED, cancelled_by=CancelledBy.PERSON, cancelled_at__gte=now - UNDO_WINDOW)
        return self.filter(Q(status__in=ACTIVE) | recent).order_by("-pk")

    def gave_way(self, *, since: datetime) -> RegistrationQuerySet:
        """Seats that the system ended, for example for another date of the slot; `rules.moved_from` tells which seat
        each one gave way to.
        """
        return self.filter(
            status=Status.CANCELLED,
            cancelled_by=CancelledBy.HOUSE,
            cancelled_at__gte=since,
            confirmed_at__isnull=False,
        )

    def one_each(self) -> RegistrationQuerySet:
        """For each person on a session, the claim that counts: the active one, else the newest."""
        others = self.model.objects.filter(session=OuterRef("session"), attendee=OuterRef("attendee"))
        counts_more = others.filter(Q(status__in=ACTIVE) | Q(pk__gt=OuterRef("pk")))
        return self.filter(Q(status__in=ACTIVE) | ~Exists(counts_more))

    def replacing(self, held: Iterable[Registration]) -> RegistrationQuerySet:
        """The swap wishes that keep one of these seats until another one is certain."""
        return self.filter(replaces__in=held, status__in=ACTIVE)

    def in_a_wanted_language(self) -> RegistrationQuerySet:
        """For people who wait for any date in one language, leaves out dates in another, even if the language changed
        later.
        """
        return self.filter(session__language__contains=F("any_date_language"))

    def not_paused(self) -> RegistrationQuerySet:
        """Leaves out people with an open offer in the slot: until they answer it, their other wishes are paused
        (product Q3).
        """
        offered = self.model.objects.filter(status=Status.OFFERED, attendee=OuterRef("attendee"), slot=OuterRef("slot"))
        return self.filter(~Exists(offered))

    def with_answer(self) -> RegistrationQuerySet:
        """`calendar_answer`: what the person's calendar answered to the current time and place, or None; `release_at`:
        when a seat that was declined there is given back.
        """
        invites = _rows_of("Invite")
        mine = invites.filter(registration=OuterRef("pk"), state=InviteState.ACTIVE)
        current = mine.filter(answered_sequence__gte=F("asked_sequence"))
        return self.annotate(
            calendar_answer=Subquery(current.values("answer")[:1]), release_at=Subquery(mine.values("release_at")[:1])
        )

    def with_place(self, now: datetime) -> RegistrationQuerySet:
        """`place`: the position in the waiting list of the session, from 1; None for people who do not wait, are passed
        over, or may not know it (discreet).
        Counts only people ahead for a seat that the person could get: while seats are held for a group, its members
        wait among themselves (product Q3).
        """
        same_turn = Q(priority=OuterRef("priority"), has_been=OuterRef("has_been"))
        ahead = (
            self.model.objects.queuing()
            .filter(session=OuterRef("session"))
            .annotate(has_been=self._has_been())
            .filter(
                Q(priority__lt=OuterRef("priority"))
                | Q(priority=OuterRef("priority"), has_been__lt=OuterRef("has_been"))
                | Q(same_turn, waitlisted_at__lt=OuterRef("waitlisted_at"))
                | Q(same_turn, waitlisted_at=OuterRef("waitlisted_at"), pk__lte=OuterRef("pk"))
            )
        )
        waits_openly = Q(status=Status.WAITLISTED, session__event__is_discreet=False, attendee__is_active=True)
        among_members = Q(session__held_seats__gt=0, session__held_until__gt=now) & IN_HOLD_GROUP
        place = Case(
            When(waits_openly & among_members, then=_count(ahead.filter(IN_HOLD_GROUP))),
            When(waits_openly, then=_count(ahead)),
        )
        return self.annotate(has_been=self._has_been()).annotate(place=place)


def annotate_seats(sessions: SessionQuerySet, now: datetime) -> models.QuerySet[CountedSession]:
    """`seats_taken`, `seats_left`, `waiting_count` and `held_back` per session, as subqueries, so that a page takes as
    many queries for 30 rows as for 1. The same numbers as `rules.seats`, as of now: `held_back` is how many of the
    seats left only the group of a running hold can take.
    """
    registrations: RegistrationQuerySet = _rows_of("Registration")
    here = registrations.filter(session=OuterRef("pk"))
    holding = here.not_run_out(now)
    members = _count(holding.filter(IS_SEAT & TAKES_OF_A_HOLD))
    holds = Q(held_seats__gt=0, held_until__gt=now)
    counted = sessions.annotate(
        seats_taken=_count(holding.filter(IS_SEAT)),
        waiting_count=_count(here.queuing()),
        held_back=Case(When(holds, then=Greatest(F("held_seats") - members, Value(0))), default=Value(0)),
    )
    seats, chairs = F("capacity") - F("seats_taken"), F("venue__capacity") - _count(holding.filter(HOLDS_A_CHAIR))
    left = Case(When(venue__isnull=True, then=seats), default=Least(seats, chairs))
    return cast("models.QuerySet[CountedSession]", counted.annotate(seats_left=Greatest(left, Value(0))))


def with_a_seat_for(sessions: SessionQuerySet, person: User | None, now: datetime) -> SessionQuerySet:
    """Of sessions with their seats, those on which such a reader would get one, ignoring the order of the queue
    (`standings.with_a_seat`).
    """
    own_group = _holding_for(person) if person else Q(pk__in=[])
    free = Q(seats_left__gt=F("held_back")) | (Q(seats_left__gt=0) & own_group)
    registrations: RegistrationQuerySet = _rows_of("Registration")
    ended = registrations.filter(slot=OuterRef("slot"), session__event=OuterRef("event"), status=Status.OFFERED)
    is_due = Q(held_seats__gt=0, held_until__lte=now) | Exists(ended.filter(offer_expires_at__lte=now))
    return sessions.filter(free).exclude(Q(waiting_count__gt=0) & is_due)


def _holding_for(person: User) -> Q:
    """`rules.in_hold_group` in reverse: the sessions that hold seats for a group this person belongs to."""
    unit = person.unit.code if person.unit else ""
    of_unit = Q(held_units="") | Q(held_units__contains=f" {unit} ")
    of_audience = Q(held_audiences="")
    for code in Audience(person.audience).admitted_as if person.audience else ():
        of_audience |= Q(held_audiences__has=code)
    return of_unit & of_audience


def annotate_admission(
    sessions: models.QuerySet[Any], person: User | None, now: datetime
) -> models.QuerySet[AdmittedSession, AdmittedSession]:
    """`has_access`: a personal link admits the person's address; `has_done_prerequisite`: they did what the event
    requires.
    """
    if person is None:
        nothing = sessions.annotate(has_access=Value(value=False), has_done_prerequisite=Value(value=False))
        return cast("models.QuerySet[AdmittedSession, AdmittedSession]", nothing)
    completions = _rows_of("Completion")
    completed = completions.filter(person=person, event=OuterRef("event__prerequisite"))
    links = _links_of(person, now)
    admitted = sessions.annotate(has_access=Exists(links), has_done_prerequisite=Exists(completed))
    return cast("models.QuerySet[AdmittedSession, AdmittedSession]", admitted)


def visible_to(sessions: SessionQuerySet, person: User | None, now: datetime) -> SessionQuerySet:
    """Leaves out unlisted sessions, except those for which the person has a personal link or a claim (product W5)."""
    if person is None:
        return sessions.filter(is_unlisted=False)
    claims = _rows_of("Registration")
    claimed = claims.filter(session=OuterRef("pk"), attendee=person)
    return sessions.filter(Q(is_unlisted=False) | Exists(_links_of(person, now)) | Exists(claimed))


def eligible_for(sessions: SessionQuerySet, person: User, now: datetime) -> SessionQuerySet:
    """Leaves out sessions for other audiences or units, as `rules.admits` does, except those for which the person has a
    personal link or a claim. The unit must be loaded.
    """
    admitted_as = Audience(person.audience).admitted_as if person.audience else frozenset()
    of_group = admits_audience(admitted_as) & admits_unit(person.unit.code if person.unit else None)
    claimed = _rows_of("Registration").filter(session=OuterRef("pk"), attendee=person, status__in=ACTIVE)
    return sessions.filter(of_group | Exists(_links_of(person, now)) | Exists(claimed))


def _links_of(person: User, now: datetime) -> models.QuerySet[models.Model]:
    links: models.QuerySet[models.Model] = _rows_of("AccessLink")
    return links.filter(session=OuterRef("pk"), address=person.email.lower(), expires_at__gt=now)


def annotate_door(sessions: SessionQuerySet, now: datetime) -> models.QuerySet[DoorSession]:
    """The counts for the door beside those of the seats: `inside_count` and, separate from the seats,
    `walk_in_count`.
    """
    registrations: RegistrationQuerySet = _rows_of("Registration")
    here = registrations.filter(session=OuterRef("pk"), status=Status.CONFIRMED)
    counted = annotate_seats(sessions, now).annotate(
        inside_count=_count(here.filter(attendance__in=ATTENDED)),
        walk_in_count=_count(here.filter(source=Source.WALK_IN)),
    )
    return cast("models.QuerySet[DoorSession]", counted)


def _count(rows: models.QuerySet[Registration]) -> Coalesce:
    counted = rows.order_by().values("session").annotate(rows=Count("pk")).values("rows")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _rows_of(model: str) -> Any:
    """All rows of a model of this app, by its name: the models import this module."""
    found = apps.get_model("registrations", model)
    return found._default_manager.all()  # noqa: SLF001  # the documented access by class
