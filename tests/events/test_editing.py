from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from events.enums import EventKind, EventStatus, SeatScope
from events.models import Event, Round, Session
from events.services import editing, slugs
from events.services.editing import EventFacts, SessionFacts
from events.services.refusals import UnableToChange
from project.accounts.enums import RoleKind
from project.accounts.models import User
from tests.factories import NOW, give_role, make_event, make_organizer, make_person, make_unit, make_venue

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


def event_facts(**overrides: Any) -> EventFacts:
    values: dict[str, Any] = {"owner": make_unit(), "texts": {"title_en": "Cultural intelligence"}}
    return EventFacts(**(values | overrides))


def session_facts(**overrides: Any) -> SessionFacts:
    start = NOW + timedelta(days=3)
    values: dict[str, Any] = {"starts_at": start, "ends_at": start + timedelta(hours=2), "capacity": 20}
    if "venue" not in overrides:
        values["venue"] = make_venue(capacity=40)
    return SessionFacts(**(values | overrides))


def organizer() -> User:
    return make_organizer(unit=make_unit())


def test_create_event_makes_a_draft() -> None:
    event = editing.create_event(facts=event_facts(kind=EventKind.TRAINING), actor=organizer(), now=NOW)

    stored = Event.objects.get()
    assert stored == event
    assert (stored.slug, stored.status, stored.kind) == ("cultural-intelligence", EventStatus.DRAFT, EventKind.TRAINING)
    assert (stored.created_at, stored.changed_at) == (NOW, NOW)


def test_create_event_with_a_title_that_is_taken_numbers_it() -> None:
    made = [editing.create_event(facts=event_facts(), actor=organizer(), now=NOW).slug for _ in range(3)]

    assert made == ["cultural-intelligence", "cultural-intelligence-2", "cultural-intelligence-3"]


def test_create_event_called_new_leaves_the_address_of_that_page_alone() -> None:
    event = editing.create_event(facts=event_facts(texts={"title_en": "New!"}), actor=organizer(), now=NOW)

    assert event.slug == "new-2"


def test_create_event_with_a_title_without_letters() -> None:
    event = editing.create_event(facts=event_facts(texts={"title_nl": "✨"}), actor=organizer(), now=NOW)

    assert event.slug == "event"


def test_create_event_that_is_discreet_has_a_slug_that_reveals_nothing() -> None:
    two = [make_person(), make_person()]
    event = editing.create_event(facts=event_facts(is_discreet=True, coordinators=two), actor=organizer(), now=NOW)

    assert slugs.is_opaque(event.slug)
    assert "cultural" not in event.slug
    assert set(event.coordinators.all()) == set(two)


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [({"texts": {"title_en": " "}}, "no-title", "title_en"), ({"owner": "tpm"}, "not-yours", "owner")],
)
def test_create_event_refuses(facts: dict[str, Any], code: str, field: str) -> None:
    if "owner" in facts:
        facts = facts | {"owner": make_unit("tpm")}

    with pytest.raises(UnableToChange) as refusal:
        editing.create_event(facts=event_facts(**facts), actor=organizer(), now=NOW)

    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert not Event.objects.exists()


def test_edit_event_changes_texts_and_audience_but_not_what_is_fixed() -> None:
    event = make_event(kind=EventKind.TRAINING)
    facts = event_facts(kind=EventKind.WORKSHOP, audiences=("STAFF",), is_discreet=True, texts={"summary_nl": "Kort."})

    editing.edit_event(event_key=event.key, facts=facts, actor=organizer(), now=LATER)

    stored = Event.objects.get()
    assert (stored.kind, stored.is_discreet, stored.audiences) == (EventKind.TRAINING, False, ("STAFF",))
    assert (stored.summary_nl, stored.title_en, stored.changed_at) == ("Kort.", event.title_en, LATER)


def test_edit_event_refuses_to_hand_it_to_a_unit_of_others() -> None:
    event = make_event()

    with pytest.raises(UnableToChange, match="not-yours"):
        editing.edit_event(event_key=event.key, facts=event_facts(owner=make_unit("tpm")), actor=organizer(), now=LATER)

    assert Event.objects.get().owner == event.owner


def test_edit_event_texts_changes_only_what_is_named() -> None:
    event = make_event(title_nl="Oud")

    editing.edit_event_texts(event_key=event.key, texts={"title_nl": " Nieuw "}, actor=organizer(), now=LATER)

    stored = Event.objects.get()
    assert (stored.title_nl, stored.title_en, stored.changed_at) == ("Nieuw", event.title_en, LATER)


