from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from crispy_forms.utils import render_crispy_form

from events.enums import SeatScope
from events.forms import EventForm, SessionForm
from project.accounts.enums import RoleKind
from tests.factories import NOW, give_role, make_event, make_organizer, make_person, make_session, make_unit, make_venue

pytestmark = pytest.mark.django_db


def event_data(**overrides: Any) -> dict[str, Any]:
    data = {"title_en": "Talk", "kind": "WORKSHOP", "seat_scope": "EVENT", "cancel_until_hours": "24"}
    return {**data, "owner": str(make_unit().pk), **overrides}


def session_data(**overrides: Any) -> dict[str, Any]:
    data = {"day": "2026-03-12", "start": "10:00", "end": "13:00", "capacity": "20", "language": "nl"}
    return {**data, "venue": str(make_venue(capacity=40).pk), "has_waiting_list": "on", **overrides}


def test_event_form_returns_facts() -> None:
    make_unit("tpm")
    data = event_data(audiences=["STAFF", "PHD"], units=["tpm"])
    form = EventForm(data, organizer=make_organizer())

    assert form.is_valid(), form.errors
    facts = form.facts()
    assert (facts.owner, facts.audiences, facts.units) == (make_unit(), ("STAFF", "PHD"), ("tpm",))
    assert facts.texts["title_en"] == "Talk"


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"title_en": ""}, "title_en"),
        ({"title_en": "T" * 151}, "title_en"),
        ({"title_en": "a\x00b"}, "title_en"),
        ({"kind": "PARTY"}, "kind"),
        ({"audiences": ["CATS"]}, "audiences"),
        ({"units": ["atlantis"]}, "units"),
        ({"cancel_until_hours": "-1"}, "cancel_until_hours"),
        ({"cancel_until_hours": "99999"}, "cancel_until_hours"),
        ({"owner": "0"}, "owner"),
        ({"coordinators": ["x"]}, "coordinators"),
        ({"prerequisite": "0"}, "prerequisite"),
        ({"seated_until_hours": "3"}, "seated_until_hours"),
        ({"seated_until_hours": "9" * 40}, "seated_until_hours"),
        ({"offered_until_hours": "-1"}, "offered_until_hours"),
        ({"offer_working_hours": "1"}, "offer_working_hours"),
        ({"offer_working_hours": "61"}, "offer_working_hours"),
    ],
)
def test_event_form_refuses_beside_the_field(data: dict[str, Any], field: str) -> None:
    form = EventForm(event_data(**data), organizer=make_organizer())

    assert list(form.errors) == [field]


def test_event_form_offers_only_units_of_the_organizer() -> None:
    make_unit("tpm")
    form = EventForm(event_data(owner=str(make_unit("tpm").pk)), organizer=make_organizer(unit=make_unit()))

    assert list(form.errors) == ["owner"]


def test_event_form_offers_coordinators_only() -> None:
    coordinator, named = give_role(make_person(), RoleKind.COORDINATOR), make_person()
    event = make_event(is_discreet=True)
    event.coordinators.add(named)

    form = EventForm(instance=event, organizer=make_organizer())

    assert {choice[1] for choice in form.fields["coordinators"].choices} == {coordinator.name, named.name}  # type: ignore[attr-defined]  # a field with choices


def test_event_form_of_an_event_leaves_out_what_is_fixed() -> None:
    event = make_event(audiences=("STAFF",))

    form = EventForm(event_data(kind="TRAINING"), instance=event, organizer=make_organizer())

    assert form.initial["audiences"] == ["STAFF"]
    assert not {"kind", "seat_scope", "is_discreet"} & set(form.fields)
    assert form.is_valid(), form.errors
    assert form.facts().kind == "PERFORMANCE"


def test_session_form_reads_the_clock_on_the_wall() -> None:
    form = SessionForm(session_data(units=[make_unit("tpm").code]), event=make_event())

    assert form.is_valid(), form.errors
    facts = form.facts()
    assert facts.starts_at == datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
    assert (facts.capacity, facts.units, facts.round_number) == (20, ("tpm",), None)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"day": "2026-03-29", "start": "02:30"}, "start"),
        ({"end": "10:00"}, "end"),
        ({"end": "25:00"}, "end"),
        ({"day": "12 maart"}, "day"),
        ({"day": "0001-01-01", "start": "00:01", "end": "09:00"}, "day"),
        ({"capacity": "0"}, "capacity"),
        ({"capacity": "41"}, "capacity"),
        ({"capacity": "1e9"}, "capacity"),
        ({"venue": ""}, "venue"),
        ({"join_url": "javascript:alert(1)"}, "join_url"),
        ({"join_url": "ftp://x.example"}, "join_url"),
        ({"language": "de"}, "language"),
    ],
)
def test_session_form_refuses_beside_the_field(data: dict[str, Any], field: str) -> None:
    form = SessionForm(session_data(**data), event=make_event())

    assert list(form.errors) == [field]


