from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from celery.app import app_or_default
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import TestCase

from events.enums import EventKind, SessionStatus
from events.models import Event, Initiative, Session
from feedback.enums import SurveyState
from feedback.models import Ballot, Survey
from project.accounts.enums import Audience, RoleKind
from project.accounts.models import Headcount, Role, Unit, User
from project.accounts.rules import Rights
from project.dashboard.models import PublishedCell, Release
from project.demo.services import loading, silence
from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from registrations.enums import ATTENDED
from registrations.models import Registration
from tests.factories import NOW as A_MONDAY
from tests.factories import make_person

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
SMALL = 20  # people in the crowd: enough for a waiting list, quick enough for every run


def counts() -> dict[str, int]:
    models: list[Any] = [User, Role, Unit, Headcount, Event, Session, Initiative, Registration, Survey, Ballot, Message]
    return {model.__name__: model.objects.count() for model in [*models, Release, PublishedCell]}


class TestSmallDemo(TestCase):
    """The demo is loaded once for all tests, around a Sunday in November."""

    @classmethod
    def setUpTestData(cls) -> None:
        assert loading.load_demo(crowd=SMALL, seed=7, now=NOW)

    def test_people_are_those_of_the_contract(self) -> None:
        roles = {kind: set(Role.objects.filter(kind=kind).values_list("user__email", flat=True)) for kind in RoleKind}

        assert {person.partition("@")[0] for person in roles[RoleKind.ORGANIZER]} == {"organiser", "organiser-me"}
        assert roles[RoleKind.BOARD] == {"board@demo.example"}
        assert roles[RoleKind.ADMINISTRATOR] == {"admin@demo.example"}
        assert len(roles[RoleKind.COORDINATOR]) == 2
        assert roles[RoleKind.HOST] == {"host@demo.example"}
        assert roles[RoleKind.DOOR] == {"door@demo.example"}
        assert User.objects.get(email="student@demo.example").audience == Audience.STUDENT
        assert User.objects.filter(email__startswith="person00").count() == SMALL
        assert not User.objects.exclude(name__startswith="Demo ").exists()
        assert not User.objects.exclude(email__endswith=".example").exists()

    def test_organizer_of_one_unit_organizes_that_unit_only(self) -> None:
        rights = Rights.from_roles(Role.objects.filter(user__email="organiser-me@demo.example"))

        assert not rights.organizes_everywhere
        assert rights.organized_units == {Unit.objects.get(code="me").pk}

    def test_today_has_a_session_to_check_people_in(self) -> None:
        session = Session.objects.get(starts_at=NOW + timedelta(minutes=25))

        assert set(Role.objects.filter(session_key=session.key).values_list("kind", flat=True)) == {"HOST", "DOOR"}
        assert Registration.objects.holding_a_seat().filter(session=session).exists()

    def test_coming_sessions_are_of_all_kinds_and_open(self) -> None:
        coming = Session.objects.filter(starts_at__gt=NOW)

        assert set(coming.values_list("event__kind", flat=True)) == set(EventKind.values)
        assert set(coming.values_list("status", flat=True)) == {SessionStatus.SCHEDULED}

    def test_the_past_year_has_attendance_and_answers(self) -> None:
        past = Session.objects.filter(ends_at__lt=NOW)

        assert set(past.values_list("status", flat=True)) == {SessionStatus.HELD, SessionStatus.CANCELLED}
        assert past.filter(starts_at__lt=NOW - timedelta(days=365)).exists()
        assert Registration.objects.filter(session__in=past, attendance__in=ATTENDED).count() > 60
        assert Survey.objects.filter(state=SurveyState.COUNTED).exists()
        assert Release.objects.latest("month").month.isoformat() == "2026-10-01"

    def test_mails_of_the_past_are_dropped(self) -> None:
        assert set(Message.objects.values_list("status", flat=True)) == {MessageStatus.DROPPED}
        assert Message.objects.count() > 100

    def test_named_people_have_registrations(self) -> None:
        seats = Registration.objects.filter(session__starts_at__gt=NOW).select_related("attendee")
        own = {seat.attendee.email.partition("@")[0] for seat in seats if not seat.attendee.email.startswith("person")}

        assert own == {"staff", "phd", "manager"}

    def test_loading_again_changes_nothing(self) -> None:
        before = counts()

        assert not loading.load_demo(crowd=SMALL, seed=7, now=NOW + timedelta(days=3))

        assert counts() == before

    def test_an_interrupted_load_continues_around_the_same_moment(self) -> None:
        before = counts()
        Role.objects.filter(kind=RoleKind.ADMINISTRATOR).delete()
        session = Session.objects.get(starts_at=NOW + timedelta(minutes=25))
        Registration.objects.filter(session=session).delete()

        assert loading.load_demo(crowd=SMALL, seed=7, now=NOW + timedelta(hours=3))

        assert counts() == before | {"Message": Message.objects.count()}
        assert set(Message.objects.values_list("status", flat=True)) == {MessageStatus.DROPPED}


@pytest.mark.django_db
def test_load_mails_only_feedback_codes_of_named_people() -> None:
    loading.load_demo(crowd=0, now=NOW)

    addresses = {message.to[0].partition("@")[0] for message in mail.outbox}
    assert addresses == {"student", "staff", "phd", "manager"}
    assert Ballot.objects.count() == 4


@pytest.mark.slow
@pytest.mark.django_db
def test_load_of_the_default_size_has_a_full_session_with_a_queue() -> None:
    loading.load_demo(now=NOW)

    waiting = Registration.objects.waiting().filter(session__starts_at__gt=NOW).select_related("session")
    assert {place.session.event.slug for place in waiting} == {"active-bystander"}
    assert waiting.filter(attendee__email="phd@demo.example").exists()
    assert PublishedCell.objects.filter(table="T5", status="P").count() >= 9


@pytest.mark.django_db
def test_command_refuses_outside_the_demo() -> None:
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo")

    assert not User.objects.exists()


@pytest.mark.django_db
def test_command_adds_sessions_and_people(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.DEMO = True
    for _ in range(2):
        call_command("demo", "--sessions", "60", "--people", "3")
    call_command("demo", "--people", "5")

    assert Session.objects.filter(event__slug__startswith="more-").count() == 60
    assert User.objects.filter(email__startswith="person").count() == 5
    assert [line.split()[-1] for line in capsys.readouterr().out.splitlines()] == ["loaded.", "already.", "already."]


def test_no_worker_is_called_restores_the_broker() -> None:
    before = app_or_default()

    with silence.no_worker_is_called():
        assert app_or_default() is not before

    assert app_or_default() is before


@pytest.mark.django_db
def test_drop_mails_leaves_later_mails() -> None:
    person = make_person()
    for minutes in (0, 1):
        moment = A_MONDAY + timedelta(minutes=minutes)
        Message.objects.create(kind="x", recipient=person, created_at=moment, due_at=moment)

    silence.drop_mails(until=A_MONDAY)

    assert list(Message.objects.order_by("pk").values_list("status", flat=True)) == ["DROPPED", "PENDING"]