@pytest.mark.parametrize(
    ("texts", "code"), [({"title_en": "", "title_nl": ""}, "no-title"), ({"slug": "x"}, "unknown-text")]
)
def test_edit_event_texts_refuses(texts: dict[str, str], code: str) -> None:
    event = make_event()

    with pytest.raises(UnableToChange, match=code):
        editing.edit_event_texts(event_key=event.key, texts=texts, actor=organizer(), now=LATER)

    assert Event.objects.get().changed_at == NOW


@pytest.mark.parametrize("status", [EventStatus.DRAFT, EventStatus.UNLISTED, EventStatus.PUBLISHED])
def test_publish_event(status: EventStatus) -> None:
    event = make_event(status=status)

    editing.publish_event(event_key=event.key, actor=organizer(), now=LATER)

    assert Event.objects.get().status == EventStatus.PUBLISHED


@pytest.mark.parametrize("status", [EventStatus.CANCELLED, EventStatus.ARCHIVED])
def test_publish_event_refuses_a_cancelled_or_archived_event(status: EventStatus) -> None:
    event = make_event(status=status)

    with pytest.raises(UnableToChange, match="not-a-draft"):
        editing.publish_event(event_key=event.key, actor=organizer(), now=LATER)

    assert Event.objects.get().status == status


def test_publish_event_that_is_discreet_needs_two_coordinators() -> None:
    event = make_event(is_discreet=True, status=EventStatus.DRAFT)
    event.coordinators.add(make_person())

    with pytest.raises(UnableToChange, match="coordinators-missing"):
        editing.publish_event(event_key=event.key, actor=organizer(), now=LATER)

    assert Event.objects.get().status == EventStatus.DRAFT
    event.coordinators.add(make_person())
    assert editing.publish_event(event_key=event.key, actor=organizer(), now=LATER).status == EventStatus.PUBLISHED


def test_publish_event_of_others_is_refused() -> None:
    event = make_event(status=EventStatus.DRAFT)

    for actor in (make_person(), give_role(make_person(), RoleKind.BOARD), make_organizer(unit=make_unit("tpm"))):
        with pytest.raises(UnableToChange, match="not-yours"):
            editing.publish_event(event_key=event.key, actor=actor, now=LATER)

    assert Event.objects.get().status == EventStatus.DRAFT


def test_add_session_takes_its_slot_from_the_event() -> None:
    event = make_event()
    facts = session_facts(units=("me",), title_nl="Extra")

    session = editing.add_session(event_key=event.key, facts=facts, actor=organizer(), now=NOW)

    stored = Session.objects.get()
    assert stored == session
    assert (stored.slot, stored.capacity, stored.units, stored.title_nl) == (event.key, 20, ("me",), "Extra")


def test_add_session_to_a_conference_makes_the_round() -> None:
    event = make_event(seat_scope=SeatScope.ROUND)

    added = [session_facts(round_number=2), session_facts(round_number=2)]
    sessions = editing.add_sessions(event_key=event.key, sessions=added, actor=organizer(), now=NOW)

    assert {session.slot for session in sessions} == {Round.objects.get(number=2).key}


START = NOW + timedelta(days=3)


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"ends_at": START}, "times-reversed", "end"),
        ({"starts_at": NOW}, "started", "day"),
        ({"starts_at": START + timedelta(days=4000), "ends_at": START + timedelta(days=4001)}, "too-far", "day"),
        ({"ends_at": START + timedelta(days=8)}, "too-far", "day"),
        ({"closes_at": START + timedelta(seconds=1)}, "closes-after-start", "closes_at"),
        ({"venue": None}, "nowhere", "venue"),
        ({"capacity": 0}, "no-seats", "capacity"),
        ({"capacity": 10_001}, "no-seats", "capacity"),
        ({"capacity": 41}, "room-too-small", "capacity"),
    ],
)
def test_add_session_refuses(facts: dict[str, Any], code: str, field: str) -> None:
    event = make_event()

    with pytest.raises(UnableToChange) as refusal:
        editing.add_session(event_key=event.key, facts=session_facts(**facts), actor=organizer(), now=NOW)

    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert refusal.value.text
    assert not Session.objects.exists()


