"""The smallest valid things. Where a state is reached by a verb, tests call the verb."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from events.enums import EventKind, EventStatus
from events.models import Event, Session, Venue, slot_of
from events.services import search
from project.accounts.enums import Audience, AudienceSource, RoleKind
from project.accounts.models import Role, Unit, User

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_number = count(1)


def make_unit(code: str = "me", **overrides: Any) -> Unit:
    names = {"name_en": f"Faculty {code}", "name_nl": f"Faculteit {code}"}
    return Unit.objects.get_or_create(code=code, defaults=names | overrides)[0]


def make_person(**overrides: Any) -> User:
    number = next(_number)
    person = User.objects.create_user(overrides.pop("email", f"person{number}@demo.example"), joined_at=NOW)
    values: dict[str, Any] = {"name": f"Demo Person {number}", "audience": Audience.STAFF}
    values["audience_source"] = AudienceSource.SELF
    if "unit" not in overrides:
        values["unit"] = make_unit()
    for field, value in (values | overrides).items():
        setattr(person, field, value)
    person.save()
    return person


def make_people(number: int, **overrides: Any) -> list[User]:
    return [make_person(**overrides) for _ in range(number)]


def give_role(person: User, kind: RoleKind, *, unit: Unit | None = None, session: Session | None = None) -> User:
    Role.objects.create(user=person, kind=kind, unit=unit, session_key=session.key if session else None)
    return person


def make_organizer(*, unit: Unit | None = None) -> User:
    return give_role(make_person(), RoleKind.ORGANIZER, unit=unit)


def make_venue(**overrides: Any) -> Venue:
    number = next(_number)
    values = {"code": f"room-{number}", "name": "Aula", "room": f"Room {number}", "capacity": 200}
    return Venue.objects.create(**(values | overrides))


def make_event(**overrides: Any) -> Event:
    number = next(_number)
    values: dict[str, Any] = {
        "slug": f"event-{number}",
        "kind": EventKind.PERFORMANCE,
        "status": EventStatus.PUBLISHED,
        "title_en": f"Performance {number}",
        "title_nl": f"Voorstelling {number}",
        "created_at": NOW,
        "changed_at": NOW,
    }
    if "owner" not in overrides:
        values["owner"] = make_unit()
    return Event.objects.create(**(values | overrides))


def make_session(**overrides: Any) -> Session:
    """A session of two hours, ten days from `NOW`, with two seats."""
    event = overrides.pop("event", None) or make_event()
    starts_at = overrides.pop("starts_at", NOW + timedelta(days=10))
    values: dict[str, Any] = {
        "event": event,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "capacity": 2,
        "changed_at": NOW,
    }
    if "venue" not in overrides:
        values["venue"] = make_venue()
    session = Session(**(values | overrides))
    session.slot = slot_of(session)
    session.save()
    search.refresh(Session.objects.filter(pk=session.pk))
    return session
