"""The mail about a request that an organiser decides about."""

from __future__ import annotations

import pytest

from registrations.enums import Status
from tests.registrations.support.mails import calendar_of, html_of, make_claim, tell, text_of

pytestmark = pytest.mark.django_db


def test_a_request_promises_no_seat(post):
    request = make_claim(Status.REQUESTED)
    tell(request, "registration-requested")

    [mail] = post()

    assert mail["Subject"] == f"We have your request: {request.session.title}, 12 March"
    assert "An organiser reads your request, and we email you the answer." in text_of(mail)
    assert "no seat is yours and nothing is in your calendar" in html_of(mail)
    assert calendar_of(mail) is None


@pytest.mark.parametrize("status", [Status.CONFIRMED, Status.WAITLISTED, Status.CANCELLED])
def test_a_request_that_was_decided_is_not_confirmed_any_more(post, status):
    tell(make_claim(status), "registration-requested")

    assert post() == []
