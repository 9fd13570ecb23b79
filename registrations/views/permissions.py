"""Who gets into the organisers' pages and to the door (contract.md, "Who may see and do what")."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from events.models import Event, Session
from events.rules import may_be_known
from project.accounts.services.roles import rights_of
from registrations.querysets import annotate_door
from registrations.rules import DoorPass, door_pass, may_read_names
from registrations.views.people import me

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpRequest

    from project.accounts.models import User
    from project.accounts.rules import Rights
    from registrations.querysets import DoorSession

log = structlog.get_logger(__name__)


def organizer_rights(request: HttpRequest) -> Rights:
    rights = rights_of(me(request))
    if not rights.organizes_anything:
        raise PermissionDenied
    return rights


def organized_event(request: HttpRequest, slug: str) -> Event:
    event = get_object_or_404(Event.objects.select_related("owner"), slug=slug)
    _let_organizers_in(rights_of(me(request)), event)
    return event


def organized_session(request: HttpRequest, key: UUID) -> DoorSession:
    """The session with all its counts."""
    session = _counted(key)
    _let_organizers_in(rights_of(me(request)), session.event, session)
    return session


def reads_names(request: HttpRequest, session: Session) -> bool:
    person = me(request)
    return may_read_names(session, rights_of(person), is_named=_is_named(session, person))


def session_at_the_door(request: HttpRequest, key: UUID, now: datetime) -> tuple[DoorSession, DoorPass]:
    session, person = _counted(key), me(request)
    rights = rights_of(person)
    granted = door_pass(session, rights, now, is_named=_is_named(session, person))
    if granted is None:
        works_at_doors = rights.organizes_anything or bool(rights.hosted_sessions or rights.door_sessions)
        raise _no_entry(rights, session.event, session, knows_this_room=works_at_doors)
    return session, granted


def log_names(request: HttpRequest, session: Session, *, names: int, where: str) -> None:
    """Logs who looked at how many names of which session, but never the names (specs/privacy.md 2.3, 7)."""
    if names:
        log.info("names_viewed", actor=str(me(request).key), session=str(session.key), names=names, where=where)


def _counted(key: UUID) -> DoorSession:
    sessions = Session.objects.select_related("event__owner", "venue")
    return get_object_or_404(annotate_door(sessions, timezone.now()), key=key)


def _is_named(session: Session, person: User) -> bool:
    return session.event.is_discreet and session.event.coordinators.filter(pk=person.pk).exists()


def _let_organizers_in(rights: Rights, event: Event, session: Session | None = None) -> None:
    if not rights.may_organize(event.owner_id):
        raise _no_entry(rights, event, session, knows_this_room=rights.organizes_anything)


def _no_entry(rights: Rights, event: Event, session: Session | None, *, knows_this_room: bool) -> Exception:
    """Returns 403 for people who may use pages of this kind but not this one, 404 for things whose existence they may
    not know of.
    """
    is_known = rights.may_organize(event.owner_id) or may_be_known(event, session)
    return PermissionDenied() if knows_this_room and is_known else Http404()
