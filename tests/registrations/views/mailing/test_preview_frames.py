"""A mail on a page: in a frame that can show it and do nothing else."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories import make_event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

KIND = "registration-confirmed"


def page(event, name="organize_words", kind=KIND, *more):
    arguments = [event.slug] if name == "organize_mails" else [event.slug, kind, *more]
    return reverse(f"registrations:{name}", args=arguments)


def test_the_frame_can_do_nothing_but_show(client, organizer):
    response = client.get(page(make_event(), "organize_words_shown", KIND, "nl"))

    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script" not in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in response["Cache-Control"]
    assert client.get(page(make_event(), "organize_words_shown", KIND, "de")).status_code == 404
