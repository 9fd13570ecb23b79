"""Who may sign up, and when: a new reason to refuse a sign-up goes here (contract.md, "Refusals")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.enums import EventStatus, SessionStatus
from project.accounts.enums import Audience

if TYPE_CHECKING:
    from datetime import datetime

    from events.models import Session
    from project.accounts.models import User
    from registrations.querysets import AdmittedSession

BOOKABLE = (EventStatus.PUBLISHED, EventStatus.UNLISTED)


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


def admits(session: Session, person: User) -> bool:
    """Returns whether the audience and the unit of a person fit the session (product W2). The unit must be loaded."""
    return _admits_audience(session, person) and _admits_unit(session, person)


def _admits_audience(session: Session, person: User) -> bool:
    wanted = session.admitted_audiences
    return not wanted or bool(person.audience and Audience(person.audience).admitted_as & set(wanted))


def _admits_unit(session: Session, person: User) -> bool:
    wanted = session.admitted_units
    return not wanted or bool(person.unit and person.unit.code in wanted)


def is_spoken(session: Session, language: str) -> bool:
    """Whether somebody who asks for `en` or `nl` can follow it; whoever names no language takes any."""
    return language in session.language
