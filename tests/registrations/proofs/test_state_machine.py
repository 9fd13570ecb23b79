"""Any sequence of the verbs of seats: whatever people, organisers, the door and the clock do, and in whatever order.

After each step the whole state is compared with a model of its own (`seat_model`), what changed with what that verb may
change (`seat_changes`), what pages promise with what the verbs then do (`seat_views`), and the audit finds nothing. A
verb that refuses has changed nothing.
"""

from __future__ import annotations

import os
from datetime import timedelta
from itertools import combinations
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from events.enums import SeatScope
from events.models import Round, Session
from events.services.refusals import UnableToChange
from project.accounts.enums import Audience
from registrations.enums import Verdict
from registrations.models import AccessLink, InboundMail, Invite, Registration
from registrations.services.attending import booking, colleagues, conference, declines, offers, swaps, wishes
from registrations.services.door import attendance
from registrations.services.inbox import inbound
from registrations.services.organizing import approval, by_hand, capacity, holds, reinstatement, schedule
from registrations.services.refusals import UnableToRegister
from registrations.services.seats import waitlist
from registrations.services.seats.audit import audit_seats
from tests.factories import NOW, make_event, make_people, make_person, make_session, make_unit, make_venue
from tests.registrations.support.inbox import outlook
from tests.registrations.support.seats import seat_changes, seat_model, seat_views

if TYPE_CHECKING:
    from collections.abc import Sequence

DEEP = bool(os.environ.get("TEST_DEEP"))
REFUSALS = (UnableToRegister, UnableToChange)
WHO, WHICH, ONE_OF = range(6), range(4), range(12)
SOME_DATES = [set(dates) for number in (1, 2, 2, 3) for dates in combinations(WHICH, number)]
YES_OR_NO = (True, False)
NUMBERS = st.integers(min_value=0, max_value=2**64 - 1)
STRANGERS = ("once@elsewhere.example", "twice@elsewhere.example")
STARTS = (timedelta(hours=30), timedelta(days=3, hours=1), timedelta(days=8), timedelta(days=9))
LANGUAGES = ["", "", "en", "nl"]
PAUSES = [timedelta(minutes=1), timedelta(minutes=16), timedelta(hours=3), timedelta(hours=11), timedelta(hours=25)]

# What may happen, how often in comparison, and of whom or what. Drawn evenly, by a number from Hypothesis: by itself it
# draws the same few again and again, and switches whole rules off, and where nobody signs up nothing happens.
ACTS: dict[str, tuple[int, dict[str, Sequence[Any]]]] = {
    "sign_up": (4, {"who": WHO, "which": WHICH}),
    "cancel": (6, {"which": ONE_OF, "seat": [True, True, False]}),
    "restore": (1, {"which": ONE_OF}),
    "accept": (3, {"which": ONE_OF, "likely": YES_OR_NO}),
    "decline": (2, {"which": ONE_OF, "likely": YES_OR_NO}),
    "swap": (4, {"which": ONE_OF, "there": WHICH}),
    "undo_a_swap": (3, {"which": ONE_OF}),
    "swap_a_wanted_seat": (4, {"which": ONE_OF, "there": WHICH}),
    "wait": (4, {"who": WHO, "dates": [*SOME_DATES, set(), set()]}),
    "wait_for_one_more": (2, {"who": WHO, "which": WHICH}),
    "wait_for_any": (2, {"who": WHO, "language": LANGUAGES}),
    "take_first_seat": (2, {"who": WHO, "language": LANGUAGES}),
    "choose": (1, {"who": WHO, "chosen": [[one, other] for one in (None, *WHICH) for other in (None, *WHICH)]}),
    "invite": (2, {"which": ONE_OF, "whom": range(8)}),
    "resize": (3, {"which": WHICH, "seats": range(5)}),
    "cancel_session": (2, {"which": WHICH, "really": [False, True]}),
    "reinstate_session": (3, {"which": WHICH}),
    "reschedule": (2, {"which": WHICH, "later": [3, 5, 20, 27, 29, 60, 71, 73, 100, 240]}),
    "relocate": (1, {"which": WHICH, "room": range(1, 6)}),
    "add_a_date": (1, {"seats": range(3), "late": range(80, 400)}),
    "hold": (3, {"which": WHICH, "seats": range(3), "until": [1, 5, 26, 60]}),
    "narrow": (1, {"which": WHICH, "audience": [(), ("STUDENT",)]}),
    "answer": (2, {"which": ONE_OF, "says_yes": YES_OR_NO}),
    "seat_by_hand": (1, {"which": ONE_OF}),
    "prioritize": (1, {"which": ONE_OF, "priority": [-1, 0, 1]}),
    "walk_in": (2, {"who": WHO, "which": WHICH}),
    "check_in": (1, {"which": ONE_OF}),
    "take_back": (2, {"which": ONE_OF}),
    "answer_in_calendar": (6, {"which": ONE_OF, "says": ["DECLINED", "DECLINED", "ACCEPTED", "TENTATIVE"]}),
    "give_back_what_was_declined": (4, {}),
    "keep_what_was_declined": (2, {"which": ONE_OF}),
    "switch": (3, {"who": WHO, "on": [False, True, True]}),
    "time_passes": (4, {"pause": PAUSES}),
    "it_is_nearly_time": (1, {"which": WHICH}),
    "settle": (2, {}),
}
pytestmark = [pytest.mark.slow, pytest.mark.postgresql]


