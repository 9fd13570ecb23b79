"""Who leads a session has an entry of their own, as chair (specs/calendar.md 3.12)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from events.enums import EventStatus
from project.accounts.enums import CalendarPreference, RoleKind
from project.accounts.models import Role
from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from registrations.enums import InviteState
from registrations.models import CustomText, Invite
from registrations.services.calendar import host_invites
from registrations.services.seats.audit import audit_seats
from registrations.tasks import invite_hosts
from tests.factories import NOW, give_role, make_event, make_person, make_session, make_venue
from tests.registrations.support.calendar import rules
from tests.registrations.support.calendar.acts import DAY, cancel_session, move, reinstate, relocate
from tests.registrations.support.mails import make_secret_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def lead(session, **overrides):
    person = give_role(make_person(**overrides), RoleKind.HOST, session=session)
    invite_hosts()
    return person


def test_a_whole_life(letters):
    session = make_session()
    lead(session)
    move(session, DAY)
    relocate(session, venue=make_venue(name="Library"))
    relocate(session, join_url="https://meet.example.org/abc")
    cancel_session(session)
    reinstate(session)
    invite_hosts()
    Role.objects.all().delete()
    invite_hosts()

    received = letters()

    assert received.story == [
        "You lead: REQUEST A0 NEEDS-ACTION",
        "Changed: REQUEST A1 NEEDS-ACTION",
        "Changed: REQUEST A2 NEEDS-ACTION",
        "Changed: REQUEST A3 NEEDS-ACTION",
        "CANCELLED: CANCEL A4 NEEDS-ACTION",
        "You lead: REQUEST B0 NEEDS-ACTION",
        "You no longer lead: CANCEL B1 NEEDS-ACTION",
    ]
    assert {event["attendees"][0]["role"] for event in received.events} == {"CHAIR"}
    assert audit_seats(now=NOW) == {}


def test_the_first_mail_says_what_when_and_where(letters):
    session = make_session()
    person = lead(session)

    [envelope] = letters().envelopes

    words = rules.text_of(envelope)
    assert f"Hello {person.name}," in words
    assert f"You lead {session.title}." in words
    assert "Thursday 12 March 2026, 10:00–12:00" in words
    assert str(session.venue) in words
    assert "The invitation in this email puts it in your calendar" in words


def test_own_words_stand_in_the_mail_and_the_entry_stays(letters):
    session = make_session()
    words = {"subject": "{name} leads {title}", "body": "Bring the key of {place} on {date}."}
    CustomText.objects.create(event=session.event, kind="host-invited", language="en", changed_at=NOW, **words)
    person = lead(session)

    received = letters()

    assert received.story == [f"{person.name} leads {session.title}: REQUEST A0 NEEDS-ACTION"]
    said = rules.text_of(received.envelopes[0])
    assert f"You lead {session.title}." in said
    assert f"Bring the key of {session.venue} on Thursday 12 March." in said
    assert "The invitation in this email puts it in your calendar" in said


def test_once_is_enough(letters):
    session = make_session()
    lead(session)
    lead(session)
    invite_hosts()

    assert (Invite.objects.count(), len(letters().envelopes)) == (2, 2)


def test_changes_within_ten_minutes_are_one_mail(settings):
    settings.MAIL_MERGE_SECONDS = 600
    session = make_session()
    lead(session)
    move(session, DAY)
    relocate(session, venue=make_venue())

    [told] = Message.objects.filter(kind="host-changed", status=MessageStatus.PENDING)

    assert (told.facts["change"], told.due_at) == ("session-moved", NOW + timedelta(minutes=10))


def test_what_was_changed_back_is_not_told(settings):
    settings.MAIL_MERGE_SECONDS = 600
    session = make_session()
    lead(session)
    move(session, DAY)
    move(session, -DAY)

    assert not Message.objects.filter(kind="host-changed", status=MessageStatus.PENDING).exists()
    assert Invite.objects.get().asked_sequence == 0


def test_another_address_gets_another_entry(letters):
    session = make_session()
    person = lead(session)
    old, person.email = person.email, "new@demo.example"
    person.save()
    invite_hosts()

    received = letters()

    assert [envelope.rcpt_tos for envelope in received.envelopes] == [[old], [old], ["new@demo.example"]]
    assert received.story == [
        "You lead: REQUEST A0 NEEDS-ACTION",
        "You no longer lead: CANCEL A1 NEEDS-ACTION",
        "You lead: REQUEST B0 NEEDS-ACTION",
    ]


def test_somebody_who_wants_no_invitations_gets_the_mail_alone(letters):
    lead(make_session(), calendar_preference=CalendarPreference.NONE)

    assert letters().story == ["You lead: -"]


@pytest.mark.parametrize(
    "make",
    [
        make_secret_session,
        lambda: make_session(starts_at=NOW - timedelta(hours=1)),
        lambda: make_session(event=make_event(status=EventStatus.DRAFT)),
    ],
    ids=["discreet", "started", "draft"],
)
def test_where_nothing_may_be_sent_nothing_is(make):
    lead(make())

    assert (Invite.objects.count(), Message.objects.count()) == (0, 0)


def test_somebody_who_was_blocked_leads_no_more():
    session = make_session()
    person = lead(session)
    person.is_active = False
    person.save()

    invite_hosts()

    assert Invite.objects.get().state == InviteState.CANCELLED


@pytest.mark.parametrize("number", [1, 30])
def test_the_scheduler_asks_the_same_number_of_questions(django_assert_num_queries, number):
    session = make_session()
    for _ in range(number):
        give_role(make_person(), RoleKind.HOST, session=session)
    with django_assert_num_queries(2):
        assert host_invites.events_to_invite(NOW) == [session.event_id]
