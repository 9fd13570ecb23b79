from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from events.models import Event


def promotion_sentence(event: Event) -> str:
    """What happens to a seat that comes free, depending on the time until the start: an event's table in one sentence
    (product Q4).
    Pages and mails use the same words. They follow `rules.clock.window`, which makes the decision.
    """
    if not event.seated_until_hours:
        return _("A free seat is booked for you at once, until the start.")
    clauses = [_at_once(event.seated_until_hours)]
    has_offers = event.offer_working_hours and event.seated_until_hours > event.offered_until_hours
    if not has_offers:
        clauses.append(_("later it goes to whoever takes it first"))
    else:
        clauses.append(_offered(event.offer_working_hours))
        if event.offered_until_hours:
            clauses.append(_at_the_end(event.offered_until_hours))
    return "; ".join(clauses) + "."


def _at_once(hours: int) -> str:
    words = ngettext(
        "More than %(hours)d hour before the start a free seat is booked for you at once",
        "More than %(hours)d hours before the start a free seat is booked for you at once",
        hours,
    )
    return words % {"hours": hours}


def _offered(hours: int) -> str:
    words = ngettext(
        "later we offer it and you have up to %(hours)d working hour to answer",
        "later we offer it and you have up to %(hours)d working hours to answer",
        hours,
    )
    return words % {"hours": hours}


def _at_the_end(hours: int) -> str:
    words = ngettext(
        "in the last %(hours)d hour it goes to whoever takes it first",
        "in the last %(hours)d hours it goes to whoever takes it first",
        hours,
    )
    return words % {"hours": hours}
