"""A session of the past, from the first sign-up to the counted answers, made with the same verbs as a real one."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from events.enums import EventKind, SessionStatus
from events.services.refusals import UnableToChange
from feedback.rules.surveys import OPEN_DAYS
from feedback.services import ballots
from project.demo.services.agenda import Act, Guests, Step
from project.demo.services.voices import answers
from registrations.enums import Status
from registrations.models import Registration
from registrations.services.attending import booking, offers
from registrations.services.door import attendance
from registrations.services.organizing import capacity
from registrations.services.refusals import UnableToRegister

if TYPE_CHECKING:
    from events.models import Session
    from project.accounts.models import User

WANTED = {EventKind.PERFORMANCE: (0.62, 0.78)}  # people who sign up, as a share of the seats: least and most
WANTED_OTHERWISE = (0.85, 1.25)
CANCEL, CANCEL_LATE, SAY_YES, COME, ANSWER = 0.07, 0.05, 0.8, 0.84, 0.72
MAX_WALK_INS = 2
DAYS_AHEAD = 20
WANTED_MOST = {"real-conversation": (1.25, 1.6)}
CALLED_OFF = {"diversity-and-inclusion": 4}  # which date of an event was cancelled, counted from 1


class Course:
    """What happens around one past session."""

    def __init__(self, session: Session, *, number: int, host: User, chance: Random) -> None:
        self.session, self.host, self.chance = session, host, chance
        self.is_called_off = CALLED_OFF.get(session.event.slug) == number
        self.walk_ins: list[User] = []

    def steps(self, guests: Guests, named: list[User]) -> list[Step]:
        """Returns the steps of a crowd, with perhaps some people of /demo/. Draws guests even if there is nothing to
        do, so that a continued load draws the same ones.
        """
        crowd = guests.choose_for_past(self.session, self._wanted(), self.chance)
        steps = [
            Step(self._before(hours=DAYS_AHEAD * 24 + place), self._sign_up(one)) for place, one in enumerate(named)
        ]
        steps += [step for person in crowd for step in self._of(person)]
        if self.is_called_off:
            steps.append(Step(self._before(hours=50), self._call_off))
        else:
            self.walk_ins = guests.choose_for_past(self.session, self.chance.randint(0, MAX_WALK_INS), self.chance)
            steps += self._day() + ([] if self.session.event.is_discreet else self._answers())
        return steps if self.session.status == SessionStatus.SCHEDULED else []

    def steps_of(self, people: list[User]) -> list[Step]:
        """Returns the steps of named people, who all come. Leaves their feedback codes to be mailed."""
        if self.session.status != SessionStatus.SCHEDULED:
            return []
        return [Step(self._before(hours=30 + place), self._sign_up(person)) for place, person in enumerate(people)] + [
            Step(self.session.starts_at, self._let_everybody_in),
            Step(self.session.ends_at, self._finish),
        ]

    def _wanted(self) -> int:
        usual = WANTED.get(EventKind(self.session.event.kind), WANTED_OTHERWISE)
        least, most = WANTED_MOST.get(self.session.event.slug, usual)
        return round(self.session.capacity * self.chance.uniform(least, most))

    def _of(self, person: User) -> list[Step]:
        steps = [Step(self._before(hours=self.chance.uniform(80, DAYS_AHEAD * 24)), self._sign_up(person))]
        mind = self.chance.random()
        if mind < CANCEL:
            steps += self._gives_back(person, hours=self.chance.uniform(51, 75))
        elif mind < CANCEL + CANCEL_LATE:
            steps += self._gives_back(person, hours=self.chance.uniform(2, 20))
        return steps

    def _gives_back(self, person: User, *, hours: float) -> list[Step]:
        """The person cancels; if the seat is offered to somebody who waits, they usually accept within the hour."""
        return [
            Step(self._before(hours=hours), self._cancel(person)),
            Step(self._before(hours=hours - 1), self._answer_offers),
        ]

    def _day(self) -> list[Step]:
        return [Step(self.session.starts_at, self._open_the_door), Step(self.session.ends_at, self._finish)]

    def _answers(self) -> list[Step]:
        closed = self.session.ends_at + timedelta(days=OPEN_DAYS + 1)
        return [
            Step(self.session.ends_at + timedelta(days=1), self._ask),
            Step(closed, lambda now: ballots.open_due(now=now)),
        ]

    def _before(self, *, hours: float) -> datetime:
        return self.session.starts_at - timedelta(hours=hours)

    def _sign_up(self, person: User) -> Act:
        return lambda now: booking.sign_up(session_key=self.session.key, attendee=person, now=now)

    def _cancel(self, person: User) -> Act:
        def act(now: datetime) -> None:
            """Cancels the seat, or the place on the waiting list of people who never got one."""
            mine = Registration.objects.active().of(person).filter(session=self.session).first()
            if mine:
                booking.cancel(registration_key=mine.key, actor=person, now=now)

        return act

    def _answer_offers(self, now: datetime) -> None:
        offered = Registration.objects.filter(session=self.session, status=Status.OFFERED).select_related("attendee")
        for registration in offered.order_by("pk"):
            with suppress(UnableToRegister):  # the offer has expired
                if self.chance.random() < SAY_YES:
                    offers.accept_offer(registration_key=registration.key, actor=registration.attendee, now=now)

    def _call_off(self, now: datetime) -> None:
        capacity.cancel_session(session_key=self.session.key, actor=self.host, now=now)

    def _open_the_door(self, now: datetime) -> None:
        for registration in self._confirmed():
            if self.chance.random() < COME:
                attendance.check_in(registration_key=registration.key, actor=self.host, now=now)
        for person in self.walk_ins:
            with suppress(UnableToChange):  # the room is full
                attendance.walk_in(session_key=self.session.key, address=person.email, actor=self.host, now=now)

    def _let_everybody_in(self, now: datetime) -> None:
        for registration in self._confirmed():
            attendance.check_in(registration_key=registration.key, actor=self.host, now=now)

    def _confirmed(self) -> list[Registration]:
        seats = Registration.objects.holding_a_seat().filter(session=self.session, status=Status.CONFIRMED)
        return list(seats.order_by("pk"))

    def _finish(self, now: datetime) -> None:
        attendance.finish(session_key=self.session.key, actor=self.host, now=now)

    def _ask(self, now: datetime) -> None:
        """Issues feedback codes on slips of paper, so that nothing is mailed; most people answer at once."""
        for code in ballots.issue_slips(session_key=self.session.key, now=now):
            if self.chance.random() < ANSWER:
                ballots.cast(code=code, answers=answers(self.session.event.slug, self.chance), now=now)
