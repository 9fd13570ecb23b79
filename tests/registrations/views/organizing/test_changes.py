from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from events.enums import SessionStatus
from events.models import Session
from project.outbox.models import Message
from registrations.enums import Status
from registrations.models import Registration
from registrations.services.attending import booking
from registrations.services.organizing import capacity
from tests.factories import NOW, make_session, make_venue
from tests.registrations.support.screens import CHANGES, text_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


# --- changes: first in words, then done


def test_capacity_is_previewed_and_then_changed(client, organizer, full_session):
    next_in_line = Registration.objects.waiting().in_queue_order().select_related("attendee")[0]

    preview = client.post(url("organize_capacity", full_session), {"capacity": "3"})

    assert "1 person from the waiting list gets in" in text_of(preview)
    assert "2 people stay on the waiting list" in text_of(preview)
    assert next_in_line.attendee.name in text_of(preview)
    assert Session.objects.get().capacity == 2
    done = client.post(
        url("organize_capacity", full_session), {"capacity": "3", "confirm": "1", "previewed": "3"}, follow=True
    )
    next_in_line.refresh_from_db()
    assert (Session.objects.get().capacity, next_in_line.status) == (3, Status.CONFIRMED)
    assert done.redirect_chain == [(url("organize_session", full_session), 302)]


def test_capacity_changed_after_the_preview_is_previewed_again(client, organizer, full_session):
    response = client.post(url("organize_capacity", full_session), {"capacity": "5", "confirm": "1", "previewed": "3"})

    assert response.status_code == 200
    assert "These 3 people from the waiting list get in" in text_of(response)
    assert Session.objects.get().capacity == 2


@pytest.mark.parametrize("seats", ["1", "201", "-1", "10001", "many", "", "9" * 400, "\x00"])
@pytest.mark.parametrize("confirm", [{}, {"confirm": "1"}])
def test_capacity_that_cannot_be_is_refused_beside_the_field(client, organizer, full_session, seats, confirm):
    response = client.post(url("organize_capacity", full_session), {"capacity": seats, **confirm})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["capacity"]
    assert Session.objects.get().capacity == 2


def test_move_is_previewed_and_then_done(client, organizer, full_session):
    clash = make_session(starts_at=full_session.starts_at + timedelta(days=1))
    booking.sign_up(session_key=clash.key, attendee=Registration.objects.order_by("pk")[0].attendee, now=NOW)
    said = {"date": "2026-03-13", "start": "10:00", "end": "12:00"}

    preview = text_of(client.post(url("organize_move", full_session), said))

    assert "2 people have a seat: the invitations in their calendars are updated." in preview
    assert "3 people on the waiting list get an email." in preview
    assert "A few people then have two sessions at the same time, of those you organise." in preview
    assert not Message.objects.filter(kind="session-moved").exists()
    client.post(url("organize_move", full_session), said | {"confirm": "1"})
    full_session.refresh_from_db()
    assert full_session.local_start.isoformat() == "2026-03-13T10:00:00"
    assert Message.objects.filter(kind="session-moved").count() == 5


@pytest.mark.parametrize(
    ("overrides", "field"),
    [
        ({"date": "2026-03-01"}, "date"),
        ({"date": "9999-12-31"}, "date"),
        ({"date": "0001-01-01"}, "date"),
        ({"date": "0001-01-01", "start": "00:00"}, "date"),
        ({"date": "soon"}, "date"),
        ({"end": "09:59"}, "end"),
        ({"start": "25:00"}, "start"),
        ({"date": "2026-03-29", "start": "02:30", "end": "04:00"}, "start"),
    ],
)
def test_move_to_a_time_that_cannot_be_is_refused_beside_the_field(client, organizer, full_session, overrides, field):
    before = list(Session.objects.values())
    said = {"date": "2026-03-13", "start": "10:00", "end": "12:00", "confirm": "1"} | overrides

    response = client.post(url("organize_move", full_session), said)

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert f'value="{overrides[field]}"' in text_of(response)
    assert list(Session.objects.values()) == before


