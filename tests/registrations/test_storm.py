"""Thirty people and organisers at once, each doing whatever comes to mind: nobody waits for each other in a ring, nothing breaks."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from threading import BoundedSemaphore
from time import monotonic

import pytest
from django.db import connection
from django.utils import timezone

from events.models import Session
from project.accounts.enums import Audience
from registrations.enums import Status
from registrations.models import Registration
from registrations.services import (
    booking,
    capacity,
    colleagues,
    door,
    holds,
    offers,
    reinstatement,
    schedule,
    swaps,
    waitlist,
    wishes,
)
from registrations.services.audit import audit_seats
from registrations.services.refusals import UnableToRegister
from tests.factories import make_event, make_people, make_person, make_session, make_venue

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
THREADS = 30
REFUSALS = (UnableToRegister, capacity.UnableToChange, door.UnableAtTheDoor, Registration.DoesNotExist)
HOURS = (0.2, 30, 80, 200)  # at the door; offered; booked at once


class Storm:
    def __init__(self):
        self.people = [*make_people(12), *make_people(3, audience=Audience.STUDENT)]
        self.actor, self.events = make_person(), [make_event(), make_event()]
        for event in self.events:
            for hours in HOURS:
                starts_at = timezone.now() + timedelta(hours=hours)
                make_session(event=event, starts_at=starts_at, capacity=3, venue=make_venue(capacity=5))
        self.sessions = list(Session.objects.order_by("pk"))
        self.pooled = BoundedSemaphore(int(os.environ["DATABASE_POOL"]) - 2)

    def blow(self, number, until):
        """Returns what no verb may raise, and how many verbs went through."""
        chance, broken, done = Random(number), [], 0  # noqa: S311  # no secret
        while monotonic() < until:
            name = chance.choice(VERBS)
            try:
                with self.pooled:
                    getattr(self, name)(chance, timezone.now())
                done += 1
            except REFUSALS:
                pass
            except Exception as error:  # noqa: BLE001  # all of them are what is looked for
                broken.append((name, repr(error)))
            finally:
                connection.close()
        return broken, done

    def claim(self, chance, *statuses):
        found = list(Registration.objects.filter(status__in=statuses).select_related("attendee", "session"))
        if not found:
            raise Registration.DoesNotExist
        return chance.choice(found)

    def sign_up(self, chance, now):
        session = chance.choice(self.sessions)
        booking.sign_up(session_key=session.key, attendee=chance.choice(self.people), now=now)

    def cancel(self, chance, now):
        claim = self.claim(chance, Status.CONFIRMED, Status.WAITLISTED)
        booking.cancel(registration_key=claim.key, actor=claim.attendee, now=now)

    def undo(self, chance, now):
        claim = self.claim(chance, Status.CANCELLED)
        booking.restore(registration_key=claim.key, attendee=claim.attendee, now=now)

    def swap(self, chance, now):
        claim, there = self.claim(chance, Status.CONFIRMED), chance.choice(self.sessions)
        swaps.swap(registration_key=claim.key, session_key=there.key, attendee=claim.attendee, now=now)

    def wait(self, chance, now):
        event, dates = chance.choice(self.events), {session.key for session in chance.sample(self.sessions, 2)}
        wishes.wait(event_key=event.key, session_keys=dates, attendee=chance.choice(self.people), now=now)

    def wait_for_any(self, chance, now):
        wishes.wait_for_any(event_key=chance.choice(self.events).key, attendee=chance.choice(self.people), now=now)

    def ask_along(self, chance, now):
        seat = self.claim(chance, Status.CONFIRMED)
        whom = chance.choice([f"guest{chance.randrange(9)}@elsewhere.example", chance.choice(self.people).email])
        colleagues.invite(session_key=seat.session.key, address=whom, inviter=seat.attendee, now=now)

    def accept(self, chance, now):
        claim = self.claim(chance, Status.OFFERED)
        offers.accept(registration_key=claim.key, actor=claim.attendee, now=now)

    def decline(self, chance, now):
        claim = self.claim(chance, Status.OFFERED)
        offers.decline(registration_key=claim.key, actor=claim.attendee, now=now)

    def walk_in(self, chance, now):
        session, person = self.sessions[chance.choice([0, len(HOURS)])], chance.choice(self.people)
        door.walk_in(session_key=session.key, address=person.email, actor=self.actor, now=now)

    def check_in(self, chance, now):
        door.check_in(registration_key=self.claim(chance, Status.CONFIRMED).key, actor=self.actor, now=now)

    def take_back(self, chance, now):
        door.take_back(registration_key=self.claim(chance, Status.CONFIRMED).key, actor=self.actor, now=now)

    def resize(self, chance, now):
        capacity.resize_session(session_key=chance.choice(self.sessions).key, capacity=chance.randrange(5), now=now)

    def hold(self, chance, now):
        hold = holds.Hold(seats=chance.randrange(3), audiences=("STUDENT",), until=now + timedelta(seconds=2))
        holds.hold_seats(session_key=chance.choice(self.sessions).key, hold=hold, actor=self.actor, now=now)

    def move(self, chance, now):
        """Never the dates whose doors are open."""
        starts_at = now + timedelta(hours=chance.choice([30, 60, 80, 200]))
        times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}
        session = self.sessions[chance.choice([1, 2, 3, 5, 6, 7])]
        schedule.reschedule_session(session_key=session.key, now=now, **times)

    def call_off(self, chance, now):
        capacity.cancel_session(session_key=chance.choice(self.sessions[1:]).key, actor=self.actor, now=now)

    def reinstate(self, chance, now):
        reinstatement.reinstate_session(session_key=chance.choice(self.sessions).key, actor=self.actor, now=now)

    def settle(self, chance, now):
        waitlist.settle_event(event_id=chance.choice(self.events).pk, now=now)


OFTEN = ("sign_up", "cancel", "swap", "wait", "ask_along", "accept", "walk_in", "reinstate")
SELDOM = ("undo", "wait_for_any", "decline", "check_in", "take_back", "resize", "hold", "move", "call_off", "settle")
VERBS = (*OFTEN, *OFTEN, *SELDOM)


@pytest.mark.parametrize("seconds", [5, pytest.param(120, marks=[pytest.mark.slow, pytest.mark.deep])])
def test_a_storm_of_all_verbs_breaks_nothing(seconds):
    storm, until = Storm(), monotonic() + seconds

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(storm.blow, range(THREADS), [until] * THREADS))

    assert [error for broken, _ in answers for error in broken] == []
    assert sum(done for _, done in answers) > THREADS
    for event in storm.events:
        waitlist.settle_event(event_id=event.pk, now=timezone.now())
    assert audit_seats(now=timezone.now()) == {}
