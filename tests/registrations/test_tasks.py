"""In every task one item that fails holds up none of the others. The failure is planted in the database, where it is
most like a real one.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from events.models import Session
from project.accounts.enums import RoleKind
from project.accounts.models import User
from project.outbox.models import Message
from registrations import tasks
from registrations.enums import InviteState, Status, Verdict
from registrations.models import InboundMail, Invite, Registration
from registrations.services.attending import interest
from tests.factories import NOW, give_role, make_event, make_person, make_session
from tests.registrations.support.clocks import sold_out
from tests.registrations.support.inbox import human, invite_of, outlook, post, take_in
from tests.registrations.support.reminded import ASKED, REMINDED, make_seat
from tests.registrations.support.seats.offered import make_conference, take

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]

REFUSE = """
CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'planted'; END $$;
CREATE TRIGGER planted BEFORE INSERT OR UPDATE ON {table}
FOR EACH ROW WHEN (NEW.{column} = '{value}') EXECUTE FUNCTION refuse();
"""
MOVED_TO = "moved@demo.example"


@pytest.fixture
def plant():
    """From now on the database refuses to write what is about one item."""

    def plant(table, column, value):
        with connection.cursor() as cursor:
            cursor.execute(REFUSE.format(table=table, column=column, value=value))

    yield plant
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION IF EXISTS refuse() CASCADE")


def _kinds_to(*people):
    return [list(Message.objects.filter(recipient=person).values_list("kind", flat=True)) for person in people]


def _statuses(*claims):
    rows = Registration.objects.in_bulk([claim.pk for claim in claims])
    return [rows[claim.pk].status for claim in claims]


def test_settle_events_goes_on_after_one_that_fails(plant):
    dates = [sold_out(waiting=1) for _ in range(2)]
    first, second = (waiting for _, _, [waiting] in dates)
    Session.objects.update(capacity=2)
    plant("registrations_registration", "session_id", first.session_id)

    tasks.settle_events()

    assert _statuses(first, second) == [Status.WAITLISTED, Status.CONFIRMED]


def test_announce_dates_goes_on_after_one_that_fails(plant):
    events, people = [make_event() for _ in range(2)], [make_person() for _ in range(2)]
    for event, person in zip(events, people, strict=True):
        interest.register_interest(event_key=event.key, person=person, now=NOW)
        make_session(event=event)
    plant("outbox_message", "subject_id", events[0].key)

    tasks.announce_dates()

    assert _kinds_to(*people) == [[], ["dates-announced"]]


def test_send_reminders_goes_on_after_one_that_fails(plant):
    first, second = make_seat(), make_seat()
    plant("registrations_registration", "session_id", first.session_id)

    with time_machine.travel(REMINDED, tick=False):
        tasks.send_reminders()

    assert [kinds[1:] for kinds in _kinds_to(first.attendee, second.attendee)] == [[], ["reminder"]]


def test_send_reminders_asks_the_others_after_one_that_fails(plant):
    first, second = (sold_out()[1] for _ in range(2))
    plant("registrations_registration", "session_id", first.session_id)

    with time_machine.travel(ASKED, tick=False):
        tasks.send_reminders()

    assert [kinds[1:] for kinds in _kinds_to(first.attendee, second.attendee)] == [[], ["still-coming"]]


def test_move_entries_goes_on_after_one_that_fails(plant):
    seats = [take(make_session(), make_person()) for _ in range(2)]
    for number, seat in enumerate(seats):
        User.objects.filter(pk=seat.attendee_id).update(email=f"{number}{MOVED_TO}")
    plant("registrations_invite", "attendee_id", seats[0].attendee_id)

    tasks.move_entries()

    alive = Invite.objects.filter(state=InviteState.ACTIVE)
    assert [alive.get(registration=seat).address.endswith(MOVED_TO) for seat in seats] == [False, True]


def test_move_entries_of_somebody_goes_on_after_an_event_that_fails(plant):
    person = make_person()
    seats = [take(make_session(starts_at=NOW + timedelta(days=days)), person) for days in (10, 11)]
    User.objects.filter(pk=person.pk).update(email=MOVED_TO)
    plant("registrations_invite", "registration_id", seats[0].pk)

    tasks.move_entries()

    alive = Invite.objects.filter(state=InviteState.ACTIVE)
    assert [alive.get(registration=seat).address == MOVED_TO for seat in seats] == [False, True]


def test_invite_hosts_goes_on_after_one_that_fails(plant):
    sessions = [make_session() for _ in range(2)]
    hosts = [give_role(make_person(), RoleKind.HOST, session=session) for session in sessions]
    plant("registrations_invite", "hosted_id", sessions[0].pk)

    tasks.invite_hosts()

    assert _kinds_to(*hosts) == [[], ["host-invited"]]


def test_cover_conferences_goes_on_after_one_that_fails(plant, settings):
    settings.ICAL_UMBRELLA = True
    seats = [take(make_conference()[2][0], make_person()) for _ in range(2)]
    plant("registrations_invite", "umbrella_of_id", seats[0].session.event_id)

    tasks.cover_conferences()

    assert [kinds[1:] for kinds in _kinds_to(*(seat.attendee for seat in seats))] == [[], ["umbrella-here"]]


def test_cover_conferences_goes_on_where_the_days_of_one_cannot_be_read(settings):
    settings.ICAL_UMBRELLA = True
    first = take(make_conference()[2][0], make_person())
    tasks.cover_conferences()
    Message.objects.filter(kind="umbrella-here").update(facts={"starts_at": "2026-02-30"})
    second = take(make_conference()[2][0], make_person())
    Session.objects.filter(event=first.session.event).update(timezone="Nowhere/Land")

    tasks.cover_conferences()

    assert Invite.objects.filter(umbrella_of=second.session.event).exists()


def test_sweep_inbound_goes_on_after_one_that_fails(plant):
    mails = [take_in(human(f"Number {number}")) for number in range(2)]
    plant("registrations_inboundmail", "id", mails[0].pk)

    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        tasks.sweep_inbound()

    verdicts = dict(InboundMail.objects.values_list("pk", "verdict"))
    assert [verdicts[mail.pk] for mail in mails] == [Verdict.PENDING, Verdict.RECORDED]


def test_release_declined_goes_on_after_one_that_fails(plant):
    seats = [take(make_session(), make_person()) for _ in range(2)]
    for seat in seats:
        post(outlook(invite_of(seat), "DECLINED"))
    Invite.objects.update(release_at=NOW)
    plant("registrations_invite", "id", invite_of(seats[0]).pk)

    tasks.release_declined()

    assert _statuses(*seats) == [Status.CONFIRMED, Status.CANCELLED]
