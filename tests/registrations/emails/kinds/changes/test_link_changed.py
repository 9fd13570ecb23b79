"""The mail about another link to join a session."""

from __future__ import annotations

import pytest

from registrations.enums import Status
from tests.factories import make_session
from tests.registrations.support.mails import html_of, make_claim, tell, text_of

pytestmark = pytest.mark.django_db


def test_the_new_link_stands_in_the_mail(post):
    claim = make_claim(Status.CONFIRMED, session=make_session(join_url="https://meet.example.org/new"))
    tell(claim, "link-changed")

    [mail] = post()

    assert mail["Subject"] == f"Changed: {claim.session.title}, 12 March"
    for words in (text_of(mail), html_of(mail)):
        assert f"There is a new link to join {claim.session.title} online." in words
        assert "https://meet.example.org/new" in words
