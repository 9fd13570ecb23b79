from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from project.accounts.enums import RoleKind
from project.outbox.enums import MessageStatus, Trouble
from project.outbox.models import Message
from registrations.enums import InviteState
from registrations.models import Invite
from registrations.services.attending import booking
from tests.factories import NOW, give_role, make_event, make_organizer, make_person, make_session, make_unit
from tests.registrations.support.screens import at, fill, text_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
SENT_AGAIN = "Done. The email is on its way once more."


@pytest.fixture
def session():
    return make_session(capacity=1)


def page(client, session, **query):
    return client.get(url("organize_sent_mails", session), query)


def again(client, claim, kind="registration-confirmed"):
    return client.post(reverse("registrations:organize_send_again", args=[claim.key]), {"kind": kind}, follow=True)


def deliver_all(**values):
    Message.objects.update(**({"status": MessageStatus.SENT, "sent_at": NOW, "raw": b"secret words"} | values))


def discreet_session():
    return make_session(event=make_event(slug="k7q2m9", is_discreet=True))


def test_the_page_says_what_was_sent_to_whom_in_which_state(client, organizer, session):
    seat, waiting = fill(session, 2)
    deliver_all()
    Message.objects.filter(subject_id=waiting.key).update(
        status=MessageStatus.FAILED, sent_at=None, last_error=Trouble.NO_SUCH_ADDRESS
    )

    words = text_of(page(client, session))

    assert seat.attendee.name in words
    assert "Confirmation" in words
    assert "Sent" in words
    assert waiting.attendee.name in words
    assert "Given up: the address does not exist" in words
    assert "secret words" not in words


def test_only_the_newest_of_a_kind_can_be_sent_again_on_whatever_page_or_state(client, organizer, session, monkeypatch):
    """Judged by all mails about the date, not by those that happen to be shown."""
    monkeypatch.setattr("registrations.views.mailing.sent_mails.PAGE_SIZE", 1)
    [seat] = fill(session, 1)
    deliver_all()
    again(client, seat)
    Message.objects.filter(status=MessageStatus.PENDING).update(status=MessageStatus.FAILED)

    shown = {
        "newest": page(client, session),
        "older": page(client, session, page=2),
        "older alone": page(client, session, state="sent"),
    }

    offers = {name: b"/send-again/" in answer.content for name, answer in shown.items()}
    assert offers == {"newest": True, "older": False, "older alone": False}


def test_the_page_shows_one_state_where_asked(client, organizer, session):
    seat, waiting = fill(session, 2)
    Message.objects.filter(subject_id=seat.key).update(status=MessageStatus.SENT, bounced_at=NOW)

    bounced, pending = text_of(page(client, session, state="bounced")), text_of(page(client, session, state="waiting"))
    unknown = page(client, session, state="nonsense", page="x")

    assert seat.attendee.name in bounced
    assert waiting.attendee.name not in bounced
    assert "Came back: the address takes no email" in bounced
    assert waiting.attendee.name in pending
    assert seat.attendee.name not in pending
    assert unknown.status_code == 200
    assert seat.attendee.name in text_of(unknown)


@pytest.mark.parametrize("state", ["", "failed"])
def test_the_page_of_a_date_without_mails_says_so(client, organizer, session, state):
    words = text_of(page(client, session, state=state))

    assert ("No email is in this state." if state else "No email has been sent about this date yet.") in words


def test_mails_of_other_dates_and_codes_are_not_shown(client, organizer, session):
    fill(session, 1)
    other = fill(make_session(), 1)[0]
    Message.objects.create(
        kind="sign-in-code", recipient=other.attendee, subject_id=uuid4(), created_at=NOW, due_at=NOW
    )

    words = text_of(page(client, session))

    assert other.attendee.name not in words
    assert words.count("Confirmation") == 1


def test_the_page_costs_the_same_at_1_and_at_30_mails(client, organizer, django_assert_num_queries):
    small, large = make_session(capacity=40), make_session(capacity=40)
    fill(small, 1)
    fill(large, 30)
    page(client, small)

    with django_assert_num_queries(8):
        page(client, small)
    with django_assert_num_queries(8):
        page(client, large)


def test_long_lists_have_pages(client, organizer, session, monkeypatch):
    monkeypatch.setattr("registrations.views.mailing.sent_mails.PAGE_SIZE", 2)
    fill(session, 5)

    first, last = text_of(page(client, session)), text_of(page(client, session, page="3", state="waiting"))

    assert "Page 1" in first
    assert "Older emails" in first
    assert "Page 3" in last
    assert "?state=waiting&amp;page=2" in last


def test_looking_is_logged_without_names(client, organizer, session, caplog):
    claim = fill(session, 1)[0]

    page(client, session)

    assert "names_viewed" in caplog.text
    assert claim.attendee.name not in caplog.text


def test_the_page_of_the_date_leads_there(client, organizer, session):
    fill(session, 1)

    assert url("organize_sent_mails", session) in text_of(client.get(url("organize_session", session)))


def test_the_page_of_the_date_warns_of_what_came_back(client, organizer, session):
    fill(session, 1)
    deliver_all(bounced_at=NOW)

    words = text_of(client.get(url("organize_session", session)))

    assert "<strong>1</strong> email failed" in words
    assert "An email failed" in words
    assert "came back" in words


