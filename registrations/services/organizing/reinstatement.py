"""Reinstates a cancelled date that takes place after all."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from events.enums import SessionStatus
from events.services.refusals import UnableToChange
from registrations.enums import Action, Source, Status
from registrations.models import Registration, RegistrationLog
from registrations.services.calendar import invites, notifications
from registrations.services.lock import lock_session
from registrations.services.organizing.capacity import counted_session
from registrations.services.seats import claims, waitlist

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from uuid import UUID

    from events.models import Session
    from project.accounts.models import User

COLUMNS = ("status", "source", "waitlisted_at", "priority", "replaces", "cancelled_at", "cancelled_by")
GAVE_A_SEAT_BACK = (Action.CANCELLED, Action.CALENDAR_DECLINED)
MOMENTS = ("reminded_at", "asked_at", "told_open_at")  # people are reminded and told again of a date that comes back


@dataclass(frozen=True, kw_only=True)
class Return:
    """Which claims come back, and as what. `elsewhere`: claims of people who have found another seat in the slot since
    and keep that one. `over`: claims that ended for good, because the person has decided otherwise since or it was only
    an invitation.
    """

    seated: list[Registration] = field(default_factory=list)
    waiting: list[Registration] = field(default_factory=list)
    asking: list[Registration] = field(default_factory=list)
    elsewhere: list[Registration] = field(default_factory=list)
    over: list[Registration] = field(default_factory=list)

    @property
    def everybody(self) -> list[Registration]:
        return [*self.seated, *self.waiting, *self.asking]

    @property
    def passed_over(self) -> list[Registration]:
        return [*self.elsewhere, *self.over]


@dataclass(frozen=True, kw_only=True)
class ReturnPlan:
    session: Session
    coming_back: Return


def preview_reinstate(*, session_key: UUID, now: datetime) -> ReturnPlan:
    """Returns what `reinstate_session` would do now. Writes nothing, and refuses the same."""
    session: Session = counted_session(session_key, now)
    if session.status != SessionStatus.CANCELLED:
        return ReturnPlan(session=session, coming_back=Return())
    _refuse_if_over(session, now)
    return ReturnPlan(session=session, coming_back=_coming_back(session))


def reinstate_session(*, session_key: UUID, actor: User, now: datetime) -> Session:
    """Reverses the last cancellation (specs/calendar.md 3.7). People whose claim it ended get it back: the seat, the
    place in the queue with the old moment of joining, or the request. People who have a seat elsewhere in the slot by
    now keep that one and are not told; people who wait elsewhere keep waiting, for a swap if their seat came back. An
    offer that was open becomes a place in the queue. The invitation of a colleague does not come back, nor does the
    claim of somebody who has given back a seat elsewhere since, or wants no date any more.

    Calendar entries get a new UID, because programs ignore one that they saw cancelled. Idempotent. Raises
    `UnableToChange`: `started`.
    """
    with transaction.atomic(durable=True):
        session = lock_session(session_key)
        if session.status != SessionStatus.CANCELLED:
            return session
        _refuse_if_over(session, now)
        waitlist.settle(event=session.event, now=now)
        session.status, session.changed_at = SessionStatus.SCHEDULED, now
        session.ical_sequence += 1
        session.save(update_fields=["status", "ical_sequence", "changed_at"])
        coming_back = _coming_back(session)
        _bring_back(coming_back, now)
        told = [*coming_back.everybody, *coming_back.passed_over]
        claims.record(told, action=Action.REINSTATED, actor=actor, now=now)
        _tell_who_is_back(coming_back, now)
        waitlist.fill(event=session.event, now=now)
    return session


def _refuse_if_over(session: Session, now: datetime) -> None:
    if now >= session.starts_at:
        raise UnableToChange("started", _("The time of this session is over; it can no longer take place."))


def _coming_back(session: Session) -> Return:
    """Decides which claims come back. Only reads, in five statements."""
    found = Return()
    ended = _ended_by_the_cancellation(session)
    others = _other_claims(session, [one.claim.attendee_id for one in ended])
    decisions = _later_decisions(session, ended)
    for one in ended:
        registration, before, mine = one.claim, one.before, others[one.claim.attendee_id]
        if _has_found_another(registration, before, mine):
            found.elsewhere.append(registration)
        elif _is_over(registration, before, mine, decisions[registration.attendee_id]):
            found.over.append(registration)
        elif before == Status.CONFIRMED and len(found.seated) < _seats(session):
            found.seated.append(registration)
        elif before == Status.REQUESTED:
            found.asking.append(registration)
        else:
            found.waiting.append(registration)
    return found


@dataclass(frozen=True, kw_only=True)
class _Ended:
    """A claim that the last cancellation ended: its status before, and its last log row, which is that of the
    cancellation.
    """

    claim: Registration
    before: str
    entry: RegistrationLog


def _ended_by_the_cancellation(session: Session) -> list[_Ended]:
    """Reads these claims from the log: one per person, the seat held longest first."""
    rows = Registration.objects.filter(session=session, status=Status.CANCELLED).select_related("attendee")
    story: dict[int, list[RegistrationLog]] = defaultdict(list)
    for entry in RegistrationLog.objects.filter(registration__in=rows):
        story[entry.registration_id].append(entry)
    reinstated = RegistrationLog.objects.filter(registration__session=session, action=Action.REINSTATED)
    answered_before: int = reinstated.aggregate(newest=Max("pk"))["newest"] or 0
    ended: dict[int, _Ended] = {}
    for row in rows.order_by("confirmed_at", "pk"):
        row.session = session
        last = story[row.pk][-1:]
        if last and last[0].action == Action.SESSION_CANCELLED and last[0].pk > answered_before:
            other = ended.get(row.attendee_id)
            if other is None or last[0].pk > other.entry.pk:
                ended[row.attendee_id] = _Ended(claim=row, before=story[row.pk][-2].status, entry=last[0])
    return list(ended.values())


def _later_decisions(session: Session, ended: list[_Ended]) -> Mapping[int, set[str]]:
    """Returns, by person, the actions by which they have ended claims in the slot since the cancellation."""
    since = {one.claim.attendee_id: one.entry.pk for one in ended}
    own = RegistrationLog.objects.filter(
        actor=F("registration__attendee"), actor__in=since, registration__slot=session.slot, status=Status.CANCELLED
    )
    found: dict[int, set[str]] = defaultdict(set)
    for pk, person, action in own.values_list("pk", "actor", "action"):
        if pk > since[person]:
            found[person].add(action)
    return found


def _is_over(registration: Registration, before: str, mine: list[Registration], decisions: set[str]) -> bool:
    """People who leave one of several lists still want a date. People who have given back a seat since had another one
    and did not want it; people who have attended another date got what they wanted.
    """
    if not registration.attendee.is_active or any(claim.is_confirmed and claim.has_attended for claim in mine):
        return True
    if registration.is_walk_in or (before == Status.OFFERED and registration.is_from_colleague):
        return True
    wants_none = not mine and bool(decisions & {Action.LEFT})
    return wants_none or not decisions.isdisjoint(GAVE_A_SEAT_BACK)


def _other_claims(session: Session, people: Iterable[int]) -> Mapping[int, list[Registration]]:
    claimed = Registration.objects.active().in_slot(session.slot).filter(attendee__in=people).exclude(session=session)
    found: dict[int, list[Registration]] = defaultdict(list)
    for claim in claimed.select_related("attendee").order_by("pk"):
        found[claim.attendee_id].append(claim)
    return found


def _has_found_another(registration: Registration, before: str, mine: list[Registration]) -> bool:
    """Returns whether the person has another seat, or is being offered one. For a wish to swap, the seat it would
    replace does not count.
    """
    seats = [claim for claim in mine if claim.holds_a_seat and claim.fills_slot]
    if before in {Status.WAITLISTED, Status.OFFERED}:
        return any(claim.is_confirmed and claim.pk != registration.replaces_id for claim in seats)
    return bool(seats)


def _seats(session: Session) -> int:
    """Usually more than were taken, but an import of the programme may have reduced the number since."""
    return min(session.capacity, session.venue.capacity) if session.venue else session.capacity


def _bring_back(coming_back: Return, now: datetime) -> None:
    rows = coming_back.everybody
    if not rows:
        return
    others = _other_claims(rows[0].session, [row.attendee_id for row in rows])
    for status, group in (
        (Status.CONFIRMED, coming_back.seated),
        (Status.WAITLISTED, coming_back.waiting),
        (Status.REQUESTED, coming_back.asking),
    ):
        for row in group:
            row.status, row.cancelled_at, row.cancelled_by = status, None, ""
            row.reminded_at = row.asked_at = row.told_open_at = None
    joined = [wish for row in coming_back.waiting for wish in _join_queue(row, others[row.attendee_id])]
    for row in coming_back.seated:
        row.replaces = None
    Registration.objects.bulk_update([*rows, *joined], [*COLUMNS, *MOMENTS])
    _let_other_claims_wait_for_a_swap(coming_back.seated, others, now)


def _join_queue(row: Registration, mine: list[Registration]) -> list[Registration]:
    """Gives the claim its old place. People who have joined other queues of the slot since have one wish for all of
    them again: all share the moment of joining, as if this date had never been cancelled. Returns the wishes that
    change with it.
    """
    wishes = [claim for claim in mine if claim.is_waiting]
    row.source = Source.SELF
    row.waitlisted_at = min(wish.waitlisted_at or row.created_at for wish in [row, *wishes])
    if row.replaces_id not in {claim.pk for claim in mine if claim.is_confirmed}:
        row.replaces = None
    for wish in wishes:
        row.priority, wish.waitlisted_at = wish.priority, row.waitlisted_at
    return wishes


def _let_other_claims_wait_for_a_swap(
    seated: list[Registration], others: Mapping[int, list[Registration]], now: datetime
) -> None:
    """People who wait for another date keep waiting, now for a swap. A request for another date would be a second seat,
    so it ends.
    """
    swaps, requests = [], []
    for row in seated:
        mine = others[row.attendee_id]
        requests += [claim for claim in mine if claim.is_requested]
        for wish in (claim for claim in mine if claim.is_waiting):
            wish.replaces = row
            swaps.append(wish)
    Registration.objects.bulk_update(swaps, ["replaces"])
    claims.supersede(requests, now)


def _tell_who_is_back(coming_back: Return, now: datetime) -> None:
    invites.issue(coming_back.seated, kind=notifications.REINSTATED, now=now)
    others = [*coming_back.waiting, *coming_back.asking]
    status_of = {registration.pk: {"status": str(registration.status)} for registration in others}
    due = {registration.pk: invites.waiting_due_at(registration, now) for registration in others}
    people = [(registration, None) for registration in others]
    notifications.tell(people, kind=notifications.REINSTATED, facts_of=status_of, due_of=due, now=now)
