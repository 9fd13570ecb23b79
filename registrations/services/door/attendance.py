from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.enums import SessionStatus
from events.services.refusals import UnableToChange
from project.accounts.services import people
from registrations.enums import ATTENDED, Action, Attendance, FeedbackMail, Source, Status
from registrations.models import Completion, Registration
from registrations.rules import why_door_closed
from registrations.services.door import corrections
from registrations.services.lock import lock_registration, lock_session
from registrations.services.seats import claims, room, slots, waitlist

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.utils.functional import _StrPromise

    from events.models import Session
    from project.accounts.models import User
    from registrations.querysets import RegistrationQuerySet

CLOSED: dict[str, _StrPromise] = {
    "cancelled": gettext_lazy("This session was cancelled."),
    "finished": gettext_lazy("The check-in of this session is finished."),
    "not-open-yet": gettext_lazy("The door opens 30 minutes before the start."),
}


def check_in(*, registration_key: UUID, actor: User, now: datetime) -> Registration:
    """Marks a person with a seat as present. Idempotent. Raises `UnableToChange`: `not-open-yet`, `finished`,
    `cancelled`, `no-seat`.
    """
    with transaction.atomic(durable=True):
        registration = lock_registration(registration_key)
        _refuse_unless_open(registration.session, now)
        if registration.status != Status.CONFIRMED:
            raise UnableToChange("no-seat", _("This person has no seat. Let them in as a walk-in."))
        if not registration.has_attended:
            _mark(registration, Attendance.PRESENT, actor, now)
    return registration


def take_back(*, registration_key: UUID, actor: User, now: datetime) -> Registration:
    """Undoes a check-in that was meant for somebody else. If the person had been let in without a seat, or while they
    had an open offer, they get back what they had before: the request, the place in the queue, the wish to swap or the
    offer (`corrections.put_back`).

    Raises `UnableToChange`: `not-open-yet`, `finished`, `cancelled`.
    """
    with transaction.atomic(durable=True):
        registration = lock_registration(registration_key)
        _refuse_unless_open(registration.session, now)
        if registration.has_attended:
            corrections.put_back(registration, actor=actor, now=now)
            _mark(registration, Attendance.UNKNOWN, actor, now)
            waitlist.settle(event=registration.session.event, now=now)
    return registration


def walk_in(*, session_key: UUID, address: str, actor: User, now: datetime) -> Registration:
    """Lets somebody in without a seat, by mail address. If they already have a seat or a place in the queue, that
    registration is used instead of a second one.

    Walk-ins are counted apart from seats, but the room's own limit holds. Raises `UnableToChange`: `not-open-yet`,
    `finished`, `cancelled`, `room-full`, `inactive` (the account is deactivated, and they have no seat or nobody may
    find out whether they have one).
    """
    with transaction.atomic(durable=True):
        session = lock_session(session_key)
        _refuse_unless_open(session, now)
        if session.event.is_discreet:
            _refuse_if_room_is_full(session, now)  # before looking: "full" must not reveal that they have no seat
        person = people.admit(address=address, language="en", now=now)
        related = ("attendee", "session__event", "session__venue", "replaces__session")
        mine = Registration.objects.active().of(person).select_related(*related)
        registration = mine.filter(session=session).first()
        if registration and registration.has_attended:
            return registration
        has_seat = registration is not None and registration.is_confirmed
        if not person.is_active and (
            session.event.is_discreet or not has_seat
        ):  # discreet: the same refusal with or without a seat
            raise UnableToChange("inactive", _("Nobody can be let in with this address."))
        before = {} if has_seat else corrections.remember(registration)
        if not (registration and registration.holds_a_seat):
            _refuse_if_room_is_full(session, now)
            registration = _let_in(session, person, registration, now)
            claims.record([registration], action=Action.WALKED_IN, actor=actor, now=now)
        elif not registration.is_confirmed:
            _accept(registration, actor, now)
        _mark(registration, Attendance.PRESENT, actor, now, before=before)
    return registration


