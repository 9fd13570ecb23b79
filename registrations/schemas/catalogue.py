"""What is on offer, as the API says it (contract.md, "API, in short")."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from django.conf import settings
from ninja import Field, Schema

from events.enums import EventKind, SessionLanguage, SessionStatus
from events.services import search
from project.accounts.enums import Audience
from project.accounts.services.roles import rights_of
from registrations.schemas.paging import Page

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from events.models import Event, Round, Session, Venue
    from events.querysets import EventQuerySet, SessionQuerySet
    from project.accounts.models import User
    from registrations.rules import Standing

AUDIENCES = "Who may come; empty: everybody. `STAFF` admits `PHD` and `MANAGER` too."
UNITS = "Codes of the units whose people may come; empty: of all units."


class EventChoice(Page):
    """Which events to list."""

    kind: EventKind | None = Field(None, description="Only events of this kind.")

    def narrow(self, events: EventQuerySet) -> EventQuerySet:
        return events.filter(kind=self.kind) if self.kind else events


class SessionChoice(Page):
    """Which sessions to list."""

    first_day: date | None = Field(
        None, alias="from", description="Only sessions that start on this day or later, by the clock in Amsterdam."
    )
    last_day: date | None = Field(
        None, alias="to", description="Only sessions that start on this day or earlier, by the clock in Amsterdam."
    )
    unit: str | None = Field(
        None, pattern="^[a-z0-9-]{1,20}$", description="Only sessions open to people of this unit, by its code."
    )
    kind: EventKind | None = Field(None, description="Only sessions of events of this kind.")
    q: str = Field(
        "",
        max_length=100,
        description="Only sessions that have each of these words, in any order, in their title, summary, description,"
        " room, kind, unit or "
        "language, in Dutch or English. Case, accents, apostrophes and hyphens do not matter; a mistyped word finds "
        "the nearest one.",
    )

    def narrow(self, sessions: SessionQuerySet) -> SessionQuerySet:
        chosen = search.mentioning(sessions.starting_between(self.first_day, self.last_day), self.q)
        if self.unit:
            chosen = chosen.admitting_unit(self.unit)
        return chosen.filter(event__kind=self.kind) if self.kind else chosen


class EventName(Schema):
    slug: str = Field(description="Names the event in addresses. Random for discreet events.")
    title: str = Field(description="In the language asked for, else in the other one.")
    kind: EventKind

    @classmethod
    def of(cls, event: Event) -> EventName:
        return cls(slug=event.slug, title=event.title, kind=EventKind(event.kind))


class VenueFacts(Schema):
    name: str = Field(description="The building.")
    room: str
    address: str

    @classmethod
    def of(cls, venue: Venue) -> VenueFacts:
        return cls(name=venue.name, room=venue.room, address=venue.address)


class RoundFacts(Schema):
    """In a conference: one of the times of the day, with sessions side by side of which one is chosen."""

    id: UUID
    number: int = Field(description="The rounds of an event are in this order.")
    title: str = Field(description="In the language asked for, else in the other one; may be empty.")

    @classmethod
    def of(cls, round_: Round) -> RoundFacts:
        return cls(id=round_.key, number=round_.number, title=round_.title)


class SessionFacts(Schema):
    """One bookable date of an event, as the reader stands to it."""

    id: UUID
    event: EventName
    round: RoundFacts | None = Field(description="The round of a conference that it is one choice of; else null.")
    title: str = Field(description="The session's own title, else that of the event.")
    starts_at: datetime = Field(description="ISO 8601, with the offset of the session's own time zone.")
    ends_at: datetime = Field(description="ISO 8601, with the offset of the session's own time zone.")
    venue: VenueFacts | None = Field(
        description="Empty while the place is not known, or when the session is only online."
    )
    online: bool = Field(description="One can join online.")
    language: SessionLanguage
    audiences: list[Audience] = Field(description=AUDIENCES)
    units: list[str] = Field(description=UNITS)
    capacity: int = Field(description="How many seats there are.")
    seats_left: int | None = Field(
        description="How many the reader could take: exact, without seats that are held for a group they are not of; "
        "null for discreet sessions."
    )
    availability: Literal["available", "full"] = Field(
        description="`available`: the next person gets a seat. `full`: waits, if there is a waiting list."
    )
    waiting: int | None = Field(
        description="How many people wait; null for discreet sessions, except for its organisers."
    )
    status: SessionStatus
    can_sign_up: bool = Field(
        description="The reader may sign up now, for a seat or for the waiting list. Of a reader who is not signed "
        "in, it says whether people may."
    )
    why_not: str | None = Field(
        description="If not, the code of the refusal; `already-registered` for people who have a seat or wait; else "
        "null."
    )
    url: str = Field(description="The page of the session.")

    @classmethod
    def of(cls, row: Standing, reader: User | AnonymousUser) -> SessionFacts:
        session = row.session
        return cls(
            id=session.key,
            event=EventName.of(session.event),
            round=RoundFacts.of(session.round) if session.round else None,
            title=session.title,
            starts_at=session.starts_at.astimezone(session.zone),
            ends_at=session.ends_at.astimezone(session.zone),
            venue=VenueFacts.of(session.venue) if session.venue else None,
            online=session.is_online,
            language=SessionLanguage(session.language),
            audiences=[Audience(code) for code in session.admitted_audiences],
            units=list(session.admitted_units),
            capacity=session.capacity,
            seats_left=row.shown_seats_left,
            availability="full" if row.is_full else "available",
            waiting=session.waiting_count if _may_count_the_queue(session, reader) else None,
            status=SessionStatus(session.status),
            can_sign_up=row.can_sign_up,
            why_not="already-registered" if row.registration else row.refusal,
            url=f"{settings.BASE_URL}{session.get_absolute_url()}",
        )


class SessionList(Schema):
    items: list[SessionFacts]
    count: int = Field(description="How many there are in all, on every page of the list.")


def _may_count_the_queue(session: Session, reader: User | AnonymousUser) -> bool:
    return not session.event.is_discreet or rights_of(reader).may_organize(session.event.owner_id)
