"""Who may sign up, and when: a new reason to refuse a sign-up goes here (contract.md, "Refusals")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.enums import EventStatus, SessionStatus
from project.accounts.enums import Audience
from registrations.rules.seats import is_held

if TYPE_CHECKING:
    from datetime import datetime

    from events.models import Session
    from project.accounts.models import User
    from registrations.querysets import AdmittedSession

BOOKABLE = (EventStatus.PUBLISHED, EventStatus.UNLISTED)


def why_closed(session: Session, now: datetime) -> str | None:
    """Returns the code (contract.md, "Refusals") of why nobody can sign up for this session now, or None."""
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
    """Returns the code of why this person cannot sign up, leaving seats aside, or None; a signed-out visitor may try.
    A personal link overrides the audience (product W5). The session must come from `annotate_admission`.
    """
    if person is not None and session.is_unlisted and not session.has_access:
        return "not-published"  # checked first: any other refusal would reveal that it exists
    closed = why_closed(session, now)
    if closed or person is None:
        return closed
    if needs_group(session, person, now):
        return "not-introduced"
    if not session.has_access and not admits(session, person):
        return "not-eligible"
    if session.event.prerequisite_id and not session.has_done_prerequisite:
        return "prerequisite-missing"
    return None


def needs_group(session: AdmittedSession, person: User, now: datetime) -> bool:
    """Returns whether a seat here depends on a group that the person has not told us yet: the session is for certain
    groups, or holds seats for one. Elsewhere the seat comes first and the questions after it.
    """
    is_limited = bool(session.admitted_audiences or session.admitted_units) and not session.has_access
    return not person.has_group and (is_limited or is_held(session, now))


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
    """Returns whether somebody who asks for `en` or `nl` can follow the session; an empty `language` matches any."""
    return language in session.language
