"""For which dates a person waits: one, several or any of a slot (product Q2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from events.enums import SeatScope
from registrations.enums import Action, CancelledBy
from registrations.models import Registration
from registrations.rules import why_not
from registrations.services import claims, history, waitlist
from registrations.services.lock import lock_event
from registrations.services.refusals import UnableToRegister

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from events.models import Event
    from project.accounts.models import User
    from registrations.querysets import AdmittedSession
    from registrations.services.ledger import Ledger


def wait(*, event_key: UUID, session_keys: Collection[UUID], attendee: User, now: datetime) -> list[Registration]:
    """Makes exactly these the dates a person waits for; none leaves the list. The moment of joining stays (product Q2).

    A date with a seat for the person is taken at once, the earliest if there are several; who has a seat in the slot keeps it until one of
    the wished dates is certain. Repeating it changes nothing. Answers the person's claims on the event. Raises `UnableToRegister`:
    `not-introduced`, `another-slot` for a date that is not of this event or has started, else as `sign_up`; then nothing has changed.
    """
    with transaction.atomic(durable=True):
        event, ledger = _settled(event_key, attendee, now)
        wanted = _sessions_of(ledger, set(session_keys))
        _set_dates(event, wanted, attendee, ledger, now)
        return claims.mine_now(attendee, ledger)


def wait_for(*, session_key: UUID, attendee: User, now: datetime) -> Registration:
    """Wishes for one date more, beside the other wishes and beside a seat in the slot, which is kept until this one is certain.

    With a seat free it is taken at once. Answers the claim on that date; repeating it changes nothing. Raises `UnableToRegister`:
    `not-introduced`, else as `sign_up`.
    """
    if not attendee.is_introduced:
        raise UnableToRegister("not-introduced")
    with transaction.atomic(durable=True):
        session, ledger = waitlist.settled_for(session_key=session_key, person=attendee, now=now)
        mine = claims.mine_in_slot(session, attendee, ledger)
        there = next((claim for claim in mine if claim.session_id == session.pk), None)
        registration = there or ask_for([session], attendee, mine, ledger, now)[0]
        waitlist.fill(event=session.event, now=now)
        registration.refresh_from_db()
    return registration


def wait_for_any(*, event_key: UUID, attendee: User, now: datetime) -> list[Registration]:
    """Waits for whatever date comes free first, dates that are added later included. Refuses as `wait`; `not-eligible` if no date is for
    this person, `full-no-waitlist` if none keeps a list, `slot-taken` for who has a seat, `another-slot` where a person may have several.
    """
    with transaction.atomic(durable=True):
        event, ledger = _settled(event_key, attendee, now)
        if event.seat_scope != SeatScope.EVENT:
            raise UnableToRegister("another-slot")
        if _seat_among(claims.mine_in_event(attendee, ledger)):
            raise UnableToRegister("slot-taken")
        open_to_person = [seats for seats in ledger if why_not(seats.session, attendee, now) is None]
        if not open_to_person:
            raise UnableToRegister(_why_none(ledger, attendee, now))
        wanted = [
            seats.session for seats in open_to_person if seats.session.has_waiting_list or seats.free_for(attendee)
        ]
        if not wanted:
            raise UnableToRegister("full-no-waitlist")
        _set_dates(event, wanted, attendee, ledger, now)
        Registration.objects.waiting().of(attendee).filter(session__event=event).update(wants_any_date=True)
        return claims.mine_now(attendee, ledger)


def ask_for(
    sessions: Sequence[AdmittedSession], attendee: User, mine: Sequence[Registration], ledger: Ledger, now: datetime
) -> list[Registration]:
    """Asks for dates of one slot on which the person has no claim: the earliest with a free seat at once, else a wish for all of them.

    `mine`: the person's claims in the slot. Answers the new claims. Under the lock and after `settle`; refuses before it writes anything.
    """
    held = _seat_among(mine)
    if held and now >= held.session.starts_at:
        raise UnableToRegister("slot-taken")  # they were there: that seat cannot be given up any more
    free = [session for session in sessions if ledger[session].free_for(attendee)]
    _refuse(sessions, attendee, now, is_seat_free=bool(free))
    if held is None and sessions[0].event.needs_approval:
        moment = _moment(ledger, mine, now)
        return [claims.request(session, attendee, moment=moment, now=now) for session in sessions]
    if held and free:
        return [claims.move_seat(held, free[0], mine=mine, ledger=ledger, now=now)]
    if free and not any(claim.is_offered for claim in mine):
        return [claims.take_seat(free[0], attendee, mine=mine, ledger=ledger, now=now)]
    return _join(sessions, attendee, mine, ledger, now)


def set_dates_in_slot(
    wanted: Sequence[AdmittedSession], attendee: User, mine: Sequence[Registration], ledger: Ledger, now: datetime
) -> None:
    """Makes these the dates a person wants in one slot, beside a seat they hold. As `ask_for`, and refuses before it writes anything."""
    claimed = {claim.session_id for claim in mine}
    ids = {session.pk for session in wanted}
    missing = [session for session in wanted if session.pk not in claimed]
    left = [claim for claim in mine if claim.session_id not in ids and (claim.is_waiting or claim.is_requested)]
    if any(session.is_unlisted and not session.has_access for session in missing):
        raise UnableToRegister("another-slot")  # as for a date that is not there
    _refuse(missing, attendee, now, is_seat_free=any(ledger[session].free_for(attendee) for session in missing))
    if missing:
        ask_for(missing, attendee, mine, ledger, now)
    leave([claim for claim in left if not claim.is_cancelled], attendee, now)


def leave(wishes: Sequence[Registration], attendee: User, now: datetime) -> None:
    if wishes:
        claims.end(wishes, now, by=CancelledBy.PERSON)
        history.record(wishes, action=Action.LEFT, actor=attendee, now=now)


def _refuse(sessions: Sequence[AdmittedSession], attendee: User, now: datetime, *, is_seat_free: bool) -> None:
    for session in sessions:
        claims.refuse_unless_admitted(session, attendee, now)
    if not is_seat_free and any(not session.has_waiting_list for session in sessions):
        raise UnableToRegister("full-no-waitlist")


def _join(
    sessions: Sequence[AdmittedSession], attendee: User, mine: Sequence[Registration], ledger: Ledger, now: datetime
) -> list[Registration]:
    waits = [claim for claim in mine if claim.is_waiting]
    moment = _moment(ledger, mine, now)
    return claims.enlist(sessions, attendee, held=_seat_among(mine), waits=waits, moment=moment, now=now)


def _moment(ledger: Ledger, mine: Sequence[Registration], now: datetime) -> datetime:
    """All rows of one wish share the moment of joining, so that changing the dates never loses it (product Q2)."""
    joined = (claim.waitlisted_at for claim in mine if claim.is_waiting or claim.is_requested)
    return next((moment for moment in joined if moment), None) or ledger.next_moment_in_queue(now)


def _seat_among(mine: Iterable[Registration]) -> Registration | None:
    return next((claim for claim in mine if claim.is_confirmed and claim.holds_a_seat), None)


def _set_dates(event: Event, wanted: Sequence[AdmittedSession], attendee: User, ledger: Ledger, now: datetime) -> None:
    """In every slot of the event, as a conference has several."""
    mine = claims.mine_in_event(attendee, ledger)
    for slot in {session.slot for session in wanted} | {claim.slot for claim in mine}:
        of_slot = [claim for claim in mine if claim.slot == slot]
        set_dates_in_slot([session for session in wanted if session.slot == slot], attendee, of_slot, ledger, now)
    Registration.objects.waiting().of(attendee).filter(session__event=event).update(wants_any_date=False)
    waitlist.fill(event=event, now=now)


def _settled(event_key: UUID, attendee: User, now: datetime) -> tuple[Event, Ledger]:
    if not attendee.is_introduced:
        raise UnableToRegister("not-introduced")
    event = lock_event(key=event_key)
    return event, waitlist.settle(event=event, now=now, person=attendee)


def _sessions_of(ledger: Ledger, keys: set[UUID]) -> list[AdmittedSession]:
    """The earliest first."""
    found = [seats.session for seats in ledger if seats.session.key in keys]
    if len(found) < len(keys):
        raise UnableToRegister("another-slot")
    return found


def _why_none(ledger: Ledger, attendee: User, now: datetime) -> str:
    """The refusal of the first date that is still to come, or that there is none; one that is hidden from the person counts as none."""
    refusals = [why_not(seats.session, attendee, now) for seats in ledger]
    return next((refusal for refusal in refusals if refusal and refusal != "not-published"), "closed")
