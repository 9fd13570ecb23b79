"""Changes of a conference wait until its organiser sends them (specs/calendar.md 3.11)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from events.enums import EventStatus
from events.models import Event, Session
from events.services import editing
from events.services.refusals import UnableToChange
from project.accounts.enums import RoleKind
from project.accounts.services.roles import rights_of
from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from project.outbox.services import delivery
from registrations.models import Invite, Registration
from registrations.services.calendar import host_invites, invites
from registrations.services.mailing import sent_mails
from registrations.services.organizing import capacity, event_texts, pending_changes, publishing, schedule
from registrations.services.refusals import UnableToRegister
from registrations.services.seats.audit import audit_seats
from tests.factories import NOW, give_role, make_organizer, make_person, make_session, make_unit, make_venue
from tests.registrations.support.collecting import make_programme, move, relocate, send, summary, waiting
from tests.registrations.support.races import at_once
from tests.registrations.support.seats.offered import make_conference, take

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LINK = "https://meet.example.org/abc"


@pytest.fixture(params=[0, 600], autouse=True)
def _merge_seconds(request, settings):
    """What a conference collects does not depend on how long other changes wait."""
    settings.MAIL_MERGE_SECONDS = request.param


@pytest.fixture
def programme(mailbox):
    return make_programme(mailbox)


def test_a_change_waits_until_a_day_before_the_session(programme, mailbox):
    event, (one, *_), *_ = programme

    relocate(one, venue=make_venue())

    assert {message.due_at for message in waiting()} == {one.starts_at - DAY}
    assert summary(event) == (0, 1, 0, 2)
    delivery.deliver_due(now=one.starts_at - DAY - timedelta(seconds=1))
    assert mailbox.envelopes == []


def test_what_nobody_sends_goes_by_itself_a_day_before(programme, mailbox):
    _, (one, *_), ann, bob = programme
    relocate(one, venue=make_venue())

    delivery.deliver_due(now=one.starts_at - DAY)

    assert sorted(to for envelope in mailbox.envelopes for to in envelope.rcpt_tos) == sorted([ann.email, bob.email])


def test_a_session_that_moves_nearer_is_told_a_day_before_its_new_start(programme):
    _, (one, *_), *_ = programme

    move(one, -10 * DAY)

    assert {message.due_at for message in waiting()} == {one.starts_at - 11 * DAY}


def test_a_mistake_that_was_put_right_leaves_no_earlier_moment_behind(programme):
    """Nobody hears of it before the organiser says so, or a day before the start that they know."""
    _, (one, *_), *_ = programme
    move(one, -10 * DAY)

    move(one, DAY, now=NOW + HOUR)

    assert {message.due_at for message in waiting()} == {one.starts_at - DAY}


def test_send_changes_sends_all_of_them_now(programme, mailbox):
    event, (one, _, three, _), ann, bob = programme
    move(one, HOUR)
    relocate(three, venue=make_venue(), join_url=LINK)
    later = NOW + 3 * DAY

    sent = send(event, now=later)

    assert (sent.moved, sent.relocated, sent.linked, sent.people) == (1, 1, 0, 2)
    assert {message.due_at for message in waiting()} == {later}
    delivery.deliver_due(now=later)
    told = sorted(to for envelope in mailbox.envelopes for to in envelope.rcpt_tos)
    assert told == sorted([ann.email, ann.email, bob.email])
    assert waiting() == []
    assert summary(event, now=later) == (0, 0, 0, 0)
    assert audit_seats(now=later) == {}


def test_several_changes_are_one_mail_and_the_gravest_counts(programme):
    event, (one, *_), *_ = programme
    relocate(one, join_url=LINK)
    assert summary(event) == (0, 0, 1, 1)
    relocate(one, venue=make_venue(), now=NOW + DAY)
    assert summary(event, NOW + DAY) == (0, 1, 0, 2)

    move(one, HOUR, now=NOW + 2 * DAY)

    assert summary(event, NOW + 2 * DAY) == (1, 0, 0, 2)
    assert len(waiting()) == 2
    [change] = pending_changes.changes_of(event=event, now=NOW + 2 * DAY).changes
    assert (change.session, change.before.starts_at) == (one, one.starts_at)
    assert (change.has_other_place, change.place_before, change.has_other_link) == (True, str(one.venue), False)
    assert change.goes_at_there.isoformat() == "2026-03-21T13:00:00"  # in Amsterdam, not yet summer time


def test_what_was_changed_back_before_it_was_sent_is_told_to_nobody(programme):
    event, (one, *_), *_ = programme
    move(one, HOUR)
    move(one, timedelta(0), now=NOW + 5 * DAY)

    assert waiting() == []
    assert summary(event) == (0, 0, 0, 0)
    assert Invite.objects.get(registration__session=one).asked_sequence == 0


def test_somebody_who_came_in_between_hears_of_the_way_back(programme):
    event, (_, two, *_), *_ = programme
    move(two, HOUR)
    person = make_person()
    take(two, person)
    delivery.deliver_due(now=NOW)

    move(two, timedelta(0))

    [message] = waiting()
    assert message.recipient == person
    assert summary(event) == (1, 0, 0, 1)


def test_a_change_after_sending_that_is_not_on_its_way_yet_goes_with_it(programme):
    event, (one, *_), *_ = programme
    move(one, HOUR)
    send(event)

    move(one, 2 * HOUR, now=NOW + timedelta(seconds=5))

    assert {message.due_at for message in waiting()} == {NOW}
    assert {message.facts["starts_at"] for message in waiting()} == {(one.starts_at + 2 * HOUR).isoformat()}


def test_a_change_after_what_was_sent_waits_anew(programme):
    event, (one, *_), *_ = programme
    move(one, HOUR)
    send(event)
    delivery.deliver_due(now=NOW)

    move(one, 2 * HOUR, now=NOW + DAY)

    assert {message.due_at for message in waiting()} == {one.starts_at + HOUR - DAY}
    assert {message.facts["was"]["starts_at"] for message in waiting()} == {(one.starts_at + HOUR).isoformat()}


@pytest.mark.parametrize("distance", [DAY, HOUR])
def test_within_a_day_of_the_start_nothing_is_collected(programme, settings, distance):
    _, (one, *_), *_ = programme
    now = one.starts_at - distance

    relocate(one, venue=make_venue(), now=now)

    waits = timedelta(0) if distance == HOUR else timedelta(seconds=settings.MAIL_MERGE_SECONDS)
    assert {message.due_at for message in waiting()} == {now + waits}


def test_a_session_that_moves_to_within_a_day_is_told_like_any_other(programme, settings):
    _, (one, *_), *_ = programme

    move(one, NOW + 20 * HOUR - one.starts_at)

    assert {message.due_at for message in waiting()} == {NOW + timedelta(seconds=settings.MAIL_MERGE_SECONDS)}


def test_a_change_is_shown_as_known_to_the_people_it_concerns_most(programme):
    event, (one, *_), *_ = programme
    move(one, HOUR)
    Session.objects.filter(pk=one.pk).update(capacity=2)
    take(one, make_person())
    take(one, make_person())
    moved = Session.objects.get(pk=one.pk)

    schedule.reschedule_session(session_key=one.key, starts_at=one.starts_at, ends_at=one.ends_at, now=NOW)
    relocate(one, venue=make_venue())

    [change] = pending_changes.changes_of(event=event, now=NOW).changes
    assert (change.is_moved, change.before.starts_at) == (True, moved.starts_at)


def test_a_mail_that_goes_out_once_more_tells_the_one_person(programme):
    event, (one, *_), ann, bob = programme
    move(one, HOUR)
    seat = Registration.objects.get(attendee=ann, session=one)

    sent_mails.send_again(registration_key=seat.key, kind="registration-confirmed", actor=make_organizer(), now=NOW)

    told = [message.kind for message in waiting() if message.due_at == NOW]
    assert told == ["session-moved", "registration-confirmed"]
    assert [message.recipient for message in pending_changes.changes_of(event=event, now=NOW).messages] == [bob]


def test_new_texts_go_with_the_change_that_waits(programme):
    event, (one, *_), *_ = programme
    move(one, HOUR)
    facts = editing.EventFacts(
        owner=event.owner, seat_scope=event.seat_scope, texts={"title_en": "Conference", "summary_en": "New words"}
    )

    event_texts.edit_event_and_tell(event_key=event.key, facts=facts, actor=make_organizer(), now=NOW)

    told = [message for message in waiting() if message.kind == "texts-changed"]
    assert [Registration.objects.get(key=message.subject_id).session.title_en for message in told] == ["Talk 2A"]


def test_somebody_who_leads_a_session_is_told_with_the_others(programme):
    event, (one, *_), *_ = programme
    host = give_role(make_person(), RoleKind.HOST, session=one)
    host_invites.invite_hosts(event_id=event.pk, now=NOW)
    delivery.deliver_due(now=NOW)
    move(one, HOUR)
    relocate(one, venue=make_venue())

    assert summary(event) == (1, 0, 0, 3)
    later = NOW + HOUR
    send(event, now=later)

    [message] = Message.objects.filter(recipient=host, status=MessageStatus.PENDING)
    assert (message.kind, message.facts["change"], message.due_at) == ("host-changed", "session-moved", later)


def test_a_discreet_conference_collects_without_calendars(mailbox):
    event, _, (one, *_) = make_conference(is_discreet=True)
    take(one, make_person())
    delivery.deliver_due(now=NOW)
    move(one, HOUR)
    move(one, 2 * HOUR)

    [message] = waiting()
    assert (message.thread, message.due_at) == (None, one.starts_at - DAY)
    assert summary(event) == (1, 0, 0, 1)


def test_another_event_waits_for_nobody(settings):
    session = make_session()
    take(session, make_person())
    delivery.deliver_due(now=NOW)

    move(session, HOUR)

    told = Message.objects.get(kind="session-moved")
    assert told.due_at == NOW + timedelta(seconds=settings.MAIL_MERGE_SECONDS)
    assert pending_changes.changes_of(event=session.event, now=NOW - HOUR).changes == []


def test_send_changes_refuses_what_was_not_looked_at(programme):
    event, (one, _, three, _), *_ = programme
    move(one, HOUR)
    seen = pending_changes.changes_of(event=event, now=NOW).fingerprint
    move(three, HOUR)
    before = [(message.pk, message.due_at) for message in waiting()]

    for previewed in (seen, "", "\x00", "x" * 64):
        with pytest.raises(UnableToChange, match="changed-meanwhile"):
            pending_changes.send_changes(event_key=event.key, previewed=previewed, now=NOW)

    assert [(message.pk, message.due_at) for message in waiting()] == before


def test_send_changes_twice_is_once(programme, mailbox):
    event, (one, *_), *_ = programme
    move(one, HOUR)
    seen = pending_changes.changes_of(event=event, now=NOW).fingerprint
    for _ in range(2):
        pending_changes.send_changes(event_key=event.key, previewed=seen, now=NOW)
        delivery.deliver_due(now=NOW)

    assert len(mailbox.envelopes) == 2


def test_send_changes_of_nothing_sends_nothing(programme):
    event, *_ = programme

    sent = pending_changes.send_changes(event_key=event.key, previewed="", now=NOW)

    assert (sent.changes, waiting()) == ([], [])


def test_send_changes_of_an_unknown_event_is_refused(programme):
    with pytest.raises(Event.DoesNotExist):
        pending_changes.send_changes(event_key=programme[1][0].key, previewed="", now=NOW)


def test_changes_of_one_conference_leave_another_alone(programme):
    event, (one, *_), *_ = programme
    other, _, (elsewhere, *_) = make_conference()
    take(elsewhere, make_person())
    delivery.deliver_due(now=NOW)
    move(one, HOUR)
    move(elsewhere, HOUR)

    send(event)

    assert summary(event) == (0, 0, 0, 0)
    assert summary(other) == (1, 0, 0, 1)


def test_events_with_changes_are_those_one_organises(programme):
    event, (one, *_), *_ = programme
    move(one, HOUR)

    mine, others = (make_organizer(unit=make_unit(code)) for code in ("me", "abe"))

    assert pending_changes.events_with_changes(rights=rights_of(mine), now=NOW) == [event]
    assert pending_changes.events_with_changes(rights=rights_of(others), now=NOW) == []
    send(event)
    assert pending_changes.events_with_changes(rights=rights_of(mine), now=NOW) == []


def test_a_draft_conference_mails_nobody_whatever_becomes_of_it(mailbox):
    event, _, (one, two, *_) = make_conference(status=EventStatus.DRAFT)
    give_role(make_person(), RoleKind.HOST, session=one)
    with pytest.raises(UnableToRegister, match="not-published"):
        take(one, make_person())
    host_invites.invite_hosts(event_id=event.pk, now=NOW)
    move(one, DAY)
    relocate(one, join_url=LINK)
    capacity.cancel_session(session_key=two.key, actor=make_organizer(), now=NOW)

    assert Message.objects.count() == 0
    publishing.publish_event(event_key=event.key, actor=make_organizer(), now=NOW)
    host_invites.invite_hosts(event_id=event.pk, now=NOW)
    assert [message.kind for message in waiting()] == ["host-invited"]
    assert waiting()[0].facts["join_url"] == LINK


def test_the_calendar_follows_once_with_the_newest_time(programme, mailbox):
    """What a mail server received: one update for two changes, of the same entry, that asks anew."""
    from tests.registrations.support.calendar.lives import Correspondence  # noqa: PLC0415  # beside the one test that reads mails

    event, (one, *_), ann, _ = programme
    move(one, HOUR)
    move(one, 2 * HOUR, now=NOW + DAY)
    send(event, now=NOW + 2 * DAY)
    delivery.deliver_due(now=NOW + 2 * DAY)

    received = Correspondence(list(mailbox.envelopes)).of(ann)

    [entry] = received.events
    assert (entry["method"], entry["sequence"]) == ("REQUEST", 2)
    assert entry["uid"] == str(Invite.objects.get(registration__session=one).uid)
    assert Session.objects.get(pk=one.pk).starts_at == one.starts_at + 2 * HOUR
    assert invites.answer_of(Invite.objects.get(registration__session=one)) == ""


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_organisers_who_press_at_once_send_it_once(programme, mailbox):
    event, (one, *_), *_ = programme
    move(one, HOUR)
    seen = pending_changes.changes_of(event=event, now=NOW).fingerprint

    sent = at_once(
        *[lambda: len(pending_changes.send_changes(event_key=event.key, previewed=seen, now=NOW).messages)] * 2
    )

    delivery.deliver_due(now=NOW)
    assert sorted(sent) == [0, 2]
    assert len(mailbox.envelopes) == 2
