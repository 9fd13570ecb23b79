"""Messages of an organiser to the people of a session (product K7)."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from events.services.refusals import UnableToChange
from registrations.enums import Status
from registrations.models import Notice
from registrations.services.mailing import broadcasts
from registrations.services.mailing.broadcasts import Draft
from tests.factories import NOW, make_organizer, make_people, make_person, make_session
from tests.registrations.support.mails import make_claim
from tests.registrations.support.notices import SEATED, send, with_people, written

pytestmark = pytest.mark.django_db


def refused(session, draft, **said):
    with pytest.raises(UnableToChange) as refusal:
        send(session, draft, **said)
    return refusal.value


# --- Who gets it -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("statuses", [("CONFIRMED",), ("WAITLISTED", "OFFERED"), ("REQUESTED",), ("CANCELLED",)])
def test_a_message_goes_to_people_in_the_chosen_states(statuses):
    session, people = with_people()
    make_claim(Status.CONFIRMED)

    notice = send(session, Draft(statuses=statuses, subject_en="S", body_en="B"))

    chosen = {people[Status(status)].key for status in statuses}
    assert set(written().values_list("subject_id", flat=True)) == chosen
    assert {mail.facts["notice"] for mail in written()} == {str(notice.key)}
    assert notice.statuses == tuple(sorted(statuses))


def test_somebody_who_came_back_is_counted_once_by_what_they_have_now():
    session, person = make_session(capacity=3), make_person()
    for _ in range(3):
        make_claim(Status.CANCELLED, session=session, attendee=person)
    make_claim(Status.CONFIRMED, session=session, attendee=person)
    make_claim(Status.CANCELLED, session=session, attendee=person)
    gone = make_person()
    for _ in range(2):
        make_claim(Status.CANCELLED, session=session, attendee=gone)

    assert broadcasts.count_by_status(session) == {"CONFIRMED": 1, "CANCELLED": 1}
    send(session, Draft(statuses=("CANCELLED",), subject_en="S", body_en="B"))
    assert [mail.recipient for mail in written()] == [gone]


def test_a_crowd_is_written_to_in_one_transaction(django_assert_num_queries, monkeypatch):
    session = make_session(capacity=90)
    for person in make_people(31):
        make_claim(Status.CONFIRMED, session=session, attendee=person)
    monkeypatch.setattr(broadcasts, "AT_A_TIME", 10)
    actor = make_organizer()

    send(session, actor=actor)

    assert written().count() == 31


@pytest.mark.parametrize("people", [1, 30])
def test_sending_costs_the_same_for_one_and_for_thirty(django_assert_num_queries, people):
    session = make_session(capacity=90)
    for person in make_people(people):
        make_claim(Status.CONFIRMED, session=session, attendee=person)
    actor, key = make_organizer(), uuid.uuid4()

    with django_assert_num_queries(9):
        send(session, key=key, actor=actor)


# --- Once ------------------------------------------------------------------------------------------------------------


def test_the_same_form_sent_twice_is_one_message():
    session, _ = with_people()
    key = uuid.uuid4()

    first, second = send(session, key=key), send(session, key=key)

    assert first == second
    assert (Notice.objects.count(), written().count()) == (1, 1)


def test_a_key_of_another_session_is_not_taken():
    session, _ = with_people()
    other, _ = with_people()
    sent = send(other)

    with pytest.raises(Exception, match=r"(?i)unique|duplicate"):
        send(session, key=sent.key)


@pytest.mark.parametrize(
    ("later", "is_sent"), [(timedelta(minutes=9, seconds=59), False), (timedelta(minutes=10), True)]
)
def test_the_very_same_within_minutes_is_a_mistake(later, is_sent):
    session, _ = with_people()
    send(session)

    if is_sent:
        send(session, now=NOW + later)
    else:
        refusal = refused(session, SEATED, now=NOW + later)
        assert refusal.code == "just-sent"
        assert "10:00" in refusal.text

    assert (Notice.objects.count(), written().count()) == (1 + is_sent, 1 + is_sent)


def test_other_words_or_other_people_are_another_message():
    session, _ = with_people()
    send(session)

    send(session, Draft(statuses=("WAITLISTED",), subject_en=SEATED.subject_en, body_en=SEATED.body_en))
    send(session, Draft(statuses=("CONFIRMED",), subject_en="Bring dinner", body_en=SEATED.body_en))

    assert Notice.objects.count() == 3


# --- Refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("draft", "code", "field"),
    [
        (Draft(statuses=(), subject_en="S", body_en="B"), "nobody", "statuses"),
        (Draft(statuses=("OFFERED",), subject_en="S", body_en="B"), "nobody", "statuses"),
        (Draft(statuses=("CONFIRMED",)), "no-text", "subject_en"),
        (Draft(statuses=("CONFIRMED",), subject_en=" \r\n", body_nl="\u200b"), "no-text", "subject_en"),
        (Draft(statuses=("CONFIRMED",), subject_en="S", body_nl="\x07"), "unreadable", "body_nl"),
        (Draft(statuses=("CONFIRMED",), subject_en="S"), "half-a-text", "body_en"),
        (Draft(statuses=("CONFIRMED",), subject_en="S", body_en="B", body_nl="B"), "half-a-text", "subject_nl"),
        (Draft(statuses=("CONFIRMED",), subject_en="x" * 151, body_en="B"), "too-long", "subject_en"),
        (Draft(statuses=("CONFIRMED",), subject_en="S", body_en="{nom}"), "unknown-placeholder", "body_en"),
    ],
)
def test_what_cannot_be_sent_is_refused_beside_its_field(draft, code, field):
    session = make_session()
    make_claim(Status.CONFIRMED, session=session)

    refusal = refused(session, draft)

    assert (refusal.code, refusal.field) == (code, field)
    with pytest.raises(UnableToChange) as same:
        broadcasts.preview_notice(session_key=session.key, draft=draft)
    assert same.value.code == code
    assert not Notice.objects.exists()
    assert not written().exists()


# --- Afterwards ------------------------------------------------------------------------------------------------------


def test_each_person_reads_what_was_written_to_them_newest_first():
    session, people = with_people()
    send(session)
    send(session, Draft(statuses=("WAITLISTED",), subject_en="To people who wait", body_en="B"))
    send(session, Draft(statuses=("CONFIRMED",), subject_en="More", body_en="B"), now=NOW + timedelta(minutes=1))

    said = {status: [read.words.subject for read in broadcasts.notices_to(claim)] for status, claim in people.items()}

    assert said == {status: [] for status in Status} | {
        Status.CONFIRMED: ["More", "Bring lunch"],
        Status.WAITLISTED: ["To people who wait"],
    }


@pytest.mark.parametrize("people", [1, 30])
@pytest.mark.parametrize("number", [1, 5])
def test_the_list_of_messages_costs_two_queries(django_assert_num_queries, people, number):
    session = make_session(capacity=90)
    for person in make_people(people):
        make_claim(Status.CONFIRMED, session=session, attendee=person)
    for turn in range(number):
        send(session, Draft(statuses=("CONFIRMED",), subject_en=f"{turn}", body_en="B"))

    with django_assert_num_queries(2):
        sent = broadcasts.sent_notices(session)

    assert {each.people for each in sent} == {people}
