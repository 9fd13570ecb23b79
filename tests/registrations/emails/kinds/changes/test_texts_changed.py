"""The mail about other words for a session."""

from __future__ import annotations

import pytest

from registrations.enums import Status
from tests.factories import make_event, make_session
from tests.registrations.support.mails import html_of, make_claim, tell, text_of

pytestmark = pytest.mark.django_db


def test_the_new_words_stand_in_the_mail(post):
    claim = make_claim(Status.CONFIRMED, session=make_session(event=make_event(summary_en="Bring a story.")))
    tell(claim, "texts-changed")

    [mail] = post()

    assert mail["Subject"] == f"New text: {claim.session.title}, 12 March"
    for words in (text_of(mail), html_of(mail)):
        assert "Time and place stay the same." in words
        assert "Bring a story." in words


def test_without_a_summary_the_title_stands_before_the_link(post):
    claim = make_claim(Status.CONFIRMED)
    tell(claim, "texts-changed")

    [mail] = post()

    assert f"{claim.session.event.title} What to expect: http://testserver/sessions/" in text_of(mail)
