from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Event
from time import monotonic, sleep

import pytest
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.test.utils import CaptureQueriesContext

from events.enums import EventStatus, SessionStatus
from feedback.enums import SurveyState
from feedback.models import Survey
from project.accounts.enums import Audience
from project.dashboard.enums import CellStatus
from project.dashboard.models import PublishedCell, Release
from project.dashboard.services.releases import UnableToRelease, digest_of, release_month
from registrations.enums import Attendance, Status
from tests.factories import make_event, make_session, make_unit
from tests.project.dashboard.programme import (
    FEBRUARY,
    LONG_AFTER,
    MARCH,
    at_ten,
    count_heads,
    hold,
    make_block,
    make_crowd,
    make_march,
    register,
    release,
    value,
    waited,
)

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 1)


def test_release_month_publishes_figures_worked_out_by_hand() -> None:
    make_march()

    march = release(MARCH)

    shown = {
        "planned": value(march, "delivery", "planned"),
        "held": value(march, "delivery", "held"),
        "cancelled": value(march, "delivery", "cancelled"),
        "capacity": value(march, "delivery", "capacity"),
        "seats": value(march, "T1", "seats", row="talks"),
        "confirmed": value(march, "T6", "confirmed", row="talks"),
        "no-show": value(march, "T6", "no-show"),
        "late-cancel": value(march, "T6", "late-cancel"),
        "walk-in": value(march, "T6", "walk-in"),
        "waitlisted": value(march, "T6", "waitlisted"),
        "people": value(march, "T7", "people"),
    }
    assert shown == {
        "planned": 4,
        "held": 2,
        "cancelled": 1,
        "capacity": 80,
        "seats": 55,  # 21 + 26 + 6 = 53
        "confirmed": 65,  # 21 + 12 + 26 + 4 = 63
        "no-show": 10,  # 12
        "late-cancel": None,  # 4
        "walk-in": None,  # 6
        "waitlisted": 15,  # 13
        "people": 40,  # 36 + 6 = 42
    }


def test_release_month_freezes_the_names_of_activities() -> None:
    event, _first, _second = make_march()

    march = release(MARCH)
    event.title_en = "Renamed"
    event.save()

    cell = PublishedCell.objects.get(release=march, table="T1", row="talks")
    assert (cell.label_en, cell.label_nl) == ("Talks", "Gesprekken")


def test_release_month_names_an_activity_in_the_only_language_it_has() -> None:
    hold(make_event(slug="only", title_en="", title_nl="Alleen"), date(2026, 3, 5))

    march = release(MARCH)

    assert PublishedCell.objects.get(release=march, table="T1", row="only").label_en == "Alleen"


@pytest.mark.parametrize(
    "overrides", [{"status": Status.OFFERED, "offer_expires_at": LONG_AFTER}, {"attendance": Attendance.UNKNOWN}]
)
def test_release_month_counts_only_people_who_attended(overrides: dict[str, object]) -> None:
    register(hold(make_event(), date(2026, 3, 5)), make_crowd(20), **overrides)

    march = release(MARCH)

    assert value(march, "T7", "seats") is None
    assert value(march, "T6", "no-show") is None


def test_release_month_counts_no_absence_without_recorded_attendance() -> None:
    session = make_session(starts_at=at_ten(date(2026, 3, 5)), capacity=40)
    register(session, make_crowd(20), attendance=Attendance.ABSENT)

    march = release(MARCH)

    assert value(march, "T6", "confirmed") is None
    assert value(march, "delivery", "held") == 0
    assert value(march, "delivery", "planned") == 1


def test_release_month_uses_the_default_time_zone() -> None:
    late_evening = datetime(2026, 2, 28, 23, 30, tzinfo=UTC)
    register(make_session(starts_at=late_evening, status=SessionStatus.HELD, capacity=20), make_crowd(12))

    march = release(MARCH)

    assert value(march, "T7", "seats") == 10


def test_release_month_leaves_out_drafts() -> None:
    hold(make_event(status=EventStatus.DRAFT), date(2026, 3, 5))

    march = release(MARCH)

    assert value(march, "delivery", "planned") == 0


