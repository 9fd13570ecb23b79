"""What all verbs write about claims: seats, places in the queue and how they end, each with its log row and its mail.
Always under the lock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.models import Session
from project.database.prepared import PreparedInsert, together
from registrations.enums import Action, Attendance, CancelledBy, Source, Status
from registrations.models import Registration, RegistrationLog
from registrations.services.calendar import invites, notifications

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from project.accounts.models import User
    from registrations.services.seats.availability import EventSeats

_insert = PreparedInsert(Registration)
_insert_log = PreparedInsert(RegistrationLog)
SOURCES = {Action.PROMOTED: Source.WAITLIST, Action.EXCHANGED: Source.WAITLIST, Action.SEATED: Source.HAND}


def take_seat(
    session: Session, attendee: User, *, mine: Sequence[Registration], event_seats: EventSeats, now: datetime
) -> Registration:
    """Creates a claim with a seat, which ends the person's other wishes in the slot."""
    registration = _create(session, attendee, Status.CONFIRMED, now, confirmed_at=now)
    given_up = _still_wished(mine)
    if given_up:
        end(given_up, now)
    ended = [log_entry(wish, Action.SUPERSEDED, None, now) for wish in given_up]
    with together():
        write_log([log_entry(registration, Action.CONFIRMED, attendee, now), *ended])
        invites.issue([registration], kind="registration-confirmed", now=now)
    event_seats[session].count_for(attendee, 1)
    return registration


def move_seat(
    held: Registration, session: Session, *, mine: Sequence[Registration], event_seats: EventSeats, now: datetime
) -> Registration:
    """Swaps to a free seat: the old one is given back at the same time, and the calendar entry moves along (product
    S3).
    """
    attendee = held.attendee
    end([held], now)
    record([held], action=Action.SWAPPED_AWAY, actor=attendee, now=now)
    registration = _create(session, attendee, Status.CONFIRMED, now, confirmed_at=now)
    record([registration], action=Action.SWAPPED_HERE, actor=attendee, now=now)
    supersede(_still_wished(mine), now)
    invites.transfer([(held, registration)], now=now)
    event_seats[held.session].count_for(attendee, -1)
    event_seats[session].count_for(attendee, 1)
    return registration


def seat(
    registrations: Sequence[Registration], *, action: Action, actor: User | None, now: datetime, reason: str = ""
) -> None:
    """Turns existing claims into seats. The seats they replace are cancelled first, and the other wishes of the slot
    end.

    Each registration must have `attendee`, `session__event` and `replaces__session` loaded. Runs a constant number of
    statements.
    """
    moved = [(registration.replaces, registration) for registration in registrations if registration.replaces]
    for held, new in moved:
        held.session.event = new.session.event  # a slot never spans events
    gone = [held for held, _ in moved]
    if gone:
        end(gone, now)
        record(gone, action=Action.SWAPPED_AWAY, actor=actor, now=now)
    changes = {"status": Status.CONFIRMED, "confirmed_at": now, "offer_expires_at": None, "replaces": None}
    changes |= {"invited_address": ""}
    source = {"source": SOURCES[action]} if action in SOURCES else {}
    _change(registrations, changes | {"wants_any_date": False, "any_date_language": ""} | source)
    record(registrations, action=action, actor=actor, now=now, reason=reason)
    _end_other_wishes(registrations, now)
    untold = notifications.take_back_changes(registrations)
    swapped = {new.pk for _, new in moved}
    fresh = [registration for registration in registrations if registration.pk not in swapped]
    if fresh:
        is_promoted = action in {Action.PROMOTED, Action.SEATED}
        kind = "registration-promoted" if is_promoted else "registration-confirmed"
        invites.issue(fresh, kind=kind, more=untold, now=now)
    invites.transfer(moved, now=now)


