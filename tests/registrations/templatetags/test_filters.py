from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.template import RequestContext
from django.test import RequestFactory

from registrations.forms import CatalogueFilter
from registrations.templatetags import filters

SATURDAY = datetime(2026, 11, 28, 12, tzinfo=UTC)


def reading(path: str = "/", **values: Any) -> RequestContext:
    request = RequestFactory().get(path)
    return RequestContext(request, values | {"request": request})


def test_narrowed_keeps_the_other_filters_and_starts_at_the_first_page() -> None:
    context = reading("/?q=mind&kind=TRAINING&page=3")

    assert filters.narrowed(context, "kind", "WORKSHOP") == "?q=mind&kind=WORKSHOP"


def test_narrowed_takes_a_filter_away() -> None:
    context = reading("/?q=mind&kind=TRAINING")

    assert filters.narrowed(context, "kind", "") == "?q=mind"


@pytest.mark.parametrize(("kind", "expected"), [("TRAINING", "Training"), ("", ""), ("NONSENSE", "")])
def test_chosen_label_names_only_a_real_choice(kind: str, expected: str) -> None:
    form = CatalogueFilter({"kind": kind}, units=[])

    assert filters.chosen_label(form["kind"]) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"from": "2026-12-10", "to": "2026-12-12"}, "10 December – 12 December"),
        ({"from": "2026-12-10", "to": "2026-12-10"}, "10 December"),
        ({"from": "2026-12-10"}, "from 10 December"),
        ({"to": "2026-12-12"}, "until 12 December"),
        ({"from": "nonsense"}, ""),
        ({}, ""),
    ],
)
def test_period_says_which_days_are_chosen(query: dict[str, str], expected: str) -> None:
    form = CatalogueFilter(query, units=[])
    form.is_valid()

    assert filters.period(form) == expected


@time_machine.travel(SATURDAY, tick=False)
def test_periods_begin_today_and_keep_the_other_filters() -> None:
    links = filters.periods(reading("/?q=mind&from=2026-11-30&to=2026-12-06&page=2"))

    spans = re.findall(r'href="\?q=mind(?:&amp;from=([\d-]+)&amp;to=([\d-]+))?"', links)
    assert spans == [
        ("", ""),
        ("2026-11-28", "2026-11-29"),
        ("2026-11-30", "2026-12-06"),
        ("2026-11-28", "2026-11-30"),
        ("2026-12-01", "2026-12-31"),
    ]
    assert re.findall(r'aria-current="true">([\w ]+)<', links) == ["Next week"]
