from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.db.models import Case, Value, When

from registrations.querysets import annotate_admission, eligible_for
from registrations.services.pages import catalogue
from registrations.services.pages.standings import standings, with_a_seat

if TYPE_CHECKING:
    from datetime import datetime

    from events.models import Event, Session
    from project.accounts.models import User
    from registrations.rules import Standing

SHOWN = 3
LOOKED_AT = 60  # dates: a long series among them must not leave room for nothing else


def similar(*, event: Event, person: User | None, now: datetime) -> list[Standing]:
    """Returns the nearest date of up to three other events on which this reader could have a seat now; those of the
    same kind first. Never a discreet one. The same number of statements whatever there is.
    """
    others = catalogue.upcoming(now).filter(event__is_discreet=False).exclude(event=event)
    free = with_a_seat(others, person, now)
    free = eligible_for(free, person, now) if person else free
    is_same_kind = Case(When(event__kind=event.kind, then=Value(0)), default=Value(1))
    nearest = annotate_admission(free, person, now).order_by(is_same_kind, "starts_at", "pk")[:LOOKED_AT]
    rows = standings(sessions=cast("list[Session]", list(nearest)), person=person, now=now)
    return _one_each([row for row in rows if row.can_sign_up and not row.is_full])[:SHOWN]


def _one_each(rows: list[Standing]) -> list[Standing]:
    first: dict[int, Standing] = {}
    for row in rows:
        first.setdefault(row.session.event_id, row)
    return list(first.values())
