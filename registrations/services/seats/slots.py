"""A slot is filled by a seat on a date that is still to come or under way. Always under the lock.

Verbs first record which dates have ended (`waitlist.settle`), so nothing depends on when the scheduler last ran.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from events.enums import SessionStatus
from registrations.enums import Action, Status
from registrations.models import Invite, Registration
from registrations.rules import comes_once
from registrations.services.seats import claims

if TYPE_CHECKING:
    from datetime import datetime

    from events.models import Event
    from registrations.querysets import RegistrationQuerySet


def let_go(*, event: Event, now: datetime) -> None:
    """Records which dates of the event have ended, and frees their slots. A wish to swap a seat there becomes an
    ordinary wish, or ends if the person attended. Where people may come only once, all open wishes of people who
    attended end.
    """
    over = Q(session__ends_at__lte=now) | Q(session__status=SessionStatus.HELD)
    claims_there = Registration.objects.active().filter(over, session__event=event, fills_slot=True)
    ended = list(claims_there.values_list("pk", flat=True))
    if not ended:
        return
    wishes = Registration.objects.active().filter(session__event=event).exclude(pk__in=ended)
    swaps = wishes.filter(replaces__in=ended)
    done = swaps.waiting().filter(replaces__in=Registration.objects.attended())
    _end(done, now)
    Registration.objects.filter(pk__in=ended).update(fills_slot=False)
    Invite.objects.filter(registration__in=ended).update(fills_slot=False)
    swaps.update(replaces=None)
    if comes_once(event):
        open_wishes = wishes.filter(status__in=[Status.WAITLISTED, Status.REQUESTED], session__starts_at__gt=now)
        _end(open_wishes.filter(replaces__isnull=True).been(), now)


def _end(wishes: RegistrationQuerySet, now: datetime) -> None:
    ended = list(wishes.order_by("pk"))
    if ended:
        claims.end(ended, now)
        claims.record(ended, action=Action.HAS_BEEN, actor=None, now=now)


def somebody_goes_first(sessions: set[int]) -> set[int]:
    """Returns those of the sessions where people who have not attended another date wait and could take a seat: a free
    seat goes to them first.
    """
    if not sessions:
        return set()
    waiting = Registration.objects.queuing().filter(session__in=sessions).not_paused().in_a_wanted_language()
    return set(waiting.not_been().values_list("session", flat=True))
