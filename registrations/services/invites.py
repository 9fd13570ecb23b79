from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from registrations.enums import InviteState
from registrations.models import Invite
from registrations.services import news

if TYPE_CHECKING:
    from collections.abc import Sequence
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
    _announce(registrations, invites, kind=kind, was=was, now=now)


def withdraw(registrations: Sequence[Registration], *, kind: str, now: datetime) -> None:
    """METHOD:CANCEL under the same UID with SEQUENCE + 1; the UID then never comes back (specs/calendar.md 3.7, 3.8)."""
    invites = _active_invites(registrations)
    for invite in invites:
        _advance(invite, now)
        invite.state = InviteState.CANCELLED
    Invite.objects.bulk_update(invites, ["sequence", "stamped_at", "state"])
    _announce(registrations, invites, kind=kind, now=now)


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
    was: dict[str, Any] | None = None,
) -> None:
    invite_of = {invite.registration_id: invite for invite in invites}
    news.tell(
        [(registration, invite_of.get(registration.pk)) for registration in registrations], kind=kind, was=was, now=now
    )
