from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from events.enums import SessionStatus
from registrations.enums import UNDO_WINDOW
from registrations.rules.admission import why_closed, why_not
from registrations.rules.clock import COLLEAGUE_LAST_CALL, Window, window
from registrations.rules.giving_back import may_undo_cancellation, moved_from
from registrations.rules.seats import attended, comes_once, fills_the_slot, is_of_hold_group, is_past, seats_free

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from events.models import Session
    from project.accounts.models import User
    from registrations.models import Registration
    from registrations.querysets import AdmittedSession, CountedSession


def overlap(one: Session, other: Session) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What one person has and can do on one session, as pages and the API show it. The session carries the counts of
    `annotate_seats`.
    """

    session: CountedSession
    registration: Registration | None
    just_cancelled: Registration | None
    refusal: str | None
    seats_free: int  # that this reader could take; seats held for a group count only for its members
    window: Window
    other: Registration | None = None  # the seat on another date of the slot, as long as it can still be moved
    been: Registration | None = None  # the newest date of the slot that the person attended
    lets_others_go_first: bool = False  # has attended, and somebody who has not is waiting here
    clash: Registration | None = None  # a seat elsewhere at the same time
    is_new: bool = False  # taken in the last minutes: the page then says "Undo" instead of "Give my seat back"
    moved_from: Registration | None = None  # the seat that was given up for this one in the last minutes
    is_list_due: bool = False  # a free seat may still be due to people on the waiting list
    rests: bool = False  # the wish is paused until an offer on another date is answered, or for good
    is_over: bool = False  # the offer has expired, whether or not we have acted on that yet
    has_room_for_colleague: bool = False

    @property
    def is_settled_now(self) -> bool:
        """A seat that the reader moved to or accepted a moment ago: the page confirms it and offers to undo it."""
        is_accepted = self.is_new and getattr(self.registration, "is_accepted", False)
        return self.has_seat and (self.moved_from is not None or is_accepted)

    @property
    def can_sign_up(self) -> bool:
        return self.refusal is None and self.registration is None

    @property
    def can_swap(self) -> bool:
        """They have a seat on another date and could move it to this one."""
        return self.other is not None and self.refusal == "slot-taken" and self.registration is None

    @property
    def is_open(self) -> bool:
        """So close to the start that a free seat goes to whoever takes it first (product Q4)."""
        return self.window == Window.OPEN

    @property
    def is_full(self) -> bool:
        """Whether the next person would have to wait. Others may be waiting although a seat is free: usually they
        cannot take that seat, or they would already have it.
        """
        is_for_others = self.lets_others_go_first or self.is_list_due
        return self.seats_free == 0 or (self.session.waiting_count > 0 and is_for_others)

    @property
    def would_wait(self) -> bool:
        return self.can_sign_up and self.is_full and not self.asks_approval

    @property
    def asks_approval(self) -> bool:
        return self.session.event.needs_approval

    @property
    def can_take_now(self) -> bool:
        """They are waiting, and a seat is free for whoever takes it first."""
        return self.is_waiting and self.is_open and not self.is_full and not self.rests

    @property
    def can_wait_for(self) -> bool:
        """Whether this is one of the dates to choose from: they already wait for it or requested it, or it is full and
        has a waiting list. While waiting they keep a seat on another date.
        """
        if self.registration is not None:
            return self.is_waiting or self.is_requested
        return self.would_wait or (self.can_swap and self.is_full and self.session.has_waiting_list)

    @property
    def can_choose(self) -> bool:
        """For a round of a conference: whether this session is their choice or can become it, with a seat or a place on
        the waiting list.
        """
        can_move = self.can_swap and (not self.is_full or self.session.has_waiting_list)
        return self.registration is not None or self.can_sign_up or can_move

    @property
    def can_ask_colleague(self) -> bool:
        return self.has_seat and self.has_room_for_colleague

    @property
    def shown_seats_left(self) -> int | None:
        """Exact and public, except for discreet sessions (contract.md, "API, in short")."""
        return None if self.session.event.is_discreet else self.seats_free

    @property
    def availability(self) -> str:
        return "full" if self.is_full else "available"

    @property
    def has_seat(self) -> bool:
        return self.registration is not None and self.registration.is_confirmed

    @property
    def is_waiting(self) -> bool:
        return self.registration is not None and self.registration.is_waiting

    @property
    def is_offered(self) -> bool:
        return self.registration is not None and self.registration.is_offered and not self.is_over

    @property
    def is_requested(self) -> bool:
        return self.registration is not None and self.registration.is_requested


def standing(
    session: CountedSession,
    person: User | None,
    own: Iterable[Registration],
    now: datetime,
    *,
    is_list_due: bool = False,
    lets_others_go_first: bool = False,
) -> Standing:
    """`own`: the person's claims, each with its session, and the cancelled ones that can still be undone."""
    claims = list(own)
    in_slot = [registration for registration in claims if registration.slot == session.slot]
    here = [registration for registration in in_slot if registration.session_id == session.pk]
    active = next((registration for registration in here if not registration.is_cancelled), None)
    undoable = next((registration for registration in here if may_undo_cancellation(registration, now)), None)
    elsewhere = [
        claim
        for claim in claims
        if claim.holds_a_seat and claim.session_id != session.pk and not has_run_out(claim, now)
    ]
    free, been = _seats_free(session, person), attended(in_slot)
    moved = _may_move_back(active, in_slot, now) if active else None
    return Standing(
        session=session,
        registration=active,
        just_cancelled=None if active else undoable,
        refusal=_why_not(cast("AdmittedSession", session), person, now)
        or _why_no_further_seat(session, [claim for claim in elsewhere if fills_the_slot(claim, now)], been, free),
        seats_free=free,
        window=window(session, now),
        other=next((claim for claim in elsewhere if claim.slot == session.slot and _can_move(claim, now)), None),
        been=been,
        lets_others_go_first=lets_others_go_first,
        clash=next((claim for claim in elsewhere if clashes(claim, session)), None),
        is_new=active is not None and moved is None and _is_new(active, now),
        moved_from=moved,
        is_list_due=is_list_due,
        rests=active is not None and _rests(active, elsewhere, now),
        is_over=active is not None and has_run_out(active, now),
        has_room_for_colleague=has_room_for_colleague(session, now),
    )


