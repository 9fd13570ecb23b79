"""What was promised by the clock of a date, when that clock changes: promised anew, and told."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from events.models import Session
from events.services.editing import EventFacts
from project.outbox.models import Message
from project.outbox.services import delivery
from registrations.enums import Action, Source, Status
from registrations.models import Registration
from registrations.rules import offer_expires_at
from registrations.services.attending import booking, colleagues, wishes
from registrations.services.organizing import event_texts, holds, schedule
from registrations.services.organizing.holds import Hold
from registrations.services.seats import waitlist
from registrations.services.seats.audit import audit_seats
from tests.factories import make_event, make_organizer, make_person, make_session
from tests.registrations.support.clocks import at, give_back, sold_out
from tests.registrations.support.mails import text_of, words_of

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TUESDAY = at("2026-03-10 10:00")  # two days before the session: seats are offered


@pytest.fixture
def offered():
    """A seat that was given back within the time of offers, and offered to the first of two."""
    session, seat, (first, second) = sold_out()
    give_back(seat, TUESDAY)
    first.refresh_from_db()
    assert first.status == Status.OFFERED
    Message.objects.update(status="SENT")
    return session, first, second


def move(session, starts_at, now):
    length = session.ends_at - session.starts_at
    return schedule.reschedule_session(
        session_key=session.key, starts_at=starts_at, ends_at=starts_at + length, now=now
    )


def told(claim, *, since):
    mails = Message.objects.filter(recipient=claim.attendee, created_at__gte=since).exclude(status="DROPPED")
    return list(mails.order_by("pk").values_list("kind", flat=True))


def last_mail(mailbox, claim):
    raw = [one.content for one in mailbox.envelopes if one.rcpt_tos == [claim.attendee.email]][-1]
    return message_from_bytes(raw, policy=policy.default)


def reload(*claims):
    for claim in claims:
        claim.refresh_from_db()


def test_an_offer_whose_date_moves_later_has_the_deadline_of_an_offer_made_now(offered, mailbox):
    session, first, _ = offered
    now = TUESDAY + HOUR

    session = move(session, session.starts_at + 7 * DAY, now)
    delivery.deliver_due(now=now + HOUR)

    reload(first)
    assert (first.status, first.offer_expires_at) == (Status.OFFERED, offer_expires_at(session, now))
    assert told(first, since=now) == ["session-moved"]
    assert "We are holding the seat for you until" in text_of(last_mail(mailbox, first))
    assert audit_seats(now=now) == {}


def test_an_offer_whose_date_moves_nearer_has_a_shorter_deadline_that_the_mail_names(offered, mailbox):
    session, first, _ = offered
    now = TUESDAY + HOUR
    before = first.offer_expires_at

    session = move(session, now + 8 * HOUR, now)
    delivery.deliver_due(now=now + HOUR)

    reload(first)
    assert (first.status, first.offer_expires_at) == (Status.OFFERED, offer_expires_at(session, now))
    assert first.offer_expires_at < before
    assert told(first, since=now) == ["session-moved"]
    assert "We are holding the seat for you until" in text_of(last_mail(mailbox, first))


def test_an_offer_that_cannot_stand_is_a_place_in_the_queue_and_told_once(offered, mailbox):
    session, first, second = offered
    now, moment = TUESDAY + HOUR, first.waitlisted_at

    move(session, now + 3 * HOUR, now)
    delivery.deliver_due(now=now + HOUR)

    reload(first, second)
    assert (first.status, first.waitlisted_at, first.source) == (Status.WAITLISTED, moment, Source.SELF)
    assert first.log.last().action == Action.OPENED
    assert first.log.filter(action=Action.OFFER_LOST).exists()
    assert not first.log.filter(action=Action.EXPIRED).exists()
    assert [told(claim, since=now) for claim in (first, second)] == [["seat-open"], ["seat-open"]]
    words = text_of(last_mail(mailbox, first))
    assert "You are on the waiting list again, where you were." in words
    assert "It was:" in words
    assert "waiting list again" not in text_of(last_mail(mailbox, second))
    assert audit_seats(now=now) == {}


def test_an_offer_to_swap_that_cannot_stand_is_a_wish_to_swap_again():
    event = make_event()
    held = make_session(event=event, capacity=1, starts_at=at("2026-04-02 14:00"))
    session = make_session(event=event, capacity=1, starts_at=at("2026-03-12 14:00"))
    seat, other = make_person(), make_person()
    mine = booking.sign_up(session_key=held.key, attendee=seat, now=at("2026-03-02 10:00"))
    theirs = booking.sign_up(session_key=session.key, attendee=other, now=at("2026-03-02 10:00"))
    wish = wishes.wait_for(session_key=session.key, attendee=seat, now=at("2026-03-02 11:00"))
    give_back(theirs, TUESDAY)

    move(session, TUESDAY + 4 * HOUR, TUESDAY + HOUR)

    reload(wish, mine)
    assert (wish.status, wish.replaces, mine.status) == (Status.WAITLISTED, mine, Status.CONFIRMED)
    assert audit_seats(now=TUESDAY + HOUR) == {}


def test_an_offer_lost_by_a_move_is_told_though_the_date_moved_back(offered, settings):
    """Changed back within the time in which changes are collected: of the time there is nothing to tell, of the offer
    there is.
    """
    settings.MAIL_MERGE_SECONDS = 600
    session, first, _ = offered
    night = at("2026-03-10 23:00")
    starts_at = session.starts_at
    Registration.objects.filter(pk=first.pk).update(offer_expires_at=starts_at - 5 * HOUR)

    move(session, night + 4 * HOUR, night)
    session.refresh_from_db()
    move(session, starts_at, night + timedelta(minutes=5))

    reload(first)
    assert len(told(first, since=night)) == 1


@pytest.mark.parametrize(
    ("starts_in", "left", "status"),
    [(7 * DAY, 2 * DAY, Status.OFFERED), (12 * HOUR, 8 * HOUR, Status.OFFERED), (3 * HOUR, 2 * HOUR, Status.OFFERED)],
)
def test_somebody_asked_along_keeps_time_to_answer(starts_in, left, status):
    session = make_session(starts_at=at("2026-03-20 14:00"), capacity=3)
    inviter = make_person()
    booking.sign_up(session_key=session.key, attendee=inviter, now=TUESDAY)
    colleagues.invite(session_key=session.key, address="friend@demo.example", inviter=inviter, now=TUESDAY)
    now = TUESDAY + HOUR

    move(session, now + starts_in, now)

    invited = Registration.objects.get(source=Source.COLLEAGUE)
    assert (invited.status, invited.offer_expires_at) == (status, now + left)
    assert told(invited, since=now) == ["session-moved"]
    assert audit_seats(now=now) == {}


def test_only_the_end_is_another_one_leaves_the_deadline_as_it_is(offered):
    session, first, _ = offered
    before = first.offer_expires_at

    schedule.reschedule_session(
        session_key=session.key, starts_at=session.starts_at, ends_at=session.ends_at + HOUR, now=TUESDAY + HOUR
    )

    reload(first)
    assert (first.status, first.offer_expires_at) == (Status.OFFERED, before)


@pytest.mark.parametrize("by", [7 * DAY, -2 * HOUR])
def test_a_hold_moves_along(by):
    session, until = _held()

    session = move(session, session.starts_at + by, TUESDAY)

    session.refresh_from_db()
    assert (session.held_seats, session.held_until) == (1, until + by)


def test_a_hold_whose_moment_has_passed_by_the_move_is_over_and_its_seats_are_given_out():
    session, _ = _held(capacity=1)
    [waits] = [booking.sign_up(session_key=session.key, attendee=make_person(), now=TUESDAY - 7 * DAY)]
    assert waits.status == Status.WAITLISTED

    move(session, TUESDAY + 4 * DAY, TUESDAY)

    reload(waits)
    session.refresh_from_db()
    assert (session.held_seats, waits.status) == (0, Status.CONFIRMED)
    assert audit_seats(now=TUESDAY) == {}


def _held(**overrides):
    """One seat for students, until six days before the start."""
    session = make_session(starts_at=at("2026-03-20 14:00"), **overrides)
    until = session.starts_at - 6 * DAY
    hold = Hold(seats=1, audiences=("STUDENT",), until=until)
    holds.hold_seats(session_key=session.key, hold=hold, actor=make_organizer(), now=TUESDAY - 7 * DAY)
    session.refresh_from_db()
    return session, until


def edit(event, now, **clock):
    organizer = make_organizer(unit=event.owner)
    names = {
        name: getattr(event, name) for name in ("seated_until_hours", "offered_until_hours", "offer_working_hours")
    }
    facts = EventFacts(owner=event.owner, texts={"title_en": event.title_en}, **(names | clock))
    return event_texts.edit_event(event_key=event.key, facts=facts, actor=organizer, now=now)


def test_another_clock_of_the_event_makes_open_offers_anew(offered, mailbox):
    session, first, _ = offered
    now = TUESDAY + HOUR

    edit(session.event, now, offer_working_hours=4)
    delivery.deliver_due(now=now)

    reload(first)
    session.event.refresh_from_db()
    assert first.offer_expires_at == offer_expires_at(session, now) == now + 4 * HOUR
    assert told(first, since=now) == ["offer-changed"]
    assert "until Tuesday 10 March, 15:00" in words_of(last_mail(mailbox, first))


def test_another_clock_of_the_event_under_which_nothing_can_be_offered_gives_the_place_back(offered):
    session, first, _ = offered
    now = TUESDAY + HOUR

    edit(session.event, now, seated_until_hours=72, offered_until_hours=60)

    reload(first)
    assert first.status == Status.WAITLISTED
    assert told(first, since=now)[0] in {"offer-changed", "seat-open"}
    assert len(told(first, since=now)) == 1
    assert audit_seats(now=now) == {}


def test_the_same_clock_again_changes_nothing_and_mails_nobody(offered):
    session, first, _ = offered
    before = first.offer_expires_at

    edit(session.event, TUESDAY + HOUR)

    reload(first)
    assert first.offer_expires_at == before
    assert told(first, since=TUESDAY + HOUR) == []


def test_an_offer_that_had_run_out_is_not_made_anew(offered):
    session, first, _ = offered
    late = first.offer_expires_at + HOUR

    move(session, session.starts_at + 7 * DAY, late)
    waitlist.settle_event(event_id=session.event_id, now=late)

    reload(first)
    assert first.status == Status.CANCELLED


@pytest.mark.parametrize("by", [7 * DAY, -DAY])
def test_whoever_is_seated_by_the_move_gets_one_mail_for_it(by):
    session, _, (first, _) = sold_out("2026-03-19 14:00")
    now = at("2026-03-09 10:00")
    Session.objects.filter(pk=session.pk).update(closes_at=now - HOUR, capacity=2)

    move(session, session.starts_at + 7 * DAY, now)

    reload(first)
    assert first.status == Status.CONFIRMED
    assert told(first, since=now) == ["registration-promoted"]
