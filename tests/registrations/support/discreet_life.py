"""Everything that can happen to seats at discreet sessions, each mail of it sent in its time."""

from __future__ import annotations

import uuid
from datetime import timedelta

from registrations.models import Registration
from registrations.services.attending import booking, interest, swaps
from registrations.services.mailing import broadcasts, reminders
from registrations.services.organizing import approval, capacity, personal_links, reinstatement, schedule
from registrations.services.seats import waitlist
from tests.factories import NOW, make_person, make_venue
from tests.registrations.support.discreet import (
    JOIN,
    REASON,
    ROOM,
    TITLE_EN,
    TITLE_NL,
    make_secret_date,
    make_secret_event,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KINDS = {
    "registration-confirmed",
    "registration-waitlisted",
    "registration-promoted",
    "registration-offered",
    "offer-expired",
    "seat-open",
    "registration-swapped",
    "registration-cancelled",
    "registration-requested",
    "request-declined",
    "session-moved",
    "session-relocated",
    "link-changed",
    "session-cancelled",
    "session-reinstated",
    "dates-announced",
    "access-granted",
    "reminder",
    "notice",
}


def sign_up(session, person, now=NOW):
    return booking.sign_up(session_key=session.key, attendee=person, now=now)


def cancel(claim, now):
    return booking.cancel(registration_key=claim.key, actor=claim.attendee, now=now)


def live(post, organizer):
    """Everything that can happen to a seat, and each mail of it sent in time; answers the session and who is seated
    there.
    """
    event = make_secret_event()
    ann = make_person(language="nl", wants_discreet_reminders=True, private_email="ann@home.example")
    bob, cid, dan, eve = (make_person() for _ in range(4))
    session, other = make_secret_date(event, capacity=1), make_secret_date(event, capacity=2)
    seat = sign_up(session, ann)
    _wait_and_rise(post, session, bob, cid)
    _change(post, session, other)
    _ask_and_be_refused(post, ann, dan, organizer)
    _be_told(post, session, ann, organizer)
    _cancel_and_reinstate(post, organizer, eve)
    _in_the_last_days(post, session, (bob, cid, dan, eve))
    return session, seat


def _wait_and_rise(post, session, bob, cid):
    for person in (bob, cid):
        sign_up(session, person)
    post.deliver()
    capacity.resize_session(session_key=session.key, capacity=2, now=NOW)  # one is promoted
    post.deliver()


def _change(post, session, other):
    starts_at = session.starts_at + HOUR
    schedule.reschedule_session(session_key=session.key, starts_at=starts_at, ends_at=starts_at + HOUR, now=NOW)
    schedule.relocate_session(session_key=session.key, venue=make_venue(name=ROOM), join_url="", now=NOW)
    post.deliver()
    venue, join_url = make_venue(name=ROOM), f"https://meet.example/{JOIN}"
    schedule.relocate_session(session_key=session.key, venue=venue, join_url=join_url, now=NOW)
    post.deliver()
    schedule.relocate_session(session_key=session.key, venue=venue, join_url=f"{join_url}/2", now=NOW)
    post.deliver()
    moved = sign_up(other, make_person())
    swaps.swap(registration_key=moved.key, session_key=_sibling(moved).key, attendee=moved.attendee, now=NOW)
    post.deliver()


def _sibling(claim):
    """Another date of the same slot, to swap to."""
    date = make_secret_date(claim.session.event, capacity=3)
    date.slot = claim.slot
    date.save()
    return date


def _ask_and_be_refused(post, ann, dan, organizer):
    event = make_secret_event(slug="m4m4m4m4", needs_approval=True)
    asked = sign_up(make_secret_date(event), dan)
    post.deliver()
    approval.turn_down(registration_key=asked.key, actor=organizer, reason=REASON, now=NOW)
    later = make_secret_event(slug="p5p5p5p5")
    interest.register_interest(event_key=later.key, person=ann, now=NOW)
    make_secret_date(later)
    interest.announce(event_id=later.pk, now=NOW)
    hidden = make_secret_date(later, is_unlisted=True)
    personal_links.grant(session_key=hidden.key, addresses=["guest@elsewhere.example"], actor=organizer, now=NOW)
    post.deliver()


def _be_told(post, session, ann, organizer):
    draft = broadcasts.Draft(
        statuses=("CONFIRMED",), subject_en=TITLE_EN, body_en=REASON, subject_nl=TITLE_NL, body_nl=REASON
    )
    broadcasts.send_notice(notice_key=uuid.uuid4(), session_key=session.key, draft=draft, actor=organizer, now=NOW)
    cancel(sign_up(make_secret_date(session.event), ann), NOW)
    post.deliver()


def _cancel_and_reinstate(post, organizer, eve):
    event = make_secret_event(slug="r6r6r6r6")
    session = make_secret_date(event)
    sign_up(session, eve)
    capacity.cancel_session(session_key=session.key, actor=organizer, now=NOW)
    post.deliver()
    reinstatement.reinstate_session(session_key=session.key, actor=organizer, now=NOW)
    post.deliver()


def _in_the_last_days(post, session, crowd):
    """A seat is offered and not taken, somebody is reminded, and in the last hours a seat is for whoever is first."""
    event = make_secret_event(slug="t7t7t7t7")
    date_ = make_secret_date(event, capacity=1, starts_at=session.starts_at)
    held, *_ = [sign_up(date_, person) for person in crowd]
    offered_at = date_.starts_at - timedelta(hours=60)
    cancel(held, offered_at)
    post.deliver(offered_at)
    waitlist.settle_event(event_id=event.pk, now=date_.starts_at - timedelta(hours=5))
    post.deliver(date_.starts_at - timedelta(hours=5))
    last = date_.starts_at - 2 * HOUR
    for claim in Registration.objects.filter(session=date_, status__in=["CONFIRMED", "OFFERED"]):
        cancel(claim, last)
    waitlist.settle_event(event_id=event.pk, now=last)
    post.deliver(last)
    session.refresh_from_db()
    due = session.starts_at - DAY
    for event_id in reminders.events_to_remind(due):
        reminders.remind(event_id=event_id, now=due)
    post.deliver(due)