def finish(*, session_key: UUID, actor: User, now: datetime) -> Session:
    """Ends the check-in: the session becomes HELD, people who were not seen are marked absent, and people who came are
    due a feedback code. Idempotent.

    People who came have completed the event, which other events may require (product W4). For discreet sessions nobody
    gets a code by mail (specs/privacy.md 3), and no completion is recorded. Raises `UnableToChange`: `not-started`,
    `cancelled`.
    """
    with transaction.atomic(durable=True):
        session = lock_session(session_key)
        if session.status == SessionStatus.HELD:
            return session
        if session.status == SessionStatus.CANCELLED:
            raise UnableToChange("cancelled", str(CLOSED["cancelled"]))
        if now < session.starts_at:
            raise UnableToChange("not-started", _("You can finish once the session has started."))
        session.status, session.changed_at = SessionStatus.HELD, now
        session.save(update_fields=["status", "changed_at"])
        _mark_the_rest_absent(session, actor, now)
        slots.let_go(event=session.event, now=now)
        if not session.event.is_discreet:
            came = Registration.objects.filter(session=session, status=Status.CONFIRMED, attendance__in=ATTENDED)
            came.update(feedback_mail=FeedbackMail.DUE)
            _complete(came, session, now)
    return session


def _refuse_unless_open(session: Session, now: datetime) -> None:
    code = why_door_closed(session, now)
    if code:
        raise UnableToChange(code, str(CLOSED[code]))


def _refuse_if_room_is_full(session: Session, now: datetime) -> None:
    """Counts everybody with a seat who may still come: a walk-in never takes the chair of somebody on the way."""
    if session.venue and room.people_expected(session, now) >= session.venue.capacity:
        raise UnableToChange("room-full", _("The room is full."))


def _let_in(session: Session, person: User, registration: Registration | None, now: datetime) -> Registration:
    if registration is None:
        registration = Registration(session=session, attendee=person, slot=session.slot, created_at=now)
    registration.status, registration.source = Status.CONFIRMED, Source.WALK_IN
    registration.confirmed_at, registration.offer_expires_at = now, None
    registration.invited_address = ""
    registration.replaces = None  # people let in here keep a seat on another date too
    registration.wants_any_date, registration.any_date_language = False, ""
    registration.save()
    return registration


def _accept(registration: Registration, actor: User, now: datetime) -> None:
    """Checking in somebody with an open offer accepts the offer and gives up the seat it replaces."""
    claims.seat([registration], action=Action.ACCEPTED, actor=actor, now=now)
    waitlist.fill(event=registration.session.event, now=now)


def _complete(came: RegistrationQuerySet, session: Session, now: datetime) -> None:
    """Records one completion per person, whichever date of the event they attended."""
    done = [
        Completion(person_id=person, event=session.event, completed_at=now)
        for person in came.values_list("attendee", flat=True)
    ]
    Completion.objects.bulk_create(done, ignore_conflicts=True)


def _mark(
    registration: Registration,
    attendance: Attendance,
    actor: User,
    now: datetime,
    *,
    before: dict[str, Any] | None = None,
) -> None:
    registration.attendance = attendance
    registration.checked_in_at = now if attendance in ATTENDED else None
    registration.save(update_fields=["attendance", "checked_in_at"])
    action = Action.CHECKED_IN if attendance in ATTENDED else Action.UNCHECKED
    entry = claims.log_entry(registration, action, actor, now)
    entry.before = before or {}
    claims.write_log([entry])


def _mark_the_rest_absent(session: Session, actor: User, now: datetime) -> None:
    expected = Registration.objects.filter(session=session, status=Status.CONFIRMED, attendance=Attendance.UNKNOWN)
    absent = list(expected)
    Registration.objects.filter(pk__in=[registration.pk for registration in absent]).update(
        attendance=Attendance.ABSENT
    )
    claims.record(absent, action=Action.MARKED_ABSENT, actor=actor, now=now)
