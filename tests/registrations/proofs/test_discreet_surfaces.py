"""specs/privacy.md 3, row by row: nothing that leaves the house tells what a discreet session is about, who leads it or
where it is.
"""

from __future__ import annotations

import logging
from datetime import date, timedelta
from email.utils import parseaddr
from http import HTTPStatus

import pytest
import time_machine
from django.apps import apps
from django.urls import reverse

from events.models import Venue
from feedback.services import ballots
from project.accounts.enums import RoleKind
from project.dashboard.services import releases
from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from registrations.models import Invite, Registration
from registrations.services.door import attendance
from registrations.services.refusals import REFUSALS, UnableToRegister
from tests.factories import give_role, make_organizer, make_person, make_unit
from tests.registrations.support.discreet import (
    JOIN,
    OWN_TITLE,
    ROOM,
    TITLE_EN,
    Post,
    addresses_in,
    make_secret_date,
    make_secret_event,
    tasks,
    told_around,
    told_in,
    told_in_mail,
)
from tests.registrations.support.discreet_life import KINDS, live, sign_up

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def post(mailbox):
    return Post(mailbox)


@pytest.fixture
def organizer():
    return make_organizer(unit=make_unit())


@pytest.mark.django_db(transaction=True)
def test_a_whole_life_tells_nothing(post, organizer, caplog, capfd):
    """Mails, their facts, what is logged, what is handed to the workers, and what an error report would make of any
    row.
    """
    caplog.set_level(logging.DEBUG)

    _, seat = live(post, organizer)

    _check_mails(post)
    to = set(Message.objects.filter(recipient=seat.attendee).values_list("address", flat=True))
    assert to == {"ann@home.example"}
    assert set(told_in("".join(str(facts) for facts in Message.objects.values_list("facts", flat=True)))) <= {
        ROOM,
        JOIN,
    }
    _check_logs(caplog, capfd)
    _check_rows()


def test_of_an_open_session_the_same_search_finds_a_lot(post):
    """So that what finds nothing above is known to look."""
    session = make_secret_date(make_secret_event(is_discreet=False))
    sign_up(session, make_person())

    post.deliver()

    [raw] = post.mails
    assert set(told_in_mail(raw)) >= {OWN_TITLE, ROOM, JOIN}


def _check_mails(post):
    sent = set(Message.objects.filter(status=MessageStatus.SENT).values_list("kind", flat=True))
    assert sent >= KINDS, KINDS - sent
    told = {str(mail["Subject"]): told_in_mail(raw) for raw, mail in zip(post.mails, post.parsed, strict=True)}
    assert {subject: found for subject, found in told.items() if found} == {}
    for mail in post.parsed:
        assert parseaddr(mail["From"])[0] == "University Events"
        assert {part.get_content_type() for part in mail.walk()} <= {"multipart/alternative", "text/plain", "text/html"}
    assert not Invite.objects.exists()


def _check_logs(caplog, capfd):
    assert caplog.records
    assert tasks()
    said = [record.getMessage() for record in caplog.records] + tasks() + list(capfd.readouterr())
    assert told_in("\n".join(said)) == []


def _check_rows():
    """A room is on the campus map; that somebody goes there is what must not be known."""
    models = [model for model in apps.get_models() if model is not Venue]
    rows = [row for model in models for row in model._default_manager.all()]
    assert len(rows) > 100  # so that the loop is known to have run
    assert told_in("\n".join(f"{row} {row!r}" for row in rows)) == []
    assert told_in("\n".join(f"{UnableToRegister(code)!r}" for code in REFUSALS)) == []


def pages(session, seat):
    """Every page by which somebody could come near it, by who may open it."""
    slug, key = session.event.slug, session.key
    for_all = [
        reverse("registrations:catalogue"),
        reverse("registrations:event", args=[slug]),
        reverse("registrations:session", args=[key]),
        reverse("registrations:feeds"),
        reverse("events:initiatives"),
        reverse("account_login") + f"?next={session.get_absolute_url()}",
    ]
    of_the_seat = [
        reverse("registrations:my_sessions"),
        reverse("registrations:my_registration", args=[seat.key]),
        reverse("registrations:my_calendar"),
        reverse("registrations:preferences"),
    ]
    of_the_work = [
        reverse("registrations:organize_home"),
        reverse("registrations:organize_event", args=[slug]),
        reverse("registrations:organize_event_edit", args=[slug]),
        reverse("registrations:organize_mails", args=[slug]),
        *[
            reverse(f"registrations:organize_{name}", args=[key])
            for name in ("session", "capacity", "move", "place", "cancel", "message", "sent_mails", "hold", "access")
        ],
        reverse("registrations:door", args=[key]),
        reverse("feedback:results", args=[key]),
    ]
    of_the_board = [reverse("dashboard:overview"), reverse("dashboard:definitions")]
    return [*for_all, *of_the_seat, *of_the_work, *of_the_board]


