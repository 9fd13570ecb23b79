from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.enums import SessionStatus
from project.dashboard.enums import CAME, COUNTS_OF_PEOPLE, Measure, Outcome, Table
from project.dashboard.rules.answers import answers
from project.dashboard.rules.facts import Claim, Label, Offering, Programme, UnitSize
from project.dashboard.rules.periods import add_months, closing_with
from project.dashboard.rules.tables import GUESTS, OTHER_UNITS, Figure, build
from tests.project.dashboard.programme import random_programme

YEAR = [add_months(date(2025, 9, 1), number) for number in range(12)]
programmes = st.builds(random_programme, seed=st.integers(0, 10**6), people=st.sampled_from([3, 12, 40, 150]))


@settings(max_examples=60, deadline=None)
@given(programmes)
def test_build_never_shows_a_small_or_an_unrounded_count(programme: Programme) -> None:
    shown = [figure for figure in _all(programme) if figure.table in COUNTS_OF_PEOPLE and figure.value is not None]

    assert all((figure.value or 0) >= 10 and (figure.value or 0) % 5 == 0 for figure in shown)
    assert all((figure.value or 0) >= 20 for figure in shown if figure.table == Table.SUPPORT)


@settings(max_examples=40, deadline=None)
@given(programmes)
def test_build_matches_an_independent_count(programme: Programme) -> None:
    found = {(f.table, f.period, f.row, f.measure): f.value for f in _all(programme)}
    seen: dict[tuple[int, int], Claim] = {}
    for claim in programme.claims:
        if claim.outcome in CAME and not claim.is_discreet:
            seen[claim.person, claim.session] = claim
    for month in {f"{offer.day:%Y-%m}" for offer in programme.offerings}:
        here = [claim for claim in seen.values() if f"{claim.day:%Y-%m}" == month]
        expected = Counter(claim.activity for claim in here)
        for activity in {o.activity for o in programme.offerings if f"{o.day:%Y-%m}" == month and not o.is_discreet}:
            _assert_close(found[Table.SEATS, month, activity, Measure.SEATS], expected[activity])
        _assert_close(found[Table.INSTITUTION, month, "", Measure.SEATS], len(here))
        _assert_close(found[Table.INSTITUTION, month, "", Measure.PEOPLE], len({claim.person for claim in here}))
    for unit in ("u1", "u2"):
        people = {claim.person for claim in seen.values() if claim.unit == unit}
        _assert_close(found[Table.PEOPLE_BY_UNIT, "2025-2026", unit, Measure.PEOPLE], len(people))


@settings(max_examples=40, deadline=None)
@given(programmes)
def test_build_keeps_discreet_activities_out_of_every_table_but_their_own(programme: Programme) -> None:
    discreet = {offer.activity for offer in programme.offerings if offer.is_discreet}
    without = Programme(
        activities=programme.activities,
        offerings=[offer for offer in programme.offerings if not offer.is_discreet],
        claims=[claim for claim in programme.claims if not claim.is_discreet],
        units=programme.units,
    )
    others = [figure for figure in _all(programme) if figure.table not in {Table.SUPPORT, Table.FEEDBACK}]

    assert not [figure for figure in others if figure.row in discreet]
    assert others == _all(without)


