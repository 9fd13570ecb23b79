from __future__ import annotations

from contextlib import suppress
from datetime import datetime, time
from itertools import groupby
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from django.conf import settings

from events.models import Event, Session
from events.services.programme import import_programme
from feedback.services import ballots
from project.accounts.models import User
from project.dashboard.models import Release
from project.dashboard.rules.periods import add_months, releasable_from
from project.dashboard.services import releases
from project.demo.services import agenda, ahead, people, silence
from project.demo.services.past import Course
from registrations.services.mailing import reminders

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

PROGRAMME = "events/demo"
CROWD, SEED = 200, 2024
NOON = time(12)
# Only people of /demo/ came to this session. Their feedback codes are mailed, so that visitors of the demo can try one.
NAMED_ONLY = "executive-board-online"
CAME = ("student", "staff", "phd", "manager")
ALSO_CAME = {("mindlab-first-series", 2): ("staff", "manager"), ("addressing-behaviour", 5): ("student",)}


def load_demo(*, crowd: int = CROWD, seed: int = SEED, now: datetime) -> bool:
    """Loads the demo around `now`: programme, people, the academic year before and some weeks ahead. Returns whether it
    did.

    The result depends on `seed` and `now` only. Does nothing if the demo is complete; an interrupted load continues
    around the moment at which it began. Mails of the past are dropped, not sent.
    """
    if people.is_complete():
        return False
    folder = Path(settings.BASE_DIR) / PROGRAMME
    began = people.when_it_began() or now
    if not Event.objects.exists():
        import_programme(path=folder / "units.yaml", actor=None, now=began)
        people.move_in(crowd=crowd, now=began)
        import_programme(path=folder, actor=None, now=began)
    people.give_roles()
    with silence.no_worker_is_called():
        agenda.run(_steps(seed, began), until=began)
        reminders.remind_everybody(now=began)  # as if the scheduler had been running
        silence.drop_mails(until=began)
        _mail_the_codes(began)
    people.finish()
    return True


def _steps(seed: int, began: datetime) -> list[agenda.Step]:
    guests = agenda.Guests(people.crowd(), newcomers=people.newcomers(seed))
    named = {person.email.partition("@")[0]: person for person in User.objects.select_related("unit")}
    steps = list(_releases(began))
    for _slug, dates in groupby(_sessions(), key=lambda session: session.event.slug):
        all_dates = list(dates)
        coming = [session for session in all_dates if session.starts_at > began]
        over = [session for session in all_dates if session.ends_at < began]
        for number, session in enumerate(over, start=1):
            steps += _past(session, number, guests=guests, named=named, seed=seed)
        steps += ahead.steps(coming, guests=guests, named=named, seed=seed, now=began) if coming else []
    return steps


def _sessions() -> list[Session]:
    return list(Session.objects.select_related("event", "venue", "round").order_by("event__slug", "starts_at", "pk"))


def _past(
    session: Session, number: int, *, guests: agenda.Guests, named: dict[str, User], seed: int
) -> list[agenda.Step]:
    slug = session.event.slug
    chance = Random(f"{seed} {slug} {number}")  # noqa: S311  # a reproducible crowd, no secret
    course = Course(session, number=number, host=named["host"], chance=chance)
    if slug == NAMED_ONLY:
        return course.steps_of([named[mailbox] for mailbox in CAME])
    return course.steps(guests, [named[mailbox] for mailbox in ALSO_CAME.get((slug, number), ())])


def _releases(began: datetime) -> Iterator[agenda.Step]:
    """Yields a release for each closed month, on the first day on which that is allowed."""
    first = Session.objects.order_by("starts_at").values_list("starts_at", flat=True).first()
    month = first.date().replace(day=1) if first else began.date()
    while releasable_from(month) <= began.date():
        day = datetime.combine(releasable_from(month), NOON, tzinfo=began.tzinfo)
        yield agenda.Step(day, _release(month))
        month = add_months(month, 1)


def _release(month: date) -> agenda.Act:
    def act(now: datetime) -> None:
        if not Release.objects.filter(month=month).exists():
            releases.release_month(month=month, now=now)

    return act


def _mail_the_codes(now: datetime) -> None:
    with suppress(ballots.UnableToIssue):  # the session is not finished yet, around a public holiday
        for session in Session.objects.filter(event__slug=NAMED_ONLY, ends_at__lt=now):
            ballots.issue(session_key=session.key, now=now)
