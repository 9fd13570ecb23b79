from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import override

from events.enums import SeatScope
from events.models import CodesField, Event, Initiative, Round, Session, slot_of
from tests.factories import NOW, make_event, make_session, make_unit, make_venue

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("written", [("me", "tpm"), ["tpm", "me"], {"me", "tpm"}, "me tpm"])
def test_codes_are_read_back_sorted(written):
    event = make_event(units=written)

    event.refresh_from_db()

    assert event.units == ("me", "tpm")


def test_a_code_is_found_whole_and_never_as_part_of_another():
    event = make_event(units=("eemcs",))
    make_event(units=())

    assert list(Event.objects.filter(units__has="eemcs")) == [event]
    assert not Event.objects.filter(units__has="em").exists()
    assert not Event.objects.filter(units__has="%").exists()
    assert not Event.objects.filter(units__has="eemc_").exists()


def test_codes_refuse_what_is_no_list():
    with pytest.raises(ValidationError):
        CodesField().to_python(7)


def test_codes_survive_a_dump():
    event = make_event(units=("me", "tpm"))

    restored = next(serializers.deserialize("json", serializers.serialize("json", [event]))).object

    assert isinstance(restored, Event)
    assert restored.units == ("me", "tpm")


@pytest.mark.parametrize(("language", "title"), [("en", "Hello"), ("nl", "Hallo"), ("nl-be", "Hallo"), ("fr", "Hello")])
def test_a_title_is_in_the_language_of_the_reader(language, title):
    event = make_event(title_en="Hello", title_nl="Hallo")

    with override(language):
        assert event.title == title


def test_a_text_falls_back_to_the_other_language():
    initiative = Initiative(title_en="Etiquette", summary_nl="Netjes", category="COURTESY", unit=make_unit())

    with override("nl"):
        assert initiative.title == "Etiquette"
    with override("en"):
        assert initiative.summary == "Netjes"


def test_a_slot_is_the_event_the_round_or_the_session():
    whole = make_session()
    single = make_session(event=make_event(seat_scope=SeatScope.SESSION))
    conference = make_event(seat_scope=SeatScope.ROUND)
    round_one = Round.objects.create(event=conference, number=1, title_en="Round one")
    in_round = make_session(event=conference, round=round_one)

    assert slot_of(whole) == whole.event.key
    assert slot_of(single) == single.key
    assert slot_of(in_round) == round_one.key
    assert str(round_one) == f"{conference.pk} round 1"


def test_local_times_are_those_of_the_wall_clock_at_the_session():
    session = make_session(starts_at=NOW, timezone="America/New_York")

    assert session.local_start == datetime(2026, 3, 2, 4, 0)  # noqa: DTZ001  # naive on purpose
    assert session.local_end == datetime(2026, 3, 2, 6, 0)  # noqa: DTZ001  # naive on purpose


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_at": NOW},
        {"capacity": 10_001},
        {"status": "PERHAPS"},
        {"closes_at": NOW + timedelta(days=100)},
    ],
)
def test_the_database_refuses_an_impossible_session(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_session(**wrong)

    assert not Session.objects.exists()


def test_string_of_a_discreet_event_reveals_nothing():
    event = make_event(slug="k7q2m9", is_discreet=True, title_en="Interviewing skills")
    session = make_session(event=event)

    assert "Interviewing" not in f"{event!s}{event!r}{session!s}{session!r}"


def test_a_room_is_on_the_map_by_its_pin_else_by_its_address():
    pinned, addressed, unknown = (
        make_venue(latitude=52.0, longitude=4.5, address="Campusweg 1"),
        make_venue(address="Campusweg 1"),
        make_venue(),
    )

    assert pinned.map_url == "https://www.openstreetmap.org/?mlat=52.0&mlon=4.5#map=18/52.0/4.5"
    assert addressed.map_url == "https://www.openstreetmap.org/search?query=Campusweg+1"
    assert unknown.map_url == ""


def test_a_date_has_a_way_there_unless_nothing_is_known_or_may_be_told():
    venue = make_venue(address="Campusweg 1")

    assert make_session(venue=venue).has_way_there
    assert not make_session(venue=make_venue()).has_way_there
    assert not make_session(venue=None).has_way_there
    assert not make_session(venue=venue, event=make_event(is_discreet=True)).has_way_there
