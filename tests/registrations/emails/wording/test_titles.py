"""A mail stands alone: it says what the session is part of, in which language it is, and the zone where that is not
plain.
"""

from __future__ import annotations

import pytest

from events.enums import SeatScope
from events.models import Round
from registrations.services.attending import booking
from tests.factories import NOW, make_event, make_person, make_session
from tests.registrations.support.mails import html_of, text_of

pytestmark = pytest.mark.django_db


def make_part(**round_texts):
    event = make_event(seat_scope=SeatScope.ROUND, title_en="Work conference", title_nl="Werkconferentie")
    round_ = Round.objects.create(event=event, number=2, **round_texts)
    return make_session(event=event, round=round_, title_en="Listening", title_nl="Luisteren", language="nl")


def sign_up(session, **person):
    return booking.sign_up(session_key=session.key, attendee=make_person(**person), now=NOW)


@pytest.mark.parametrize(
    ("language", "title", "spoken"),
    [
        ("en", "Listening (Work conference, round 2)", "Language: Dutch"),
        ("nl", "Luisteren (Werkconferentie, ronde 2)", "Taal: Nederlands"),
    ],
)
def test_a_mail_about_a_part_names_the_conference_the_round_and_the_language(post, language, title, spoken):
    sign_up(make_part(), language=language)

    [mail] = post()

    assert title in mail["Subject"]
    for words in (text_of(mail), html_of(mail)):
        assert title in words
        assert spoken in words


def test_a_round_with_a_title_is_called_by_it():
    assert make_part(title_en="After lunch").full_title == "Listening (Work conference, After lunch)"
