"""Reminders, and the question "still coming?" (product K5). Both are decided again when the mail is rendered: no mail
is sent about a seat that was given back meanwhile.

Neither changes a seat, so the waiting list is not settled first. The lock protects `reminded_at` and `asked_at`, so
that nobody gets either mail twice.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from events.enums import SessionStatus
from events.models import Session
from project.batches import each_in_turn
from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from project.outbox.services.messages import draft, enqueue
from registrations.enums import Action, InviteState, Source, Status
from registrations.models import Invite, Registration
from registrations.querysets import annotate_seats
from registrations.rules.reminders import day_of, heard_long_ago, is_time_to_ask, is_time_to_remind, seated_long_ago
from registrations.services.calendar import notifications
from registrations.services.lock import lock_event, lock_registration
from registrations.services.refusals import UnableToRegister
from registrations.services.seats import claims

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from events.models import Event
    from events.querysets import SessionQuerySet
    from project.accounts.models import User
    from registrations.querysets import RegistrationQuerySet

AT_ONCE = 200  # mails per transaction, so that the lock of a large event is held only briefly
REMINDED_WITHIN = timedelta(days=2)  # a reminder is at most 41 hours before the start
ASKED_WITHIN = timedelta(days=14)  # three working days, also around Christmas
TELL_ALL = (
    *notifications.CHANGES,
    notifications.CONFIRMED,
    "registration-promoted",
    notifications.REINSTATED,
    "registration-swapped",
    "appointment-here",
)
UNTOLD = (MessageStatus.DROPPED, MessageStatus.FAILED)


def remind_everybody(*, now: datetime) -> None:
    """Writes all reminders and questions that are due. Safe to run twice, even at the same time: each transaction
    covers one event.
    """
    each_in_turn(events_to_remind(now), lambda event_id: _all(remind, event_id, now), name="remind")
    each_in_turn(events_to_ask(now), lambda event_id: _all(ask_who_still_comes, event_id, now), name="ask_still_coming")


def _all(write: Callable[..., bool], event_id: int, now: datetime) -> None:
    while write(event_id=event_id, now=now):
        pass


def events_to_remind(now: datetime) -> list[int]:
    """Returns the events with seats that are due a reminder, always in the same order, so that of two schedulers one
    follows the other.
    """
    return _events_of(_to_remind(_reminding(Session.objects.all(), now)))


def remind(*, event_id: int, now: datetime) -> bool:
    """Writes the due reminders of one event, at most `AT_ONCE`, each once. Returns whether there may be more.

    One mail reminds a person of everything they have on that day, including seats of other events, which then get no
    mail of their own. Discreet sessions are included only for people who asked for that, in a neutral mail of their own
    (specs/privacy.md 3).
    """
    with transaction.atomic(durable=True):
        event = lock_event(pk=event_id)
        sessions = _reminding(Session.objects.filter(event=event).select_related("venue"), now)
        due = _locked(_to_remind(sessions), sessions, event)
        messages = _reminders(due, event, now)
        Registration.objects.filter(pk__in=[seat.pk for seat in due]).update(reminded_at=now)
        enqueue(messages)
    return len(due) == AT_ONCE


def events_to_ask(now: datetime) -> list[int]:
    return _events_of(_to_ask(_asking(Session.objects.all(), now)))


def ask_who_still_comes(*, event_id: int, now: datetime) -> bool:
    """Asks people with a seat at a full session, for which others wait, whether they still come; each once, at most
    `AT_ONCE` now. Returns whether there may be more. Not answering leaves the seat as it is.
    """
    with transaction.atomic(durable=True):
        event = lock_event(pk=event_id)
        sessions = _asking(Session.objects.filter(event=event).select_related("venue"), now)
        due = _locked(_to_ask(sessions), sessions, event)
        Registration.objects.filter(pk__in=[seat.pk for seat in due]).update(asked_at=now)
        notifications.tell([(seat, None) for seat in due], kind="still-coming", now=now)
    return len(due) == AT_ONCE


def say_still_coming(*, registration_key: UUID, now: datetime) -> Registration:
    """Records in the log that the person still comes; the seat stays as it is. Idempotent.

    Raises `UnableToRegister`: `expired` if there is no seat any more, `started`.
    """
    with transaction.atomic(durable=True):
        registration = lock_registration(registration_key)
        if not registration.is_confirmed:
            raise UnableToRegister("expired")
        if now >= registration.session.starts_at:
            raise UnableToRegister("started")
        if not said_yes(registration):
            claims.record([registration], action=Action.STILL_COMING, actor=registration.attendee, now=now)
    return registration


def said_yes(registration: Registration) -> bool:
    """Returns whether they said yes since they were last asked: a yes to another time of the session does not count."""
    answers = registration.log.filter(action=Action.STILL_COMING)
    return answers.filter(at__gte=registration.asked_at).exists() if registration.asked_at else answers.exists()


def _reminding(sessions: SessionQuerySet, now: datetime) -> list[Session]:
    return _due(sessions, now, REMINDED_WITHIN, is_time_to_remind)


def _asking(sessions: SessionQuerySet, now: datetime) -> list[Session]:
    """Returns the full sessions for which somebody waits. Discreet sessions are left out, because they send as few
    unrequested mails as possible.
    """
    open_ones = sessions.filter(event__is_discreet=False)
    full = annotate_seats(open_ones, now).filter(seats_left=0, waiting_count__gt=0)
    return _due(cast("SessionQuerySet", full), now, ASKED_WITHIN, is_time_to_ask)


def _due(
    sessions: SessionQuerySet, now: datetime, within: timedelta, is_due: Callable[[Session, datetime], bool]
) -> list[Session]:
    coming = sessions.filter(status=SessionStatus.SCHEDULED, starts_at__gt=now, starts_at__lt=now + within)
    return [session for session in coming.select_related("event") if is_due(session, now)]


def _to_remind(sessions: Iterable[Session]) -> RegistrationQuerySet:
    """Returns the seats at these sessions without a reminder. Leaves out people who had a full mail about the session
    shortly before, because they had just got the seat or something had changed.
    """
    seats = _seats(sessions, heard_long_ago).filter(reminded_at__isnull=True)
    return seats.filter(Q(session__event__is_discreet=False) | Q(attendee__wants_discreet_reminders=True))


def _to_ask(sessions: Iterable[Session]) -> RegistrationQuerySet:
    return _seats(sessions, seated_long_ago).filter(asked_at__isnull=True)


def _seats(sessions: Iterable[Session], until: Callable[[Session], datetime]) -> RegistrationQuerySet:
    """Returns the seats at these sessions about which nothing has been sent since a given moment of each session, and
    that nobody is about to give back: people who declined in the calendar are asked about that instead. Only mails
    count, and not before they are due, which for a conference may be weeks after they were written. A change of the
    calendar entry does not count, because that also happens without a mail, for example if a session moved and moved
    back.
    """
    groups: dict[datetime, list[int]] = defaultdict(list)
    for session in sessions:
        groups[until(session)].append(session.pk)
    leaving = Invite.objects.filter(registration=OuterRef("pk"), state=InviteState.ACTIVE, release_at__isnull=False)
    told = Message.objects.filter(subject_id=OuterRef("key"), kind__in=TELL_ALL).exclude(status__in=UNTOLD)
    wanted = Q(pk__in=[])
    for moment, keys in groups.items():
        heard = told.filter(due_at__gt=moment)
        wanted |= Q(~Exists(heard), session__in=keys, confirmed_at__lte=moment)
    seats = Registration.objects.filter(wanted, ~Exists(leaving), status=Status.CONFIRMED, attendee__is_active=True)
    return seats.exclude(source=Source.WALK_IN)


def _events_of(seats: RegistrationQuerySet) -> list[int]:
    return sorted(set(seats.values_list("session__event", flat=True).order_by()))


def _locked(seats: RegistrationQuerySet, sessions: Sequence[Session], event: Event) -> list[Registration]:
    """Returns the first `AT_ONCE` of the seats as they are under the lock, those of one person together."""
    here = {session.pk: session for session in sessions}
    found = list(seats.select_related("attendee").order_by("attendee", "session__starts_at", "pk")[:AT_ONCE])
    for seat in found:
        seat.session = here[seat.session_id]
        seat.session.event = event
    return found


def _reminders(due: Sequence[Registration], event: Event, now: datetime) -> list[Message]:
    """Returns one mail for each person and day, unless a mail about that day was sent before."""
    first = {(seat.attendee_id, day_of(seat.session)): seat for seat in reversed(due)}
    days = _days_of(due, event)
    return [
        _reminder(seat, len(days[day]), now)
        for day, seat in reversed(first.items())
        if not any(other.reminded_at for other in days[day])
    ]


def _days_of(due: Sequence[Registration], event: Event) -> dict[tuple[int, object], list[Registration]]:
    """Returns everything that these people have on these days, by person and day; open and discreet sessions are kept
    apart.
    """
    days: dict[tuple[int, object], list[Registration]] = defaultdict(list)
    if not due:
        return days
    moments = [seat.session.starts_at for seat in due]
    near = Q(
        session__starts_at__gt=min(moments) - timedelta(days=1), session__starts_at__lt=max(moments) + timedelta(days=1)
    )
    seats = Registration.objects.filter(near, attendee__in={seat.attendee_id for seat in due}, status=Status.CONFIRMED)
    alike = seats.filter(session__event__is_discreet=event.is_discreet, session__status=SessionStatus.SCHEDULED)
    for seat in alike.select_related("session"):
        days[seat.attendee_id, day_of(seat.session)].append(seat)
    return days


def _reminder(seat: Registration, number: int, now: datetime) -> Message:
    """A mail about several sessions is rendered from what holds when it is sent."""
    person: User = seat.attendee
    kind, facts = ("reminder", notifications.facts_about(seat.session)) if number == 1 else ("reminders", {})
    message = draft(kind=kind, recipient=person, subject_id=seat.key, facts=facts, now=now)
    message.address = person.mail_address(is_discreet=seat.session.event.is_discreet)
    return message
