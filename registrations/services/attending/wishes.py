"""For which dates a person waits: one, several or any of a slot (product Q2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from events.enums import SeatScope
from registrations.enums import Action, CancelledBy
from registrations.models import Registration
from registrations.rules import Window, attended, comes_once, is_spoken, why_closed, why_not
from registrations.services.lock import lock_event
from registrations.services.refusals import UnableToRegister, refuse_unless_introduced
from registrations.services.seats import claims, history, slots, waitlist

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from project.accounts.models import User
    from registrations.querysets import AdmittedSession
    from registrations.services.seats.availability import EventSeats


def wait(*, event_key: UUID, session_keys: Collection[UUID], attendee: User, now: datetime) -> list[Registration]:
    """Makes exactly these the dates a person waits for; none leaves the list. The moment of joining stays (product Q2).

    It takes no seat that is free at this moment. Whoever has a seat in the slot keeps it until one of the wished dates is certain. A date that
    was cancelled or has started meanwhile is left out, and the rest holds. Repeating it changes nothing. Returns the person's claims on the
    event. Raises `UnableToRegister`: `not-introduced`, `seat-free`, `another-slot` for a date that is not of this event, `cancelled` or
    `started` where none of the dates is still to come, else as `sign_up`; then nothing has changed.
    """
    with transaction.atomic(durable=True):
        event_seats = _settled(event_key, attendee, now)
        wanted, mine = (
            _sessions_of(event_seats, set(session_keys), attendee, now),
            claims.mine_in_event(attendee, event_seats),
        )
        _refuse_to_book(wanted, attendee, mine, event_seats, now)
        _set_dates(wanted, attendee, mine, event_seats, now)
        waitlist.fill(event=event_seats.event, now=now)
        return claims.mine_now(attendee, event_seats)


def wait_for(*, session_key: UUID, attendee: User, now: datetime) -> Registration:
    """Wishes for one date more, beside the other wishes and beside a seat in the slot, which is kept until this one is certain.

    Returns the claim on that date; repeating it changes nothing. Raises `UnableToRegister`: `not-introduced`, `seat-free`, else as `sign_up`.
    """
    refuse_unless_introduced(attendee)
    with transaction.atomic(durable=True):
        session, event_seats = waitlist.settled_for(session_key=session_key, person=attendee, now=now)
        mine = claims.mine_in_slot(session, attendee, event_seats)
        _refuse_to_book([session], attendee, mine, event_seats, now)
        there = next((claim for claim in mine if claim.session_id == session.pk), None)
        registration = there or ask_for([session], attendee, mine, event_seats, now)[0]
        waitlist.fill(event=session.event, now=now)
        registration.refresh_from_db()
    return registration


def wait_for_any(*, event_key: UUID, attendee: User, language: str = "", now: datetime) -> list[Registration]:
    """Waits for whatever date comes free first, dates that are added later included; it takes no seat that is free at this moment.

    `language`: `en` or `nl` for only the dates that are (also) in it, nothing for either. Raises `UnableToRegister` as `wait`, and
    `not-eligible` if no date is for this person, `full-no-waitlist` if none keeps a list, `slot-taken` for whoever has a seat, `another-slot`
    where a person may have several, `no-such-language` if no date is in it.
    """
    with transaction.atomic(durable=True):
        event_seats = _settled(event_key, attendee, now)
        mine = claims.mine_in_event(attendee, event_seats)
        wanted = _any_dates(attendee, mine, language, event_seats, now)
        _refuse_to_book(wanted, attendee, mine, event_seats, now)
        return _want_any(wanted, mine, language, attendee=attendee, event_seats=event_seats, now=now)


def take_first_seat(*, event_key: UUID, attendee: User, language: str = "", now: datetime) -> list[Registration]:
    """Gives the person the first free seat, the earliest if there are several; with none free they wait for any date, as `wait_for_any`.

    `language` as there. Returns the person's claims on the event: one seat, or places on the lists. Refuses as `wait_for_any`, but never with
    `seat-free`.
    """
    with transaction.atomic(durable=True):
        event_seats = _settled(event_key, attendee, now)
        mine = claims.mine_in_event(attendee, event_seats)
        wanted = _any_dates(attendee, mine, language, event_seats, now)
        return _want_any(wanted, mine, language, attendee=attendee, event_seats=event_seats, now=now)


def ask_for(
    sessions: Sequence[AdmittedSession],
    attendee: User,
    mine: Sequence[Registration],
    event_seats: EventSeats,
    now: datetime,
) -> list[Registration]:
    """Asks for dates of one slot on which the person has no claim: the earliest with a free seat at once, else a wish for all of them.

    `mine`: the person's claims in the slot. Returns the new claims. Under the lock and after `settle`; refuses before it writes anything.
    """
    held = seat_among(mine)
    if held and now >= held.session.starts_at:
        raise UnableToRegister("slot-taken")  # they were there: that seat cannot be given up any more
    if held is None and refuses_who_came(mine, event_seats):
        raise UnableToRegister("attended")
    free = free_of(sessions, attendee, mine, event_seats, now)
    _refuse(sessions, attendee, now, is_seat_free=bool(free))
    if held is None and sessions[0].event.needs_approval:
        moment = _moment(event_seats, mine, now)
        return [claims.request(session, attendee, moment=moment, now=now) for session in sessions]
    if held and free:
        return [claims.move_seat(held, free[0], mine=mine, event_seats=event_seats, now=now)]
    if free and not any(claim.is_offered for claim in mine):
        return [claims.take_seat(free[0], attendee, mine=mine, event_seats=event_seats, now=now)]
    return _join(sessions, attendee, mine, event_seats, now)


def free_of(
    sessions: Iterable[AdmittedSession],
    attendee: User,
    mine: Iterable[Registration],
    event_seats: EventSeats,
    now: datetime,
) -> list[AdmittedSession]:
    """Those with a seat that this person can take now. People who have attended another date let others go first, where these wait."""
    free = [session for session in sessions if event_seats[session].free_for(attendee)]
    if not free or attended(mine) is None:
        return free
    is_open = {session.pk for session in free if event_seats.window(event_seats[session], now) == Window.OPEN}
    first = slots.somebody_goes_first(is_open)  # while the list gives out seats, one that is free is nobody else's
    return [session for session in free if session.pk not in first]


def refuses_who_came(mine: Iterable[Registration], event_seats: EventSeats) -> bool:
    return comes_once(event_seats.event) and attended(mine) is not None


def set_dates_in_slot(
    wanted: Sequence[AdmittedSession],
    attendee: User,
    mine: Sequence[Registration],
    event_seats: EventSeats,
    now: datetime,
) -> None:
    """Makes these the dates a person wants in one slot, beside a seat they hold. As `ask_for`, and refuses before it writes anything."""
    claimed = {claim.session_id for claim in mine}
    ids = {session.pk for session in wanted}
    missing = [session for session in wanted if session.pk not in claimed]
    left = [claim for claim in mine if claim.session_id not in ids and (claim.is_waiting or claim.is_requested)]
    if any(session.is_unlisted and not session.has_access for session in missing):
        raise UnableToRegister("another-slot")  # as for a date that is not there
    if missing and seat_among(mine) is None and refuses_who_came(mine, event_seats):
        raise UnableToRegister("attended")
    _refuse(missing, attendee, now, is_seat_free=bool(free_of(missing, attendee, mine, event_seats, now)))
    if missing:
        ask_for(missing, attendee, mine, event_seats, now)
    leave([claim for claim in left if not claim.is_cancelled], attendee, now)


def leave(wishes: Sequence[Registration], attendee: User, now: datetime) -> None:
    if wishes:
        claims.end(wishes, now, by=CancelledBy.PERSON)
        history.record(wishes, action=Action.LEFT, actor=attendee, now=now)


def _refuse_to_book(
    sessions: Iterable[AdmittedSession],
    attendee: User,
    mine: Iterable[Registration],
    event_seats: EventSeats,
    now: datetime,
) -> None:
    """Whoever says "wait" is not given a seat that anybody could take at this moment; one beside a list is given out by that list."""
    mine = list(mine)
    claimed, resting = {claim.session_id for claim in mine}, {claim.slot for claim in mine if claim.is_offered}
    for session in sessions:
        of_slot = [claim for claim in mine if claim.slot == session.slot]
        held = seat_among(of_slot)
        is_refused = refuses_who_came(of_slot, event_seats) or (held and now >= held.session.starts_at)
        if is_refused or not free_of([session], attendee, of_slot, event_seats, now):
            continue
        seats = event_seats[session]
        is_for_all = seats.waiting == 0 or event_seats.window(seats, now) == Window.OPEN
        is_asked = session.pk in claimed or session.slot in resting or session.event.needs_approval
        if not is_asked and is_for_all and why_not(session, attendee, now) is None:
            raise UnableToRegister("seat-free")


def _any_dates(
    attendee: User, mine: Iterable[Registration], language: str, event_seats: EventSeats, now: datetime
) -> list[AdmittedSession]:
    if event_seats.event.seat_scope != SeatScope.EVENT:
        raise UnableToRegister("another-slot")
    if seat_among(mine):
        raise UnableToRegister("slot-taken")
    if refuses_who_came(mine, event_seats):
        raise UnableToRegister("attended")
    open_to_person = [seats for seats in event_seats if why_not(seats.session, attendee, now) is None]
    if not open_to_person:
        raise UnableToRegister(_why_none(event_seats, attendee, now))
    spoken = [seats for seats in open_to_person if is_spoken(seats.session, language)]
    if not spoken:
        raise UnableToRegister("no-such-language")
    wanted = [seats.session for seats in spoken if seats.session.has_waiting_list or seats.free_for(attendee)]
    if not wanted:
        raise UnableToRegister("full-no-waitlist")
    return wanted


def _want_any(
    wanted: Sequence[AdmittedSession],
    mine: Sequence[Registration],
    language: str,
    *,
    attendee: User,
    event_seats: EventSeats,
    now: datetime,
) -> list[Registration]:
    _set_dates(wanted, attendee, mine, event_seats, now)
    waiting = Registration.objects.waiting().of(attendee).filter(session__event=event_seats.event)
    waiting.update(wants_any_date=True, any_date_language=language)
    waitlist.fill(event=event_seats.event, now=now)
    return claims.mine_now(attendee, event_seats)


def _refuse(sessions: Sequence[AdmittedSession], attendee: User, now: datetime, *, is_seat_free: bool) -> None:
    for session in sessions:
        claims.refuse_unless_admitted(session, attendee, now)
    if not is_seat_free and any(not session.has_waiting_list for session in sessions):
        raise UnableToRegister("full-no-waitlist")


def _join(
    sessions: Sequence[AdmittedSession],
    attendee: User,
    mine: Sequence[Registration],
    event_seats: EventSeats,
    now: datetime,
) -> list[Registration]:
    waits = [claim for claim in mine if claim.is_waiting]
    moment = _moment(event_seats, mine, now)
    return claims.enlist(sessions, attendee, held=seat_among(mine), waits=waits, moment=moment, now=now)


def _moment(event_seats: EventSeats, mine: Sequence[Registration], now: datetime) -> datetime:
    """All rows of one wish share the moment of joining, so that changing the dates never loses it (product Q2)."""
    joined = (claim.waitlisted_at for claim in mine if claim.is_waiting or claim.is_requested)
    return next((moment for moment in joined if moment), None) or event_seats.next_moment_in_queue(now)


def seat_among(mine: Iterable[Registration]) -> Registration | None:
    """On a date that is still to come or under way."""
    return next((claim for claim in mine if claim.is_confirmed and claim.holds_a_seat and claim.fills_slot), None)


def _set_dates(
    wanted: Sequence[AdmittedSession],
    attendee: User,
    mine: Sequence[Registration],
    event_seats: EventSeats,
    now: datetime,
) -> None:
    """In every slot of the event, as a conference has several. `mine`: the person's claims in all of them."""
    for slot in {session.slot for session in wanted} | {claim.slot for claim in mine}:
        of_slot = [claim for claim in mine if claim.slot == slot]
        set_dates_in_slot([session for session in wanted if session.slot == slot], attendee, of_slot, event_seats, now)
    waiting = Registration.objects.waiting().of(attendee).filter(session__event=event_seats.event)
    waiting.update(wants_any_date=False, any_date_language="")


def _settled(event_key: UUID, attendee: User, now: datetime) -> EventSeats:
    refuse_unless_introduced(attendee)
    return waitlist.settle(event=lock_event(key=event_key), now=now, person=attendee)


def _sessions_of(event_seats: EventSeats, keys: set[UUID], attendee: User, now: datetime) -> list[AdmittedSession]:
    """The earliest first, without those that were cancelled or have started since the person saw them."""
    found = [seats.session for seats in event_seats if seats.session.key in keys]
    if len(found) == len(keys):
        return found
    gone = waitlist.sessions_gone(
        event=event_seats.event, keys=keys - {session.key for session in found}, person=attendee, now=now
    )
    if len(found) + len(gone) < len(keys) or any(session.is_unlisted and not session.has_access for session in gone):
        raise UnableToRegister("another-slot")
    if not found:
        raise UnableToRegister(why_closed(gone[0], now) or "another-slot")
    return found


def _why_none(event_seats: EventSeats, attendee: User, now: datetime) -> str:
    """The refusal of the first date that is still to come, or that there is none; one that is hidden from the person counts as none."""
    refusals = [why_not(seats.session, attendee, now) for seats in event_seats]
    return next((refusal for refusal in refusals if refusal and refusal != "not-published"), "closed")
