from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from events.models import Session
from project.accounts.models import STAND_IN_DOMAIN, User
from registrations.enums import Action, Source, Status
from registrations.models import Registration
from registrations.rules import BOOKABLE, Window, is_quiet, offer_expires_at
from registrations.services.calendar import notifications
from registrations.services.lock import lock_event, lock_event_of, lock_registration
from registrations.services.refusals import UnableToRegister
from registrations.services.seats import any_date, claims, slots
from registrations.services.seats.allocation import Allocation, Outcome, QueueEntry, allocate
from registrations.services.seats.availability import admit, read_event_seats

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from uuid import UUID

    from events.models import Event
    from registrations.querysets import AdmittedSession
    from registrations.services.seats.availability import EventSeats, SessionSeats


AS_SETTLED = ("status", "source", "replaces", "confirmed_at", "cancelled_at", "cancelled_by", "offer_expires_at")


def settle(*, event: Event, now: datetime, person: User | None = None) -> EventSeats:
    """Brings an event up to date with the clock: ends offers and holds that have expired, and gives free seats to the
    people waiting.

    Every verb calls it under the lock before it decides, so that a newcomer gets a seat only if nobody waiting could
    take it; the scheduler calls it through `settle_event`. Whatever fell due is done as of the moment it fell due, in
    order, so a late scheduler makes no difference to anybody. Returns the seats as they are now. `person`: also reads
    their claims, and what admits them to the sessions, such as a personal link.
    """
    event_seats = _read(event, now=now, person=person)
    while due := event_seats.next_due(now):
        _expire(event, due, now)
        _release_holds(event_seats, due)
        _fill(_read(event, now=due), at=due, now=now)
        event_seats = _read(event, now=now, person=person)
    if event_seats.may_give(now) and _fill(event_seats, at=now, now=now):
        event_seats = _read(event, now=now, person=person)
    return event_seats


def _read(event: Event, *, now: datetime, person: User | None = None) -> EventSeats:
    """As `read_event_seats`, after recording which dates have ended, because a seat there does not keep anybody from
    another one.
    """
    event_seats = read_event_seats(event, now=now, person=person)
    if not event_seats.has_ended:
        return event_seats
    slots.let_go(event=event, now=now)
    return read_event_seats(event, now=now, person=person)


def settled_for(*, session_key: UUID, person: User, now: datetime) -> tuple[AdmittedSession, EventSeats]:
    """Locks and settles the event. Returns the session as it is then, with what admits the person to it, and the
    event's seats.

    Raises `UnableToRegister("not-published")` if there is no such session.
    """
    event = lock_event_of(session_key)
    event_seats = settle(event=event, now=now, person=person)
    seats = event_seats.find(session_key)
    return (seats.session if seats else _past_session(session_key, event, person, now)), event_seats


def sessions_gone(*, event: Event, keys: Collection[UUID], person: User, now: datetime) -> list[AdmittedSession]:
    """Returns these sessions of the event, with what admits the person. For sessions that are not among its seats
    because they were cancelled or have started.
    """
    sessions = list(Session.objects.filter(event=event, key__in=keys).order_by("starts_at", "pk"))
    for session in sessions:
        session.event = event
    admit(sessions, person, now)
    return cast("list[AdmittedSession]", sessions)


def _past_session(session_key: UUID, event: Event, person: User, now: datetime) -> AdmittedSession:
    """Reads a session that has started or was cancelled, because the refusal has to say why."""
    session = cast("AdmittedSession", Session.objects.select_related("venue").get(key=session_key))
    session.event = event
    admit([session], person, now)
    return session


def settled(*, registration_key: UUID, now: datetime) -> Registration:
    """Locks and settles the event, and returns the registration as it is then. Raises `UnableToRegister("expired")` if
    that has deleted it (a colleague who never answered), `"not-published"` if there is none.
    """
    registration = lock_registration(registration_key)
    event = registration.session.event
    settle(event=event, now=now)
    try:
        registration.refresh_from_db(fields=AS_SETTLED)
    except Registration.DoesNotExist:
        raise UnableToRegister("expired") from None
    return registration


