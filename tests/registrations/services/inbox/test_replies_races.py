"""Answers from calendars at the same moment, on PostgreSQL, each race beside the same without the lock."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from project.outbox.models import Message
from registrations.enums import InviteState, Status
from registrations.models import Invite, RegistrationLog
from registrations.services.attending import booking, declines
from registrations.services.inbox import inbound
from tests.factories import NOW, make_people, make_session
from tests.registrations.support.inbox import invite_of, outlook
from tests.registrations.support.races import at_once, broken, sign_up, states

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql,
    pytest.mark.usefixtures("in_step"),
]
DUE = NOW + declines.GRACE


def party(seats, waiting):
    session = make_session(capacity=seats)
    return [sign_up(session, person) for person in make_people(seats + waiting)]


def declining(registration, *, stamp=1, now=NOW):
    raw = outlook(invite_of(registration), "DECLINED", stamp=stamp)
    row = inbound.take_in(raw=raw, recipient="samen@example.org", envelope_from=None, now=now)
    return partial(inbound.process, inbound_id=row.pk, now=now)


def releasing(registration, now=DUE):
    return partial(declines.free_declined_seat, invite_id=invite_of(registration).pk, now=now)


def keeping(registration, now=DUE):
    return partial(declines.keep_seat, registration_key=registration.key, now=now)


def promotions(claim):
    return RegistrationLog.objects.filter(registration=claim, action="PROMOTED").count()


def two_declines_one_waiter():
    """So close to the start that both seats are free at once, in a session that books until then."""
    one, two, waiting = party(2, 1)
    for registration in (one, two):
        declining(registration)()
    answers = at_once(releasing(one), releasing(two))
    return one, two, waiting, answers


def test_two_declines_promote_one_waiting_person_once():
    one, two, waiting, answers = two_declines_one_waiter()

    assert states(one, two, waiting) == [Status.CANCELLED, Status.CANCELLED, Status.CONFIRMED]
    assert promotions(waiting) == 1
    assert broken(answers, now=DUE) == []


def test_without_the_lock_two_declines_promote_one_person_twice(without_the_lock):
    *_, answers = two_declines_one_waiter()

    assert {"constraint", "deadlock"} & set(broken(answers, now=DUE))


def the_same_answer_by_two_workers():
    seated, waiting = party(1, 1)
    process = declining(seated)
    answers = at_once(process, process, process)
    return seated, waiting, answers


def test_the_same_mail_in_several_workers_counts_once():
    seated, waiting, answers = the_same_answer_by_two_workers()

    assert states(seated, waiting) == [Status.CONFIRMED, Status.WAITLISTED]
    assert Message.objects.filter(kind="reply-declined").count() == 1
    assert RegistrationLog.objects.filter(action="CALENDAR_DECLINED").count() == 1
    assert broken(answers) == []


def replays():
    """The same answer in several mails: each a row of its own, all with the same SEQUENCE and DTSTAMP."""
    seated, _ = party(1, 1)
    return at_once(*[declining(seated) for _ in range(4)])


def test_replays_at_once_count_once():
    answers = replays()

    assert Message.objects.filter(kind="reply-declined").count() == 1
    assert broken(answers) == []


def test_without_the_lock_replays_at_once_count_several_times(without_the_lock):
    replays()

    assert Message.objects.filter(kind="reply-declined").count() > 1


def decline_against_undo():
    seated, waiting = party(1, 1)
    declining(seated)()
    answers = at_once(releasing(seated), keeping(seated))
    return seated, waiting, answers


def was_kept(claim):
    return RegistrationLog.objects.filter(registration=claim, action="CALENDAR_KEPT").exists()


def test_release_beside_undo_ends_one_way_or_the_other():
    for _ in range(3):
        seated, waiting, answers = decline_against_undo()

        assert states(seated, waiting) in (
            [Status.CONFIRMED, Status.WAITLISTED],
            [Status.CANCELLED, Status.CONFIRMED],
        )
        assert was_kept(seated) == (states(seated) == [Status.CONFIRMED])
        active = Invite.objects.filter(state=InviteState.ACTIVE, registration__in=[seated, waiting])
        assert active.values_list("registration__status", flat=True).get() == Status.CONFIRMED
        assert broken(answers, now=DUE) == []


def test_without_the_lock_release_beside_undo_goes_wrong(without_the_lock):
    seated, waiting, _ = decline_against_undo()

    assert was_kept(seated)
    assert states(seated, waiting) == [Status.CANCELLED, Status.CONFIRMED]


def cancel_against_release():
    seated, waiting = party(1, 1)
    declining(seated)()
    cancel = partial(booking.cancel, registration_key=seated.key, actor=seated.attendee, now=DUE)
    answers = at_once(releasing(seated), cancel)
    return seated, waiting, answers


def test_release_beside_a_cancellation_frees_the_seat_once():
    for _ in range(3):
        seated, waiting, answers = cancel_against_release()

        assert states(seated, waiting) == [Status.CANCELLED, Status.CONFIRMED]
        assert promotions(waiting) == 1
        assert broken(answers, now=DUE) == []


def test_a_seat_that_is_declined_goes_to_somebody_who_waited_and_not_to_a_newcomer():
    for _ in range(3):
        seated, waiting = party(1, 1)
        declining(seated)()
        [newcomer] = make_people(1)

        answers = at_once(releasing(seated), partial(sign_up, seated.session, newcomer, now=DUE + timedelta(seconds=1)))

        assert states(waiting, answers[1]) == [Status.CONFIRMED, Status.WAITLISTED]
        assert broken(answers, now=DUE + timedelta(seconds=1)) == []
