"""Who signs up for coming sessions: some become nearly full, one has people waiting, most are open."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import chain, repeat
from random import Random
from typing import TYPE_CHECKING

from project.demo.services.agenda import Act, Guests, Step
from registrations.models import Completion, Registration
from registrations.rules import admits
from registrations.services.attending import booking

if TYPE_CHECKING:
    from events.models import Session
    from project.accounts.models import User

# How many people want each coming date of an event, in the order of dates; none for other events and dates.
WISHES = {
    "mindlab": (26, 50, 17, 9, 12, 6, 8, 6, 5, 2, 4, 0, 1),
    "active-bystander": (22, 14, 5, 3, 1),
    "active-bystander-trainer": (4, 1),
    "inclusive-leadership": (9, 3),
    "k7q2m9x4": (5, 2),
    "cultural-intelligence": (22, 4, 2),
    "bias-observation": (17, 5),
    "diversity-and-inclusion": (12, 4),
    "addressing-behaviour": (18, 6, 2),
    "real-conversation": (13, 4),
    "work-conference": (31, 22, 17, 25, 20, 14),
    "executive-board": (37, 11, 6),
    "executive-board-online": (24, 9),
}
# Which people of /demo/ have a seat already, by event and number of the coming date. The student has none.
PLANS = {
    ("active-bystander", 0): ("phd",),
    ("cultural-intelligence", 0): ("staff",),
    ("inclusive-leadership", 0): ("manager",),
    ("executive-board", 0): ("staff",),
}
LONGEST_AHEAD = timedelta(days=12)
LAST_BEFORE = timedelta(hours=2)


def steps(dates: list[Session], *, guests: Guests, named: dict[str, User], seed: int, now: datetime) -> list[Step]:
    """Returns the sign-ups for the coming dates of one event. Named people sign up after the crowd: if it is full, they
    wait.
    """
    found: list[Step] = []
    slug = dates[0].event.slug
    for number, (session, wanted) in enumerate(zip(dates, chain(WISHES.get(slug, ()), repeat(0)), strict=False)):
        chance = Random(f"{seed} {slug} ahead {number}")  # noqa: S311  # a reproducible crowd, no secret
        if session.event.prerequisite_id:
            found.append(Step(now - LAST_BEFORE, _sign_up_prepared_people(session, wanted, guests)))
            continue
        people = guests.choose_for_coming(session, wanted, chance)
        moments = sorted(now - LAST_BEFORE - chance.random() * LONGEST_AHEAD for _ in people)
        found += [Step(at, _sign_up(session, person)) for at, person in zip(moments, people, strict=True)]
        planned = [named[mailbox] for mailbox in PLANS.get((slug, number), ())]
        found += [Step(now - timedelta(hours=1), _sign_up(session, person)) for person in planned]
    return found


def _sign_up(session: Session, person: User) -> Act:
    return lambda now: booking.sign_up(session_key=session.key, attendee=person, now=now)


def _sign_up_prepared_people(session: Session, wanted: int, guests: Guests) -> Act:
    """Signs up people who attended the prerequisite, which is only known once the steps of the past have run."""

    def act(now: datetime) -> None:
        done = set(Completion.objects.filter(event=session.event.prerequisite_id).values_list("person", flat=True))
        asked = set(Registration.objects.filter(session__event=session.event).values_list("attendee", flat=True))
        free = [person for person in guests.crowd if person.pk in done - asked and admits(session, person)]
        for person in free[:wanted]:
            booking.sign_up(session_key=session.key, attendee=person, now=now)

    return act