def test_session_form_of_a_conference_asks_for_the_round() -> None:
    event = make_event(seat_scope=SeatScope.ROUND)

    assert list(SessionForm(session_data(), event=event).errors) == ["round_number"]
    assert SessionForm(session_data(round_number="2"), event=event).is_valid()


def test_forms_are_laid_out_without_their_own_form_element() -> None:
    session = make_session(starts_at=NOW)

    assert not SessionForm(event=session.event).helper.form_tag
    assert not EventForm(organizer=make_organizer()).helper.form_tag


def test_event_form_left_empty_keeps_the_usual_waiting_list() -> None:
    form = EventForm(
        event_data(seated_until_hours="", needs_approval="on", coming_again="ONCE"), organizer=make_organizer()
    )

    assert form.is_valid(), form.errors
    facts = form.facts()
    assert (facts.seated_until_hours, facts.offered_until_hours, facts.offer_working_hours) == (72, 4, 12)
    assert (facts.needs_approval, facts.prerequisite, facts.coming_again) == (True, None, "ONCE")


def test_event_form_offers_as_prerequisite_what_people_could_have_attended() -> None:
    unit = make_unit()
    open_one, own_draft = make_event(title_en="B"), make_event(title_en="A", status="DRAFT")
    make_event(status="DRAFT", owner=make_unit("tpm"))
    make_event(is_discreet=True)
    event = make_event(prerequisite=open_one)

    form = EventForm(instance=event, organizer=make_organizer(unit=unit))

    choices = [str(label) for _value, label in form.fields["prerequisite"].choices]  # type: ignore[attr-defined]  # a field with choices
    assert choices == ["Nothing", own_draft.title, open_one.title]


@pytest.mark.parametrize(("data", "is_open"), [({}, False), ({"offer_working_hours": "1"}, True)])
def test_event_form_folds_the_waiting_list_away_unless_it_is_wrong(data: dict[str, Any], *, is_open: bool) -> None:
    form = EventForm(event_data(**data), organizer=make_organizer())
    form.is_valid()

    html = render_crispy_form(form)

    assert ('<details class="folded" open>' in html) == is_open
    assert "twelve working hours" in html


def test_session_form_of_an_unlisted_date() -> None:
    form = SessionForm(session_data(is_unlisted="on"), event=make_event())

    assert form.is_valid(), form.errors
    assert form.facts().is_unlisted


AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def times_of(form: SessionForm) -> list[str]:
    assert form.is_valid(), form.errors
    facts = form.facts()
    return [f"{moment.astimezone(AMSTERDAM):%d %H:%M}" for moment in (facts.starts_at, facts.ends_at)]


@pytest.mark.parametrize(
    ("data", "times"),
    [
        ({"start": "20:00", "end": "00:00"}, ["12 20:00", "13 00:00"]),
        ({"start": "20:00", "end": "01:30"}, ["12 20:00", "13 01:30"]),
        ({"start": "20:00", "end": "01:30", "last_day": "2026-03-12"}, ["12 20:00", "13 01:30"]),
        ({"start": "09:00", "end": "17:00", "last_day": "2026-03-14"}, ["12 09:00", "14 17:00"]),
        ({"start": "20:00", "end": "00:00", "last_day": "2026-03-13"}, ["12 20:00", "14 00:00"]),
        ({"start": "", "end": "", "is_all_day": "on"}, ["12 00:00", "13 00:00"]),
        ({"start": "", "end": "", "is_all_day": "on", "last_day": "2026-03-14"}, ["12 00:00", "15 00:00"]),
        ({"start": "10:00", "end": "12:00", "is_all_day": "on"}, ["12 00:00", "13 00:00"]),
        ({"day": "2026-03-29", "start": "", "end": "", "is_all_day": "on"}, ["29 00:00", "30 00:00"]),
    ],
)
def test_a_date_may_run_past_midnight_and_last_whole_days(data: dict[str, Any], times: list[str]) -> None:
    assert times_of(SessionForm(session_data(**data), event=make_event())) == times


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"start": ""}, "start"),
        ({"end": ""}, "end"),
        ({"start": "16:00", "end": "14:00"}, "end"),
        ({"start": "10:00", "end": "10:00"}, "end"),
        ({"last_day": "2026-03-11"}, "last_day"),
        ({"last_day": "soon"}, "last_day"),
        ({"start": "", "end": "", "is_all_day": "on", "last_day": "9999-12-31"}, "day"),
    ],
)
def test_times_that_make_no_sense_are_refused_beside_their_field(data: dict[str, Any], field: str) -> None:
    assert list(SessionForm(session_data(**data), event=make_event()).errors) == [field]
