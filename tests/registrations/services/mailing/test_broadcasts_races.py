"""Two clicks at once, on PostgreSQL; each beside a negative control without the lock."""

from __future__ import annotations

import uuid
from functools import partial

import pytest

from events.services.refusals import UnableToChange
from project.outbox.models import Message
from registrations.enums import Status
from registrations.models import Notice
from tests.factories import make_organizer, make_session
from tests.registrations.support.mails import make_claim
from tests.registrations.support.notices import send
from tests.registrations.support.races import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql,
    pytest.mark.usefixtures("in_step"),
]


def clicks(*, key=None):
    session, actor = make_session(), make_organizer()
    make_claim(Status.CONFIRMED, session=session)
    return at_once(*[partial(send, session, key=key or uuid.uuid4(), actor=actor) for _ in range(4)])


def test_a_double_click_sends_once():
    answers = clicks(key=uuid.uuid4())

    assert len({answer.pk for answer in answers}) == 1
    assert (Notice.objects.count(), Message.objects.count()) == (1, 1)


def test_two_tabs_send_the_same_once():
    answers = clicks()

    refusals = [answer.code for answer in answers if isinstance(answer, UnableToChange)]
    assert refusals == ["just-sent"] * 3
    assert (Notice.objects.count(), Message.objects.count()) == (1, 1)


def test_without_the_lock_two_tabs_send_it_twice(without_the_lock):
    clicks()

    assert Notice.objects.count() > 1
