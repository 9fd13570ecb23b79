"""The mail to somebody under whose name another person was let in."""

from __future__ import annotations

import pytest

from registrations.enums import Status
from tests.registrations.support.mails import SECRET, make_claim, make_secret_session, tell, text_of

pytestmark = pytest.mark.django_db


def test_it_says_that_all_is_as_it_was(post):
    claim = make_claim(Status.CANCELLED)
    tell(claim, "door-mistake")

    [mail] = post()

    assert (
        f"At the door of {claim.session.title} somebody else was checked in as you by mistake. We have undone it"
        in text_of(mail)
    )
    assert "out of your calendar" not in text_of(mail)


def test_a_discreet_one_names_no_door(post):
    tell(make_claim(Status.CANCELLED, session=make_secret_session()), "door-mistake")

    [mail] = post()

    assert "At the door somebody else was checked in as you by mistake." in text_of(mail)
    assert SECRET not in text_of(mail)
