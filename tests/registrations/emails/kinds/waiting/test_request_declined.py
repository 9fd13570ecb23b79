"""The mail about a request that was turned down."""

from __future__ import annotations

import pytest

from registrations.enums import Status
from tests.registrations.support.mails import html_of, make_claim, tell, text_of, words_of

pytestmark = pytest.mark.django_db


def test_a_refusal_gives_the_reason(post):
    refused = make_claim(Status.CANCELLED)
    tell(refused, "request-declined", reason="This date is for <new> colleagues.")

    [mail] = post()

    assert "We’re sorry" in text_of(mail)
    assert "The organiser writes: This date is for <new> colleagues." in text_of(mail)
    assert "<strong>The organiser writes:</strong> This date is for &lt;new&gt; colleagues." in html_of(mail)
    assert "See other dates" in text_of(mail)


def test_a_refusal_without_a_reason_quotes_nobody(post):
    tell(make_claim(Status.CANCELLED), "request-declined")

    [mail] = post()

    assert "The organiser writes" not in words_of(mail)
