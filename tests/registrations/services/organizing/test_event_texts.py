"""New words of an event in the calendars of people with a seat (specs/calendar.md R31)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.enums import EventStatus
from events.models import Event
from events.services.editing import TEXT_FIELDS, EventFacts
from events.services.refusals import UnableToChange
from project.accounts.enums import CalendarPreference
from project.outbox.models import Message
from project.outbox.services import delivery
from registrations.enums import Answer
from registrations.models import Invite
from registrations.services.attending import booking
from registrations.services.organizing import event_texts
from tests.factories import NOW, make_event, make_organizer, make_person, make_session
from tests.registrations.support.calendar import rules
from tests.registrations.support.calendar.acts import DAY, cancel_session, give_back, move, relocate, reply, sign_up
from tests.registrations.support.calendar.lives import Correspondence
from tests.registrations.support.screens import event_url, fill, text_of

pytestmark = pytest.mark.django_db
NEW = {"title_en": "Listening well", "summary_en": "An afternoon about listening."}
TICK = "Send the new text to everybody with a seat"


def rewrite(event, now=NOW, **said):
    facts = EventFacts(owner=event.owner, texts=said or NEW)
    return event_texts.edit_event_and_tell(event_key=event.key, facts=facts, actor=make_organizer(), now=now)


def told():
    return list(Message.objects.filter(kind="texts-changed").order_by("pk"))


# --- the verb


def test_edit_event_and_tell_keeps_the_sequence_and_repeats_the_answer():
    session = make_session()
    sign_up(session, make_person())
    reply(Answer.ACCEPTED)
    before = Invite.objects.get()

    rewrite(session.event)

    invite, [message] = Invite.objects.get(), told()
    assert (invite.uid, invite.sequence, invite.asked_sequence) == (before.uid, 0, 0)
    assert invite.stamped_at == before.stamped_at + timedelta(seconds=1)
    assert (invite.sent_partstat, invite.answer) == ("ACCEPTED", "ACCEPTED")
    assert message.facts["invite"]["partstat"] == "ACCEPTED"
    assert (message.thread, message.due_at) == (invite.uid, NOW)


def test_the_mail_carries_the_same_entry_with_the_new_words(mailbox):
    session = make_session()
    sign_up(session, make_person())
    reply(Answer.ACCEPTED)
    delivery.deliver_due(now=NOW)
    rewrite(session.event, now=NOW + timedelta(minutes=1))
    delivery.deliver_due(now=NOW + timedelta(minutes=1))

    first, second = mailbox.envelopes

    rules.assert_mail_keeps_the_rules(second)
    was, event = rules.understood(Correspondence([first, second]).contents)
    assert (event["method"], event["uid"], event["sequence"]) == ("REQUEST", was["uid"], was["sequence"])
    assert event["stamp"] > was["stamp"]
    assert event["starts"] == was["starts"]
    assert event["summary"] == "Listening well"
    assert "An afternoon about listening." in event["description"]
    assert event["attendees"][0]["partstat"] == "ACCEPTED"
    assert rules.parsed(second)["Subject"].startswith("New text: Listening well")
    assert "Time and place stay the same" in rules.text_of(second)
    assert "You do not have to answer" in rules.text_of(second)


def test_the_same_texts_once_more_mail_nobody():
    session = make_session()
    sign_up(session, make_person())

    for minute in range(2):
        rewrite(session.event, now=NOW + timedelta(minutes=minute))

    assert len(told()) == 1


def test_another_setting_alone_mails_nobody():
    session = make_session()
    sign_up(session, make_person())
    event = session.event
    facts = EventFacts(owner=event.owner, cancel_until_hours=48)

    event_texts.edit_event_and_tell(event_key=event.key, facts=facts, actor=make_organizer(), now=NOW)

    event.refresh_from_db()
    assert event.cancel_until_hours == 48
    assert not told()


def test_only_people_with_a_seat_in_the_calendar_are_told():
    session = make_session(capacity=3)
    person, declined = make_person(), make_person()
    sign_up(session, person)
    sign_up(session, declined)
    reply(Answer.DECLINED)
    sign_up(session, make_person(calendar_preference=CalendarPreference.FEED))
    sign_up(session, make_person())  # waits
    over = make_session(event=session.event, starts_at=NOW + timedelta(hours=1))
    sign_up(over, make_person())
    cancelled = make_session(event=session.event, starts_at=session.starts_at + DAY)
    sign_up(cancelled, make_person())
    cancel_session(cancelled)
    given_back = make_session(event=session.event, starts_at=session.starts_at + 2 * DAY)
    give_back(sign_up(given_back, make_person()))

    rewrite(session.event, now=NOW + timedelta(hours=1))

    assert [message.recipient for message in told()] == [person]


@pytest.mark.parametrize("facts", [{"is_discreet": True}, {"status": EventStatus.ARCHIVED}])
def test_an_event_that_is_discreet_or_archived_tells_nobody(facts):
    session = make_session()
    sign_up(session, make_person())
    Event.objects.update(**facts)
    session.event.refresh_from_db()
    session.event.coordinators.set([make_person(), make_person()])
    settings = EventFacts(owner=session.event.owner, coordinators=list(session.event.coordinators.all()), texts=NEW)

    event = event_texts.edit_event_and_tell(
        event_key=session.event.key, facts=settings, actor=make_organizer(), now=NOW
    )

    assert event.title_en == NEW["title_en"]
    assert not event_texts.reaches_people(event=event, now=NOW)
    assert not told()


def test_a_change_that_waits_carries_the_words_along(settings, mailbox):
    settings.MAIL_MERGE_SECONDS = 600
    session = make_session()
    sign_up(session, make_person())
    delivery.deliver_due(now=NOW)
    move(session, DAY)

    rewrite(session.event)
    delivery.deliver_due(now=NOW + timedelta(minutes=10))

    assert not told()
    events = Correspondence(list(mailbox.envelopes)).events
    assert [(event["sequence"], event["summary"] == "Listening well") for event in events] == [(0, False), (1, True)]


def test_a_later_change_follows_under_the_same_entry(mailbox):
    session = make_session()
    sign_up(session, make_person())
    rewrite(session.event)
    relocate(session, join_url="https://meet.example.org/abc")
    while delivery.deliver_due(now=NOW + timedelta(hours=1)):
        pass

    events = rules.understood(Correspondence(list(mailbox.envelopes)).contents)

    assert [event["sequence"] for event in events] == [0, 0, 1]
    assert len({event["uid"] for event in events}) == 1
    stamps = [event["stamp"] for event in events]
    assert stamps == sorted(set(stamps))


def test_a_refusal_changes_and_mails_nothing():
    session = make_session()
    sign_up(session, make_person())
    event = session.event
    title, facts = event.title_en, EventFacts(owner=event.owner, texts={"title_en": "", "title_nl": ""})

    with pytest.raises(UnableToChange) as refused:
        event_texts.edit_event_and_tell(event_key=event.key, facts=facts, actor=make_organizer(), now=NOW)

    event.refresh_from_db()
    assert (refused.value.code, event.title_en) == ("no-title", title)
    assert not told()


def test_thirty_people_cost_as_many_statements_as_one():
    counts = []
    for people in (1, 30):
        session = make_session(capacity=people)
        for person in [make_person() for _ in range(people)]:
            booking.sign_up(session_key=session.key, attendee=person, now=NOW)
        actor, facts = make_organizer(), EventFacts(owner=session.event.owner, texts=NEW)
        with CaptureQueriesContext(connection) as sent:
            event_texts.edit_event_and_tell(event_key=session.event.key, facts=facts, actor=actor, now=NOW)
        counts.append(len(sent))

    assert counts[0] == counts[1]
    assert len(told()) == 31


# --- the page


def said(event, **more):
    clock = {"seated_until_hours": 72, "offered_until_hours": 4, "offer_working_hours": 12}
    words = {name: getattr(event, name) for name in TEXT_FIELDS}
    return {"owner": event.owner.pk, "cancel_until_hours": 24} | clock | words | more


@pytest.mark.usefixtures("clock")
def test_a_tick_sends_the_new_text_once_however_often_the_form_is_sent(client, organizer):
    session = make_session()
    fill(session, 1)
    address = event_url("organize_event_edit", session.event)
    page = client.get(address)

    answers = [client.post(address, said(session.event, title_en="Other title", sends_update="on")) for _ in range(2)]

    assert TICK in text_of(page)
    assert not page.context["form"]["sends_update"].value()
    assert [answer.status_code for answer in answers] == [302, 302]
    assert len(told()) == 1


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("more", [{"title_en": "Other title"}, {"sends_update": "on"}])
def test_without_a_tick_or_a_new_text_nobody_is_mailed(client, organizer, more):
    session = make_session()
    fill(session, 1)
    event = session.event

    response = client.post(event_url("organize_event_edit", event), said(event, **more))

    event.refresh_from_db()
    assert response.status_code == 302
    assert event.title_en == more.get("title_en", session.event.title_en)
    assert not told()


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(("people", "facts"), [(0, {}), (1, {"is_discreet": True})])
def test_nobody_to_tell_has_no_tick(client, organizer, people, facts):
    session = make_session(event=make_event(**facts))
    fill(session, people)

    page = client.get(event_url("organize_event_edit", session.event))

    assert page.status_code == 200
    assert TICK not in text_of(page)
    assert "sends_update" not in page.context["form"].fields
