from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from project.dashboard.enums import CellStatus
from project.dashboard.models import PublishedCell, Release
from tests.project.dashboard.programme import FEBRUARY, LONG_AFTER, MARCH, make_march, release

CHANGES: dict[str, Callable[[], object]] = {
    "a value": lambda: PublishedCell.objects.filter(measure="seats").update(value=1000),
    "a cell": lambda: PublishedCell.objects.all()._raw_delete("default"),  # past the checks of models
    "a digest": lambda: Release.objects.update(digest="0" * 64),
    "a month": lambda: Release.objects.update(month=date(2020, 1, 1)),
    "a release": lambda: _execute("DELETE FROM dashboard_release"),
    "one cell by hand": lambda: _execute("UPDATE dashboard_publishedcell SET status = 'S', value = NULL"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_database_refuses_to_change(change: Callable[[], object]) -> None:
    make_march()
    march = release(MARCH)
    cells = list(march.cells.values())

    with pytest.raises(IntegrityError, match="released figures are frozen"), transaction.atomic():
        change()

    assert list(Release.objects.values_list("month", "digest")) == [(march.month, march.digest)]
    assert list(march.cells.values()) == cells


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"table": "T1", "status": CellStatus.PUBLISHED, "value": 9},
        {"table": "T1", "status": CellStatus.SUPPRESSED, "value": 4},
        {"table": "T1", "status": CellStatus.PUBLISHED, "value": None},
        {"table": "T9", "status": CellStatus.PUBLISHED, "value": 50},
    ],
)
def test_database_refuses_a_cell_that_reveals_too_much(values: dict[str, object]) -> None:
    empty = Release.objects.create(month=FEBRUARY, released_at=LONG_AFTER, digest="0" * 64)

    with pytest.raises(IntegrityError), transaction.atomic():
        PublishedCell.objects.create(release=empty, period="2026-02", row="x", measure="seats", **values)

    assert not PublishedCell.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", [1, 2])
def test_a_committed_release_is_gone_in_the_next_test(time: int) -> None:
    assert not Release.objects.exists()

    release(MARCH)

    assert Release.objects.count() == 1


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
