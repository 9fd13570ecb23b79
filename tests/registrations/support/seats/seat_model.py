"""The rules of seats said a second time, naively and over whole snapshots, for the state machine to compare with.

Nothing of the product's own rules, counts or allocation is used here: two mistakes that are the same would hide each
other.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.forms import model_to_dict

from events.models import Session
from project.accounts.models import User
from project.outbox.models import Message
from registrations.models import Invite, Registration, RegistrationLog

if TYPE_CHECKING:
    from collections.abc import Iterator

HOLDING = {"CONFIRMED", "OFFERED"}
STATES_AFTER = {
    "CONFIRMED": {"CONFIRMED"},
    "WAITLISTED": {"WAITLISTED"},
    "SWAP_WANTED": {"WAITLISTED"},
    "SWAPPED_HERE": {"CONFIRMED"},
    "REQUESTED": {"REQUESTED"},
    "WALKED_IN": {"CONFIRMED"},
    "HAS_BEEN": {"CANCELLED"},
    "OFFERED": {"OFFERED"},
    "PROMOTED": {"CONFIRMED"},
    "EXCHANGED": {"CONFIRMED"},
    "ACCEPTED": {"CONFIRMED"},
    "APPROVED": {"CONFIRMED", "WAITLISTED"},
    "SEATED": {"CONFIRMED"},
    "OPENED": {"WAITLISTED"},
    "OFFER_LOST": {"WAITLISTED", "CANCELLED"},
    "PRIORITIZED": {"WAITLISTED"},
    "CHECKED_IN": {"CONFIRMED"},
    "MARKED_ABSENT": {"CONFIRMED"},
    "UNCHECKED": {"CONFIRMED", "WAITLISTED", "REQUESTED", "OFFERED", "CANCELLED"},
    "REINSTATED": {"CONFIRMED", "WAITLISTED", "REQUESTED", "CANCELLED"},  # the last: passed over
    "CALENDAR_DECLINED": {"CONFIRMED", "CANCELLED"},
    "CALENDAR_KEPT": {"CONFIRMED"},
}
ENDS = ("CANCELLED", "LEFT", "DECLINED", "EXPIRED", "REFUSED", "SWAPPED_AWAY", "SUPERSEDED", "SESSION_CANCELLED")
STATES_AFTER |= {action: {"CANCELLED"} for action in ENDS}
STATES_BEFORE = {
    "CONFIRMED": {"", "WAITLISTED"},
    "WAITLISTED": {""},
    "SWAP_WANTED": {""},
    "SWAPPED_HERE": {"", "WAITLISTED", "OFFERED"},  # the latter: an undo takes the place of a wish made since
    "REQUESTED": {""},
    "WALKED_IN": {"", "WAITLISTED", "REQUESTED"},
    "OFFERED": {"", "WAITLISTED"},
    "PROMOTED": {"WAITLISTED"},
    "EXCHANGED": {"WAITLISTED"},
    "OPENED": {"WAITLISTED"},
    "OFFER_LOST": {"OFFERED"},
    "PRIORITIZED": {"WAITLISTED"},
    "APPROVED": {"REQUESTED"},
    "REFUSED": {"REQUESTED"},
    "ACCEPTED": {"OFFERED"},
    "DECLINED": {"OFFERED"},
    "EXPIRED": {"OFFERED"},
    "SEATED": {"WAITLISTED", "REQUESTED", "OFFERED"},
    "CANCELLED": {"CONFIRMED"},
    "SWAPPED_AWAY": {"CONFIRMED"},
    "CHECKED_IN": {"CONFIRMED"},
    "UNCHECKED": {"CONFIRMED", "CANCELLED"},  # the last: what a seat taken at the door had ended
    "MARKED_ABSENT": {"CONFIRMED"},
    "LEFT": {"WAITLISTED", "REQUESTED"},
    "HAS_BEEN": {"WAITLISTED", "REQUESTED"},
    "SUPERSEDED": {"WAITLISTED", "REQUESTED", "OFFERED"},
    "SESSION_CANCELLED": {"WAITLISTED", "REQUESTED", "OFFERED", "CONFIRMED"},
    "REINSTATED": {"CANCELLED"},
    "CALENDAR_DECLINED": {"CONFIRMED"},
    "CALENDAR_KEPT": {"CONFIRMED"},
}


@dataclass(frozen=True)
class Snapshot:
    """Everything a verb of seats could change, and the log rows, each as a plain dictionary."""

    claims: dict[int, dict[str, Any]]
    sessions: dict[int, Session]
    dates: list[dict[str, Any]]
    log: dict[int, dict[str, Any]]
    invites: list[dict[str, Any]]
    mails: int
    people: dict[int, str]
    active: set[int]  # stand-ins among them, as they hold their seats like anybody

    def waiting(self) -> list[dict[str, Any]]:
        return [claim for claim in self.claims.values() if claim["status"] == "WAITLISTED"]

    def could_move(self, wish: dict[str, Any], now: datetime) -> bool:
        """Waits in earnest: with an account in use, without an offer elsewhere, and not yet at the date that would be
        given up.
        """
        return wish["attendee_id"] in self.active and not self.is_paused(wish) and not self.is_there_already(wish, now)

    def is_paused(self, wish: dict[str, Any]) -> bool:
        """Who has an offer does not get another in the same slot."""
        return any(claim["status"] == "OFFERED" and party_of(claim) == party_of(wish) for claim in self.claims.values())

    def turn_of(self, wish: dict[str, Any]) -> tuple[int, bool, datetime, int]:
        """People who have attended another date come behind those who have not."""
        return wish["priority"], self.has_been(wish), wish["waitlisted_at"], wish["id"]

    def has_been(self, wish: dict[str, Any]) -> bool:
        mine = (claim for claim in self.claims.values() if party_of(claim) == party_of(wish))
        return any(claim["status"] == "CONFIRMED" and claim["attendance"] in {"PRESENT", "PARTLY"} for claim in mine)

    def fills_its_slot(self, claim: dict[str, Any], now: datetime) -> bool:
        is_seat = claim["status"] in HOLDING and claim["source"] != "WALK_IN"
        return is_seat and not is_over(self.sessions[claim["session_id"]], now)

    def is_there_already(self, wish: dict[str, Any], now: datetime) -> bool:
        """The date of the seat that the wish would replace has begun."""
        replaced = self.claims.get(wish["replaces_id"])
        return replaced is not None and self.sessions[replaced["session_id"]].starts_at <= now

    def seats(self, session: int) -> list[dict[str, Any]]:
        return [claim for claim in self._inside(session) if claim["source"] != "WALK_IN"]

    def free(self, session: Session, *, is_member: bool) -> int:
        seats = self.seats(session.pk)
        free = session.capacity - len(seats)
        if session.venue:
            free = min(free, session.venue.capacity - len(self._inside(session.pk)))
        if session.held_seats and not is_member:
            free -= max(0, session.held_seats - sum(is_of_group(session, seat) for seat in seats))
        return free

    def _inside(self, session: int) -> list[dict[str, Any]]:
        return [c for c in self.claims.values() if c["session_id"] == session and c["status"] in HOLDING]


def take_snapshot() -> Snapshot:
    claims = Registration.objects.order_by("pk").values()
    in_use = Q(is_active=True) | Q(email__endswith="@stand-in.invalid")
    of_person = dict(User.objects.values_list("pk", "audience"))
    sessions = {session.pk: session for session in Session.objects.select_related("venue", "event").order_by("pk")}
    return Snapshot(
        claims={claim["id"]: claim | {"audience": of_person[claim["attendee_id"]]} for claim in claims},
        sessions=sessions,
        dates=[model_to_dict(session) | {"changed_at": session.changed_at} for session in sessions.values()],
        log={row["id"]: dict(row) for row in RegistrationLog.objects.order_by("pk").values()},
        invites=[dict(row) for row in Invite.objects.order_by("pk").values()],
        mails=Message.objects.count(),
        people=of_person,
        active=set(User.objects.filter(in_use).values_list("pk", flat=True)),
    )


def party_of(claim: dict[str, Any]) -> tuple[int, Any]:
    return claim["attendee_id"], claim["slot"]


def is_over(session: Session, now: datetime) -> bool:
    return session.status == "HELD" or session.ends_at <= now


def is_of_group(session: Session, claim: dict[str, Any]) -> bool:
    """The machine only holds seats for one audience."""
    return not session.held_seats or claim["audience"] in session.held_audiences


def gives_out(session: Session, now: datetime) -> bool:
    """The list gives out a seat of this session, by seating or by offering; product Q4 with the hours of the event."""
    event = session.event
    last = min(session.starts_at, session.closes_at or session.starts_at)
    if session.status != "SCHEDULED" or now >= last:
        return False
    if last - now > timedelta(hours=event.seated_until_hours):
        return True
    return _working_hours(session, now, last - timedelta(hours=event.offered_until_hours)) >= 2


def _working_hours(session: Session, start: datetime, end: datetime) -> float:
    """Monday to Friday from 8 to 20; the machine's weeks have no holidays."""
    seconds, day = 0.0, start.astimezone(session.zone).date()
    while day <= end.astimezone(session.zone).date():
        opens, shuts = (datetime.combine(day, time(hour), session.zone) for hour in (8, 20))
        if day.weekday() < 5:
            seconds += max(0.0, (min(shuts, end) - max(opens, start)).total_seconds())
        day += timedelta(days=1)
    return seconds / 3600


