"""What a programme says: read and checked on its own, before it is compared with the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date, datetime

    from events.services.programme.fields import Fields

Columns = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One row to write; `written` knows its place in the file, to report problems that are found later."""

    written: Fields
    columns: Columns


@dataclass(frozen=True, kw_only=True)
class UnitPlan(Plan):
    headcounts: list[tuple[str, date, int]]

    @property
    def code(self) -> str:
        return str(self.columns["code"])


@dataclass(frozen=True, kw_only=True)
class VenuePlan(Plan):
    @property
    def code(self) -> str:
        return str(self.columns["code"])


@dataclass(frozen=True, kw_only=True)
class SessionPlan(Plan):
    """`hold` is only written with a new date: later, organisers change it on the page of the date."""

    venue: str
    round_number: int
    hold: Columns

    @property
    def starts_at(self) -> datetime | None:
        return self.columns.get("starts_at")

    @property
    def identity(self) -> tuple[Any, ...]:
        """Identifies a date across imports: when, where and what (each discussion table has its own title)."""
        return (self.starts_at, self.venue, self.columns["title_en"], self.columns["title_nl"])


@dataclass(frozen=True, kw_only=True)
class EventPlan(Plan):
    owner: str
    prerequisite: str
    coordinators: list[str]
    rounds: list[Columns]
    sessions: list[SessionPlan]

    @property
    def slug(self) -> str:
        return str(self.columns["slug"])


@dataclass(frozen=True, kw_only=True)
class InitiativePlan(Plan):
    unit: str


@dataclass
class Programme:
    units: list[UnitPlan] = field(default_factory=list)
    venues: list[VenuePlan] = field(default_factory=list)
    events: list[EventPlan] = field(default_factory=list)
    initiatives: list[InitiativePlan] = field(default_factory=list)
