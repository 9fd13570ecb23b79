"""Answers while a change waits to be sent: they are about what the calendar shows, and no mail about them tells the
change.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from project.accounts.enums import RoleKind
from project.outbox.models import Message
from project.outbox.services import delivery
from registrations.enums import Status, Verdict
from registrations.models import Invite, Registration
from registrations.services.attending import booking, declines
from registrations.services.calendar import host_invites
from tests.factories import NOW, give_role, make_person, make_session, make_venue
from tests.registrations.services.inbox.test_replies import with_method
from tests.registrations.support.calendar.rules import text_of
from tests.registrations.support.collecting import make_programme, move, relocate, send, summary
from tests.registrations.support.inbox import invite_of, outcome, outlook, post, status_of, tick

pytestmark = pytest.mark.django_db
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
AFTER = NOW + declines.GRACE + MINUTE


@pytest.fixture(params=["collected", "merged"])
def changed(request, settings, mailbox):
    """A seat on a date that has moved by a day to another room, of which nobody was told yet: session, seat."""
    settings.MAIL_MERGE_SECONDS = 600
    if request.param == "collected":
        _, (session, *_), ann, _ = make_programme(mailbox)
    else:
        session, ann = make_session(), make_person(name="Ann")
        booking.sign_up(session_key=session.key, attendee=ann, now=NOW)
        delivery.deliver_due(now=NOW)
        mailbox.envelopes.clear()
    move(session, DAY)
    session.refresh_from_db()
    relocate(session, venue=make_venue(name="The secret cellar"))
    return session, Registration.objects.get(attendee=ann, session=session)


def told(mailbox, now=NOW):
    """What has left by then, apart from what tells the next on the list of their seat."""
    delivery.deliver_due(now=now)
    promoted = set(Message.objects.filter(kind="registration-promoted").values_list("address", flat=True))
    return "".join(text_of(envelope) for envelope in mailbox.envelopes if not promoted & set(envelope.rcpt_tos))


def day_of(moment):
    return f"{moment:%-d %B %Y}"


def assert_secret(session, words):
    assert day_of(session.starts_at) not in words
    assert "cellar" not in words
    assert day_of(session.starts_at - DAY) in words


def test_a_no_to_what_the_calendar_shows_gives_the_seat_back(changed, mailbox):
    session, seat = changed

    row = post(outlook(invite_of(seat), "DECLINED", sequence=0))

    assert outcome(row) == (Verdict.APPLIED, "releasing")
    assert_secret(session, told(mailbox))
    tick(NOW + declines.GRACE)
    assert status_of(seat) == Status.CANCELLED
    assert_secret(session, told(mailbox, NOW + declines.GRACE))


def test_a_no_stays_one_where_the_change_came_after_it(settings, mailbox):
    _, (session, *_), ann, _ = make_programme(mailbox)
    seat = Registration.objects.get(attendee=ann, session=session)
    post(outlook(invite_of(seat), "DECLINED"))
    move(session, DAY)

    tick(NOW + declines.GRACE)

    session.refresh_from_db()
    assert status_of(seat) == Status.CANCELLED
    assert_secret(session, told(mailbox, NOW + declines.GRACE))


def test_a_raised_sequence_is_no_answer_to_what_nobody_was_told(changed):
    _, seat = changed
    post(outlook(invite_of(seat), "ACCEPTED", sequence=9))

    delivery.deliver_due(now=NOW + DAY * 30)
    row = post(outlook(invite_of(seat), "DECLINED", sequence=0, stamp=5), now=NOW)

    assert invite_of(seat).answered_sequence == 0
    assert row.reason == "stale"


def test_a_no_to_a_time_before_the_last_that_was_sent_is_asked_about_by_that_one(mailbox):
    event, (session, *_), ann, _ = make_programme(mailbox)
    seat = Registration.objects.get(attendee=ann, session=session)
    move(session, -DAY)
    send(event)
    delivery.deliver_due(now=NOW)
    mailbox.envelopes.clear()
    session.refresh_from_db()
    move(session, 3 * DAY)
    session.refresh_from_db()

    row = post(outlook(invite_of(seat), "DECLINED", sequence=0))

    words = told(mailbox)
    assert outcome(row) == (Verdict.ASKED, "stale")
    assert day_of(session.starts_at) not in words
    assert day_of(session.starts_at - 3 * DAY) in words


@pytest.mark.parametrize("setting", ["ask", "release"])
def test_no_mail_about_an_answer_tells_what_waits(changed, mailbox, settings, setting):
    session, seat = changed
    settings.ON_DECLINE, settings.AUTHSERV_ID = setting, "mx.example.org"
    forged = {"headers": {"Authentication-Results": "mx.example.org; dmarc=fail (p=reject) header.from=demo.example"}}

    post(outlook(invite_of(seat), "DECLINED", attendee="stranger@example.org", sequence=0, stamp=1))
    post(outlook(invite_of(seat), "DECLINED", sequence=0, stamp=2, **forged))
    post(with_method(invite_of(seat), "COUNTER", sequence=0, stamp=3))
    post(outlook(invite_of(seat), "TENTATIVE", sender="other@icloud.example", sequence=0, stamp=4))
    post(outlook(invite_of(seat), "DECLINED", sequence=0, stamp=5))

    words = told(mailbox)
    assert len(mailbox.envelopes) == 5
    assert_secret(session, words)


def test_a_calendar_that_lost_the_entry_gets_the_one_that_was_sent_and_the_change_when_it_would_have_gone(
    changed, mailbox
):
    session, seat = changed
    Message.objects.update(created_at=NOW - 2 * HOUR)
    before = Message.objects.untouched().get(recipient=seat.attendee)

    row = post(with_method(invite_of(seat), "REFRESH"))

    assert outcome(row) == (Verdict.APPLIED, "refresh")
    assert_secret(session, told(mailbox))
    after = Message.objects.untouched().get(recipient=seat.attendee)
    assert (after.kind, after.due_at, after.facts["was"]) == (before.kind, before.due_at, before.facts["was"])
    assert post(outlook(invite_of(seat), "DECLINED", sequence=0)).reason == "releasing"


def test_a_yes_after_a_no_keeps_the_seat_and_the_change_brings_the_entry_along(changed, mailbox):
    session, seat = changed
    post(outlook(invite_of(seat), "DECLINED", sequence=0, stamp=1))
    session.refresh_from_db()
    move(session, HOUR)

    row = post(outlook(invite_of(seat), "ACCEPTED", sequence=0, stamp=2))

    waits = Message.objects.untouched().exclude(kind__startswith="reply-").get(recipient=seat.attendee)
    assert outcome(row) == (Verdict.APPLIED, "kept")
    assert waits.facts["invite"]["partstat"] == "NEEDS-ACTION"
    assert waits.due_at > NOW
    assert_secret(session, told(mailbox))


def test_a_yes_after_the_seat_has_gone_says_no_by_the_date_it_was(mailbox):
    event, (session, *_), ann, _ = make_programme(mailbox)
    seat = Registration.objects.get(attendee=ann, session=session)
    post(outlook(invite_of(seat), "DECLINED", stamp=1))
    tick(NOW + declines.GRACE)
    delivery.deliver_due(now=AFTER)
    mailbox.envelopes.clear()
    move(session, DAY, AFTER)
    session.refresh_from_db()

    row = post(outlook(invite_of(seat), "ACCEPTED", stamp=2), now=AFTER)

    assert row.reason == "too-late"
    assert_secret(session, told(mailbox, AFTER))
    assert summary(event, AFTER)[0] == 1


def test_the_no_of_a_host_is_passed_on_while_a_change_waits(settings, mailbox):
    settings.INBOUND_FORWARD_TO = "office@example.org"
    event, (session, *_), *_ = make_programme(mailbox)
    give_role(make_person(), RoleKind.HOST, session=session)
    host_invites.invite_hosts(event_id=event.pk, now=NOW)
    delivery.deliver_due(now=NOW)
    move(session, DAY)

    row = post(outlook(Invite.objects.get(hosted=session), "DECLINED", sequence=0))

    assert outcome(row) == (Verdict.RECORDED, "host")
    assert Message.objects.filter(kind="reply-forwarded").exists()