# What must be true at any moment; each yields what is wrong.


def overbooked(state: Snapshot, _now: datetime) -> Iterator[object]:
    for session in state.sessions.values():
        if len(state.seats(session.pk)) > session.capacity:
            yield session
        if session.venue and len(state._inside(session.pk)) > session.venue.capacity:
            yield session


def waits_beside_a_free_seat(state: Snapshot, now: datetime) -> Iterator[object]:
    for wish in state.waiting():
        session = state.sessions[wish["session_id"]]
        fits = state.free(session, is_member=is_of_group(session, wish)) > 0
        if fits and state.could_move(wish, now) and gives_out(session, now):
            yield wish


def holds_two_seats(state: Snapshot, now: datetime) -> Iterator[object]:
    """Beside a seat only an offer of the swap that replaces it."""
    held = defaultdict(list)
    for claim in state.claims.values():
        if state.fills_its_slot(claim, now):
            held[party_of(claim)].append(claim)
    for seats in held.values():
        confirmed = {seat["id"] for seat in seats if seat["status"] == "CONFIRMED"}
        offered = [seat for seat in seats if seat["status"] == "OFFERED"]
        if len(confirmed) > 1 or len(offered) > 1:
            yield seats
        if confirmed and any(seat["replaces_id"] not in confirmed for seat in offered):
            yield seats