def test_add_session_to_a_conference_refuses_without_a_round() -> None:
    event = make_event(seat_scope=SeatScope.ROUND)

    with pytest.raises(UnableToChange, match="round-missing"):
        editing.add_session(event_key=event.key, facts=session_facts(), actor=organizer(), now=NOW)


def test_add_session_to_a_cancelled_event_is_refused() -> None:
    event = make_event(status=EventStatus.CANCELLED)

    with pytest.raises(UnableToChange, match="over"):
        editing.add_session(event_key=event.key, facts=session_facts(), actor=organizer(), now=NOW)

    assert not Session.objects.exists()


def test_add_sessions_adds_all_or_none() -> None:
    event = make_event()
    first = session_facts()

    with pytest.raises(UnableToChange, match="twice"):
        editing.add_sessions(event_key=event.key, sessions=[first, replace(first)], actor=organizer(), now=NOW)

    assert not Session.objects.exists()


def test_edit_event_writes_who_may_come_and_how_the_list_moves() -> None:
    event, first = make_event(), make_event()
    facts = event_facts(
        needs_approval=True, prerequisite=first, seated_until_hours=48, offered_until_hours=6, offer_working_hours=8
    )

    editing.edit_event(event_key=event.key, facts=facts, actor=organizer(), now=LATER)

    stored = Event.objects.get(pk=event.pk)
    assert (stored.needs_approval, stored.prerequisite) == (True, first)
    assert (stored.seated_until_hours, stored.offered_until_hours, stored.offer_working_hours) == (48, 6, 8)


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"seated_until_hours": 3}, "offers-before-seats", "seated_until_hours"),
        ({"seated_until_hours": 0, "offered_until_hours": 1}, "offers-before-seats", "seated_until_hours"),
        ({"offer_working_hours": 1}, "offer-hours", "offer_working_hours"),
        ({"offer_working_hours": 61}, "offer-hours", "offer_working_hours"),
    ],
)
def test_edit_event_refuses_an_impossible_clock(facts: dict[str, Any], code: str, field: str) -> None:
    event = make_event()

    with pytest.raises(UnableToChange) as refusal:
        editing.edit_event(event_key=event.key, facts=event_facts(**facts), actor=organizer(), now=LATER)

    stored = Event.objects.get()
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert (stored.seated_until_hours, stored.offered_until_hours, stored.offer_working_hours) == (72, 4, 12)


@pytest.mark.parametrize("hours", [2, 60])
def test_edit_event_takes_offers_at_both_borders(hours: int) -> None:
    event = make_event()
    facts = event_facts(offer_working_hours=hours, seated_until_hours=4, offered_until_hours=4)

    editing.edit_event(event_key=event.key, facts=facts, actor=organizer(), now=LATER)

    assert Event.objects.get().offer_working_hours == hours


def _itself(event: Event) -> Event:
    return event


def _ring(event: Event) -> Event:
    return make_event(prerequisite=make_event(prerequisite=event))


def _discreet(_event: Event) -> Event:
    return make_event(is_discreet=True)


@pytest.mark.parametrize(
    ("prerequisite", "code"),
    [(_itself, "prerequisite-itself"), (_ring, "prerequisite-circular"), (_discreet, "prerequisite-discreet")],
)
def test_edit_event_refuses_what_nobody_could_have_attended(prerequisite: Callable[[Event], Event], code: str) -> None:
    event = make_event()
    facts = event_facts(prerequisite=prerequisite(event))

    with pytest.raises(UnableToChange) as refusal:
        editing.edit_event(event_key=event.key, facts=facts, actor=organizer(), now=LATER)

    assert (refusal.value.code, refusal.value.field) == (code, "prerequisite")
    assert Event.objects.get(pk=event.pk).prerequisite is None


def test_create_event_refuses_a_discreet_prerequisite() -> None:
    facts = event_facts(prerequisite=make_event(is_discreet=True))

    with pytest.raises(UnableToChange, match="prerequisite-discreet"):
        editing.create_event(facts=facts, actor=organizer(), now=NOW)

    assert Event.objects.count() == 1


def test_add_session_that_is_unlisted() -> None:
    facts = session_facts(is_unlisted=True)

    session = editing.add_session(event_key=make_event().key, facts=facts, actor=organizer(), now=NOW)

    assert Session.objects.get() == session
    assert session.is_unlisted
