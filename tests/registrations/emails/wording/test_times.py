"""The zone of a date, where it is not plain."""

from __future__ import annotations

import pytest

from registrations.services.attending import booking
from tests.factories import NOW, make_person, make_session

pytestmark = pytest.mark.django_db


def sign_up(session, **person):
    return booking.sign_up(session_key=session.key, attendee=make_person(**person), now=NOW)


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({}, "10:00–12:00"),
        ({"join_url": "https://meet.example"}, "10:00–12:00 (Amsterdam time, UTC+1)"),
        ({"timezone": "America/New_York"}, "05:00–07:00 (New York time, UTC-4)"),
    ],
)
def test_the_zone_is_named_where_the_place_or_the_reader_is_elsewhere(post, overrides, words):
    sign_up(make_session(**overrides))

    [mail] = post()

    line = next(line for line in mail.get_body(("plain",)).get_content().splitlines() if "March 2026" in line)
    assert line == f"Thursday 12 March 2026, {words}"
