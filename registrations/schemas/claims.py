"""A person's own registrations, as the API says them (contract.md, "API, in short")."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from ninja import Field, Schema

from registrations.enums import Action, Status
from registrations.schemas.catalogue import SessionFacts

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from project.accounts.models import User
    from registrations.models import Registration, RegistrationLog
    from registrations.services.pages.standings import Claim


class RegistrationFacts(Schema):
    """One person's claim on one session."""

    id: UUID
    session: SessionFacts
    status: Status
    place: int | None = Field(
        description="The number on the waiting list, from 1; null when not waiting, and for discreet sessions."
    )
    replaces: UUID | None = Field(
        description="The `id` of your seat on another date, which is kept until this one is certain and then given "
        "back; else null."
    )
    offer_expires_at: datetime | None = Field(description="Until when an offered seat is held; ISO 8601 with offset.")
    created_at: datetime = Field(description="ISO 8601, with the offset of the session's own time zone.")

    @classmethod
    def of(cls, claim: Claim, reader: User) -> RegistrationFacts:
        registration, zone = claim.registration, claim.standing.session.zone
        expires_at = registration.offer_expires_at
        return cls(
            id=registration.key,
            session=SessionFacts.of(claim.standing, reader),
            status=Status(registration.status),
            place=claim.place,
            replaces=_seat_at_stake(registration),
            offer_expires_at=expires_at.astimezone(zone) if expires_at else None,
            created_at=registration.created_at.astimezone(zone),
        )


class RegistrationList(Schema):
    items: list[RegistrationFacts]
    count: int = Field(description="How many there are in all, on every page of the list.")


class Happening(Schema):
    """One change of a registration."""

    at: datetime = Field(description="ISO 8601, with the offset of the session's own time zone.")
    action: Action = Field(description="What happened.")
    status: Status = Field(description="The state after it.")
    reason: str = Field(description="What the organiser who did it gave as the reason; else empty.")

    @classmethod
    def of(cls, row: RegistrationLog, zone: ZoneInfo) -> Happening:
        return cls(at=row.at.astimezone(zone), action=Action(row.action), status=Status(row.status), reason=row.reason)


class RegistrationWithHistory(RegistrationFacts):
    """One person's claim on one session, and every change of it."""

    history: list[Happening] = Field(description="The oldest first.")

    @classmethod
    def with_history(cls, claim: Claim, reader: User) -> RegistrationWithHistory:
        zone = claim.standing.session.zone
        happened = [Happening.of(row, zone) for row in claim.registration.log.all()]
        return cls(**RegistrationFacts.of(claim, reader).model_dump(), history=happened)


def _seat_at_stake(registration: Registration) -> UUID | None:
    """A wish that has ended no longer replaces anything."""
    if registration.is_cancelled or registration.replaces is None:
        return None
    return registration.replaces.key
