"""What becomes of a seat that was declined in a calendar: the time in which it can be kept, and afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from project.outbox.models import Message
from project.outbox.services import delivery
from registrations.enums import Action, Answer, InviteState, Status, Verdict
from registrations.models import Invite, Registration
from registrations.services.attending import booking, declines
from registrations.services.organizing import capacity, schedule
from registrations.services.seats.audit import audit_seats
from tests.factories import NOW, make_event, make_organizer, make_people, make_person, make_session
from tests.registrations.support.inbox import (
    LATER,
    as_ever,
    invite_of,
    kinds,
    log_of,
    outcome,
    outlook,
    post,
    status_of,
    tick,
)
from tests.registrations.support.races import sign_up
from tests.registrations.support.screens import text_of, url

pytestmark = pytest.mark.django_db


def test_a_date_that_moves_while_the_seat_is_on_its_way_back_keeps_it_and_asks(party, settings):
    """Once people were told."""
    settings.MAIL_MERGE_SECONDS = 0
    session, seated, waiting = party
    post(outlook(invite_of(seated), "DECLINED"))
    hour = timedelta(hours=1)
    schedule.reschedule_session(
        session_key=session.key, starts_at=session.starts_at + hour, ends_at=session.ends_at + hour, now=NOW
    )
    delivery.deliver_due(now=NOW)

    tick(LATER)

    assert (status_of(seated), status_of(waiting)) == (Status.CONFIRMED, Status.WAITLISTED)
    assert invite_of(seated).release_at is None
    assert [kind for kind in kinds() if kind.startswith("reply-")] == ["reply-declined", "reply-stale"]


def test_a_yes_after_such_a_move_brings_the_entry_back(party):
    """The calendar took it out when the person declined the former time."""
    session, seated, _ = party
    old = invite_of(seated)
    post(outlook(old, "DECLINED"))
    hour = timedelta(hours=1)
    schedule.reschedule_session(
        session_key=session.key, starts_at=session.starts_at + hour, ends_at=session.ends_at + hour, now=NOW
    )
    delivery.deliver_due(now=LATER)
    tick(LATER)

    declines.keep_seat(registration_key=seated.key, now=LATER)

    new = invite_of(seated)
    assert (new.uid == old.uid, new.state, status_of(seated)) == (False, InviteState.ACTIVE, Status.CONFIRMED)
    assert kinds()[-1] == "registration-confirmed"


def test_a_reply_to_a_cancelled_session_is_noted(party):
    session, seated, _ = party
    invite = invite_of(seated)
    capacity.cancel_session(session_key=session.key, actor=make_person(), now=NOW)
    Message.objects.all().delete()

    row = post(outlook(invite, "DECLINED"))

    assert outcome(row) == (Verdict.RECORDED, "noted")
    assert (status_of(seated), kinds()) == (Status.CANCELLED, [])
    assert audit_seats(now=NOW) == {}


def test_a_decline_after_the_start_is_noted(party):
    session, seated, _ = party

    row = post(outlook(invite_of(seated), "DECLINED"), now=session.starts_at)
    tick(session.ends_at)

    assert outcome(row) == (Verdict.RECORDED, "noted")
    assert (status_of(seated), kinds()) == (Status.CONFIRMED, [])


def test_a_decline_in_the_last_two_hours_frees_the_seat_at_once(party):
    session, seated, waiting = party
    now = session.starts_at - timedelta(minutes=119)

    row = post(outlook(invite_of(seated), "DECLINED"), now=now)

    cancelled = Registration.objects.get(pk=seated.pk)
    assert outcome(row) == (Verdict.APPLIED, "released")
    assert (cancelled.status, cancelled.is_late_cancellation) == (Status.CANCELLED, True)
    assert invite_of(seated).state == InviteState.DECLINED
    assert kinds() == ["reply-released", "seat-open"]
    assert status_of(waiting) == Status.WAITLISTED
    assert audit_seats(now=now) == {}


def test_late_is_told_by_when_the_person_declined_and_not_by_when_the_seat_went():
    event = make_event(cancel_until_hours=24)
    session = make_session(event=event)
    seated = sign_up(session, make_person())
    deadline = session.starts_at - timedelta(hours=24)

    post(outlook(invite_of(seated), "DECLINED"), now=deadline - timedelta(minutes=5))
    tick(deadline + timedelta(minutes=30))

    cancelled = Registration.objects.get(pk=seated.pk)
    assert (cancelled.status, cancelled.is_late_cancellation) == (Status.CANCELLED, False)
    assert cancelled.cancelled_at == deadline + timedelta(minutes=10)


def test_a_late_scheduler_gives_the_seat_out_as_if_it_had_been_on_time(party):
    """72 hours before the start a seat is booked, after that it is offered (product Q4)."""
    session, seated, waiting = party
    declined_at = session.starts_at - timedelta(hours=72, minutes=16)
    post(outlook(invite_of(seated), "DECLINED"), now=declined_at)

    tick(session.starts_at - timedelta(hours=70))

    assert status_of(waiting) == Status.CONFIRMED


def test_somebody_who_is_inside_by_the_time_the_scheduler_comes_keeps_the_seat(party):
    session, seated, _ = party
    post(outlook(invite_of(seated), "DECLINED"))

    tick(session.starts_at + timedelta(minutes=1))

    assert status_of(seated) == Status.CONFIRMED
    assert invite_of(seated).release_at is None


def test_a_yes_while_the_seat_is_on_its_way_back_keeps_it(party):
    _, seated, waiting = party
    post(outlook(invite_of(seated), "DECLINED", stamp=1))

    row = post(outlook(invite_of(seated), "ACCEPTED", stamp=2), now=NOW + timedelta(minutes=2))
    tick(LATER)

    invite = invite_of(seated)
    assert outcome(row) == (Verdict.APPLIED, "kept")
    assert (status_of(seated), status_of(waiting)) == (Status.CONFIRMED, Status.WAITLISTED)
    assert (invite.state, invite.release_at, invite.answer) == (InviteState.ACTIVE, None, Answer.ACCEPTED)
    assert log_of(seated) == [Action.CONFIRMED, Action.CALENDAR_DECLINED, Action.CALENDAR_KEPT]


def last_request():
    message = Message.objects.latest("pk")
    return (message.kind, message.facts["invite"]["sequence"], message.facts["invite"]["partstat"])


def test_a_yes_after_a_new_link_brings_the_entry_up_to_date(party):
    """Its mail carried no entry, as the seat was on its way back."""
    session, seated, _ = party
    old = invite_of(seated)
    post(outlook(old, "DECLINED", stamp=1))
    schedule.relocate_session(session_key=session.key, venue=session.venue, join_url="https://meet.example/1", now=NOW)

    row = post(outlook(old, "ACCEPTED", stamp=12), now=NOW + timedelta(minutes=2))

    assert outcome(row) == (Verdict.APPLIED, "kept")
    assert (invite_of(seated).uid, invite_of(seated).answer) == (old.uid, Answer.ACCEPTED)
    assert last_request() == ("registration-confirmed", 1, "ACCEPTED")


@pytest.mark.parametrize("answer", ["ACCEPTED", "TENTATIVE"])
def test_a_yes_to_the_former_time_keeps_the_seat_and_asks_about_the_new_one(party, answer):
    session, seated, waiting = party
    old, hour = invite_of(seated), timedelta(hours=1)
    post(outlook(old, "DECLINED", stamp=1))
    schedule.reschedule_session(
        session_key=session.key, starts_at=session.starts_at + hour, ends_at=session.ends_at + hour, now=NOW
    )

    row = post(outlook(old, answer, stamp=12), now=NOW + timedelta(minutes=2))
    request = last_request()
    tick(LATER)
    declines.keep_seat(registration_key=seated.key, now=LATER)

    invite = invite_of(seated)
    assert outcome(row) == (Verdict.APPLIED, "kept")
    assert request == ("registration-confirmed", 1, "NEEDS-ACTION")
    assert (status_of(seated), status_of(waiting)) == (Status.CONFIRMED, Status.WAITLISTED)
    assert (invite.uid, invite.state, invite.release_at) == (old.uid, InviteState.ACTIVE, None)
    assert "reply-stale" not in kinds()
    assert log_of(seated) == [Action.CONFIRMED, Action.CALENDAR_DECLINED, Action.CALENDAR_KEPT]


def test_a_yes_where_nothing_changed_meanwhile_mails_nothing(party):
    _, seated, _ = party
    post(outlook(invite_of(seated), "DECLINED", stamp=1))

    post(outlook(invite_of(seated), "ACCEPTED", stamp=12), now=NOW + timedelta(minutes=2))

    assert kinds() == ["reply-declined"]


def test_keep_twice_after_the_seat_went_back_answers_the_seat_of_the_first_time():
    seated = sign_up(make_session(capacity=2), make_person())
    post(outlook(invite_of(seated), "DECLINED"))
    tick(LATER)

    kept = [declines.keep_seat(registration_key=seated.key, now=LATER) for _ in range(2)]

    assert kept[0] == kept[1]
    assert (kept[1].status, kept[1] == seated) == (Status.CONFIRMED, False)
    assert kinds().count("registration-confirmed") == 2
    assert audit_seats(now=LATER) == {}


def test_a_yes_after_the_seat_went_to_somebody_else_is_too_late(party):
    _, seated, waiting = party
    post(outlook(invite_of(seated), "DECLINED", stamp=1))
    tick(LATER)
    Message.objects.all().delete()

    row = post(outlook(invite_of(seated), "ACCEPTED", stamp=30), now=NOW + timedelta(hours=1))

    invite = invite_of(seated)
    assert outcome(row) == (Verdict.RECORDED, "too-late")
    assert (status_of(seated), status_of(waiting)) == (Status.CANCELLED, Status.CONFIRMED)
    assert (invite.state, invite.sequence) == (InviteState.CANCELLED, 1)
    assert kinds() == ["reply-too-late"]
    assert Message.objects.get().facts["invite"]["sequence"] == 1


def test_a_yes_after_the_seat_went_back_takes_it_again_where_nobody_waits():
    session = make_session()
    seated = sign_up(session, make_person())
    old = invite_of(seated)
    post(outlook(old, "DECLINED", stamp=1))
    tick(LATER)
    Message.objects.all().delete()

    row = post(outlook(old, "ACCEPTED", stamp=30), now=NOW + timedelta(hours=1))

    again = Registration.objects.active().get()
    old.refresh_from_db()
    assert outcome(row) == (Verdict.APPLIED, "seated-again")
    assert (again.status, again.attendee) == (Status.CONFIRMED, seated.attendee)
    assert invite_of(again).uid != old.uid
    assert (old.state, old.sequence) == (InviteState.CANCELLED, 1)
    assert kinds() == ["registration-confirmed", "reply-renewed"]
    assert audit_seats(now=NOW + timedelta(hours=1)) == {}


def test_perhaps_after_the_seat_went_back_is_noted():
    seated = sign_up(make_session(), make_person())
    post(outlook(invite_of(seated), "DECLINED", stamp=1))
    tick(LATER)

    row = post(outlook(invite_of(seated), "TENTATIVE", stamp=30), now=NOW + timedelta(hours=1))

    assert outcome(row) == (Verdict.RECORDED, "answer")
    assert status_of(seated) == Status.CANCELLED


def test_a_second_decline_is_noted(party):
    _, seated, _ = party
    post(outlook(invite_of(seated), "DECLINED", stamp=1))

    row = post(outlook(invite_of(seated), "DECLINED", stamp=2), now=NOW + timedelta(minutes=5))

    assert outcome(row) == (Verdict.RECORDED, "noted")
    assert invite_of(seated).release_at == LATER
    assert kinds() == ["reply-declined"]


def test_somebody_who_cancels_on_the_site_meanwhile_has_cancelled(party):
    _, seated, waiting = party
    post(outlook(invite_of(seated), "DECLINED"))
    booking.cancel(registration_key=seated.key, actor=seated.attendee, now=NOW)

    tick(LATER)

    assert (status_of(seated), status_of(waiting)) == (Status.CANCELLED, Status.CONFIRMED)
    assert log_of(seated)[-1] == Action.CANCELLED


@pytest.mark.parametrize(("way", "kind", "verdict"), [("ask", "reply-ask", "ASKED"), ("ignore", None, "RECORDED")])
def test_the_house_may_be_set_up_to_ask_or_to_ignore(party, settings, way, kind, verdict):
    _, seated, waiting = party
    settings.ON_DECLINE = way

    row = post(outlook(invite_of(seated), "DECLINED"))
    tick(LATER)

    assert row.verdict == verdict
    assert kinds() == ([kind] if kind else [])
    assert invite_of(seated).answer == Answer.DECLINED
    as_ever(seated, waiting)


@pytest.mark.parametrize("is_told_anew", [True, False])
def test_a_declined_entry_is_cancelled_only_where_an_update_brought_it_back(party, settings, is_told_anew):
    settings.ON_DECLINE, settings.MAIL_MERGE_SECONDS = "ignore", 0
    session, seated, _ = party
    post(outlook(invite_of(seated), "DECLINED"))
    if is_told_anew:
        schedule.relocate_session(
            session_key=session.key, venue=session.venue, join_url="https://meet.example.org/abc", now=NOW
        )

    capacity.cancel_session(session_key=session.key, actor=make_organizer(), now=NOW)

    told = Message.objects.get(kind="session-cancelled", subject_id=seated.key)
    assert told.facts["invite"]["partstat"] == ("DECLINED" if is_told_anew else "")
    assert invite_of(seated).state == (InviteState.CANCELLED if is_told_anew else InviteState.DECLINED)


def test_the_organiser_sees_what_calendars_said(client, party, clock):
    session, seated, _ = party
    session.capacity = 5
    session.save()
    others = [sign_up(session, person) for person in make_people(3, name="Somebody")]
    for registration, answer in zip([seated, *others], ["DECLINED", "ACCEPTED", "ACCEPTED", "TENTATIVE"], strict=True):
        post(outlook(invite_of(registration), answer))
    client.force_login(make_organizer())

    page = text_of(client.get(url("organize_session", session)))
    listed = client.get(url("organize_participants", session)).content.decode()

    assert "2</span> accepted in the calendar" in page
    assert "1</span> perhaps, says the calendar" in page
    assert "1</span> declined in the calendar" in page
    assert "Declined; the seat goes back at 10:15" in page
    assert "Answer in the calendar" in listed
    assert listed.count("accepted in the calendar") == 2


def test_an_answer_to_a_former_time_is_not_shown(client, party, clock):
    session, seated, _ = party
    day = timedelta(days=1)
    schedule.reschedule_session(
        session_key=session.key, starts_at=session.starts_at + day, ends_at=session.ends_at + day, now=NOW
    )
    post(outlook(invite_of(seated), "ACCEPTED", sequence=0))
    client.force_login(make_organizer())

    assert "accepted in the calendar" not in text_of(client.get(url("organize_session", seated.session)))


def test_the_person_reads_what_happened_in_their_own_words(client, party, clock):
    _, seated, _ = party
    post(outlook(invite_of(seated), "DECLINED"))
    tick(LATER)
    client.force_login(seated.attendee)

    page = text_of(client.get(reverse("registrations:my_registration", args=[seated.key])))

    assert "You declined in your calendar." in page
    assert "You declined in your calendar, so your seat went back." in page


def test_a_yes_of_somebody_who_took_the_seat_again_on_the_site_only_clears_up_the_calendar(party):
    session, seated, waiting = party
    old = invite_of(seated)
    booking.cancel(registration_key=waiting.key, actor=waiting.attendee, now=NOW)
    post(outlook(old, "DECLINED", stamp=1))
    tick(LATER)
    again = sign_up(session, seated.attendee, now=LATER)
    Message.objects.all().delete()

    row = post(outlook(old, "ACCEPTED", stamp=30), now=NOW + timedelta(hours=1))

    old.refresh_from_db()
    assert outcome(row) == (Verdict.APPLIED, "seated-again")
    assert (old.state, invite_of(again).state) == (InviteState.CANCELLED, InviteState.ACTIVE)
    assert kinds() == ["reply-renewed"]


def test_a_yes_of_somebody_with_a_seat_on_another_date_by_now_is_too_late(party):
    session, seated, waiting = party
    old = invite_of(seated)
    booking.cancel(registration_key=waiting.key, actor=waiting.attendee, now=NOW)
    post(outlook(old, "DECLINED", stamp=1))
    tick(LATER)
    other = make_session(event=session.event, starts_at=session.starts_at + timedelta(days=1))
    elsewhere = sign_up(other, seated.attendee, now=LATER)

    row = post(outlook(old, "ACCEPTED", stamp=30), now=NOW + timedelta(hours=1))

    assert outcome(row) == (Verdict.RECORDED, "too-late")
    assert status_of(elsewhere) == Status.CONFIRMED
    assert Registration.objects.active().get() == elsewhere


def test_a_yes_after_the_start_takes_no_seat(party):
    session, seated, _ = party
    old = invite_of(seated)
    post(outlook(old, "DECLINED", stamp=1))
    tick(LATER)

    row = post(outlook(old, "ACCEPTED", stamp=30), now=session.starts_at)

    assert outcome(row) == (Verdict.RECORDED, "answer")


def test_release_too_early_or_twice_changes_nothing(party):
    _, seated, waiting = party
    post(outlook(invite_of(seated), "DECLINED"))
    pk = invite_of(seated).pk

    declines.free_declined_seat(invite_id=pk, now=LATER - timedelta(seconds=1))
    early = status_of(seated)
    for _ in range(2):
        declines.free_declined_seat(invite_id=pk, now=LATER)

    assert early == Status.CONFIRMED
    assert (status_of(seated), status_of(waiting)) == (Status.CANCELLED, Status.CONFIRMED)
    assert log_of(seated).count(Action.CALENDAR_DECLINED) == 2


def test_keep_after_the_start_makes_no_calendar_entry_that_would_block_another_date(party):
    session, seated, _ = party
    other = make_session(event=session.event, starts_at=session.starts_at + timedelta(days=30))
    post(outlook(invite_of(seated), "DECLINED"))
    afterwards = session.ends_at + timedelta(days=1)

    kept = declines.keep_seat(registration_key=seated.key, now=afterwards)

    assert Invite.objects.filter(registration=kept).count() == 1
    booking.sign_up(session_key=other.key, attendee=seated.attendee, now=afterwards)
    assert audit_seats(now=afterwards) == {}


def test_keep_of_a_seat_that_is_in_no_calendar_changes_nothing():
    seated = sign_up(make_session(event=make_event(is_discreet=True)), make_person())

    kept = declines.keep_seat(registration_key=seated.key, now=NOW)

    assert (kept, status_of(seated)) == (seated, Status.CONFIRMED)
