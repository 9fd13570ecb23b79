"""A person's own registrations, as the API says them (contract.md, "API, in short")."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from ninja import Field, Schema

from registrations.enums import Status
from registrations.schemas.catalogue import SessionFacts

if TYPE_CHECKING:
    from project.accounts.models import User
    from registrations.services.standings import Claim


class RegistrationFacts(Schema):
    """One person's claim on one session."""

    id: UUID
    session: SessionFacts
    status: Status
    place: int | None = Field(
        description="The number on the waiting list, from 1; null when not waiting, and for discreet sessions."
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
            offer_expires_at=expires_at.astimezone(zone) if expires_at else None,
            created_at=registration.created_at.astimezone(zone),
        )


class RegistrationList(Schema):
    items: list[RegistrationFacts]
    count: int = Field(description="How many there are in all, on every page of the list.")
