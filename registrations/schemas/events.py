"""The things offered, as the API says them (contract.md, "API, in short")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from ninja import Field, Schema

from events.enums import ComingAgain, EventKind, EventStatus
from events.querysets import OPEN_TO_READ
from project.accounts.enums import Audience
from registrations.schemas.catalogue import AUDIENCES, UNITS, EventName, RoundFacts, SessionFacts

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from events.models import Event
    from project.accounts.models import User
    from registrations.rules import Standing


class Promotion(Schema):
    """What becomes of a seat that comes free while people wait. Hours are counted back from the start, or from the
    closing if that is earlier.
    """

    seated_until_hours: int = Field(description="With more hours than this to go, who is next gets the seat at once.")
    offered_until_hours: int = Field(
        description="Until this many hours before, who is next is offered the seat; after that it is for whoever "
        "takes it first."
    )
    offer_working_hours: int = Field(description="How many working hours there are to answer an offer.")

    @classmethod
    def of(cls, event: Event) -> Promotion:
        return cls(
            seated_until_hours=event.seated_until_hours,
            offered_until_hours=event.offered_until_hours,
            offer_working_hours=event.offer_working_hours,
        )


class EventFacts(EventName):
    """The thing offered."""

    status: EventStatus
    summary: str = Field(description="One sentence.")
    audiences: list[Audience] = Field(description=AUDIENCES)
    units: list[str] = Field(description=UNITS)
    organised_by: str = Field(description="The code of the unit.")
    discreet: bool = Field(description="Keep it out of subject lines, calendars and shared screens.")
    needs_approval: bool = Field(description="Signing up asks for a seat; an organiser approves.")
    coming_again: ComingAgain = Field(description="Whether people who have attended may come again.")
    prerequisite: str | None = Field(
        description="The slug of the event to take part in first; null if none, or if that one is not for everybody "
        "to read."
    )
    promotion: Promotion
    rounds: list[RoundFacts] = Field(description="Those of a conference, in order; else empty.")
    url: str = Field(description="The page of the event.")

    @classmethod
    def of(cls, event: Event) -> EventFacts:
        return cls(
            slug=event.slug,
            title=event.title,
            kind=EventKind(event.kind),
            status=EventStatus(event.status),
            summary=event.summary,
            audiences=[Audience(code) for code in event.audiences],
            units=list(event.units),
            organised_by=event.owner.code,
            discreet=event.is_discreet,
            needs_approval=event.needs_approval,
            coming_again=ComingAgain(event.coming_again),
            prerequisite=_slug_if_readable(event.prerequisite),
            promotion=Promotion.of(event),
            rounds=[RoundFacts.of(round_) for round_ in event.rounds.all()],
            url=f"{settings.BASE_URL}{event.get_absolute_url()}",
        )


class EventList(Schema):
    items: list[EventFacts]
    count: int = Field(description="How many there are in all, on every page of the list.")


class EventWithDates(EventFacts):
    """An event with its texts and the dates that still come."""

    description: str = Field(description="What to expect. Plain text; an empty line parts paragraphs.")
    content_note: str = Field(description="What may be hard about it; empty if nothing.")
    bring: str = Field(description="What to bring; empty if nothing.")
    aftercare: str = Field(description="What there is afterwards.")
    questions: str = Field(
        description="What people ask: each question on a line that ends with a question mark, its answer below it."
    )
    sessions: list[SessionFacts] = Field(description="Those that have not ended, by start.")

    @classmethod
    def with_dates(cls, event: Event, rows: list[Standing], reader: User | AnonymousUser) -> EventWithDates:
        return cls(
            **EventFacts.of(event).model_dump(),
            description=event.description,
            content_note=event.content_note,
            bring=event.bring,
            aftercare=event.aftercare,
            questions=event.questions,
            sessions=[SessionFacts.of(row, reader) for row in rows],
        )


def _slug_if_readable(event: Event | None) -> str | None:
    """The slug of a draft would reveal what is being planned."""
    return event.slug if event and event.status in OPEN_TO_READ else None
