from __future__ import annotations

import random
from contextlib import suppress
from datetime import timedelta

import pytest

from events.enums import SeatScope, SessionStatus
from events.models import Session
from events.services.refusals import UnableToChange
from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from project.outbox.services import delivery
from registrations.enums import Action, InviteState, Status
from registrations.models import Invite, Registration
from registrations.services.attending import booking, colleagues, swaps, wishes
from registrations.services.organizing import capacity, reinstatement
from registrations.services.refusals import UnableToRegister
from registrations.services.seats.audit import audit_seats
from tests.factories import NOW, make_event, make_organizer, make_people, make_person, make_session
from tests.registrations.support.mails import another_date

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=3)


def sign_up(session, *people, now=NOW):
    return [booking.sign_up(session_key=session.key, attendee=person, now=now) for person in people]


def cancel(session, now=NOW):
    return capacity.cancel_session(session_key=session.key, actor=make_organizer(), now=now)


def reinstate(session, now=LATER):
    return reinstatement.reinstate_session(session_key=session.key, actor=make_organizer(), now=now)


def states(*registrations):
    found = Registration.objects.in_bulk([registration.pk for registration in registrations])
    return [found[registration.pk].status for registration in registrations]


def test_everybody_is_back_in_the_old_order():
    session = make_session(capacity=2)
    claims = sign_up(session, *make_people(5))
    moments = list(Registration.objects.order_by("pk").values_list("waitlisted_at", flat=True))
    cancel(session)

    reinstate(session)

    session.refresh_from_db()
    assert session.status == SessionStatus.SCHEDULED
    assert states(*claims) == [Status.CONFIRMED] * 2 + [Status.WAITLISTED] * 3
    assert list(Registration.objects.order_by("pk").values_list("waitlisted_at", flat=True)) == moments
    assert [entry.action for entry in list(claims[0].log.all())][-2:] == [Action.SESSION_CANCELLED, Action.REINSTATED]
    assert audit_seats(now=LATER) == {}


def test_calendar_entries_are_new_ones():
    session = make_session()
    [claim] = sign_up(session, make_person())
    cancel(session)

    reinstate(session)

    old, new = Invite.objects.order_by("pk")
    assert (old.state, new.state, new.sequence) == (InviteState.CANCELLED, InviteState.ACTIVE, 0)
    assert new.uid != old.uid
    told = Message.objects.get(kind="session-reinstated")
    assert (told.subject_id, told.thread) == (claim.key, new.uid)


def test_reinstating_twice_is_once():
    session = make_session()
    sign_up(session, make_person())
    cancel(session)
    reinstate(session)

    reinstate(session)

    assert Message.objects.filter(kind="session-reinstated").count() == 1
    assert Invite.objects.count() == 2


def test_cancelling_again_and_reinstating_again_works():
    session = make_session(capacity=1)
    claims = sign_up(session, *make_people(2))
    for _ in range(2):
        cancel(session, now=LATER)
        reinstate(session)

    assert states(*claims) == [Status.CONFIRMED, Status.WAITLISTED]
    assert audit_seats(now=LATER) == {}


def give_back(claim, now=NOW):
    return booking.cancel(registration_key=claim.key, actor=claim.attendee, now=now)


def test_somebody_who_came_back_by_another_way_is_seated_once_the_second_time():
    session, person = make_session(capacity=2), make_person()
    [first] = sign_up(session, person)
    other = another_date(first)
    cancel(session)
    [elsewhere] = sign_up(other, person)
    reinstate(session, now=NOW)
    give_back(elsewhere)
    [second] = sign_up(session, person)
    cancel(session)

    plan = reinstatement.preview_reinstate(session_key=session.key, now=LATER).coming_back
    reinstate(session)

    assert plan.seated == [second]
    assert states(first, second) == [Status.CANCELLED, Status.CONFIRMED]
    assert audit_seats(now=LATER) == {}


def test_somebody_who_was_passed_over_once_is_not_seated_by_a_later_return():
    session, person = make_session(), make_person()
    [first] = sign_up(session, person)
    cancel(session)
    [elsewhere] = sign_up(another_date(first), person)
    reinstate(session, now=NOW)
    give_back(elsewhere)
    cancel(session)

    plan = reinstatement.preview_reinstate(session_key=session.key, now=LATER).coming_back
    reinstate(session)

    assert plan.everybody == []
    assert states(first) == [Status.CANCELLED]
    assert not Message.objects.filter(kind="session-reinstated").exists()


