from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from events.enums import EventStatus, SessionStatus
from events.models import Event, Session
from project.accounts.enums import RoleKind
from project.outbox.models import Message
from registrations.models import Registration
from registrations.services.attending import interest
from tests.events.pictures.images import give_picture, upload
from tests.events.test_forms import event_data
from tests.factories import NOW, give_role, make_event, make_person, make_session, make_unit, make_venue
from tests.registrations.support.screens import CHANGES, event_url, log_in_as, text_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def pages_of(session):
    """Every organiser's page about one event and one date."""
    names = ("organize_event", "organize_event_edit", "organize_session_new")
    return [event_url(name, session.event) for name in names] + [
        url(name, session)
        for name in (
            "organize_session",
            "organize_participants",
            "organize_participants_workbook",
            *CHANGES,
            "organize_reinstate",
        )
    ]


# --- who may come in


def test_organisers_of_the_unit_open_every_page(client, organizer, full_session):
    assert {page: client.get(page).status_code for page in pages_of(full_session)} == dict.fromkeys(
        pages_of(full_session), 200
    )


@pytest.mark.parametrize("kind", [RoleKind.ORGANIZER, RoleKind.COORDINATOR])
def test_organisers_of_all_units_and_coordinators_open_every_page(client, full_session, kind):
    log_in_as(client, kind, full_session)

    assert {client.get(page).status_code for page in pages_of(full_session)} == {200}


def test_organisers_of_another_unit_are_told_it_is_not_theirs(client, full_session):
    log_in_as(client, RoleKind.ORGANIZER, full_session, unit=make_unit("tpm"))

    assert {client.get(page).status_code for page in pages_of(full_session)} == {403}


@pytest.mark.parametrize("status", [EventStatus.DRAFT, EventStatus.ARCHIVED])
def test_organisers_of_another_unit_learn_nothing_of_drafts(client, status):
    session = make_session(event=make_event(status=status))
    log_in_as(client, RoleKind.ORGANIZER, session, unit=make_unit("tpm"))

    assert {client.get(page).status_code for page in pages_of(session)} == {404}


@pytest.mark.parametrize("hidden", [{"event": {"is_discreet": True}}, {"is_unlisted": True}])
def test_organisers_of_another_unit_learn_nothing_of_what_is_hidden(client, hidden):
    session = make_session(event=make_event(**hidden.get("event", {})), is_unlisted=hidden.get("is_unlisted", False))
    log_in_as(client, RoleKind.ORGANIZER, session, unit=make_unit("tpm"))

    pages = [reverse("registrations:organize_session", args=[session.key]), f"/door/{session.key}/"]

    assert {client.get(page).status_code for page in pages} == {404}


@pytest.mark.parametrize("kind", [RoleKind.HOST, RoleKind.DOOR, RoleKind.BOARD, RoleKind.ADMINISTRATOR])
def test_every_other_role_finds_nothing(client, full_session, kind):
    log_in_as(client, kind, full_session)

    assert {client.get(page).status_code for page in pages_of(full_session)} == {404}
    assert client.get(reverse("registrations:organize_home")).status_code == 403
    assert client.get(reverse("registrations:organize_event_new")).status_code == 403


def test_participants_find_nothing(client, full_session):
    client.force_login(Registration.objects.order_by("pk")[0].attendee)

    assert {client.get(page).status_code for page in pages_of(full_session)} == {404}
    assert client.get(reverse("registrations:organize_home")).status_code == 403


