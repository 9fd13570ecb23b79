"""The page on which an organiser writes to the people of a date, and where the message is read afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from structlog.testing import capture_logs

from project.accounts.enums import RoleKind
from project.outbox.models import Message
from registrations.models import Notice, Registration
from registrations.services.organizing import capacity
from tests.factories import NOW, make_person, make_session, make_unit
from tests.registrations.support.mails import SECRET
from tests.registrations.support.notices import SEATED, send
from tests.registrations.support.screens import fill, log_in_as, text_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

SAID = {
    "statuses": ["CONFIRMED"],
    "subject_en": "Bring lunch",
    "body_en": "Dear {name}",
    "subject_nl": "",
    "body_nl": "",
}
PAGE = "organize_message"


def confirmed(response, **changed):
    """The same form again, as the page offers it."""
    form = response.context["form"]
    return SAID | {"confirm": "1", "previewed": form.fingerprint, "key": str(response.context["key"])} | changed


def frame(session, language="en"):
    return reverse("registrations:organize_message_shown", args=[session.key, language]) + "?draft=1"


def nothing_was_sent():
    return not Notice.objects.exists() and not Message.objects.filter(kind="notice").exists()


# --- who may come in


@pytest.mark.parametrize("kind", [RoleKind.HOST, RoleKind.DOOR, RoleKind.BOARD, RoleKind.ADMINISTRATOR])
def test_every_other_role_finds_nothing_and_sends_nothing(client, session, kind):
    log_in_as(client, kind, session)

    assert client.get(url(PAGE, session)).status_code == 404
    assert client.get(frame(session)).status_code == 404
    assert client.post(url(PAGE, session), SAID | {"confirm": "1"}).status_code == 404
    assert nothing_was_sent()


def test_organisers_of_another_unit_are_told_it_is_not_theirs(client, session):
    log_in_as(client, RoleKind.ORGANIZER, session, unit=make_unit("tpm"))

    assert client.get(url(PAGE, session)).status_code == 403
    assert client.post(url(PAGE, session), SAID | {"confirm": "1"}).status_code == 403
    assert nothing_was_sent()


def test_visitors_are_asked_to_sign_in(client, session):
    assert client.get(url(PAGE, session))["Location"].startswith(reverse("account_login"))


def test_to_the_people_of_a_discreet_session_only_its_coordinators_write(client, organizer, discreet):
    assert client.get(url(PAGE, discreet)).status_code == 404
    assert client.post(url(PAGE, discreet), SAID | {"confirm": "1"}).status_code == 404
    assert url(PAGE, discreet) not in text_of(client.get(url("organize_session", discreet)))

    client.force_login(discreet.event.coordinators.first())
    assert client.get(url(PAGE, discreet)).status_code == 200
    assert url(PAGE, discreet) in text_of(client.get(url("organize_session", discreet)))


# --- first shown, then sent


def test_the_form_says_how_many_are_in_each_group(client, organizer, session):
    said = text_of(client.get(url(PAGE, session)))

    assert "Have a seat (2)" in said
    assert "Wait for a seat (1)" in said
    assert "Have an offer to answer (0)" in said


def test_a_message_is_shown_with_the_people_who_get_it_before_it_is_sent(client, organizer, session):
    with capture_logs() as logs:
        response = client.post(url(PAGE, session), SAID)

    said = text_of(response)
    assert "2 people get this email, each on their own." in said
    assert "Ann Seated" in said
    assert "Bob Seated" in said
    assert "Cid Waiting" not in said
    assert {"names_viewed", 2} <= {logs[-1]["event"], logs[-1]["names"]}
    assert "Dear Robin Example" in said
    assert "Dear Robin Example" in text_of(client.get(frame(session)))
    assert client.get(frame(session, "nl")).status_code == 404
    assert nothing_was_sent()


def test_a_message_that_was_shown_is_sent_once(client, organizer, session):
    shown = client.post(url(PAGE, session), SAID)
    said = confirmed(shown)

    sent = client.post(url(PAGE, session), said, follow=True)
    again = client.post(url(PAGE, session), said)

    assert sent.redirect_chain == [(url("organize_session", session), 302)]
    assert "Sent to 2 people." in text_of(sent)
    assert again.status_code == 302
    assert Message.objects.filter(kind="notice").count() == 2
    notice = Notice.objects.get()
    assert (notice.author, notice.subject_en, notice.created_at) == (organizer, "Bring lunch", NOW)


@pytest.mark.parametrize(
    "changed",
    [
        {"body_en": "Other words"},
        {"statuses": ["CONFIRMED", "WAITLISTED"]},
        {"previewed": ""},
        {"previewed": "0" * 64},
        {"key": ""},
        {"confirm": ""},
    ],
)
def test_what_was_not_shown_like_that_is_shown_again(client, organizer, session, changed):
    shown = client.post(url(PAGE, session), SAID)

    response = client.post(url(PAGE, session), confirmed(shown, **changed))

    assert response.status_code == 200
    assert response.context["key"] != shown.context["key"]
    assert nothing_was_sent()


def test_the_very_same_again_within_minutes_is_refused_above_the_form(client, organizer, session):
    client.post(url(PAGE, session), confirmed(client.post(url(PAGE, session), SAID)))

    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        response = client.post(url(PAGE, session), confirmed(client.post(url(PAGE, session), SAID)))

    assert response.status_code == 422
    assert "This very message went out at 10:00." in text_of(response)
    assert Notice.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"statuses": []}, "statuses"),
        ({"statuses": ["REQUESTED"]}, "statuses"),
        ({"statuses": ["EVERYBODY"]}, "statuses"),
        ({"subject_en": "", "body_en": ""}, "subject_en"),
        ({"body_en": ""}, "body_en"),
        ({"body_nl": "Hoi"}, "subject_nl"),
        ({"subject_en": "x" * 151}, "subject_en"),
        ({"body_en": "x" * 2001}, "body_en"),
        ({"body_en": "{user.password}"}, "body_en"),
        ({"subject_en": "\x00"}, "subject_en"),
    ],
)
@pytest.mark.parametrize("confirm", [{}, {"confirm": "1"}])
def test_a_message_that_cannot_be_is_refused_beside_the_field(client, organizer, session, changed, field, confirm):
    response = client.post(url(PAGE, session), SAID | changed | confirm)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert nothing_was_sent()


@pytest.mark.parametrize("key", ["1", "x" * 500, "' OR 1=1"])
def test_a_key_that_is_none_is_refused(client, organizer, session, key):
    shown = client.post(url(PAGE, session), SAID)

    assert client.post(url(PAGE, session), confirmed(shown, key=key)).status_code == 422
    assert nothing_was_sent()


def test_after_a_cancellation_people_can_still_be_written_to(client, organizer, session):
    capacity.cancel_session(session_key=session.key, actor=organizer, now=NOW)

    shown = client.post(url(PAGE, session), SAID | {"statuses": ["CANCELLED"]})

    assert "3 people get this email" in text_of(shown)


def test_opening_the_page_changes_nothing(client, organizer, session):
    client.get(url(PAGE, session))

    assert nothing_was_sent()


@pytest.mark.parametrize("people", [1, 30])
def test_showing_costs_the_same_for_one_and_for_thirty(client, organizer, django_assert_num_queries, people):
    session = make_session(capacity=40)
    fill(session, people)
    client.post(url(PAGE, session), SAID)

    with django_assert_num_queries(10):
        response = client.post(url(PAGE, session), SAID)

    assert len(response.context["names"]) == people


# --- discreet


def test_of_a_discreet_session_nobody_is_named_and_the_mail_tells_nothing(client, discreet):
    client.force_login(discreet.event.coordinators.first())

    response = client.post(url(PAGE, discreet), SAID | {"subject_en": SECRET})

    assert "2 people get this email" in text_of(response)
    assert "Ann Seated" not in text_of(response)
    assert SECRET in text_of(response)
    assert SECRET not in text_of(client.get(frame(discreet)))
    assert "There is a message about your booking." in text_of(client.get(frame(discreet)))


# --- afterwards


def test_organisers_read_on_the_page_of_the_date_what_was_sent(client, organizer, session):
    send(session, actor=organizer)

    said = text_of(client.get(url("organize_session", session)))

    assert "Bring lunch" in said
    assert "Monday 2 March, 10:00, to 2 people" in said
    assert "The canteen is closed." in said


def test_people_read_on_their_own_page_what_was_written_to_them(client, session):
    send(session)
    seated, waiting = (Registration.objects.get(attendee__name=name) for name in ("Ann Seated", "Cid Waiting"))

    client.force_login(seated.attendee)
    said = text_of(client.get(url("my_registration", seated)))
    client.force_login(waiting.attendee)
    other = text_of(client.get(url("my_registration", waiting)))

    assert "What the organisers wrote" in said
    assert SEATED.subject_en in said
    assert "Dear Ann Seated," in said
    assert SEATED.subject_en not in other


def test_nobody_reads_what_was_written_to_somebody_else(client, session):
    send(session)
    client.force_login(make_person())

    assert client.get(url("my_registration", Registration.objects.first())).status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_the_own_page_costs_the_same_for_one_and_for_thirty(client, session, django_assert_num_queries, number):
    for turn in range(number):
        send(session, type(SEATED)(statuses=("CONFIRMED",), subject_en=f"No. {turn}", body_en="B"))
    mine = Registration.objects.get(attendee__name="Ann Seated")
    client.force_login(mine.attendee)

    with django_assert_num_queries(11):
        response = client.get(url("my_registration", mine))

    assert len(response.context["notices"]) == number
