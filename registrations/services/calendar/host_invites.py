"""The calendar entries of people who lead a session (specs/calendar.md 3.12). They hold no seat, and their answers
change nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from events.enums import SessionStatus
from events.models import Session
from project.accounts.enums import CalendarPreference, RoleKind
from project.accounts.models import Role
from project.outbox.services.messages import draft, enqueue, supersede
from registrations.enums import InviteState
from registrations.models import Invite
from registrations.rules import BOOKABLE
from registrations.rules.schedules import may_wait
from registrations.services.calendar import notifications
from registrations.services.calendar.invites import advance, due_at, next_partstat
from registrations.services.lock import lock_event

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from events.models import Event
    from project.accounts.models import User
    from project.outbox.models import Message

CHANGED = "host-changed"


def events_to_invite(now: datetime) -> list[int]:
    """Returns the events in which somebody leads a date and has no entry yet, or has one that must be withdrawn."""
    missing, astray = (
        _missing(now).values_list("event", flat=True),
        _astray(now).values_list("hosted__event", flat=True),
    )
    return sorted({*missing.order_by(), *astray})


def invite_hosts(*, event_id: int, now: datetime) -> None:
    """Gives everybody who leads a coming date of the event an entry, and withdraws it from people who no longer lead
    the session or changed their address.

    The scheduler calls it, because roles are given in many ways. Safe to run twice. Leaves out discreet events and
    dates that have started.
    """
    with transaction.atomic(durable=True):
        event = lock_event(pk=event_id)
        _end(_with_people(_astray(now).filter(hosted__event=event)), event, "host-released", now)
        _invite(_missing(now).filter(event=event).select_related("venue"), event, now)


def revise(*, session: Session, was: dict[str, Any], now: datetime) -> None:
    """Tells the hosts the same as people with a seat, with the same rules for SEQUENCE and merging (specs/calendar.md
    R31, R34). Under the lock.
    """
    invites = _active(session)
    unsent = _take_back(invites, session.event)
    told = []
    for invite in invites:
        earlier = unsent.get(str(invite.uid))
        known = earlier.facts["was"] if earlier else was
        said = earlier.facts if earlier else {}
        asked_before = said.get("asked_before", invite.asked_sequence)
        before = {"asked_before": asked_before, "sequence_before": said.get("sequence_before", invite.sequence)}
        change = notifications.kind_of_change(known, session)
        advance(invite, now)
        invite.asked_sequence = invite.sequence if change in notifications.ASKS_AGAIN else asked_before
        if change:
            invite.sent_partstat = next_partstat(invite, invite.attendee)
            message = _mail(invite, session, CHANGED, now, was=known, change=change, **before)
            message.due_at = due_at(session, known, earlier, now)
            told.append(message)
    Invite.objects.bulk_update(invites, ["sequence", "stamped_at", "sent_partstat", "asked_sequence"])
    enqueue(told)


def withdraw(*, session: Session, now: datetime) -> None:
    """Withdraws the hosts' entries of a cancelled session. Under the lock."""
    _end(_active(session), session.event, "host-cancelled", now)


def _leads() -> QuerySet[Role]:
    return Role.objects.filter(kind=RoleKind.HOST, user__is_active=True)


def _missing(now: datetime) -> QuerySet[Session]:
    """Returns coming dates led by somebody who has no entry."""
    here = Invite.objects.filter(
        hosted__key=OuterRef("session_key"), attendee=OuterRef("user"), state=InviteState.ACTIVE
    )
    keys = _leads().filter(~Exists(here), session_key__isnull=False).values("session_key")
    coming = Session.objects.filter(key__in=keys, status=SessionStatus.SCHEDULED, starts_at__gt=now)
    return coming.filter(event__is_discreet=False, event__status__in=BOOKABLE)


def _astray(now: datetime) -> QuerySet[Invite]:
    """Returns entries of people who no longer lead that date or changed their address."""
    leads = Exists(_leads().filter(session_key=OuterRef("hosted__key"), user=OuterRef("attendee")))
    alive = Invite.objects.filter(hosted__starts_at__gt=now, state=InviteState.ACTIVE)
    return alive.filter(~leads | ~Q(address=F("attendee__email")))


def _invite(sessions: Iterable[Session], event: Event, now: datetime) -> None:
    invites = []
    for session in sessions:
        session.event = event
        known = Invite.objects.filter(hosted=session, state=InviteState.ACTIVE).values("attendee")
        roles = _leads().filter(session_key=session.key).exclude(user__in=known).select_related("user")
        invites += [_new(role.user, session, now) for role in roles.order_by("pk")]
    Invite.objects.bulk_create(invites)
    enqueue([_mail(invite, invite.hosted, "host-invited", now) for invite in invites if invite.hosted])


def _new(person: User, session: Session, now: datetime) -> Invite:
    wants_it = person.calendar_preference == CalendarPreference.INVITE
    return Invite(
        hosted=session,
        attendee=person,
        slot=session.slot,
        address=person.email,
        stamped_at=now,
        sent_partstat=settings.ICAL_INITIAL_PARTSTAT if wants_it else "",
    )


def _end(invites: Sequence[Invite], event: Event, kind: str, now: datetime) -> None:
    unsent = _take_back(invites, event)
    told = []
    for invite in invites:
        advance(invite, now)
        invite.state = InviteState.CANCELLED
        if invite.hosted:
            invite.hosted.event = event
            earlier = unsent.get(str(invite.uid))
            told.append(_mail(invite, invite.hosted, kind, now, **({"was": earlier.facts["was"]} if earlier else {})))
    Invite.objects.bulk_update(invites, ["sequence", "stamped_at", "state"])
    enqueue(told)


def _active(session: Session) -> list[Invite]:
    invites = _with_people(Invite.objects.filter(hosted=session, state=InviteState.ACTIVE))
    for invite in invites:
        invite.hosted = session
    return invites


def _with_people(invites: QuerySet[Invite]) -> list[Invite]:
    return list(invites.select_related("attendee", "hosted__venue").order_by("pk"))


def _take_back(invites: Sequence[Invite], event: Event) -> dict[str, Message]:
    if not invites or not may_wait(event):
        return {}
    unsent: dict[str, Message] = {}
    for message in supersede(kinds=[CHANGED], threads=[invite.uid for invite in invites]):
        unsent.setdefault(str(message.thread), message)
    return unsent


def _mail(invite: Invite, session: Session, kind: str, now: datetime, **more: Any) -> Message:
    facts = notifications.facts_about(session) | {"invite": notifications.facts_of_entry(invite)} | more
    message = draft(
        kind=kind, recipient=invite.attendee, subject_id=session.key, facts=facts, thread=invite.uid, now=now
    )
    message.address = invite.address
    return message
