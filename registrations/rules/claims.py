from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from events.enums import EventStatus, SessionStatus
from events.rules import admits
from project.accounts.enums import Audience
from registrations.enums import UNDO_WINDOW
from registrations.rules.clock import COLLEAGUE_LAST_CALL, Window, window
from registrations.rules.seats import seats_free
from registrations.rules.slots import attended, comes_once, fills_the_slot, is_past

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from events.models import Session
    from project.accounts.models import User
    from project.accounts.rules import Rights
    from registrations.models import Registration
    from registrations.querysets import AdmittedSession, CountedSession

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


def why_not(session: AdmittedSession, person: User | None, now: datetime) -> str | None:
    """The code that keeps this person from signing up, seats apart; a signed-out visitor may try.

    A personal link admits whatever the audience (product W5). The session carries the answers of `annotate_admission`.
    """
    if person is not None and session.is_unlisted and not session.has_access:
        return "not-published"  # before all else, or another refusal would tell that it exists
    closed = why_closed(session, now)
    if closed or person is None:
        return closed
    if not session.has_access and not admits(session, person):
        return "not-eligible"
    if session.event.prerequisite_id and not session.has_done_prerequisite:
        return "prerequisite-missing"
    return None


def in_hold_group(session: Session, *, audience: str, unit: str) -> bool:
    """Whether the seats that the session holds for a group are for this person; `unit` is a code (product W2)."""
    of_unit = not session.held_units or unit in session.held_units
    admitted_as = Audience(audience).admitted_as if audience else frozenset[str]()
    return of_unit and (not session.held_audiences or bool(admitted_as & set(session.held_audiences)))


def is_of_hold_group(session: Session, person: User) -> bool:
    """The person's unit must be loaded; where nothing is held there is no group."""
    return session.held_seats > 0 and in_hold_group(
        session, audience=person.audience, unit=person.unit.code if person.unit else ""
    )


def overlap(one: Session, other: Session) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def is_spoken(session: Session, language: str) -> bool:
    """Whether somebody who asks for `en` or `nl` can follow it; whoever names no language takes any."""
    return language in session.language


def is_late(session: Session, now: datetime) -> bool:
    """Giving a seat back after the deadline still frees it and is only flagged (product S7); nothing is punished."""
    return now > session.starts_at - timedelta(hours=session.event.cancel_until_hours)


def may_undo_cancellation(registration: Registration, now: datetime) -> bool:
    moment = registration.cancelled_at
    is_open = why_closed(registration.session, now) is None
    return registration.was_given_back and moment is not None and now - moment <= UNDO_WINDOW and is_open


def moved_from(seat: Registration, own: Iterable[Registration], now: datetime) -> Registration | None:
    """The seat that was given up a moment ago for this one, so that the move can be undone; `own`: claims of the same person."""
    if seat.confirmed_at is None or now - seat.confirmed_at > UNDO_WINDOW:
        return None
    return next((claim for claim in own if _made_way(claim, seat)), None)


def _made_way(claim: Registration, seat: Registration) -> bool:
    """A seat that ended in the moment in which the other began, and neither by hand nor with its session. A wish never was a seat."""
    was_a_seat = claim.is_cancelled and claim.confirmed_at is not None and not claim.was_given_back
    ended_with_it = claim.slot == seat.slot and claim.cancelled_at == seat.confirmed_at
    return was_a_seat and ended_with_it and claim.session_id != seat.session_id


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How one person stands to one session, as pages and the API show it. The session carries the counts of `annotate_seats`."""

    session: CountedSession
    registration: Registration | None
    just_cancelled: Registration | None
    refusal: str | None
    seats_free: int  # that this reader could take, the seats held for a group counted in or out
    window: Window
    other: Registration | None = None  # the seat on another date of the slot, while that can still be moved
    been: Registration | None = None  # the newest date of the slot on which the person was seen
    lets_others_go_first: bool = False  # has been, and somebody waits here who has not
    clash: Registration | None = None  # a seat elsewhere at the same time
    is_new: bool = False  # taken in the last minutes: the page then says "Undo" instead of "Give my seat back"
    moved_from: Registration | None = None  # the seat that was given up for this one in the last minutes
    is_list_due: bool = False  # a seat that is free may still be on its way to people who wait
    rests: bool = False  # what is waited for comes only after an offer on another date is answered, or not at all
    is_over: bool = False  # the time to answer an offer has run out, also while nobody has acted on that yet
    has_room_for_colleague: bool = False

    @property
    def is_settled_now(self) -> bool:
        """A seat that the reader moved or said yes to a moment ago: that worked, and can be undone."""
        is_accepted = self.is_new and getattr(self.registration, "is_accepted", False)
        return self.has_seat and (self.moved_from is not None or is_accepted)

    @property
    def can_sign_up(self) -> bool:
        return self.refusal is None and self.registration is None

    @property
    def can_swap(self) -> bool:
        """There is a seat on another date, and this one would do."""
        return self.other is not None and self.refusal == "slot-taken" and self.registration is None

    @property
    def is_open(self) -> bool:
        """So close to the start that a free seat is for whoever takes it (product Q4)."""
        return self.window == Window.OPEN

    @property
    def is_full(self) -> bool:
        """The next person waits. Beside a free seat others may wait too: for them it is not, or they would have it already."""
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
        """Waits, and a seat is there for whoever takes it first."""
        return self.is_waiting and self.is_open and not self.is_full and not self.rests

    @property
    def can_wait_for(self) -> bool:
        """One of the dates to choose from: waits or asks for it already, or it is full and keeps a list. Then a seat elsewhere is kept."""
        if self.registration is not None:
            return self.is_waiting or self.is_requested
        return self.would_wait or (self.can_swap and self.is_full and self.session.has_waiting_list)

    @property
    def can_choose(self) -> bool:
        """In a round of a conference: it is the choice already, or may become it, with a seat or a place on the list."""
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
        refusal=why_not(cast("AdmittedSession", session), person, now)
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
    """An offer that nobody answered in time, whether or not the house has acted on it already."""
    return registration.offer_expires_at is not None and registration.offer_expires_at <= now


def has_room_for_colleague(session: CountedSession, now: datetime) -> bool:
    """As the verb decides it, the invitations that somebody has open apart (product S4)."""
    event = session.event
    if event.is_discreet or event.needs_approval or session.is_unlisted or why_closed(session, now):
        return False
    in_time = session.last_moment - now > COLLEAGUE_LAST_CALL
    return in_time and session.waiting_count == 0 and session.seats_left > session.held_back


def _may_move_back(seat: Registration, in_slot: Iterable[Registration], now: datetime) -> Registration | None:
    """What the page offers; after a date was cancelled there is nothing to go back to."""
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
    """While the person has an offer on another date, or where the date to be given up for this one has begun (product Q3)."""
    others = [claim for claim in elsewhere if claim.slot == wish.slot]
    has_come = any(claim.pk == wish.replaces_id and _is_under_way(claim.session, now) for claim in others)
    return has_come or any(claim.is_offered for claim in others)


def _is_under_way(session: Session, now: datetime) -> bool:
    return session.starts_at <= now and not is_past(session, now)


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
    """None for people with no business at this door now. Nobody gets a list of a discreet session, not even readers of names."""
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