def test_place_is_previewed_and_then_changed(client, organizer, full_session):
    venue = make_venue(name="Library")
    said = {"venue": venue.pk, "join_url": "meet.example/x"}

    preview = text_of(client.post(url("organize_place", full_session), said))

    assert "2 people have a seat: the invitations in their calendars are updated." in preview
    assert "Library" in preview
    client.post(url("organize_place", full_session), said | {"confirm": "1"})
    full_session.refresh_from_db()
    assert (full_session.venue, full_session.join_url) == (venue, "https://meet.example/x")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"venue": "", "join_url": ""}, "venue"),
        ({"venue": "0"}, "venue"),
        ({"venue": "", "join_url": "javascript:alert(1)"}, "join_url"),
    ],
)
def test_place_that_cannot_be_is_refused_beside_the_field(client, organizer, full_session, said, field):
    before = list(Session.objects.values())

    response = client.post(url("organize_place", full_session), said | {"confirm": "1"})

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert list(Session.objects.values()) == before


def test_cancel_says_first_whom_it_tells_and_then_tells_them(client, organizer, full_session):
    preview = text_of(client.get(url("organize_cancel", full_session)))

    assert "2 people lose their seat and get an email that takes it out of their calendars." in preview
    assert "3 people on the waiting list get an email." in preview
    client.post(url("organize_cancel", full_session))
    assert Session.objects.get().status == SessionStatus.SCHEDULED
    client.post(url("organize_cancel", full_session), {"confirm": "1"})
    assert Session.objects.get().status == SessionStatus.CANCELLED
    assert Message.objects.filter(kind="session-cancelled").count() == 5


@pytest.mark.parametrize("name", CHANGES)
def test_session_that_is_cancelled_can_still_be_looked_at(client, organizer, full_session, name):
    capacity.cancel_session(session_key=full_session.key, actor=organizer, now=NOW)

    assert client.get(url(name, full_session)).status_code == 200
    page = text_of(client.get(url("organize_session", full_session)))
    assert "This date is cancelled." in page
    assert url(name, full_session) not in page


def test_change_of_a_session_that_started_is_refused_above_the_form(client, organizer, full_session):
    with time_machine.travel(full_session.starts_at, tick=False):
        response = client.post(url("organize_capacity", full_session), {"capacity": "3", "confirm": "1"})

    assert response.status_code == 422
    assert "it can no longer be changed" in text_of(response)
    assert Session.objects.get().capacity == 2


def test_cancel_of_a_session_that_started_is_refused_with_a_way_back(client, organizer, full_session):
    with time_machine.travel(full_session.starts_at, tick=False):
        response = client.post(url("organize_cancel", full_session), {"confirm": "1"})

    assert response.status_code == 409
    assert Session.objects.get().status == SessionStatus.SCHEDULED


def test_reinstating_says_first_who_comes_back_and_then_does_it(client, organizer, full_session):
    capacity.cancel_session(session_key=full_session.key, actor=organizer, now=NOW)
    page = text_of(client.get(url("organize_session", full_session)))

    preview = text_of(client.get(url("organize_reinstate", full_session)))

    assert url("organize_reinstate", full_session) in page
    assert "2 people get their seat back, and an email that puts it in their calendars again." in preview
    assert "3 people are on the waiting list again, in their old places, and get an email." in preview
    client.post(url("organize_reinstate", full_session))
    assert Session.objects.get().status == SessionStatus.CANCELLED
    client.post(url("organize_reinstate", full_session), {"confirm": "1"})
    assert Session.objects.get().status == SessionStatus.SCHEDULED
    assert Message.objects.filter(kind="session-reinstated").count() == 5


def test_reinstating_what_takes_place_says_so(client, organizer, full_session):
    page = text_of(client.get(url("organize_reinstate", full_session)))

    assert "It takes place already; nothing is sent." in page


def test_reinstating_where_nobody_comes_back_says_so(client, organizer):
    session = make_session()
    capacity.cancel_session(session_key=session.key, actor=organizer, now=NOW)

    assert "no email is sent" in text_of(client.get(url("organize_reinstate", session)))


def test_reinstating_after_the_start_is_refused_with_a_way_back(client, organizer, full_session):
    capacity.cancel_session(session_key=full_session.key, actor=organizer, now=NOW)
    with time_machine.travel(full_session.starts_at, tick=False):
        response = client.post(url("organize_reinstate", full_session), {"confirm": "1"})

    assert response.status_code == 409
    assert Session.objects.get().status == SessionStatus.CANCELLED


def test_a_new_link_is_told_to_those_with_a_seat_alone(client, organizer, full_session):
    said = {"venue": full_session.venue.pk, "join_url": "https://meet.example/x"}

    preview = text_of(client.post(url("organize_place", full_session), said))

    assert "2 people have a seat: the invitations in their calendars are updated." in preview
    assert "People on the waiting list get no email" in preview
    client.post(url("organize_place", full_session), said | {"confirm": "1"})
    assert Message.objects.filter(kind="link-changed").count() == 2
