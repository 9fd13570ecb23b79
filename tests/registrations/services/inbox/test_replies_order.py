"""Which of several answers holds (specs/calendar.md 5.4.5)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from registrations.enums import Answer, Status, Verdict
from registrations.models import InboundMail
from registrations.services.inbox import inbound
from tests.factories import NOW
from tests.registrations.support.inbox import (
    LATER,
    invite_of,
    kinds,
    outcome,
    outlook,
    post,
    status_of,
    take_in,
    thunderbird,
    tick,
)

pytestmark = pytest.mark.django_db


def test_the_same_mail_twice_is_one(party):
    _, seated, _ = party
    raw = outlook(invite_of(seated), "DECLINED")

    rows = [post(raw), post(raw, now=NOW + timedelta(minutes=3))]

    assert rows[0] == rows[1]
    assert InboundMail.objects.count() == 1
    assert invite_of(seated).release_at == LATER
    assert kinds() == ["reply-declined"]


def test_the_same_answer_in_another_mail_is_a_duplicate(party):
    _, seated, _ = party
    post(outlook(invite_of(seated), "DECLINED"))

    row = post(outlook(invite_of(seated), "DECLINED"), now=NOW + timedelta(minutes=3))

    assert outcome(row) == (Verdict.IGNORED, "duplicate")
    assert invite_of(seated).release_at == LATER
    assert kinds() == ["reply-declined"]


def test_an_older_yes_after_a_decline_is_ignored(party):
    _, seated, waiting = party
    post(outlook(invite_of(seated), "DECLINED", stamp=9))

    row = post(outlook(invite_of(seated), "ACCEPTED", stamp=4))
    tick(LATER)

    assert outcome(row) == (Verdict.IGNORED, "duplicate")
    assert (status_of(seated), status_of(waiting)) == (Status.CANCELLED, Status.CONFIRMED)


@pytest.mark.parametrize("answers", ["AD", "TD", "ADAD", "DAD"])
def test_another_answer_with_the_same_stamp_counts_in_order_of_arrival(party, answers):
    """Two clicks within one second."""
    _, seated, waiting = party
    named = {"A": Answer.ACCEPTED, "T": Answer.TENTATIVE, "D": Answer.DECLINED}

    rows = [post(outlook(invite_of(seated), named[answer])) for answer in answers]
    tick(LATER)

    assert outcome(rows[-1]) == (Verdict.APPLIED, "releasing")
    assert (status_of(seated), status_of(waiting)) == (Status.CANCELLED, Status.CONFIRMED)


def test_a_yes_a_no_and_a_yes_with_the_same_stamp_keep_the_seat(party):
    _, seated, waiting = party

    rows = [post(outlook(invite_of(seated), answer)) for answer in ("ACCEPTED", "DECLINED", "ACCEPTED")]
    tick(LATER)

    assert [outcome(row)[1] for row in rows] == ["answer", "releasing", "kept"]
    assert (status_of(seated), status_of(waiting)) == (Status.CONFIRMED, Status.WAITLISTED)
    assert invite_of(seated).answer == Answer.ACCEPTED


@pytest.mark.parametrize("stamp", [1, 60 * 24 * 365])
def test_a_mail_that_is_delivered_again_is_no_later_answer(party, stamp):
    """Other bytes on the way, and the same Message-ID: also where the clock of the program is ahead."""
    _, seated, waiting = party
    first = outlook(invite_of(seated), "ACCEPTED", stamp=stamp)
    post(first)
    post(outlook(invite_of(seated), "DECLINED", stamp=stamp), now=NOW + timedelta(seconds=1))

    again = post(b"Received: from elsewhere\r\n" + first, now=NOW + timedelta(minutes=2))
    tick(LATER + timedelta(seconds=1))

    assert outcome(again) == (Verdict.IGNORED, "duplicate")
    assert (status_of(seated), status_of(waiting)) == (Status.CANCELLED, Status.CONFIRMED)


def test_answers_with_the_same_stamp_that_are_read_the_other_way_round_hold_as_they_came_in(party):
    _, seated, _ = party
    yes, no = (take_in(outlook(invite_of(seated), answer)) for answer in ("ACCEPTED", "DECLINED"))

    verdicts = [inbound.process(inbound_id=mail.pk, now=NOW) for mail in (no, yes)]

    assert verdicts == [Verdict.APPLIED, Verdict.IGNORED]
    assert invite_of(seated).release_at == LATER


def test_a_raised_sequence_counts_as_the_present_one(party):
    _, seated, _ = party

    post(thunderbird(invite_of(seated), "ACCEPTED", sequence=7, stamp=1))
    row = post(thunderbird(invite_of(seated), "DECLINED", sequence=7, stamp=2))

    assert outcome(row) == (Verdict.APPLIED, "releasing")
    assert invite_of(seated).answered_sequence == 0


def test_a_clock_far_ahead_does_not_make_later_answers_look_old(party):
    _, seated, _ = party
    post(outlook(invite_of(seated), "ACCEPTED", stamp=60 * 24 * 365))

    row = post(outlook(invite_of(seated), "DECLINED", stamp=60 * 24 * 3), now=NOW + timedelta(days=3))

    assert outcome(row) == (Verdict.APPLIED, "releasing")


def test_a_clock_hours_ahead_does_not_make_a_correct_answer_look_old(party):
    _, seated, _ = party
    ahead = outlook(invite_of(seated), "ACCEPTED", stamp=20 * 60)
    post(ahead)

    again = post(ahead.replace(b"Message-ID: <", b"Message-ID: <again-"))
    row = post(outlook(invite_of(seated), "DECLINED", stamp=70), now=NOW + timedelta(hours=1))

    assert outcome(again) == (Verdict.IGNORED, "duplicate")
    assert outcome(row) == (Verdict.APPLIED, "releasing")
