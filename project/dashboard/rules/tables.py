"""Makes the figures of every released table from the programme (specs/privacy.md 1.5). Pure functions.

Which rows exist depends on the programme and head counts only, never on who came: a row that appeared with its first
guest would reveal that guest. Discreet activities are only in a table of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from events.enums import SessionStatus
from project.dashboard.enums import CAME, KEPT_A_SEAT, Measure, Outcome, PeriodKind, Table
from project.dashboard.rules.facts import NO_LABEL, Claim, Label, Offering, Programme, is_held, once_per_session
from project.dashboard.rules.protection import K_SUPPORT, SMALL_UNIT, shown_count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from project.dashboard.rules.facts import UnitSize
    from project.dashboard.rules.periods import Period

ALL, OTHER_UNITS, GUESTS = "", ":other", ":guests"  # a colon is in no slug and in no unit code


@dataclass(frozen=True)
class Figure:
    """A protected figure. With `value` None it is not shown, and its true value is gone."""

    table: Table
    period: str
    row: str
    measure: Measure
    value: int | None
    column: str = ""
    label: Label = NO_LABEL


@dataclass(frozen=True)
class Scope:
    """The part of the programme in one period, with discreet activities apart. Claims are one per person and
    session.
    """

    period: Period
    programme: Programme
    offerings: list[Offering]
    claims: list[Claim]
    waits: list[Claim]
    support: list[Claim]

    @classmethod
    def of(cls, programme: Programme, period: Period) -> Scope:
        inside = [claim for claim in programme.claims if claim.day in period]
        in_the_open = [claim for claim in inside if not claim.is_discreet]
        return cls(
            period=period,
            programme=programme,
            offerings=[offer for offer in programme.offerings if offer.day in period and not offer.is_discreet],
            claims=once_per_session(in_the_open),
            waits=[claim for claim in in_the_open if claim.has_waited],
            support=once_per_session([claim for claim in inside if claim.is_discreet]),
        )

    @property
    def rows(self) -> list[str]:
        """All activities together, and each one with a session in the period."""
        return [ALL, *sorted({offer.activity for offer in self.offerings})]

    @property
    def arrivals(self) -> list[Claim]:
        return [claim for claim in self.claims if claim.outcome in CAME]

    def figure(self, table: Table, row: str, measure: Measure, value: int | None) -> Figure:
        return Figure(table, self.period.code, row, measure, value, label=self.programme.activities.get(row, NO_LABEL))


def delivery(scope: Scope, rows: Iterable[str]) -> list[Figure]:
    """Sessions planned, held and cancelled, and the seats of those held. Exact, since not personal. Cancelled sessions
    offer no seats (5.2).
    """
    found = []
    for row in rows:
        offers = [offer for offer in scope.offerings if row in {ALL, offer.activity}]
        held = [offer for offer in offers if is_held(offer.status)]
        cancelled = sum(offer.status == SessionStatus.CANCELLED for offer in offers)
        values = {
            Measure.PLANNED: len(offers),
            Measure.HELD: len(held),
            Measure.CANCELLED: cancelled,
            Measure.CAPACITY: sum(offer.capacity for offer in held),
        }
        found += [scope.figure(Table.DELIVERY, row, measure, value) for measure, value in values.items()]
    return found


def seats(scope: Scope) -> list[Figure]:
    """T1: seats used, including walk-ins, per activity and in all."""
    found = []
    for row in scope.rows:
        count = sum(row in {ALL, claim.activity} for claim in scope.arrivals)
        found.append(scope.figure(Table.SEATS, row, Measure.SEATS, shown_count(count)))
    return found


def turnout(scope: Scope) -> list[Figure]:
    """T6: what became of the seats kept until the deadline, walk-ins, and people who waited; per activity and in
    all.
    """
    groups: dict[Measure, tuple[Outcome, ...]] = {
        Measure.CONFIRMED: KEPT_A_SEAT,
        Measure.NO_SHOW: (Outcome.NO_SHOW,),
        Measure.LATE_CANCEL: (Outcome.LATE_CANCEL,),
        Measure.WALK_IN: (Outcome.WALKED_IN,),
    }
    found = []
    for row in scope.rows:
        here = [claim for claim in scope.claims if row in {ALL, claim.activity}]
        for measure, outcomes in groups.items():
            count = sum(claim.outcome in outcomes for claim in here)
            found.append(scope.figure(Table.TURNOUT, row, measure, shown_count(count)))
        waited = _people(claim for claim in scope.waits if row in {ALL, claim.activity})
        found.append(scope.figure(Table.TURNOUT, row, Measure.WAITLISTED, shown_count(waited)))
    return found


def institution(scope: Scope) -> list[Figure]:
    """T7: seats and distinct people of the whole programme."""
    counts = {Measure.SEATS: len(scope.arrivals), Measure.PEOPLE: _people(scope.arrivals)}
    return [scope.figure(Table.INSTITUTION, ALL, measure, shown_count(count)) for measure, count in counts.items()]


def support(scope: Scope) -> list[Figure]:
    """All discreet activities together, once a year, for counts from 20 on (specs/privacy.md 0.9 and 1.5)."""
    if not any(offer.is_discreet and offer.day in scope.period for offer in scope.programme.offerings):
        return []
    came = [claim for claim in scope.support if claim.outcome in CAME]
    counts = {Measure.SEATS: len(came), Measure.PEOPLE: _people(came)}
    return [
        scope.figure(Table.SUPPORT, ALL, measure, shown_count(count, K_SUPPORT)) for measure, count in counts.items()
    ]


def unmet(scope: Scope) -> list[Figure]:
    """M11: distinct people who waited for an activity in the quarter and had not attended it in this academic year by
    its end.
    """
    served = {
        (claim.person, claim.activity)
        for claim in scope.programme.claims
        if claim.outcome in CAME and claim.day <= scope.period.last_day
    }
    unserved = [claim for claim in scope.waits if (claim.person, claim.activity) not in served]
    found = []
    for row in scope.rows:
        count = _people(claim for claim in unserved if row in {ALL, claim.activity})
        found.append(scope.figure(Table.UNMET, row, Measure.UNMET, shown_count(count)))
    return found


def people_by_unit(scope: Scope) -> list[Figure]:
    """T5: people reached per unit, and the head counts they are compared with. Units with fewer than 50 people are
    merged into one row before counting. Guests are a row without a head count.
    """
    large, merged = _split(scope.programme.units)
    found: list[Figure] = []
    for row, label, units in _unit_rows(large, merged):
        codes = {unit.code for unit in units}
        count = _people(claim for claim in scope.arrivals if claim.unit in codes)
        found.append(
            Figure(Table.PEOPLE_BY_UNIT, scope.period.code, row, Measure.PEOPLE, shown_count(count), label=label)
        )
        found.append(_headcount(scope.period.code, row, label, units))
    guests = _people(claim for claim in scope.arrivals if not claim.unit)
    found.append(Figure(Table.PEOPLE_BY_UNIT, scope.period.code, GUESTS, Measure.PEOPLE, shown_count(guests)))
    return found


def build(programme: Programme, periods: Iterable[Period]) -> list[Figure]:
    """Returns all figures of these periods, except those about answers (`rules.answers`)."""
    return [figure for period in periods for figure in TABLES_OF[period.kind](Scope.of(programme, period))]


def _of_month(scope: Scope) -> list[Figure]:
    return [*delivery(scope, scope.rows), *seats(scope), *turnout(scope), *institution(scope)]


def _of_quarter(scope: Scope) -> list[Figure]:
    return [*delivery(scope, [ALL]), *institution(scope), *unmet(scope)]


def _of_year(scope: Scope) -> list[Figure]:
    return [*delivery(scope, [ALL]), *institution(scope), *people_by_unit(scope), *support(scope)]


TABLES_OF: dict[PeriodKind, Callable[[Scope], list[Figure]]] = {
    PeriodKind.MONTH: _of_month,
    PeriodKind.QUARTER: _of_quarter,
    PeriodKind.HALF: people_by_unit,
    PeriodKind.YEAR: _of_year,
}


def _people(claims: Iterable[Claim]) -> int:
    return len({claim.person for claim in claims})


def _split(units: list[UnitSize]) -> tuple[list[UnitSize], list[UnitSize]]:
    ordered = sorted(units, key=lambda unit: unit.code)
    return (
        [unit for unit in ordered if unit.people >= SMALL_UNIT],
        [unit for unit in ordered if unit.people < SMALL_UNIT],
    )


def _unit_rows(large: list[UnitSize], merged: list[UnitSize]) -> list[tuple[str, Label, list[UnitSize]]]:
    rows = [(unit.code, unit.label, [unit]) for unit in large]
    return [*rows, (OTHER_UNITS, NO_LABEL, merged)] if merged else rows


def _headcount(period: str, row: str, label: Label, units: list[UnitSize]) -> Figure:
    days = {unit.counted_on.isoformat() for unit in units if unit.counted_on}
    people = sum(unit.people for unit in units)
    return Figure(Table.HEADCOUNT, period, row, Measure.HEADCOUNT, people, column=max(days, default=""), label=label)
