from __future__ import annotations

from datetime import timedelta

import pytest

from events.enums import SessionStatus
from events.models import Session
from events.services.refusals import UnableToChange
from project.outbox.models import Message
from registrations.models import Invite, Registration
from registrations.services.attending import booking
from registrations.services.organizing import personal_links, schedule
from tests.factories import (
    NOW,
    make_event,
    make_organizer,
    make_people,
    make_person,
    make_session,
    make_unit,
    make_venue,
)

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def fill(session, number):
    return [booking.sign_up(session_key=session.key, attendee=person, now=NOW) for person in make_people(number)]


def move(session, by=DAY, **overrides):
    moments = {"starts_at": session.starts_at + by, "ends_at": session.ends_at + by}
    return schedule.reschedule_session(session_key=session.key, **(moments | {"now": NOW} | overrides))


def state():
    rows = [list(model.objects.order_by("pk").values()) for model in (Session, Registration, Invite)]
    return rows, Message.objects.count()


def test_reschedule_session_updates_the_same_calendar_entry_of_everybody():
    session = make_session(capacity=2)
    claims = fill(session, 3)
    uids = set(Invite.objects.values_list("uid", flat=True))
    was = session.starts_at

    move(session)

    session.refresh_from_db()
    assert session.starts_at == was + DAY
    assert {(invite.uid, invite.sequence) for invite in Invite.objects.all()} == {(uid, 1) for uid in uids}
    told = Message.objects.filter(kind="session-moved").order_by("pk")
    assert {message.subject_id for message in told} == {claim.key for claim in claims}
    assert [message.facts.get("invite", {}).get("sequence") for message in told] == [1, 1, None]
    assert {message.facts["starts_at"] for message in told} == {session.starts_at.isoformat()}
    assert {message.facts["was"]["starts_at"] for message in told} == {was.isoformat()}


def test_reschedule_session_twice_counts_on():
    session = make_session()
    fill(session, 1)
    move(session)

    move(session, by=2 * DAY)

    invite = Invite.objects.get()
    assert invite.sequence == 2
    assert invite.stamped_at > NOW + timedelta(seconds=1)


def test_reschedule_session_to_the_same_times_mails_nobody():
    session = make_session()
    fill(session, 1)
    before = state()

    move(session, by=timedelta(0))

    assert state() == before


def test_reschedule_session_keeps_the_closing_at_its_distance():
    session = make_session(closes_at=NOW + 9 * DAY)

    move(session)

    session.refresh_from_db()
    assert session.closes_at == NOW + 10 * DAY


def test_reschedule_session_with_a_later_closing_lets_the_list_move_again():
    session = make_session(capacity=1, closes_at=NOW + DAY)
    first, second = fill(session, 2)
    later = NOW + 2 * DAY
    booking.cancel(registration_key=first.key, actor=first.attendee, now=later)
    second.refresh_from_db()
    assert second.is_waiting

    move(session, by=7 * DAY, now=later)

    second.refresh_from_db()
    assert second.is_confirmed
    assert [message.kind for message in Message.objects.filter(recipient=second.attendee).order_by("pk")] == [
        "registration-waitlisted",
        "session-moved",
        "registration-promoted",
    ]


def test_reschedule_session_of_a_discreet_event_sends_no_calendar():
    session = make_session(event=make_event(is_discreet=True))
    fill(session, 1)

    move(session)

    assert not Invite.objects.exists()
    assert "invite" not in Message.objects.get(kind="session-moved").facts


@pytest.mark.parametrize(
    ("times", "code", "field"),
    [
        ({"starts_at": NOW, "ends_at": NOW + DAY}, "in-the-past", "date"),
        ({"starts_at": NOW + DAY, "ends_at": NOW + DAY}, "ends-before-start", "end"),
        ({"starts_at": NOW + DAY, "ends_at": NOW + 9 * DAY}, "too-long", "end"),
        ({"starts_at": NOW + 2000 * DAY, "ends_at": NOW + 2001 * DAY}, "too-far-ahead", "date"),
    ],
)
def test_reschedule_session_to_an_impossible_time_is_refused(times, code, field):
    session = make_session()
    fill(session, 1)
    before = state()

    with pytest.raises(UnableToChange) as refusal:
        schedule.reschedule_session(session_key=session.key, now=NOW, **times)

    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert state() == before


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        ({"status": SessionStatus.CANCELLED}, "cancelled"),
        ({"status": SessionStatus.HELD}, "started"),
        ({"starts_at": NOW}, "started"),
    ],
)
def test_session_that_is_over_keeps_time_and_place(overrides, code):
    session = make_session(**overrides)
    before = state()

    with pytest.raises(UnableToChange, match=code):
        move(session)
    with pytest.raises(UnableToChange, match=code):
        schedule.relocate_session(session_key=session.key, venue=make_venue(), join_url="", now=NOW)

    assert state() == before


