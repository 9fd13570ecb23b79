"""The days of a conference as one entry beside the sessions (specs/calendar.md 3.11)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from events.enums import EventStatus
from project.accounts.enums import CalendarPreference
from project.outbox.models import Message
from project.outbox.services import delivery
from registrations.enums import InviteState, Status, Verdict
from registrations.models import Invite, Registration
from registrations.services.calendar import conference_days
from registrations.services.organizing import pending_changes
from registrations.services.seats.audit import audit_seats
from registrations.tasks import cover_conferences
from tests.factories import NOW, make_event, make_person, make_session
from tests.registrations.support.calendar import rules
from tests.registrations.support.calendar.acts import DAY, cancel_session, give_back, move, relocate, sign_up
from tests.registrations.support.inbox import PROGRAMS, human, outcome, outlook, post
from tests.registrations.support.seats.offered import make_conference

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture(autouse=True)
def _umbrellas(settings):
    settings.ICAL_UMBRELLA = True


@pytest.fixture
def programme():
    """Two rounds on 22 March, and somebody with a seat in the first session of each."""
    event, _, sessions = make_conference(summary_en="What do we do next?")
    person = make_person()
    for session in (sessions[0], sessions[2]):
        sign_up(session, person)
    return event, sessions, person


def seats_of(person):
    return list(Registration.objects.select_related("attendee").filter(attendee=person, status=Status.CONFIRMED))


def entry_of(person):
    return Invite.objects.filter(attendee=person, umbrella_of__isnull=False).latest("pk")


def told(person):
    mails = Message.objects.filter(recipient=person, kind__startswith="umbrella-").order_by("pk")
    return list(mails.values_list("kind", flat=True))


def send(event):
    seen = pending_changes.changes_of(event=event, now=NOW).fingerprint
    pending_changes.send_changes(event_key=event.key, previewed=seen, now=NOW)
    delivery.deliver_due(now=NOW)


def story(letters):
    """What was said of the whole days, after every rule but that of the time taken was checked by three readers."""
    received = letters()
    events = [event for event in received.events if event["summary"].removeprefix("CANCELLED: ") == "Conference"]
    names: dict[str, str] = {}
    for event in events:
        names.setdefault(event["uid"], "ABCDEF"[len(names)])
        assert event["transp"] == "TRANSPARENT"
        assert event["organizer"]["address"] == "mailto:samen@example.org"
    return [f"{event['method']} {names[event['uid']]}{event['sequence']} {event['starts']}" for event in events]


def test_a_whole_life(letters, programme):
    event, (one, two, three, four), person = programme
    cover_conferences()
    cover_conferences()
    for session in (one, two, three, four):
        move(session, DAY)
    cover_conferences()
    send(event)
    cover_conferences()
    for seat in seats_of(person):
        give_back(seat)
    cover_conferences()
    sign_up(two, person)
    cover_conferences()

    assert story(letters) == [
        "REQUEST A0 2026-03-22",
        "REQUEST A1 2026-03-23",
        "CANCEL A2 2026-03-23",
        "REQUEST B0 2026-03-23",
    ]
    assert told(person) == ["umbrella-here", "umbrella-changed", "umbrella-left", "umbrella-here"]
    assert audit_seats(now=NOW) == {}


def lines_in(mail):
    ics = rules.object_of(mail)
    assert ics
    return rules.lines_of(ics)


def test_the_first_mail(letters, programme):
    _, _, person = programme
    cover_conferences()

    [envelope] = [each for each in letters().envelopes if "In your calendar" in rules.parsed(each)["Subject"]]

    mail, text = rules.parsed(envelope), rules.text_of(envelope)
    lines = lines_in(mail)
    assert envelope.rcpt_tos == [person.email]
    assert mail["Subject"] == "In your calendar: Conference, Sunday 22 March 2026"
    assert "It does not block any time there; your sessions do." in text
    assert {"DTSTART;VALUE=DATE:20260322", "DTEND;VALUE=DATE:20260323", "TRANSP:TRANSPARENT"} <= set(lines)
    assert "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE" in lines
    assert "X-MICROSOFT-CDO-BUSYSTATUS:FREE" in lines
    assert f"UID:{entry_of(person).uid}" in lines
    assert not [line for line in lines if line.startswith("LOCATION")]


def test_several_days_are_one_entry_with_its_end_left_out(letters, programme):
    event, (one, *_), person = programme
    make_session(event=event, round=one.round, starts_at=one.starts_at + 2 * DAY)
    cover_conferences()

    [envelope] = [each for each in letters().envelopes if "In your calendar" in rules.parsed(each)["Subject"]]

    assert rules.parsed(envelope)["Subject"].endswith("Sunday 22 March to Tuesday 24 March 2026")
    lines = lines_in(rules.parsed(envelope))
    assert {"DTSTART;VALUE=DATE:20260322", "DTEND;VALUE=DATE:20260325"} <= set(lines)
    assert entry_of(person).state == InviteState.ACTIVE


def test_it_is_off_unless_the_house_wants_it(settings, programme):
    settings.ICAL_UMBRELLA = False

    cover_conferences()

    assert not Invite.objects.filter(umbrella_of__isnull=False).exists()
    assert conference_days.events_to_cover(NOW) == []


def test_switched_off_again_it_leaves_every_calendar(letters, settings, programme):
    cover_conferences()
    settings.ICAL_UMBRELLA = False
    cover_conferences()

    assert story(letters) == ["REQUEST A0 2026-03-22", "CANCEL A1 2026-03-22"]
    assert conference_days.events_to_cover(NOW) == []


@pytest.mark.parametrize(
    ("event", "person", "status"),
    [
        ({"is_discreet": True}, {}, Status.CONFIRMED),
        ({"status": EventStatus.ARCHIVED}, {}, Status.CONFIRMED),
        ({}, {"calendar_preference": CalendarPreference.FEED}, Status.CONFIRMED),
        ({}, {}, Status.WAITLISTED),
    ],
)
def test_nobody_else_gets_one(event, person, status):
    conference, _, (one, *_) = make_conference()
    seat = sign_up(one, make_person(**person))
    Registration.objects.filter(pk=seat.pk).update(status=status, waitlisted_at=NOW)
    type(conference).objects.update(**event)

    cover_conferences()

    assert not Invite.objects.filter(umbrella_of__isnull=False).exists()


def test_another_event_and_one_that_has_begun_get_none(programme):
    _, (one, *_), person = programme
    sign_up(make_session(event=make_event()), person)
    conference_days.cover(event_id=one.event_id, now=one.starts_at + DAY)

    assert conference_days.events_to_cover(one.starts_at + DAY) == []
    assert not Invite.objects.filter(umbrella_of__isnull=False).exists()


def test_what_moves_within_the_day_says_nothing(programme):
    event, (one, *_), person = programme
    cover_conferences()
    move(one, timedelta(hours=1))
    relocate(one, join_url="https://meet.example.org/abc")
    send(event)
    cover_conferences()

    assert told(person) == ["umbrella-here"]


def test_it_tells_nothing_before_the_organiser_does(programme):
    event, sessions, person = programme
    cover_conferences()
    for session in sessions:
        move(session, DAY)

    cover_conferences()
    before = told(person)
    send(event)
    cover_conferences()

    assert (before, told(person)) == (["umbrella-here"], ["umbrella-here", "umbrella-changed"])


def test_what_nobody_sends_moves_it_a_day_before_all_the_same(programme):
    """Of a session on a later day something may wait still."""
    event, sessions, person = programme
    last = make_session(event=event, round=sessions[0].round, starts_at=sessions[0].starts_at + 5 * DAY)
    sign_up(last, make_person())
    cover_conferences()
    midnight = datetime.fromisoformat("2026-03-22T00:00+01:00")
    for session in (*sessions, last):
        move(session, DAY)

    conference_days.cover(event_id=event.pk, now=midnight - DAY - timedelta(seconds=1))
    before = told(person)
    conference_days.cover(event_id=event.pk, now=midnight - DAY)

    assert (before, told(person)) == (["umbrella-here"], ["umbrella-here", "umbrella-changed"])


def test_another_address_gets_its_own(letters, programme):
    _, _, person = programme
    cover_conferences()
    letters()
    person.email = "robin.new@example.org"
    person.save()
    cover_conferences()

    assert story(letters) == ["REQUEST A0 2026-03-22", "CANCEL A1 2026-03-22", "REQUEST B0 2026-03-22"]
    addresses = [row.address for row in Invite.objects.filter(umbrella_of__isnull=False).order_by("pk")]
    assert addresses[1] == "robin.new@example.org" != addresses[0]


def test_a_conference_that_is_cancelled_takes_it_out(letters, programme):
    _, sessions, _ = programme
    cover_conferences()
    for session in sessions:
        cancel_session(session)
    cover_conferences()

    assert story(letters) == ["REQUEST A0 2026-03-22", "CANCEL A1 2026-03-22"]


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_no_frees_nothing_and_asks_about_all(letters, programme, program):
    event, _, person = programme
    cover_conferences()
    letters()

    row = post(PROGRAMS[program](entry_of(person), "DECLINED"))
    cover_conferences()

    assert outcome(row) == (Verdict.ASKED, "umbrella")
    assert len(seats_of(person)) == 2
    assert not Invite.objects.filter(release_at__isnull=False).exists()
    asked = letters().envelopes[-1]
    text = rules.text_of(asked)
    assert rules.parsed(asked)["Subject"] == "Do you want to cancel all? Conference"
    assert "Your sessions are still yours." in text
    assert event.get_absolute_url() in text
    assert rules.object_of(rules.parsed(asked)) is None
    assert entry_of(person).state == InviteState.DECLINED
    assert told(person) == ["umbrella-here", "umbrella-declined"]
    assert audit_seats(now=NOW) == {}


def test_a_no_twice_asks_once(programme):
    _, _, person = programme
    cover_conferences()

    rows = [post(outlook(entry_of(person), answer, stamp=stamp)) for stamp, answer in enumerate(("DECLINED",) * 3, 1)]

    assert [row.verdict for row in rows] == [Verdict.ASKED, Verdict.RECORDED, Verdict.RECORDED]
    assert told(person).count("umbrella-declined") == 1


def test_a_no_without_a_seat_asks_nothing(programme):
    _, _, person = programme
    cover_conferences()
    entry = entry_of(person)
    for seat in seats_of(person):
        give_back(seat)

    row = post(outlook(entry, "DECLINED"))

    assert outcome(row) == (Verdict.RECORDED, "umbrella")
    assert "umbrella-declined" not in told(person)


@pytest.mark.parametrize("answer", ["ACCEPTED", "TENTATIVE", "DELEGATED"])
def test_other_answers_change_nothing(programme, answer):
    _, _, person = programme
    cover_conferences()

    row = post(outlook(entry_of(person), answer))

    assert outcome(row) == (Verdict.RECORDED, "umbrella")
    assert (entry_of(person).state, entry_of(person).answer) == (InviteState.ACTIVE, answer)
    assert told(person) == ["umbrella-here"]


def test_a_yes_after_a_no_is_looked_after_again(letters, programme):
    event, sessions, person = programme
    cover_conferences()
    post(outlook(entry_of(person), "DECLINED", stamp=1))
    post(outlook(entry_of(person), "ACCEPTED", stamp=2))
    for session in sessions:
        move(session, DAY)
    send(event)
    cover_conferences()

    assert story(letters) == ["REQUEST A0 2026-03-22", "REQUEST A1 2026-03-23"]


def test_after_a_no_it_stays_away_whatever_moves(letters, programme):
    event, sessions, person = programme
    cover_conferences()
    post(outlook(entry_of(person), "DECLINED"))
    for session in sessions:
        move(session, DAY)
    send(event)
    cover_conferences()

    assert story(letters) == ["REQUEST A0 2026-03-22"]


def test_what_else_comes_in_about_it_does_no_harm(programme):
    _, _, person = programme
    cover_conferences()
    entry = entry_of(person)

    rows = [
        post(outlook(entry, "DECLINED", attendee="somebody@example.org")),
        post(outlook(entry, "DECLINED", uid=uuid4())),
        post(outlook(entry, "DECLINED").replace(b"REPLY", b"REFRESH")),
        post(human(), recipient=f"samen+{entry.uid.hex[:12]}@example.org"),
    ]

    assert not [row for row in rows if row.verdict in {Verdict.PENDING, Verdict.FAILED, Verdict.APPLIED}]
    assert rows[-1].invite == entry
    assert len(seats_of(person)) == 2


def test_the_database_refuses_an_entry_of_two_things_and_a_second_one(programme):
    event, _, person = programme
    cover_conferences()
    entry, seat = entry_of(person), seats_of(person)[0]

    for values in ({"registration": seat}, {"umbrella_of": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Invite.objects.filter(pk=entry.pk).update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invite.objects.create(umbrella_of=event, attendee=person, slot=event.key, address="a@b.nl", stamped_at=NOW)


@pytest.mark.parametrize("people", [1, 20])
def test_it_costs_the_same_for_one_and_for_many(django_assert_num_queries, people):
    event, _, (one, *others) = make_conference()
    type(one).objects.update(capacity=people)
    for _ in range(people):
        sign_up(one, make_person())

    with django_assert_num_queries(9):
        conference_days.cover(event_id=event.pk, now=NOW)
    for session in (one, *others):
        move(session, DAY)
    send(event)
    with django_assert_num_queries(5):
        assert conference_days.events_to_cover(NOW) == [event.pk]
    with django_assert_num_queries(10):
        conference_days.cover(event_id=event.pk, now=NOW)

    assert Message.objects.filter(kind="umbrella-changed").count() == people


def test_the_feed_and_the_page_of_the_person_go_on_as_before(client, programme):
    _, _, person = programme
    cover_conferences()
    client.force_login(person)

    assert client.get("/my/").status_code == 200
    assert client.get("/my/calendar/").status_code == 200