def waits_with_a_seat(state: Snapshot, now: datetime) -> Iterator[object]:
    """Who has a seat waits on only to swap exactly that one, and who has none swaps nothing."""
    seated = {
        party_of(claim): claim["id"]
        for claim in state.claims.values()
        if claim["status"] == "CONFIRMED" and state.fills_its_slot(claim, now)
    }
    for wish in state.waiting():
        replaced = state.claims.get(wish["replaces_id"])
        waits_for_the_clock = replaced and is_over(state.sessions[replaced["session_id"]], now)
        if not waits_for_the_clock and wish["replaces_id"] != seated.get(party_of(wish)):
            yield wish


def want_each_others_seat(state: Snapshot, now: datetime) -> Iterator[object]:
    """Two who would trade are exchanged at once, until the closing; where seats are held for a group, that may forbid
    it.
    """
    swaps: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
    for wish in state.waiting():
        held = state.claims.get(wish["replaces_id"])
        if held and state.could_move(wish, now):
            swaps[held["session_id"], wish["session_id"]].append(wish)
    for (one, other), wishes in swaps.items():
        is_open = all(_can_be_traded(state.sessions[date], now) for date in (one, other))
        if is_open and (other, one) in swaps:
            yield wishes, swaps[other, one]


def _can_be_traded(session: Session, now: datetime) -> bool:
    last = min(session.starts_at, session.closes_at or session.starts_at)
    return session.status == "SCHEDULED" and now < last and not session.held_seats


def wish_of_several_moments(state: Snapshot, _now: datetime) -> Iterator[object]:
    turns = defaultdict(set)
    for wish in state.waiting():
        turns[party_of(wish)].add((wish["priority"], wish["waitlisted_at"]))
    yield from (party for party, moments in turns.items() if len(moments) > 1)


def log_does_not_replay(state: Snapshot, _now: datetime) -> Iterator[object]:
    replayed: dict[int, str] = {}
    at: dict[int, datetime] = {}
    for row in state.log.values():
        claim = row["registration_id"]
        was, action, becomes = replayed.get(claim, ""), row["action"], row["status"]
        if was not in STATES_BEFORE[action] or becomes not in STATES_AFTER[action]:
            yield claim, was, action, becomes
        if row["at"] < at.get(claim, row["at"]):
            yield claim, action, at[claim], row["at"]
        replayed[claim], at[claim] = row["status"], row["at"]
    yield from (claim for claim in state.claims.values() if replayed.get(claim["id"]) != claim["status"])


def calendar_is_wrong(state: Snapshot, _now: datetime) -> Iterator[object]:
    """One entry for each seat, and none for what is no seat; none at all where it is discreet."""
    entries: dict[int, int] = defaultdict(int)
    for invite in state.invites:
        entries[invite["registration_id"]] += invite["state"] == "ACTIVE"
    for claim in state.claims.values():
        is_discreet = state.sessions[claim["session_id"]].event.is_discreet
        has_seat = claim["status"] == "CONFIRMED" and claim["source"] != "WALK_IN"
        if entries[claim["id"]] != (has_seat and not is_discreet):
            yield claim


ALWAYS = (
    overbooked,
    waits_beside_a_free_seat,
    holds_two_seats,
    waits_with_a_seat,
    want_each_others_seat,
    wish_of_several_moments,
    log_does_not_replay,
    calendar_is_wrong,
)
