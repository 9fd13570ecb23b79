"""The dates a person waits for: one, several or any of a slot (product Q2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from events.enums import SeatScope
from registrations.enums import Action, CancelledBy
from registrations.models import Registration
from registrations.rules import Window, is_spoken, why_closed, why_not
from registrations.services.attending.booking import Asking, ask_for, refuse_to_ask
from registrations.services.lock import lock_event
from registrations.services.refusals import UnableToRegister, refuse_unless_active
from registrations.services.seats import claims, waitlist

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from project.accounts.models import User
    from registrations.querysets import AdmittedSession


def wait(*, event_key: UUID, session_keys: Collection[UUID], attendee: User, now: datetime) -> list[Registration]:
    """Makes exactly these the dates a person waits for; with none they leave the list. They keep their moment of
    joining (product Q2).

    It never takes a seat that is free at this moment. A person who has a seat in the slot keeps it until one of the
    dates is certain. Dates that have been cancelled or have started meanwhile are left out, and the others count.
    Idempotent. Returns the person's claims on the event. Raises `UnableToRegister`: `not-introduced`; `seat-free`;
    `another-slot` for a date of another event; `cancelled` or `started` if none of the dates is still to come; else as
    `sign_up`. A refusal changes nothing.
    """
    with transaction.atomic(durable=True):
        asking = _asking(event_key, attendee, now)
        wanted = _sessions_named(set(session_keys), asking)
        _refuse_if_a_seat_is_free(wanted, asking)
        _set_dates(wanted, asking)
        waitlist.fill(event=asking.seats.event, now=now)
        return asking.seats.claims_now(attendee)


def wait_for(*, session_key: UUID, attendee: User, now: datetime) -> Registration:
    """Adds one date to those a person waits for. If they have a seat in the slot, they keep it until this date is
    certain.

    Returns the claim on that date. Idempotent. Raises `UnableToRegister`: `not-introduced`, `seat-free`, else as
    `sign_up`.
    """
    refuse_unless_active(attendee)
    with transaction.atomic(durable=True):
        session, seats = waitlist.settled_for(session_key=session_key, person=attendee, now=now)
        asking = Asking.about(session, attendee, seats, now)
        _refuse_if_a_seat_is_free([session], asking)
        registration = asking.claim_on(session) or ask_for([session], asking)[0]
        waitlist.fill(event=session.event, now=now)
        registration.refresh_from_db()
    return registration


def wait_for_any(*, event_key: UUID, attendee: User, language: str = "", now: datetime) -> list[Registration]:
    """Waits for whichever date comes free first, including dates added later. It never takes a seat that is free at
    this moment.

    `language`: `en` or `nl` for only the dates that are (also) in it, empty for either. Raises `UnableToRegister` as
    `wait`, and `not-eligible` if no date is for this person, `full-no-waitlist` if none keeps a list, `slot-taken` if
    they have a seat, `another-slot` if a person may have several seats, `no-such-language` if no date is in it.
    """
    with transaction.atomic(durable=True):
        asking = _asking(event_key, attendee, now)
        wanted = _any_dates(asking, language)
        _refuse_if_a_seat_is_free(wanted, asking)
        return _want_any(wanted, asking, language)


def take_first_seat(*, event_key: UUID, attendee: User, language: str = "", now: datetime) -> list[Registration]:
    """Gives the person the earliest free seat. If none is free, they wait for any date, as with `wait_for_any`.

    `language`: as for `wait_for_any`. Returns the person's claims on the event: one seat, or places on the lists.
    Refuses as `wait_for_any`, but never with `seat-free`.
    """
    with transaction.atomic(durable=True):
        asking = _asking(event_key, attendee, now)
        return _want_any(_any_dates(asking, language), asking, language)


def set_dates_in_slot(wanted: Sequence[AdmittedSession], asking: Asking) -> None:
    """Makes these the dates a person wants in one slot, besides a seat they hold. Raises as `ask_for`, before it writes
    anything.
    """
    ids = {session.pk for session in wanted}
    missing = [session for session in wanted if asking.claim_on(session) is None]
    left = [claim for claim in asking.mine if claim.session_id not in ids and (claim.is_waiting or claim.is_requested)]
    if any(session.is_unlisted and not session.has_access for session in missing):
        raise UnableToRegister("another-slot")  # the same as for a date that does not exist
    if missing and asking.held is None and asking.may_not_come_again:
        raise UnableToRegister("attended")
    refuse_to_ask(missing, asking, is_seat_free=bool(asking.free_among(missing)))
    if missing:
        ask_for(missing, asking)
    _leave([claim for claim in left if not claim.is_cancelled], asking)


def _leave(wishes: Sequence[Registration], asking: Asking) -> None:
    if wishes:
        claims.end(wishes, asking.now, by=CancelledBy.PERSON)
        claims.record(wishes, action=Action.LEFT, actor=asking.attendee, now=asking.now)


def _refuse_if_a_seat_is_free(sessions: Iterable[AdmittedSession], asking: Asking) -> None:
    """People who ask to wait do not get a seat, so a date on which anybody could take one now is refused. If people
    wait for it, a free seat is given out by the waiting list.
    """
    for session in sessions:
        of_slot = asking.in_slot(session.slot)
        if of_slot.may_not_come_again or of_slot.has_begun or not of_slot.free_among([session]):
            continue
        session_seats = asking.seats[session]
        is_for_all = session_seats.waiting == 0 or asking.seats.window(session_seats, asking.now) == Window.OPEN
        is_asked = of_slot.claim_on(session) or of_slot.has_offer or session.event.needs_approval
        if not is_asked and is_for_all and why_not(session, asking.attendee, asking.now) is None:
            raise UnableToRegister("seat-free")


def _any_dates(asking: Asking, language: str) -> list[AdmittedSession]:
    seats, attendee, now = asking.seats, asking.attendee, asking.now
    if seats.event.seat_scope != SeatScope.EVENT:
        raise UnableToRegister("another-slot")
    if asking.held:
        raise UnableToRegister("slot-taken")
    if asking.may_not_come_again:
        raise UnableToRegister("attended")
    open_to_person = [one for one in seats if why_not(one.session, attendee, now) is None]
    if not open_to_person:
        raise UnableToRegister(_why_none(asking))
    spoken = [one for one in open_to_person if is_spoken(one.session, language)]
    if not spoken:
        raise UnableToRegister("no-such-language")
    wanted = [one.session for one in spoken if one.session.has_waiting_list or one.free_for(attendee)]
    if not wanted:
        raise UnableToRegister("full-no-waitlist")
    return wanted


def _want_any(wanted: Sequence[AdmittedSession], asking: Asking, language: str) -> list[Registration]:
    _set_dates(wanted, asking)
    waiting = Registration.objects.waiting().of(asking.attendee).filter(session__event=asking.seats.event)
    waiting.update(wants_any_date=True, any_date_language=language)
    waitlist.fill(event=asking.seats.event, now=asking.now)
    return asking.seats.claims_now(asking.attendee)


def _set_dates(wanted: Sequence[AdmittedSession], asking: Asking) -> None:
    """Covers every slot of the event, because a conference has several."""
    for slot in {session.slot for session in wanted} | {claim.slot for claim in asking.mine}:
        set_dates_in_slot([session for session in wanted if session.slot == slot], asking.in_slot(slot))
    waiting = Registration.objects.waiting().of(asking.attendee).filter(session__event=asking.seats.event)
    waiting.update(wants_any_date=False, any_date_language="")


def _asking(event_key: UUID, attendee: User, now: datetime) -> Asking:
    """Covers all slots of the event."""
    refuse_unless_active(attendee)
    seats = waitlist.settle(event=lock_event(key=event_key), now=now, person=attendee)
    return Asking(attendee, seats.claims_of(attendee), seats, now)


def _sessions_named(keys: set[UUID], asking: Asking) -> list[AdmittedSession]:
    """Returns these sessions, the earliest first, without those that were cancelled or have started since the person
    saw them.
    """
    event, attendee, now = asking.seats.event, asking.attendee, asking.now
    found = [one.session for one in asking.seats if one.session.key in keys]
    if len(found) == len(keys):
        return found
    missing = keys - {session.key for session in found}
    gone = waitlist.sessions_gone(event=event, keys=missing, person=attendee, now=now)
    if len(found) + len(gone) < len(keys) or any(session.is_unlisted and not session.has_access for session in gone):
        raise UnableToRegister("another-slot")
    if not found:
        raise UnableToRegister(why_closed(gone[0], now) or "another-slot")
    return found


def _why_none(asking: Asking) -> str:
    """Returns the refusal of the first date that is still to come, else `closed`. A date that is hidden from the person
    does not count.
    """
    refusals = [why_not(one.session, asking.attendee, asking.now) for one in asking.seats]
    return next((refusal for refusal in refusals if refusal and refusal != "not-published"), "closed")
