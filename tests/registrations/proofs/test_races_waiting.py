"""Races about who waits, swaps and is offered a seat; see `test_races`. Each beside its negative control."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from registrations.enums import Status
from registrations.models import Registration, RegistrationLog
from registrations.services.attending import colleagues, offers, swaps, wishes
from registrations.services.seats import claims, waitlist
from tests.factories import NOW, make_event, make_people, make_person, make_session
from tests.registrations.support.races import at_once, broken, cancelling, sign_up, signing_up, states

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql,
    pytest.mark.usefixtures("in_step"),
]


def two_dates(**overrides):
    event = make_event()
    return [make_session(event=event, starts_at=NOW + timedelta(days=days), **overrides) for days in (10, 11)]


def swapping(claim, session):
    keys = {"registration_key": claim.key, "session_key": session.key}
    return partial(swaps.swap, **keys, attendee=claim.attendee, now=NOW)


def seats_of(person):
    return Registration.objects.holding_a_seat().of(person).count()


def swap_there_and_back():
    one, other = two_dates(capacity=1)
    ann, bob = make_people(2)
    here, there = sign_up(one, ann), sign_up(other, bob)
    answers = at_once(swapping(here, other), swapping(there, one))
    return one, other, ann, bob, answers


def test_two_people_who_swap_against_each_other_are_exchanged():
    for _ in range(3):
        one, other, ann, bob, answers = swap_there_and_back()

        seats = Registration.objects.holding_a_seat().values_list("session", "attendee")
        assert {(other.pk, ann.pk), (one.pk, bob.pk)} <= set(seats)
        assert broken(answers) == []


def test_without_the_lock_two_people_who_want_each_others_seat_both_wait(without_the_lock):
    _, _, ann, bob, _ = swap_there_and_back()

    assert Registration.objects.waiting().filter(attendee__in=[ann, bob]).count() == 2


def both_dates_come_free():
    """X sits at the one date and waits for the other, Y the other way round, and on each somebody leaves. They would
    have been exchanged long ago; the second wish is written without that.
    """
    one, other = two_dates(capacity=2)
    xan, yan, zoe, kim = make_people(4)
    at_one, at_other = sign_up(one, xan), sign_up(other, yan)
    leaving = [sign_up(one, zoe), sign_up(other, kim)]
    swapping(at_one, other)()
    claims.enlist([one], yan, held=at_other, waits=[], moment=NOW + timedelta(seconds=1), now=NOW)
    answers = at_once(*[cancelling(claim) for claim in leaving])
    return one, other, xan, yan, answers


def moves(person):
    return RegistrationLog.objects.filter(registration__attendee=person, action__in=["EXCHANGED", "PROMOTED"]).count()


def test_two_people_who_want_each_others_date_move_once_when_both_come_free():
    for _ in range(3):
        one, other, xan, yan, answers = both_dates_come_free()

        seats = Registration.objects.holding_a_seat().values_list("session", "attendee")
        assert {(other.pk, xan.pk), (one.pk, yan.pk)} <= set(seats)
        assert (seats_of(xan), seats_of(yan), moves(xan), moves(yan)) == (1, 1, 1, 1)
        assert broken(answers) == []


def test_without_the_lock_two_people_who_want_each_others_date_move_twice(without_the_lock):
    _, _, xan, _, answers = both_dates_come_free()

    assert moves(xan) > 1 or {"constraint", "deadlock"} & set(broken(answers))


def any_date_comes_free_twice():
    one, other = two_dates(capacity=1)
    waiting = make_person()
    taken = [sign_up(one, make_person()), sign_up(other, make_person())]
    wishes.wait_for_any(event_key=one.event.key, attendee=waiting, now=NOW)
    answers = at_once(*[cancelling(claim) for claim in taken])
    return waiting, answers


def test_somebody_who_waits_for_any_date_is_promoted_once():
    for _ in range(3):
        waiting, answers = any_date_comes_free_twice()

        assert seats_of(waiting) == 1
        assert RegistrationLog.objects.filter(registration__attendee=waiting, action="PROMOTED").count() == 1
        assert broken(answers) == []


def test_without_the_lock_somebody_who_waits_for_any_date_is_promoted_twice(without_the_lock):
    """The database stops the second seat, so one of the two cannot give back theirs."""
    _, answers = any_date_comes_free_twice()

    assert {"constraint", "deadlock"} & set(broken(answers))


SOON = timedelta(hours=60)


def expiry_against_acceptance():
    """An offer that runs out at the moment the accepting click arrives, and somebody who waits next."""
    session = make_session(capacity=1, starts_at=NOW + SOON)
    holder, first, second = make_people(3)
    seat, offered, next_ = (sign_up(session, person) for person in (holder, first, second))
    cancelling(seat)()
    offered.refresh_from_db()
    ends_at = offered.offer_expires_at
    accept = partial(
        offers.accept_offer, registration_key=offered.key, actor=first, now=ends_at - timedelta(microseconds=1)
    )
    answers = at_once(accept, partial(waitlist.settle_event, event_id=session.event_id, now=ends_at))
    return offered, next_, answers, ends_at


def test_an_offer_that_runs_out_is_accepted_or_goes_to_the_next():
    for _ in range(4):
        offered, next_, answers, now = expiry_against_acceptance()

        assert states(offered, next_) in (
            [Status.CONFIRMED, Status.WAITLISTED],
            [Status.CANCELLED, Status.OFFERED],
        )
        assert broken(answers, now) == []


def test_without_the_lock_an_offer_that_runs_out_goes_to_two(without_the_lock):
    _, _, answers, now = expiry_against_acceptance()

    assert {"constraint", "invite_without_a_seat"} & set(broken(answers, now))


def decline_against_sign_up():
    session = make_session(capacity=1, starts_at=NOW + SOON)
    seat, offered = sign_up(session, make_person()), sign_up(session, make_person())
    cancelling(seat)()
    decline = partial(offers.decline_offer, registration_key=offered.key, actor=offered.attendee, now=NOW)
    return at_once(decline, signing_up(session, make_person()))


def test_a_declined_seat_goes_to_somebody_who_signs_up_meanwhile():
    for _ in range(3):
        answers = decline_against_sign_up()

        claim = Registration.objects.get(pk=answers[1].pk)
        assert claim.status in {Status.CONFIRMED, Status.OFFERED}
        assert broken(answers) == []


def test_without_the_lock_somebody_waits_beside_a_declined_seat(without_the_lock):
    assert "free_seat_beside_somebody_waiting" in broken(decline_against_sign_up())


def wait_twice_for_several_dates():
    """Two tabs of one browser, with different dates ticked."""
    one, other = two_dates(capacity=0)
    person, wait = make_person(), partial(wishes.wait, event_key=one.event.key, now=NOW)
    return at_once(
        partial(wait, session_keys={one.key}, attendee=person), partial(wait, session_keys={other.key}, attendee=person)
    )


def test_two_tabs_leave_one_wish_with_one_moment():
    for _ in range(3):
        answers = wait_twice_for_several_dates()

        assert Registration.objects.waiting().of(answers[0][0].attendee).count() == 1
        assert broken(answers) == []


def test_without_the_lock_two_tabs_leave_two_wishes(without_the_lock):
    answers = wait_twice_for_several_dates()

    assert Registration.objects.waiting().of(answers[0][0].attendee).count() == 2


def withdrawn_while_accepted():
    session = make_session(capacity=3)
    inviter, colleague = make_people(2)
    sign_up(session, inviter)
    colleagues.invite(session_key=session.key, address=colleague.email, inviter=inviter, now=NOW)
    invitation = Registration.objects.get(attendee=colleague)
    withdrawing = partial(colleagues.withdraw, registration_key=invitation.key, inviter=inviter, now=NOW)
    accepting = partial(offers.accept_offer, registration_key=invitation.key, actor=colleague, now=NOW)
    answers = at_once(withdrawing, accepting)
    done = set(invitation.log.values_list("action", flat=True)) & {"WITHDRAWN", "ACCEPTED"}
    return invitation, done, answers


def test_an_invitation_is_withdrawn_or_accepted():
    for _ in range(3):
        invitation, done, answers = withdrawn_while_accepted()

        assert states(invitation) == [Status.CONFIRMED if done == {"ACCEPTED"} else Status.CANCELLED]
        assert len(done) == 1
        assert broken(answers) == []


def test_without_the_lock_an_invitation_is_withdrawn_and_accepted(without_the_lock):
    _, done, answers = withdrawn_while_accepted()

    assert done == {"WITHDRAWN", "ACCEPTED"} or broken(answers)
