"""How the pages put waiting, offers, swaps and the history of a claim into words. The mails say the same
(registrations.emails).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from project.text.texts import nameable
from registrations import emails
from registrations.emails.wording.clashes import clash_of
from registrations.emails.wording.times import hours, point
from registrations.enums import Action, Status
from registrations.rules import comes_once

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from events.models import Event, Session
    from registrations.emails.wording.promotion import Step
    from registrations.models import Registration, RegistrationLog
    from registrations.rules import Standing
    from registrations.services.pages.odds import Odds

register = template.Library()

TOLD: dict[str, _StrPromise] = {
    Action.CONFIRMED: gettext_lazy("You took a seat."),
    Action.WAITLISTED: gettext_lazy("You joined the waiting list."),
    Action.PROMOTED: gettext_lazy("A seat came free. You were next, so we booked it for you."),
    Action.CANCELLED: gettext_lazy("You gave your seat back."),
    Action.LEFT: gettext_lazy("You stopped waiting for this date."),
    Action.OFFERED: gettext_lazy("A seat came free. You were next, so we offered it to you."),
    Action.ACCEPTED: gettext_lazy("You said yes to the seat."),
    Action.DECLINED: gettext_lazy("You said no to the seat. Your other dates stay as they were."),
    Action.WITHDRAWN: gettext_lazy("The invitation was withdrawn. You don’t need to do anything."),
    Action.EXPIRED: gettext_lazy(
        "Your time to answer had passed, so we stopped holding the seat for you. Your other dates stay as they were."
    ),
    Action.OPENED: gettext_lazy("We told you that a seat was free for whoever takes it first."),
    Action.OFFER_LOST: gettext_lazy("The date changed, and the offer could not stand. You wait where you were before."),
    Action.SWAP_WANTED: gettext_lazy("You asked to move your seat to this date, and kept the one you had."),
    Action.SWAPPED_AWAY: gettext_lazy("Your seat moved to another date."),
    Action.SWAPPED_HERE: gettext_lazy("Your seat moved here from another date."),
    Action.EXCHANGED: gettext_lazy("You swapped dates with somebody who wanted yours."),
    Action.REQUESTED: gettext_lazy("You asked for a seat."),
    Action.APPROVED: gettext_lazy("An organiser said yes to your request."),
    Action.REFUSED: gettext_lazy("An organiser could not give you a seat on this date."),
    Action.SEATED: gettext_lazy("An organiser gave you a seat."),
    Action.PRIORITIZED: gettext_lazy("An organiser changed your place in the queue."),
    Action.SUPERSEDED: gettext_lazy("You got a seat on another date, so you left the waiting list here."),
    Action.HAS_BEEN: gettext_lazy("You came on another date, so you left the waiting list here."),
    Action.SESSION_CANCELLED: gettext_lazy("The session was cancelled."),
    Action.REINSTATED: gettext_lazy("The session takes place after all, so you have this back."),
    Action.WALKED_IN: gettext_lazy("You came without a seat and were welcome."),
    Action.CHECKED_IN: gettext_lazy("You were welcomed at the door."),
    Action.STILL_COMING: gettext_lazy("You said that you still come."),
    Action.CALENDAR_DECLINED: gettext_lazy("You declined in your calendar."),
    Action.CALENDAR_KEPT: gettext_lazy("You kept your seat after all."),
    Action.UNCHECKED: gettext_lazy("Your check-in was taken back."),
    Action.MARKED_ABSENT: gettext_lazy("You were not there. That has no consequences for you."),
}


@register.filter
def happened(entry: RegistrationLog, registration: Registration) -> str:
    """Returns one row of a claim's history, addressed to its person. Names nobody except the colleague who invited
    them.
    """
    if entry.action == Action.OFFERED and registration.is_from_colleague:
        return gettext("%(name)s invited you, and a seat was held for you.") % {"name": inviter(registration)}
    if entry.action == Action.WAITLISTED and entry.actor_id is None:
        return gettext("This date was added to those you wait for, as you wait for any date.")
    if entry.action == Action.APPROVED and entry.status == Status.WAITLISTED:
        return gettext(
            "An organiser said yes to your request. No seat was free, so you wait from the moment you asked."
        )
    if entry.action == Action.CALENDAR_DECLINED and entry.status == Status.CANCELLED:
        return gettext("You declined in your calendar, so your seat went back.")
    if entry.action == Action.REINSTATED and entry.status == Status.CANCELLED:
        return gettext("The session takes place after all. You had decided otherwise by then.")
    return str(TOLD[entry.action])


@register.filter
def inviter(registration: Registration) -> str:
    """Returns only "A colleague" once that person's account is gone."""
    colleague = registration.invited_by
    return (nameable(colleague.name) if colleague else "") or gettext("A colleague")


@register.filter
def may_come_again(claim: Registration) -> bool:
    """Returns whether a past claim invites to another date. The event of a discreet session is not named beside it."""
    event = claim.session.event
    has_more: bool = getattr(claim, "has_more_dates", False)
    return has_more and not event.is_discreet and not (claim.has_attended and comes_once(event))


@register.filter
def chance(odds: dict[int, Odds], registration: Registration) -> str:
    """Returns how people at about the same place fared; nothing if too few did. Small numbers are told in words."""
    found = odds.get(registration.pk) if odds else None
    if found is None:
        return ""
    numbers = {"people": found.people, "seated": found.seated}
    if found.is_exact:
        said = gettext("Of the last %(people)d people who joined at about this place in line, %(seated)d got a seat.")
    elif found.are_good:
        said = gettext("Nearly everybody of the last %(people)d who joined at about this place in line got a seat.")
    else:
        said = gettext("Of the last %(people)d people who joined at about this place in line, few got a seat.")
    return said % numbers


@register.filter
def at_session(moment: datetime, session: Session) -> str:
    """Returns a moment as people say it, in the time zone of the session."""
    return point(moment, session.timezone)


@register.filter
def answer_before(registration: Registration) -> str:
    """Returns until when an offer holds, in the time zone of its session."""
    until = registration.offer_expires_at
    return point(until, registration.session.timezone) if until else ""


@register.filter
def clash(row: Standing) -> str:
    """Returns a sentence about the reader's seat elsewhere at the same time, in the time zone of this session; a
    discreet session is never named (product S2).
    """
    if row.clash is None:
        return ""
    other = row.clash.session
    spoken = {"title": other.title, "hours": hours(other.starts_at, other.ends_at, row.session.timezone)}
    if other.event.is_discreet:
        return gettext("At that time you also have a seat at another session, %(hours)s.") % spoken
    return gettext("At that time you also have a seat at %(title)s, %(hours)s.") % spoken


@register.filter
def unnamed_clash(registration: Registration) -> str:
    """For a page that opens without signing in: says that there is a seat elsewhere at the same time, but not which."""
    other = clash_of(registration)
    if other is None:
        return ""
    spoken = {"hours": hours(other.session.starts_at, other.session.ends_at, registration.session.timezone)}
    return gettext("At that time you also have a seat at another session, %(hours)s.") % spoken


@register.simple_tag
def promotion_sentence(event: Event) -> str:
    return emails.promotion_sentence(event)


@register.filter
def promotion_steps(session: Session) -> list[Step]:
    return emails.promotion_steps(session, timezone.now())


@register.filter
def other_dates(row: Standing, rows: Iterable[Standing]) -> list[Standing]:
    """Returns the dates of the slot to which a seat could move, now or when a seat comes free there."""
    return [other for other in rows if other.session.slot == row.session.slot and other.can_swap and other.can_choose]
