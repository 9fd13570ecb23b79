"""Corrects a check-in of the wrong person: everything becomes what it was before, according to the log. Always under
the lock.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from project.outbox.services.messages import supersede
from registrations.enums import Action, CancelledBy, InviteState, Source, Status
from registrations.models import Invite, Registration
from registrations.services.calendar import invites
from registrations.services.seats import claims
from registrations.services.seats.availability import read_event_seats

if TYPE_CHECKING:
    from project.accounts.models import User

MOMENTS = ("confirmed_at", "offer_expires_at")
WISHES = (Status.WAITLISTED, Status.REQUESTED)
SEAT_MAILS = ("registration-confirmed", "registration-swapped")


def remember(registration: Registration | None) -> dict[str, Any]:
    """Returns what letting this person in is about to change, for `RegistrationLog.before`. If there is nothing to come
    back to, that is recorded as a cancelled claim.
    """
    if registration is None:
        return {"status": Status.CANCELLED}
    wishes = Registration.objects.of(registration.attendee).in_slot(registration.slot).filter(status__in=WISHES)
    return {
        "status": registration.status,
        "source": registration.source,
        "replaces": registration.replaces_id,
        "wants_any_date": registration.wants_any_date,
        "any_date_language": registration.any_date_language,
        "wishes": list(wishes.exclude(pk=registration.pk).order_by("pk").values_list("pk", flat=True)),
        **{name: moment.isoformat() for name in MOMENTS if (moment := getattr(registration, name))},
    }


def put_back(registration: Registration, *, actor: User, now: datetime) -> None:
    """Restores what the person had before: the request, the place in the queue with its wish to swap, or the offer if
    it has not expired; also the other wishes that the seat ended, and the seat that was given up for this one. If that
    seat is not free any more, the person keeps the seat here and nothing changes. What the person has decided since is
    left as it is.
    """
    before = _before(registration)
    if not before:
        return
    if registration.is_walk_in:
        _return_to(registration, before, now)
        return
    held = _given_up_for(before)
    if held and not _is_free_again(held, now):
        return
    _return_to(registration, before, now, held=held)
    _take_seat_back(registration, held, actor, now)
    _revive_wishes(registration, before, actor, now)


def _before(registration: Registration) -> dict[str, Any]:
    """Returns what was recorded by `remember`; empty if a person with a seat was checked in. For walk-ins from before
    this was recorded, returns at least the status from the log.
    """
    story = list(registration.log.all())
    ticked = next((row for row in reversed(story) if row.action == Action.CHECKED_IN), None)
    if ticked and ticked.before:
        return dict(ticked.before)
    if not registration.is_walk_in:
        return {}
    walked_in = next((number for number, row in enumerate(story) if row.action == Action.WALKED_IN), 0)
    return {"status": story[walked_in - 1].status if walked_in else Status.CANCELLED}


def _return_to(
    registration: Registration, before: dict[str, Any], now: datetime, *, held: Registration | None = None
) -> None:
    mine = Registration.objects.of(registration.attendee).in_slot(registration.slot).exclude(pk=registration.pk)
    seat = held or mine.filling_the_slot().filter(status=Status.CONFIRMED, session__ends_at__gt=now).first()
    status = _status_now(registration, before, seat, now)
    for name in MOMENTS:
        setattr(registration, name, datetime.fromisoformat(before[name]) if before.get(name) else None)
    registration.status, registration.source = status, before.get("source", Source.SELF)
    registration.replaces = seat if status in {Status.WAITLISTED, Status.OFFERED} else None
    registration.wants_any_date = status == Status.WAITLISTED and before.get("wants_any_date", False)
    registration.any_date_language = before.get("any_date_language", "") if registration.wants_any_date else ""
    if status != Status.OFFERED:
        registration.offer_expires_at = None
    if status == Status.CANCELLED:
        registration.cancelled_at, registration.cancelled_by = now, CancelledBy.HOUSE
    if status == Status.WAITLISTED:
        _join(registration, list(mine.waiting()))
    registration.save()


def _status_now(registration: Registration, before: dict[str, Any], seat: Registration | None, now: datetime) -> Status:
    """Returns the status to restore. An offer that has expired meanwhile becomes a place in the queue. For people who
    have found a seat on another date since, the claim here is cancelled.
    """
    status = Status(before["status"])
    if status == Status.OFFERED and datetime.fromisoformat(before["offer_expires_at"]) <= now:
        status = Status.WAITLISTED if registration.waitlisted_at else Status.CANCELLED
    return status if seat is None or seat.pk == before.get("replaces") else Status.CANCELLED


def _join(registration: Registration, wishes: list[Registration]) -> None:
    """All rows of one wish share the moment of joining and the priority; what the person has changed about the others
    since also applies to this one.
    """
    moments = [wish.waitlisted_at for wish in [registration, *wishes] if wish.waitlisted_at]
    registration.waitlisted_at = min(moments)
    for wish in wishes:
        registration.priority, wish.waitlisted_at = wish.priority, registration.waitlisted_at
        registration.wants_any_date = registration.wants_any_date and wish.wants_any_date
        registration.any_date_language = wish.any_date_language if registration.wants_any_date else ""
    Registration.objects.bulk_update(wishes, ["waitlisted_at"])


def _given_up_for(before: dict[str, Any]) -> Registration | None:
    """Returns the seat that was given up when the offer was accepted at the door."""
    related = ("attendee__unit", "session__event", "session__venue")
    return Registration.objects.select_related(*related).filter(pk=before["replaces"]).first()


def _is_free_again(held: Registration, now: datetime) -> bool:
    seats = read_event_seats(held.session.event, now=now).of(held.session_id)
    is_untouched = held.is_cancelled and list(held.log.all())[-1].action == Action.SWAPPED_AWAY
    return is_untouched and seats is not None and seats.free_for(held.attendee) > 0


def _take_seat_back(registration: Registration, held: Registration | None, actor: User, now: datetime) -> None:
    """Moves the calendar entry back to the seat it came from, or ends it. Nothing is sent about a seat that nobody has
    been told of yet.
    """
    if held:
        held.status, held.cancelled_at, held.cancelled_by = Status.CONFIRMED, None, ""
        held.save(update_fields=["status", "cancelled_at", "cancelled_by"])
        claims.record([held], action=Action.UNCHECKED, actor=actor, now=now)
        invites.transfer([(registration, held)], now=now)
        return
    entries = Invite.objects.filter(registration=registration, state=InviteState.ACTIVE)
    if supersede(kinds=SEAT_MAILS, threads=entries.values_list("uid", flat=True), subjects=[registration.key]):
        entries.update(state=InviteState.CANCELLED)
    else:
        invites.withdraw([registration], kind="door-mistake", now=now)


def _revive_wishes(registration: Registration, before: dict[str, Any], actor: User, now: datetime) -> None:
    """Restores the wishes that have not changed in any other way since."""
    ended = Registration.objects.filter(pk__in=before.get("wishes", []), status=Status.CANCELLED)
    taken = set(Registration.objects.active().of(registration.attendee).values_list("session", flat=True))
    revived = []
    for wish in ended.select_related("attendee", "session"):
        *_, was, last = list(wish.log.all())
        if last.action == Action.SUPERSEDED and wish.session.starts_at > now and wish.session_id not in taken:
            wish.status, wish.cancelled_at, wish.cancelled_by = was.status, None, ""
            wish.replaces = registration.replaces if was.status == Status.WAITLISTED else None
            revived.append(wish)
    Registration.objects.bulk_update(revived, ["status", "cancelled_at", "cancelled_by", "replaces"])
    claims.record(revived, action=Action.UNCHECKED, actor=actor, now=now)
