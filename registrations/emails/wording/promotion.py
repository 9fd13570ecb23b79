"""What becomes of a seat that comes free, in words (product Q4). They follow `rules.clock`, which decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registrations.emails.wording.times import point
from registrations.rules import turning_points

if TYPE_CHECKING:
    from datetime import datetime

    from events.models import Event, Session


def promotion_sentence(event: Event) -> str:
    """Returns the rule of the waiting list in one or two sentences, the same on pages and in emails. When exactly
    it changes depends on the date: `promotion_steps`.
    """
    if not event.seated_until_hours:
        return _("When a seat comes free, it is yours and we email you.")
    if event.offer_working_hours and event.seated_until_hours > event.offered_until_hours:
        return _("When a seat comes free, it is yours and we email you. Close to the date we ask you first.")
    return _(
        "When a seat comes free, it is yours and we email you. Close to the date it goes to whoever takes it first."
    )


@dataclass(frozen=True)
class Step:
    """What becomes of a free seat during one stretch of time."""

    when: str
    what: str


def promotion_steps(session: Session, now: datetime) -> list[Step]:
    """Returns the rule of the waiting list for this very date: which stretches of time are still to come, and what
    happens in each.
    """
    turns = turning_points(session)
    begins = [(turns.offered_from, _offered(session.event)), (turns.open_from, _open())]
    starts: list[tuple[datetime | None, str]] = [(None, _at_once()), *(begin for begin in begins if begin[0])]
    ends = [begin for begin, _what in starts[1:]] + [None]
    return [
        Step(_stretch(begin, end, session, now), what)
        for (begin, what), end in zip(starts, ends, strict=True)
        if end is None or now < end
    ]


def _stretch(begin: datetime | None, end: datetime | None, session: Session, now: datetime) -> str:
    is_now = begin is None or begin <= now
    if is_now and end:
        return _("Until %(moment)s") % {"moment": point(end, session.timezone)}
    if is_now or begin is None:
        return _("Until sign-up closes") if session.last_moment < session.starts_at else _("Until the start")
    return _("From %(moment)s") % {"moment": point(begin, session.timezone)}


def _at_once() -> str:
    return _("A free seat is booked at once for the next person on the list, and we email them.")


def _offered(event: Event) -> str:
    words = ngettext(
        "We hold a free seat for the next person on the list and ask them by email. They have up to %(hours)d working "
        "hour to answer: Monday to Friday from 8:00 to 20:00, not on public holidays.",
        "We hold a free seat for the next person on the list and ask them by email. They have up to %(hours)d working "
        "hours to answer: Monday to Friday from 8:00 to 20:00, not on public holidays.",
        event.offer_working_hours,
    )
    return words % {"hours": event.offer_working_hours}


def _open() -> str:
    return _(
        "There is too little working time left to ask people one by one: a free seat goes to whoever takes it first. "
        "We email everybody who is waiting, but not between 22:00 and 7:00."
    )