def test_release_month_publishes_nothing_about_discreet_sessions() -> None:
    event = make_event(slug="discreet", is_discreet=True)
    session = hold(event, date(2026, 3, 5))
    register(session, make_crowd(40))
    waited(session, make_crowd(30))

    march = release(MARCH)

    assert set(march.cells.values_list("row", flat=True)) == {""}
    assert value(march, "delivery", "planned") == 0
    assert value(march, "T7", "seats") is None
    assert value(march, "T6", "waitlisted") is None


def test_release_month_publishes_discreet_activities_once_a_year() -> None:
    for slug in ("discreet-one", "discreet-two"):
        register(hold(make_event(slug=slug, is_discreet=True), date(2026, 3, 5)), make_crowd(12))

    august = release(date(2026, 8, 1))

    assert value(august, "T7-support", "seats") == 25
    assert value(august, "T7-support", "people") == 25
    assert value(august, "T7", "people", period="2025-2026") is None
    assert not august.cells.filter(row__startswith="discreet").exists()


def test_release_month_of_february_publishes_reach_of_the_half_year() -> None:
    unit = make_unit("me")
    count_heads(unit, 190)
    count_heads(unit, 230, day=date(2025, 12, 1))
    register(hold(make_event(), date(2025, 10, 1)), make_crowd(33, unit))
    register(hold(make_event(), date(2026, 2, 3)), make_crowd(2, unit))
    register(hold(make_event(), date(2025, 8, 31)), make_crowd(50, unit))

    february = release(FEBRUARY)

    assert value(february, "T5", "people", row="me", period="2025-2026-H1") == 35
    assert value(february, "headcount", "headcount", row="me", column="2025-10-01") == 190


def test_release_month_uses_the_first_head_count_when_there_is_none_by_october() -> None:
    count_heads(make_unit("me"), 230, day=date(2025, 12, 1))

    february = release(FEBRUARY)

    assert value(february, "headcount", "headcount", row="me", column="2025-12-01") == 230


def test_release_month_counts_guests_apart_from_units() -> None:
    unit = make_unit("me")
    count_heads(unit, 190)
    session = hold(make_event(), date(2025, 10, 1))
    register(session, make_crowd(12, unit, audience=Audience.GUEST))
    register(session, make_crowd(18, unit))

    february = release(FEBRUARY)

    assert value(february, "T5", "people", row="me") == 20
    assert value(february, "T5", "people", row=":guests") == 10


def test_release_month_adds_up_the_answers_of_the_surveys_that_closed_in_the_quarter() -> None:
    event = make_event(slug="mindlab")
    make_block(hold(event, date(2026, 3, 5)), date(2026, 3, 19), agree=12)
    make_block(hold(event, date(2026, 5, 10)), date(2026, 5, 24), agree=4, disagree=4)
    make_block(hold(event, date(2026, 5, 28)), date(2026, 6, 11), agree=30)
    make_block(hold(make_event(is_discreet=True), date(2026, 4, 1)), date(2026, 4, 15), agree=50)

    may = release(MAY)

    assert value(may, "feedback", "answers", row="mindlab", column="advise") == 20
    assert value(may, "feedback", "favourable", row="mindlab", column="advise") == 80
    assert value(may, "feedback", "favourable", row="", column="advise") == 80


def test_release_month_publishes_no_answers_before_the_quarter_closes() -> None:
    make_block(hold(make_event(), date(2026, 3, 5)), date(2026, 3, 19), agree=12)

    march = release(MARCH)

    assert not march.cells.filter(table="feedback").exists()


def test_release_month_refuses_while_surveys_are_not_counted() -> None:
    session = hold(make_event(), date(2026, 5, 5))
    Survey.objects.create(session_key=session.key, closes_on=date(2026, 5, 31), state=SurveyState.OPEN)

    with pytest.raises(UnableToRelease) as refusal:
        release(MAY)

    assert refusal.value.code == "answers-not-counted"
    assert not Release.objects.exists()


def test_release_month_does_not_wait_for_surveys_of_the_next_quarter() -> None:
    session = hold(make_event(), date(2026, 5, 28))
    Survey.objects.create(session_key=session.key, closes_on=date(2026, 6, 11), state=SurveyState.OPEN)

    assert release(MAY).cells.filter(table="feedback").count() == 0


