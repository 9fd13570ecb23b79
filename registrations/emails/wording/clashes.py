from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from events.enums import SessionStatus
from project.database.prepared import PreparedRead
from registrations.emails.wording.times import hours
from registrations.emails.wording.titles import titled
from registrations.models import Registration

if TYPE_CHECKING:
    from registrations.emails.context import MailContext
    from registrations.querysets import RegistrationQuerySet


def clash_of(registration: Registration) -> Registration | None:
    """Returns the person's earliest seat elsewhere at the same time. Never one of the same slot: a swap gives that one
    up.
    """
    session = registration.session
    found = _at_the_same_time(
        attendee=registration.attendee_id,
        slot=registration.slot,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
    )
    return next(iter(found), None)


def _seats_meanwhile(attendee: int, slot: UUID, starts_at: datetime, ends_at: datetime) -> RegistrationQuerySet:
    seats = Registration.objects.holding_a_seat().filter(attendee=attendee).exclude(slot=slot)
    meanwhile = seats.filter(
        session__starts_at__lt=ends_at, session__ends_at__gt=starts_at, session__status=SessionStatus.SCHEDULED
    )
    return meanwhile.select_related("session__event").order_by("session__starts_at", "pk")[:1]


_at_the_same_time = PreparedRead(_seats_meanwhile, attendee=int, slot=UUID, starts_at=datetime, ends_at=datetime)


def clash_sentence(context: MailContext) -> str:
    """Warns and never blocks (product S2). Uses the time zone of the mail's own session; a discreet session is never
    named.
    """
    clash = clash_of(context.registration) if context.kind.tells_of_clashes else None
    if clash is None:
        return ""
    other = clash.session
    spoken = {"title": titled(other), "hours": hours(other.starts_at, other.ends_at, context.session.timezone)}
    if other.event.is_discreet or context.is_discreet:
        return _("At that time you also have a seat at another session, %(hours)s.") % spoken
    return _("At that time you also have a seat at %(title)s, %(hours)s.") % spoken
