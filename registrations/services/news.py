from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import override

from project.outbox.services.messages import draft, enqueue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from events.models import Session
    from project.outbox.models import Message
    from registrations.models import Invite, Registration


def tell(
    people: Sequence[tuple[Registration, Invite | None]],
    *,
    kind: str,
    now: datetime,
    facts_of: Mapping[int, dict[str, Any]] | None = None,
) -> None:
    """Writes one mail per registration; the words come later, in the worker (architecture.md, "Mail"). `facts_of`: what this mail says
    beside when and where, by the registration's primary key.
    """
    more = facts_of or {}
    enqueue(
        [_message(registration, invite, more.get(registration.pk, {}), kind, now) for registration, invite in people]
    )


def facts_about(session: Session) -> dict[str, Any]:
    """When and where it is at this moment: the facts that stay true of a mail whatever happens afterwards (specs/calendar.md R35)."""
    return {
        "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
        "timezone": session.timezone,
        "place": str(session.venue) if session.venue else "",
        "address": session.venue.address if session.venue else "",
        "join_url": session.join_url,
    }


def facts_left(held: Registration, new: Registration) -> dict[str, Any]:
    """The date that a swap gave up, with its title in the reader's language."""
    held.session.event = new.session.event  # a slot never spans events
    with override(new.attendee.language):
        return facts_about(held.session) | {"title": held.session.title}


def _message(
    registration: Registration, invite: Invite | None, more: dict[str, Any], kind: str, now: datetime
) -> Message:
    facts = facts_about(registration.session) | more
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