def test_visitors_are_asked_to_sign_in(client, full_session):
    for page in [*pages_of(full_session), reverse("registrations:organize_home")]:
        response = client.get(page)
        assert (response.status_code, response["Location"].split("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize("name", CHANGES)
def test_changes_by_another_unit_change_nothing(client, full_session, name):
    log_in_as(client, RoleKind.ORGANIZER, full_session, unit=make_unit("tpm"))
    before = list(Session.objects.values())

    response = client.post(url(name, full_session), {"capacity": 9, "confirm": "1"})

    assert response.status_code == 403
    assert list(Session.objects.values()) == before


def test_publishing_by_another_unit_changes_nothing(client):
    session = make_session(event=make_event(status=EventStatus.DRAFT))
    log_in_as(client, RoleKind.ORGANIZER, session, unit=make_unit("tpm"))

    response = client.post(event_url("organize_publish", session.event))

    assert response.status_code == 404
    assert Event.objects.get().status == EventStatus.DRAFT


@pytest.mark.parametrize(
    "name",
    ["organize_session", "organize_participants", "organize_participants_workbook", *CHANGES, "organize_reinstate"],
)
def test_session_that_does_not_exist_is_not_found(client, organizer, name):
    unknown = reverse(f"registrations:{name}", args=["00000000-0000-4000-8000-000000000000"])

    assert client.get(unknown).status_code == 404


def test_opening_pages_changes_nothing(client, organizer, full_session):
    before = [list(model.objects.values()) for model in (Event, Session, Registration, Message)]

    for page in pages_of(full_session):
        client.get(page)

    assert [list(model.objects.values()) for model in (Event, Session, Registration, Message)] == before


# --- what needs you today


def test_home_shows_what_needs_the_organiser(client, organizer, full_session):
    today = make_session(starts_at=NOW + timedelta(hours=2), event=make_event(title_en="Today it is"))
    soon = make_session(starts_at=NOW + timedelta(days=2), event=make_event(title_en="Soon it is"))
    over = make_session(starts_at=NOW - timedelta(days=1), event=make_event(title_en="Over it is"))
    make_session(starts_at=NOW + timedelta(days=8), event=make_event(title_en="Quiet date"))
    make_session(starts_at=NOW - timedelta(days=1), status=SessionStatus.HELD, event=make_event(title_en="Held date"))

    response = client.get(reverse("registrations:organize_home"))

    needs = {session.pk: why for session, why in response.context["needing"]}
    assert needs == {
        over.pk: ("unfinished",),
        today.pk: ("today", "soon"),
        soon.pk: ("soon",),
        full_session.pk: ("full",),
    }
    assert text_of(response).index("What needs you today") < text_of(response).index("Your events")
    assert "Full, 3 people wait" in text_of(response)
    assert url("door", over) in text_of(response)


def test_home_of_a_quiet_day_says_so(client, organizer):
    response = client.get(reverse("registrations:organize_home"))

    assert "Nothing. Everything runs by itself." in text_of(response)


def test_home_shows_only_what_is_organised_by_the_unit(client, organizer):
    make_session(
        event=make_event(title_en="Of another unit", owner=make_unit("tpm")), starts_at=NOW + timedelta(days=1)
    )

    assert "Of another unit" not in text_of(client.get(reverse("registrations:organize_home")))


@pytest.mark.parametrize("rows", [1, 30])
def test_home_costs_the_same_for_one_and_for_thirty(client, organizer, django_assert_num_queries, rows):
    for _ in range(rows):
        make_session(starts_at=NOW + timedelta(days=1))

    with django_assert_num_queries(7):
        response = client.get(reverse("registrations:organize_home"))

    assert len(response.context["needing"]) == rows


# --- events


def event_facts(**overrides):
    said = {"kind": "WORKSHOP", "owner": make_unit().pk, "seat_scope": "EVENT", "cancel_until_hours": 24}
    return said | {"title_en": "A new workshop"} | overrides


def test_event_new_makes_a_draft_and_shows_it(client, organizer):
    response = client.post(reverse("registrations:organize_event_new"), event_facts(), follow=True)

    event = Event.objects.get()
    assert (event.title_en, event.status) == ("A new workshop", EventStatus.DRAFT)
    assert response.redirect_chain == [(event_url("organize_event", event), 302)]
    assert "Saved as a draft" in text_of(response)


@pytest.mark.parametrize(
    ("overrides", "field"), [({"title_en": ""}, "title_en"), ({"owner": "0"}, "owner"), ({"kind": "PARTY"}, "kind")]
)
def test_event_new_with_something_wrong_keeps_what_was_typed(client, organizer, overrides, field):
    response = client.post(
        reverse("registrations:organize_event_new"), event_facts(summary_en="One sentence.") | overrides
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert "One sentence." in text_of(response)
    assert not Event.objects.exists()


def test_event_new_for_another_unit_is_refused(client, organizer):
    response = client.post(reverse("registrations:organize_event_new"), event_facts(owner=make_unit("tpm").pk))

    assert response.status_code == 422
    assert not Event.objects.exists()


def test_event_called_new_does_not_hide_behind_the_form(client, organizer):
    client.post(reverse("registrations:organize_event_new"), event_facts(title_en="New"))

    assert client.get(event_url("organize_event", Event.objects.get())).context["event"].title_en == "New"


def test_event_edit_changes_the_texts(client, organizer):
    event = make_event()

    response = client.post(event_url("organize_event_edit", event), event_facts(title_en="Other title"), follow=True)

    event.refresh_from_db()
    assert event.title_en == "Other title"
    assert "Other title" in text_of(response)


def test_event_new_knows_the_one_unit_of_the_organiser(client, organizer):
    form = client.get(reverse("registrations:organize_event_new")).context["form"]

    assert form["owner"].value() == make_unit().pk


def test_event_edit_of_a_discreet_event_keeps_two_coordinators(client, organizer):
    event = make_event(is_discreet=True)
    coordinators = [give_role(make_person(name=name), RoleKind.COORDINATOR) for name in ("Ada Named", "Bo Named")]
    event.coordinators.set(coordinators)

    page = client.get(event_url("organize_event_edit", event))
    response = client.post(event_url("organize_event_edit", event), event_facts(coordinators=[coordinators[0].pk]))

    assert "Ada Named" in text_of(page)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["coordinators"]
    assert event.coordinators.count() == 2


def test_event_page_shows_the_seats_of_every_date(client, organizer, full_session):
    response = client.get(event_url("organize_event", full_session.event))

    [session] = response.context["sessions"]
    assert (session.capacity, session.seats_taken, session.seats_left, session.waiting_count) == (2, 2, 0, 3)
    assert event_url("organize_publish", full_session.event) not in text_of(response)


@pytest.mark.parametrize("rows", [1, 30])
def test_event_page_costs_the_same_for_one_and_for_thirty(client, organizer, django_assert_num_queries, rows):
    event = make_event()
    for number in range(rows):
        make_session(event=event, starts_at=NOW + timedelta(days=number + 1))

    with django_assert_num_queries(5):
        response = client.get(event_url("organize_event", event))

    assert len(response.context["sessions"]) == rows


def test_publish_says_first_what_it_does(client, organizer):
    event = make_session(event=make_event(status=EventStatus.DRAFT)).event
    assert "1 date can be booked at once" in text_of(client.get(event_url("organize_event", event)))

    response = client.post(event_url("organize_publish", event), follow=True)

    event.refresh_from_db()
    assert event.status == EventStatus.PUBLISHED
    assert "Everybody can find it now." in text_of(response)


def test_publish_of_a_discreet_event_without_coordinators_is_refused(client, organizer):
    event = make_event(status=EventStatus.DRAFT, is_discreet=True)

    response = client.post(
        event_url("organize_publish", event),
        headers={"Referer": f"http://testserver{event_url('organize_event', event)}"},
    )

    event.refresh_from_db()
    assert (response.status_code, event.status) == (409, EventStatus.DRAFT)
    assert "exactly two coordinators" in text_of(response)
    assert f'href="{event_url("organize_event", event)}"' in text_of(response)


# --- dates


def date_facts(**overrides):
    said = {"day": "2026-03-12", "start": "10:00", "end": "13:00", "capacity": "20", "language": "en"}
    return said | {"venue": make_venue().pk, "has_waiting_list": "on"} | overrides


def test_session_new_adds_a_date_in_the_zone_of_the_session(client, organizer):
    event = make_event()

    response = client.post(event_url("organize_session_new", event), date_facts(), follow=True)

    session = Session.objects.get()
    assert (session.local_start.isoformat(), session.capacity) == ("2026-03-12T10:00:00", 20)
    assert "The date is added." in text_of(response)


@pytest.mark.parametrize(
    ("overrides", "field"),
    [
        ({"day": "2026-03-01"}, "day"),
        ({"end": "09:00"}, "end"),
        ({"venue": ""}, "venue"),
        ({"capacity": "0"}, "capacity"),
        ({"capacity": "201"}, "capacity"),
        ({"day": "2026-03-29", "start": "02:30"}, "start"),
        ({"join_url": "javascript:alert(1)"}, "join_url"),
        ({"day": "\x00"}, "day"),
    ],
)
def test_session_new_with_something_wrong_keeps_what_was_typed(client, organizer, overrides, field):
    response = client.post(event_url("organize_session_new", make_event()), date_facts(title_en="Own") | overrides)

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert 'value="Own"' in text_of(response)
    assert not Session.objects.exists()


def test_event_page_says_who_may_come(client, organizer):
    first = make_event(title_en="Basics")
    event = make_event(needs_approval=True, prerequisite=first)
    make_session(event=event, is_unlisted=True)

    page = text_of(client.get(event_url("organize_event", event)))

    assert "An organiser approves each one" in page
    assert first.get_absolute_url() in page
    assert "Personal links only" in page


def test_event_form_takes_the_rules_of_the_waiting_list(client, organizer):
    event, first = make_event(), make_event()
    said = {"title_en": "Talk", "owner": event.owner.pk, "cancel_until_hours": "24", "prerequisite": first.pk}
    clock = {"seated_until_hours": "48", "offered_until_hours": "6", "offer_working_hours": "8"}

    response = client.post(event_url("organize_event_edit", event), said | clock | {"needs_approval": "on"})

    event.refresh_from_db()
    assert response.status_code == 302
    assert (event.needs_approval, event.prerequisite, event.offer_working_hours) == (True, first, 8)


def test_adding_a_date_tells_people_who_asked_for_one(client, organizer):
    event = make_event()
    interest.register_interest(event_key=event.key, person=make_person(), now=NOW)
    said = {"day": "2026-03-12", "start": "10:00", "end": "13:00", "capacity": "20", "language": "nl"}

    client.post(event_url("organize_session_new", event), said | {"venue": make_venue(capacity=40).pk})

    assert Message.objects.get().kind == "dates-announced"


# --- the picture of an event

DESCRIBED = {"picture_alt_en": "Two people", "picture_alt_nl": "Twee mensen"}


def test_a_picture_is_put_on_an_event_shown_and_removed(client, organizer):
    event = make_event(owner=make_unit(), kind="WORKSHOP")
    edit = event_url("organize_event_edit", event)
    page = event.get_absolute_url()

    client.post(edit, event_data(picture=upload(), **DESCRIBED), follow=True)
    shown = client.get(page, headers={"Accept-Language": "nl"}).content.decode()
    client.post(edit, event_data(remove_picture="on", **DESCRIBED))

    assert 'alt="Twee mensen"' in shown
    assert '<svg class="cover' not in shown
    assert '<svg class="cover mark-workshop"' in client.get(page).content.decode()


def test_a_bad_file_keeps_the_texts_and_the_old_picture(client, organizer):
    event = give_picture(make_event(owner=make_unit(), title_en="As it was"))

    data = event_data(title_en="Typed", picture=upload(b"no picture"), **DESCRIBED)
    response = client.post(event_url("organize_event_edit", event), data)

    assert response.status_code == 422
    assert 'value="Typed"' in response.content.decode()
    assert "We cannot read this as a picture." in text_of(response)
    assert Event.objects.get().title_en == "As it was"
    assert Event.objects.get().picture.alt_en == "Two people on a stage"


def test_a_new_event_that_is_discreet_gets_no_picture(client, organizer):
    data = event_data(is_discreet="on", picture=upload(), **DESCRIBED)

    response = client.post(reverse("registrations:organize_event_new"), data)

    assert response.status_code == 422
    assert "A discreet event has no picture" in text_of(response)
    assert not Event.objects.exists()