@pytest.mark.parametrize("now", [datetime(2026, 3, 15, tzinfo=UTC), datetime(2026, 4, 15, 21, 59, tzinfo=UTC)])
def test_release_month_refuses_before_the_tenth_working_day(now: datetime) -> None:
    make_march()

    with pytest.raises(UnableToRelease) as refusal:
        release(MARCH, now=now)

    assert refusal.value.code == "not-closed-yet"
    assert not Release.objects.exists()
    assert not PublishedCell.objects.exists()


def test_release_month_is_allowed_on_the_tenth_working_day() -> None:
    released = release(MARCH, now=datetime(2026, 4, 15, 22, 1, tzinfo=UTC))

    assert released.month == MARCH


def test_release_month_refuses_a_second_time_and_changes_nothing() -> None:
    _event, first, _second = make_march()
    march = release(MARCH)
    cells = list(march.cells.values())
    register(first, make_crowd(30))

    with pytest.raises(UnableToRelease) as refusal:
        release(MARCH)

    assert refusal.value.code == "already-released"
    assert list(march.cells.values()) == cells


def test_release_month_accepts_a_forgotten_month_after_a_later_one() -> None:
    make_march()
    march = release(MARCH)
    cells = list(march.cells.values())

    february = release_month(month=date(2026, 2, 17), now=LONG_AFTER)

    assert february.month == FEBRUARY
    assert list(march.cells.values()) == cells


def test_release_month_never_changes_an_earlier_release() -> None:
    _event, first, second = make_march()
    march = release(MARCH)
    cells = list(march.cells.values())
    register(first, make_crowd(25))
    second.delete()

    april = release(date(2026, 4, 1))

    assert april.digest != march.digest
    assert list(march.cells.values()) == cells
    assert digest_of(march.cells.all()) == march.digest


def test_release_month_gives_the_same_digest_for_the_same_facts() -> None:
    make_march()
    first = release(MARCH)
    digest, cells = first.digest, list(first.cells.all())

    assert digest == digest_of(reversed(cells)) == digest_of(cells)
    cells[3].value, cells[3].status = 1235, CellStatus.PUBLISHED
    assert digest != digest_of(cells)


def test_release_month_reads_no_name_and_no_address() -> None:
    make_march()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        release(MARCH)

    assert not [
        query["sql"] for query in queries if '"email"' in query["sql"] or '"accounts_user"."name"' in query["sql"]
    ]


def test_release_month_takes_the_same_queries_for_any_number_of_people() -> None:
    session = hold(make_event(), date(2026, 3, 5))
    register(session, make_crowd(1))
    with CaptureQueriesContext(connection) as few:
        release(MARCH)
    other = hold(make_event(), date(2026, 4, 7))
    register(other, make_crowd(60))

    with CaptureQueriesContext(connection) as many:
        release(date(2026, 4, 1))

    assert len(many) == len(few)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_release_month_in_parallel_releases_once() -> None:
    make_march()
    is_written, may_commit = Event(), Event()

    def be_first() -> None:
        with transaction.atomic():
            Release.objects.create(month=MARCH, released_at=LONG_AFTER, digest="first")
            is_written.set()
            may_commit.wait(10)
        connection.close()

    def let_go_once_the_second_one_waits() -> None:
        with connection.cursor() as cursor:
            deadline = monotonic() + 10
            while not _somebody_waits(cursor) and monotonic() < deadline:
                sleep(0.01)
        may_commit.set()
        connection.close()

    with ThreadPoolExecutor(2) as others:
        first = others.submit(be_first)
        is_written.wait(10)
        watch = others.submit(let_go_once_the_second_one_waits)
        with pytest.raises(UnableToRelease) as refusal:
            release(MARCH)
        first.result()
        watch.result()

    assert refusal.value.code == "already-released"
    assert Release.objects.get().digest == "first"
    assert not PublishedCell.objects.exists()


def test_str_of_releases_and_cells() -> None:
    march = release(MARCH)

    assert str(march) == "2026-03"
    assert str(march.cells.get(table="T7", measure="seats")) == "T7 2026-03  seats"


def _somebody_waits(cursor: CursorWrapper) -> bool:
    cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    return bool(cursor.fetchone()[0])