def fill(*, event: Event, now: datetime, since: datetime | None = None) -> None:
    """Gives out what a verb has just freed, and swaps the seats of people who want each other's. Under the lock, after
    `settle`.

    `since`: when it came free, if that was earlier than now; it is then given out as of that moment.
    """
    at = since or now
    _fill(_read(event, now=at), at=at, now=now)


def settle_event(*, event_id: int, now: datetime) -> None:
    """What the scheduler does for one event: adds new dates for people who wait for any, settles what fell due, and
    gives out what no verb has given out, for example after somebody's account was reactivated.
    """
    with transaction.atomic(durable=True):
        event = lock_event(pk=event_id)
        any_date.extend_to_new_dates(event=event, now=now)
        _fill(settle(event=event, now=now), at=now, now=now)


def who_would_get_in(*, event_seats: EventSeats, now: datetime) -> list[Allocation]:
    """Returns what filling would give out, without doing it: for previews."""
    return allocate(event_seats=event_seats, queue=_queue(event_seats), windows=event_seats.windows(at=now, now=now))


def _fill(event_seats: EventSeats, *, at: datetime, now: datetime) -> bool:
    """Returns whether anybody got a seat or an offer."""
    if not any(seats.waiting for seats in event_seats):
        return False
    allocations = allocate(
        event_seats=event_seats, queue=_queue(event_seats), windows=event_seats.windows(at=at, now=now)
    )
    if allocations:
        _apply(allocations, event_seats, at=at, now=now)
    _tell_of_open_seats(event_seats, now)
    return bool(allocations)


def _queue(event_seats: EventSeats) -> list[QueueEntry]:
    sessions = [seats.session.pk for seats in event_seats if seats.waiting]
    waiting = Registration.objects.queuing().filter(session__in=sessions).not_paused().in_a_wanted_language()
    columns = ("pk", "attendee", "slot", "session", "replaces__session", "attendee__audience", "attendee__unit__code")
    return [
        QueueEntry(
            pk=pk, person=person, slot=slot, session_id=session, seat_at=seat_at, audience=audience, unit=unit or ""
        )
        for pk, person, slot, session, seat_at, audience, unit in waiting.in_queue_order().values_list(*columns)
    ]


def _apply(allocations: Sequence[Allocation], event_seats: EventSeats, *, at: datetime, now: datetime) -> None:
    related = ("attendee", "session__venue", "replaces__session__venue", "replaces__attendee")
    rows = Registration.objects.select_related(*related).in_bulk([allocation.entry.pk for allocation in allocations])
    for row in rows.values():
        row.session.event = event_seats.event
    seated, exchanged, offered = (
        [rows[allocation.entry.pk] for allocation in allocations if allocation.outcome == outcome]
        for outcome in (Outcome.SEAT, Outcome.EXCHANGE, Outcome.OFFER)
    )
    _promote(seated, Action.PROMOTED, at)
    _promote(exchanged, Action.EXCHANGED, at)
    _offer(offered, at, now)


def _promote(registrations: Sequence[Registration], action: Action, at: datetime) -> None:
    if registrations:
        claims.seat(registrations, action=action, actor=None, now=at)


def _offer(registrations: Sequence[Registration], at: datetime, now: datetime) -> None:
    """Holds the seats until people answer; their other wishes are suspended until then (product Q3, Q4)."""
    if not registrations:
        return
    for registration in registrations:
        registration.status, registration.source = Status.OFFERED, Source.WAITLIST
        registration.offer_expires_at = _time_to_answer(registration.session, at, now)
    Registration.objects.bulk_update(registrations, ["status", "source", "offer_expires_at"])
    claims.record(registrations, action=Action.OFFERED, actor=None, now=at)
    until = {row.pk: {"until": row.offer_expires_at.isoformat()} for row in registrations if row.offer_expires_at}
    notifications.tell_with_changes(registrations, kind="registration-offered", facts_of=until, now=now)


def _time_to_answer(session: Session, at: datetime, now: datetime) -> datetime:
    """Returns the deadline, counted from when the seat came free, however late the scheduler is. But nobody loses an
    offer before hearing of it.
    """
    expires_at = offer_expires_at(session, at)
    return expires_at if expires_at > now else offer_expires_at(session, now)