def has_run_out(registration: Registration, now: datetime) -> bool:
    """Returns whether this is an offer that nobody answered in time, whether or not we have acted on it already."""
    return registration.offer_expires_at is not None and registration.offer_expires_at <= now


def has_room_for_colleague(session: CountedSession, now: datetime) -> bool:
    """The checks of `colleagues.invite`, except the limit on open invitations (product S4)."""
    event = session.event
    if event.is_discreet or event.needs_approval or session.is_unlisted or why_closed(session, now):
        return False
    in_time = session.last_moment - now > COLLEAGUE_LAST_CALL
    return in_time and session.waiting_count == 0 and session.seats_left > session.held_back


def _may_move_back(seat: Registration, in_slot: Iterable[Registration], now: datetime) -> Registration | None:
    """Returns the seat that the page offers to go back to; None if its session was cancelled or has started."""
    old = moved_from(seat, in_slot, now)
    return old if old and old.session.status == SessionStatus.SCHEDULED and now < old.session.starts_at else None


def _is_new(registration: Registration, now: datetime) -> bool:
    """Taken or accepted by one click a moment ago, so that the same click undoes it."""
    is_accepted = getattr(registration, "is_accepted", False)
    taken_at = (is_accepted and registration.confirmed_at) or registration.created_at
    return now - taken_at <= UNDO_WINDOW


def _can_move(claim: Registration, now: datetime) -> bool:
    return claim.is_confirmed and now < claim.session.starts_at


def clashes(claim: Registration, session: Session) -> bool:
    """A seat elsewhere at the same time. Another date of the slot is no clash: a swap gives it back (product S2)."""
    other = claim.session
    return claim.slot != session.slot and other.status == SessionStatus.SCHEDULED and overlap(other, session)


def _seats_free(session: CountedSession, person: User | None) -> int:
    is_member = person is not None and is_of_hold_group(session, person)
    return seats_free(left=session.seats_left, held_back=session.held_back, is_member=is_member)


def _rests(wish: Registration, elsewhere: Iterable[Registration], now: datetime) -> bool:
    """Returns whether the wish is paused: the person has an offer on another date, or the date to be given up for this
    one has begun (product Q3).
    """
    others = [claim for claim in elsewhere if claim.slot == wish.slot]
    has_come = any(claim.pk == wish.replaces_id and _is_under_way(claim.session, now) for claim in others)
    return has_come or any(claim.is_offered for claim in others)


def _is_under_way(session: Session, now: datetime) -> bool:
    return session.starts_at <= now and not is_past(session, now)


def _why_not(session: AdmittedSession, person: User | None, now: datetime) -> str | None:
    """Returns the refusal, except for people who have to tell us their group first: their button leads to that."""
    refusal = why_not(session, person, now)
    return None if refusal == "not-introduced" else refusal


def _why_no_further_seat(
    session: Session, elsewhere: Iterable[Registration], been: Registration | None, free: int
) -> str | None:
    if any(claim.slot == session.slot for claim in elsewhere):
        return "slot-taken"
    if been and comes_once(session.event):
        return "attended"
    if free == 0 and not session.has_waiting_list:
        return "full-no-waitlist"
    return None