@pytest.mark.parametrize("kind", [RoleKind.HOST, RoleKind.DOOR, RoleKind.BOARD, RoleKind.ADMINISTRATOR, None])
def test_others_are_kept_out(client, session, kind):
    claim = fill(session, 1)[0]
    person = make_person()
    if kind:
        give_role(person, kind, session=session if kind in {RoleKind.HOST, RoleKind.DOOR} else None)
    client.force_login(person)

    assert page(client, session).status_code in {403, 404}
    assert again(client, claim).status_code in {403, 404}
    assert Message.objects.count() == 1


def test_an_organizer_of_another_unit_is_kept_out(client, session):
    claim = fill(session, 1)[0]
    deliver_all()
    client.force_login(make_organizer(unit=make_unit("ide")))

    assert page(client, session).status_code == 403
    assert again(client, claim).status_code == 403
    assert Message.objects.count() == 1


def test_visitors_sign_in_first(client, session):
    assert page(client, session).url.startswith(reverse("account_login"))


def test_of_a_discreet_date_only_a_named_coordinator_sees_the_mails(client, organizer):
    session = discreet_session()
    claim = fill(session, 1)[0]
    deliver_all()

    refused = [page(client, session).status_code, again(client, claim).status_code]
    named = give_role(make_person(), RoleKind.COORDINATOR)
    session.event.coordinators.add(named)
    client.force_login(named)
    shown = text_of(page(client, session))

    assert refused == [404, 404]
    assert claim.attendee.name in shown


# --- Once more -------------------------------------------------------------------------------------------------------


def test_send_again_repeats_the_entry_with_the_same_sequence_and_a_later_stamp(client, organizer, session):
    claim = fill(session, 1)[0]
    deliver_all()
    before = Invite.objects.get()

    words = text_of(again(client, claim))

    first, second = Message.objects.order_by("pk")
    after = Invite.objects.get()
    assert SENT_AGAIN in words
    assert (second.kind, second.thread, second.status) == (first.kind, before.uid, MessageStatus.PENDING)
    assert (after.uid, after.sequence) == (before.uid, before.sequence)
    assert after.stamped_at > before.stamped_at
    assert second.facts["invite"]["sequence"] == first.facts["invite"]["sequence"]
    assert second.facts["invite"]["stamped_at"] > first.facts["invite"]["stamped_at"]


def test_send_again_of_a_cancellation_repeats_the_cancel(client, organizer, session):
    claim = fill(session, 1)[0]
    booking.cancel(registration_key=claim.key, actor=claim.attendee, now=NOW)
    deliver_all()

    words = text_of(again(client, claim, kind="registration-cancelled"))

    last = Message.objects.latest("pk")
    invite = Invite.objects.get()
    assert SENT_AGAIN in words
    assert (last.kind, last.thread) == ("registration-cancelled", invite.uid)
    assert (invite.state, invite.sequence, last.facts["invite"]["sequence"]) == (InviteState.CANCELLED, 1, 1)


def test_send_again_keeps_what_the_mail_compares_with(client, organizer, session):
    claim = fill(session, 1)[0]
    Message.objects.update(kind="session-moved")
    message = Message.objects.get()
    message.facts["was"] = {"place": "Aula"}
    message.save()
    deliver_all()

    again(client, claim, kind="session-moved")

    assert Message.objects.latest("pk").facts["was"] == {"place": "Aula"}


def test_a_mail_to_somebody_who_waits_is_sent_again_without_a_calendar_entry(client, organizer, session):
    waiting = fill(session, 2)[1]
    deliver_all()

    again(client, waiting, kind="registration-waitlisted")

    last = Message.objects.latest("pk")
    assert (last.kind, last.thread) == ("registration-waitlisted", None)
    assert "invite" not in last.facts


def test_of_each_person_the_newest_of_a_kind_can_be_sent_again(client, organizer, session):
    claim = fill(session, 1)[0]
    deliver_all()
    again(client, claim)
    on_its_way = text_of(page(client, session))
    deliver_all()

    words = text_of(page(client, session))

    assert "Send again" not in on_its_way
    assert words.count("Send again") == 1


def test_what_is_on_its_way_is_not_sent_again(client, organizer, session):
    claim = fill(session, 1)[0]

    response = again(client, claim)

    assert response.status_code == 409
    assert "This email is on its way already." in text_of(response)
    assert Message.objects.count() == 1


@pytest.mark.parametrize("kind", ["session-moved", "nonsense", ""])
def test_what_was_never_sent_is_not_sent_again(client, organizer, session, kind):
    claim = fill(session, 1)[0]
    deliver_all()

    response = again(client, claim, kind=kind)

    assert response.status_code == 409
    assert Message.objects.count() == 1


def test_what_does_not_hold_any_more_is_not_sent_again(client, organizer, session):
    claim = fill(session, 1)[0]
    booking.cancel(registration_key=claim.key, actor=claim.attendee, now=NOW)
    deliver_all()

    response = again(client, claim)

    assert response.status_code == 409
    assert "What this email says does not hold any more." in text_of(response)
    assert Message.objects.count() == 2


def test_nothing_is_sent_again_once_the_date_has_begun(client, organizer, session):
    claim = fill(session, 1)[0]
    deliver_all()

    with at(session, minutes=1):
        client.force_login(organizer)
        response = again(client, claim)

    assert response.status_code == 409
    assert Message.objects.count() == 1


def test_a_get_sends_nothing(client, organizer, session):
    claim = fill(session, 1)[0]
    deliver_all()

    response = client.get(reverse("registrations:organize_send_again", args=[claim.key]))

    assert response.status_code == 405
    assert Message.objects.count() == 1
    assert Message.objects.get().due_at - NOW < timedelta(seconds=1)
