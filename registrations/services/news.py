from __future__ import annotations

from typing import TYPE_CHECKING, Any

from project.outbox.services.messages import draft, enqueue

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from events.models import Session
    from project.outbox.models import Message
    from registrations.models import Invite, Registration


def tell(
    people: Sequence[tuple[Registration, Invite | None]],
    *,
    kind: str,
    now: datetime,
    was: dict[str, Any] | None = None,
) -> None:
    """Writes one mail per registration; the words come later, in the worker (architecture.md, "Mail")."""
    enqueue([_message(registration, invite, kind=kind, was=was, now=now) for registration, invite in people])


def facts_of(session: Session) -> dict[str, Any]:
    """When and where it is at this moment: the facts that stay true of a mail whatever happens afterwards (specs/calendar.md R35)."""
    return {
        "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
        "timezone": session.timezone,
        "place": str(session.venue) if session.venue else "",
        "address": session.venue.address if session.venue else "",
        "join_url": session.join_url,
    }


def _message(
    registration: Registration, invite: Invite | None, *, kind: str, was: dict[str, Any] | None, now: datetime
) -> Message:
    facts = facts_of(registration.session)
    if was:
        facts["was"] = was
    if invite:
        facts["invite"] = {
            "uid": str(invite.uid),
            "sequence": invite.sequence,
            "stamped_at": invite.stamped_at.isoformat(),
        }
    return draft(
        kind=kind,
        recipient=registration.attendee,
        subject_id=registration.key,
        facts=facts,
        thread=invite.uid if invite else None,
        now=now,
    )
