"""The page behind "Keep my seat": GET changes nothing, one button keeps it, without signing in."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from project.outbox.models import Message
from registrations.emails import keep_link, offer_link
from registrations.enums import Action, Answer, InviteState, Status
from registrations.models import Registration
from registrations.services.attending import booking, declines
from registrations.services.seats.audit import audit_seats
from tests.factories import NOW, make_person, make_session
from tests.registrations.support.inbox import invite_of, log_of, outlook, post, status_of
from tests.registrations.support.races import sign_up
from tests.registrations.support.screens import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def seated(clock):
    registration = sign_up(make_session(capacity=1), make_person())
    Message.objects.all().delete()
    return registration


@pytest.fixture
def declined(seated):
    post(outlook(invite_of(seated), "DECLINED"))
    return seated


def path_of(registration, link=keep_link):
    return link(registration).removeprefix("http://testserver")


def later(**time):
    return time_machine.travel(NOW + timedelta(**time), tick=False)


def test_get_says_until_when_and_changes_nothing(client, declined):
    before = invite_of(declined).release_at

    response = client.get(path_of(declined))

    assert response.status_code == 200
    assert "Until Monday 2 March, 10:15 the seat is still yours." in text_of(response)
    assert "Keep my seat</button>" in text_of(response)
    assert (invite_of(declined).release_at, status_of(declined)) == (before, Status.CONFIRMED)
    assert response["Cache-Control"].startswith("max-age=0")


def test_post_keeps_the_seat_under_a_new_calendar_entry(client, declined):
    old = invite_of(declined)

    response = client.post(path_of(declined))

    new = invite_of(declined)
    old.refresh_from_db()
    assert "Good, your seat is yours" in text_of(response)
    assert (old.state, old.release_at) == (InviteState.DECLINED, None)
    assert (new.state, new.sequence, new.answer) == (InviteState.ACTIVE, 0, "")
    assert new.uid != old.uid
    assert log_of(declined) == [Action.CONFIRMED, Action.CALENDAR_DECLINED, Action.CALENDAR_KEPT]
    assert list(Message.objects.values_list("kind", flat=True).order_by("pk")) == [
        "reply-declined",
        "registration-confirmed",
    ]
    assert declines.seats_to_free(NOW + timedelta(days=1)) == []


def test_post_twice_is_once(client, declined):
    client.post(path_of(declined))
    kept = invite_of(declined)

    client.post(path_of(declined))

    assert invite_of(declined).uid == kept.uid
    assert Message.objects.filter(kind="registration-confirmed").count() == 1


def release(registration, **time):
    invite = invite_of(registration)
    declines.free_declined_seat(invite_id=invite.pk, now=NOW + timedelta(**time))


def test_post_after_the_seat_went_back_takes_it_again_if_it_is_free(client, declined):
    release(declined, minutes=15)

    with later(minutes=40):
        asked = client.get(path_of(declined))
        response = client.post(path_of(declined))

    again = Registration.objects.active().get()
    assert "Take the seat again</button>" in text_of(asked)
    assert "Good, your seat is yours" in text_of(response)
    assert (again.attendee, again.pk == declined.pk) == (declined.attendee, False)
    assert audit_seats(now=NOW + timedelta(minutes=40)) == {}


def test_post_twice_after_the_seat_went_back_says_the_same_twice(client, declined):
    release(declined, minutes=15)

    with later(minutes=40):
        pages = [client.post(path_of(declined)), client.post(path_of(declined))]
        afterwards = client.get(path_of(declined))

    for page in pages:
        assert "Good, your seat is yours" in text_of(page)
    assert "Take the seat again" not in text_of(afterwards)
    assert "Can you come?" in text_of(afterwards)
    assert Registration.objects.active().count() == 1


def test_post_after_the_seat_went_to_somebody_else_says_so(client, declined):
    waiting = sign_up(declined.session, make_person())
    release(declined, minutes=15)

    with later(minutes=40):
        response = client.post(path_of(declined))

    assert "You have no seat here" in text_of(response)
    assert [status_of(declined), status_of(waiting)] == [Status.CANCELLED, Status.CONFIRMED]


def test_a_yes_to_a_moved_date_is_noted(client, seated):
    before = invite_of(seated)
    page = client.get(path_of(seated))

    response = client.post(path_of(seated))

    invite = invite_of(seated)
    assert "Yes, I’ll come</button>" in text_of(page)
    assert "/give-back/" in text_of(page)
    assert "Good, your seat is yours" in text_of(response)
    assert (invite.uid, invite.answer) == (before.uid, Answer.ACCEPTED)


def test_somebody_who_gave_the_seat_back_otherwise_has_nothing_to_answer(client, seated):
    booking.cancel(registration_key=seated.key, actor=seated.attendee, now=NOW)

    pages = [client.get(path_of(seated)), client.post(path_of(seated))]

    for page in pages:
        assert "There is nothing to answer any more" in text_of(page)
    assert status_of(seated) == Status.CANCELLED


def test_after_the_start_there_is_nothing_to_answer(client, declined):
    with time_machine.travel(declined.session.starts_at, tick=False):
        pages = [client.get(path_of(declined)), client.post(path_of(declined))]

    for page in pages:
        assert "This session has begun" in text_of(page)
    assert invite_of(declined).release_at is not None


@pytest.mark.parametrize("token", ["forged", "00000000000000000000000000000000:x"])
def test_a_forged_link_opens_nothing(client, token):
    assert client.get(reverse("registrations:keep_link", args=[token])).status_code == 404


def test_a_link_for_another_action_opens_nothing(client, declined):
    token = path_of(declined, offer_link).strip("/").rpartition("/")[2]

    assert client.get(reverse("registrations:keep_link", args=[token])).status_code == 404


def test_a_discreet_session_asks_to_sign_in(client, declined):
    event = declined.session.event
    event.is_discreet = True
    event.save()

    for response in (client.get(path_of(declined)), client.post(path_of(declined))):
        assert response.status_code == 302
        assert response["Location"] == reverse("registrations:my_registration", args=[declined.key])
    assert invite_of(declined).release_at is not None
