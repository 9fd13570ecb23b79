"""What somebody has, waits for and had: their sessions, and one of them with its history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, Q
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from events.enums import EventStatus, SessionStatus
from events.models import Session
from project.accounts.services.roles import rights_of
from registrations.models import Registration
from registrations.querysets import visible_to
from registrations.rules import HOSTS_SEE_NAMES, door_pass
from registrations.services.attending import colleagues
from registrations.services.mailing.broadcasts import notices_to
from registrations.services.pages.odds import odds_of
from registrations.services.pages.standings import standings
from registrations.views.people import me

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from events.models import Event
    from events.querysets import SessionQuerySet
    from project.accounts.models import User
    from registrations.querysets import RegistrationQuerySet
    from registrations.rules import Standing


@never_cache
@login_required
@require_safe
def my_sessions(request: HttpRequest) -> HttpResponse:
    """What needs an answer, the next seat large, the other seats, then waiting, then past (product S8).
    Reads all dates of these slots at once, because a seat can be moved to any of them.
    """
    person, now = me(request), timezone.now()
    slots = Registration.objects.of(person).still_of_interest(now).order_by().values("slot")
    rows = _standings(Session.objects.upcoming(now).filter(slot__in=slots), person, now)
    seats = [row for row in rows if row.has_seat]
    context = {
        "next": seats[0] if seats else None,
        "seats": seats[1:],
        "offers": [row for row in rows if row.is_offered or row.can_take_now],
        "waiting": _by_event(row for row in rows if row.is_requested or (row.is_waiting and not row.can_take_now)),
        "settled": [row for row in seats if row.is_settled_now],
        "given_back": [row for row in rows if row.just_cancelled and row.just_cancelled.confirmed_at],
        "rows": rows,
        "odds": odds_of(rows, now),
        "invitations": colleagues.open_invitations(inviter=person, now=now),
        "hosted": _doors_of(person, now),
        "past": _past(person, now),
    }
    return render(request, "registrations/pages/mine/my_sessions.html", context)


@never_cache
@login_required
@require_safe
def my_registration(request: HttpRequest, key: UUID) -> HttpResponse:
    """One claim: what happened to it, by whom, when and why, and what comes next."""
    person, now = me(request), timezone.now()
    own = Registration.objects.of(person).with_place(now).select_related("session__event", "invited_by")
    registration = get_object_or_404(own, key=key)
    coming = Q(ends_at__gt=now) | Q(pk=registration.session_id)
    rows = _standings(Session.objects.filter(coming, slot=registration.slot), person, now)
    row = next(row for row in rows if row.session.pk == registration.session_id)
    context = {
        "registration": registration,
        "session": row.session,
        "event": row.session.event,
        "row": row,
        "rows": rows,
        "odds": odds_of([row], now),
        "is_current": row.registration is not None and row.registration.pk == registration.pk,
        "offered": next((other for other in rows if other.is_offered), None),
        "story": list(registration.log.all()),
        "notices": notices_to(registration),
    }
    return render(request, "registrations/pages/mine/my_registration.html", context)


def _standings(sessions: SessionQuerySet, person: User, now: datetime) -> list[Standing]:
    """Returns the person's standing on each of these dates."""
    counted = visible_to(sessions.select_related("event__prerequisite", "venue"), person, now)
    return standings(sessions=counted.order_by("starts_at", "pk"), person=person, now=now)


def _by_event(rows: Iterable[Standing]) -> list[tuple[Event, list[Standing]]]:
    """Ordered by the first date of each event."""
    events: dict[Event, list[Standing]] = {}
    for row in rows:
        events.setdefault(row.session.event, []).append(row)
    return list(events.items())


def _past(person: User, now: datetime) -> RegistrationQuerySet:
    """`has_more_dates`: whether the event has dates to come, for people who may come again."""
    coming = Session.objects.filter(status=SessionStatus.SCHEDULED, is_unlisted=False, starts_at__gt=now)
    more = coming.filter(event=OuterRef("session__event"), event__status=EventStatus.PUBLISHED)
    own = Registration.objects.of(person).active().filter(session__ends_at__lte=now).exclude(status="WAITLISTED")
    own = own.annotate(has_more_dates=Exists(more)).select_related("session__event")
    return own.order_by("-session__starts_at", "-pk")[:30]


def _doors_of(person: User, now: datetime) -> list[Session]:
    """Returns the sessions whose door the person works at these days; queried only for people with such a role."""
    rights = rights_of(person)
    keys = rights.hosted_sessions | rights.door_sessions
    if not keys:
        return []
    near = Session.objects.filter(
        key__in=keys, starts_at__lte=now + HOSTS_SEE_NAMES, ends_at__gte=now - HOSTS_SEE_NAMES
    )
    sessions = near.exclude(status=SessionStatus.CANCELLED).select_related("event", "venue").order_by("starts_at", "pk")
    passes = [(session, door_pass(session, rights, now, is_named=False)) for session in sessions]
    return [session for session, granted in passes if granted and granted.may_search]