@pytest.mark.parametrize("seats", [2, 0])
def test_somebody_who_gave_back_what_they_found_elsewhere_wants_nothing_more(seats):
    """A seat, or the last place on a list."""
    session, person = make_session(), make_person()
    [claim] = sign_up(session, person)
    cancel(session)
    [elsewhere] = sign_up(another_date(claim, capacity=seats), person)
    give_back(elsewhere)

    plan = reinstatement.preview_reinstate(session_key=session.key, now=LATER).coming_back
    reinstate(session)

    assert plan.over == [claim]
    assert states(claim) == [Status.CANCELLED]
    assert not Message.objects.filter(kind="session-reinstated").exists()


def test_somebody_who_left_one_of_two_lists_still_wants_a_date():
    session, person = make_session(), make_person()
    [claim] = sign_up(session, person)
    cancel(session)
    dates = [another_date(claim, capacity=0), make_session(event=session.event, capacity=0)]
    wishes.wait(event_key=session.event.key, session_keys={date.key for date in dates}, attendee=person, now=NOW)
    wishes.wait(event_key=session.event.key, session_keys={dates[0].key}, attendee=person, now=NOW)

    reinstate(session)

    assert states(claim) == [Status.CONFIRMED]
    assert audit_seats(now=LATER) == {}


def test_what_was_given_back_before_the_cancellation_is_no_later_decision():
    session, person = make_session(), make_person()
    [elsewhere] = sign_up(make_session(event=session.event), person)
    give_back(elsewhere)
    [claim] = sign_up(session, person)
    cancel(session)

    reinstate(session)

    assert states(claim) == [Status.CONFIRMED]


def take(session, person):
    with suppress(UnableToRegister):
        sign_up(session, person)


def leave(session, person):
    mine = Registration.objects.active().filter(session=session, attendee=person).first()
    if mine and session.status == SessionStatus.SCHEDULED:
        give_back(mine)


def move_there(session, person):
    mine = Registration.objects.filter(attendee=person, status=Status.CONFIRMED).first()
    if mine and mine.session != session:
        with suppress(UnableToRegister):
            swaps.swap(registration_key=mine.key, session_key=session.key, attendee=person, now=NOW)


@pytest.mark.parametrize("seed", range(25))
def test_whatever_people_do_between_cancellations_preview_and_return_agree(seed):
    """Cancelled and reinstated three times, with seats taken, given back, wished for and swapped between."""
    chance = random.Random(seed)  # noqa: S311  # not for secrets
    first = make_session(capacity=2)
    dates = [first, *(make_session(event=first.event, capacity=chance.randint(0, 2)) for _ in range(2))]
    people = make_people(3)
    for _ in range(3):
        for verb in chance.choices([take, leave, move_there], k=6):
            verb(chance.choice(dates), chance.choice(people))
        closed = chance.choice(dates)
        cancel(closed)
        for date in dates:
            date.refresh_from_db()
        last_word = dict.fromkeys(people)
        for verb in chance.choices([take, leave, move_there], k=4):
            date, person = chance.choice(dates), chance.choice(people)
            before = set(Registration.objects.active().filter(attendee=person))
            verb(date, person)
            if before - set(Registration.objects.active().filter(attendee=person)):
                last_word[person] = verb
        active = set(Registration.objects.active())
        plan = reinstatement.preview_reinstate(session_key=closed.key, now=NOW).coming_back
        reinstate(closed, now=NOW)
        for date in dates:
            date.refresh_from_db()

        back = (
            Registration.objects.active().filter(log__action=Action.REINSTATED).exclude(pk__in=[c.pk for c in active])
        )
        assert {claim.attendee_id for claim in back} <= {claim.attendee_id for claim in plan.everybody}
        idle = {person.pk for person in people if last_word[person] is leave} - {claim.attendee_id for claim in active}
        assert not idle & {claim.attendee_id for claim in Registration.objects.active()}
        assert audit_seats(now=NOW) == {}


def test_after_the_start_it_is_refused_and_nothing_changes():
    session = make_session()
    claims = sign_up(session, make_person())
    cancel(session)

    for verb in (reinstatement.preview_reinstate, reinstate_by_key):
        with pytest.raises(UnableToChange) as refusal:
            verb(session_key=session.key, now=session.starts_at)
        assert refusal.value.code == "started"

    assert Session.objects.get().status == SessionStatus.CANCELLED
    assert states(*claims) == [Status.CANCELLED]


def reinstate_by_key(*, session_key, now):
    return reinstatement.reinstate_session(session_key=session_key, actor=make_organizer(), now=now)


