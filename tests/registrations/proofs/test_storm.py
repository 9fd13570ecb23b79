"""Thirty people and organisers at once, each doing whatever comes to mind: nobody waits for each other in a ring,
nothing breaks.
"""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from random import Random
from threading import BoundedSemaphore
from time import monotonic

import pytest
from django.db import connection
from django.utils import timezone

from events.enums import SeatScope
from events.models import Round, Session
from events.services.refusals import UnableToChange
from project.accounts.enums import Audience
from registrations.enums import Status, Verdict
from registrations.models import Invite, Registration
from registrations.services.attending import booking, colleagues, conference, declines, offers, swaps, wishes
from registrations.services.door import attendance
from registrations.services.inbox import inbound
from registrations.services.organizing import approval, by_hand, capacity, holds, reinstatement, schedule
from registrations.services.refusals import UnableToRegister
from registrations.services.seats import waitlist
from registrations.services.seats.audit import audit_seats
from tests.factories import make_event, make_people, make_person, make_session, make_venue
from tests.registrations.support.inbox import outlook

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
THREADS, LONG = 30, 120
REFUSALS = (UnableToRegister, UnableToChange, Registration.DoesNotExist)
HOURS = (0.2, 30, 80, 200)  # at the door; offered; booked at once


class Storm:
    def __init__(self):
        self.people = [*make_people(12), *make_people(3, audience=Audience.STUDENT)]
        self.actor, self.events = make_person(), [make_event(), make_event()]
        self.events += [make_event(needs_approval=True), make_event(seat_scope=SeatScope.ROUND)]
        self.conference = self.events[-1]
        self.rounds = [Round.objects.create(event=self.conference, number=number) for number in (1, 2)]
        for event in self.events:
            for number, hours in enumerate(HOURS):
                starts_at, of_round = timezone.now() + timedelta(hours=hours), self.rounds[number % 2]
                more = {"round": of_round} if event == self.conference else {}
                make_session(event=event, starts_at=starts_at, capacity=3, venue=make_venue(capacity=5), **more)
        self.sessions = list(Session.objects.order_by("pk"))
        self.stamps = count(1)
        self.pooled = BoundedSemaphore(int(os.environ["DATABASE_POOL"]) - 2)

    def blow(self, number, until):
        """Returns what no verb may raise, and which verbs went through how often."""
        chance, broken, done = Random(number), [], Counter[str]()  # noqa: S311  # no secret
        while monotonic() < until:
            name = chance.choice(VERBS)
            try:
                with self.pooled:
                    getattr(self, name)(chance, timezone.now())
                done[name] += 1
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
        offers.accept_offer(registration_key=claim.key, actor=claim.attendee, now=now)

    def decline(self, chance, now):
        claim = self.claim(chance, Status.OFFERED)
        offers.decline_offer(registration_key=claim.key, actor=claim.attendee, now=now)

    def choose(self, chance, now):
        """One date or none in each round of the conference."""
        dates = self.sessions[-len(HOURS) :]
        choices = {of_round.key: chance.choice([None, *dates[at::2]]) for at, of_round in enumerate(self.rounds)}
        keys = {of_round: date and date.key for of_round, date in choices.items()}
        person = chance.choice(self.people)
        conference.choose(event_key=self.conference.key, choices=keys, attendee=person, now=now)

    def approve(self, chance, now):
        approval.approve(registration_key=self.claim(chance, Status.REQUESTED).key, actor=self.actor, now=now)

    def turn_down(self, chance, now):
        claim = self.claim(chance, Status.REQUESTED)
        approval.turn_down(registration_key=claim.key, actor=self.actor, reason="", now=now)

    def seat_by_hand(self, chance, now):
        claim = self.claim(chance, Status.WAITLISTED, Status.REQUESTED, Status.OFFERED)
        by_hand.seat(registration_key=claim.key, actor=self.actor, reason="needs a chair with arms", now=now)

    def answer_in_calendar(self, chance, now):
        """Close to the start a no gives the seat back at once; else it is on its way for a quarter of an hour."""
        invites = list(Invite.objects.filter(registration__isnull=False))
        if not invites:
            raise Registration.DoesNotExist
        says = chance.choice(["DECLINED", "DECLINED", "ACCEPTED", "TENTATIVE"])
        raw = outlook(chance.choice(invites), says, stamp=next(self.stamps))
        row = inbound.take_in(raw=raw, recipient="samen@example.org", envelope_from=None, now=now)
        verdict = inbound.process(inbound_id=row.pk, now=now)
        assert verdict not in {Verdict.PENDING, Verdict.FAILED}, verdict

    def keep(self, chance, now):
        declines.keep_seat(registration_key=self.claim(chance, Status.CONFIRMED, Status.CANCELLED).key, now=now)

    def undo_a_swap(self, chance, now):
        claim = self.claim(chance, Status.CONFIRMED)
        swaps.undo(registration_key=claim.key, attendee=claim.attendee, now=now)

    def walk_in(self, chance, now):
        session, person = self.sessions[chance.choice([0, len(HOURS)])], chance.choice(self.people)
        attendance.walk_in(session_key=session.key, address=person.email, actor=self.actor, now=now)

    def check_in(self, chance, now):
        attendance.check_in(registration_key=self.claim(chance, Status.CONFIRMED).key, actor=self.actor, now=now)

    def take_back(self, chance, now):
        attendance.take_back(registration_key=self.claim(chance, Status.CONFIRMED).key, actor=self.actor, now=now)

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


OFTEN = (
    *("sign_up", "cancel", "swap", "wait", "ask_along", "accept", "walk_in", "reinstate"),
    *("approve", "answer_in_calendar", "seat_by_hand", "choose"),
)
SELDOM = (
    "turn_down",
    "keep",
    "undo_a_swap",
    *("undo", "wait_for_any", "decline", "check_in", "take_back", "resize", "hold", "move", "call_off", "settle"),
)
VERBS = (*OFTEN, *OFTEN, *SELDOM)


@pytest.mark.parametrize("seconds", [5, pytest.param(LONG, marks=[pytest.mark.slow, pytest.mark.deep])])
def test_a_storm_of_all_verbs_breaks_nothing(seconds):
    storm, until = Storm(), monotonic() + seconds

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(storm.blow, range(THREADS), [until] * THREADS))

    assert [error for broken, _ in answers for error in broken] == []
    done = sum((done for _, done in answers), Counter[str]())
    assert done.total() > THREADS
    assert seconds < LONG or done.keys() == set(VERBS)
    for event in storm.events:
        waitlist.settle_event(event_id=event.pk, now=timezone.now())
    assert audit_seats(now=timezone.now()) == {}