def enlist(
    sessions: Sequence[Session],
    attendee: User,
    *,
    held: Registration | None,
    waits: Sequence[Registration],
    moment: datetime,
    now: datetime,
) -> list[Registration]:
    """Creates places in the queue, all with the same moment of joining. `held`: the seat they would replace (product
    Q2). `waits`: the places that the person already has in the slot. Sends one mail when somebody begins to wait; later
    changes of the dates are only shown on the page.
    """
    priority = waits[0].priority if waits else 0
    wish = {"waitlisted_at": moment, "replaces": held, "priority": priority}
    registrations = [_new(session, attendee, Status.WAITLISTED, now, **wish) for session in sessions]
    _insert(registrations)
    with together():
        record(registrations, action=Action.SWAP_WANTED if held else Action.WAITLISTED, actor=attendee, now=now)
        if not waits:
            notifications.tell([(registrations[0], None)], kind="registration-waitlisted", now=now)
    return registrations


def request(session: Session, attendee: User, *, moment: datetime, now: datetime) -> Registration:
    """Asks an organiser for a seat. A request holds no seat, but keeps the moment for a place in the queue (product
    W6).
    """
    registration = _create(session, attendee, Status.REQUESTED, now, waitlisted_at=moment)
    record([registration], action=Action.REQUESTED, actor=attendee, now=now)
    notifications.tell([(registration, None)], kind="registration-requested", now=now)
    return registration


def _still_wished(mine: Sequence[Registration]) -> list[Registration]:
    """Returns the open wishes and requests. A walk-in on another date is not one of them."""
    return [claim for claim in mine if claim.is_waiting or claim.is_requested]


def supersede(wishes: Sequence[Registration], now: datetime) -> None:
    """Ends the other wishes of a slot once the person has a seat, so that nobody is promoted to a second one (product
    W3).
    """
    if wishes:
        end(wishes, now)
        record(wishes, action=Action.SUPERSEDED, actor=None, now=now)


def _end_other_wishes(registrations: Sequence[Registration], now: datetime) -> None:
    parties = {(registration.attendee_id, registration.slot) for registration in registrations}
    people, slots = {person for person, _ in parties}, {slot for _, slot in parties}
    wished = Registration.objects.filter(status__in=[Status.WAITLISTED, Status.REQUESTED])
    wishes = wished.filter(attendee__in=people, slot__in=slots).select_related("attendee")
    supersede([wish for wish in wishes if (wish.attendee_id, wish.slot) in parties], now)


def end(registrations: Sequence[Registration], now: datetime, *, by: CancelledBy = CancelledBy.HOUSE) -> None:
    """Cancels claims, in one statement, in the database and on these objects. A check-in is undone with the claim."""
    changes = {"status": Status.CANCELLED, "cancelled_at": now, "cancelled_by": by, "offer_expires_at": None}
    _change(registrations, changes | {"attendance": Attendance.UNKNOWN, "checked_in_at": None, "invited_address": ""})


def let_wishes_stand_alone(ended: Sequence[Registration]) -> None:
    """People who gave back a seat keep waiting for their other dates, now without a seat to replace."""
    Registration.objects.replacing(ended).update(replaces=None)


def _change(registrations: Sequence[Registration], changes: dict[str, object]) -> None:
    for registration in registrations:
        for field, value in changes.items():
            setattr(registration, field, value)
    Registration.objects.filter(pk__in=[registration.pk for registration in registrations]).update(**changes)


def _create(session: Session, attendee: User, status: Status, now: datetime, **moments: object) -> Registration:
    registration = _new(session, attendee, status, now, **moments)
    _insert([registration])
    return registration


def _new(session: Session, attendee: User, status: Status, now: datetime, **values: object) -> Registration:
    return Registration(
        session=session,
        attendee=attendee,
        slot=session.slot,
        status=status,
        source=Source.SELF,
        created_at=now,
        **values,
    )


def record(
    registrations: Iterable[Registration], *, action: Action, actor: User | None, now: datetime, reason: str = ""
) -> None:
    """Writes one log row per registration, in one statement; `actor` is None if the system itself acted."""
    write_log([log_entry(registration, action, actor, now, reason) for registration in registrations])


def log_entry(
    registration: Registration, action: Action, actor: User | None, now: datetime, reason: str = ""
) -> RegistrationLog:
    """Returns an unsaved log row, for verbs that write several kinds at once."""
    return RegistrationLog(
        registration=registration, at=now, actor=actor, action=action, status=registration.status, reason=reason
    )


def write_log(entries: Iterable[RegistrationLog]) -> None:
    _insert_log(list(entries))