def _expire(event: Event, due: datetime, now: datetime) -> None:
    """Ends the offers nobody answered. Only that date is lost; other wishes go on. Colleagues who never answered and
    are not known otherwise are deleted.
    """
    expired = list(
        Registration.objects.filter(session__event=event, status=Status.OFFERED, offer_expires_at__lte=due)
        .select_related("attendee", "session__venue")
        .order_by("pk")
    )
    claims.end(expired, due)
    claims.record(expired, action=Action.EXPIRED, actor=None, now=due)
    for registration in expired:
        registration.session.event = event
    own = [registration for registration in expired if not registration.is_from_colleague]
    notifications.tell([(registration, None) for registration in own], kind="offer-expired", now=now)
    forget_strangers([registration for registration in expired if registration.is_from_colleague])


def forget_strangers(invited: Sequence[Registration]) -> None:
    """Deletes people who were only ever invited by a colleague and never came themselves (product S4)."""
    if not invited:
        return
    elsewhere = Registration.objects.filter(attendee=OuterRef("pk")).exclude(pk__in=[row.pk for row in invited])
    unknown = User.objects.filter(pk__in=[row.attendee_id for row in invited], last_login__isnull=True, name="")
    unknown.filter(~Exists(elsewhere), roles__isnull=True).delete()


def forget_stand_ins(*, session: Session) -> None:
    """Deletes the stand-ins on a cancelled date, and with them the invitations that nobody can answer: nothing can
    follow from these.
    """
    open_ones = Registration.objects.filter(session=session, attendee__email__endswith=f"@{STAND_IN_DOMAIN}")
    User.objects.filter(pk__in=open_ones.values("attendee")).delete()


def _release_holds(event_seats: EventSeats, due: datetime) -> None:
    ended = [
        seats.session.pk
        for seats in event_seats
        if seats.session.held_seats and seats.session.held_until and seats.session.held_until <= due
    ]
    if ended:
        Session.objects.filter(pk__in=ended).update(held_seats=0)


def _tell_of_open_seats(event_seats: EventSeats, now: datetime) -> None:
    """Close to the start a free seat goes to whoever takes it first. Tells the people waiting: each once per session,
    and not at night.
    """
    open_now = {seats.session.pk: seats for seats in event_seats if _is_worth_telling(seats, event_seats, now)}
    if not open_now:
        return
    told_before = Registration.objects.filter(
        session=OuterRef("session"), attendee=OuterRef("attendee"), told_open_at__isnull=False
    )
    untold = Registration.objects.queuing().filter(~Exists(told_before), session__in=open_now).not_paused()
    rows = untold.in_a_wanted_language().select_related("attendee__unit", "session__venue").order_by("pk")
    first = slots.somebody_goes_first(set(open_now))
    behind = set(untold.filter(session__in=first).been().values_list("pk", flat=True)) if first else set()
    told = [row for row in rows if open_now[row.session_id].free_for(row.attendee) and row.pk not in behind]
    for row in told:
        row.session.event = event_seats.event
    Registration.objects.filter(pk__in=[row.pk for row in told]).update(told_open_at=now)
    claims.record(told, action=Action.OPENED, actor=None, now=now)
    notifications.tell_with_changes(told, kind="seat-open", now=now)


def _is_worth_telling(seats: SessionSeats, event_seats: EventSeats, now: datetime) -> bool:
    is_open = event_seats.window(seats, now) == Window.OPEN and seats.untold > 0 and seats.free(is_member=True) > 0
    return is_open and not is_quiet(now, seats.session.zone)


def events_to_settle(now: datetime) -> set[int]:
    """Returns the events in which time alone can change something, because somebody waits or has an offer. A hold can
    outlast its end in an event where nobody waits: it is ended when somebody comes.
    """
    waits = Q(status=Status.WAITLISTED, session__starts_at__gt=now, session__event__status__in=BOOKABLE)
    pending = Registration.objects.filter(waits | Q(status=Status.OFFERED)).without_passed_over()
    return set(pending.values_list("session__event", flat=True).order_by())