def test_somebody_with_a_seat_elsewhere_keeps_it_and_hears_nothing():
    session = make_session(capacity=1)
    stays, waits = make_people(2)
    seat, wish = sign_up(session, stays, waits)
    other = another_date(seat)
    cancel(session)
    [kept] = sign_up(other, stays, now=NOW + timedelta(hours=1))

    plan = reinstatement.preview_reinstate(session_key=session.key, now=LATER).coming_back
    reinstate(session)

    assert (plan.seated, plan.waiting, plan.elsewhere) == ([], [wish], [seat])
    assert states(seat, kept) == [Status.CANCELLED, Status.CONFIRMED]
    assert states(wish) == [Status.CONFIRMED]  # the seat that nobody came back for
    assert not Message.objects.filter(recipient=stays, kind="session-reinstated").exists()
    assert audit_seats(now=LATER) == {}


def test_somebody_who_waits_elsewhere_goes_on_waiting_as_a_swap():
    session = make_session(capacity=1)
    person = make_person()
    [seat] = sign_up(session, person)
    other = another_date(seat, capacity=0)
    cancel(session)
    [wish] = sign_up(other, person, now=NOW + timedelta(hours=1))

    reinstate(session)

    wish.refresh_from_db()
    assert states(seat) == [Status.CONFIRMED]
    assert (wish.status, wish.replaces) == (Status.WAITLISTED, seat)
    assert audit_seats(now=LATER) == {}


def test_one_wish_over_both_dates_has_the_older_moment_again():
    session = make_session(capacity=0)
    person = make_person()
    [wish] = sign_up(session, person)
    other = another_date(wish, capacity=0)
    cancel(session)
    [newer] = sign_up(other, person, now=NOW + timedelta(hours=1))

    reinstate(session)

    for claim in (wish, newer):
        claim.refresh_from_db()
    assert wish.waitlisted_at == newer.waitlisted_at == NOW
    assert audit_seats(now=LATER) == {}


def test_a_wish_to_swap_is_one_again_if_the_seat_is_still_there():
    held = make_session(capacity=1)
    person = make_person()
    [seat] = sign_up(held, person)
    wanted = another_date(seat, capacity=0)
    wishes.wait(event_key=held.event.key, session_keys={wanted.key}, attendee=person, now=NOW)
    wish = Registration.objects.get(session=wanted)
    cancel(wanted)

    reinstate(wanted)

    wish.refresh_from_db()
    assert (wish.status, wish.replaces) == (Status.WAITLISTED, seat)
    assert audit_seats(now=LATER) == {}


def test_an_invitation_by_a_colleague_is_over():
    session = make_session(capacity=2)
    person = make_person()
    sign_up(session, person)
    colleagues.invite(session_key=session.key, address="friend@demo.example", inviter=person, now=NOW)
    cancel(session)

    reinstate(session)

    assert Registration.objects.active().count() == 1
    assert audit_seats(now=LATER) == {}


def test_a_request_stands_again():
    session = make_session(event=make_event(needs_approval=True))
    [request] = sign_up(session, make_person())
    cancel(session)

    reinstate(session)

    assert states(request) == [Status.REQUESTED]
    assert Message.objects.filter(kind="session-reinstated").count() == 1


def test_somebody_who_gave_the_seat_back_before_does_not_get_it_again():
    session = make_session(event=make_event(seat_scope=SeatScope.SESSION))
    person = make_person()
    [seat] = sign_up(session, person)
    booking.cancel(registration_key=seat.key, actor=person, now=NOW)
    cancel(session)

    reinstate(session)

    assert states(seat) == [Status.CANCELLED]
    assert not Message.objects.filter(kind="session-reinstated").exists()


def test_reminders_are_due_anew():
    session = make_session()
    [seat] = sign_up(session, make_person())
    Registration.objects.update(reminded_at=NOW, asked_at=NOW)
    cancel(session)

    reinstate(session)

    seat.refresh_from_db()
    assert (seat.reminded_at, seat.asked_at) == (None, None)


def test_somebody_who_gets_a_seat_by_it_is_told_once(mailbox):
    """Waiting again, and promoted in the same breath: the mail about the list is no longer true."""
    session = make_session(capacity=1)
    stays, waits = make_people(2)
    seat, _ = sign_up(session, stays, waits)
    cancel(session)
    sign_up(another_date(seat), stays, now=NOW + timedelta(hours=1))
    reinstate(session)

    delivery.deliver_due(now=LATER)

    told = Message.objects.filter(recipient=waits, created_at=LATER).order_by("pk")
    assert [(message.kind, message.status) for message in told] == [
        ("session-reinstated", MessageStatus.DROPPED),
        ("registration-promoted", MessageStatus.SENT),
    ]
