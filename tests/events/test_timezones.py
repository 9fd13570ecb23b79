"""Time zones by the names of places, and local times in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from events.models import Session
from events.models.timezones import in_words, is_region, whole_days

SUMMER, WINTER = datetime(2026, 7, 1, 10, tzinfo=UTC), datetime(2026, 1, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "name", ["Europe/Amsterdam", "America/Argentina/Buenos_Aires", "Asia/Kathmandu", "Pacific/Apia"]
)
def test_a_place_is_a_time_zone(name):
    assert is_region(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "UTC",
        "GMT0",
        "Etc/GMT+5",
        "Etc/UTC",
        "EST5EDT",
        "CET",
        "posix/Europe/Amsterdam",
        "right/Europe/Amsterdam",
        "localtime",
        "posixrules",
        "Factory",
        "europe/amsterdam",
        "EUROPE/AMSTERDAM",
        "Europe",
        "Europe/",
        "Europe/Atlantis",
        "../Europe/Amsterdam",
        "US/Eastern",
        "SystemV/EST5",
        " Europe/Amsterdam",
    ],
)
def test_other_names_are_no_time_zones(name):
    assert not is_region(name)
    with pytest.raises(ValidationError):
        Session._meta.get_field("timezone").clean(name, None)


@pytest.mark.parametrize(
    ("timezone", "moment", "words"),
    [
        ("Europe/Amsterdam", SUMMER, "Amsterdam time, UTC+2"),
        ("Europe/Amsterdam", WINTER, "Amsterdam time, UTC+1"),
        ("America/New_York", SUMMER, "New York time, UTC-4"),
        ("Asia/Kathmandu", SUMMER, "Kathmandu time, UTC+5:45"),
        ("Africa/Abidjan", SUMMER, "Abidjan time, UTC"),
        ("Etc/GMT+5", SUMMER, "UTC-5"),
        ("EST5EDT", SUMMER, "UTC-4"),
    ],
)
def test_local_time_is_named_with_the_offset_that_people_mean(timezone, moment, words):
    assert in_words(timezone, moment) == words


def test_whole_days_end_at_midnight_there():
    start, end = datetime(2026, 3, 27, 23, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)

    days = whole_days(start, end, "Europe/Amsterdam")

    assert days is not None
    assert [day.isoformat() for day in days] == ["2026-03-28", "2026-03-29"]
    assert whole_days(start, end, "Europe/London") is None
