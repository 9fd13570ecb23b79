"""The mail about a seat that somebody took."""

from __future__ import annotations

import pytest

from registrations.enums import Status
from tests.factories import make_event, make_session
from tests.registrations.support.mails import html_of, make_claim, tell, text_of

pytestmark = pytest.mark.django_db


def test_it_warns_of_what_may_touch_people(post):
    claim = make_claim(Status.CONFIRMED, session=make_session(event=make_event(content_note_en="There is shouting.")))
    tell(claim, "registration-confirmed")

    [mail] = post()

    assert "Good to know: There is shouting." in text_of(mail)
    assert "<strong>Good to know:</strong> There is shouting." in html_of(mail)


def test_a_short_one_leaves_out_what_the_summary_says(post):
    """Of many seats taken at once each has a short mail of its own (specs/calendar.md 3.10)."""
    claim = make_claim(Status.CONFIRMED, session=make_session(event=make_event(content_note_en="There is shouting.")))
    tell(claim, "registration-confirmed", is_brief=True)

    [mail] = post()

    assert "There is shouting." not in text_of(mail)
    assert "Give it back" not in text_of(mail)
