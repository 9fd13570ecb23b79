"""One calendar entry for the days of a conference, for everybody who comes, besides the entries of their sessions
(specs/calendar.md 3.11). It blocks no time and holds no seat. Only if `ICAL_UMBRELLA` is on.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery

from events.enums import SeatScope, SessionStatus
from events.models import Event, Session
from project.accounts.enums import CalendarPreference
from project.accounts.models import User
from project.outbox.models import Message
from project.outbox.services.messages import draft, enqueue
from registrations.enums import InviteState, Status
from registrations.models import Invite, Registration
from registrations.rules import BOOKABLE
from registrations.rules.schedules import collected_until
from registrations.services.calendar import notifications, unsent
from registrations.services.calendar.invites import advance, next_partstat
from registrations.services.lock import lock_event

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

HERE, CHANGED, LEFT, ASK = "umbrella-here", "umbrella-changed", "umbrella-left", "umbrella-declined"
ASK_PAUSE = timedelta(days=1)
COLUMNS = ("sequence", "stamped_at", "asked_sequence", "sent_partstat", "state")
TAKING_PLACE = (SessionStatus.SCHEDULED, SessionStatus.HELD)


def events_to_cover(now: datetime) -> list[int]:
    """Returns the events in which somebody has no entry yet, one that must be withdrawn, or one on other days."""
    missing = _missing(now).values_list("session__event", flat=True)
    astray = _astray(now).values_list("umbrella_of", flat=True)
    covered = Event.objects.filter(pk__in=_alive(now).order_by().values("umbrella_of"))
    return sorted({*missing, *astray, *(event.pk for event in covered if _may_have_moved(event, now))})


def _may_have_moved(event: Event, now: datetime) -> bool:
    """If that cannot be determined, returns True, so that `cover` runs into the same error in its own turn."""
    try:
        return bool(_of_other_days(event, _days_of(event), now))
    except Exception:  # noqa: BLE001  # one conference must not hold up the others
        return True


def cover(*, event_id: int, now: datetime) -> None:
    """Gives everybody with a seat an entry, and withdraws it from people who lost their seat or changed their address.
    Moves the entry with the conference, but only after the organiser has sent the change, which it would otherwise give
    away, or at the latest a day before.

    The scheduler calls it, because seats come and go in many ways. Safe to run twice.
    """
    with transaction.atomic(durable=True):
        event = lock_event(pk=event_id)
        days = _days_of(event)
        _end(_astray(now).filter(umbrella_of=event), event, now)
        _move(_told_of_other_days(event, days, now), event, days, now)
        _begin(_missing(now).filter(session__event=event), event, days, now)


def decline_entry(invite: Invite, *, now: datetime) -> bool:
    """The calendar removed the entry, which frees nothing; a mail asks whether that was meant for the sessions too.
    Returns whether a mail was queued: only if sessions are still to come, at most once a day. Under the lock.
    """
    invite.state, invite.sent_partstat = InviteState.DECLINED, ""
    invite.save(update_fields=["state", "sent_partstat"])
    event = invite.umbrella_of
    if event is None or not _seats(now).filter(session__event=event, attendee=invite.attendee).exists():
        return False
    asked = Message.objects.filter(kind=ASK, subject_id=event.key, recipient=invite.attendee)
    if asked.filter(created_at__gt=now - ASK_PAUSE).exists():
        return False
    enqueue([draft(kind=ASK, recipient=invite.attendee, subject_id=event.key, facts={}, now=now)])
    return True


def accept(invite: Invite) -> None:
    """After a no the calendar shows the entry again, so it is kept up to date again. Under the lock."""
    if invite.state == InviteState.DECLINED:
        invite.state, invite.sent_partstat = InviteState.ACTIVE, invite.answer
        invite.save(update_fields=["state", "sent_partstat"])


def _seats(now: datetime) -> QuerySet[Registration]:
    coming = Registration.objects.filter(status=Status.CONFIRMED, session__starts_at__gt=now)
    return coming.filter(session__status=SessionStatus.SCHEDULED)


def _missing(now: datetime) -> QuerySet[Registration]:
    """Returns seats of people who have no entry yet and would want one; people who declined it are not asked again."""
    if not settings.ICAL_UMBRELLA:
        return Registration.objects.none()
    known = Invite.objects.filter(umbrella_of=OuterRef("session__event"), attendee=OuterRef("attendee"))
    here = Exists(known.exclude(state=InviteState.CANCELLED))
    conferences = Q(session__event__seat_scope=SeatScope.ROUND, session__event__status__in=BOOKABLE)
    wanted = Q(session__event__is_discreet=False, attendee__calendar_preference=CalendarPreference.INVITE)
    return _seats(now).filter(conferences & wanted & ~here)


def _alive(now: datetime) -> QuerySet[Invite]:
    """Returns entries of conferences that are not over. `told`: the facts of the last mail about their days."""
    mine = Message.objects.filter(recipient=OuterRef("attendee"), thread=OuterRef("uid"), kind__in=(HERE, CHANGED))
    told = mine.order_by("-pk").values("facts")
    coming = Session.objects.filter(event=OuterRef("umbrella_of"), starts_at__gt=now)
    active = Invite.objects.filter(state=InviteState.ACTIVE, umbrella_of__isnull=False)
    return active.filter(Exists(coming)).annotate(told=Subquery(told[:1])).order_by("pk")


def _astray(now: datetime) -> QuerySet[Invite]:
    """Returns entries of people who have no seat there any more or changed their address; once the setting is off, all
    entries.
    """
    seats = Registration.objects.filter(status=Status.CONFIRMED, session__status__in=TAKING_PLACE)
    here = Exists(seats.filter(session__event=OuterRef("umbrella_of"), attendee=OuterRef("attendee")))
    alive = _alive(now)
    return alive.filter(~here | ~Q(address=F("attendee__email"))) if settings.ICAL_UMBRELLA else alive


def _begin(seats: QuerySet[Registration], event: Event, days: dict[str, str], now: datetime) -> None:
    if not days:
        return
    people = User.objects.filter(pk__in=seats.values("attendee")).order_by("pk")
    invites = [
        Invite(
            umbrella_of=event,
            attendee=person,
            slot=event.key,
            address=person.email,
            stamped_at=now,
            sent_partstat=settings.ICAL_INITIAL_PARTSTAT,
        )
        for person in people
    ]
    Invite.objects.bulk_create(invites)
    enqueue([_mail(invite, event, HERE, days, now) for invite in invites])


def _told_of_other_days(event: Event, days: dict[str, str], now: datetime) -> list[Invite]:
    """Returns the entries that may move by now. While changes wait to be sent, an entry waits with them, but only as
    long as a session would with the earlier of its old and new start.
    """
    moved = _of_other_days(event, days, now)
    if not moved or not unsent.about_event(event, now).exists():
        return moved
    starts = {
        invite: min(datetime.fromisoformat(said["starts_at"]) for said in (days, _told(invite))) for invite in moved
    }
    return [invite for invite, start in starts.items() if not collected_until(event, starts_at=start, now=now)]


def _move(moved: list[Invite], event: Event, days: dict[str, str], now: datetime) -> None:
    for invite in moved:
        advance(invite, now)
        invite.asked_sequence = invite.sequence
        invite.sent_partstat = next_partstat(invite, invite.attendee)
    Invite.objects.bulk_update(moved, COLUMNS)
    enqueue([_mail(invite, event, CHANGED, days, now) for invite in moved])


def _end(invites: Iterable[Invite], event: Event, now: datetime) -> None:
    """The mail has the days that the calendar shows, because by now there may be none."""
    gone = list(invites)
    people = User.objects.in_bulk([invite.attendee_id for invite in gone])
    for invite in gone:
        advance(invite, now)
        invite.state, invite.attendee = InviteState.CANCELLED, people[invite.attendee_id]
    Invite.objects.bulk_update(gone, COLUMNS)
    enqueue([_mail(invite, event, LEFT, _told(invite), now) for invite in gone])


def _of_other_days(event: Event, days: dict[str, str], now: datetime) -> list[Invite]:
    invites = _alive(now).filter(umbrella_of=event).select_related("attendee")
    return [invite for invite in invites if days and _told(invite) and days != _told(invite)]


def _told(invite: Invite) -> dict[str, str]:
    facts: dict[str, Any] = getattr(invite, "told", None) or {}
    return {name: facts[name] for name in ("starts_at", "ends_at", "timezone") if name in facts}


def _days_of(event: Event) -> dict[str, str]:
    """Returns the midnight before the first session and the one after the last, in local time: whole days in a calendar
    (R19).
    """
    sessions = list(event.sessions.filter(status__in=TAKING_PLACE).order_by("starts_at", "pk"))
    if not sessions:
        return {}
    zone = sessions[0].zone
    first = sessions[0].starts_at.astimezone(zone).date()
    last = max(session.ends_at for session in sessions).astimezone(zone)
    after = last.date() + timedelta(days=last.time() != time.min)
    starts_at, ends_at = (datetime.combine(day, time.min, zone).isoformat() for day in (first, after))
    return {"starts_at": starts_at, "ends_at": ends_at, "timezone": zone.key}


def _mail(invite: Invite, event: Event, kind: str, days: dict[str, str], now: datetime) -> Message:
    facts = days | {"invite": notifications.facts_of_entry(invite)}
    message = draft(kind=kind, recipient=invite.attendee, subject_id=event.key, facts=facts, thread=invite.uid, now=now)
    message.address = invite.address
    return message