@settings(max_examples=30, deadline=None)
@given(programmes, st.integers(0, 10**6))
def test_build_ignores_the_order_of_its_facts(programme: Programme, seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - test data, not a secret
    shuffled = Programme(
        activities=dict(chance.sample(list(programme.activities.items()), len(programme.activities))),
        offerings=chance.sample(programme.offerings, len(programme.offerings)),
        claims=chance.sample(programme.claims, len(programme.claims)),
        units=chance.sample(programme.units, len(programme.units)),
        surveyed=programme.surveyed,
        blocks=chance.sample(programme.blocks, len(programme.blocks)),
    )

    assert _all(shuffled) == _all(programme)


def test_people_by_unit_has_rows_that_do_not_depend_on_who_came() -> None:
    nobody = Programme(activities={}, offerings=[], claims=[], units=_units())
    guest = Claim("mindlab", date(2026, 3, 5), 1, 1, "", Outcome.ATTENDED)
    somebody = Programme(activities={}, offerings=[], claims=[guest], units=_units())

    assert [f.row for f in _year(nobody, Table.PEOPLE_BY_UNIT)] == ["large", OTHER_UNITS, GUESTS]
    assert [f.row for f in _year(somebody, Table.PEOPLE_BY_UNIT)] == ["large", OTHER_UNITS, GUESTS]


def test_people_by_unit_merges_small_units_before_counting() -> None:
    claims = [_came(person, "small" if person < 6 else "tiny") for person in range(12)]
    programme = Programme(activities={}, offerings=[], claims=claims, units=_units())

    people = {figure.row: figure.value for figure in _year(programme, Table.PEOPLE_BY_UNIT)}
    heads = {figure.row: figure.value for figure in _year(programme, Table.HEADCOUNT)}

    assert people == {"large": None, OTHER_UNITS: 10, GUESTS: None}
    assert heads == {"large": 50, OTHER_UNITS: 58}


def test_people_by_unit_counts_a_person_of_many_sessions_once() -> None:
    claims = [_came(person, "large", session) for person in range(11) for session in range(4)]
    programme = Programme(activities={}, offerings=[], claims=claims, units=_units())

    assert [figure.value for figure in _year(programme, Table.PEOPLE_BY_UNIT)] == [10, None, None]


def test_unmet_leaves_out_people_who_came_to_another_date() -> None:
    day, offer = date(2026, 3, 5), Offering("mindlab", date(2026, 3, 5), SessionStatus.HELD, 10)
    waits = [Claim("mindlab", day, 1, person, "me", Outcome.NONE, has_waited=True) for person in range(14)]
    served = Claim("mindlab", date(2026, 5, 30), 2, 0, "me", Outcome.ATTENDED)
    elsewhere = Claim("other", date(2026, 4, 1), 3, 1, "me", Outcome.ATTENDED)
    too_late = Claim("mindlab", date(2026, 6, 1), 4, 2, "me", Outcome.ATTENDED)
    twice = Claim("mindlab", day, 5, 3, "me", Outcome.NONE, has_waited=True)
    programme = Programme({}, [offer], [*waits, served, elsewhere, too_late, twice], [])

    figures = build(programme, closing_with(date(2026, 5, 1)))

    unmet = {figure.row: figure.value for figure in figures if figure.table == Table.UNMET}
    assert unmet == {"": 15, "mindlab": 15}  # 13 people


@pytest.mark.parametrize(("people", "shown"), [(19, None), (20, 20)])
def test_support_is_shown_from_twenty_on(people: int, shown: int | None) -> None:
    offer = Offering("hidden", date(2026, 3, 5), SessionStatus.HELD, 30, is_discreet=True)
    claims = [
        Claim("hidden", offer.day, 1, person, "me", Outcome.ATTENDED, is_discreet=True) for person in range(people)
    ]

    figures = _year(Programme({}, [offer], claims, []), Table.SUPPORT)

    assert [(figure.row, figure.measure, figure.value) for figure in figures] == [
        ("", Measure.SEATS, shown),
        ("", Measure.PEOPLE, shown),
    ]


def test_support_has_no_line_in_a_year_without_such_sessions() -> None:
    assert _year(Programme({}, [], [], []), Table.SUPPORT) == []


def _all(programme: Programme) -> list[Figure]:
    found: list[Figure] = []
    for month in YEAR:
        periods = closing_with(month)
        found += build(programme, periods)
        found += answers(programme, periods[1]) if len(periods) > 1 else []
    return [figure for figure in found if figure.table != Table.FEEDBACK or programme.surveyed]


def _year(programme: Programme, table: Table) -> list[Figure]:
    figures = build(programme, closing_with(date(2026, 8, 1)))
    return [figure for figure in figures if figure.table == table]


def _came(person: int, unit: str, session: int = 1) -> Claim:
    return Claim("mindlab", date(2026, 3, 5), session, person, unit, Outcome.ATTENDED)


def _units() -> list[UnitSize]:
    sizes = {"large": 50, "small": 49, "tiny": 9}
    return [UnitSize(code, Label(code, code), people, date(2025, 10, 1)) for code, people in sizes.items()]


def _assert_close(shown: int | None, true: int) -> None:
    if true < 10:
        assert shown is None
    else:
        assert shown is not None
        assert abs(shown - true) <= 2