@pytest.mark.parametrize("who", ["stranger", "attendee", "organizer", "coordinator", "board", "host"])
def test_no_page_tells_anything_around_its_contents(client, who, organizer):
    session, seat = _just_seated()
    reader = {
        "attendee": seat.attendee,
        "organizer": organizer,
        "coordinator": session.event.coordinators.first(),
        "board": give_role(make_person(), RoleKind.BOARD),
        "host": give_role(make_person(name="Host"), RoleKind.HOST, session=session),
    }.get(who)
    if reader:
        client.force_login(reader)

    with time_machine.travel(session.starts_at - timedelta(minutes=30), tick=False):
        answers = {
            (path, language): client.get(path, headers={"accept-language": language})
            for path in pages(session, seat)
            for language in ("en", "nl")
        }

    assert HTTPStatus.OK in {answer.status_code for answer in answers.values()}
    assert {path: told_around(answer) for path, answer in answers.items() if told_around(answer)} == {}
    if who not in {"attendee", "coordinator"}:
        shown = "".join(answer.content.decode() for answer in answers.values()).lower()
        assert not [name for name in ("quibblewick", "snolle") if name in shown]
    links = {address for answer in answers.values() for address in addresses_in(answer)}
    assert set(told_in("\n".join(links))) <= ({JOIN} if who == "attendee" else set())


def _just_seated():
    event = make_secret_event()
    session = make_secret_date(event, capacity=3)
    person = make_person(
        name="Quibblewick Snollebol", email="quibblewick@demo.example", private_email="snolle@home.example"
    )
    return session, sign_up(session, person)


def test_what_shows_the_title_is_kept_by_nobody_and_can_be_left(client, clock):
    session, seat = _just_seated()
    client.force_login(seat.attendee)
    paths = [session.event.get_absolute_url(), session.get_absolute_url(), f"/my/{seat.key}/", "/my/", "/"]

    answers = {path: client.get(path) for path in paths}

    for path, answer in answers.items():
        assert "no-store" in answer["Cache-Control"], path
        shows_title = TITLE_EN in answer.content.decode() or OWN_TITLE in answer.content.decode()
        assert shows_title == (path != "/my/"), (
            path
        )  # a list that is often open beside others names it only when opened
    for path in paths[:3]:
        page = answers[path].content.decode()
        assert 'class="leave" href="https://www.wikipedia.org/" rel="noreferrer"' in page
        assert "ld+json" not in page
        assert '<meta name="robots" content="noindex">' in page
        assert "og:" not in page


def test_the_public_calendars_do_not_know_it(client, clock):
    _just_seated()

    for path in ("/feeds/events.ics", "/feeds/events.atom", "/feeds/me.ics", "/feeds/kinds/performance.ics"):
        answer = client.get(path)
        assert answer.status_code == HTTPStatus.OK, path
        assert told_in(answer.content.decode()) == [], path


def test_the_download_says_appointment(client, clock):
    session, seat = _just_seated()
    path = reverse("registrations:session_file", args=[session.key])
    stranger = client.get(path)
    client.force_login(seat.attendee)

    files = [client.get(path, headers={"accept-language": language}).content.decode() for language in ("en", "nl")]

    assert stranger.status_code == HTTPStatus.NOT_FOUND
    assert [told_in(file) for file in files] == [[], []]
    assert "SUMMARY:Appointment" in files[0]
    for file in files:
        assert "METHOD:PUBLISH" in file
        assert "CLASS:PRIVATE" in file
        assert not any(name in file for name in ("ATTENDEE", "DESCRIPTION", "VALARM", str(session.ical_uid)))


def test_the_personal_calendar_says_appointment(client, clock):
    _, seat = _just_seated()
    client.force_login(seat.attendee)
    page = client.get(reverse("registrations:my_calendar")).content.decode()
    path = page.split("/feeds/my/", 1)[1].split(".ics", 1)[0]

    feed = client.get(f"/feeds/my/{path}.ics").content.decode()

    assert told_in(feed) == []
    assert "ATTENDEE" not in feed


def test_the_door_has_no_list_and_nobody_gets_a_code(post, organizer):
    session, seat = _just_seated()
    at_the_door = session.starts_at
    attendance.check_in(registration_key=seat.key, actor=organizer, now=at_the_door)
    attendance.finish(session_key=session.key, actor=organizer, now=session.ends_at)

    ballots.issue_due(now=session.ends_at + DAY)

    post.deliver(session.ends_at + DAY)
    assert [mail["Subject"] for mail in post.parsed] == [f"Your booking is confirmed (ref {seat.reference})"]


def test_the_board_reads_nothing_of_it(client, post, organizer):
    session, seat = _just_seated()
    attendance.check_in(registration_key=seat.key, actor=organizer, now=session.starts_at)
    attendance.finish(session_key=session.key, actor=organizer, now=session.ends_at)
    releases.release_month(month=date(2026, 3, 1), now=session.ends_at + 60 * DAY)
    client.force_login(give_role(make_person(), RoleKind.BOARD))

    answers = [client.get(path) for path in ("/board/", "/board/definitions/", "/board/2026-03/figures.csv")]

    assert [answer.status_code for answer in answers] == [HTTPStatus.OK] * 3
    assert told_in("\n".join(answer.content.decode() for answer in answers)) == []


def test_an_error_report_tells_nothing(client, clock, caplog, monkeypatch):
    """The page breaks while it has everything in hand; what is logged of that names keys only."""
    session, seat = _just_seated()
    client.force_login(seat.attendee)
    client.raise_request_exception = False
    monkeypatch.setattr(Registration, "reference", property(lambda self: 1 / 0))
    monkeypatch.setattr("registrations.views.pages.catalogue._forgotten", lambda page: 1 / 0)

    answer = client.get(session.get_absolute_url())

    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert caplog.records
    assert told_in(answer.content.decode() + caplog.text) == []
