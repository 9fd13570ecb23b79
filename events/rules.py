from __future__ import annotations

from typing import TYPE_CHECKING

from project.accounts.enums import Audience

if TYPE_CHECKING:
    from events.models import Session
    from project.accounts.models import User


def admits(session: Session, person: User) -> bool:
    """Whether the audience and unit of a person fit the session (product W2). The person's unit must be loaded."""
    return admits_audience(session, person) and admits_unit(session, person)


def admits_audience(session: Session, person: User) -> bool:
    wanted = session.admitted_audiences
    return not wanted or bool(person.audience and Audience(person.audience).admitted_as & set(wanted))


def admits_unit(session: Session, person: User) -> bool:
    wanted = session.admitted_units
    return not wanted or bool(person.unit and person.unit.code in wanted)
