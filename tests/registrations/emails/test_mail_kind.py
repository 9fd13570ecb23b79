"""What every kind of mail about a registration keeps to."""

from __future__ import annotations

import pytest

from registrations.emails.kinds import SEAT_MAILS
from registrations.emails.mail_kind import BOOKING_CHANGED, HAS_CHANGED, Texts

TELLING = ("%(title)s", "%(event)s", "%(inviter)s", "%(date)s")


def test_texts_are_discreet_unless_told_otherwise():
    texts = Texts(subject="Changed: %(title)s", news="%(title)s is elsewhere.")

    assert (texts.discreet_subject, texts.discreet_news) == (BOOKING_CHANGED, HAS_CHANGED)


@pytest.mark.parametrize("kind", SEAT_MAILS.values(), ids=lambda kind: kind.name)
def test_discreet_texts_tell_nothing_but_the_reference(kind):
    texts = kind.texts

    assert "%(reference)s" in texts.discreet_subject
    assert not [name for name in TELLING if name in texts.discreet_subject + texts.discreet_news]