class SeatsOfAnEvent(RuleBasedStateMachine):
    def __init__(self):
        """One transaction for each example, in which the verbs may begin theirs, as in a test case of Django."""
        super().__init__()
        example: Any = transaction.atomic()  # the stubs do not know the mark of a test case
        example._from_testcase = True
        self.example = example
        self.example.__enter__()
        self.now, self.after = NOW, seat_model.take_snapshot()
        self.agreed = self.after, self.now
        self.reader, self.read = None, None

    def teardown(self):
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    @initialize(seed=NUMBERS)
    def programme(self, seed):
        """Two to four dates, the more the further away, and everybody wants to come."""
        chance = Random(seed)  # noqa: S311  # no secret: the same number must do the same again
        scope = chance.choice([SeatScope.EVENT, SeatScope.EVENT, SeatScope.ROUND, SeatScope.SESSION])
        is_discreet, needs_approval = (chance.random() < share for share in (0.2, 0.2))
        self.people = [*make_people(4), *make_people(2, audience=Audience.STUDENT, unit=make_unit("law"))]
        self.actor = make_person()
        self.event = make_event(seat_scope=scope, is_discreet=is_discreet, needs_approval=needs_approval)
        rounds = [Round.objects.create(event=self.event, number=number) for number in (1, 2)]
        closes = chance.random() < 0.3
        for number in range(chance.choice([2, 3, 3, 4])):
            seats = chance.choice([0, 1, 1, 1, 2])
            language = chance.choice(["en", "en", "nl", "en+nl"])
            self.add(seats, NOW + STARTS[number], round=rounds[number % 2], closes=closes, language=language)
        if chance.random() < 0.2:
            hidden = self.session(1)
            Session.objects.filter(pk=hidden.pk).update(is_unlisted=True)
            ends = {"created_at": NOW, "expires_at": hidden.starts_at}
            AccessLink.objects.create(session=hidden, address=self.people[0].email, **ends)
        self.after = seat_model.take_snapshot()
        for who in WHO:
            self.wait(who, chance.choice(SOME_DATES))

    def add(self, seats, starts_at, **overrides):
        closes_at = starts_at - timedelta(hours=2) if overrides.pop("closes", False) else None
        return make_session(
            event=self.event,
            capacity=seats,
            starts_at=starts_at,
            closes_at=closes_at,
            venue=make_venue(capacity=3),
            **overrides,
        )

    def session(self, which):
        sessions = list(Session.objects.order_by("pk"))
        return sessions[which % len(sessions)]

    def claim(self, which, *statuses):
        claims = Registration.objects.order_by("-pk").select_related("attendee")
        found = list(claims.filter(status__in=statuses) if statuses else claims)
        return found[which % len(found)] if found else None

    def attempt(self, verb, *meant, settles=True, **facts):
        """A refusal is an answer that changes nothing; any other error is a finding. `meant`: the people whom the verb
        is about.
        """
        before = self.after
        try:
            verb(now=self.now, **facts)
        except REFUSALS:
            self.after = seat_model.take_snapshot()
            assert self.after == before
            return
        self.after = after = seat_model.take_snapshot()
        assert list(seat_changes.touched_somebody_else(before, after, {person.pk for person in meant})) == []
        assert list(seat_changes.lost_the_moment(before, after)) == []
        assert list(seat_changes.passed_somebody_over(before, after, self.now)) == []
        assert list(seat_changes.overtook_who_waits(before, after, self.now)) == []
        assert list(seat_changes.gave_to_who_is_switched_off(before, after)) == []
        if settles:
            self.assert_nothing_is_due()

    def assert_nothing_is_due(self):
        for claim in self.after.claims.values():
            assert claim["status"] != "OFFERED" or claim["offer_expires_at"] > self.now
        for session in self.after.sessions.values():
            is_coming = session.status == "SCHEDULED" and session.starts_at > self.now
            assert not (is_coming and session.held_seats and session.held_until) or session.held_until > self.now

    @rule(seed=NUMBERS)
    def something_happens(self, seed):
        chance = Random(seed)  # noqa: S311  # no secret: the same number must do the same again
        name = chance.choices(list(ACTS), [weight for weight, _ in ACTS.values()])[0]
        facts = {fact: chance.choice(choices) for fact, choices in ACTS[name][1].items()}
        note(f"at {self.now}: {name} {facts}")
        getattr(self, name)(**facts)
        self.look(chance)

    def look(self, chance):
        """Somebody opens a page of one date; not after each step, as what it promises is tried out, which
        takes long.
        """
        looks = DEEP or chance.random() < 0.3
        person, read = chance.choice(self.people), self.session(chance.choice(WHICH)) if looks else None
        self.reader, self.read = person if person.is_active else None, read

    # People

    def sign_up(self, who, which):
        person = self.people[who]
        self.attempt(booking.sign_up, person, session_key=self.session(which).key, attendee=person)

    def cancel(self, which, seat):
        if claim := self.claim(which, *(["CONFIRMED"] if seat else ["WAITLISTED", "OFFERED", "REQUESTED"])):
            self.attempt(booking.cancel, claim.attendee, registration_key=claim.key, actor=claim.attendee)

    def restore(self, which):
        if claim := self.claim(which, "CANCELLED"):
            self.attempt(booking.restore, claim.attendee, registration_key=claim.key, attendee=claim.attendee)

    def accept(self, which, likely):
        if claim := self.claim(which, *(["OFFERED"] if likely else [])):
            self.attempt(offers.accept_offer, claim.attendee, registration_key=claim.key, actor=claim.attendee)

    def decline(self, which, likely):
        if claim := self.claim(which, *(["OFFERED"] if likely else [])):
            self.attempt(offers.decline_offer, claim.attendee, registration_key=claim.key, actor=claim.attendee)

    def swap(self, which, there):
        if claim := self.claim(which, "CONFIRMED"):
            keys = {"registration_key": claim.key, "session_key": self.session(there).key}
            self.attempt(swaps.swap, claim.attendee, attendee=claim.attendee, **keys)

    def undo_a_swap(self, which):
        moved = Registration.objects.filter(status="CONFIRMED", log__action="SWAPPED_HERE").select_related("attendee")
        if moved:
            claim = moved.order_by("-pk")[which % len(moved)]
            self.attempt(swaps.undo, claim.attendee, registration_key=claim.key, attendee=claim.attendee)

    def swap_a_wanted_seat(self, which, there):
        """Somebody waits for it: in exchange for a seat of their own where that can be, else they get what
        comes free.
        """
        wish = self.claim(which, "WAITLISTED")
        seats = Registration.objects.holding_a_seat().filter(status="CONFIRMED").select_related("attendee")
        if wish and (seat := seats.filter(session=wish.session).first()):
            wanted = wish.replaces.session if wish.replaces else self.session(there)
            keys = {"registration_key": seat.key, "session_key": wanted.key}
            self.attempt(swaps.swap, seat.attendee, attendee=seat.attendee, **keys)

    def wait(self, who, dates):
        keys, person = {self.session(which).key for which in dates}, self.people[who]
        self.attempt(wishes.wait, person, event_key=self.event.key, session_keys=keys, attendee=person)

    def wait_for_one_more(self, who, which):
        person = self.people[who]
        self.attempt(wishes.wait_for, person, session_key=self.session(which).key, attendee=person)

    def wait_for_any(self, who, language):
        person = self.people[who]
        self.attempt(wishes.wait_for_any, person, event_key=self.event.key, attendee=person, language=language)

    def take_first_seat(self, who, language):
        person = self.people[who]
        self.attempt(wishes.take_first_seat, person, event_key=self.event.key, attendee=person, language=language)

    def choose(self, who, chosen):
        keys = [None if which is None else self.session(which).key for which in chosen]
        rounds = Round.objects.order_by("number").values_list("key", flat=True)
        choices, person = dict(zip(rounds, keys, strict=True)), self.people[who]
        self.attempt(conference.choose, person, event_key=self.event.key, choices=choices, attendee=person)

    def invite(self, which, whom):
        if seat := self.claim(which, "CONFIRMED"):
            address = [*STRANGERS, *(person.email for person in self.people)][whom]
            meant = [person for person in self.people if person.email == address]
            facts = {"session_key": seat.session.key, "address": address, "inviter": seat.attendee}
            self.attempt(colleagues.invite, *meant, **facts)

    # Organisers

    def resize(self, which, seats):
        facts = {"session_key": self.session(which).key, "capacity": seats}
        before = self.after
        plan = self.preview(capacity.preview_resize, **facts)
        self.attempt(capacity.resize_session, **facts)
        if plan:
            news = {row["registration_id"] for pk, row in self.after.log.items() if pk not in before.log}
            assert {claim.pk for claim in plan.promoted} <= news

    def preview(self, verb, **facts):
        try:
            return verb(now=self.now, **facts)
        except UnableToChange:
            return None

    def cancel_session(self, which, really):
        if really:
            session = self.session(which)
            claims = Registration.objects.active().filter(session=session).select_related("attendee")
            people = [claim.attendee for claim in claims]
            self.attempt(capacity.cancel_session, *people, settles=False, session_key=session.key, actor=self.actor)

    def reinstate_session(self, which):
        """One that was cancelled, if there is any."""
        cancelled = list(Session.objects.filter(status="CANCELLED").order_by("pk"))
        if cancelled:
            session = cancelled[which % len(cancelled)]
            people = {claim.attendee for claim in Registration.objects.filter(session=session)}
            self.attempt(reinstatement.reinstate_session, *people, session_key=session.key, actor=self.actor)

    def reschedule(self, which, later):
        starts_at = self.now + timedelta(hours=later)
        session = self.session(which)
        offered = Registration.objects.filter(session=session, status="OFFERED").select_related("attendee")
        people = [claim.attendee for claim in offered]
        facts = {"session_key": session.key, "starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}
        self.attempt(schedule.reschedule_session, *people, **facts)

    def relocate(self, which, room):
        facts = {"session_key": self.session(which).key, "venue": make_venue(capacity=room), "join_url": ""}
        self.attempt(schedule.relocate_session, **facts)

    def add_a_date(self, seats, late):
        if Session.objects.count() < 6:
            self.add(seats, self.now + timedelta(hours=late), round=Round.objects.earliest("number"))
            self.after = seat_model.take_snapshot()
            self.settle()

    def hold(self, which, seats, until):
        hold = holds.Hold(seats=seats, audiences=("STUDENT",), until=self.now + timedelta(hours=until))
        self.attempt(holds.hold_seats, session_key=self.session(which).key, hold=hold, actor=self.actor)

    def narrow(self, which, audience):
        """An organiser says for whom it is; nobody loses anything by it."""
        session = self.session(which)
        session.audiences = audience
        session.save(update_fields=["audiences"])
        self.after = seat_model.take_snapshot()

    def answer(self, which, says_yes):
        if claim := self.claim(which, "REQUESTED"):
            verb, facts = (approval.approve, {}) if says_yes else (approval.turn_down, {"reason": ""})
            self.attempt(verb, claim.attendee, registration_key=claim.key, actor=self.actor, **facts)

    def seat_by_hand(self, which):
        if claim := self.claim(which, "WAITLISTED", "REQUESTED", "OFFERED"):
            facts = {"registration_key": claim.key, "actor": self.actor, "reason": "needs a chair with arms"}
            self.attempt(by_hand.seat, claim.attendee, **facts)

    def prioritize(self, which, priority):
        if claim := self.claim(which, "WAITLISTED"):
            facts = {"registration_key": claim.key, "actor": self.actor, "reason": "helps at the door"}
            self.attempt(by_hand.prioritize, claim.attendee, priority=priority, **facts)

    # The door

    def walk_in(self, who, which):
        person = self.people[who]
        facts = {"session_key": self.session(which).key, "address": person.email, "actor": self.actor}
        self.attempt(attendance.walk_in, person, settles=False, **facts)

    def check_in(self, which):
        if claim := self.claim(which, "CONFIRMED"):
            self.attempt(
                attendance.check_in, claim.attendee, settles=False, registration_key=claim.key, actor=self.actor
            )

    def take_back(self, which):
        ticked = Registration.objects.exclude(checked_in_at=None).order_by("-pk").select_related("attendee")
        if ticked:
            claim = ticked[which % len(ticked)]
            self.attempt(attendance.take_back, claim.attendee, registration_key=claim.key, actor=self.actor)

    # Accounts

    def switch(self, who, on):
        """Whoever is switched on again counts again as soon as the scheduler comes round."""
        self.people[who].is_active = on
        self.people[who].save(update_fields=["is_active"])
        self.after = seat_model.take_snapshot()
        self.settle()

    # Calendars

    def answer_in_calendar(self, which, says):
        """Also from an invitation that is over, as old mails stay in mailboxes."""
        invites = Invite.objects.filter(hosted=None).order_by("-pk").select_related("attendee")
        if invites:
            invite = invites[which % len(invites)]
            self.attempt(self.take_in, invite.attendee, settles=False, invite=invite, says=says)

    def take_in(self, *, invite, says, now):
        raw = outlook(invite, says, stamp=InboundMail.objects.count() + 1)
        row = inbound.take_in(raw=raw, recipient="samen@example.org", envelope_from=None, now=now)
        assert inbound.process(inbound_id=row.pk, now=now) not in {Verdict.PENDING, Verdict.FAILED}

    def give_back_what_was_declined(self):
        """On time, or whenever it is by now."""
        going = Invite.objects.filter(release_at__isnull=False, state="ACTIVE").order_by("release_at")
        due_at = going.values_list("release_at", flat=True).first()
        self.now = max(self.now, due_at or self.now)
        for invite in Invite.objects.filter(pk__in=declines.seats_to_free(self.now)).select_related("attendee"):
            self.attempt(declines.free_declined_seat, invite.attendee, invite_id=invite.pk)

    def keep_what_was_declined(self, which):
        declined = Invite.objects.filter(answer="DECLINED", hosted=None).order_by("-pk").select_related("registration")
        if declined:
            claim = declined[which % len(declined)].registration
            self.attempt(declines.keep_seat, claim.attendee, registration_key=claim.key)

    # The clock

    def time_passes(self, pause):
        self.now += pause

    def it_is_nearly_time(self, which):
        """The door is open, or about to be."""
        self.now = max(self.now, self.session(which).starts_at - timedelta(minutes=20))

    def settle(self):
        self.attempt(waitlist.settle_event, event_id=self.event.pk)

    # What must hold after each step

    @invariant()
    def the_model_agrees_and_the_audit_finds_nothing(self):
        """Asked only where something has changed, the clock included."""
        if self.agreed == (self.after, self.now):
            return
        for rule_ in seat_model.ALWAYS:
            assert list(rule_(self.after, self.now)) == [], rule_.__name__
        assert audit_seats(now=self.now) == {}
        if self.reader and self.read:
            assert list(seat_views.broken_promises(self.read, self.reader, self.now)) == []
            assert list(seat_views.differing_views(self.read, None, self.now)) == []
        self.agreed = self.after, self.now


def test_the_verbs_of_seats_in_any_order(db):
    """In `make test` the same sequences in every run; `make test-deep` searches further, and anew each time."""
    chosen = settings(
        max_examples=200 if DEEP else 8,
        stateful_step_count=60 if DEEP else 30,
        derandomize=not DEEP,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    run_state_machine_as_test(SeatsOfAnEvent, settings=chosen)
