"""Seats that were declined in the calendar: they are given back after a while, and until then one click keeps them
(specs/calendar.md 5.4.6).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from events.enums import SessionStatus
from events.models import Session
from registrations.enums import Action, Answer, CancelledBy, InviteState
from registrations.models import Invite, Registration
from registrations.rules import is_late, why_not
from registrations.services.attending.booking import Asking
from registrations.services.calendar import invites, shown
from registrations.services.lock import lock_event, lock_event_of
from registrations.services.seats import claims, waitlist

if TYPE_CHECKING:
    from uuid import UUID

    from events.models import Event

GRACE = timedelta(minutes=15)
NO_GRACE_WITHIN = timedelta(hours=2)  # of the start: the next person needs the time more
ANSWERED = ("answer", "answered_at", "answered_sequence", "answered_stamp", "answered_with", "answered_by")
RELATED = (
    "registration__attendee__unit",
    "registration__session__event",
    "registration__session__venue",
    "registration__session__round",
    "attendee",
    "hosted__event",
    "umbrella_of",
)


def lock_invite(*, invite_id: int, now: datetime) -> Invite:
    """Locks and settles the event of an invite and only then reads the invite, because a swap may have moved it to
    another date meanwhile.

    Raises `Invite.DoesNotExist`.
    """
    event = _lock_event(Invite.objects.select_related(*RELATED).get(pk=invite_id))
    waitlist.settle(event=event, now=now)
    return Invite.objects.select_related(*RELATED).get(pk=invite_id)


def _lock_event(invite: Invite) -> Event:
    return lock_event(pk=invite.umbrella_of_id) if invite.umbrella_of_id else lock_event_of(session_of(invite).key)


def session_of(invite: Invite) -> Session:
    """Returns the session of the seat, or the one that the person leads. Raises `Session.DoesNotExist` for the entry of
    a whole conference.
    """
    session = invite.registration.session if invite.registration else invite.hosted
    if session is None:
        raise Session.DoesNotExist
    return session


def decline_seat(invite: Invite, *, comment: str, now: datetime) -> str:
    """Acts on a DECLINED as the setting `ON_DECLINE` says. Under the lock. Returns a code for what it did:

    `releasing` (the seat is given back in a while), `released` (at once, because the start is so close), `asked` (by
    mail), `noted` (nothing to give back, or declines are ignored).
    """
    registration = invite.registration
    if registration is None or not _can_be_given_back(invite, now):
        return "noted"
    if settings.ON_DECLINE == "ignore":
        return "noted"
    if settings.ON_DECLINE == "ask":
        shown.tell(registration, kind="reply-ask", comment=comment, now=now)
        return "asked"
    if registration.session.starts_at - now <= NO_GRACE_WITHIN:
        _give_back(invite, registration, at=now, now=now, comment=comment)
        return "released"
    _begin_to_release(invite, registration, comment, now)
    return "releasing"


def seats_to_free(now: datetime) -> list[int]:
    """Returns the primary keys of the invites of declined seats whose time to keep them is over, the oldest first."""
    waiting = Invite.objects.filter(release_at__lte=now, state=InviteState.ACTIVE)
    return list(waiting.order_by("release_at", "pk").values_list("pk", flat=True))


def free_declined_seat(*, invite_id: int, now: datetime) -> None:
    """Frees the seat as of the moment it was due, so that a late scheduler makes no difference to anybody else. Safe to
    run twice.

    The seat is kept if the date has started meanwhile, because the person may be inside. If people were told meanwhile
    that the date moved, the answer was about another time, so a mail asks the person.
    """
    with transaction.atomic(durable=True):
        invite = lock_invite(invite_id=invite_id, now=now)
        if invite.release_at is None or invite.release_at > now or invite.state != InviteState.ACTIVE:
            return
        at, invite.release_at = invite.release_at, None
        invite.save(update_fields=["release_at"])
        registration = invite.registration
        if registration is None or not _can_be_given_back(invite, now):
            return
        if shown.answer_shown(invite) != Answer.DECLINED:
            shown.tell(registration, kind="reply-stale", now=now)
            return
        _give_back(invite, registration, at=at, now=now)
        waitlist.settle(event=registration.session.event, now=now)


def keep_seat(*, registration_key: UUID, now: datetime) -> Registration:
    """Undoes a decline. The seat stays, with a new calendar entry, because the calendar removed the old one
    (specs/calendar.md 3.8).

    If the seat has been given back already, the person gets one again if one is free and nobody waits; the new
    registration is returned then. If a cancelled registration is returned, there is no seat any more. Idempotent, and
    nothing changes once the session has started. Raises `UnableToRegister`: `expired`, `not-published`.
    """
    with transaction.atomic(durable=True):
        registration = waitlist.settled(registration_key=registration_key, now=now)
        latest = Invite.objects.select_related(*RELATED).filter(registration=registration).order_by("-pk").first()
        if latest is None or now >= registration.session.starts_at:
            return registration
        if latest.state == InviteState.DECLINED:
            return _again(registration, now) if registration.is_cancelled else registration
        if latest.state == InviteState.ACTIVE and registration.is_confirmed:
            _keep(latest, registration, now)
    return registration


def release_at(registration: Registration) -> datetime | None:
    """Returns until when a seat that was declined in the calendar can still be kept, or None."""
    going = Invite.objects.filter(registration=registration, state=InviteState.ACTIVE, release_at__isnull=False)
    return going.values_list("release_at", flat=True).first()


def was_released(registration: Registration) -> bool:
    """Returns whether the seat was given back because of an answer in the calendar, and not in another way."""
    declined = Invite.objects.filter(registration=registration, state=InviteState.DECLINED)
    return registration.is_cancelled and declined.exists()


def keep_in_calendar(invite: Invite, now: datetime) -> None:
    """The calendar says yes after its own no, so the entry is there again and stays in use. Under the lock.

    Changes since the no were told without an entry, so the calendar gets the current one now, which asks again if the
    time or place is another. A change that has not been told yet brings the entry along when it is sent.
    """
    registration, due_at = invite.registration, invite.release_at
    if registration is None or due_at is None:
        return
    invite.release_at = None
    if invite.answer == Answer.DECLINED:  # the yes was to a former time, so it does not count; but the no is over
        invite.answer = ""
    invite.save(update_fields=["release_at", "answer"])
    _log(registration, Action.CALENDAR_KEPT, now)
    if invite.stamped_at > due_at - GRACE and not invites.put_behind(registration, now=now):
        invites.repeat(registration, kind="registration-confirmed", now=now)


def seat_here(registration: Registration) -> Registration | None:
    """Returns the seat they have on this date by now, from an earlier click or otherwise."""
    mine = Registration.objects.of(registration.attendee).holding_a_seat().filter(session=registration.session)
    return mine.select_related("attendee", "session__event", "session__venue").first()


def take_again(registration: Registration, now: datetime) -> Registration | None:
    """Gives the person a new seat with a new calendar entry if one is free and nobody waits for it; otherwise returns
    None. Under the lock.
    """
    person = registration.attendee
    session, event_seats = waitlist.settled_for(session_key=registration.session.key, person=person, now=now)
    seats = event_seats.find(session.key)
    if (
        not person.is_active
        or seats is None
        or seats.waiting
        or not seats.free_for(person)
        or session.event.needs_approval
    ):
        return None
    asking = Asking.about(session, person, event_seats, now)
    if any(claim.fills_slot for claim in asking.mine) or asking.may_not_come_again or why_not(session, person, now):
        return None
    return claims.take_seat(session, person, mine=[], event_seats=event_seats, now=now)


def _again(registration: Registration, now: datetime) -> Registration:
    """A second click returns the seat that the first one took."""
    return take_again(registration, now) or seat_here(registration) or registration


def _keep(invite: Invite, registration: Registration, now: datetime) -> None:
    """A yes to a date that moved is only recorded. After a decline there is an entry to bring back, even if the date
    has moved since.
    """
    if invite.answer != Answer.DECLINED:
        invite.answer, invite.answered_sequence = Answer.ACCEPTED, invite.sequence
        invite.answered_at = invite.answered_stamp = now
        invite.answered_with, invite.answered_by = Answer.ACCEPTED, None
        invite.save(update_fields=ANSWERED)
        return
    _log(registration, Action.CALENDAR_KEPT, now)
    invites.renew([registration], kind="registration-confirmed", now=now)


def _can_be_given_back(invite: Invite, now: datetime) -> bool:
    """Returns whether the seat is still held, its date is still to come, and it is not being given back already."""
    registration = invite.registration
    if registration is None or invite.state != InviteState.ACTIVE or invite.release_at is not None:
        return False
    session = registration.session
    is_to_come = session.status == SessionStatus.SCHEDULED and now < session.starts_at
    return registration.is_confirmed and is_to_come and not registration.has_attended


def _begin_to_release(invite: Invite, registration: Registration, comment: str, now: datetime) -> None:
    invite.release_at = now + GRACE
    invite.save(update_fields=["release_at"])
    _log(registration, Action.CALENDAR_DECLINED, now, comment)
    until = invite.release_at.isoformat()
    shown.tell(registration, kind="reply-declined", release_at=until, comment=comment, now=now)


def _give_back(invite: Invite, registration: Registration, *, at: datetime, now: datetime, comment: str = "") -> None:
    """Frees the seat as any cancellation does, as of `at`. Whether that was late depends on when the person declined.
    No CANCEL is sent: the calendar knows (3.8).
    """
    declined_at = invite.answered_at or at
    registration.is_late_cancellation = is_late(registration.session, declined_at)
    registration.save(update_fields=["is_late_cancellation"])
    claims.end([registration], at, by=CancelledBy.PERSON)
    claims.let_wishes_stand_alone([registration])
    _log(registration, Action.CALENDAR_DECLINED, at, comment)
    more = {registration.pk: shown.known_of(registration) | {"comment": comment}}
    invites.drop([registration], kind="reply-released", more=more, now=now)
    waitlist.fill(event=registration.session.event, now=now, since=at)


def _log(registration: Registration, action: Action, now: datetime, reason: str = "") -> None:
    claims.record([registration], action=action, actor=registration.attendee, now=now, reason=reason)
