from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from events.enums import EventStatus, SessionStatus
from events.rules import admits
from registrations.enums import UNDO_WINDOW

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from events.models import Session
    from project.accounts.models import User
    from project.accounts.rules import Rights
    from registrations.models import Registration
    from registrations.querysets import CountedSession

BOOKABLE = (EventStatus.PUBLISHED, EventStatus.UNLISTED)
DOOR_OPENS_BEFORE_START = timedelta(minutes=30)
HOSTS_SEE_NAMES = timedelta(days=7)
COMING_SOON = timedelta(days=7)


def why_closed(session: Session, now: datetime) -> str | None:
    """The code of contract.md ("Refusals") that keeps everybody out of this session now, or nothing."""
    if session.event.status not in BOOKABLE:
        return "cancelled" if session.event.status == EventStatus.CANCELLED else "not-published"
    if session.status == SessionStatus.CANCELLED:
        return "cancelled"
    if now >= session.starts_at or session.status == SessionStatus.HELD:
        return "started"
    if session.opens_at and now < session.opens_at:
        return "not-open-yet"
    if now >= session.last_moment:
        return "closed"
    return None


def why_not(session: Session, person: User | None, now: datetime) -> str | None:
    """The code that keeps this person from signing up, seats apart; a signed-out visitor may try."""
    closed = why_closed(session, now)
    if closed:
        return closed
    if person is not None and not admits(session, person):
        return "not-eligible"
    return None


def still_promotes(session: Session, now: datetime) -> bool:
    """After the start or the closing nobody gets a seat from the waiting list any more."""
    is_open = session.event.status in BOOKABLE and session.status == SessionStatus.SCHEDULED
    return is_open and now < session.last_moment


def is_late(session: Session, now: datetime) -> bool:
    """Giving a seat back after the deadline still frees it and is only flagged (product S7); nothing is punished."""
    return now > session.starts_at - timedelta(hours=session.event.cancel_until_hours)


def may_undo_cancellation(registration: Registration, now: datetime) -> bool:
    moment = registration.cancelled_at
    is_open = why_closed(registration.session, now) is None
    return registration.was_given_back and moment is not None and now - moment <= UNDO_WINDOW and is_open


@dataclass(frozen=True)
class Standing:
    """How one person stands to one session, as pages and the API show it. The session carries the counts of `annotate_seats`."""

    session: CountedSession
    registration: Registration | None
    just_cancelled: Registration | None
    refusal: str | None
    is_new: bool = False  # taken in the last minutes: the page then says "Undo" instead of "Give my seat back"

    @property
    def can_sign_up(self) -> bool:
        return self.refusal is None and self.registration is None

    @property
    def is_full(self) -> bool:
        """A free seat beside people who wait is theirs, not the next newcomer's."""
        return self.session.seats_left == 0 or self.session.waiting_count > 0

    @property
    def would_wait(self) -> bool:
        return self.can_sign_up and self.is_full

    @property
    def shown_seats_left(self) -> int | None:
        """Exact and public, except for discreet sessions (contract.md, "API, in short")."""
        return None if self.session.event.is_discreet else self.session.seats_left

    @property
    def availability(self) -> str:
        return "full" if self.is_full else "available"

    @property
    def has_seat(self) -> bool:
        return self.registration is not None and self.registration.is_confirmed

    @property
    def is_waiting(self) -> bool:
        return self.registration is not None and self.registration.is_waiting


def standing(session: CountedSession, person: User | None, own: Iterable[Registration], now: datetime) -> Standing:
    """`own`: the person's registrations in the slot of the session, with the cancelled ones that can still be undone."""
    in_slot = [registration for registration in own if registration.slot == session.slot]
    here = [registration for registration in in_slot if registration.session_id == session.pk]
    active = next((registration for registration in here if not registration.is_cancelled), None)
    undoable = next((registration for registration in here if may_undo_cancellation(registration, now)), None)
    return Standing(
        session=session,
        registration=active,
        just_cancelled=None if active else undoable,
        refusal=why_not(session, person, now) or _why_no_further_seat(session, in_slot),
        is_new=active is not None and now - active.created_at <= UNDO_WINDOW,
    )


def _why_no_further_seat(session: CountedSession, in_slot: Iterable[Registration]) -> str | None:
    if any(registration.holds_a_seat and registration.session_id != session.pk for registration in in_slot):
        return "slot-taken"
    if session.seats_left == 0 and not session.has_waiting_list:
        return "full-no-waitlist"
    return None


def needs_of(session: CountedSession, now: datetime) -> tuple[str, ...]:
    """Why an organiser should look at this session today; nothing where it runs by itself."""
    if session.status != SessionStatus.SCHEDULED:
        return ()
    if now >= session.ends_at:
        return ("unfinished",)
    is_full = session.waiting_count > 0 and session.seats_left == 0 and now < session.starts_at
    reasons = {
        "full": is_full,
        "today": _is_day_of(session, now),
        "soon": session.starts_at - now <= COMING_SOON,
    }
    return tuple(reason for reason, holds in reasons.items() if holds)


def may_read_names(session: Session, rights: Rights, *, is_named: bool) -> bool:
    """Who sees the people of a session, the door apart. `is_named`: one of the two coordinators on a discreet event."""
    if session.event.is_discreet:
        return rights.coordinates and is_named
    return rights.may_organize(session.event.owner_id)


def why_door_closed(session: Session, now: datetime) -> str | None:
    """The code that keeps everybody from ticking now, or nothing; the door stays open until somebody finishes."""
    if session.status == SessionStatus.CANCELLED:
        return "cancelled"
    if session.status == SessionStatus.HELD:
        return "finished"
    return "not-open-yet" if now < session.starts_at - DOOR_OPENS_BEFORE_START else None


@dataclass(frozen=True, kw_only=True)
class DoorPass:
    """What somebody may do at the door of one session (contract.md, "Who may see and do what")."""

    may_search: bool = True
    shows_names: bool = False  # else people are found by the reference in their mail (specs/privacy.md 3)
    may_list: bool = False


def door_pass(session: Session, rights: Rights, now: datetime, *, is_named: bool) -> DoorPass | None:
    """Nothing for who has no business at this door now. Nobody gets a list of a discreet session, also not who may read names."""
    is_open_session = not session.event.is_discreet
    if may_read_names(session, rights, is_named=is_named):
        return DoorPass(shows_names=True, may_list=is_open_session)
    if session.key in rights.hosted_sessions:
        sees = session.starts_at - HOSTS_SEE_NAMES <= now <= session.ends_at + HOSTS_SEE_NAMES
        may_read = sees and is_open_session
        return DoorPass(may_search=sees, shows_names=may_read, may_list=may_read)
    if session.key in rights.door_sessions and _is_day_of(session, now):
        return DoorPass(shows_names=is_open_session)
    return None


def _is_day_of(session: Session, now: datetime) -> bool:
    today = now.astimezone(session.zone).date()
    return session.local_start.date() <= today <= session.local_end.date()
