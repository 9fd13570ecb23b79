from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from registrations.enums import InviteState
from registrations.models import Invite
from registrations.services import news

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from registrations.models import Registration


def issue(registrations: Sequence[Registration], *, kind: str, now: datetime) -> None:
    """The first REQUEST: a new UID and SEQUENCE 0 (specs/calendar.md 3.1). Discreet seats get the mail without an invitation."""
    invites = [
        Invite(
            registration=registration,
            attendee_id=registration.attendee_id,
            slot=registration.slot,
            address=registration.attendee.email,
            stamped_at=now,
        )
        for registration in registrations
        if not registration.session.event.is_discreet
    ]
    Invite.objects.bulk_create(invites)
    _announce(registrations, invites, kind=kind, now=now)


def revise(registrations: Sequence[Registration], *, kind: str, was: dict[str, Any], now: datetime) -> None:
    """An update of the same calendar entry: same UID, SEQUENCE + 1 (specs/calendar.md 3.4, 3.5). `was` is what the mail compares with."""
    invites = _active_invites(registrations)
    for invite in invites:
        _advance(invite, now)
    Invite.objects.bulk_update(invites, ["sequence", "stamped_at"])
    same = {registration.pk: {"was": was} for registration in registrations}
    _announce(registrations, invites, kind=kind, facts_of=same, now=now)


def withdraw(registrations: Sequence[Registration], *, kind: str, now: datetime) -> None:
    """METHOD:CANCEL under the same UID with SEQUENCE + 1; the UID then never comes back (specs/calendar.md 3.7, 3.8)."""
    invites = _active_invites(registrations)
    for invite in invites:
        _advance(invite, now)
        invite.state = InviteState.CANCELLED
    Invite.objects.bulk_update(invites, ["sequence", "stamped_at", "state"])
    _announce(registrations, invites, kind=kind, now=now)


def transfer(moves: Sequence[tuple[Registration, Registration]], *, now: datetime) -> None:
    """A swap keeps the calendar entry: the same UID with SEQUENCE + 1 now belongs to the new registration (specs/calendar.md R28)."""
    if not moves:
        return
    new_of = {held.pk: new for held, new in moves}
    invites = _active_invites([held for held, _ in moves])
    left = {new.pk: {"was": news.facts_left(held, new)} for held, new in moves}
    for invite in invites:
        invite.registration = new_of[invite.registration_id]
        _advance(invite, now)
    Invite.objects.bulk_update(invites, ["registration", "sequence", "stamped_at"])
    _announce([new for _, new in moves], invites, kind="registration-swapped", facts_of=left, now=now)


def _active_invites(registrations: Sequence[Registration]) -> list[Invite]:
    return list(Invite.objects.filter(registration__in=registrations, state=InviteState.ACTIVE))


def _advance(invite: Invite, now: datetime) -> None:
    """DTSTAMP is strictly later than before, so two changes in one second still have an order (R32)."""
    invite.sequence += 1
    invite.stamped_at = max(now, invite.stamped_at + timedelta(seconds=1))


def _announce(
    registrations: Sequence[Registration],
    invites: Sequence[Invite],
    *,
    kind: str,
    now: datetime,
    facts_of: Mapping[int, dict[str, Any]] | None = None,
) -> None:
    invite_of = {invite.registration_id: invite for invite in invites}
    people = [(registration, invite_of.get(registration.pk)) for registration in registrations]
    news.tell(people, kind=kind, facts_of=facts_of, now=now)
