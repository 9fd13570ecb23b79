"""The only place where the dashboard reads what individual people did. Returns it without names, and only for a
release.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Min, Sum
from django.utils import timezone

from events.enums import EventStatus
from events.models import Event, Session
from feedback.enums import SurveyState
from feedback.models import Survey, Tally
from feedback.rules.figures import K_BLOCK
from project.accounts.enums import Audience
from project.accounts.models import Headcount, Unit
from project.dashboard.enums import Outcome
from project.dashboard.rules.facts import Block, Claim, Label, Offering, Programme, UnitSize, is_held, outcome_of
from project.dashboard.rules.periods import Period, add_months, year_start
from registrations.models import Registration

if TYPE_CHECKING:
    from datetime import date

    from events.querysets import SessionQuerySet

COUNTED = (
    *("session_id", "status", "source", "attendance", "is_late_cancellation", "confirmed_at", "waitlisted_at"),
    *("attendee__audience", "attendee__unit__code"),
)
MONTH_OF_HEADCOUNT = 1  # months after the start of the academic year: 1 October (specs/privacy.md 5.1, M4)


def read_programme(*, until: Period, quarter: Period | None) -> Programme:
    """Reads the academic year up to the end of a period, and the surveys that closed in a quarter, if one is given.

    Days are those of `TIME_ZONE`. Drafts are left out.
    """
    sessions = Session.objects.exclude(event__status=EventStatus.DRAFT).select_related("event")
    sessions = sessions.filter(starts_at__gte=_midnight(year_start(until.first_day)))
    sessions = sessions.filter(starts_at__lt=_midnight(add_months(until.closing_month, 1)))
    sessions = sessions.order_by("pk")
    surveyed, blocks = _read_surveys(quarter) if quarter else (frozenset(), [])
    return Programme(
        activities={event.slug: _label(event.title_en, event.title_nl) for event in Event.objects.order_by("pk")},
        offerings=[_offering(session) for session in sessions],
        claims=_read_claims(sessions),
        units=_read_units(year_start(until.first_day)),
        surveyed=surveyed,
        blocks=blocks,
    )


def uncounted_surveys(*, until: Period) -> int:
    """Returns how many surveys should have been closed and counted by the end of a period but are still open."""
    return Survey.objects.filter(state=SurveyState.OPEN, closes_on__lte=until.last_day).count()


def _offering(session: Session) -> Offering:
    return Offering(
        activity=session.event.slug,
        day=_day(session.starts_at),
        status=session.status,
        capacity=session.capacity,
        is_discreet=session.event.is_discreet,
    )


def _read_claims(sessions: SessionQuerySet) -> list[Claim]:
    """Reads only the columns that are counted: no names, no addresses."""
    offered = {session.pk: session for session in sessions}
    rows = Registration.objects.filter(session__in=sessions.order_by()).select_related("attendee__unit")
    return [
        _claim(row, offered[row.session_id]) for row in rows.only(*COUNTED).order_by("pk").iterator(chunk_size=2000)
    ]


def _claim(row: Registration, session: Session) -> Claim:
    """Only the registrations of held sessions have an outcome (specs/privacy.md 5.1, M6). Guests have no unit."""
    person = row.attendee
    is_guest = person.audience == Audience.GUEST or person.unit is None
    outcome = outcome_of(
        status=row.status,
        source=row.source,
        attendance=row.attendance,
        was_late=row.is_late_cancellation and row.confirmed_at is not None,
    )
    return Claim(
        activity=session.event.slug,
        day=_day(session.starts_at),
        session=session.pk,
        person=row.attendee_id,
        unit="" if is_guest or person.unit is None else person.unit.code,
        outcome=outcome if is_held(session.status) else Outcome.NONE,
        has_waited=row.waitlisted_at is not None,
        is_discreet=session.event.is_discreet,
    )


def _read_units(year_begins: date) -> list[UnitSize]:
    """Returns every unit with its number of people, without guests, on the last day counted by 1 October, or else on
    the first day counted at all.
    """
    wanted = add_months(year_begins, MONTH_OF_HEADCOUNT)
    counted = Headcount.objects.exclude(audience=Audience.GUEST)
    last = counted.filter(counted_on__lte=wanted).order_by("-counted_on").values_list("counted_on", flat=True).first()
    day = last or counted.aggregate(first=Min("counted_on"))["first"]
    people = dict(counted.filter(counted_on=day).values_list("unit").annotate(total=Sum("people")).order_by("unit"))
    units = Unit.objects.order_by("code")
    return [
        UnitSize(
            unit.code, _label(unit.name_en, unit.name_nl), people.get(unit.pk, 0), day if unit.pk in people else None
        )
        for unit in units
    ]


def _read_surveys(quarter: Period) -> tuple[frozenset[str], list[Block]]:
    """Returns the activities with surveys that closed in the quarter, and their blocks of answers.

    A block counts in the quarter in which its survey closed, so that no release waits for an open survey or omits it.
    """
    surveys = Survey.objects.filter(closes_on__range=(quarter.first_day, quarter.last_day)).order_by("id")
    found = {survey.session_key: survey for survey in surveys}
    open_sessions = Session.objects.filter(key__in=found, event__is_discreet=False)
    activities: dict[UUID, str] = dict(open_sessions.values_list("key", "event__slug"))
    counted = {
        survey.id: survey
        for key, survey in found.items()
        if key in activities and survey.state == SurveyState.COUNTED and survey.answers_counted >= K_BLOCK
    }
    tallies = _read_tallies(counted)
    blocks = [
        Block(activities[survey.session_key], survey.ballots_issued, survey.answers_counted, tallies[survey.id])
        for survey in counted.values()
    ]
    return frozenset(activities.values()), blocks


def _read_tallies(surveys: dict[UUID, Survey]) -> dict[UUID, dict[str, dict[tuple[str, str], int]]]:
    tallies: dict[UUID, dict[str, dict[tuple[str, str], int]]] = defaultdict(lambda: defaultdict(dict))
    for tally in Tally.objects.of_blocks(surveys).order_by("id"):
        tallies[tally.survey_id][tally.item][tally.value, tally.value_before] = tally.answers
    return tallies


def _label(en: str, nl: str) -> Label:
    """A title may exist in one language only (product C5)."""
    return Label(en or nl, nl or en)


def _day(moment: datetime) -> date:
    return moment.astimezone(timezone.get_default_timezone()).date()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())
