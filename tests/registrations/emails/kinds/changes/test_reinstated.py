"""The mail about a session that takes place after all."""

from __future__ import annotations

import pytest

from registrations.enums import Status
from tests.registrations.support.mails import make_claim, tell, text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.CONFIRMED, "Your seat is yours again."),
        (Status.WAITLISTED, "You are on the waiting list again, where you were."),
        (Status.REQUESTED, "so your request for a seat stands again."),
    ],
)
def test_it_says_what_is_theirs_again(post, status, words):
    claim = make_claim(status)
    tell(claim, "session-reinstated", status=status)

    [mail] = post()

    assert mail["Subject"] == f"It takes place after all: {claim.session.title}, 12 March"
    assert words in text_of(mail)


def test_people_who_were_told_of_something_newer_do_not_hear_it(post):
    tell(make_claim(Status.CONFIRMED), "session-reinstated", status=Status.WAITLISTED)

    assert post() == []
