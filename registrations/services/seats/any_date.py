"""People who wait for any date also wait for dates that are added later (product Q2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.models import Session
from registrations.enums import Action, Status
from registrations.models import Registration
from registrations.rules import admits, is_spoken, why_closed
from registrations.services.seats import claims

if TYPE_CHECKING:
    from datetime import datetime

    from events.models import Event


def extend_to_new_dates(*, event: Event, now: datetime) -> None:
    """Puts people who wait for any date on the lists of dates added since, in the language they want, with their old
    moment of joining. Skips dates on which they ever had a claim, so a date somebody declined does not come back. Under
    the lock, before settling.
    """
    waiting = Registration.objects.queuing().filter(session__event=event, wants_any_date=True)
    parties = {(wish.attendee_id, wish.slot): wish for wish in waiting.select_related("attendee__unit")}
    if not parties:
        return
    claimed = Registration.objects.filter(session__event=event, attendee__in=[wish.attendee_id for wish in waiting])
    known = set(claimed.values_list("attendee", "session"))
    coming = Session.objects.filter(event=event, starts_at__gt=now, has_waiting_list=True, is_unlisted=False)
    sessions = list(coming.select_related("event"))
    added = [
        _same_wish(wish, session, now)
        for wish in parties.values()
        for session in sessions
        if session.slot == wish.slot
        and (wish.attendee_id, session.pk) not in known
        and is_spoken(session, wish.any_date_language)
        and admits(session, wish.attendee)
        and why_closed(session, now) is None
    ]
    Registration.objects.bulk_create(added)
    claims.record(added, action=Action.WAITLISTED, actor=None, now=now)


def _same_wish(wish: Registration, session: Session, now: datetime) -> Registration:
    return Registration(
        session=session,
        attendee=wish.attendee,
        slot=wish.slot,
        status=Status.WAITLISTED,
        created_at=now,
        waitlisted_at=wish.waitlisted_at,
        priority=wish.priority,
        replaces_id=wish.replaces_id,
        wants_any_date=True,
        any_date_language=wish.any_date_language,
    )
