"""Whoever is asked along, the person who asks and everybody else see the same: pages, API, counts, mails, and the work
that it takes.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from project.accounts.models import User
from project.outbox.models import Message
from registrations.models import Registration
from registrations.services.attending import booking, colleagues, offers
from registrations.services.organizing import capacity, schedule
from registrations.services.seats import waitlist
from registrations.services.seats.audit import audit_seats
from tests.factories import NOW, make_event, make_person, make_session, make_unit, make_venue
from tests.registrations.support.seats.offered import take
from tests.registrations.support.seats.seat_views import undone

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
DAY = timedelta(hours=24)
TO_ANSWER = 2 * DAY  # 24 working hours from Monday at 10:00
A_MOMENT = timedelta(minutes=1)
# Each invitation has a key of its own, and the inviter is shown the address as it was typed.
NAMES_OF_A_REQUEST = re.compile(r'value="\w{64}"|nonce="[^"]+"|/my/invitations/[\w-]+|[\w-]+@demo\.example')


@pytest.fixture
def world():
    """A date with an inviter, seats to spare and some that are held for students; one that is full, and one with room.
    Everybody who may be asked is there each time, so that only who is asked makes a difference.
    """
    event = make_event(title_en="Together", audiences=("STAFF", "GUEST"))
    held = {"held_seats": 2, "held_audiences": ("STUDENT",), "held_until": NOW + 8 * DAY}
    session = make_session(event=event, capacity=20, venue=make_venue(), starts_at=NOW + 10 * DAY, **held)
    full = make_session(event=event, capacity=0, starts_at=NOW + 11 * DAY)
    roomy = make_session(event=event, capacity=9, starts_at=NOW + 12 * DAY)
    inviter, other = make_person(name="Ann", email="ann@demo.example"), make_person(name="Bob")
    for comes in (inviter, other):
        take(session, comes)
    claims = {name: take(session, person(name)) for name in ("seated", "seated-and-inactive", "gave-back")}
    booking.cancel(registration_key=claims["gave-back"].key, actor=claims["gave-back"].attendee, now=NOW)
    take(roomy, person("on-another-date"))
    take(full, person("waits-elsewhere"))
    for known in ("known", "said-no-to-another", "was-asked-by-another"):
        person(known)
    person("inactive", is_active=False)
    person("student", audience="STUDENT", unit=make_unit("law"))
    person("never-introduced", name="", unit=None, audience="")
    for name in ("said-no-to-another", "was-asked-by-another"):
        colleagues.invite(session_key=session.key, address=address(name), inviter=other, now=NOW)
    no = Registration.objects.get(attendee__email=address("said-no-to-another"))
    offers.decline_offer(registration_key=no.key, actor=no.attendee, now=NOW)
    User.objects.filter(email=address("seated-and-inactive")).update(is_active=False)
    make_person(name="Third", email="third@demo.example")
    make_person(name="Fourth", email="fourth@demo.example", audience="STUDENT")
    return session, inviter


def address(name):
    return f"{name}@demo.example"


def person(whom, **overrides):
    return make_person(email=address(whom), **overrides)


WHOM = (
    *("known", "student", "inactive", "never-introduced", "seated", "seated-and-inactive", "gave-back"),
    *("on-another-date", "waits-elsewhere", "said-no-to-another", "was-asked-by-another", "also-unknown"),
)


def story_of(world, whom):
    """All that is seen after asking, after asking again, when the time is over, and after asking once more then."""
    session, inviter = world
    with undone():
        story = [asked(session, inviter, whom, NOW), seen(session, inviter, NOW)]
        story += [asked(session, inviter, whom, NOW + A_MOMENT), seen(session, inviter, NOW + DAY / 2)]
        waitlist.settle_event(event_id=session.event_id, now=NOW + TO_ANSWER)
        story += [seen(session, inviter, NOW + TO_ANSWER), asked(session, inviter, whom, NOW + TO_ANSWER)]
        story += [seen(session, inviter, NOW + TO_ANSWER + A_MOMENT), withdrawn(inviter, NOW + TO_ANSWER + A_MOMENT)]
        story += [seen(session, inviter, NOW + TO_ANSWER + 2 * A_MOMENT), audit_seats(now=NOW + TO_ANSWER)]
    return story


def asked(session, inviter, whom, now):
    """The answer of page and API, and the statements that each took: what takes as long looks the same to a clock."""
    client = Client()
    with time_machine.travel(now, tick=False):
        client.force_login(inviter)
        with undone(), CaptureQueriesContext(connection) as by_api:
            told = client.post(
                f"/api/v1/sessions/{session.key}/colleagues", {"address": address(whom)}, "application/json"
            )
        with CaptureQueriesContext(connection) as by_page:
            page = client.post(f"/sessions/{session.key}/colleague/", {"address": address(whom)})
            there = shown(client.get(page["Location"]))
    return told.status_code, told.content, page.status_code, there, shapes(by_api), shapes(by_page)


def withdrawn(inviter, now):
    """The page after the invitation was withdrawn, and the statements that it took."""
    client = Client()
    with time_machine.travel(now, tick=False):
        client.force_login(inviter)
        open_one = colleagues.open_invitations(inviter=inviter, now=now).get()
        with CaptureQueriesContext(connection) as by_page:
            page = client.post(f"/my/invitations/{open_one.key}/withdraw/", {"next": "/my/"})
        return page.status_code, shapes(by_page), shown(client.get("/my/"))


def shapes(statements):
    """What is asked of the database, without the values and the names of savepoints."""
    values = r"'(?:[^']|'')*'|\b\d+\b|\b(true|false)\b|\bs\d+_x\d+\b"
    return [re.sub(values, "?", query["sql"]) for query in statements.captured_queries]


def seen(session, inviter, now):
    """By the inviter, a visitor, somebody who may come, and somebody of the group for which seats are held."""
    everywhere = ["/", "/?free=1", session.event.get_absolute_url(), f"/api/v1/events/{session.event.slug}"]
    paths = {
        "ann": [session.get_absolute_url(), "/my/", "/api/v1/my/registrations", *everywhere],
        "fourth": [session.get_absolute_url(), f"/api/v1/sessions/{session.key}"],
        "third": [f"/api/v1/sessions/{session.key}", "/?free=1"],
        "": [session.get_absolute_url(), "/api/v1/sessions"],
    }
    pages = []
    with time_machine.travel(now, tick=False):
        for reader, opened in paths.items():
            client = Client()
            if reader:
                client.force_login(User.objects.get(email=address(reader)))
            pages += [shown(client.get(path)) for path in opened]
    mails = list(Message.objects.filter(recipient=inviter).values_list("kind", flat=True))
    return [*pages, colleagues.open_invitations(inviter=inviter, now=now).count(), mails]


def shown(page):
    return page.status_code, NAMES_OF_A_REQUEST.sub("", page.content.decode())


@pytest.mark.slow
def test_what_is_seen_of_an_invitation_does_not_depend_on_who_is_asked(world):
    of_a_stranger = story_of(world, "unknown")

    for whom in WHOM:
        pairs = zip(story_of(world, whom), of_a_stranger, strict=True)
        differing = [number for number, (of_them, expected) in enumerate(pairs) if of_them != expected]
        assert (whom, differing) == (whom, [])


def test_somebody_else_who_is_asked_is_one_seat_less(world):
    """The control: what is compared above does change."""
    session, inviter = world
    before = seen(session, inviter, NOW)

    asked(session, inviter, "seated", NOW)

    is_the_same = seen(session, inviter, NOW) == before
    assert not is_the_same


@pytest.mark.parametrize("whom", ["seated", "known", "unknown", "inactive"])
@pytest.mark.parametrize("end", ["cancel", "move"])
def test_an_end_or_a_move_of_the_date_tells_no_more(world, whom, end):
    session, inviter = world
    colleagues.invite(session_key=session.key, address=address(whom), inviter=inviter, now=NOW)
    if end == "cancel":
        capacity.cancel_session(session_key=session.key, actor=make_person(), now=NOW)
    else:
        starts_at = NOW + 20 * DAY
        times = {"starts_at": starts_at, "ends_at": starts_at + DAY / 8}
        schedule.reschedule_session(session_key=session.key, now=NOW, **times)

    assert colleagues.open_invitations(inviter=inviter, now=NOW).count() == (end == "move")
    assert audit_seats(now=NOW) == {}