def test_preview_move_counts_the_people_it_tells_and_the_people_who_get_a_clash():
    session = make_session(capacity=2)
    seats = fill(session, 3)
    elsewhere = make_session(starts_at=session.starts_at + DAY)
    cancelled = make_session(starts_at=session.starts_at + DAY)
    booking.sign_up(session_key=elsewhere.key, attendee=seats[0].attendee, now=NOW)
    booking.sign_up(session_key=elsewhere.key, attendee=make_person(), now=NOW)
    booking.sign_up(session_key=cancelled.key, attendee=seats[1].attendee, now=NOW)
    Session.objects.filter(pk=cancelled.pk).update(status=SessionStatus.CANCELLED)
    before = state()

    plan = schedule.preview_move(
        session_key=session.key,
        starts_at=session.starts_at + DAY,
        ends_at=session.ends_at + DAY,
        reader=make_organizer(),
        now=NOW,
    )

    assert (plan.session.seats_taken, plan.session.waiting_count, plan.clashes) == (2, 1, 1)
    assert not plan.changes_nothing
    assert state() == before


@pytest.mark.parametrize("hidden", ["discreet", "of another unit", "here discreet"])
def test_preview_move_tells_nothing_of_sessions_whose_names_the_reader_does_not_see(hidden):
    reader = make_organizer(unit=make_unit())
    here, there = (
        make_event(is_discreet=hidden == "here discreet"),
        make_event(is_discreet=hidden == "discreet", owner=make_unit("tpm" if hidden == "of another unit" else "me")),
    )
    session = make_session(event=here, capacity=10)
    elsewhere = make_session(event=there, capacity=10, starts_at=session.starts_at + DAY)
    for seat in fill(session, 6):
        booking.sign_up(session_key=elsewhere.key, attendee=seat.attendee, now=NOW)

    plan = schedule.preview_move(
        session_key=session.key,
        starts_at=session.starts_at + DAY,
        ends_at=session.ends_at + DAY,
        reader=reader,
        now=NOW,
    )

    assert plan.clashes == 0


def test_preview_move_refuses_as_the_change_would():
    session = make_session()

    with pytest.raises(UnableToChange, match="in-the-past"):
        schedule.preview_move(
            session_key=session.key, starts_at=NOW, ends_at=NOW + DAY, reader=make_organizer(), now=NOW
        )


def test_relocate_session_updates_every_invitation():
    session, venue = make_session(capacity=1), make_venue(name="Library")
    fill(session, 2)

    schedule.relocate_session(session_key=session.key, venue=venue, join_url="https://meet.example/x", now=NOW)

    session.refresh_from_db()
    assert (session.venue, session.join_url) == (venue, "https://meet.example/x")
    assert Invite.objects.get().sequence == 1
    told = Message.objects.filter(kind="session-relocated")
    assert {message.facts["place"] for message in told} == {str(venue)}
    assert told.count() == 2


def test_relocate_session_to_the_same_place_mails_nobody():
    session = make_session()
    fill(session, 1)
    before = state()

    schedule.relocate_session(session_key=session.key, venue=session.venue, join_url="", now=NOW)

    assert state() == before


@pytest.mark.parametrize(("seats", "code"), [(None, "nowhere"), (1, "room-too-small")])
def test_relocate_session_to_an_impossible_place_is_refused(seats, code):
    session = make_session(capacity=2)
    venue = make_venue(capacity=seats) if seats else None
    before = state()

    with pytest.raises(UnableToChange) as refusal:
        schedule.relocate_session(session_key=session.key, venue=venue, join_url="", now=NOW)

    assert (refusal.value.code, refusal.value.field) == (code, "venue")
    assert state() == before


def test_preview_place_says_whether_anything_changes():
    session = make_session()
    before = state()

    same = schedule.preview_place(session_key=session.key, venue=session.venue, join_url="", now=NOW)
    online = schedule.preview_place(session_key=session.key, venue=None, join_url="https://meet.example/x", now=NOW)

    assert (same.changes_nothing, same.after.is_online) == (True, False)
    assert (online.changes_nothing, online.after.is_online) == (False, True)
    assert state() == before


@pytest.mark.parametrize("by", [-DAY, DAY])
def test_reschedule_session_moves_the_end_of_its_personal_links_along(by):
    session, other, person = make_session(is_unlisted=True), make_session(is_unlisted=True), make_person()
    link, elsewhere = (
        personal_links.grant(session_key=date.key, addresses=[person.email], actor=make_organizer(), now=NOW)[0]
        for date in (session, other)
    )

    moved = move(session, by)

    link.refresh_from_db()
    elsewhere.refresh_from_db()
    assert link.expires_at == moved.starts_at == session.starts_at + by
    assert elsewhere.expires_at == other.starts_at
    last_moment = moved.starts_at - timedelta(minutes=1)
    assert booking.sign_up(session_key=session.key, attendee=person, now=last_moment).is_confirmed
