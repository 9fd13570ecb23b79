from __future__ import annotations

from datetime import timedelta

import pytest

from registrations.enums import Action, Source, Status
from registrations.models import Registration, RegistrationLog
from registrations.templatetags.waiting import answer_before, at_session, happened, inviter
from tests.factories import NOW, make_session


def entry(action, *, status=Status.CONFIRMED, actor_id=1):
    return RegistrationLog(action=action, status=status, actor_id=actor_id)


@pytest.mark.parametrize("action", Action)
def test_everything_that_can_happen_is_told(action):
    said = happened(entry(action), Registration())

    assert said.endswith(".")
    assert said != action.label


def test_an_invitation_names_the_colleague_as_long_as_there_is_one():
    registration = Registration(source=Source.COLLEAGUE)

    assert happened(entry(Action.OFFERED), registration) == "A colleague invited you, and a seat was held for you."
    assert inviter(registration) == "A colleague"


def test_a_date_that_was_added_for_somebody_is_told_as_such():
    assert "added to those you wait for" in happened(entry(Action.WAITLISTED, actor_id=None), Registration())


def test_a_yes_without_a_seat_is_told_as_such():
    assert "No seat was free" in happened(entry(Action.APPROVED, status=Status.WAITLISTED), Registration())


@pytest.mark.django_db
def test_moments_are_by_the_clock_of_the_session():
    session = make_session(timezone="America/New_York")
    registration = Registration(session=session, offer_expires_at=NOW + timedelta(hours=5))

    assert at_session(NOW, session) == "Monday 2 March, 04:00 (New York time, UTC-5)"
    assert answer_before(registration) == "Monday 2 March, 09:00 (New York time, UTC-5)"
    assert not answer_before(Registration(session=session))
