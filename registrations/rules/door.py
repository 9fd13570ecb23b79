"""Who may do what at the door, and when it is open (contract.md, "Who may see and do what")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from events.enums import SessionStatus

if TYPE_CHECKING:
    from datetime import datetime

    from events.models import Session
    from project.accounts.rules import Rights

DOOR_OPENS_BEFORE_START = timedelta(minutes=30)
HOSTS_SEE_NAMES = timedelta(days=7)


def may_read_names(session: Session, rights: Rights, *, is_named: bool) -> bool:
    """Returns whether somebody may see who comes to a session, apart from the door. `is_named`: whether they are one of
    the two coordinators of a discreet event.
    """
    if session.event.is_discreet:
        return rights.coordinates and is_named
    return rights.may_organize(session.event.owner_id)


def why_door_closed(session: Session, now: datetime) -> str | None:
    """Returns the code of why nobody can be checked in now, or None; the door stays open until somebody finishes it."""
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
    """Returns None for people with no business at this door now. Nobody gets a list of a discreet session, not even
    people who may read its names.
    """
    is_open_session = not session.event.is_discreet
    if may_read_names(session, rights, is_named=is_named):
        return DoorPass(shows_names=True, may_list=is_open_session)
    if session.key in rights.hosted_sessions:
        sees = session.starts_at - HOSTS_SEE_NAMES <= now <= session.ends_at + HOSTS_SEE_NAMES
        may_read = sees and is_open_session
        return DoorPass(may_search=sees, shows_names=may_read, may_list=may_read)
    if session.key in rights.door_sessions and session.is_on_day_of(now):
        return DoorPass(shows_names=is_open_session)
    return None
